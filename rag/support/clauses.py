"""A claim → its clauses, and how much of each the passage has words for.

A clause that begins with «and», «but», «then» says something of its own: where the passage has words for the
rest of the claim and none for that one, the claim is borne out in part. Word overlap says no more than that: a
paraphrase has half of the passage's words, and so has a false claim.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from embeddings import in_english
from rag.support.irregular_verbs import english_stems
from rag.support.told import Told
from rag.words import content_stems

__all__ = ["Clause", "clauses", "coverage", "without_clause"]

# A clause says something with so many content words; what is shorter belongs to the one before it.
LEAST_STEMS = 3
# Share of a clause's stems that the passage may have for it to count as unborne, and must have of the rest.
UNBORNE = 0.2
BORNE = 0.5

_JOINT = re.compile(
    r"[,;:]?\s+(?P<joint>and|but|then|while|whereas|where|who|which|after|before|because|so that|"
    r"et|mais|puis|tandis que|alors que|pendant que|où|qui|après|avant|parce que|car|dont)\s+(?=\S)"
    r"|,?\s+d['’](?P<whence>où)\s+|(?P<mark>[;:])\s+|,\s+",
    re.IGNORECASE,
)
_COORDINATE = frozenset({"and", "but", "then", "where", "et", "mais", "puis", "où", ";"})


@dataclass(frozen=True, slots=True)
class Clause:
    """`text[start:end]` of the claim; `is_coordinate` where an «and» or its like opens it."""

    start: int
    end: int
    stems: frozenset[str]
    own_stems: frozenset[str]
    is_coordinate: bool


def clauses(claim: Told) -> list[Clause]:
    """The clauses of a claim in order; at least one."""
    bounds = [(0, False)]
    ends = []
    for match in _JOINT.finditer(claim.text):
        joint = match["joint"] or match["whence"] or match["mark"] or ""
        ends.append(match.start())
        bounds.append((match.end(), joint.lower() in _COORDINATE))
    ends.append(len(claim.text))
    pieces = [(start, end, is_new) for (start, is_new), end in zip(bounds, ends, strict=True)]
    merged: list[Clause] = []
    for start, end, is_new in pieces:
        piece = _clause(claim, start, end, is_new)
        if merged and (len(piece.stems) < LEAST_STEMS or len(merged[-1].stems) < LEAST_STEMS):
            first = merged.pop()
            piece = _clause(claim, first.start, end, first.is_coordinate)
        merged.append(piece)
    return merged


def _clause(claim: Told, start: int, end: int, is_coordinate: bool) -> Clause:
    text = claim.text[start:end]
    english = frozenset(english_stems(in_english(text, claim.language)))
    return Clause(start, end, english, frozenset(content_stems(text, claim.language)), is_coordinate)


def coverage(parts: Sequence[Clause], claim: Told, told: Told, given: frozenset[str] = frozenset()) -> float:
    """The share, from 0 to 1, of the clauses' stems that the passage has; in their own language or in English.

    `given` are stems that count as there, in whatever form the passage has them.
    """
    shares = [_share(frozenset[str]().union(*(part.stems for part in parts)), told.stem_set | given)]
    if claim.language == told.language == "fr":
        own_stems = frozenset[str]().union(*(part.own_stems for part in parts))
        shares.append(_share(own_stems, told.own_stem_set | given))
    return max(shares)


def without_clause(claim: Told, told: Told) -> str | None:
    """The coordinate clause of the claim that the passage has no words for, though it has for the rest."""
    parts = clauses(claim)
    for place, part in enumerate(parts):
        rest = parts[:place] + parts[place + 1 :]
        is_new = place and part.is_coordinate and not _has_figure(part, claim)
        if is_new and coverage([part], claim, told) <= UNBORNE and coverage(rest, claim, told) >= BORNE:
            return claim.text[part.start : part.end].strip(" .,;")
    return None


def _has_figure(part: Clause, claim: Told) -> bool:
    """A clause with a figure is not unborne by its words alone: the figures are compared by themselves."""
    return any(part.start <= figure.start < part.end for figure in claim.figures)


def _share(stems: frozenset[str], known: frozenset[str]) -> float:
    return len(stems & known) / len(stems) if stems else 0.0

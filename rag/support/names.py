"""The names of a claim → those that the passage does not give, in this form or another, in either language.

A name is there when its last word is, or most of its words are: as written, in the gloss, as the initials of a
longer name, under another name of the same body (`rag.support.same_names`), or spelt nearly alike («Colombie»,
«Colombia»). A person's first name that the passage gives otherwise is missed too.
"""

from __future__ import annotations

import re
from difflib import SequenceMatcher
from functools import lru_cache

from embeddings import in_english, is_ordinary_word
from rag.support.irregular_verbs import english_stems
from rag.support.same_names import known_bodies
from rag.support.told import Told
from rag.words import content_stems, fold, is_content, names, stem, words

__all__ = ["claimed_names", "is_told_name", "missing_names", "name_stems"]

# Two spellings are one name when they begin with so many same letters and are alike by so much of difflib's
# ratio: «Colombie» and «Colombia» .88, «Zelensky» and «Zelenski» .88, «Austria» and «Australia» in the table.
ALIKE_LETTERS = 3
ALIKE = 0.8
LEAST_LETTERS = 5
LONGEST_INITIALS = 6
TITLES = frozenset(
    "mr mrs ms miss dr m mme mlle me pr prof sir lord lady dame saint st ste president presidente prime minister "
    "ministre chancellor chanceliere chancelier senator sen senateur senatrice rep secretary secretaire general "
    "gen colonel captain capitaine king queen roi reine prince princess princesse pope pape judge juge justice "
    "mayor maire chief coach manager linesman referee detective inspector officer sergeant professor professeur "
    "docteur doctor monsieur madame".split()
)
_ENDING = "(?:s|e|es|n|ns|ne|nes|x)?"


def claimed_names(claim: Told) -> list[str]:
    """The names of a claim, one that opens it included where its first word is no ordinary one; no dates."""
    found = names(claim.text, claim.language)
    opening = words(claim.text)[:1]
    if opening and opening[0].is_capitalised and not any(name.startswith(opening[0].surface) for name in found):
        word = opening[0].surface
        is_name = bool(known_bodies(word)) or not is_ordinary_word(word)
        if len(word) > 1 and is_content(word, claim.language) and is_name:
            found.insert(0, word)
    figures = [claim.text[figure.start : figure.end] for figure in claim.figures]
    return [name for name in found if not any(name in figure for figure in figures)]


def name_stems(claim: Told) -> frozenset[str]:
    """The stems of the claim's names, in its own language and in English."""
    found = claimed_names(claim)
    own = [stem for name in found for stem in content_stems(name, claim.language)]
    return frozenset((*own, *(stem for name in found for stem in english_stems(name))))


def missing_names(claim: Told, told: Told) -> list[str]:
    """The names of the claim that the passage lacks, as the claim writes them."""
    return [
        name
        for name in claimed_names(claim)
        if not is_told_name(name, claim.language, told) and not _is_told_body(name, claim, told)
    ]


def _is_told_body(name: str, claim: Told, told: Told) -> bool:
    """«Union» in «Union européenne», which French writes with one capital."""
    at = claim.text.find(name)
    behind = [word.surface for word in words(claim.text[at + len(name) :])[:2]]
    for length in (2, 1):
        whole = " ".join([name, *behind[:length]])
        if any(len(written.split()) > len(name.split()) for written in known_bodies(whole).values()):
            return any(rows & _told_rows(told) for rows in known_bodies(whole))
    return False


def is_told_name(name: str, language: str, told: Told) -> bool:
    """Whether the passage, or its article's title, gives the name in some form."""
    parts = _parts(name, language)
    if name.replace(".", "").isupper() and len(parts) == 1 and len(parts[0]) <= LONGEST_INITIALS:
        return _are_told_initials(name, parts, told)
    if not parts or re.search(rf"\b{' '.join(map(re.escape, parts))}\b", told.folded):
        return not parts or not _has_another_first_name(parts, told)
    bodies = known_bodies(name)
    if bodies and sum(len(written.split()) for written in bodies.values()) >= len(parts):
        told_rows = _told_rows(told)
        return all(rows & told_rows for rows in bodies)
    if _is_initials(name, parts, told):
        return True
    there = [_is_told(part, language, told) for part in parts]
    # A title or a common noun in front of a name («Linesman Calum Spence») does not make it another.
    is_common = told.language != language and all(is_ordinary_word(part) for part in parts)
    if there[-1] or sum(there) * 2 > len(parts) or (is_common and any(there)):
        return not _has_another_first_name(parts, told)
    return False


def _are_told_initials(name: str, parts: list[str], told: Told) -> bool:
    """Initials are only met in capitals: «WHO» is no «who»."""
    if parts[0] in told.capitalised or f"{parts[0]}s" in told.capitalised or _is_initials(name, parts, told):
        return True
    return any(rows & _told_rows(told) for rows in known_bodies(name))


def _parts(name: str, language: str) -> list[str]:
    """The content words of a name, folded, without a possessive or initials' full stops."""
    return [
        fold(word.surface.replace(".", "")) for word in words(name)
        if is_content(word.surface, language) and word.surface not in ("s", "S")
    ]  # fmt: skip


def _told_rows(told: Told) -> frozenset[int]:
    return _rows(told.title + "\n" + told.text)


@lru_cache(maxsize=256)
def _rows(text: str) -> frozenset[int]:
    return frozenset().union(*known_bodies(text))


def _is_told(part: str, language: str, told: Told) -> bool:
    if len(part) <= 3:
        return part in told.capitalised or f"{part}s" in told.capitalised
    if (rows := _rows(part)) and rows & _told_rows(told):
        return True
    if re.search(rf"\b{re.escape(part)}{_ENDING}\b", told.folded):
        return True
    glossed = fold(in_english(part, "fr")) if language == "fr" else part
    if told.language != language and _is_in_gloss(glossed, told):
        return True
    return any(_is_alike(part, other) for other in told.capitalised)


def _is_in_gloss(part: str, told: Told) -> bool:
    stems = {stem(word.surface, "en") for word in words(told.folded_gloss)}
    return all(stem(word.surface, "en") in stems for word in words(part))


@lru_cache(maxsize=20_000)
def _is_alike(one: str, other: str) -> bool:
    """Two spellings of one name: «France» and «French», «Chine» and «Chinese», not «Iran» and «Iraq»."""
    shorter = min(len(one), len(other))
    if shorter < LEAST_LETTERS or one[:ALIKE_LETTERS] != other[:ALIKE_LETTERS] or _are_two_bodies(one, other):
        return False
    if one[: shorter - 1] == other[: shorter - 1]:
        return True
    return SequenceMatcher(None, one, other, autojunk=False).ratio() >= ALIKE


def _are_two_bodies(one: str, other: str) -> bool:
    rows, other_rows = _rows(one), _rows(other)
    return bool(rows and other_rows) and not rows & other_rows


def _is_initials(name: str, parts: list[str], told: Told) -> bool:
    """«NHS» for a «National Health Service» of the passage, or the other way round."""
    letters = name.replace(".", "")
    runs = [_parts(run, told.language) for run in names(f"{told.title}\n{told.text}", told.language)]
    if letters.isupper() and 2 <= len(letters) <= LONGEST_INITIALS:
        return any(fold(letters) in "".join(part[0] for part in run) for run in runs if len(run) >= len(letters))
    initials = "".join(part[0] for part in parts)
    return len(initials) >= 2 and any(
        word.surface.replace(".", "") == initials.upper() for word in words(f"{told.title}\n{told.text}")
    )


def _has_another_first_name(parts: list[str], told: Told) -> bool:
    """Whether a person's last name is there, but behind other first names only."""
    if len(parts) != 2 or parts[0] in TITLES or len(parts[0]) < 3 or len(parts[1]) < 3:
        return False
    first, last = parts
    if re.search(rf"\b{re.escape(first)}\b", told.folded) or is_ordinary_word(first) or is_ordinary_word(last):
        return False
    surfaces = [word.surface for word in words(f"{told.title}\n{told.text}")]
    before = [
        surfaces[at - 1] if at else ""
        for at, surface in enumerate(surfaces) if fold(surface) == last
    ]  # fmt: skip
    return bool(before) and all(
        word[:1].isupper() and fold(word) not in TITLES and not is_ordinary_word(word) for word in before
    )

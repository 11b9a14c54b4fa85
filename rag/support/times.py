"""Times told from today («next spring», «l'an prochain») → those that a claim has and its passage lacks.

They are figures as a date is, but without a worth: what counts is the unit, and a passage that gives a date can
mean the same time by it, so there nothing is missed.
"""

from __future__ import annotations

import re

from rag.support.told import Told
from rag.words import fold_in_place

__all__ = ["missing_times"]

_UNIT = r"week|month|year|season|semaine|mois|an|annee|saison|decennie|decade"
_NEXT = r"next|coming|following|prochaine?|suivante?"
_LAST = r"last|past|previous|derniere?|passee?|precedente?"
_TIMES = (
    re.compile(rf"\b(?:(?:{_NEXT}) (?P<unit>{_UNIT})|(?P<unit_fr>{_UNIT})s? (?:{_NEXT}))\b"),
    re.compile(rf"\b(?:(?:{_LAST}) (?P<unit>{_UNIT})|(?P<unit_fr>{_UNIT})s? (?:{_LAST}))\b"),
    re.compile(
        r"\b(?:(?:in|this|next|last|late|early|of|the|since|by) (?P<unit>spring|summer|autumn|winter)|"
        r"(?:le|l'|cet|au|en|du|cette|de l'|d') ?(?P<unit_fr>printemps|ete|automne|hiver))\b"
    ),
    re.compile(r"\b(?:tomorrow|demain)\b"),
    re.compile(r"\b(?:yesterday|hier|last night|overnight)\b"),
)
_SAME_UNIT = {
    "semaine": "week", "mois": "month", "an": "year", "annee": "year", "saison": "season", "printemps": "spring",
    "ete": "summer", "automne": "autumn", "hiver": "winter", "decennie": "decade",
}  # fmt: skip


def missing_times(claim: Told, told: Told) -> list[str]:
    """The times that the claim tells from today and the passage neither so nor by a date, as the claim writes them."""
    mine, theirs = (fold_in_place(text).replace("’", "'") for text in (claim.text, told.text))
    has_date = any(figure.kind == "date" for figure in told.figures)
    missing = []
    for pattern in _TIMES:
        given = {_unit(match) for match in pattern.finditer(theirs)}
        for match in pattern.finditer(mine):
            if _unit(match) not in given and not has_date:
                missing.append(claim.text[match.start() : match.end()])
    return missing


def _unit(match: re.Match[str]) -> str:
    groups = match.groupdict()
    unit = groups.get("unit") or groups.get("unit_fr") or ""
    return _SAME_UNIT.get(unit, unit)

"""Text → the quantities in it that have a unit, and the shares that are told in words.

«Half a year» and «six months» are one measure, «a month» and «a year» two, whatever number stands before them;
«two-thirds» and «la moitié des» are figures, rough ones, as per cents are.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from rag.figures import Figure
from rag.words import fold_in_place

__all__ = ["Measure", "find_measures", "find_shares", "same_measure"]

# Two measures are one within so much of the greater: half a year is 182 days, six months 183.
SAME_MEASURE = 0.04
SAME_ROUGH_MEASURE = 0.15

# «The past decade» is one, without an article.
LONG_DAYS = 3_000


_UNITS = {
    "time": {
        "second seconds seconde secondes": 1 / 86_400, "minute minutes": 1 / 1_440, "hour hours heure heures": 1 / 24,
        "day days jour jours journee journees": 1, "week weeks semaine semaines": 7, "fortnight fortnights": 14,
        "month months mois": 30.44, "year years an ans annee annees": 365.25,
        "decade decades decennie decennies": 3_652.5, "century centuries siecle siecles": 36_525,
    },
    "length": {
        "millimetre millimetres millimeter millimeters mm": 0.001,
        "centimetre centimetres centimeter centimeters cm": 0.01, "inch inches pouce pouces": 0.0254,
        "foot feet pied pieds": 0.3048, "yard yards": 0.9144, "metre metres meter meters m": 1,
        "kilometre kilometres kilometer kilometers km": 1000, "mile miles": 1609.3,
    },
    "weight": {
        "gram grams gramme grammes": 0.001, "kilo kilos kg kilogram kilograms kilogramme kilogrammes": 1,
        "lb lbs": 0.4536, "ounce ounces once onces": 0.0283, "tonne tonnes ton tons": 1000,
    },
    "area": {"hectare hectares": 1, "acre acres": 0.4047},
}  # fmt: skip
_UNIT_BY_WORD = {
    word: (dimension, factor) for dimension, units in _UNITS.items() for words, factor in units.items()
    for word in words.split()
}  # fmt: skip
_UNIT_WORD = re.compile(r"\b(?:" + "|".join(sorted(_UNIT_BY_WORD, key=len, reverse=True)) + r")\b")
_ARTICLE_BEFORE = re.compile(r"\b(?P<half>half an?|half|(?:une? )?demi(?:e)?)[ -]$|\b(?:an?|one|une?)[ -]$")
# «A third of them» is a share, «a third goal» none.
_SHARES = {
    "half": 50, "halves": 50, "third": 100 / 3, "thirds": 100 / 3, "quarter": 25, "quarters": 25, "fifth": 20,
    "fifths": 20, "moitie": 50, "tiers": 100 / 3, "quart": 25, "quarts": 25, "cinquieme": 20, "cinquiemes": 20,
}  # fmt: skip
_TIMES = {"two": 2, "deux": 2, "three": 3, "trois": 3, "four": 4, "quatre": 4}
_SHARE = re.compile(
    r"\b(?:(?P<times>two|three|four|deux|trois|quatre)[ -](?P<many>thirds|quarters|fifths|tiers|quarts|cinquiemes)|"
    r"(?:a|one|un|une|la|le)[ -](?P<one>third|quarter|fifth|moitie|tiers|quart|cinquieme) (?=of\b|des?\b|du\b|d')|"
    r"(?P<half>half) (?=of|the|their|its|his|her|all))"
)


@dataclass(frozen=True, slots=True)
class Measure:
    """A quantity with its unit at `text[start:end]`: `worth` in the dimension's base unit, which for time is days."""

    dimension: str
    worth: float
    number: float
    start: int
    end: int
    is_rough: bool


def find_measures(text: str, figures: Sequence[Figure]) -> list[Measure]:
    """The durations, lengths, weights and areas of a text, in order; «a year» is one, by its article."""
    plain = fold_in_place(text).replace("’", "'")
    found = []
    for match in _UNIT_WORD.finditer(plain):
        dimension, factor = _UNIT_BY_WORD[match.group()]
        figure = _figure_before(figures, plain, match.start())
        if figure:
            found.append(
                Measure(
                    dimension,
                    figure.value * factor,
                    figure.value,
                    figure.start,
                    match.end(),
                    figure.is_rough,
                )
            )
        elif dimension == "time" and (article := _ARTICLE_BEFORE.search(plain[: match.start()])):
            number = 0.5 if article["half"] else 1.0
            found.append(Measure(dimension, number * factor, number, article.start(), match.end(), False))
        elif dimension == "time" and factor >= LONG_DAYS:
            found.append(Measure(dimension, factor, 1.0, match.start(), match.end(), True))
    return found


def find_shares(text: str) -> list[Figure]:
    """Shares in words, as per cents that are rough: «two-thirds», «la moitié des»."""
    found = []
    for match in _SHARE.finditer(fold_in_place(text)):
        share = _SHARES[match["many"] or match["one"] or match["half"]] * _TIMES.get(match["times"] or "", 1)
        found.append(Figure("percent", share, match.start(), match.end(), True))
    return found


def same_measure(one: Measure, other: Measure) -> bool:
    allowed = SAME_ROUGH_MEASURE if one.is_rough or other.is_rough else SAME_MEASURE
    is_near = abs(one.worth - other.worth) <= allowed * max(one.worth, other.worth)
    return one.dimension == other.dimension and is_near


def _figure_before(figures: Sequence[Figure], plain: str, at: int) -> Figure | None:
    """The number that a unit belongs to: right before it, one adjective between them at most."""
    for figure in figures:
        if figure.end <= at and figure.kind in ("number", "ordinal") and re.fullmatch(
            r"[ \u00a0\u202f-]*(?:[a-z]+ )?(?:de )?", plain[figure.end : at]
        ):  # fmt: skip
            return figure if figure.kind == "number" else None
    return None

"""A figure in its sentence → the worths that its wording allows: «nearly 50,000», «up to 400», «4,000 to 5,000»."""

from __future__ import annotations

import re

from rag.figures import Figure

__all__ = ["ABOUT", "AT_LEAST", "WIDEST_RANGE", "allowed_worths", "figure_opening", "is_range"]

# What a figure given roughly may be off by, and by how much «more than» and «up to» may be from the truth.
ROUGH = 0.1
OPEN_SIDE = 1.5
# «10 to 400» is no range of one thing.
WIDEST_RANGE = 20

AT_LEAST = r"more than|over|at least|above|plus d[e']|au moins|minimum"
_AT_MOST = r"up to|less than|fewer than|under|as many as|at most|no more than|jusqu'?a|moins d[e']|au plus|maximum"
ABOUT = r"about|around|nearly|almost|roughly|some|close to|approximately|environ|pres de|presque|quelque|autour de"
_ARTICLE = r"(?: (?:of|de|d'|the|les?|la))?"
_BEFORE = re.compile(rf"\b(?:(?P<least>{AT_LEAST})|(?P<most>{_AT_MOST})|(?P<about>{ABOUT})){_ARTICLE}\s*[$£€]?\s*$")
_BETWEEN = re.compile(r"\b(?:between|entre)\s*$")
_TO = re.compile(r"\s*(?:to|a|-|–|or|ou)\s*")
_AND = re.compile(r"\s*(?:and|et)\s*")


def allowed_worths(figure: Figure, plain: str) -> tuple[float, float]:
    """The worths that a figure's wording allows: a round one is taken to be rounded."""
    value = figure.value
    opening = _BEFORE.search(plain[: figure.start])
    if opening and opening["least"]:
        return value, OPEN_SIDE * value
    if opening and opening["most"]:
        return value / OPEN_SIDE, value
    spread = ROUGH * value if opening or figure.is_rough else min(_rounding(value), ROUGH * value)
    return value - spread, value + spread


def _rounding(value: float) -> float:
    """Half of the last place that is not nought: 12,700 may be 12,650 to 12,750."""
    if not value or value != int(value):
        return 0.0
    digits = str(int(value))
    noughts = len(digits) - len(digits.rstrip("0"))
    return float(10**noughts) / 2 if noughts else 0.0


def is_range(plain: str, one: Figure, other: Figure) -> bool:
    between = plain[one.end : other.start]
    return bool(_TO.fullmatch(between) or (_AND.fullmatch(between) and _BETWEEN.search(plain[: one.start])))


def figure_opening(plain: str, start: int) -> int:
    """Where a figure at `start` begins with the words before it that say how it is meant: «up to», «au moins»."""
    opening = _BEFORE.search(plain[:start])
    return opening.start() if opening else start

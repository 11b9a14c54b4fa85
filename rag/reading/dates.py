"""How English and French pages write a date → `datetime.date`, by rules.

Rules and not a date parser: parsers guess at every number they meet, while «03/04/2016» is 3 April in
French and unknowable in English, where it gives no date.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date

__all__ = ["FoundDate", "find_dates", "fold", "parse_date"]

_MONTHS = (
    "january jan janvier janv",
    "february feb fevrier fevr fev",
    "march mar mars",
    "april apr avril avr",
    "may mai",
    "june jun juin",
    "july jul juillet juil",
    "august aug aout",
    "september sept sep septembre",
    "october oct octobre",
    "november nov novembre",
    "december dec decembre",
)
_NUMBER_BY_MONTH = {name: number for number, names in enumerate(_MONTHS, 1) for name in names.split()}

# Spoken or written on the Continent, day first; English pages may be British or American.
_DAY_FIRST_LANGUAGES = frozenset({"fr", "de", "es", "it", "pt", "nl", "pl", "ru"})

# A two-digit year from here on is of the last century: newspapers went online in the nineties.
_FIRST_TWO_DIGIT_YEAR = 70

_MONTH = r"(?:" + "|".join(sorted(_NUMBER_BY_MONTH, key=len, reverse=True)) + r")\b\.?"
_DAY = r"(?:0?[1-9]|[12]\d|3[01])(?!\d)"
_FOUR_DIGITS = r"(?:1[89]\d\d|20\d\d)"
_YEAR = _FOUR_DIGITS + r"(?!\d)"
_WEEKDAY = (
    r"(?:(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?|lundi|mardi|mercredi|jeudi|vendredi|samedi|"
    r"dimanche|lun|mar|mer|jeu|ven|sam|dim)\b\.?,?\s+(?:le\s+)?"
)
# Matched on folded text: lower case, no accents.
_WRITTEN_OUT = re.compile(
    rf"(?:{_WEEKDAY})?(?<![\w./-])"
    rf"(?:(?P<year_first>{_YEAR})[-/.](?P<month>0?[1-9]|1[0-2])[-/.](?P<day_last>{_DAY})(?![.\d/-])"
    rf"|(?P<day>{_DAY})(?:er|st|nd|rd|th)?[\s.-]*(?:of\s+|de\s+)?(?P<name>{_MONTH})[\s,.-]*(?P<year>{_YEAR})"
    rf"|(?P<us_name>{_MONTH})\s*(?P<us_day>{_DAY})(?:st|nd|rd|th)?,?\s+(?P<us_year>{_YEAR})"
    rf"|(?P<first>{_DAY})(?P<mark>[/.-])(?P<second>{_DAY})(?P=mark)(?P<last>{_YEAR}|\d\d(?![\d:h]))(?![.\d/-]))"
)
_RANGE_BEFORE = re.compile(rf"{_DAY}\s*(?:-|–|—|et|and|to|au|&|/)\s*$")
_STAMP = re.compile(rf"({_FOUR_DIGITS})-?(0[1-9]|1[0-2])-?([0-2]\d|3[01])(?:[t ]?\d\d:?\d\d.*)?")


@dataclass(frozen=True, slots=True)
class FoundDate:
    """A date and where it is written, `text[start:end]`."""

    day: date
    start: int
    end: int


def fold(text: str) -> str:
    """`text` in lower case and without accents, each character still at its place."""
    return "".join(unicodedata.normalize("NFD", character.lower())[0] for character in text)


def find_dates(text: str, language: str | None = None) -> list[FoundDate]:
    """The full dates (day, month, year) written in `text`, in order; ranges («7-8 avr. 2004») are none.

    >>> find_dates("Mis à jour le 1er févr. 2016 à 8h", "fr")[0].day
    datetime.date(2016, 2, 1)
    """
    folded = fold(text)
    found = []
    for match in _WRITTEN_OUT.finditer(folded):
        day = _day_of(match, language)
        if day and not _RANGE_BEFORE.search(folded[: match.start()]):
            found.append(FoundDate(day, match.start(), match.end()))
    return found


def parse_date(value: str, language: str | None = None) -> date | None:
    """The day that a metadata value names: a stamp («2016-07-13T18:36:00Z», «20160713») or a written date.

    The day is the one written, in the time zone it is written in.
    """
    stamp = _STAMP.fullmatch(value.strip().lower())
    if stamp:
        return _calendar_day(*map(int, stamp.groups()))
    found = find_dates(value, language)
    return found[0].day if found else None


def _day_of(match: re.Match[str], language: str | None) -> date | None:
    if match["year_first"]:
        return _calendar_day(int(match["year_first"]), int(match["month"]), int(match["day_last"]))
    if match["name"]:
        return _calendar_day(int(match["year"]), _NUMBER_BY_MONTH[match["name"].rstrip(".")], int(match["day"]))
    if match["us_name"]:
        month = _NUMBER_BY_MONTH[match["us_name"].rstrip(".")]
        return _calendar_day(int(match["us_year"]), month, int(match["us_day"]))
    return _numeric_day(match, language)


def _numeric_day(match: re.Match[str], language: str | None) -> date | None:
    first, second, year = int(match["first"]), int(match["second"]), int(match["last"])
    if year < 100:
        year += 1900 if year >= _FIRST_TWO_DIGIT_YEAR else 2000
    if second > 12:
        return _calendar_day(year, first, second)
    is_day_first = language in _DAY_FIRST_LANGUAGES or match["mark"] == "." or first > 12 or first == second
    return _calendar_day(year, second, first) if is_day_first else None


def _calendar_day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None

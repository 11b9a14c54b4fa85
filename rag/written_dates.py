"""A day, and a month, as English and French write them."""

from __future__ import annotations

from datetime import date

__all__ = ["written_date", "written_month"]

_MONTHS = {
    "en": "January February March April May June July August September October November December".split(),
    "fr": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre".split(),
}


def written_date(day: date, language: str) -> str:
    """The day written out; `language` is "en" or "fr".

    Example:
        >>> from datetime import date
        >>> written_date(date(2004, 5, 1), "fr")
        '1er mai 2004'
    """
    number = "1er" if language == "fr" and day.day == 1 else str(day.day)
    return f"{number} {written_month(day, language)}"


def written_month(day: date, language: str) -> str:
    """The day's month and year written out; `language` is "en" or "fr"."""
    return f"{_MONTHS[language][day.month - 1]} {day.year}"

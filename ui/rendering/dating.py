"""Dates become the words a reader of news wants: the day, how long ago that is, and a period of time.

«Today» is always handed in, so that only the faces themselves read the clock.
"""

from __future__ import annotations

from datetime import date, timedelta

from rag.records import Period
from rag.written_dates import written_date, written_month
from ui.rendering.texts import text

__all__ = ["age", "written_period"]


def age(day: date, today: date, language: str) -> str:
    """How long ago a day was, in whole days, months or years; empty for a day yet to come.

    >>> age(date(2017, 9, 14), date(2026, 11, 25), "fr")
    'il y a 9 ans'
    """
    days = (today - day).days
    months = (today.year - day.year) * 12 + today.month - day.month - (today.day < day.day)
    if days < 0:
        return ""
    if days < 2:
        return text("yesterday" if days else "today", language)
    if months < 1:
        return text("days_ago", language, count=days)
    unit, count = ("months", months) if months < 12 else ("years", months // 12)
    return text(f"one_{unit[:-1]}_ago", language) if count == 1 else text(f"{unit}_ago", language, count=count)


def written_period(period: Period, language: str) -> str:
    """A period as briefly as its days allow: a year, a month, a day, or its two ends.

    >>> written_period(Period("in September 2017", date(2017, 9, 1), date(2017, 9, 30)), "en")
    'September 2017'
    """
    first, last = period.since, period.until
    if first is None or last is None:
        known = first or last
        if known is None:
            return period.words
        return text("since_day" if first else "until_day", language, day=written_date(known, language))
    if first == last:
        return written_date(first, language)
    after = last + timedelta(days=1) if last < date.max else last
    if first.day == 1 and after.day == 1:
        if first.month == 1 and after.month == 1:
            return str(first.year) if first.year == last.year else f"{first.year}–{last.year}"
        if (first.year, first.month) == (last.year, last.month):
            return written_month(first, language)
    return f"{written_date(first, language)} – {written_date(last, language)}"

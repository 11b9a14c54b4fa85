"""The time that a question names, in English and French → a `Period`; relative ones reckoned from a day given.

«En avril 2004», «between 2014 and 2016», «since 2015», «avant 2010», «in the 1990s», «hier», «la semaine dernière».
A time told by what happened then («since the Warsaw summit») is left alone: only dates are read. A year that is an
attribute of the thing («the Founding Act of 1997») is read as one all the same, for a period only prefers articles,
and those of the year are likely to be about it.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from rag.number_words import MONTHS, NUMBERS, WEEKDAYS
from rag.records import Period
from rag.words import fold_in_place

__all__ = ["TimePreference", "asks_for_latest", "find_period", "preferences"]

_MONTH = "|".join(sorted(MONTHS, key=len, reverse=True))
_COUNT = "|".join([r"\d{1,3}", *(word for word, value in NUMBERS.items() if 1 <= value <= 20 and word != "a")])
_YEAR = r"(?:1[89]|20)\d\d"
# A day, a month, a season or a year as it is written; each a set of named groups that `_written` reads.
_DATE = (
    rf"(?:(?P<iso>{_YEAR}-\d\d-\d\d)"
    rf"|(?:(?P<day>\d{{1,2}})(?:st|nd|rd|th"
    rf"|er)? (?:of )?)?(?P<month>{_MONTH})\b\.?(?: (?P<day_after>\d{{1,2}})(?:st|nd|rd|th)?\b)?"
    rf"(?:,? (?:of |de )?(?P<year>{_YEAR})\b)"
    rf"|(?P<season>spring|summer|autumn|fall|winter|printemps|ete|automne|hiver)(?: of| de)? (?P<season_year>{_YEAR})"
    rf"|(?P<part>early|mid|late|debut|mi|fin)[ -](?P<part_year>{_YEAR})(?!\d|s\b)"
    rf"|(?P<alone>{_YEAR})(?![\d,.]?\d|s\b|%|-\d| ?(?:euros|dollars|soldiers|troops|people|men|soldats|hommes"
    rf"|personnes|km|miles)\b))"
)
_LATER_DATE = re.sub(r"\?P<(\w+)>", r"?P<\1_2>", _DATE)
_ARTICLE = r"(?:the |le |la |l'|les )?"
_BETWEEN = re.compile(
    rf"\b(?:between|from|entre|de|du|d')\s?{_ARTICLE}{_DATE} (?:and|to|until|till|et|a|au|jusqu'en"
    rf"|jusqu'a) {_ARTICLE}{_LATER_DATE}"
    rf"|(?<![\d-]){_YEAR}[-–]{_YEAR}(?!\d)"
)
_SINCE = re.compile(
    rf"\b(?:since|from|after|depuis|apres|a partir de|a partir du|des) (?:the )?(?:(?:beginning|start"
    rf"|end) of )?{_ARTICLE}{_DATE}"
)
_UNTIL = re.compile(rf"\b(?:before|until|till|up to|by|avant|jusqu'en|jusqu'a|jusqu'au) {_ARTICLE}{_DATE}")
_ON = re.compile(rf"(?:\b(?:in|on|during|en|au|a|de|du|le|of|dans)(?: the)? )?{_ARTICLE}\b{_DATE}")
_DECADE = re.compile(
    r"\b(?:in |during |dans |pendant )?(?:the |les )?(?:(?P<part>early|mid|late)[ -])?(?:annees )?"
    r"(?P<decade>(?:1[89]|20)\d0)(?:'?s\b|(?<=0)(?<=annees \d\d\d\d))"
    r"|\b(?:in |dans )?(?:the |les )(?:annees )?'?(?P<short>[2-9]0)(?:s\b|(?<=annees \d\d))"
)
_AGO = re.compile(
    rf"\b(?:(?P<count>{_COUNT}) (?P<unit>day|week|month|year)s? ago"
    rf"|il y a (?P<count_fr>{_COUNT}) (?P<unit_fr>jour|semaine|mois|an|annee)s?)\b"
)
_LAST_FEW = re.compile(
    rf"\b(?:(?:in|over|during|for|within) )?(?:the )?(?:last|past) (?:(?P<count>{_COUNT}|few"
    rf"|couple of) )?(?P<unit>day|week|month|year)s\b"
    r"|\b(?:in|over|during|for|within) the (?:last|past) (?P<unit_one>day|week|month|year)\b"
    rf"|\b(?:au cours des|dans les|pendant les|ces|les|des) (?:(?P<count_fr>{_COUNT}|quelques) )?(?:"
    r"(?P<unit_fr>jour|semaine|mois|an|annee)s? (?:derniers|dernieres|passes|passees|ecoules|ecoulees)"
    r"|(?:derniers|dernieres) (?P<unit_after>jour|semaine|mois|an|annee)s?)\b"
)
_RELATIVE = re.compile(
    r"\b(?P<today>today|tonight|this morning|this evening|aujourd'hui|ce matin|ce soir)\b"
    r"|\b(?P<yesterday>yesterday|last night|hier(?: soir| matin)?)\b|\b(?P<before>the day before yesterday"
    r"|avant-hier)\b"
    r"|\b(?P<week>last week|la semaine (?:derniere|passee))\b|\b(?P<this_week>this week|cette semaine)\b"
    r"|\b(?P<month>last month|le mois (?:dernier|passe))\b|\b(?P<this_month>this month|ce mois-ci|ce mois)\b"
    r"|\b(?P<year>last year|l'an (?:dernier|passe)|l'annee (?:derniere|passee))\b|\b(?P<this_year>this year"
    r"|cette annee)\b"
    rf"|\b(?:last|on|de|ce) (?P<weekday>{'|'.join(WEEKDAYS)})\b|\b(?P<weekday_fr>{'|'.join(WEEKDAYS)}) dernier\b"
    rf"|\blast (?P<named_month>{_MONTH})\b|\b(?:en )?(?P<named_month_fr>{_MONTH}) dernier\b"
)
_LATEST = re.compile(
    r"\b(?:latest|newest|most recent(?:ly)?|recent(?:ly)?|lately|currently?|the last (?!of\b)|these days|right now|"
    r"derniere?s?|(?:plus )?recente?s?|recemment|dernierement|actuelle?s?|actuellement|en ce moment)\b"
)


# What stands before a date and adds nothing to it.
_LEADING = re.compile(r"^(?:of |de |du |d'|the |le |la |les |l')+(?=\d|\w+ \d)", re.IGNORECASE)


def find_period(text: str, today: date) -> Period | None:
    """The time that a question names; None where it names none. Of several, the first with both ends wins."""
    plain = fold_in_place(text).replace("’", "'").replace("–", "-")
    for pattern, read in _READINGS:
        for match in pattern.finditer(plain):
            try:
                found = read(match, today)
            except (OverflowError, ValueError):  # before the first day that a calendar has
                continue
            if found and found != (None, None):
                words = text[match.start() : match.end()].strip()
                return Period(words if pattern is _BETWEEN else _LEADING.sub("", words), *found)
    return None


def asks_for_latest(text: str) -> bool:
    """Whether recent articles are asked for: «the latest», «recently», «les dernières nouvelles»."""
    return bool(_LATEST.search(fold_in_place(text).replace("’", "'")))


@dataclass(frozen=True, slots=True)
class TimePreference:
    """Which articles a question prefers by their day: those of a period, or the latest."""

    period: Period | None = None
    is_latest: bool = False


# An article from outside a period is half as near to it after so many days: it reports on what happened before, and
# less often tells of it beforehand.
HALF_AFTER_DAYS = 180
HALF_BEFORE_DAYS = 45


def preferences(days: Sequence[date | None], preference: TimePreference) -> list[float]:
    """From 0 to 1, in the order given: how near each article's day comes to what is preferred; 0 without a day.

    1 is a day within the period; the latest of the days, where the latest are preferred, and 0 the earliest.
    """
    if preference.period:
        return [_closeness(day, preference.period) for day in days]
    known = sorted({day for day in days if day})
    places = {day: place / (len(known) - 1) if len(known) > 1 else 1.0 for place, day in enumerate(known)}
    return [places[day] if day and preference.is_latest else 0.0 for day in days]


def _closeness(day: date | None, period: Period) -> float:
    if day is None:
        return 0.0
    if period.since and day < period.since:
        return float(0.5 ** ((period.since - day).days / HALF_BEFORE_DAYS))
    if period.until and day > period.until:
        return float(0.5 ** ((day - period.until).days / HALF_AFTER_DAYS))
    return 1.0


_Days = tuple[date | None, date | None]
_SEASONS = {
    "spring": (3, 5), "printemps": (3, 5), "summer": (6, 8), "ete": (6, 8), "autumn": (9, 11), "fall": (9, 11),
    "automne": (9, 11), "winter": (12, 14), "hiver": (12, 14),
}  # fmt: skip
_PARTS = {"early": (1, 4), "debut": (1, 4), "mid": (5, 8), "mi": (5, 8), "late": (9, 12), "fin": (9, 12)}


def _months(year: int, first: int, last: int) -> tuple[date, date]:
    """The days from one month to another, the second in the next year where it is more than 12."""
    end_year, end_month = year + (last - 1) // 12, (last - 1) % 12 + 1
    first_year, first_month = year + (first - 1) // 12, (first - 1) % 12 + 1
    return date(first_year, first_month, 1), date(end_year, end_month, calendar.monthrange(end_year, end_month)[1])


def _written(match: re.Match[str], suffix: str = "") -> tuple[date, date] | None:
    """First and last day of a date as it is written; None for one that no calendar has."""

    def group(name: str) -> str | None:
        return match.group(name + suffix)

    if year := group("alone"):
        return date(int(year), 1, 1), date(int(year), 12, 31)
    if season := group("season"):
        return _months(int(group("season_year") or 0), *_SEASONS[season])
    if part := group("part"):
        return _months(int(group("part_year") or 0), *_PARTS[part])
    try:
        if iso := group("iso"):
            return date.fromisoformat(iso), date.fromisoformat(iso)
        year_number, month = int(group("year") or 0), MONTHS[group("month") or ""]
        if day := group("day") or group("day_after"):
            return date(year_number, month, int(day)), date(year_number, month, int(day))
        return _months(year_number, month, month)
    except ValueError:
        return None


def _between(match: re.Match[str], today: date) -> _Days | None:
    if match["alone_2"] is None and "-" in match.group() and re.fullmatch(rf"{_YEAR}-{_YEAR}", match.group()):
        first, last = (int(year) for year in match.group().split("-"))
        return (date(first, 1, 1), date(last, 12, 31)) if first < last else None
    start, end = _written(match), _written(match, "_2")
    return (start[0], end[1]) if start and end and start[0] <= end[1] else None


def _since(match: re.Match[str], today: date) -> _Days | None:
    days = _written(match)
    if not days:
        return None
    is_after = match.group().startswith(("after", "apres"))
    return days[1] + timedelta(days=1) if is_after else days[0], None


def _until(match: re.Match[str], today: date) -> _Days | None:
    days = _written(match)
    if not days:
        return None
    is_before = match.group().startswith(("before", "avant"))
    return None, days[0] - timedelta(days=1) if is_before else days[1]


def _on(match: re.Match[str], today: date) -> _Days | None:
    return _written(match)


def _decade(match: re.Match[str], today: date) -> _Days | None:
    first = int(match["decade"]) if match["decade"] else 1900 + int(match["short"])
    start, end = {"early": (0, 3), "mid": (4, 6), "late": (7, 9)}.get(match["part"] or "", (0, 9))
    return date(first + start, 1, 1), date(first + end, 12, 31)


_UNITS = {
    "day": 1,
    "jour": 1,
    "week": 7,
    "semaine": 7,
    "month": 30.4,
    "mois": 30.4,
    "year": 365.25,
    "an": 365.25,
    "annee": 365.25,
}


def _count(text: str | None) -> int:
    if not text or text in ("few", "quelques", "couple of"):
        return 3
    return int(text) if text.isdigit() else int(NUMBERS[text])


def _ago(match: re.Match[str], today: date) -> _Days | None:
    """The day, or the time around it in a span of the unit used."""
    unit = _UNITS[match["unit"] or match["unit_fr"]]
    middle = _earlier(today, _count(match["count"] or match["count_fr"]) * unit)
    around = timedelta(days=round(unit / 2)) if unit > 1 else timedelta(0)
    return middle - around, min(today, middle + around)


def _last_few(match: re.Match[str], today: date) -> _Days | None:
    unit = match["unit"] or match["unit_one"] or match["unit_fr"] or match["unit_after"]
    count = 1 if match["unit_one"] else _count(match["count"] or match["count_fr"])
    return _earlier(today, count * _UNITS[unit]), today


def _earlier(today: date, days: float) -> date:
    return today - timedelta(days=min(round(days), (today - date(1, 1, 1)).days // 2))


def _relative(match: re.Match[str], today: date) -> _Days | None:
    day = timedelta(days=1)
    monday = today - today.weekday() * day
    first_of_month = today.replace(day=1)
    if weekday := match["weekday"] or match["weekday_fr"]:
        back = (today.weekday() - (WEEKDAYS[weekday] - 1)) % 7 or 7
        return today - back * day, today - back * day
    if month := match["named_month"] or match["named_month_fr"]:
        return _months(today.year if MONTHS[month] < today.month else today.year - 1, MONTHS[month], MONTHS[month])
    if match["before"]:
        return today - 2 * day, today - 2 * day
    if match["month"]:
        end = first_of_month - day
        return end.replace(day=1), end
    days: dict[str, _Days] = {
        "today": (today, today),
        "yesterday": (today - day, today - day),
        "week": (monday - 7 * day, monday - day),
        "this_week": (monday, today),
        "this_month": (first_of_month, today),
        "year": (date(today.year - 1, 1, 1), date(today.year - 1, 12, 31)),
        "this_year": (date(today.year, 1, 1), today),
    }
    return days[next(name for name in days if match[name])]


# The first that fits is read: a date with its preposition before the same date alone.
_READINGS = (
    (_BETWEEN, _between),
    (_SINCE, _since),
    (_UNTIL, _until),
    (_DECADE, _decade),
    (_ON, _on),
    (_AGO, _ago),
    (_LAST_FEW, _last_few),
    (_RELATIVE, _relative),
)

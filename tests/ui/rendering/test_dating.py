"""Dates in words: days as each language writes them, ages that count whole units, periods as short as can be."""

from __future__ import annotations

from datetime import date

import pytest

from rag.records import Period
from rag.written_dates import written_date
from ui.rendering.dating import age, written_period

TODAY = date(2026, 3, 1)


def test_dates_are_written_as_each_language_writes_them() -> None:
    assert written_date(date(2004, 5, 1), "en") == "1 May 2004"
    assert written_date(date(2004, 8, 1), "fr") == "1er août 2004"
    assert written_date(date(2004, 8, 21), "fr") == "21 août 2004"


@pytest.mark.parametrize(
    ("day", "english", "french"),
    [
        (date(2026, 3, 1), "today", "aujourd’hui"),
        (date(2026, 2, 28), "yesterday", "hier"),
        (date(2026, 2, 27), "2 days ago", "il y a 2 jours"),
        (date(2026, 2, 2), "27 days ago", "il y a 27 jours"),
        (date(2026, 2, 1), "1 month ago", "il y a 1 mois"),
        (date(2025, 3, 2), "11 months ago", "il y a 11 mois"),
        (date(2025, 3, 1), "1 year ago", "il y a 1 an"),
        (date(2017, 3, 2), "8 years ago", "il y a 8 ans"),
        (date(2026, 3, 2), "", ""),
    ],
)
def test_an_age_counts_whole_units(day: date, english: str, french: str) -> None:
    assert age(day, TODAY, "en") == english
    assert age(day, TODAY, "fr") == french


@pytest.mark.parametrize(
    ("since", "until", "english", "french"),
    [
        (date(2014, 1, 1), date(2014, 12, 31), "2014", "2014"),
        (date(2014, 1, 1), date(2016, 12, 31), "2014–2016", "2014–2016"),
        (date(2016, 2, 1), date(2016, 2, 29), "February 2016", "février 2016"),
        (date(2016, 2, 1), date(2016, 2, 9), "1 February 2016 – 9 February 2016", "1er février 2016 – 9 février 2016"),
        (date(2016, 2, 3), date(2016, 2, 3), "3 February 2016", "3 février 2016"),
        (date(2016, 2, 3), None, "since 3 February 2016", "depuis le 3 février 2016"),
        (None, date(2016, 2, 3), "until 3 February 2016", "jusqu’au 3 février 2016"),
        (date(2016, 2, 3), date.max, "3 February 2016 – 31 December 9999", "3 février 2016 – 31 décembre 9999"),
        (None, None, "then", "then"),
    ],
)  # fmt: skip
def test_a_period_is_written_as_briefly_as_its_days_allow(
    since: date | None, until: date | None, english: str, french: str
) -> None:
    assert written_period(Period("then", since, until), "en") == english
    assert written_period(Period("then", since, until), "fr") == french

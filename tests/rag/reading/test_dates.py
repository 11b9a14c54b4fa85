"""Dates as English and French pages write them."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.reading.dates import find_dates, parse_date

MONTHS_FR = "janvier février mars avril mai juin juillet août septembre octobre novembre décembre".split()
MONTHS_EN = "January February March April May June July August September October November December".split()
DAYS = st.dates(min_value=date(1900, 1, 1), max_value=date(2090, 12, 31))


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("13 juil. 2016, 18:36", "fr", date(2016, 7, 13)),
        ("Mise à jour: 16-Apr-2004 11:04", "fr", date(2004, 4, 16)),
        ("Publié le 1er févr. 2016 à 8h", "fr", date(2016, 2, 1)),
        ("mercredi 14 decembre 2016", "fr", date(2016, 12, 14)),
        ("Wed, 13 Jul 2016 23:30:00 +0200", None, date(2016, 7, 13)),
        ("Sept. 11, 2001", "en", date(2001, 9, 11)),
        ("July 13th, 2016", "en", date(2016, 7, 13)),
        ("the 3rd of March 2016", "en", date(2016, 3, 3)),
        ("03/04/2016", "fr", date(2016, 4, 3)),
        ("05/04/04", "fr", date(2004, 4, 5)),
        ("05/04/97", "fr", date(1997, 4, 5)),
        ("13/07/2016", "en", date(2016, 7, 13)),
        ("07/13/2016", "en", date(2016, 7, 13)),
        ("03.04.2016", "en", date(2016, 4, 3)),
        ("2016-07-13T23:59:00-08:00", None, date(2016, 7, 13)),
        ("20160713", None, date(2016, 7, 13)),
        ("2016/07/13", None, date(2016, 7, 13)),
    ],
)
def test_full_date_is_understood(text: str, language: str | None, expected: date) -> None:
    assert parse_date(text, language) == expected


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("03/04/2016", "en"),
        ("03/04/2016", None),
        ("Thursday, April 19", "en"),
        ("jeudi 19 avril", "fr"),
        ("7-8 avr. 2004", "fr"),
        ("les 7 et 8 avril 2004", "fr"),
        ("12-13 May 2016", "en"),
        ("31/02/2016", "fr"),
        ("mai 2016", "fr"),
        ("May the 4th be with you", "en"),
        ("version 1.2.2016.4", "en"),
        ("192.168.10.12", None),
        ("tel. 01 02 03 04 05", "fr"),
        ("1468427760", None),
        ("", None),
    ],
)
def test_what_is_no_single_full_date_gives_none(text: str, language: str | None) -> None:
    assert parse_date(text, language) is None


@given(DAYS)
def test_every_french_date_is_found_where_it_stands(day: date) -> None:
    written = f"{day.day} {MONTHS_FR[day.month - 1]} {day.year}"
    (found,) = find_dates(f"Bruxelles, le {written}, à midi", "fr")
    assert found.day == day
    assert f"Bruxelles, le {written}, à midi"[found.start : found.end] == written


@given(DAYS)
def test_every_english_and_iso_date_is_found(day: date) -> None:
    assert parse_date(f"{MONTHS_EN[day.month - 1]} {day.day}, {day.year}", "en") == day
    assert parse_date(day.isoformat()) == day


@given(st.text(max_size=200))
def test_any_text_gives_spans_inside_itself(text: str) -> None:
    assert all(0 <= found.start < found.end <= len(text) for found in find_dates(text, "fr"))

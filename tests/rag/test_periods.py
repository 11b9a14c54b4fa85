"""The time that a question names, and the articles that it prefers."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from rag import Archive, Article, AskSettings, Assistant, Filters, Period
from rag.periods import TimePreference, asks_for_latest, find_period, preferences

with (Path(__file__).parent / "dated.jsonl").open(encoding="utf-8") as lines:
    DATED: list[dict[str, Any]] = [json.loads(line) for line in lines]
# A Wednesday.
TODAY = date(2018, 10, 17)


@pytest.mark.parametrize(
    ("text", "words", "since", "until"),
    [
        ("En avril 2004, qu'a dit le ministre ?", "En avril 2004", "2004-04-01", "2004-04-30"),
        ("What was signed on 16 April 2004?", "on 16 April 2004", "2004-04-16", "2004-04-16"),
        ("Qui a signé le 1er mai 2004 ?", "1er mai 2004", "2004-05-01", "2004-05-01"),
        ("Who met on April 16, 2004?", "on April 16, 2004", "2004-04-16", "2004-04-16"),
        ("What happened between 2014 and 2016?", "between 2014 and 2016", "2014-01-01", "2016-12-31"),
        ("Qu'a-t-on signé de 2014 à 2016 ?", "de 2014 à 2016", "2014-01-01", "2016-12-31"),
        ("Who led it from May 2014 to June 2015?", "from May 2014 to June 2015", "2014-05-01", "2015-06-30"),
        ("What changed since 2015?", "since 2015", "2015-01-01", None),
        ("What changed after 2010?", "after 2010", "2011-01-01", None),
        ("Qui régnait avant 2010 ?", "avant 2010", None, "2009-12-31"),
        ("Who ruled until March 2003?", "until March 2003", None, "2003-03-31"),
        ("Who ruled in the 1990s?", "in the 1990s", "1990-01-01", "1999-12-31"),
        ("Qui régnait dans les années 90 ?", "dans les années 90", "1990-01-01", "1999-12-31"),
        ("What was sold in the summer of 2016?", "in the summer of 2016", "2016-06-01", "2016-08-31"),
        ("Qui a gagné hier ?", "hier", "2018-10-16", "2018-10-16"),
        ("Qui a gagné la semaine dernière ?", "la semaine dernière", "2018-10-08", "2018-10-14"),
        ("What did he say last month?", "last month", "2018-09-01", "2018-09-30"),
        ("What did he say last year?", "last year", "2017-01-01", "2017-12-31"),
        ("Qui est mort lundi dernier ?", "lundi dernier", "2018-10-15", "2018-10-15"),
        ("Who was hurt in the last three months?", "in the last three months", "2018-07-18", "2018-10-17"),
        ("Qui est parti il y a deux jours ?", "il y a deux jours", "2018-10-15", "2018-10-15"),
        ("What does the Founding Act of 1997 say?", "1997", "1997-01-01", "1997-12-31"),
    ],
)
def test_a_time_is_read_in_both_languages(text: str, words: str, since: str | None, until: str | None) -> None:
    days = [date.fromisoformat(day) if day else None for day in (since, until)]
    assert find_period(text, TODAY) == Period(words, days[0], days[1])


@pytest.mark.parametrize(
    "text",
    [
        "What has changed since the Warsaw summit?",
        "How many of the 2000 soldiers came home?",
        "Who is in May's cabinet?",
        "What was said in May?",
        "Who signed on 31 February 2004?",
        "May it be sold for 2,016 crowns?",
        "Depuis quand est-ce légal ?",
        "Who opens shops on Black Friday sales?",
        "Qui a combattu en 14-18 ?",
    ],
)
def test_what_is_no_date_is_left_alone(text: str) -> None:
    assert find_period(text, TODAY) is None


@example("", date(1, 1, 1))
@given(st.text(max_size=80), st.dates(min_value=date(1, 1, 1)))
def test_any_text_on_any_day_gives_a_period_in_order_or_none(text: str, today: date) -> None:
    for words in (text, f"{text} three years ago", f"last month {text}", f"il y a 99 ans {text}"):
        period = find_period(words, today)
        assert period is None or not (period.since and period.until) or period.since <= period.until


def test_the_latest_is_asked_for_in_both_languages() -> None:
    asked = ["What is the latest on Georgia?", "Quelles sont les dernières nouvelles ?", "The most recent summit?"]
    assert [asks_for_latest(text) for text in asked] == [True, True, True]
    assert not asks_for_latest("What did the minister say?")


def test_articles_after_a_period_are_nearer_to_it_than_articles_before_and_none_without_a_day() -> None:
    wanted = TimePreference(Period("in 2016", date(2016, 1, 1), date(2016, 12, 31)))
    days = [date(2016, 7, 1), date(2017, 3, 1), date(2015, 11, 1), date(1999, 1, 1), None]
    within, after, before, long_before, undated = preferences(days, wanted)
    assert within == 1 > after > before > long_before > undated == 0


def test_the_latest_of_the_articles_is_preferred_most() -> None:
    assert preferences([date(2001, 1, 1), None, date(2020, 1, 1)], TimePreference(is_latest=True)) == [0, 0, 1]


def test_reading_dates_brings_the_right_article_up(sample: Archive) -> None:
    right = {True: 0, False: 0}
    for row in DATED:
        today = date.fromisoformat(row.get("today", "2021-01-01"))
        preferred = TimePreference(find_period(row["q"], today), asks_for_latest(row["q"]))
        for reads_dates in right:
            (first,) = sample.search(row["q"], limit=1, time=preferred if reads_dates else None)
            right[reads_dates] += str(first.article.published) in row["published"]
    assert len(DATED) == 24
    assert right[True] >= right[False] + 8


def test_the_period_is_shown_and_can_be_turned_off(sample: Archive) -> None:
    assistant = Assistant(sample)
    question = "What did NATO decide in April 2014?"
    assert assistant.ask(question).period == Period("in April 2014", date(2014, 4, 1), date(2014, 4, 30))
    assert assistant.ask(question, settings=AskSettings(reads_dates=False)).period is None


def test_a_period_hides_no_article_while_a_filter_does(sample: Archive) -> None:
    assistant = Assistant(sample)
    question = "What did NATO decide in April 2014?"
    free = assistant.ask(question).passages
    assert {p.article.published.year for p in free if p.article.published} > {2014}
    filtered = assistant.ask(question, filters=Filters(since=date(2014, 4, 1), until=date(2014, 4, 30)))
    assert {str(p.article.published) for p in filtered.passages} == {"2014-04-02"}


def test_articles_without_dates_are_found_as_if_no_time_were_named(tmp_path: Path) -> None:
    texts = {"a": "The mill was sold in 2016 to the Harrow brothers.", "b": "The ferry was sold to nobody at all."}
    with Archive.open(tmp_path / "undated") as archive:
        archive.add([Article(id_, text[:12], text, language="en") for id_, text in texts.items()])
        ranked = [
            [
                (p.article.id, p.score)
                for p in Assistant(archive).ask("Who bought the mill in 2016?", settings=s).passages
            ]
            for s in (AskSettings(), AskSettings(reads_dates=False))
        ]
    assert ranked[0] == ranked[1]

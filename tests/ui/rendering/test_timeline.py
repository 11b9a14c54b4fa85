"""The drawing of when the articles found were published."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from rag.records import Answer, Article, Citation, Passage
from tests.ui.chat.test_conversation_html import Seen
from ui.rendering.timeline import timeline_html


def found(*days: date | None, cited: int = 0) -> Answer:
    articles = [Article(f"a{place}", f"Title {place}", "Words.", published=day) for place, day in enumerate(days)]
    passages = tuple(Passage(article, 0, 6, 1.0, rank) for rank, article in enumerate(articles, start=1))
    citations = tuple(Citation(number + 1, article, 0, 6) for number, article in enumerate(articles[:cited]))
    return Answer("Who?", "Words.", "en", citations, passages)


def test_each_article_is_a_dot_in_its_place_and_those_cited_are_filled() -> None:
    answer = found(date(2010, 1, 1), date(2015, 1, 1), date(2012, 7, 2), None, cited=1)
    seen = Seen(timeline_html(answer, 3, "en"))
    assert seen.values("cx") == ["2.00%", "98.00%", "50.00%"]
    assert [name for name in seen.values("class") if name.startswith("dot")] == ["dot cited", "dot", "dot"]
    assert seen.values("data-first") == ["2010-01-01"]
    assert seen.values("data-last") == ["2015-01-01"]
    assert seen.values("data-position") == ["3"]
    assert "Title 1 · 1 January 2015" in seen.text
    assert len([name for name in seen.values("class") if name == "tick"]) == 5


def test_dots_of_one_day_are_stacked() -> None:
    seen = Seen(timeline_html(found(date(2010, 1, 1), date(2010, 1, 1), date(2012, 1, 1)), 0, "fr"))
    assert len(set(zip(seen.values("cx"), seen.values("cy"), strict=True))) == 3


def test_two_passages_of_an_article_are_one_dot() -> None:
    answer = found(date(2010, 1, 1), date(2012, 1, 1))
    twice = replace(answer, passages=(*answer.passages, answer.passages[0]))
    assert timeline_html(twice, 0, "en") == timeline_html(answer, 0, "en")


@pytest.mark.parametrize("days", [(), (None,), (date(2010, 1, 1),), (date(2010, 1, 1), None, date(2010, 1, 1))])
def test_what_has_no_span_is_not_drawn(days: tuple[date | None, ...]) -> None:
    assert timeline_html(found(*days), 0, "en") == ""

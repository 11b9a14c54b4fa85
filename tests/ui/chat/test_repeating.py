"""Asking a turn again: in the same words without what was read into them, or in other words."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from rag.records import AskSettings, Filters
from ui.chat.repeating import Repeat, read_repeat, repeated
from ui.conversations.turns import Turn

TURN = Turn("And in 2016?", "done", "text", filters=Filters(language="fr"))


def test_the_same_words_are_asked_without_what_is_left_out() -> None:
    once = repeated(TURN, Repeat(0, leave_out="reads_dates"))
    assert once == Turn("And in 2016?", filters=Filters(language="fr"), settings=AskSettings(reads_dates=False))
    assert repeated(once, Repeat(0, leave_out="completes")).settings == AskSettings(completes=False, reads_dates=False)


def test_a_turn_is_tried_again_as_it_was_asked() -> None:
    plain = Turn("Who?", "failed", error="away", settings=AskSettings(strict=True, completes=False))
    assert repeated(plain, Repeat(0)) == Turn("Who?", settings=AskSettings(strict=True, completes=False))


def test_each_filter_can_be_left_out_and_other_dates_set() -> None:
    filters = Filters("fr", "The Quay", date(2014, 1, 1), date(2016, 1, 1))
    turn = Turn("Who?", filters=filters)
    assert repeated(turn, Repeat(0, leave_out="language")).filters == replace(filters, language=None)
    assert repeated(turn, Repeat(0, leave_out="source")).filters == replace(filters, source=None)
    assert repeated(turn, Repeat(0, leave_out="dates")).filters == replace(filters, since=None, until=None)
    sent = read_repeat('{"position": 0, "since": "2015-01-01", "until": "2015-12-31"}')
    assert sent is not None
    assert repeated(turn, sent).filters == replace(filters, since=date(2015, 1, 1), until=date(2015, 12, 31))


def test_other_words_are_read_anew() -> None:
    left_out = repeated(TURN, Repeat(0, leave_out="reads_dates"))
    assert repeated(left_out, Repeat(0, question="In 2017?")) == Turn("In 2017?", filters=Filters(language="fr"))
    assert repeated(left_out, Repeat(0, question="  ")).question == "And in 2016?"


@pytest.mark.parametrize(
    "sent",
    [
        "",
        "[",
        "[" * 100_000,
        "[]",
        "{}",
        '{"position": "0"}',
        '{"position": true}',
        '{"position": 0, "question": 1}',
        '{"position": 0, "leave_out": "strict"}',
        '{"position": 0, "leave_out": []}',
    ],
)
def test_what_the_page_never_sends_is_not_read(sent: str) -> None:
    assert read_repeat(sent) is None

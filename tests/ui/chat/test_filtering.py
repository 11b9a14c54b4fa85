"""The filters of the page: drawn without anything acting, and read without trusting what was sent."""

from __future__ import annotations

from datetime import date

import pytest

from rag.records import Filters
from tests.ui.chat.test_conversation_html import HOSTILE, Seen
from ui.chat.filtering import filters_html, read_filters
from ui.chat.holdings import Holdings


def test_the_outlets_are_offered_under_their_own_names() -> None:
    seen = Seen(filters_html(Holdings("a", (), (), outlets=("The Quay", HOSTILE)), "en"))
    assert seen.values("value") == ["", "The Quay", HOSTILE]
    assert set(seen.tags) == set("details summary span div label select option input button".split())
    assert {name for name, _ in seen.attributes} == set("id class data-said value type".split())


def test_what_is_set_becomes_filters() -> None:
    sent = '{"source": "The Quay", "since": "2014-01-01", "until": ""}'
    assert read_filters(sent, "fr") == Filters("fr", "The Quay", date(2014, 1, 1), None)


@pytest.mark.parametrize("sent", ["", "[]", "[" * 100_000, "{}", '{"source": 1, "since": "x", "until": []}'])
def test_what_can_not_be_read_asks_for_no_restriction(sent: str) -> None:
    assert read_filters(sent, "en") == Filters("en")

"""How a question was understood, in a real browser: each reading is a chip, and a click asks again without it."""

from __future__ import annotations

import pytest

from tests.ui.browsing import NO_CHROMIUM, Browsers
from tests.ui.serving import ServedChat

pytestmark = [pytest.mark.skipif(bool(NO_CHROMIUM), reason=NO_CHROMIUM), pytest.mark.timeout(600)]


def test_a_completed_follow_up_is_a_chip_and_is_asked_again_as_written(
    browsers: Browsers, sample_chat: ServedChat
) -> None:
    page = browsers.open(sample_chat.address)
    first = "Which airport does Russia open to NATO's equipment from Afghanistan?"
    page.ask(first)
    page.ask("When was it opened?")
    chips = page.text("#turn-1 .understood")
    assert "Understood as:" in chips
    assert first in chips
    page.find("#turn-1 .leave-out[data-leave-out=completes]").click()
    page.wait_for(lambda: page.all("#finished #turn-1 .left-out"))
    assert page.text("#turn-1 .understood") == "asked exactly as written"
    assert page.text("#turn-1 .question bdi") == "When was it opened?"
    assert len(page.all("#finished .turn")) == 2


def test_the_time_a_question_names_is_a_chip_and_is_left_out_by_a_click(
    browsers: Browsers, sample_chat: ServedChat
) -> None:
    page = browsers.open(sample_chat.address)
    page.ask("What happened in Kosovo in June 1999?")
    assert page.text("#turn-0 .understood").startswith("Preferred: June 1999")
    page.find("#turn-0 .leave-out[data-leave-out=reads_dates]").click()
    page.wait_for(lambda: page.all("#finished #turn-0 .left-out"))
    assert page.text("#turn-0 .understood") == "asked without preferring a date"


@pytest.mark.parametrize(
    ("language", "question", "mark"),
    [
        ("en", "Which outlets do you have?", "From the archive’s own records"),
        ("fr", "Quels journaux avez-vous ?", "D’après le registre de l’archive"),
    ],
)
def test_what_the_archive_says_of_itself_is_marked(
    browsers: Browsers, sample_chat: ServedChat, language: str, question: str, mark: str
) -> None:
    page = browsers.open(sample_chat.address, language=language)
    turn = page.ask(question)
    assert turn.find_element("css selector", ".from-archive").text == mark
    assert "Lanterne-Nord" in turn.text
    assert not turn.find_elements("css selector", ".refusal, button.citation")

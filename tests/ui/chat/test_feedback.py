"""What readers say of answers and citations: kept with the turn, shown again, and nobody else's to say."""

from __future__ import annotations

from pathlib import Path

import httpx
import pytest
from selenium.webdriver.common.keys import Keys

from tests.ui.browsing import NO_CHROMIUM, Browsers
from tests.ui.conversations.test_conversations import ONE, TURN
from tests.ui.serving import ServedChat
from ui.conversations.feedback import Feedback
from ui.conversations.kept import OwnConversations
from ui.conversations.store import NOBODY, ConversationStore
from ui.conversations.turns import Turn

OWN = {"X-Gazette": "page"}
QUESTION = "Which airport does Russia open to NATO's equipment from Afghanistan?"


def test_what_is_said_is_kept_replaced_and_taken_back(tmp_path: Path) -> None:
    store = OwnConversations(ConversationStore(tmp_path / "c.sqlite3"), NOBODY)
    store.append(ONE, TURN)
    assert store.judge(ONE, 0, Feedback("up", note="Just so."))
    assert store.judge(ONE, 0, Feedback("wrong", 1, "Another harbour."))
    assert store.judge(ONE, 0, Feedback("down"))
    assert store.turns(ONE)[0].feedback == (Feedback("wrong", 1, "Another harbour."), Feedback("down"))
    assert store.judge(ONE, 0, Feedback("", 1))
    assert store.turns(ONE)[0].feedback == (Feedback("down"),)
    assert store.turns(ONE)[0].answer is not None


def test_only_an_answer_and_its_own_citations_are_judged(tmp_path: Path) -> None:
    store = OwnConversations(ConversationStore(tmp_path / "c.sqlite3"), NOBODY)
    store.append(ONE, TURN)
    store.append(ONE, Turn("Who?", "failed", error="no"))
    for position, said in ((0, Feedback("wrong", 9)), (1, Feedback("up")), (7, Feedback("up"))):
        assert not store.judge(ONE, position, said)
    assert not store.judge("b" * 32, 0, Feedback("up"))
    store.put(ONE, 0, TURN)  # asked again
    assert store.turns(ONE)[0].feedback == ()


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"position": 0, "verdict": "up"}, 404),  # well formed, of a conversation that is not there
        ({"position": 0, "verdict": "up", "citation": 1}, 422),
        ({"position": 0, "verdict": "wrong"}, 422),
        ({"position": -1, "verdict": "up"}, 422),
        ({"position": 0, "verdict": "fine"}, 422),
        ({"position": 0, "verdict": "up", "note": "x" * 1001}, 422),
    ],
)
def test_a_malformed_judgement_is_refused(empty_chat: ServedChat, body: dict[str, object], status: int) -> None:
    address = f"{empty_chat.address}/conversations/{'f' * 32}/feedback"
    assert httpx.post(address, json=body, headers=OWN, timeout=30, trust_env=False).status_code == status
    assert httpx.post(address, json=body, timeout=30, trust_env=False).status_code == 403


@pytest.mark.skipif(bool(NO_CHROMIUM), reason=NO_CHROMIUM)
@pytest.mark.timeout(600)
@pytest.mark.parametrize(("language", "width"), [("en", 1440), ("fr", 390)])
def test_an_answer_and_a_citation_are_judged_with_a_note_that_survives_a_reload(
    browsers: Browsers, sample_chat: ServedChat, language: str, width: int
) -> None:
    page = browsers.open(sample_chat.address, language=language, width=width, height=844)
    page.ask(QUESTION)
    page.run("document.querySelector('#turn-0 .actions').scrollIntoView({block: 'center'})")
    page.find("#turn-0 .judge.up").click()
    page.wait_for(lambda: page.all("#turn-0 .judge.up[aria-pressed=true]"))
    note = "<img src=x onerror='window.hit=1'> well put"
    page.find("#turn-0 .judge-note input").send_keys(note + Keys.ENTER)
    kept = "Kept with the answer." if language == "en" else "Gardé avec la réponse."
    page.wait_for(lambda: page.text("#turn-0 .note-state") == kept)
    page.run("document.querySelector('#turn-0 .citation').scrollIntoView({block: 'center'})")
    page.open_first_citation()
    page.find(".judge-citation").click()
    page.wait_for(lambda: page.all("#turn-0 button.citation.doubted"))
    page.find("#source-note input").send_keys("another airport")
    page.find("#source-note .save-note").click()
    page.wait_for(lambda: page.text("#source-note .note-state") == kept)
    page.driver.refresh()
    page.wait_for(lambda: page.all("#turn-0 button.citation.doubted"))
    assert page.find("#turn-0 .judge-note input").get_attribute("value") == note
    assert page.all("#turn-0 .judge.up[aria-pressed=true]")
    said = "marked as wrong" if language == "en" else "signalée comme fausse"
    assert said in str(page.find("#turn-0 button.citation.doubted").get_attribute("aria-label"))
    page.open_first_citation()
    assert page.find("#source-note input").get_attribute("value") == "another airport"
    page.find(".judge-citation").click()
    page.wait_for(lambda: not page.all("#turn-0 button.citation.doubted"))
    page.find("#source .close").click()
    page.run("document.querySelector('#turn-0 .actions').scrollIntoView({block: 'center'})")
    page.find("#turn-0 .judge.up").click()
    page.wait_for(lambda: not page.all("#turn-0 .judge[aria-pressed=true]"))
    assert page.run("return window.hit === undefined")
    assert page.run("return document.documentElement.scrollWidth - document.documentElement.clientWidth") == 0

"""Conversations on disk: what is kept comes back as it was, is found, renamed and deleted, whoever writes beside."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from rag.errors import ArchiveError
from rag.records import (
    Answer,
    AnswerSentence,
    Article,
    AskSettings,
    Citation,
    Disagreement,
    Filters,
    Passage,
    Period,
    Side,
    Support,
)
from ui.chat.conversation_html import turn_html
from ui.conversations.kept import OwnConversations, is_conversation_id
from ui.conversations.store import NOBODY, ConversationStore
from ui.conversations.turn_records import turn_from_json, turn_to_json
from ui.conversations.turns import Turn

ONE, TWO = "a" * 32, "b" * 32
ARTICLE = Article(
    "a1", "The harbour reopens", "It has 12 cranes. It reopens on Monday.", source="The Quay", language="en",
    published=date(2017, 9, 14), authors=("Ann Lee",), url="https://quay.example/harbour",
)  # fmt: skip
OTHER = Article("a2", "Another", "Nobody cites this.", published=date(2015, 1, 1))
PASSAGES = (Passage(ARTICLE, 0, 17, 1.5, 1, (OTHER,)), Passage(OTHER, 0, 6, 0.5, 2))
ANSWER = Answer(
    "How many cranes?", "It has 12 cranes. [1]", "en", (Citation(1, ARTICLE, 0, 17),), PASSAGES,
    sentences=(AnswerSentence("It has 12 cranes.", (1,), Support("partly", PASSAGES[0], "it says so")),),
    nearest=(OTHER,), notes=("A note.",), completed="How many cranes has the harbour?",
    period=Period("in 2017", date(2017, 1, 1), None),
    disagreements=(Disagreement("number", "cranes", (Side("12", 1), Side("13", 1))),),
)  # fmt: skip
TURN = Turn(
    "How many cranes?", "done", ANSWER.text, answer=ANSWER, filters=Filters("en", since=date(2016, 1, 1)),
    settings=AskSettings(reads_dates=False),
)  # fmt: skip


@pytest.fixture
def store(tmp_path: Path) -> OwnConversations:
    return opened(tmp_path)


def opened(folder: Path, owner: str = NOBODY) -> OwnConversations:
    return OwnConversations(ConversationStore(folder / "c.sqlite3"), owner)


def ids(store: OwnConversations, words: str = "") -> list[str]:
    return [kept.id for kept in store.list(words).conversations]


def title(store: OwnConversations) -> str:
    found = store.find(ONE)
    assert found is not None
    return found.title


def test_a_turn_comes_back_looking_as_it_did() -> None:
    back = turn_from_json(turn_to_json(TURN))
    assert turn_html(back, 0, "en") == turn_html(TURN, 0, "en")
    assert back.answer is not None
    assert back.answer.citations == ANSWER.citations
    assert (back.filters, back.settings) == (TURN.filters, TURN.settings)
    assert "Nobody cites this" not in turn_to_json(TURN)


@pytest.mark.parametrize("turn", [Turn("\ud800\x00?", "failed", error="no"), Turn("Who?", "stopped", "half")])
def test_what_came_to_no_answer_comes_back_too(turn: Turn) -> None:
    assert turn_from_json(turn_to_json(turn)) == turn


def test_a_conversation_is_there_for_whoever_opens_the_file_anew(tmp_path: Path) -> None:
    store = opened(tmp_path)
    assert store.append(ONE, Turn("Who?")) == 0
    assert [turn.state for turn in opened(tmp_path).turns(ONE)] == ["stopped"]
    store.put(ONE, 0, TURN)
    assert store.append(ONE, Turn("And then?", "stopped")) == 1
    questions = [turn.question for turn in opened(tmp_path).turns(ONE)]
    assert questions == ["How many cranes?", "And then?"]
    assert title(store) == "Who?"


def test_two_tabs_that_ask_at_once_lose_nothing(store: OwnConversations) -> None:
    with ThreadPoolExecutor(8) as pool:
        positions = list(pool.map(lambda number: store.append(ONE, Turn(f"Question {number}")), range(40)))
    assert sorted(positions) == list(range(40))
    assert {turn.question for turn in store.turns(ONE)} == {f"Question {number}" for number in range(40)}


def test_conversations_are_found_by_words_of_question_or_answer_without_accents_or_case(
    store: OwnConversations,
) -> None:
    store.append(ONE, Turn("Où est l’école d’Évry ?"))
    store.put(ONE, 0, Turn("Où est l’école d’Évry ?", "done", "Près du château."))
    store.append(TWO, Turn("Where is the harbour?"))
    assert ids(store) == [TWO, ONE]
    for words in ("ecole EVRY", "chateau", "d'evry", "où château"):
        assert ids(store, words) == [ONE]
    assert ids(store, "harbour chateau") == []
    assert ids(store, "%") == []


def test_a_conversation_is_renamed_and_deleted(store: OwnConversations) -> None:
    store.append(ONE, Turn("Who?"))
    assert store.rename(ONE, "  The   harbour \u202e ")
    assert store.rename(ONE, " ")
    assert title(store) == "The harbour"
    assert store.delete(ONE)
    assert (store.turns(ONE), store.list().total, store.find(ONE)) == ((), 0, None)
    assert not store.delete(ONE)
    assert not store.rename(ONE, "x")


def test_an_answer_that_ends_after_its_conversation_was_deleted_is_not_kept(store: OwnConversations) -> None:
    store.append(ONE, Turn("Who?"))
    store.delete(ONE)
    store.put(ONE, 0, replace(TURN, question="Who?"))
    assert store.turns(ONE) == ()


def test_a_file_that_is_no_database_is_an_error_that_names_it(tmp_path: Path) -> None:
    (tmp_path / "c.sqlite3").write_text("not a database " * 100)
    with pytest.raises(ArchiveError, match=r"c\.sqlite3"):
        ConversationStore(tmp_path / "c.sqlite3")


def test_ids_are_those_the_page_makes() -> None:
    assert is_conversation_id(ONE)
    for other in ("", "a" * 31, "A" * 32, "../" + "a" * 29, f"{ONE}\n", None, 1):
        assert not is_conversation_id(other)

"""A question answered in its conversation is kept from the first moment to the last, and tabs see each other's."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from langchain_core.language_models import FakeListChatModel

from rag import Archive, Article, Assistant, ModelError
from ui.chat.answering import Answering
from ui.conversations.kept import OwnConversations
from ui.conversations.store import ConversationStore
from ui.conversations.turns import Conversation, Turn

IDENTITY = "c" * 32
OWNER = "account:ada"
QUESTION = "Where was the treaty signed?"


@pytest.fixture
def file(tmp_path: Path) -> ConversationStore:
    return ConversationStore(tmp_path / "conversations.sqlite3")


@pytest.fixture
def store(file: ConversationStore) -> OwnConversations:
    return OwnConversations(file, OWNER)


@pytest.fixture
def answering(tmp_path: Path, file: ConversationStore) -> Iterator[Answering]:
    with Archive.open(tmp_path / "archive", encoder="hashing-64") as archive:
        archive.add(Article("a1", "A treaty", "The treaty was signed in Paris on Friday.", language="en"))
        assistant = Assistant(archive)
        yield Answering(lambda: assistant, lambda: True, file)


def opened(answering: Answering, identity: object = IDENTITY, owner: str = OWNER) -> Conversation:
    conversation = Conversation()
    answering.open(conversation, identity, owner)
    return conversation


def states(store: OwnConversations) -> list[str]:
    return [turn.state for turn in store.turns(IDENTITY)]


def test_a_question_is_kept_before_its_answer_and_with_it(answering: Answering, store: OwnConversations) -> None:
    conversation = opened(answering)
    positions = answering.answer(conversation, Turn(QUESTION))
    assert next(positions) == 0
    assert states(store) == ["stopped"]
    assert list(positions)[-1] == 0
    assert states(store) == ["done"]
    assert conversation.turns == store.turns(IDENTITY)


def test_what_another_tab_asked_meanwhile_is_there_after_the_answer(
    answering: Answering, store: OwnConversations
) -> None:
    one, two = opened(answering), opened(answering)
    first = answering.answer(one, Turn(QUESTION))
    next(first)
    list(answering.answer(two, Turn("Who signed the treaty?")))
    list(first)
    assert [turn.question for turn in one.turns] == [QUESTION, "Who signed the treaty?"]
    assert states(store) == ["done", "done"]


def test_a_stopped_answer_is_kept_as_it_stood(answering: Answering, store: OwnConversations) -> None:
    conversation = opened(answering)
    positions = answering.answer(conversation, Turn(QUESTION))
    next(positions)
    answering.cut_short(conversation, "stopped")
    assert list(positions) == []
    assert states(store) == ["stopped"]
    assert conversation.turns[0].state == "stopped"


def test_an_answer_under_way_is_kept_as_far_as_it_goes(
    tmp_path: Path, file: ConversationStore, store: OwnConversations
) -> None:
    with Archive.open(tmp_path / "archive", encoder="hashing-64") as archive:
        archive.add(Article("a1", "A treaty", "The treaty was signed in Paris on Friday.", language="en"))
        model = FakeListChatModel(responses=["The treaty was signed in Paris [1]. " * 9], sleep=0.005)
        assistant = Assistant(archive, model=model)
        answering = Answering(lambda: assistant, lambda: True, file, keep_seconds=0)
        conversation = opened(answering)
        for _ in answering.answer(conversation, Turn(QUESTION)):
            (kept,) = store.turns(IDENTITY)
            assert kept.text == conversation.turns[0].text
            if conversation.turns[0].state == "writing":
                break
    assert (kept.state, kept.text[:10]) == ("stopped", "The treaty"[: len(kept.text)])
    assert kept.text


def test_a_turn_asked_again_takes_the_place_of_the_first(answering: Answering, store: OwnConversations) -> None:
    conversation = opened(answering)
    for question in (QUESTION, "Who signed the treaty?"):
        list(answering.answer(conversation, Turn(question)))
    list(answering.answer(conversation, Turn("When was the treaty signed?"), 0))
    questions = ["When was the treaty signed?", "Who signed the treaty?"]
    assert [turn.question for turn in store.turns(IDENTITY)] == questions
    assert [turn.question for turn in conversation.turns] == questions


def test_a_failure_is_kept_with_its_reason(file: ConversationStore, store: OwnConversations) -> None:
    def no_assistant() -> Assistant:
        raise ModelError("The model is away: fetch it")

    answering = Answering(no_assistant, lambda: False, file)
    list(answering.answer(opened(answering), Turn(QUESTION)))
    assert [turn.error for turn in store.turns(IDENTITY)] == ["The model is away: fetch it"]


@pytest.mark.parametrize("identity", ["", "../../x", None, 1])
def test_a_page_without_an_id_is_answered_and_not_kept(
    answering: Answering, store: OwnConversations, identity: object
) -> None:
    conversation = opened(answering, identity)
    list(answering.answer(conversation, Turn(QUESTION)))
    assert conversation.turns[0].answer is not None
    assert store.list().total == 0


def test_a_conversation_in_which_an_answer_is_written_is_not_opened_anew(
    answering: Answering, store: OwnConversations
) -> None:
    conversation = opened(answering)
    positions = answering.answer(conversation, Turn(QUESTION))
    next(positions)
    answering.open(conversation, "d" * 32, OWNER)
    list(positions)
    assert conversation.identity == IDENTITY
    assert states(store) == ["done"]


def test_anothers_id_opens_and_begins_a_conversation_of_ones_own(
    answering: Answering, file: ConversationStore, store: OwnConversations
) -> None:
    list(answering.answer(opened(answering), Turn(QUESTION)))
    stolen = opened(answering, owner="account:bob")
    assert stolen.turns == ()
    list(answering.answer(stolen, Turn("Who signed the treaty?")))
    assert [turn.question for turn in store.turns(IDENTITY)] == [QUESTION]
    bobs = OwnConversations(file, "account:bob").turns(IDENTITY)
    assert [turn.question for turn in bobs] == ["Who signed the treaty?"]


def test_a_page_that_another_reader_goes_on_with_shows_nothing_of_the_first(answering: Answering) -> None:
    conversation = opened(answering)
    list(answering.answer(conversation, Turn(QUESTION)))
    answering.open(conversation, "", "account:bob")
    assert conversation.turns == ()

"""A turn of the conversation from its question to its end, good or bad."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

from langchain_core.language_models import FakeListChatModel

from rag import Archive, Assistant, ModelError
from ui.conversations.turns import Conversation, Turn, converse, history_of

QUESTION = "Which airport does Russia open to NATO's equipment from Afghanistan?"


def test_a_turn_grows_from_passages_to_the_whole_answer(sample_archive: Path) -> None:
    with Archive.open(sample_archive) as archive:
        turns = list(converse(lambda: Assistant(archive), Turn(QUESTION), ()))
    assert turns[0].state == "reading"
    assert turns[0].passage_count > 0
    assert turns[-1].state == "done"
    assert turns[-1].answer is not None
    assert turns[-1].text == turns[-1].answer.text


def test_a_written_answer_never_loses_a_word_on_its_way(sample_archive: Path) -> None:
    reply = "Russia opens the airport of Ulyanovsk to the equipment of NATO [1]. " * 3
    model = FakeListChatModel(responses=[reply], sleep=0.005)
    with Archive.open(sample_archive) as archive:
        turns = list(converse(lambda: Assistant(archive, model=model), Turn(QUESTION), ()))
    texts = [turn.text for turn in turns if turn.state == "writing"]
    assert len(texts) > 3
    assert all(reply.startswith(text) for text in texts)
    assert all(later.startswith(earlier) for earlier, later in pairwise(texts))


def test_an_assistant_that_cannot_be_made_fails_the_turn_with_the_reason() -> None:
    def no_assistant() -> Assistant:
        raise ModelError("The model is away: fetch it")

    (turn,) = converse(no_assistant, Turn(QUESTION), ())
    assert turn == Turn(QUESTION, "failed", error="The model is away: fetch it")


def test_what_is_no_question_fails_the_turn(sample_archive: Path) -> None:
    with Archive.open(sample_archive) as archive:
        (turn,) = converse(lambda: Assistant(archive), Turn("why " * 25_000), ())
    assert turn.state == "failed"
    assert turn.question == "why " * 25_000
    assert "shorter" in turn.error


def test_a_turn_cut_short_keeps_what_was_written() -> None:
    conversation = Conversation()
    conversation.begin(Turn(QUESTION, "writing", text="Russia opens"))
    conversation.cut_short("failed", "gone")
    assert conversation.turns == (Turn(QUESTION, "failed", text="Russia opens", error="gone"),)


def test_a_turn_that_has_ended_stays_as_it_is() -> None:
    conversation = Conversation()
    turn = conversation.begin(Turn(QUESTION, "writing", text="Russia opens"))
    conversation.cut_short("stopped")
    conversation.cut_short("failed", "the answer broke off")
    assert not conversation.replace(turn, Turn(QUESTION, "writing", text="Russia opens the airport"))
    assert conversation.turns == (Turn(QUESTION, "stopped", text="Russia opens"),)


def test_a_conversation_begun_anew_takes_nothing_of_the_answer_still_written() -> None:
    conversation = Conversation()
    turn = conversation.begin(Turn(QUESTION))
    conversation.clear()
    assert not conversation.replace(turn, Turn(QUESTION, "writing", text="Russia"))
    assert conversation.turns == ()


def test_only_answered_turns_are_told_to_the_assistant(sample_archive: Path) -> None:
    with Archive.open(sample_archive) as archive:
        done = list(converse(lambda: Assistant(archive), Turn(QUESTION), ()))[-1]
    turns = [Turn("stopped?", "stopped", text="half"), done, Turn("failed?", "failed", error="x")]
    assert [message["role"] for message in history_of(turns)] == ["user", "assistant"]
    assert history_of(turns)[0]["content"] == QUESTION

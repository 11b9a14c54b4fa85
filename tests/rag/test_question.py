"""Questions: what is turned away, what they ask for, how a follow-up is completed."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from langchain_core.messages import AIMessage, HumanMessage, SystemMessage

from rag import QuestionError
from rag.question import QUESTION_CHARACTERS, Turn, read_history, read_question


@pytest.mark.parametrize("text", ["", "   ", "\n\t", "\u202e\u200b", "\x00\x07", "?!…", "«»"])
def test_a_question_without_a_letter_or_figure_is_turned_away(text: str) -> None:
    with pytest.raises(QuestionError):
        read_question(text)


def test_a_question_of_100000_characters_is_turned_away_with_the_limit() -> None:
    with pytest.raises(QuestionError, match=f"{QUESTION_CHARACTERS:,}"):
        read_question("why " * 25_000)


def test_control_and_bidirectional_characters_are_taken_out() -> None:
    assert read_question("Who\u202e is\x00  the\u2066 mayor\n?").text == "Who is the mayor ?"


def test_a_lone_surrogate_is_taken_out() -> None:
    assert read_question("Who is \ud800 mayor?").text == "Who is mayor?"


def test_other_scripts_are_questions() -> None:
    assert read_question("谁是国防部长？").text == "谁是国防部长？"


@settings(deadline=None)
@given(st.text(max_size=300))
def test_any_text_is_read_or_turned_away(text: str) -> None:
    try:
        question = read_question(text)
    except QuestionError:
        return
    assert question.text
    assert question.language in ("en", "fr")


@pytest.mark.parametrize(
    ("text", "language", "kind"),
    [
        ("Who was Russia's defence minister?", "en", "person"),
        ("Which senator left the hearing?", "en", "person"),
        ("When does the bridge open?", "en", "date"),
        ("In which year did she join?", "en", "date"),
        ("Where is the hub to be?", "en", "place"),
        ("In which city did they meet?", "en", "place"),
        ("How many soldiers will go?", "en", "number"),
        ("What share of the cars is exported?", "en", "number"),
        ("Why did she resign?", "en", "reason"),
        ("What did the mayor say about the bridge?", "en", "quote"),
        ("Which newspaper was sold?", "en", "name"),
        ("Qui est le ministre de la Défense ?", "fr", "person"),
        ("Quel sénateur a quitté la salle ?", "fr", "person"),
        ("Quand le pont ouvre-t-il ?", "fr", "date"),
        ("En quelle année a-t-elle adhéré ?", "fr", "date"),
        ("Où sera le centre de transit ?", "fr", "place"),
        ("Dans quelle ville se sont-ils réunis ?", "fr", "place"),
        ("Combien de soldats partiront ?", "fr", "number"),
        ("Pourquoi a-t-elle démissionné ?", "fr", "reason"),
        ("Comment s'appelle la réunion des ambassadeurs ?", "fr", "name"),
        ("Qu'a déclaré le maire à propos du pont ?", "fr", "quote"),
    ],
)
def test_the_expected_kind_of_answer_is_told_from_the_question(text: str, language: str, kind: str) -> None:
    question = read_question(text)
    assert (question.language, question.kind) == (language, kind)


HISTORY = [Turn("user", "Who is the mayor of Marlowe?"), Turn("assistant", "Ada Linden. [1]")]


@pytest.mark.parametrize("text", ["How old is she?", "And in 2016?", "Why?"])
def test_a_follow_up_that_cannot_stand_alone_is_completed(text: str) -> None:
    question = read_question(text, HISTORY)
    assert question.text == text
    assert "mayor of Marlowe" in question.query
    assert question.completed is not None
    assert "mayor of Marlowe" in question.completed


def test_a_question_that_stands_alone_is_left_alone() -> None:
    question = read_question("Which airline flies to Vilnius?", HISTORY)
    assert question.completed is None
    assert question.query == question.text


def test_a_follow_up_after_the_longest_question_is_still_within_the_limit() -> None:
    history = [Turn("user", "mayor " * (QUESTION_CHARACTERS // 6))]
    long = "How old is she " * (QUESTION_CHARACTERS // 15)
    assert len(read_question("How old is she?", history).query) <= QUESTION_CHARACTERS
    assert read_question(long, history).query.endswith(long.strip())


def test_a_word_alone_is_read_in_the_language_of_the_question_before() -> None:
    assert read_question("2016 ?", [Turn("user", "Combien de soldats sont partis en 2015 ?")]).language == "fr"
    assert read_question("Pourquoi ?", HISTORY).language == "fr"


def test_history_is_read_from_dictionaries_and_from_langchain_messages() -> None:
    said = [{"role": "user", "content": "Who?"}, {"role": "assistant", "content": "She."}]
    messages = [SystemMessage("Be kind."), HumanMessage("Who?"), AIMessage([{"type": "text", "text": "She."}])]
    assert read_history(said) == read_history(messages) == [Turn("user", "Who?"), Turn("assistant", "She.")]


def test_history_of_something_else_is_an_error_that_says_what_to_give() -> None:
    with pytest.raises(QuestionError, match="role"):
        read_history(["Who?"])

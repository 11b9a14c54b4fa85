"""Follow-ups: which questions need the conversation, and what they are completed with."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from rag import Answer, Archive, AskSettings, Assistant
from rag.followups.completing import Turn, complete
from rag.language import detect_language
from rag.question import read_question
from rag.words import normalise
from tests.rag.newsroom import ARTICLES, ScriptedModel

with (Path(__file__).parents[1] / "followups.jsonl").open(encoding="utf-8") as lines:
    FOLLOW_UPS: list[dict[str, Any]] = [json.loads(line) for line in lines]
# Of forty follow-ups so many may be lost that are answered when they are asked whole: measured, 34 against 38.
LOST_AT_MOST = 5


def _completed(text: str, *said: str) -> str | None:
    """How a question is completed after others, asked and answered in turn."""
    roles = ("user", "assistant")
    turns = [Turn(roles[place % 2], words) for place, words in enumerate(said)]
    completion = complete(text, detect_language(text) or "en", turns)
    return completion.shown if completion else None


@pytest.mark.parametrize(
    "text",
    [
        "How old was she?",
        "And how did he die?",
        "Which university is she from?",
        "Where did he meet Elin Jones in June?",
        "What did Elin Jones say about him?",
        "How many people live there?",
        "Who said that?",
        "Why?",
        "How much?",
        "And in 2016?",
        "What about Toyota?",
        "When did they leave the island?",
        "Which brother did her husband sue?",
        "When was the bridge opened?",
        "Quel âge avait-il ?",
        "Et comment est-elle morte ?",
        "Combien d'espèces y vivent ?",
        "Combien de lettres publiques a-t-elle écrites depuis mai ?",
        "Quel jeu son programme gagnait-il ?",
        "Et en France ?",
        "Pourquoi ?",
        "Combien cela coûte-t-il ?",
        "Qui l'a construit ?",
        "Quand ce pont a-t-il ouvert ?",
    ],
)
def test_a_question_that_points_back_is_completed(text: str) -> None:
    assert _completed(text, "Who built the bridge in Marlowe?", "Ada Linden built it. [1]")


@pytest.mark.parametrize(
    "text",
    [
        "Who is Putin?",
        "Which airline flies to Vilnius?",
        "And which airline flies to Vilnius?",
        "What did Elin Jones say about her bill?",
        "When did Toyota say that it would close the plant in Deeside?",
        "How many people are there in Wales?",
        "Is it true that Wales has a parliament?",
        "What happened this week in Wales?",
        "Which driver celebrated his birthday at the Russian Grand Prix?",
        "How many replies did Jeane Freeman get to her letter?",
        "What is the name of the driver who was refused entry to his flat in Birkenhead?",
        "Combien de lettres Elin Jones a-t-elle écrites ?",
        "Pourquoi les bars de Cardiff ont-ils vu leurs recettes monter ?",
        "Combien de navires faudrait-il pour bloquer la Russie ?",
        "Y a-t-il une université à Bangor ?",
        "Combien de médecins y avait-il parmi les réfugiés de Corée ?",
        "Dans quelle ville Sarah Palin a-t-elle parlé de son fils ?",
        "Qu'est-ce que le Brexit ?",
        "New question: how old is she?",
        "Changing the subject, when was it built?",
        "Autre sujet : pourquoi ?",
        "Changeons de sujet : où est-il né ?",
    ],
)
def test_a_question_with_its_own_subject_is_left_alone(text: str) -> None:
    assert _completed(text, "Who built the bridge in Marlowe?", "Ada Linden built it. [1]") is None


def test_the_words_that_cut_the_thread_are_not_searched_for() -> None:
    question = read_question("New question: who built the mill?", [Turn("user", "Who built the bridge?")])
    assert (question.query, question.completed) == ("who built the mill?", None)


@pytest.mark.parametrize(
    ("text", "before", "expected"),
    [
        ("And in 2016?", "How many soldiers were sent in 2015?", "How many soldiers were sent in 2016?"),
        ("2016?", "How many soldiers were sent in 2015?", "How many soldiers were sent in 2016?"),
        (
            "And in Latvia?",
            "Which nation leads the battalion in Estonia?",
            "Which nation leads the battalion in Latvia?",
        ),
        ("What about Toyota?", "How many cars did Honda build?", "How many cars did Toyota build?"),
        ("Et en 2016 ?", "Combien de soldats sont partis en 2015 ?", "Combien de soldats sont partis en 2016 ?"),
        ("Et en France ?", "Combien de soldats y a-t-il en Norvège ?", "Combien de soldats y a-t-il en France ?"),
        ("Et au Chili ?", "Combien de mines y a-t-il en Bolivie ?", "Combien de mines y a-t-il au Chili ?"),
    ],
)
def test_a_year_or_place_takes_the_place_of_the_one_before(text: str, before: str, expected: str) -> None:
    assert _completed(text, before) == expected


def test_a_year_in_another_language_takes_the_place_of_the_one_before() -> None:
    question = read_question("Et en 2016 ?", [Turn("user", "How many soldiers were sent in 2015?")])
    assert question.language == "fr"
    assert question.completed == "How many soldiers were sent in 2016?"
    assert question.kind == "number"


def test_the_kind_asked_for_is_that_of_the_question_before_where_none_is_said() -> None:
    assert read_question("And the miners?", [Turn("user", "How many farmers came to Dunmore?")]).kind == "number"


def test_he_is_the_person_that_the_answer_brought() -> None:
    answer = "The film-maker Ivo Brandt, 44, met Queen Berta on the Home Depot lot. [1]"
    assert "Ivo Brandt" in str(_completed("How old is he?", "Who made the film?", answer))


def test_she_is_the_person_that_the_question_named() -> None:
    shown = _completed("How many letters has she sent?", "When does Elin Jones resign?", "The vote is on Monday. [1]")
    assert shown == "How many letters has she sent? (Elin Jones — “When does Elin Jones resign?”)"


def test_a_name_that_nothing_shows_to_be_a_person_is_not_taken_for_one() -> None:
    answer = "The truck was rented at Home Depot, court papers say. [1]"
    assert "Home Depot" not in str(_completed("How old is he?", "Who drove the truck?", answer))


def test_a_refusal_brings_no_names() -> None:
    from rag.prompts import REFUSAL

    shown = _completed("How old is he?", "Who drove the truck?", REFUSAL["en"])
    assert shown == "How old is he? (“Who drove the truck?”)"


def test_a_thread_is_followed_through_several_questions() -> None:
    said = ["Who wrote the book Fear of Frost?", "Nobody knows. [1]", "Where was it printed?", "In Dunmore. [1]"]
    shown = _completed("And when?", *said)
    assert shown == "And when? (“Who wrote the book Fear of Frost?”)"


def test_thanks_are_no_question_to_follow() -> None:
    assert "bridge" in str(
        _completed("How long is it?", "Who built the bridge?", "Ada Linden. [1]", "Thanks!", "Welcome.")
    )
    assert _completed("How much will the bridge cost?", "Hello!") is None


def _answers(answer: Answer, accepted: list[str]) -> bool:
    said = normalise(answer.text).casefold()
    return not answer.refused and any(normalise(words).casefold() in said for words in accepted)


def test_follow_ups_are_answered_about_as_often_as_the_same_questions_asked_whole(sample: Archive) -> None:
    assistant = Assistant(sample)
    followed = alone = 0
    for row in FOLLOW_UPS:
        first = assistant.ask(row["first"])
        history = [{"role": "user", "content": row["first"]}, {"role": "assistant", "content": first.text}]
        followed += _answers(assistant.ask(row["q"], history), row["answers"])
        alone += _answers(assistant.ask(row["standalone"]), row["answers"])
    assert alone >= 36
    assert followed >= alone - LOST_AT_MOST


def test_of_forty_follow_ups_most_are_completed_and_nearly_none_of_their_whole_forms() -> None:
    completed = [_completed(row["q"], row["first"]) for row in FOLLOW_UPS]
    whole = [_completed(row["standalone"], row["first"]) for row in FOLLOW_UPS]
    assert len(FOLLOW_UPS) == 40
    assert sum(shown is None for shown in completed) <= 7
    assert sum(shown is not None for shown in whole) <= 1


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Archive]:
    with Archive.open(tmp_path_factory.mktemp("newsroom") / "archive") as archive:
        archive.add(ARTICLES)
        yield archive


HISTORY = [
    {"role": "user", "content": "What is known about the bridge over the Tarn in Marlowe?"},
    {"role": "assistant", "content": "The council of Marlowe voted on Tuesday for a new bridge over the Tarn. [1]"},
]


def test_the_completed_question_is_shown_and_can_be_turned_off(archive: Archive) -> None:
    assistant = Assistant(archive)
    answer = assistant.ask("And how much will it cost?", HISTORY)
    assert "4,000 crowns" in answer.text
    assert answer.question == "And how much will it cost?"
    assert answer.completed == (
        "And how much will it cost? (“What is known about the bridge over the Tarn in Marlowe?”)"
    )
    assert assistant.ask("And how much will it cost?", HISTORY, settings=AskSettings(completes=False)).completed is None


def test_a_model_may_complete_the_question(archive: Archive) -> None:
    model = ScriptedModel(reply="How much will the bridge in Marlowe cost?")
    answer = Assistant(archive, model=model).ask("And how much will it cost?", HISTORY)
    assert answer.completed == "How much will the bridge in Marlowe cost?"
    assert "<conversation>" in str(model.asked[0][-1].content)
    assert "4,000 crowns" in answer.text


@pytest.mark.parametrize(
    "reply",
    [
        "",
        "It will cost 4,000 crowns [1].",
        "Who won the cup in Reykjavik?",
        "Why? Because? How much will it cost?",
        "cost " * 99 + "?",
    ],
)
def test_a_model_that_completes_badly_is_stood_in_for_by_the_rules(archive: Archive, reply: str) -> None:
    answer = Assistant(archive, model=ScriptedModel(reply=reply)).ask("And how much will it cost?", HISTORY)
    assert answer.completed == Assistant(archive).ask("And how much will it cost?", HISTORY).completed


def test_a_model_is_not_asked_about_a_question_that_stands_alone(archive: Archive) -> None:
    model = ScriptedModel(reply="The bridge will cost 4,000 crowns [1].")
    Assistant(archive, model=model).ask("How much will the bridge of Marlowe cost?", HISTORY)
    assert len(model.asked) == 1

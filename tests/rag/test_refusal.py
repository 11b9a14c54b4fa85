"""When an answer is refused, and what the refusal says."""

from __future__ import annotations

import numpy as np
import pytest

from embeddings import encoder_from
from rag import Passage
from rag.extractive.candidates import find_candidates
from rag.extractive.evidence import FEATURES, read_candidates
from rag.extractive.refusal import (
    ANSWER_FEATURES,
    DETAIL_FEATURES,
    STORY_FEATURES,
    answer_confidence,
    describe_answer,
    is_about_strangers,
    looked_for,
)
from rag.extractive.weights import DETAIL_WEIGHTS, LEAST_CONFIDENCE, SENTENCE_WEIGHTS, STORY_WEIGHTS
from rag.question import read_question
from tests.rag.newsroom import ARTICLES


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("Who is the president of Brazil?", "Looked for: a person; Brazil, president."),
        ("How many boats did Ada Linden order?", "Looked for: a figure; Ada Linden, boats, order."),
        ("Où est le bac de Sainte-Aube ?", "Recherché : un lieu ; Sainte-Aube, bac."),
        ("Pourquoi ?", "Recherché : une raison."),
    ],
)
def test_a_refusal_says_what_was_looked_for_in_the_question_s_words(question: str, said: str) -> None:
    assert looked_for(read_question(question)) == said


def test_of_a_long_question_the_first_words_are_repeated() -> None:
    question = "Who saw " + ", ".join(f"lamp{number}" for number in range(40)) + "?"
    assert looked_for(read_question(question)).count(",") < 10


def test_a_question_of_small_words_alone_leaves_nothing_to_say() -> None:
    assert looked_for(read_question("What is it?")) == ""


@pytest.mark.parametrize(
    ("question", "are_strangers"),
    [
        ("Who is the president of Brazil?", True),
        ("Qui est le président du Brésil ?", True),
        ("Who is the treasurer of Marlowe?", False),
        ("Who is the captain of the ferry?", False),
        ("Who speaks for the XQZ?", False),
    ],
)
def test_names_that_nothing_comes_near_are_strangers(question: str, are_strangers: bool) -> None:
    encoder = encoder_from(None)
    read = read_candidates(find_candidates(_passages()), encoder, {})
    assert is_about_strangers(read_question(question), read, encoder) is are_strangers


def test_every_feature_has_a_weight() -> None:
    assert tuple(SENTENCE_WEIGHTS) == FEATURES
    assert tuple(STORY_WEIGHTS) == STORY_FEATURES
    assert tuple(DETAIL_WEIGHTS) == DETAIL_FEATURES
    assert {*STORY_FEATURES, *DETAIL_FEATURES} == set(ANSWER_FEATURES)
    assert 0 < LEAST_CONFIDENCE < 1


def test_one_sentence_is_enough_to_describe_an_answer() -> None:
    candidates = find_candidates(_passages()[:1])[:1]
    features = np.ones((1, len(FEATURES)), np.float32)
    scores = np.zeros(1, np.float32)
    assert describe_answer(candidates, features, scores).shape == (len(ANSWER_FEATURES),)
    assert 0 <= answer_confidence(candidates, features, scores) <= 1


def test_a_story_that_is_nearer_is_likelier_to_answer() -> None:
    candidates = find_candidates(_passages())[:2]
    features = np.full((2, len(FEATURES)), 0.3, np.float32)
    nearer = features.copy()
    for name in ("article_similarity", "words_met_article", "article_overlap"):
        nearer[:, FEATURES.index(name)] = 0.8
    scores = np.array([1.0, 0.0], np.float32)
    assert answer_confidence(candidates, nearer, scores) > answer_confidence(candidates, features, scores)


def test_a_figure_beside_what_is_asked_about_is_likelier_to_answer_than_one_elsewhere_in_the_article() -> None:
    candidates = find_candidates(_passages()[:1])[:2]
    assert len(candidates) == 2
    features = np.full((2, len(FEATURES)), 0.7, np.float32)  # the story is there
    for name in FEATURES:
        if name.startswith("gives_") or name == "lacks_unit":
            features[:, FEATURES.index(name)] = 0
    for name in ("words_met_own", "rest_met_own", "focus_met_own"):
        features[0, FEATURES.index(name)] = 0.9
    beside, elsewhere, nowhere = features.copy(), features.copy(), features
    beside[0, FEATURES.index("gives_number")] = 1
    elsewhere[1, FEATURES.index("gives_number")] = 1
    scores = np.array([2.0, 0.0], np.float32)
    chances = [answer_confidence(candidates, rows, scores) for rows in (beside, elsewhere, nowhere)]
    assert chances == sorted(chances, reverse=True)
    assert chances[0] > chances[1]


def test_another_article_s_figure_makes_no_answer_likelier() -> None:
    first, second = find_candidates(_passages()[:1])[0], find_candidates(_passages()[1:2])[0]
    features = np.full((2, len(FEATURES)), 0.3, np.float32)
    for name in FEATURES:
        if name.startswith("gives_") or name == "lacks_unit":
            features[:, FEATURES.index(name)] = 0
    given = features.copy()
    given[1, FEATURES.index("gives_number")] = 1
    scores = np.array([2.0, 0.0], np.float32)
    lost = ANSWER_FEATURES.index("rest_met_lost")
    assert (
        describe_answer([first, second], given, scores)[lost]
        == describe_answer([first, second], features, scores)[lost]
    )


def _passages() -> list[Passage]:
    return [Passage(article, 0, len(article.text), 1.0, rank) for rank, article in enumerate(ARTICLES, start=1)]

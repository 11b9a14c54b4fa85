"""The extractive answer: which sentences, from which articles, and when none."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from embeddings import encoder_from
from rag import Article, Passage
from rag.extractive.candidates import find_candidates
from rag.extractive.choosing import ANSWER_WORDS, SENTENCE_COUNT, choose_sentences
from rag.extractive.evidence import FEATURES, describe, read_candidates
from rag.extractive.wording import Wording, read_wording
from rag.question import read_question
from rag.records import Span
from tests.rag.newsroom import ARTICLES

PASSAGES = [Passage(article, 0, len(article.text), 1 / rank, rank) for rank, article in enumerate(ARTICLES, start=1)]
ENCODER = encoder_from(None)


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("How much will the bridge cost?", "4,000 crowns"),
        ("When does work on the bridge start?", "April 2016"),
        ("Where did the growers meet?", "Dunmore"),
        ("Combien coûtera la réparation du bac ?", "quatre mille couronnes"),
        ("Combien de temps prendra la réparation ?", "trois semaines"),
    ],
)
def test_the_best_sentence_answers(question: str, words: str) -> None:
    best = choose_sentences(read_question(question), PASSAGES, ENCODER).sentences[0]
    assert words in best.text
    assert best.passage.article.text[best.start : best.end] == best.text


@pytest.mark.parametrize(
    "question", ["Who won the chess championship in Reykjavik?", "What is the capital of Peru?", "Wie heißt der Papst?"]
)
def test_what_no_article_is_about_is_refused(question: str) -> None:
    choice = choose_sentences(read_question(question), PASSAGES, ENCODER)
    assert choice.sentences == ()
    assert 0 <= choice.confidence < 0.5


def test_without_passages_nothing_is_chosen() -> None:
    assert choose_sentences(read_question("Who?"), [], ENCODER).sentences == ()


def test_an_answer_is_short() -> None:
    text = " ".join(
        f"The bridge over the Tarn was opened by mayor number {n}, it is said, {'and ' * n}closed." for n in range(40)
    )
    article = Article("long", "The bridge", text, language="en")
    chosen = choose_sentences(
        read_question("Who opened the bridge?"), [Passage(article, 0, len(text), 1.0, 1)], ENCODER
    )
    assert 1 <= len(chosen.sentences) <= SENTENCE_COUNT
    assert sum(len(sentence.text.split()) for sentence in chosen.sentences) <= ANSWER_WORDS


def test_the_same_sentence_in_two_articles_is_given_once() -> None:
    copy = replace(ARTICLES[0], id="copy", source="Another Outlet")
    passages = [PASSAGES[0], Passage(copy, 0, len(copy.text), 0.9, 2)]
    chosen = choose_sentences(read_question("How much will the bridge cost?"), passages, ENCODER).sentences
    assert len({sentence.text for sentence in chosen}) == len(chosen)


def test_headings_are_no_candidates() -> None:
    text = "Five days in August\n\nThe bridge will cost 4,000 crowns."
    article = Article("a", "t", text, language="en")
    candidates = find_candidates([Passage(article, 0, len(text), 1.0, 1)])
    assert [candidate.text for candidate in candidates] == ["The bridge will cost 4,000 crowns."]


def test_every_feature_is_a_number_for_every_candidate() -> None:
    candidates = find_candidates(PASSAGES)
    wording = read_wording(read_question("How much will the bridge cost?"), candidates)
    features = _described(wording)
    assert features.shape == (len(candidates), len(FEATURES))
    assert bool((features == features).all())
    gives_unit = features[:, FEATURES.index("gives_unit")]
    assert [c.text for c, gives in zip(candidates, gives_unit, strict=True) if gives] == [
        "The bridge will cost 4,000 crowns, the treasurer Ada Linden said.",
        "La réparation prendra trois semaines et coûtera quatre mille couronnes.",
    ]


def test_what_answers_is_found_wherever_it_stands() -> None:
    told = [f"Ferry number {number} left the harbour at noon." for number in range(25)]
    text = " ".join([*told, "The bridge will cost 4,000 crowns."])
    article = Article("a", "News of the day", text, language="en")
    passages = [Passage(article, 0, len(text), 1.0, 1)]
    assert len(find_candidates(passages)) == 26
    chosen = choose_sentences(read_question("How much will the bridge cost?"), passages, ENCODER).sentences
    assert chosen[0].text == "The bridge will cost 4,000 crowns."


def test_sentences_lie_where_the_archive_says_if_it_does() -> None:
    text = "The bridge is old. It rained on Monday. The bridge will cost 4,000 crowns."
    passage = Passage(Article("a", "t", text, language="en"), 0, len(text), 1.0, 1)
    spans = {("a", 0, len(text)): (Span(0, 18), Span(40, len(text)))}
    assert [one.text for one in find_candidates([passage], spans)] == [text[:18], text[40:]]
    assert len(find_candidates([replace(passage, end=39)], spans)) == 2


def test_neighbours_are_those_in_the_text_of_the_same_passage() -> None:
    first = Article("a", "t", "The bridge is old. It rained on Monday.", language="en")
    second = Article("b", "t", "The bridge will cost 4,000 crowns.", language="en")
    passages = [Passage(one, 0, len(one.text), 1.0, rank) for rank, one in enumerate((first, second), start=1)]
    features = _described(read_wording(read_question("What is the bridge?"), find_candidates(passages)))
    own, window = FEATURES.index("similarity"), FEATURES.index("window_similarity")
    assert features[2, window] == pytest.approx(features[2, own])
    assert features[0, window] != pytest.approx(features[0, own])


def _described(wording: Wording) -> NDArray[np.float32]:
    return describe(wording, read_candidates(wording.candidates, ENCODER, {}), ENCODER)

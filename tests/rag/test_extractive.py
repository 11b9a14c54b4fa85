"""The extractive answer: which sentences, from which articles, and when none."""

from __future__ import annotations

from dataclasses import replace

import pytest

from embeddings import encoder_from
from rag import Article, Passage
from rag.extractive.candidates import find_candidates
from rag.extractive.choosing import ANSWER_WORDS, SENTENCE_COUNT, choose_sentences
from rag.extractive.evidence import FEATURES, describe
from rag.extractive.wording import SHORT_LIST, most_promising, read_wording
from rag.question import read_question
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
    features = describe(wording, range(len(candidates)), ENCODER)
    assert features.shape == (len(candidates), len(FEATURES))
    assert bool((features == features).all())
    gives_unit = features[:, FEATURES.index("gives_unit")]
    assert [c.text for c, gives in zip(candidates, gives_unit, strict=True) if gives] == [
        "The bridge will cost 4,000 crowns, the treasurer Ada Linden said.",
        "La réparation prendra trois semaines et coûtera quatre mille couronnes.",
    ]


def test_what_shares_the_question_s_words_is_encoded_wherever_it_stands() -> None:
    told = [f"Ferry number {number} left the harbour at noon." for number in range(25)]
    text = " ".join([*told, "The bridge will cost 4,000 crowns."])
    article = Article("a", "News of the day", text, language="en")
    candidates = find_candidates([Passage(article, 0, len(text), 1.0, 1)])
    wording = read_wording(read_question("How much will the bridge cost?"), candidates)
    places = most_promising(wording.features)
    assert len(places) == SHORT_LIST < len(candidates)
    assert candidates[places[-1]].text == "The bridge will cost 4,000 crowns."


def test_neighbours_are_those_in_the_text_not_those_next_on_the_list() -> None:
    text = "The bridge is old. It rained on Monday. The bridge will cost 4,000 crowns."
    article = Article("a", "t", text, language="en")
    wording = read_wording(
        read_question("What is the bridge?"), find_candidates([Passage(article, 0, len(text), 1, 1)])
    )
    own, window = FEATURES.index("similarity"), FEATURES.index("window_similarity")
    apart = describe(wording, [0, 2], ENCODER)
    together = describe(wording, [0, 1, 2], ENCODER)
    assert apart[:, window] == pytest.approx(apart[:, own])
    assert together[0, window] != pytest.approx(together[0, own])

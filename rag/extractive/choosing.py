"""Question and passages → the one to three sentences of the articles that answer, without a language model.

The candidate sentences are weighed by `rag.extractive.weights`; of the best, those are taken together that most
probably hold the answer within the length a reader wants to read, a further article only where it adds enough. When
even these are not likely to answer, none is taken: that is the refusal.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from embeddings import Encoder
from rag.extractive.candidates import Candidate, find_candidates
from rag.extractive.evidence import FEATURES, describe, read_candidates
from rag.extractive.refusal import answer_confidence, is_about_strangers
from rag.extractive.weights import LEAST_CONFIDENCE, SENTENCE_WEIGHTS
from rag.extractive.wording import read_wording
from rag.kept_sentences import KeptSentences
from rag.question import Question
from rag.records import Passage
from rag.words import normalise

__all__ = ["Choice", "best_set", "choose_sentences", "prefer_own_language"]

SENTENCE_COUNT = 3
# One sentence alone may be longer. With what a further sentence costs, this keeps the median answer at 70 words.
ANSWER_WORDS = 95
# Sets are made of the best so many sentences; a lower one has never been worth taking.
SET_CANDIDATES = 10
# What a further article, and a further sentence, must add to the probability that the answer is there. With .055 a
# sentence, answers are a word or two shorter and hold an accepted one for a question of a hundred less.
ARTICLE_COST = 0.02
SENTENCE_COST = 0.05
# What the scores are multiplied by, so that the best set is neither one sure sentence nor a list. Chosen on the
# development questions, for the answers' length as much as for what they answer.
SHARPNESS = 0.8
# What a sentence in the question's language is preferred by, on the scale of the scores: of two articles that
# answer, a reader would rather read that one. Up to .6 costs nothing on the mixed development archive.
OWN_LANGUAGE = 0.4


@dataclass(frozen=True, slots=True)
class Choice:
    """The sentences chosen, best first, none when refused; `confidence` from 0 to 1 that they answer."""

    sentences: tuple[Candidate, ...]
    confidence: float


def choose_sentences(
    question: Question,
    passages: Sequence[Passage],
    encoder: Encoder,
    kept: KeptSentences | None = None,
) -> Choice:
    """The sentences that answer the question, or none where nothing found is likely to.

    `kept` is what the archive keeps of the passages' sentences (`Archive.kept_sentences`); others are encoded.
    """
    kept = kept or KeptSentences()
    candidates = find_candidates(passages, kept.spans)
    if not candidates:
        return Choice((), 0.0)
    read = read_candidates(candidates, encoder, kept.read)
    if is_about_strangers(question, read, encoder):
        return Choice((), 0.0)
    # The words of the question before would else outweigh a completed follow-up's own, and its answer be given again:
    # what it was completed to and what it asks itself count the same.
    queries = list(dict.fromkeys([question.query, question.text]))
    wordings = [read_wording(replace(question, query=query), candidates) for query in queries]
    weights = np.array([SENTENCE_WEIGHTS[name] for name in FEATURES], np.float32)
    described = [describe(wording, read, encoder) for wording in wordings]
    features = np.asarray(np.mean(described, axis=0), np.float32)
    scores = features @ weights
    # Its subject was found already: a follow-up is refused where neither way of reading it is likely answered.
    confidence = max(answer_confidence(candidates, each, each @ weights) for each in (described[0], features))
    if confidence < LEAST_CONFIDENCE:
        return Choice((), confidence)
    ranked = prefer_own_language(SHARPNESS * scores, candidates, question.language)
    return Choice(best_set(candidates, ranked), confidence)


def prefer_own_language(
    scores: NDArray[np.float32], candidates: Sequence[Candidate], language: str
) -> NDArray[np.float32]:
    """The scores, those of sentences in the question's language raised."""
    is_own = [candidate.passage.article.language == language for candidate in candidates]
    return scores + OWN_LANGUAGE * np.array(is_own, np.float32)


def best_set(candidates: Sequence[Candidate], scores: NDArray[np.float32]) -> tuple[Candidate, ...]:
    """The sentences that together are likeliest to hold the answer within `ANSWER_WORDS`, best first."""
    probabilities = np.exp(scores - scores.max())
    probabilities /= probabilities.sum()
    best = [int(index) for index in np.argsort(-scores, kind="stable")]
    best = _without_repeats(candidates, best)[:SET_CANDIDATES]
    word_counts = [len(candidate.text.split()) for candidate in candidates]

    def worth(chosen: tuple[int, ...]) -> float:
        articles = {candidates[index].passage.article.id for index in chosen}
        cost = ARTICLE_COST * (len(articles) - 1) + SENTENCE_COST * (len(chosen) - 1)
        return float(sum(probabilities[index] for index in chosen)) - cost

    sets = [
        chosen
        for size in range(1, SENTENCE_COUNT + 1)
        for chosen in combinations(best, size)
        if size == 1 or sum(word_counts[index] for index in chosen) <= ANSWER_WORDS
    ]
    return tuple(candidates[index] for index in max(sets, key=worth))


def _without_repeats(candidates: Sequence[Candidate], order: list[int]) -> list[int]:
    """`order` without sentences that stand in it already, from a near copy or a feed's second printing."""
    seen: set[str] = set()
    kept = []
    for index in order:
        text = normalise(candidates[index].text).casefold()
        if text not in seen:
            seen.add(text)
            kept.append(index)
    return kept

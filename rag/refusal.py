"""Scored sentences → how likely it is that they answer, so that a question nobody answers is refused.

Two things can be missing: the story, and the one detail asked for in a story that is there. Each has its own weights
over the same features. Similarity alone can't tell the second: an article on the subject that lacks the detail is as
similar as one that has it. What helps is which words of the question nothing in the article comes near.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from embeddings import Encoder
from rag.alignment import how_well_met, read_sentences
from rag.answer_weights import DETAIL_INTERCEPT, DETAIL_WEIGHTS, STORY_INTERCEPT, STORY_WEIGHTS
from rag.evidence import FEATURES, MET, WHERE, Candidate
from rag.prompts import KIND_NAMES, LOOKED_FOR
from rag.question import Question
from rag.words import fold, is_content, names, words

__all__ = [
    "ANSWER_FEATURES",
    "DETAIL_POWER",
    "answer_confidence",
    "describe_answer",
    "is_about_strangers",
    "looked_for",
]

# Words of the question that a refusal repeats: enough to see whether it was understood.
SOUGHT_WORDS = 8
# Below it a question's names are strangers. Of the development questions with an answer six in a thousand are refused
# by it alone, of those whose story is missing a fifth, in small archives three fifths; at .5 1.8% and two fifths.
LEAST_NAMES_MET = 0.4
# How much the detail counts beside the story. Of 1 and 2, 2 tells three points more of the pairs where the detail is
# missing the right way round, and half a point less where the story is.
DETAIL_POWER = 2


_OF_BEST = (
    "similarity",
    "window_similarity",
    "article_similarity",
    "window_overlap",
    "article_overlap",
    "name_share",
    "names_missing",
    "figure_share",
    *(f"{what}_{where}" for what in MET for where in WHERE),
)
ANSWER_FEATURES = (
    "best_score",
    "score_lead",  # over the tenth best sentence
    *(f"best_{name}" for name in _OF_BEST),
    "best_gives_kind",  # the best sentence holds the kind of thing asked for
    "any_gives_kind",  # the share of the best three that do
    "lacks_unit",  # the share of the best three that don't give the unit asked for
)
_GIVES = [column for column, name in enumerate(FEATURES) if name.startswith("gives_") and name != "gives_unit"]


def describe_answer(features: NDArray[np.float32], scores: NDArray[np.float32]) -> NDArray[np.float32]:
    """float32, shape (len(ANSWER_FEATURES),), from `describe`'s rows (at least one) and their scores."""
    order = np.argsort(-scores, kind="stable")
    best = features[order[0]]
    gives = features[order[:3]][:, _GIVES].sum(axis=1)
    return np.array(
        [
            scores[order[0]],
            scores[order[0]] - scores[order[min(9, len(order) - 1)]],
            *(best[FEATURES.index(name)] for name in _OF_BEST),
            gives[0],
            gives.mean(),
            features[order[:3], FEATURES.index("lacks_unit")].mean(),
        ],
        np.float32,
    )


def answer_confidence(features: NDArray[np.float32], scores: NDArray[np.float32]) -> float:
    """From 0 to 1: how likely it is that the best-scored sentences answer the question.

    The chance that the archive has the story at all, times the chance that it then has what is asked of it.
    """
    described = describe_answer(features, scores)
    has_story = _chance(described, STORY_WEIGHTS, STORY_INTERCEPT)
    return has_story * _chance(described, DETAIL_WEIGHTS, DETAIL_INTERCEPT) ** DETAIL_POWER


def _chance(described: NDArray[np.float32], weights: dict[str, float], intercept: float) -> float:
    margin = intercept + float(described @ np.array([weights[name] for name in ANSWER_FEATURES]))
    return 1 / (1 + math.exp(-margin))


def is_about_strangers(question: Question, candidates: Sequence[Candidate], encoder: Encoder) -> bool:
    """Whether the question names somebody or something, and nothing found comes near those names.

    A name counts as well as its nearest word in any candidate, in whichever language; the mean of all is looked at.
    """
    named = {
        fold(word.surface)
        for name in names(question.query, question.language)
        for text in (name, encoder.as_read(name, question.language))
        for word in words(text)
    }
    query, *said = read_sentences(
        encoder,
        [
            (question.query, question.language),
            *((candidate.text, candidate.passage.article.language) for candidate in candidates),
        ],
    )
    is_name = [fold(word) in named for word in query.words]
    if not any(is_name):
        return False
    return float(how_well_met(query, said)[is_name].max(axis=1).mean()) < LEAST_NAMES_MET


def looked_for(question: Question) -> str:
    """What a refusal says was sought, all from the question: the kind of answer, then its names and other words.

    Empty for a question that tells neither.

    >>> from rag.question import read_question
    >>> looked_for(read_question("Who is the president of Brazil?"))
    'Looked for: a person; Brazil, president.'
    """
    kind = KIND_NAMES[question.language].get(question.kind)
    named = names(question.query, question.language)
    in_names = {word.surface.lower() for name in named for word in words(name)}
    others = [
        word.surface
        for word in words(question.query)
        if is_content(word.surface, question.language) and word.surface.lower() not in in_names
    ]
    terms = ", ".join(list(dict.fromkeys([*named, *others]))[:SOUGHT_WORDS])
    between = " ; " if question.language == "fr" else "; "
    sought = between.join(part for part in (kind, terms) if part)
    return LOOKED_FOR[question.language].format(sought=sought) if sought else ""

"""Scored sentences → how likely it is that they answer, so that a question nobody answers is refused.

Two things can be missing: the story, and the one detail asked for in a story that is there. How near the best
sentences are tells the first and is blind to the second: an article on the subject that lacks the detail is as near as
one that has it. What tells the second is whether the thing asked about is met, and whether it is met by a sentence that
holds the kind of thing asked for: where the nearest sentence has no figure, and the nearest figure is about something
else, «how many» has no answer. So each is judged by features of its own.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from embeddings import Encoder
from rag.alignment import ReadSentence, how_well_met, read_sentences
from rag.extractive.candidates import Candidate
from rag.extractive.evidence import FEATURES, MET, WHERE
from rag.extractive.weights import DETAIL_INTERCEPT, DETAIL_WEIGHTS, STORY_INTERCEPT, STORY_WEIGHTS
from rag.prompts import KIND_NAMES, LOOKED_FOR
from rag.question import Question
from rag.words import fold, is_content, names, words

__all__ = [
    "ANSWER_FEATURES",
    "DETAIL_FEATURES",
    "STORY_FEATURES",
    "answer_confidence",
    "describe_answer",
    "is_about_strangers",
    "joint_chance",
    "looked_for",
]

# Words of the question that a refusal repeats: enough to see whether it was understood.
SOUGHT_WORDS = 8
# Below it a question's names are strangers. Of the development questions with an answer one of a hundred is refused by
# it alone, of those whose story is missing more than a third.
LEAST_NAMES_MET = 0.45
# How decisive the story is: where it is surely there, the detail alone should decide, and where it isn't, nothing else.
# Beside 1 and 0, half a point less is under the curve where the story is missing, and five to seven more where the
# detail is; up to 4 and 3 the one falls on and the other rises on, both slowly.
STORY_SLOPE = 2.0
STORY_LIFT = 1.5


_OF_BEST = (
    "similarity",
    "window_similarity",
    "article_similarity",
    "around_similarity",
    "article_around_similarity",
    "window_overlap",
    "article_overlap",
    "name_share",
    "names_missing",
    "figure_share",
    *(f"{what}_{where}" for what in MET for where in WHERE),
)
STORY_FEATURES = (
    "best_score",
    "score_lead",  # over the tenth best sentence
    *(f"best_{name}" for name in _OF_BEST),
    "best_gives_kind",  # the best sentence holds the kind of thing asked for
    "any_gives_kind",  # the share of the best three that do
    "lacks_unit",  # the share of the best three that don't give the unit asked for
)
# Of these only what says more than how near the story is: the questions that an article can't answer have as many
# words and names that it meets, and more.
DETAIL_FEATURES = (
    "best_window_similarity",
    "best_least_rest_met_own",
    "best_least_rest_met_window",
    "best_focus_met_own",
    "best_focus_met_window",
    "best_focus_met_article",
    "best_gives_kind",
    "any_gives_kind",
    "lacks_unit",
    "rest_met_lost",  # how much less the words but names are met, in the article, by what gives the kind and unit
)
ANSWER_FEATURES = (*STORY_FEATURES, "rest_met_lost")
_GIVES = [column for column, name in enumerate(FEATURES) if name.startswith("gives_") and name != "gives_unit"]


def describe_answer(
    candidates: Sequence[Candidate], features: NDArray[np.float32], scores: NDArray[np.float32]
) -> NDArray[np.float32]:
    """float32, shape (len(ANSWER_FEATURES),), from candidates (at least one), `describe`'s rows and their scores."""
    order = np.argsort(-scores, kind="stable")
    best = features[order[0]]
    gives = features[order[:3]][:, _GIVES].sum(axis=1)
    article = candidates[order[0]].passage.article.id
    in_article = np.array([candidate.passage.article.id == article for candidate in candidates])
    return np.array(
        [
            scores[order[0]],
            scores[order[0]] - scores[order[min(9, len(order) - 1)]],
            *(best[FEATURES.index(name)] for name in _OF_BEST),
            gives[0],
            gives.mean(),
            features[order[:3], FEATURES.index("lacks_unit")].mean(),
            _lost_by_giving(features[in_article]),
        ],
        np.float32,
    )


def _lost_by_giving(features: NDArray[np.float32]) -> float:
    """Of one article's rows: how well the best of all meets the question's words but names, less the best that gives
    the kind of thing asked for in its unit; where none does, all of it."""
    met = features[:, FEATURES.index("rest_met_own")]
    gives = (features[:, _GIVES].sum(axis=1) > 0) & (features[:, FEATURES.index("lacks_unit")] == 0)
    return float(met.max() - met[gives].max(initial=0.0))


def answer_confidence(
    candidates: Sequence[Candidate], features: NDArray[np.float32], scores: NDArray[np.float32]
) -> float:
    """From 0 to 1: how likely it is that the best-scored sentences answer the question; arguments as above."""
    described = dict(zip(ANSWER_FEATURES, describe_answer(candidates, features, scores).tolist(), strict=True))
    story = STORY_INTERCEPT + sum(weight * described[name] for name, weight in STORY_WEIGHTS.items())
    detail = DETAIL_INTERCEPT + sum(weight * described[name] for name, weight in DETAIL_WEIGHTS.items())
    return joint_chance(story, detail)


def joint_chance(story: float, detail: float) -> float:
    """The chance that the archive has the story, times that it then has the detail, from their log odds."""
    return _chance(STORY_SLOPE * story + STORY_LIFT) * _chance(detail)


def _chance(log_odds: float) -> float:
    return 0.5 + 0.5 * math.tanh(log_odds / 2)


def is_about_strangers(question: Question, read: Sequence[ReadSentence], encoder: Encoder) -> bool:
    """Whether the question names somebody or something, and nothing found comes near those names.

    `read` are the candidates, as the encoder reads them.

    A name counts as well as its nearest word in any candidate, in whichever language; the mean of all is looked at.
    Initials are let be: an article may write them out, or have those of its own language («CIJ», «ICJ»).
    """
    named = {
        fold(word.surface)
        for name in names(question.query, question.language)
        if not name.isupper()
        for text in (name, encoder.as_read(name, question.language))
        for word in words(text)
    }
    query = read_sentences(encoder, [(question.query, question.language)])[0]
    is_name = [fold(word) in named for word in query.words]
    if not any(is_name):
        return False
    return float(how_well_met(query, read)[is_name].max(axis=1).mean()) < LEAST_NAMES_MET


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

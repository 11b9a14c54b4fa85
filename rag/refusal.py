"""Scored sentences → how likely it is that they answer, so that a question nobody answers is refused.

Similarity alone can't tell: an article on the subject that lacks the detail is as similar as one that has it.
What helps is what the question names and asks for that the best article does not hold.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from rag.answer_weights import ANSWER_INTERCEPT, ANSWER_WEIGHTS
from rag.evidence import FEATURES

__all__ = ["ANSWER_FEATURES", "answer_confidence", "describe_answer"]

_OF_BEST = (
    "similarity",
    "window_similarity",
    "article_similarity",
    "window_overlap",
    "article_overlap",
    "name_share",
    "names_missing",
    "figure_share",
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
    """From 0 to 1: how likely it is that the best-scored sentences answer the question."""
    weights = np.array([ANSWER_WEIGHTS[name] for name in ANSWER_FEATURES])
    return 1 / (1 + math.exp(-ANSWER_INTERCEPT - float(describe_answer(features, scores) @ weights)))

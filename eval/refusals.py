"""A run's answers → how well it tells questions with an answer from those without, by what it says it is sure of.

Three things are told: the area under the curve (how often a question with an answer is held likelier to have one
than a question without), the share of those without that would be refused were so many of the others refused
wrongly, and the risk–coverage curve: how many of the answers are wrong where only the surest are given (El-Yaniv
and Wiener 2010, «On the Foundations of Noise-free Selective Classification»). The curve ends where the run itself
refused: what it would have answered there is not known.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from eval.question_sets import ANSWERABLE
from eval.runs import QuestionResult, Run
from eval.significance import CONFIDENCE, Interval

__all__ = ["ALLOWED_FALSE_REFUSALS", "Refusals", "area_under_curve", "refusals_of", "risk_by_coverage"]

# The share of the questions with an answer that a reader may be refused: one in twelve.
ALLOWED_FALSE_REFUSALS = 0.08
ALL_LANGUAGES = "all"
_RESAMPLES = 2000
_HAS_ANSWER = (ANSWERABLE,)  # follow-ups are surer or less sure for reasons of their own


@dataclass(frozen=True, slots=True)
class Refusals:
    """Questions of one kind that should be refused, beside those that have an answer, in one language or all.

    `refused` and `falsely_refused` are the shares that the run refused of either; `refused_at_allowance` that of the
    first, were `ALLOWED_FALSE_REFUSALS` of the second refused, and `area` the area under the curve, both None where
    the run doesn't say how sure it is. `risks` are by `coverages`, of all these questions.
    """

    run: int
    kind: str
    language: str
    count: int
    refused: float
    falsely_refused: float
    area: float | None
    area_interval: Interval | None
    refused_at_allowance: float | None
    coverages: tuple[float, ...] = ()
    risks: tuple[float, ...] = ()


def refusals_of(run: Run, place: int, seed: int = 0) -> list[Refusals]:
    """One for each kind of question that should be refused and each language, all of them first."""
    asked = [question for question in run.questions if question.answer]
    kinds = dict.fromkeys(question.answer.kind for question in asked if question.answer and _is_refusable(question))
    languages = [ALL_LANGUAGES, *sorted({question.language for question in asked if question.language})]
    found = []
    for kind in kinds:
        for language in languages if len(languages) > 2 else languages[:1]:
            here = [question for question in asked if language in (ALL_LANGUAGES, question.language)]
            answerable = [question for question in here if question.answer and question.answer.kind in _HAS_ANSWER]
            others = [question for question in here if question.answer and question.answer.kind == kind]
            if others and answerable:
                found.append(_refusals(place, kind, language, answerable, others, seed))
    return found


def area_under_curve(positives: ArrayLike, negatives: ArrayLike) -> float:
    """The chance that a random positive stands above a random negative, ties counting half (Mann and Whitney's U).

    >>> area_under_curve([0.9, 0.6], [0.6, 0.1])
    0.875
    """
    ordered = np.sort(np.asarray(negatives, float))
    high = np.asarray(positives, float)
    below = np.searchsorted(ordered, high, "left") + np.searchsorted(ordered, high, "right")
    return float(below.mean() / (2 * len(ordered)))


def risk_by_coverage(confidences: ArrayLike, is_right: ArrayLike) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """The share of wrong answers among the surest k, and k as a share of the whole, for every k.

    Answers that are equally sure come together.

    >>> risks, coverages = risk_by_coverage([0.9, 0.8, 0.7, 0.7], [1, 0, 1, 0])
    >>> risks.tolist(), coverages.tolist()
    ([0.0, 0.5, 0.5], [0.25, 0.5, 1.0])
    """
    sure, right = np.asarray(confidences, float), np.asarray(is_right, float)
    order = np.argsort(-sure, kind="stable")
    sure, right = sure[order], right[order]
    counts = np.arange(1, len(sure) + 1)
    is_last = np.append(sure[1:] != sure[:-1], True)
    return (1 - np.cumsum(right) / counts)[is_last], (counts / len(sure))[is_last]


def _is_refusable(question: QuestionResult) -> bool:
    return "Refused" in question.values


def _refusals(
    place: int,
    kind: str,
    language: str,
    answerable: Sequence[QuestionResult],
    others: Sequence[QuestionResult],
    seed: int,
) -> Refusals:
    refused = float(np.mean([question.values["Refused"] for question in others]))
    falsely = float(np.mean([1 - question.values["Answered"] for question in answerable]))
    sure = [[q.answer.confidence for q in part if q.answer] for part in (answerable, others)]
    if any(one is None for part in sure for one in part):
        return Refusals(place, kind, language, len(others), refused, falsely, None, None, None)
    yes, no = (np.array(part, float) for part in sure)
    coverages, risks = _curve([*answerable, *others])
    # So many of the surest questions with an answer are kept: the least sure of them sets the threshold.
    threshold = np.sort(yes)[int(ALLOWED_FALSE_REFUSALS * len(yes))]
    return Refusals(
        place,
        kind,
        language,
        len(others),
        refused,
        falsely,
        area_under_curve(yes, no),
        _area_interval(yes, no, seed),
        float(np.mean(no < threshold)),
        coverages,
        risks,
    )


def _curve(questions: Sequence[QuestionResult]) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Of those answered, the risk by coverage of all; a question without an answer can't be answered rightly."""
    answered = [q for q in questions if q.answer and not q.answer.refused]
    if not answered or any("Right answer" not in q.values and "Refused" not in q.values for q in answered):
        return (), ()
    confidences = [q.answer.confidence for q in answered if q.answer]
    risks, coverages = risk_by_coverage(
        np.array(confidences, float), [q.values.get("Right answer", 0.0) for q in answered]
    )
    share = len(answered) / len(questions)
    return tuple(float(one) * share for one in coverages), tuple(float(one) for one in risks)


def _area_interval(yes: NDArray[np.float64], no: NDArray[np.float64], seed: int) -> Interval:
    """The percentile interval over resamples of either kind of questions."""
    generator = np.random.default_rng(seed)
    areas = [
        area_under_curve(generator.choice(yes, len(yes)), generator.choice(no, len(no))) for _ in range(_RESAMPLES)
    ]
    tail = (1 - CONFIDENCE) / 2
    low, high = np.quantile(areas, [tail, 1 - tail])
    return Interval(float(low), float(high))

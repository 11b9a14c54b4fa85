"""Runs → what can be said of them: means with intervals, differences with how sure they are, a verdict.

Runs are compared where they answered the same questions; the first of each such group is the baseline. All tests
of a group, over systems and measures, are corrected together.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from statistics import fmean

import numpy as np
from numpy.typing import NDArray

from eval.errors import EvaluationError
from eval.evaluations import Evaluation
from eval.question_sets import ANSWERABLE
from eval.refusals import Refusals, refusals_of
from eval.runs import QuestionResult, Run
from eval.significance import (
    Interval,
    bootstrap_interval,
    correct_by_holm,
    effect_size,
    randomisation_test,
    smallest_detectable_difference,
)

__all__ = ["Comparison", "Difference", "Group", "Mean", "Slice", "compare", "labels", "worse_than"]

SIGNIFICANCE = 0.05


@dataclass(frozen=True, slots=True)
class Mean:
    """A measure's mean over `count` questions, with its 95% interval."""

    value: float
    interval: Interval
    count: int


@dataclass(frozen=True, slots=True)
class Slice:
    """Some of a group's questions: all of them, those of one type, those of one pair of languages.

    `means` has a dictionary by measure for each run, in the order of the runs.
    """

    kind: str
    name: str
    count: int
    means: tuple[dict[str, Mean], ...]


@dataclass(frozen=True, slots=True)
class Difference:
    """How another run's mean differs from the baseline's (positive: better), over the same questions.

    `p` is of the paired randomisation test, `p_corrected` after Holm. `detectable` is the smallest difference that
    these questions would show four times out of five.
    """

    measure: str
    run: int
    value: float
    interval: Interval
    p: float
    p_corrected: float
    effect: float | None
    detectable: float | None
    wins: int
    losses: int
    ties: int

    @property
    def is_significant(self) -> bool:
        return self.p_corrected < SIGNIFICANCE


@dataclass(frozen=True, slots=True)
class Group:
    """Runs that answered the same questions; `labels` tell them apart, in their order, as do the `run` of refusals."""

    collection: str
    runs: tuple[Run, ...]
    labels: tuple[str, ...]
    whole: Slice
    by_language: tuple[Slice, ...]
    by_type: tuple[Slice, ...]
    differences: tuple[Difference, ...]
    refusals: tuple[Refusals, ...] = ()

    @property
    def evaluation(self) -> Evaluation:
        """What its runs evaluate, all the same."""
        return self.runs[0].evaluation

    @property
    def measures(self) -> tuple[str, ...]:
        """The measures that every run has."""
        return tuple(name for name in self.evaluation.measures if all(name in means for means in self.whole.means))

    @property
    def headline(self) -> str:
        """The measure that the group is judged by."""
        return self.evaluation.headline(self.measures)


@dataclass(frozen=True, slots=True)
class Comparison:
    """Everything that a report shows."""

    groups: tuple[Group, ...]
    seed: int


def compare(runs: Sequence[Run], *, seed: int = 0) -> Comparison:
    """The runs side by side, those on the same questions together, in the order given."""
    if not runs:
        raise EvaluationError("There is no run to report: give at least one.")
    runs_by_questions: dict[tuple[str, str, str], list[Run]] = {}
    for run in runs:
        settings = run.settings
        key = (settings.evaluation, settings.collection, settings.questions_fingerprint)
        runs_by_questions.setdefault(key, []).append(run)
    return Comparison(tuple(_group(tuple(members), seed) for members in runs_by_questions.values()), seed)


def worse_than(gate: Run, run: Run, *, seed: int = 0) -> list[Difference]:
    """The measures by which `run` is significantly worse than `gate`.

    Raises `EvaluationError` where they answered other questions.
    """
    if (gate.evaluation, gate.settings.questions_fingerprint) != (run.evaluation, run.settings.questions_fingerprint):
        raise EvaluationError(
            f"The gate's run on '{gate.settings.collection}' answered other questions than the one on "
            f"'{run.settings.collection}': make a new run of the settings that are the gate."
        )
    return [
        difference
        for difference in _differences((gate, run), seed)
        if difference.is_significant and difference.value < 0
    ]


def labels(runs: Sequence[Run]) -> tuple[str, ...]:
    """A short name for each run that no other of them has: the system, and what else tells them apart."""
    parts: list[Callable[[Run], str]] = [
        lambda run: run.settings.system,
        lambda run: ", ".join(run.settings.options),
        lambda run: run.settings.encoder or "",
        lambda run: run.commit or "",
        lambda run: run.created.replace("T", " ")[:16],
    ]
    used = [parts[0]]
    for part in parts[1:]:
        if len({tuple(use(run) for use in used) for run in runs}) == len(runs):
            break
        if len({part(run) for run in runs}) > 1:
            used.append(part)
    named = [" · ".join(filter(None, (use(run) for use in used))) for run in runs]
    return tuple(
        name if named.count(name) == 1 else f"{name} ({named[: place + 1].count(name)})"
        for place, name in enumerate(named)
    )


def _group(runs: tuple[Run, ...], seed: int) -> Group:
    return Group(
        runs[0].settings.collection,
        runs,
        labels(runs),
        _slice("all", "all questions", runs, lambda _: True, seed),
        _slices("language", runs, _language_pair, seed),
        _slices("type", runs, _type, seed),
        tuple(_differences(runs, seed)),
        tuple(one for place, run in enumerate(runs) for one in refusals_of(run, place, seed)),
    )


def _language_pair(question: QuestionResult) -> str:
    return f"{question.language or '?'} → {question.article_language or '?'}"


def _type(question: QuestionResult) -> str | None:
    """Questions that ask for a refusal, or for what was said before, are a type by themselves."""
    kind = question.answer.kind if question.answer else ANSWERABLE
    return question.type if kind == ANSWERABLE else kind


def _slices(
    kind: str, runs: tuple[Run, ...], key: Callable[[QuestionResult], str | None], seed: int
) -> tuple[Slice, ...]:
    """A slice for each value of the key, by name; none where all questions have the same."""
    found = {key(question) for question in runs[0].questions}
    names = sorted(name for name in found if name is not None)
    if len(found) < 2:
        return ()
    return tuple(
        _slice(kind, name, runs, lambda question, name=name: key(question) == name, seed)  # type: ignore[misc]
        for name in names
    )


def _slice(kind: str, name: str, runs: tuple[Run, ...], belongs: Callable[[QuestionResult], bool], seed: int) -> Slice:
    ids = [question.id for question in runs[0].questions if belongs(question)]
    means = tuple(
        {measure: _mean(values, seed) for measure in run.evaluation.measures if (values := _values(run, measure, ids))}
        for run in runs
    )
    return Slice(kind, name, len(ids), means)


def _mean(values: list[float], seed: int) -> Mean:
    return Mean(fmean(values), bootstrap_interval(values, seed), len(values))


def _values(run: Run, measure: str, ids: Sequence[str]) -> list[float]:
    values = {question.id: question.values for question in run.questions}
    return [values[id_][measure] for id_ in ids if measure in values[id_]]


def _differences(runs: tuple[Run, ...], seed: int) -> list[Difference]:
    """Of each run after the first from the first, by measure."""
    baseline = {question.id: question.values for question in runs[0].questions}
    found: list[Difference] = []
    tests: list[bytes] = []  # where each question has one answer, R@5 and Success@5 are the same test
    for index, run in enumerate(runs[1:], start=1):
        for measure in run.evaluation.gated:
            pairs = [
                (baseline[question.id][measure], question.values[measure])
                for question in run.questions
                if measure in question.values and measure in baseline[question.id]
            ]
            if pairs:
                differences = np.array([new - old for old, new in pairs])
                found.append(_difference(measure, index, differences, seed))
                tests.append(differences.tobytes())
    p_by_test = {test: difference.p for test, difference in zip(tests, found, strict=True)}
    corrected = dict(zip(p_by_test, correct_by_holm(list(p_by_test.values())), strict=True))
    return [replace(difference, p_corrected=corrected[test]) for test, difference in zip(tests, found, strict=True)]


def _difference(measure: str, run: int, differences: NDArray[np.float64], seed: int) -> Difference:
    p = randomisation_test(differences, seed)
    return Difference(
        measure,
        run,
        float(differences.mean()),
        bootstrap_interval(differences, seed),
        p,
        p,
        effect_size(differences),
        smallest_detectable_difference(differences),
        int((differences > 0).sum()),
        int((differences < 0).sum()),
        int((differences == 0).sum()),
    )

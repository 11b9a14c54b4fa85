"""Runs that answered → what tables say of their times and refusals, for the page, Markdown and the terminal."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median, quantiles

from eval.comparison import Group
from eval.refusals import ALLOWED_FALSE_REFUSALS, Refusals
from eval.runs import Run

__all__ = [
    "REFUSAL_HEADS",
    "STAGE_HEADS",
    "StageTimes",
    "answers_said",
    "percentiles",
    "refusal_rows",
    "stage_rows",
    "stage_times",
]

REFUSAL_HEADS = (
    "without an answer", "language", "questions", "refused", "false refusals", "area under the curve",
    f"refused at {ALLOWED_FALSE_REFUSALS:.0%} false",
)  # fmt: skip
STAGE_HEADS = ("stage", "p50 ms", "p95 ms", "CPU p50 ms", "CPU p95 ms")
_TOTAL = "total"
_UNKNOWN = "–"


@dataclass(frozen=True, slots=True)
class StageTimes:
    """Milliseconds that half, and 95%, of the questions took at most, by the clock and computed."""

    wall_p50_ms: float
    wall_p95_ms: float
    cpu_p50_ms: float
    cpu_p95_ms: float


def stage_times(run: Run) -> dict[str, StageTimes]:
    """By stage in the order of the path, the total last; of questions that passed it."""
    times: dict[str, list[tuple[float, float]]] = {}
    for question in run.questions:
        for name, one in question.answer.stages.items() if question.answer else ():
            times.setdefault(name, []).append(one)
    ordered = sorted(times, key=lambda name: name == _TOTAL)
    return {
        name: StageTimes(*percentiles([wall for wall, _ in times[name]]), *percentiles([cpu for _, cpu in times[name]]))
        for name in ordered
    }


def percentiles(values: Sequence[float]) -> tuple[float, float]:
    """What half, and 95%, of the values (at least one) are at most."""
    return median(values), quantiles(values, n=20)[-1] if len(values) > 1 else values[0]


def stage_rows(group: Group) -> list[tuple[int, list[str]]]:
    """Of each run its place, and the cells under `STAGE_HEADS`."""
    return [
        (
            place,
            [name, *(f"{ms:.1f}" for ms in (one.wall_p50_ms, one.wall_p95_ms, one.cpu_p50_ms, one.cpu_p95_ms))],
        )
        for place, run in enumerate(group.runs)
        for name, one in stage_times(run).items()
    ]


def refusal_rows(group: Group) -> list[tuple[int, list[str]]]:
    """Of each run its place, and the cells under `REFUSAL_HEADS`."""
    return [(one.run, _refusal_cells(one)) for one in group.refusals]


def answers_said(group: Group) -> list[str]:
    """Of each run that answered, in a sentence or two, what its means don't say."""
    return [_said(label, run) for label, run in zip(group.labels, group.runs, strict=True) if stage_times(run)]


def _said(label: str, run: Run) -> str:
    values = [question.values for question in run.questions]
    words = [one["Words"] for one in values if "Words" in one]
    cpu = stage_times(run)[_TOTAL].cpu_p50_ms
    by_stage = ", ".join(f"{name} {one.cpu_p50_ms:.1f}" for name, one in stage_times(run).items() if name != _TOTAL)
    said = [f"{label}: {len(words)} of {len(values)} questions answered"]
    if words:
        disagreements = sum(one.get("Disagreements", 0) for one in values)
        said.append(f"median {median(words):.0f} words")
        said.append(f"{disagreements:.0f} {'disagreement' if disagreements == 1 else 'disagreements'} named")
    return f"{', '.join(said)}; half of the questions within {cpu:.1f} ms of computing ({by_stage})."


def _refusal_cells(one: Refusals) -> list[str]:
    interval = one.area_interval
    area = f"{one.area:.3f} [{interval.low:.3f}, {interval.high:.3f}]" if interval else _UNKNOWN
    at_allowance = _UNKNOWN if one.refused_at_allowance is None else f"{one.refused_at_allowance:.3f}"
    shares = [f"{one.refused:.3f}", f"{one.falsely_refused:.3f}"]
    return [one.kind, one.language, str(one.count), *shares, area, at_allowance]

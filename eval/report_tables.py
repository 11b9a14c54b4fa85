"""A comparison → JSON, CSV and Markdown, and the wording that they share with the page."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from dataclasses import asdict
from html import escape
from typing import Any

from eval.answer_tables import (
    REFUSAL_HEADS,
    STAGE_HEADS,
    percentiles,
    refusal_rows,
    stage_rows,
    stage_times,
)
from eval.comparison import Comparison, Difference, Group, Mean, Slice
from eval.runs import Run

__all__ = [
    "COST_HEADS",
    "DIFFERENCE_HEADS",
    "as_csv",
    "as_json",
    "as_markdown",
    "cost_cells",
    "difference_cells",
    "latency_percentiles",
    "mean_text",
    "p_text",
    "signed_text",
    "verdict_text",
]

COST_HEADS = ("p50 ms", "p95 ms", "index s", "size MB")
DIFFERENCE_HEADS = ("difference", "95% interval", "p", "p, Holm", "effect", "could show", "+ / − / =", "verdict")
_UNKNOWN = "–"


def as_json(comparison: Comparison) -> str:
    """Everything in the comparison but the found passages, which are in the runs."""
    groups = [
        {
            "collection": group.collection,
            "runs": [_run_record(label, run) for label, run in zip(group.labels, group.runs, strict=True)],
            "slices": [_slice_record(group, part) for part in (group.whole, *group.by_language, *group.by_type)],
            "differences": [
                {
                    **asdict(difference),
                    "baseline": group.labels[0],
                    "run": group.labels[difference.run],
                    "is_significant": difference.is_significant,
                }
                for difference in group.differences
            ],
            "refusals": [{**asdict(one), "run": group.labels[one.run]} for one in group.refusals],
        }
        for group in comparison.groups
    ]
    return json.dumps({"seed": comparison.seed, "groups": groups}, ensure_ascii=False, indent=1) + "\n"


def as_csv(comparison: Comparison) -> str:
    """One line a collection, slice, run and measure: the mean, its interval and how many questions it rests on."""
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(["collection", "slice", "name", "run", "measure", "mean", "low", "high", "questions"])
    for group in comparison.groups:
        for part in (group.whole, *group.by_language, *group.by_type):
            for label, means in zip(group.labels, part.means, strict=True):
                for measure, mean in means.items():
                    numbers = [f"{value:.6f}" for value in (mean.value, mean.interval.low, mean.interval.high)]
                    writer.writerow([group.collection, part.kind, part.name, label, measure, *numbers, mean.count])
    return stream.getvalue()


def as_markdown(comparison: Comparison) -> str:
    """The report's tables."""
    return "\n\n".join(block for group in comparison.groups for block in _markdown_blocks(group)) + "\n"


def mean_text(mean: Mean | None, *, with_interval: bool = False) -> str:
    """«0.948», or «0.948 [0.921, 0.972]»; a dash for none."""
    if mean is None:
        return _UNKNOWN
    interval = f" [{mean.interval.low:.3f}, {mean.interval.high:.3f}]" if with_interval else ""
    return f"{mean.value:.3f}{interval}"


def signed_text(value: float) -> str:
    """«+0.013», «−0.200», «0.000»: with a true minus sign."""
    return f"{value:+.3f}".replace("-", "−") if abs(value) >= 0.0005 else "0.000"


def p_text(p: float) -> str:
    """«< 0.001» below that, else three digits."""
    return "< 0.001" if p < 0.001 else f"{p:.3f}"


def verdict_text(difference: Difference) -> str:
    """«better», «worse», or that the questions can't tell."""
    if not difference.is_significant:
        return "can’t tell"
    return "better" if difference.value > 0 else "worse"


def difference_cells(one: Difference) -> list[str]:
    """The cells under `DIFFERENCE_HEADS`."""
    return [
        signed_text(one.value),
        f"[{signed_text(one.interval.low)}, {signed_text(one.interval.high)}]",
        p_text(one.p),
        p_text(one.p_corrected),
        _UNKNOWN if one.effect is None else f"{one.effect:+.2f}".replace("-", "−"),
        _UNKNOWN if one.detectable is None else f"{one.detectable:.3f}",
        f"{one.wins} / {one.losses} / {one.ties}",
        verdict_text(one),
    ]


def cost_cells(run: Run) -> list[str]:
    """The cells under `COST_HEADS`; a dash for what is not known."""
    p50, p95 = latency_percentiles(run)
    size = run.costs.archive_bytes
    return [
        *(_UNKNOWN if value is None else f"{value:.1f}" for value in (p50, p95, run.costs.index_seconds)),
        _UNKNOWN if size is None else f"{size / 1e6:.1f}",
    ]


def latency_percentiles(run: Run) -> tuple[float | None, float | None]:
    """Milliseconds that half, and 95%, of the questions took at most."""
    known = [question.latency_ms for question in run.questions if question.latency_ms is not None]
    if not known:
        return None, None
    return percentiles(known)


def _run_record(label: str, run: Run) -> dict[str, Any]:
    p50, p95 = latency_percentiles(run)
    return {
        "label": label,
        **asdict(run.settings),
        "created": run.created,
        "commit": run.commit,
        "versions": run.versions,
        **asdict(run.costs),
        "latency_p50_ms": p50,
        "latency_p95_ms": p95,
        "stages": {name: asdict(times) for name, times in stage_times(run).items()},
        "notes": list(run.notes),
        "values_by_question": {question.id: question.values for question in run.questions},
    }


def _slice_record(group: Group, part: Slice) -> dict[str, Any]:
    means = {
        label: {measure: asdict(mean) for measure, mean in by_measure.items()}
        for label, by_measure in zip(group.labels, part.means, strict=True)
    }
    return {"kind": part.kind, "name": part.name, "questions": part.count, "means": means}


def _markdown_blocks(group: Group) -> Iterator[str]:
    yield f"## {group.collection}\n\n{group.whole.count} questions. Means with 95% intervals."
    rows = [
        [label, *(mean_text(means[name], with_interval=True) for name in group.measures), *cost_cells(run)]
        for label, means, run in zip(group.labels, group.whole.means, group.runs, strict=True)
    ]
    yield _markdown_table(["run", *group.measures, *COST_HEADS], rows)
    for parts, title in ((group.by_language, "question → article"), (group.by_type, "type")):
        for name in group.evaluation.sliced:
            known = [part for part in parts if any(name in means for means in part.means)]
            rows = [
                [part.name, str(part.count), *(mean_text(means.get(name)) for means in part.means)] for part in known
            ]
            if rows:
                yield f"{name} by {title}:\n\n{_markdown_table([title, 'questions', *group.labels], rows)}"
    rows = [[group.labels[one.run], one.measure, *difference_cells(one)] for one in group.differences]
    if rows:
        table = _markdown_table(["run", "measure", *DIFFERENCE_HEADS], rows)
        yield f"Differences from {group.labels[0]}:\n\n{table}"
    tables = (("Refusals", REFUSAL_HEADS, refusal_rows), ("Times by stage", STAGE_HEADS, stage_rows))
    for title, heads, rows_of in tables:
        rows = [[group.labels[place], *cells] for place, cells in rows_of(group)]
        if rows:
            yield f"{title}:\n\n{_markdown_table(['run', *heads], rows)}"


def _markdown_table(heads: list[str], rows: list[list[str]]) -> str:
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join("| " + " | ".join(map(_markdown_cell, line)) + " |" for line in lines)


def _markdown_cell(text: str) -> str:
    """`text` as text: most that show Markdown take HTML in it for HTML."""
    return escape(text, quote=False).replace("|", "\\|")

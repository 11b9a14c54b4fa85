"""A group of runs → pictures: its measures, what its evaluation has of its own, and what changed between runs."""

from __future__ import annotations

import numpy as np

from eval.answer_charts import answer_charts
from eval.comparison import Group
from eval.drawing import (
    HEIGHT_INCHES,
    INK,
    MARKERS,
    MUTED,
    Chart,
    add_legend,
    drawing,
    label_milliseconds,
    series_colour,
)
from eval.evaluations import RETRIEVAL
from eval.measures import RECALL_DEPTHS
from eval.runs import Run

__all__ = ["draw_charts"]

_ROW_INCHES = 0.15


def draw_charts(group: Group) -> list[Chart]:
    """Measures with intervals, pictures of finding or of answering, wins and losses where there are two runs."""
    charts = [_measures_chart(group)]
    if group.evaluation is RETRIEVAL:
        charts.append(_recall_chart(group))
        if any(_latencies(run) for run in group.runs):
            charts.append(_latency_chart(group))
    else:
        charts += answer_charts(group)
    if len(group.runs) > 1:
        charts.append(_wins_chart(group))
    return charts


def _measures_chart(group: Group) -> Chart:
    names = [name for name in group.evaluation.charted if name in group.measures]
    height = max(HEIGHT_INCHES, 0.7 + len(names) * (len(group.runs) + 1) * _ROW_INCHES)
    with drawing(f"Measures with intervals on {group.collection}", height) as (figure, (axes, *_), svg):
        for place, means in enumerate(group.whole.means):
            at = [number * (len(group.runs) + 1) + place for number in range(len(names))]
            values = np.array([means[name].value for name in names])
            low = values - [means[name].interval.low for name in names]
            high = np.array([means[name].interval.high for name in names]) - values
            axes.errorbar(
                values,
                at,
                xerr=np.maximum([low, high], 0),
                fmt=MARKERS[place % len(MARKERS)],
                markersize=5.5,
                color=series_colour(place),
                elinewidth=1.8,
                label=group.labels[place],
            )
        axes.set_yticks([number * (len(group.runs) + 1) + (len(group.runs) - 1) / 2 for number in range(len(names))])
        axes.set_yticklabels(names)
        axes.invert_yaxis()
        least = min(means[name].interval.low for means in group.whole.means for name in names)
        axes.set_xlim(max(0.0, np.floor(least * 10 - 0.5) / 10), 1.005)
        axes.grid(axis="x")
        add_legend(figure, axes)
    return Chart("Measures", "Means with their 95% intervals: farther right is better.", svg.getvalue())


def _recall_chart(group: Group) -> Chart:
    with drawing(f"Recall by depth on {group.collection}", HEIGHT_INCHES) as (figure, (axes, *_), svg):
        for place, run in enumerate(group.runs):
            values = [_recall(run, depth) for depth in RECALL_DEPTHS]
            marker = MARKERS[place % len(MARKERS)]
            axes.plot(
                RECALL_DEPTHS,
                values,
                f"{marker}-",
                color=series_colour(place),
                markersize=4.5,
                label=group.labels[place],
            )
        axes.set_xscale("log")
        axes.set_xticks(RECALL_DEPTHS, [str(depth) for depth in RECALL_DEPTHS])
        axes.minorticks_off()
        axes.set_ylim(min(0.9, *axes.get_ylim()), 1.02)
        axes.set_xlabel("articles looked at")
        axes.set_ylabel("share found")
        axes.grid()
        add_legend(figure, axes)
    return Chart("Recall by depth", "Share of the right articles among the first k.", svg.getvalue())


def _latency_chart(group: Group) -> Chart:
    with drawing(f"Latency on {group.collection}", HEIGHT_INCHES) as (figure, (axes, *_), svg):
        for place, run in enumerate(group.runs):
            latencies = sorted(_latencies(run))
            if latencies:
                share = np.arange(1, len(latencies) + 1) / len(latencies)
                axes.plot(
                    latencies, share, color=series_colour(place), label=group.labels[place], drawstyle="steps-post"
                )
        for level, name in ((0.5, "p50"), (0.95, "p95")):
            axes.axhline(level, color=MUTED, linewidth=0.8, linestyle=(0, (2, 3)))
            axes.annotate(name, (1, level), xycoords=("axes fraction", "data"), xytext=(3, -3), color=MUTED,
                          textcoords="offset points", fontsize=8.5)  # fmt: skip
        label_milliseconds(axes)
        axes.set_ylim(0, 1.02)
        axes.set_xlabel("milliseconds a question")
        axes.set_ylabel("share of questions")
        axes.grid()
        add_legend(figure, axes)
    return Chart("Latency", "Share of the questions answered within so many milliseconds.", svg.getvalue())


def _wins_chart(group: Group) -> Chart:
    """Differences by question, largest gain first; questions that stayed the same are left out."""
    score = group.evaluation.score
    baseline = {question.id: score(question.values) for question in group.runs[0].questions}
    others = len(group.runs) - 1
    name = f"Wins and losses on {group.collection}"
    with drawing(name, max(HEIGHT_INCHES, 0.4 + 1.3 * others), rows=others) as (figure, all_axes, svg):
        for place, (axes, run) in enumerate(zip(all_axes, group.runs[1:], strict=True), start=1):
            differences = sorted((score(q.values) - baseline[q.id] for q in run.questions), reverse=True)
            changed = [difference for difference in differences if abs(difference) > 1e-9]
            edges = np.arange(len(changed) + 1)
            for sign, colour in (
                (1, series_colour(place)),
                (-1, series_colour(0)),
            ):  # one area a side: bars would show seams
                heights = np.array([max(difference * sign, 0) * sign for difference in changed])
                axes.stairs(heights, edges, fill=True, color=colour, linewidth=0)
            axes.axhline(0, color=MUTED, linewidth=0.8)
            axes.spines["bottom"].set_visible(False)
            axes.set_ylim(-1.08, 1.08)
            axes.set_yticks([-1, 0, 1], ["−1", "0", "+1"])
            axes.set_xlim(0, max(len(changed), 10))
            axes.set_xticks([])
            wins = sum(difference > 0 for difference in changed)
            losses, ties = len(changed) - wins, len(differences) - len(changed)
            axes.set_title(
                f"{group.labels[place]}: better {wins}, worse {losses}, same {ties}",
                fontsize=9,
                loc="left",
                color=INK,
            )
        figure.supylabel(f"difference of {group.headline}", fontsize=9, color=MUTED)
    caption = (
        f"One bar a question that changed against {group.labels[0]}: above the line where the other run is better, "
        f"below it where {group.labels[0]} is."
    )
    return Chart("Wins and losses", caption, svg.getvalue())


def _latencies(run: Run) -> list[float]:
    return [question.latency_ms for question in run.questions if question.latency_ms is not None]


def _recall(run: Run, depth: int) -> float:
    """The mean over questions of the share of right articles that stand at this rank or before it."""
    shares = []
    for question in run.questions:
        ranks = [article.rank for article in question.relevant if article.grade > 0]
        shares.append(sum(rank is not None and rank <= depth for rank in ranks) / len(ranks))
    return float(np.mean(shares))

"""A group of runs → pictures, as SVG to put into a page.

matplotlib draws them with stand-ins for colours, which become the page's own (`var(--ink)`, `var(--series-0)`),
so that one picture serves light, dark and paper. Words stay words: they can be searched, copied and read out.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING, Any

import numpy as np

from eval.comparison import Group
from eval.measures import EVIDENCE, RECALL_DEPTHS
from eval.runs import Run

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["SERIES_COLOURS", "Chart", "draw_charts"]

# Colours of the page that there are for runs; further runs begin again.
SERIES_COLOURS = 6
_SHOWN_MEASURES = ("nDCG@10", "RR", "R@5", "R@10", "Success@1", EVIDENCE)
_MARKERS = "osD^vP"
_INK, _MUTED, _GRID = "#00fe01", "#00fe02", "#00fe03"
_COLOUR_BY_STAND_IN = {_INK: "var(--ink)", _MUTED: "var(--muted)", _GRID: "var(--grid)"} | {
    f"#00fd0{place}": f"var(--series-{place})" for place in range(SERIES_COLOURS)
}
_WIDTH_INCHES = 6.2
_HEIGHT_INCHES = 3.3
_ROW_INCHES = 0.15


@dataclass(frozen=True, slots=True)
class Chart:
    """`svg` is an element for a page that defines the colours; `caption` says what to see, in a sentence or two."""

    title: str
    caption: str
    svg: str


def draw_charts(group: Group) -> list[Chart]:
    """Measures with intervals, recall by depth, latencies where known, wins and losses where there are two runs."""
    charts = [_measures_chart(group), _recall_chart(group)]
    if any(_latencies(run) for run in group.runs):
        charts.append(_latency_chart(group))
    if len(group.runs) > 1:
        charts.append(_wins_chart(group))
    return charts


def _measures_chart(group: Group) -> Chart:
    names = [name for name in _SHOWN_MEASURES if name in group.measures]
    height = max(_HEIGHT_INCHES, 0.7 + len(names) * (len(group.runs) + 1) * _ROW_INCHES)
    with _drawing(f"Measures with intervals on {group.collection}", height) as (figure, (axes, *_), svg):
        for place, means in enumerate(group.whole.means):
            at = [number * (len(group.runs) + 1) + place for number in range(len(names))]
            values = np.array([means[name].value for name in names])
            low = values - [means[name].interval.low for name in names]
            high = np.array([means[name].interval.high for name in names]) - values
            axes.errorbar(
                values,
                at,
                xerr=np.maximum([low, high], 0),
                fmt=_MARKERS[place % len(_MARKERS)],
                markersize=5.5,
                color=_series(place),
                elinewidth=1.8,
                label=group.labels[place],
            )
        axes.set_yticks([number * (len(group.runs) + 1) + (len(group.runs) - 1) / 2 for number in range(len(names))])
        axes.set_yticklabels(names)
        axes.invert_yaxis()
        least = min(means[name].interval.low for means in group.whole.means for name in names)
        axes.set_xlim(max(0.0, np.floor(least * 10 - 0.5) / 10), 1.005)
        axes.grid(axis="x")
        _legend(figure, axes)
    return Chart("Measures", "Means with their 95% intervals: farther right is better.", svg.getvalue())


def _recall_chart(group: Group) -> Chart:
    with _drawing(f"Recall by depth on {group.collection}", _HEIGHT_INCHES) as (figure, (axes, *_), svg):
        for place, run in enumerate(group.runs):
            values = [_recall(run, depth) for depth in RECALL_DEPTHS]
            marker = _MARKERS[place % len(_MARKERS)]
            axes.plot(
                RECALL_DEPTHS, values, f"{marker}-", color=_series(place), markersize=4.5, label=group.labels[place]
            )
        axes.set_xscale("log")
        axes.set_xticks(RECALL_DEPTHS, [str(depth) for depth in RECALL_DEPTHS])
        axes.minorticks_off()
        axes.set_ylim(min(0.9, *axes.get_ylim()), 1.02)
        axes.set_xlabel("articles looked at")
        axes.set_ylabel("share found")
        axes.grid()
        _legend(figure, axes)
    return Chart("Recall by depth", "Share of the right articles among the first k.", svg.getvalue())


def _latency_chart(group: Group) -> Chart:
    with _drawing(f"Latency on {group.collection}", _HEIGHT_INCHES) as (figure, (axes, *_), svg):
        for place, run in enumerate(group.runs):
            latencies = sorted(_latencies(run))
            if latencies:
                share = np.arange(1, len(latencies) + 1) / len(latencies)
                axes.plot(latencies, share, color=_series(place), label=group.labels[place], drawstyle="steps-post")
        for level, name in ((0.5, "p50"), (0.95, "p95")):
            axes.axhline(level, color=_MUTED, linewidth=0.8, linestyle=(0, (2, 3)))
            axes.annotate(name, (1, level), xycoords=("axes fraction", "data"), xytext=(3, -3), color=_MUTED,
                          textcoords="offset points", fontsize=8.5)  # fmt: skip
        axes.set_xscale("log")
        low, high = axes.get_xlim()
        ticks = [tick for power in range(-2, 6) for tick in (10.0**power, 2 * 10.0**power, 5 * 10.0**power)]
        shown = [tick for tick in ticks if low <= tick <= high]
        axes.set_xticks(shown, [f"{tick:g}" for tick in shown])
        axes.minorticks_off()
        axes.set_ylim(0, 1.02)
        axes.set_xlabel("milliseconds a question")
        axes.set_ylabel("share of questions")
        axes.grid()
        _legend(figure, axes)
    return Chart("Latency", "Share of the questions answered within so many milliseconds.", svg.getvalue())


def _wins_chart(group: Group) -> Chart:
    """Differences of nDCG@10 by question, largest gain first; questions that stayed the same are left out."""
    baseline = {question.id: question.values["nDCG@10"] for question in group.runs[0].questions}
    others = len(group.runs) - 1
    name = f"Wins and losses on {group.collection}"
    with _drawing(name, max(_HEIGHT_INCHES, 0.4 + 1.3 * others), rows=others) as (figure, all_axes, svg):
        for place, (axes, run) in enumerate(zip(all_axes, group.runs[1:], strict=True), start=1):
            differences = sorted((q.values["nDCG@10"] - baseline[q.id] for q in run.questions), reverse=True)
            changed = [difference for difference in differences if abs(difference) > 1e-9]
            edges = np.arange(len(changed) + 1)
            for sign, colour in ((1, _series(place)), (-1, _series(0))):  # one area a side: bars would show seams
                heights = np.array([max(difference * sign, 0) * sign for difference in changed])
                axes.stairs(heights, edges, fill=True, color=colour, linewidth=0)
            axes.axhline(0, color=_MUTED, linewidth=0.8)
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
                color=_INK,
            )
        figure.supylabel("difference of nDCG@10", fontsize=9, color=_MUTED)
    caption = (
        f"One bar a question that changed against {group.labels[0]}: above the line where the other run is better, "
        f"below it where {group.labels[0]} is."
    )
    return Chart("Wins and losses", caption, svg.getvalue())


@contextmanager
def _drawing(name: str, height_inches: float, rows: int = 1) -> Iterator[tuple[Figure, list[Axes], io.StringIO]]:
    """A figure and its axes, one a row, to draw on; the SVG is in the stream after the block."""
    import matplotlib
    from matplotlib.figure import Figure

    style: dict[Any, Any] = {
        "svg.fonttype": "none",
        "svg.hashsalt": name,
        "font.size": 9.5,
        "text.color": _INK,
        "axes.labelcolor": _MUTED,
        "axes.edgecolor": _MUTED,
        "xtick.color": _MUTED,
        "ytick.color": _MUTED,
        "xtick.labelcolor": _INK,
        "ytick.labelcolor": _INK,
        "grid.color": _GRID,
        "grid.linewidth": 0.8,
        "axes.axisbelow": True,
        "axes.spines.top": False,
        "axes.spines.right": False,
        "axes.linewidth": 0.8,
        "lines.linewidth": 1.9,
    }
    stream = io.StringIO()
    with matplotlib.rc_context(style):
        figure = Figure((_WIDTH_INCHES, height_inches), layout="constrained")
        axes = figure.subplots(rows, 1, squeeze=False)
        yield figure, list(axes[:, 0]), stream
        drawn = io.StringIO()
        unsaid = dict.fromkeys(("Date", "Creator", "Format", "Type"))
        figure.savefig(drawn, format="svg", transparent=True, metadata=unsaid)
    stream.write(_for_page(drawn.getvalue(), name))


def _for_page(svg: str, name: str) -> str:
    """The element alone, in the page's colours and type, as wide as there is room."""
    element = svg[svg.index("<svg") :]
    element = re.sub(r"<metadata>.*?</metadata>|<style[^>]*>.*?</style>", "", element, flags=re.DOTALL)
    element = re.sub(r'<g id="[^"]*">', "<g>", element)  # several pictures on one page name theirs alike
    element = re.sub(r'<svg ([^>]*?)width="[^"]*" ', r"<svg \1", element, count=1)
    element = re.sub(r'<svg ([^>]*?)height="[^"]*" ', r"<svg \1", element, count=1)
    element = element.replace("<svg ", f'<svg role="img" aria-label="{escape(name)}" ', 1)
    element = re.sub(r"'DejaVu Sans'[^;\"]*", "var(--type)", element)
    for stand_in, colour in _COLOUR_BY_STAND_IN.items():
        element = element.replace(stand_in, colour)
    return element


def _legend(figure: Figure, axes: Axes) -> None:
    if len(axes.get_legend_handles_labels()[1]) > 1:
        figure.legend(loc="outside upper left", ncols=3, frameon=False, fontsize=9, borderaxespad=0)


def _series(place: int) -> str:
    return f"#00fd0{place % SERIES_COLOURS}"


def _latencies(run: Run) -> list[float]:
    return [question.latency_ms for question in run.questions if question.latency_ms is not None]


def _recall(run: Run, depth: int) -> float:
    """The mean over questions of the share of right articles that stand at this rank or before it."""
    shares = []
    for question in run.questions:
        ranks = [article.rank for article in question.relevant if article.grade > 0]
        shares.append(sum(rank is not None and rank <= depth for rank in ranks) / len(ranks))
    return float(np.mean(shares))

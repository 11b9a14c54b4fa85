"""A group of runs that answered → pictures: how wrong its surest answers are, and where the time goes."""

from __future__ import annotations

import numpy as np

from eval.answer_tables import stage_times
from eval.comparison import Group
from eval.drawing import HEIGHT_INCHES, MUTED, Chart, add_legend, drawing, series_colour
from eval.refusals import ALL_LANGUAGES

__all__ = ["answer_charts"]

_LINES = ("-", (0, (5, 2)), (0, (1, 1.5)), (0, (5, 2, 1, 2)))
_BAR_INCHES = 0.2


def answer_charts(group: Group) -> list[Chart]:
    """The risk–coverage curve where there is something to refuse, and times by stage."""
    charts = [_risk_chart(group)] if any(one.coverages for one in group.refusals) else []
    return [*charts, _stages_chart(group)]


def _risk_chart(group: Group) -> Chart:
    """One line for each run, kind of question without an answer, and language where there are several."""
    curves = [one for one in group.refusals if one.coverages]
    if len({one.language for one in curves}) > 1:
        curves = [one for one in curves if one.language != ALL_LANGUAGES]
    with drawing(f"Risk by coverage on {group.collection}", HEIGHT_INCHES + 0.4) as (figure, (axes, *_), svg):
        kinds = list(dict.fromkeys((one.kind, one.language) for one in curves))
        for one in curves:
            line = _LINES[kinds.index((one.kind, one.language)) % len(_LINES)]
            # With one run, the colours are free to tell the languages apart.
            place = one.run if len(group.runs) > 1 else kinds.index((one.kind, one.language))
            said = f"{one.kind}, {one.language}" if len(kinds) > 1 else one.kind
            label = f"{group.labels[one.run]}: {said}" if len(group.runs) > 1 else said
            axes.plot(one.coverages, one.risks, linestyle=line, color=series_colour(place), label=label)
        axes.set_xlim(0, 1.02)
        axes.set_ylim(0, max(0.5, *(max(one.risks) for one in curves)) + 0.03)
        axes.set_xlabel("share of the questions answered, the surest first")
        axes.set_ylabel("share of these answers that are wrong")
        axes.grid()
        add_legend(figure, axes)
    caption = (
        "Questions with and without an answer together: what is answered though no article says it is wrong. "
        "Each line ends where the run refused; lower and farther right is better."
    )
    return Chart("Risk by coverage", caption, svg.getvalue())


def _stages_chart(group: Group) -> Chart:
    times = [stage_times(run) for run in group.runs]
    names = list(dict.fromkeys(name for one in times for name in one))
    height = max(HEIGHT_INCHES - 0.6, 0.9 + len(names) * (len(times) + 0.6) * _BAR_INCHES)
    with drawing(f"Latency by stage on {group.collection}", height) as (figure, (axes, *_), svg):
        for place, by_stage in enumerate(times):
            shown = [name for name in names if name in by_stage]
            at = np.array([names.index(name) * (len(times) + 0.6) + place for name in shown])
            median = np.array([by_stage[name].cpu_p50_ms for name in shown])
            most = np.array([by_stage[name].cpu_p95_ms for name in shown])
            axes.barh(at, median, 0.8, color=series_colour(place), label=group.labels[place])
            axes.hlines(at, median, most, color=MUTED, linewidth=1.4)
        axes.set_yticks(
            [number * (len(times) + 0.6) + (len(times) - 1) / 2 for number in range(len(names))], labels=names
        )
        axes.invert_yaxis()
        axes.set_xlabel("milliseconds computed")
        axes.grid(axis="x")
        add_legend(figure, axes)
    caption = "Computing time of a question: bars to the median, lines on to what 95% of the questions stay within."
    return Chart("Latency by stage", caption, svg.getvalue())

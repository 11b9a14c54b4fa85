"""Pictures as SVG to put into a page.

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

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = [
    "HEIGHT_INCHES",
    "INK",
    "MARKERS",
    "MUTED",
    "SERIES_COLOURS",
    "Chart",
    "add_legend",
    "drawing",
    "label_milliseconds",
    "series_colour",
]

# Colours of the page that there are for runs; further runs begin again.
SERIES_COLOURS = 6
MARKERS = "osD^vP"
INK, MUTED, _GRID = "#00fe01", "#00fe02", "#00fe03"
_COLOUR_BY_STAND_IN = {INK: "var(--ink)", MUTED: "var(--muted)", _GRID: "var(--grid)"} | {
    f"#00fd0{place}": f"var(--series-{place})" for place in range(SERIES_COLOURS)
}
_WIDTH_INCHES = 6.2
HEIGHT_INCHES = 3.3


@dataclass(frozen=True, slots=True)
class Chart:
    """`svg` is an element for a page that defines the colours; `caption` says what to see, in a sentence or two."""

    title: str
    caption: str
    svg: str


@contextmanager
def drawing(name: str, height_inches: float, rows: int = 1) -> Iterator[tuple[Figure, list[Axes], io.StringIO]]:
    """A figure and its axes, one a row, to draw on; the SVG is in the stream after the block."""
    import matplotlib
    from matplotlib.figure import Figure

    style: dict[Any, Any] = {
        "svg.fonttype": "none",
        "svg.hashsalt": name,
        "font.size": 9.5,
        "text.color": INK,
        "axes.labelcolor": MUTED,
        "axes.edgecolor": MUTED,
        "xtick.color": MUTED,
        "ytick.color": MUTED,
        "xtick.labelcolor": INK,
        "ytick.labelcolor": INK,
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


def add_legend(figure: Figure, axes: Axes) -> None:
    """A legend above the axes, where there is more than one thing to tell apart."""
    if len(axes.get_legend_handles_labels()[1]) > 1:
        figure.legend(loc="outside upper left", ncols=3, frameon=False, fontsize=9, borderaxespad=0)


def series_colour(place: int) -> str:
    """The stand-in for the colour of the run at this place."""
    return f"#00fd0{place % SERIES_COLOURS}"


def label_milliseconds(axes: Axes) -> None:
    """A logarithmic axis of milliseconds, labelled 1, 2, 5, 10, …"""
    axes.set_xscale("log")
    low, high = axes.get_xlim()
    ticks = [tick for power in range(-3, 6) for tick in (10.0**power, 2 * 10.0**power, 5 * 10.0**power)]
    shown = [tick for tick in ticks if low <= tick <= high]
    axes.set_xticks(shown, [f"{tick:g}" for tick in shown])
    axes.minorticks_off()

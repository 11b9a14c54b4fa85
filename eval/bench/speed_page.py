"""Saved figures of speed → one page with tables and pictures, as the other reports are: no network, no script."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from html import escape
from pathlib import Path

import numpy as np

from eval.bench.measuring import Figures
from eval.drawing import HEIGHT_INCHES, MARKERS, Chart, add_legend, drawing, series_colour

__all__ = ["as_page", "as_rows"]

_STYLE = Path(__file__).parent.parent / "assets" / "report.css"
_TITLES = {
    "add": "Adding articles",
    "ask": "Asking",
    "start": "Starting",
    "growth": "Growing",
    "encode": "Encoding, by runtime",
    "limit": "Encoding, against the processor’s limit",
}

Rows = list[list[str]]


def as_page(folder: Path) -> str:
    """The page of whatever parts were saved in the folder."""
    saved = {
        part: json.loads(path.read_text("utf-8")) for part in _TITLES if (path := folder / f"{part}.json").exists()
    }
    body = "\n".join(_section(part, figures) for part, figures in saved.items())
    return (
        "<!doctype html>\n<html lang='en'>\n<head>\n<meta charset='utf-8'>\n"
        "<meta name='viewport' content='width=device-width, initial-scale=1'>\n"
        "<meta http-equiv='Content-Security-Policy' content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
        f"<title>Speed</title>\n<style>\n{_STYLE.read_text('utf-8')}</style>\n</head>\n<body>\n<main>\n"
        "<header><h1>Speed</h1><p class='lead'>Archives made of the sample’s sentences; above 10,000 chunks their "
        f"vectors are drawn, not encoded.</p></header>\n{body}\n</main>\n</body>\n</html>\n"
    )


def as_rows(part: str, figures: Figures) -> Rows:
    """A table of a part's figures, heads first."""
    return {"add": _add_rows, "ask": _ask_rows, "start": _start_rows, "growth": _growth_rows, "encode": _encode_rows,
            "limit": _limit_rows}[part](figures)  # fmt: skip


def _section(part: str, figures: Figures) -> str:
    head, *rows = as_rows(part, figures)
    cells = ["".join(f"<td>{escape(cell)}</td>" for cell in row) for row in rows]
    table = (
        f"<table><thead><tr>{''.join(f'<th>{escape(name)}</th>' for name in head)}</tr></thead>"
        f"<tbody>{''.join(f'<tr>{row}</tr>' for row in cells)}</tbody></table>"
    )
    pictures = "".join(
        f"<figure><h3>{escape(one.title)}</h3>{one.svg}<figcaption>{escape(one.caption)}</figcaption></figure>"
        for one in _charts(part, figures)
    )
    made_on = escape(_made_on(figures["surroundings"]))
    return f"<section><h2>{_TITLES[part]}</h2>{table}{pictures}<p>{made_on}</p></section>"


def _made_on(made: Figures) -> str:
    libraries = ", ".join(f"{name} {version}" for name, version in made["versions"].items())
    return (
        f"{made['made'][:10]}, commit {made['commit'] or 'unknown'}, {made['cores']} cores of {made['processor']}, "
        f"{made['memory_gb']} GB, {made['system']}; {libraries}."
    )


def _add_rows(figures: Figures) -> Rows:
    rows = [["system", "articles/s", "articles/CPU-s", "chunks/s", "Gazette is faster by", "by CPU-seconds",
             "at most, at the processor’s peak"]]  # fmt: skip
    at_most = figures["limit"]["ratios"] if figures["limit"] else {}
    for name, rates in figures["rates"].items():
        shown = [f"{np.median(rates[key]):.1f}" for key in
                 ("articles_per_second", "articles_per_cpu_second", "chunks_per_second")]  # fmt: skip
        ratios = figures["ratios"].get(name, {})
        rows.append([name, *shown, *(_ratio_text(ratios.get(key)) for key in
                                     ("articles_per_second", "articles_per_cpu_second")),
                     f"{at_most[name]:.2f}" if name in at_most else ""])  # fmt: skip
    rows += [[name, f"not installed: {why}", "", "", "", "", ""] for name, why in figures["missing"].items()]
    total = sum(figures["spent"].values())
    rows += [
        [f"gazette: {stage}", f"{seconds / total:.1%} of its CPU-seconds", "", "", "", "", ""]
        for stage, seconds in figures["spent"].items()
    ]
    return rows


def _ask_rows(figures: Figures) -> Rows:
    rows = [["chunks", "of", "p50 ms", "p95 ms", "p99 ms", "p50 CPU ms", "peak memory MB", "disk MB"]]
    for size, one in figures["sizes"].items():
        memory, disk = f"{one['peak_memory_mb']:.0f}", f"{one['disk_bytes'] / 1e6:.0f}"
        rows.append([f"{int(size):,}", "all", *_three(one["wall_ms"]), f"{one['cpu_ms']['p50']:.1f}", memory, disk])
        rows += [["", stage, *_three(times), "", "", ""] for stage, times in one["stages_ms"].items()]
    return rows


def _start_rows(figures: Figures) -> Rows:
    return [
        ["command", "median s", "least s", "p95 s"],
        *([name, *(f"{one[key]:.2f}" for key in ("p50", "least", "p95"))] for name, one in figures["summary"].items()),
    ]


def _growth_rows(figures: Figures) -> Rows:
    rows = [["chunks", "CPU ms a chunk added", "p50 ms a question", "peak memory MB", "disk MB"]]
    foretold = figures["foretold"]
    for one in [*figures["rows"], *([foretold] if foretold["question_ms"] is not None else [])]:
        name = f"{one['chunks']:,}" + (" (foretold)" if one is foretold else "")
        rows.append([name, f"{one['chunk_cpu_ms']:.1f}", f"{one['question_ms']:.1f}", f"{one['peak_memory_mb']:.0f}",
                     f"{one['disk_bytes'] / 1e6:,.0f}"])  # fmt: skip
    ratios = [f"× {figures['chunk_cost_ratio']:.2f}", f"× {figures['question_cost_ratio']:.2f}"]
    return [*rows, ["largest to smallest", *ratios, "", ""]]


def _encode_rows(figures: Figures) -> Rows:
    rows = [["way", "passages/CPU-s", "× the reference", "question CPU ms", "from nothing CPU s", "cosine", "top 10"]]
    for one in figures["measured"]:
        rate, times = np.median(one["passages_per_cpu_second"]), np.median(one["ratios"])
        rows.append([one["name"], f"{rate:.1f}", f"{times:.2f}", f"{one['question_cpu_ms']:.1f}",
                     f"{one['first_question_cpu_seconds']:.2f}", f"{one['cosine']:.5f}",
                     f"{one['overlap']:.4f}"])  # fmt: skip
    return rows


def _limit_rows(figures: Figures) -> Rows:
    return [
        ["", "GFLOP/s of a core"],
        [f"encoding ({figures['precision']})", f"{np.median(figures['gflops_achieved']):.0f}"],
        ["a large product", f"{np.median(figures['gflops_peak']):.0f}"],
        ["share", _ratio_text(figures["share_of_peak"])],
    ]


def _three(times: Figures) -> list[str]:
    return [f"{times[key]:.1f}" for key in ("p50", "p95", "p99")]


def _ratio_text(ratio: Figures | None) -> str:
    return f"{ratio['ratio']:.2f} [{ratio['low']:.2f}, {ratio['high']:.2f}]" if ratio else ""


def _charts(part: str, figures: Figures) -> Iterator[Chart]:
    if part == "add":
        yield _rates_chart(figures)
    if part == "growth" and len(figures["rows"]) > 1:
        rows = figures["rows"]
        sizes = [one["chunks"] for one in rows]
        yield _curve("Cost of an added chunk", "CPU ms", sizes, [one["chunk_cpu_ms"] for one in rows])
        yield _curve(
            "Cost of a question", "ms, half of the questions take less", sizes, [one["question_ms"] for one in rows]
        )


def _rates_chart(figures: Figures) -> Chart:
    names = list(figures["rates"])
    with drawing("Articles a second", HEIGHT_INCHES) as (figure, (axes, *_), svg):
        for place, name in enumerate(names):
            rates = figures["rates"][name]["articles_per_second"]
            axes.plot(range(1, len(rates) + 1), rates, marker=MARKERS[place % len(MARKERS)],
                      color=series_colour(place), label=name)  # fmt: skip
        axes.set_xlabel("turn")
        axes.set_ylabel("articles a second")
        axes.set_ylim(bottom=0)
        axes.grid()
        add_legend(figure, axes)
    return Chart("Articles a second", "Each turn adds the same articles to each system.", svg.getvalue())


def _curve(title: str, unit: str, sizes: Sequence[int], values: Sequence[float]) -> Chart:
    with drawing(title, HEIGHT_INCHES) as (_, (axes, *_others), svg):
        axes.plot(sizes, values, marker=MARKERS[0], color=series_colour(0))
        axes.set_xscale("log")
        axes.set_xticks(sizes, [f"{size:,}" for size in sizes])
        axes.minorticks_off()
        axes.set_ylim(bottom=0)
        axes.set_xlabel("chunks in the archive")
        axes.set_ylabel(unit)
        axes.grid()
    return Chart(title, "By how many chunks the archive holds.", svg.getvalue())

"""A comparison → one HTML page that needs nothing else: no network, no script; light, dark and on paper.

The table comes first, then how sure the differences are, pictures, and the questions that changed most.
Whatever comes from articles and questions is escaped.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape
from pathlib import Path

from eval.answer_tables import REFUSAL_HEADS, STAGE_HEADS, answers_said, refusal_rows, stage_rows
from eval.charts import draw_charts
from eval.comparison import Comparison, Difference, Group, Slice
from eval.drawing import SERIES_COLOURS
from eval.evaluations import EVALUATIONS, RETRIEVAL
from eval.question_cards import run_label, shown_questions
from eval.report_tables import (
    COST_HEADS,
    DIFFERENCE_HEADS,
    cost_cells,
    difference_cells,
    mean_text,
    p_text,
    signed_text,
    verdict_text,
)
from eval.runs import Run

__all__ = ["as_html"]

_MEANINGS = {name: said for one in EVALUATIONS.values() for name, said in one.meaning_by_measure.items()}
_STYLE = Path(__file__).parent / "assets" / "report.css"


def as_html(comparison: Comparison) -> str:
    """The whole page."""
    names = ", ".join(group.collection for group in comparison.groups)
    several = len(comparison.groups) > 1
    runs = [run for group in comparison.groups for run in group.runs]
    days = sorted({run.created[:10] for run in runs})
    when = days[0] if len(days) == 1 else f"{days[0]} to {days[-1]}"
    evaluations = {group.evaluation.name: group.evaluation for group in comparison.groups}
    title = " and ".join(
        one.title if not place else one.title.lower() for place, one in enumerate(evaluations.values())
    )
    lead = f"{len(runs)} {'run' if len(runs) == 1 else 'runs'} of Gazette’s evaluation, {when}"
    body = [
        f"<header><h1>{title}</h1><p class='lead'>{escape(lead)}</p></header>",
        *(_overview(comparison.groups) if several else ()),
        *(part for group in comparison.groups for part in _group_parts(group)),
        _how_measured(comparison),
    ]
    return (
        "<!doctype html>\n<html lang='en'>\n<head>\n<meta charset='utf-8'>\n"
        "<meta name='viewport' content='width=device-width, initial-scale=1'>\n"
        "<meta http-equiv='Content-Security-Policy' content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
        f"<title>{escape(names)}: {title.lower()}</title>\n"
        f"<style>\n{_STYLE.read_text('utf-8')}</style>\n</head>\n<body>\n<main>\n"
        + "\n".join(body)
        + "\n</main>\n</body>\n</html>\n"
    )


def _overview(groups: Sequence[Group]) -> Iterable[str]:
    """All collections' first measures in one table for each evaluation."""
    yield "<section><h2>All collections</h2>"
    for evaluation in {group.evaluation.name: group.evaluation for group in groups}.values():
        here = [group for group in groups if group.evaluation is evaluation]
        names = [name for name in evaluation.charted if any(name in group.measures for group in here)]
        rows = []
        for group in here:
            for place, (label, means) in enumerate(zip(group.labels, group.whole.means, strict=True)):
                cells = [mean_text(means.get(name)) for name in names]
                first = _plain(group.collection) if not place else ""
                rows.append([first, run_label(place, label), *map(_plain, cells)])
        yield _table(["collection", "run", *names], rows, lead=2)
    yield "</section>"


def _group_parts(group: Group) -> Iterable[str]:
    yield f"<section class='collection'><h2>{escape(group.collection)}</h2>"
    yield f"<p>{_said(group)}</p>"
    yield from (f"<p>{escape(said)}</p>" for said in answers_said(group))
    for note in dict.fromkeys(note for run in group.runs for note in run.notes if run.settings.code_fingerprint):
        yield f"<p class='note'>{escape(note)}</p>"
    yield _measures_table(group) if group.evaluation is RETRIEVAL else _measures_by_row(group)
    if group.differences:
        yield f"<h3>Differences from {escape(group.labels[0])}</h3>"
        yield _differences_table(group)
    placed = refusal_rows(group)
    if placed:
        yield "<h3>Refusals</h3>" + _placed_table(group, REFUSAL_HEADS, placed, lead=3)
    if group.by_language:
        yield "<h3>By language</h3>" + _slices_table(group, group.by_language, "question → article")
    yield "<h3>Pictures</h3><div class='charts'>"
    for chart in draw_charts(group):
        caption = f"<figcaption>{escape(chart.caption)}</figcaption>"
        yield f"<figure><h4>{escape(chart.title)}</h4>{chart.svg}{caption}</figure>"
    yield "</div>"
    if group.by_type:
        yield "<h3>By type of question</h3>" + _slices_table(group, group.by_type, "type")
    if placed := stage_rows(group):
        yield "<h3>Times by stage</h3>" + _placed_table(group, STAGE_HEADS, placed, lead=2)
    yield from shown_questions(group)
    yield "</section>"


def _said(group: Group) -> str:
    """The result in words, so that nobody has to read it off a table."""
    first = group.whole.means[0][group.headline]
    said = [
        f"{group.whole.count} questions, asked of {group.runs[0].costs.articles or 'an unknown number of'} articles. "
        f"<b>{escape(group.labels[0])}</b>: {escape(group.headline)} <b>{mean_text(first)}</b> "
        f"(95% interval {first.interval.low:.3f} to {first.interval.high:.3f})."
    ]
    for one in group.differences:
        if one.measure == group.headline:
            said.append(f"{escape(group.labels[one.run])} {_difference_said(one)}")
    return " ".join(said)


def _difference_said(one: Difference) -> str:
    p = p_text(one.p_corrected)
    p = f"p {p}" if p.startswith("<") else f"p = {p}"
    if one.is_significant:
        return f"is {verdict_text(one)} by {abs(one.value):.3f} ({escape(p)})."
    shows = f", which would show a difference of {one.detectable:.3f}" if one.detectable else ""
    return f"can’t be told from it by these questions ({signed_text(one.value)}, {escape(p)}){shows}."


def _measures_table(group: Group) -> str:
    """Of finding a run a row, with its costs."""
    rows = []
    for place, (label, run) in enumerate(zip(group.labels, group.runs, strict=True)):
        cells = [_mean_cell(group, name, place) for name in group.measures]
        rows.append([run_label(place, label), *cells, *map(_plain, cost_cells(run))])
    return _table(["run", *group.measures, *COST_HEADS], rows, lead=1)


def _measures_by_row(group: Group) -> str:
    """Of answering a measure a row: there are more of them, and each is of other questions."""
    rows = []
    for name in group.measures:
        cells = [_mean_cell(group, name, place) for place in range(len(group.runs))]
        count = group.whole.means[0][name].count
        rows.append([f"<b>{escape(name)}</b>", escape(_MEANINGS[name]), str(count), *cells])
    return _table(["measure", "what", "questions", *group.labels], rows, lead=2)


def _mean_cell(group: Group, name: str, place: int) -> str:
    """A run's mean with its interval, strong where no other run's is better."""
    mean = group.whole.means[place][name]
    best = max(means[name].value for means in group.whole.means)
    is_best = len(group.runs) > 1 and name in group.evaluation.gated and round(mean.value, 3) == round(best, 3)
    value = f"<b>{mean_text(mean)}</b>" if is_best else mean_text(mean)
    return f"{value}<small>{mean.interval.low:.3f}–{mean.interval.high:.3f}</small>"


def _differences_table(group: Group) -> str:
    """Measures that say the same as one before them, as where each question has one answer, are left out."""
    rows = []
    seen: set[tuple[object, ...]] = set()
    for one in group.differences:
        pairs = zip(group.runs[0].questions, group.runs[one.run].questions, strict=True)
        test = (one.run, *((old.values.get(one.measure), new.values.get(one.measure)) for old, new in pairs))
        if test in seen:
            continue
        seen.add(test)
        cells = [_plain(cell) for cell in difference_cells(one)]
        cells[-1] = f"<span class='{'unsure' if not one.is_significant else verdict_text(one)}'>{cells[-1]}</span>"
        is_first = one.measure == group.differences[0].measure
        rows.append([run_label(one.run, group.labels[one.run]) if is_first else "", _plain(one.measure), *cells])
    return _table(["run", "measure", *DIFFERENCE_HEADS], rows, lead=2)


def _placed_table(group: Group, heads: Sequence[str], placed: Sequence[tuple[int, Sequence[str]]], *, lead: int) -> str:
    """Rows of runs, each run named once."""
    rows = []
    before = -1
    for place, cells in placed:
        rows.append([run_label(place, group.labels[place]) if place != before else "", *map(_plain, cells)])
        before = place
    return _table(["run", *heads], rows, lead=lead)


def _slices_table(group: Group, parts: Sequence[Slice], head: str) -> str:
    names = [name for name in group.evaluation.sliced if any(name in means for part in parts for means in part.means)]
    rows = []
    for part in parts:
        for place, (label, means) in enumerate(zip(group.labels, part.means, strict=True)):
            first = [_plain(part.name), str(part.count)] if not place else ["", ""]
            cells = [_bar(means[name].value, place) if name in means else "–" for name in names]
            rows.append([*first, run_label(place, label), *cells])
    return _table([head, "questions", "run", *names], rows, lead=3, block=len(group.runs))


def _how_measured(comparison: Comparison) -> str:
    measures = dict.fromkeys(name for group in comparison.groups for name in group.measures)
    meanings = "".join(f"<dt>{escape(name)}</dt><dd>{escape(_MEANINGS[name])}</dd>" for name in measures)
    rows = [
        [_plain(group.collection), run_label(place, label), *map(_plain, _run_cells(run))]
        for group in comparison.groups
        for place, (label, run) in enumerate(zip(group.labels, group.runs, strict=True))
    ]
    heads = [
        "collection",
        "run",
        "asked",
        "encoder",
        "made (UTC)",
        "commit",
        "articles",
        "questions",
        "code",
        "versions",
    ]
    return (
        "<section><h2>How this was measured</h2>"
        f"<p>Intervals: percentile bootstrap over the questions. p: paired randomisation test, two-sided; Holm’s "
        "correction over all tests of a collection. Effect: mean difference by its standard deviation. «Could show»: "
        "the difference that these questions would show four times out of five. "
        f"Seed {comparison.seed}: the same runs give the same figures.</p>"
        f"<dl>{meanings}</dl>{_table(heads, rows, lead=len(heads))}</section>"
    )


def _run_cells(run: Run) -> list[str]:
    settings = run.settings
    versions = ", ".join(f"{name} {version}" for name, version in run.versions.items())
    return [
        ", ".join(settings.options) or "–",
        settings.encoder_fingerprint or "–",
        run.created.replace("T", " ").removesuffix("+00:00"),
        run.commit or "–",
        settings.articles_fingerprint or "–",
        settings.questions_fingerprint,
        settings.code_fingerprint or "–",
        versions or "–",
    ]


def _table(heads: Sequence[str], rows: Sequence[Sequence[str]], *, lead: int, block: int = 1) -> str:
    """A table of cells that are HTML already.

    Columns behind the first `lead` hold figures; each `block` rows belong together.
    """
    kinds = ["" if place < lead else " class='figure'" for place in range(len(heads))]
    head = "".join(
        f"<th{kind} scope='col'{_meaning(name)}>{escape(name)}</th>" for name, kind in zip(heads, kinds, strict=True)
    )
    body = "".join(
        f"<tr{' class=on' if (number + 1) % block else ''}>"
        + "".join(f"<td{kind}>{cell}</td>" for cell, kind in zip(row, kinds, strict=True))
        + "</tr>\n"
        for number, row in enumerate(rows)
    )
    return f"<div class='scroll'><table><thead><tr>{head}</tr></thead>\n<tbody>\n{body}</tbody></table></div>"


def _meaning(name: str) -> str:
    return f" title='{escape(_MEANINGS[name])}'" if name in _MEANINGS else ""


def _bar(value: float, place: int) -> str:
    colour = f"series-{place % SERIES_COLOURS}"
    return f"<span class='bar'><i class='{colour}' style='width:{100 * value:.1f}%'></i></span>{value:.3f}"


def _plain(text: str) -> str:
    return escape(text)

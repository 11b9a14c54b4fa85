"""A comparison → one HTML page that needs nothing else: no network, no script; light, dark and on paper.

The table comes first, then how sure the differences are, pictures, and the questions that changed most.
Whatever comes from articles and questions is escaped.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape
from itertools import zip_longest
from pathlib import Path

from eval.charts import SERIES_COLOURS, draw_charts
from eval.comparison import Comparison, Difference, Group, Slice
from eval.measures import MEASURE_MEANINGS
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
from eval.runs import QuestionResult, Run

__all__ = ["as_html"]

_SHOWN_QUESTIONS = 12
_SHOWN_ARTICLES = 3
_SLICE_MEASURES = ("nDCG@10", "Success@5", "Evidence@5")
_STYLE = Path(__file__).parent / "assets" / "report.css"


def as_html(comparison: Comparison) -> str:
    """The whole page."""
    names = ", ".join(group.collection for group in comparison.groups)
    several = len(comparison.groups) > 1
    runs = [run for group in comparison.groups for run in group.runs]
    days = sorted({run.created[:10] for run in runs})
    when = days[0] if len(days) == 1 else f"{days[0]} to {days[-1]}"
    lead = f"{len(runs)} {'run' if len(runs) == 1 else 'runs'} of Gazette’s retrieval evaluation, {when}"
    body = [
        f"<header><h1>How well finding works</h1><p class='lead'>{escape(lead)}</p></header>",
        *(_overview(comparison.groups) if several else ()),
        *(part for group in comparison.groups for part in _group_parts(group)),
        _how_measured(comparison),
    ]
    return (
        "<!doctype html>\n<html lang='en'>\n<head>\n<meta charset='utf-8'>\n"
        "<meta name='viewport' content='width=device-width, initial-scale=1'>\n"
        "<meta http-equiv='Content-Security-Policy' content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
        f"<title>{escape(names)}: how well finding works</title>\n"
        f"<style>\n{_STYLE.read_text('utf-8')}</style>\n</head>\n<body>\n<main>\n"
        + "\n".join(body)
        + "\n</main>\n</body>\n</html>\n"
    )


def _overview(groups: Sequence[Group]) -> Iterable[str]:
    """All collections' first measures in one table."""
    names = ("nDCG@10", "R@10", "RR", "Success@1", "Success@5", "Evidence@5")
    rows = []
    for group in groups:
        for place, (label, means) in enumerate(zip(group.labels, group.whole.means, strict=True)):
            cells = [mean_text(means[name]) if name in means else "–" for name in names]
            rows.append([_plain(group.collection) if not place else "", _label(place, label), *map(_plain, cells)])
    yield "<section><h2>All collections</h2>"
    yield _table(["collection", "run", *names], rows, lead=2)
    yield "</section>"


def _group_parts(group: Group) -> Iterable[str]:
    yield f"<section class='collection'><h2>{escape(group.collection)}</h2>"
    yield f"<p>{_said(group)}</p>"
    for note in dict.fromkeys(note for run in group.runs for note in run.notes if run.settings.code_fingerprint):
        yield f"<p class='note'>{escape(note)}</p>"
    yield _measures_table(group)
    if group.differences:
        yield f"<h3>Differences from {escape(group.labels[0])}</h3>"
        yield _differences_table(group)
    if group.by_language:
        yield "<h3>By language</h3>" + _slices_table(group, group.by_language, "question → article")
    yield "<h3>Pictures</h3><div class='charts'>"
    for chart in draw_charts(group):
        caption = f"<figcaption>{escape(chart.caption)}</figcaption>"
        yield f"<figure><h4>{escape(chart.title)}</h4>{chart.svg}{caption}</figure>"
    yield "</div>"
    if group.by_type:
        yield "<h3>By type of question</h3>" + _slices_table(group, group.by_type, "type")
    yield from _questions(group)
    yield "</section>"


def _said(group: Group) -> str:
    """The result in words, so that nobody has to read it off a table."""
    first = group.whole.means[0]["nDCG@10"]
    said = [
        f"{group.whole.count} questions, asked of {group.runs[0].costs.articles or 'an unknown number of'} articles. "
        f"<b>{escape(group.labels[0])}</b> reaches an nDCG@10 of <b>{mean_text(first)}</b> "
        f"(95% interval {first.interval.low:.3f} to {first.interval.high:.3f})."
    ]
    for one in group.differences:
        if one.measure == "nDCG@10":
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
    best = {name: max(means[name].value for means in group.whole.means) for name in group.measures}
    rows = []
    for place, (label, means, run) in enumerate(zip(group.labels, group.whole.means, group.runs, strict=True)):
        cells = [_label(place, label)]
        for name in group.measures:
            mean = means[name]
            is_best = len(group.runs) > 1 and round(mean.value, 3) == round(best[name], 3)
            value = f"<b>{mean_text(mean)}</b>" if is_best else mean_text(mean)
            cells.append(f"{value}<small>{mean.interval.low:.3f}–{mean.interval.high:.3f}</small>")
        rows.append([*cells, *map(_plain, cost_cells(run))])
    return _table(["run", *group.measures, *COST_HEADS], rows, lead=1)


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
        rows.append([_label(one.run, group.labels[one.run]) if is_first else "", _plain(one.measure), *cells])
    return _table(["run", "measure", *DIFFERENCE_HEADS], rows, lead=2)


def _slices_table(group: Group, parts: Sequence[Slice], head: str) -> str:
    names = [name for name in _SLICE_MEASURES if any(name in means for part in parts for means in part.means)]
    rows = []
    for part in parts:
        for place, (label, means) in enumerate(zip(group.labels, part.means, strict=True)):
            first = [_plain(part.name), str(part.count)] if not place else ["", ""]
            cells = [_bar(means[name].value, place) if name in means else "–" for name in names]
            rows.append([*first, _label(place, label), *cells])
    return _table([head, "questions", "run", *names], rows, lead=3, block=len(group.runs))


def _questions(group: Group) -> Iterable[str]:
    """The questions that changed most against the baseline, or with one run, those that found least."""
    by_id = [{question.id: question for question in run.questions} for run in group.runs]
    first = group.runs[0].questions
    if len(group.runs) == 1:
        chosen = sorted((q for q in first if q.values["nDCG@10"] < 1), key=lambda q: q.values["nDCG@10"])
        title, none = "Questions that found least", "Every question found its articles first."
    else:
        chosen = _most_changed(first, by_id[1:])
        title, none = "Questions that changed most", "No question changed."
    yield f"<h3>{title}</h3>"
    if not chosen:
        yield f"<p>{none}</p>"
    elif len(chosen) > _SHOWN_QUESTIONS:
        yield f"<p>{_SHOWN_QUESTIONS} of {len(chosen)}; the rest is in the saved runs.</p>"
    for question in chosen[:_SHOWN_QUESTIONS]:
        yield _question_card(question, [found[question.id] for found in by_id], group.labels)


def _most_changed(
    baseline: Sequence[QuestionResult], others: Sequence[dict[str, QuestionResult]]
) -> list[QuestionResult]:
    """Questions by how much nDCG@10 changed: of each other run in turn the largest loss, then the largest gain."""
    turns: list[list[QuestionResult]] = []
    for found in others:
        change = {
            question.id: found[question.id].values["nDCG@10"] - question.values["nDCG@10"] for question in baseline
        }
        for sign in (-1, 1):
            changed = [question for question in baseline if sign * change[question.id] > 0]
            turns.append(sorted(changed, key=lambda question, of=change: -abs(of[question.id])))  # type: ignore[misc]
    in_turn = [question for row in zip_longest(*turns) for question in row if question]
    return list({question.id: question for question in in_turn}.values())


def _question_card(question: QuestionResult, results: Sequence[QuestionResult], names: Sequence[str]) -> str:
    right = {article.id: article for article in question.relevant if article.grade > 0}
    tags = "".join(f"<span class='tag'>{escape(tag)}</span>" for tag in (question.language, question.type) if tag)
    sought = "; ".join(
        escape(article.title or article.id)
        + (f" <span class='tag'>{escape(article.language)}</span>" if article.language else "")
        for article in right.values()
    )
    columns = []
    for place, (result, name) in enumerate(zip(results, names, strict=True)):
        ranks = [article.rank for article in result.relevant if article.grade > 0 and article.rank]
        stands = f"right article at {min(ranks)}" if ranks else "right article not found"
        items = "".join(
            f"<li{' class=right' if article.id in right else ''}><span>{escape(article.title or article.id)}</span>"
            f"{f'<q>{escape(article.passage)}</q>' if article.passage and not index else ''}</li>"
            for index, article in enumerate(result.found[:_SHOWN_ARTICLES])
        )
        columns.append(
            f"<div><p>{_label(place, name)} <span class='stands'>{stands}</span></p>"
            f"<ol>{items or '<li>nothing</li>'}</ol></div>"
        )
    return (
        f"<article class='question'><h4>{escape(question.text)} {tags}</h4><p class='sought'>Answered by: {sought}</p>"
        f"<div class='columns'>{''.join(columns)}</div></article>"
    )


def _how_measured(comparison: Comparison) -> str:
    measures = dict.fromkeys(name for group in comparison.groups for name in group.measures)
    meanings = "".join(f"<dt>{escape(name)}</dt><dd>{escape(MEASURE_MEANINGS[name])}</dd>" for name in measures)
    rows = [
        [_plain(group.collection), _label(place, label), *map(_plain, _run_cells(run))]
        for group in comparison.groups
        for place, (label, run) in enumerate(zip(group.labels, group.runs, strict=True))
    ]
    heads = ["collection", "run", "encoder", "made (UTC)", "commit", "articles", "questions", "code", "versions"]
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
    return f" title='{escape(MEASURE_MEANINGS[name])}'" if name in MEASURE_MEANINGS else ""


def _label(place: int, name: str) -> str:
    return f"<span class='run'><i class='series-{place % SERIES_COLOURS}'></i>{escape(name)}</span>"


def _bar(value: float, place: int) -> str:
    colour = f"series-{place % SERIES_COLOURS}"
    return f"<span class='bar'><i class='{colour}' style='width:{100 * value:.1f}%'></i></span>{value:.3f}"


def _plain(text: str) -> str:
    return escape(text)

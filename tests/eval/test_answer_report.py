"""Reports of answers: what is shown first, what is told of refusals and times, and what went wrong."""

from __future__ import annotations

import json
import re
from dataclasses import replace

import pytest

from eval import FoundArticle, Run, compare
from eval.answer_tables import answers_said, percentiles, stage_times
from eval.charts import draw_charts
from eval.report_page import as_html
from eval.report_tables import as_json, as_markdown
from tests.eval.small import made_answers, made_run

GIVEN = [("answerable", 0.9, True), ("answerable", 0.8, False), ("answerable", 0.3, False), ("absent", 0.2, True)] * 5
GOOD = made_answers([(kind, sure, right or kind == "answerable") for kind, sure, right in GIVEN])
BAD = made_answers(GIVEN, system="uncompleted")
HOSTILE = "<script>alert(1)</script><img src=x onerror='alert(2)'>&\"|"


def hostile() -> Run:
    first = BAD.questions[1]
    assert first.answer is not None
    answer = replace(first.answer, text=HOSTILE, completed=HOSTILE, expected=(HOSTILE,), kind=HOSTILE)
    question = replace(first, text=HOSTILE, found=(FoundArticle(HOSTILE, HOSTILE, HOSTILE),), answer=answer)
    return replace(BAD, questions=(question, *BAD.questions[2:]))


def test_the_table_comes_before_the_pictures_and_these_before_the_questions() -> None:
    page = as_html(compare([BAD]))
    marks = ("Right answer <b>0.333</b>", "<table>", "<h3>Refusals", "<svg", "Questions answered wrongly")
    places = [page.index(mark) for mark in (*marks, "How this was measured")]
    assert places == sorted(places)


def test_the_pictures_are_those_of_answers() -> None:
    titles = ["Measures", "Risk by coverage", "Latency by stage"]
    assert [chart.title for chart in draw_charts(compare([BAD]).groups[0])] == titles
    charts = draw_charts(compare([GOOD, BAD]).groups[0])
    assert [chart.title for chart in charts] == [*titles, "Wins and losses"]
    for chart in charts:
        assert re.findall(r"#[0-9a-fA-F]{6}\b", chart.svg) == []
    unsure = made_answers([("answerable", None, True), ("answerable", None, False)])
    assert [chart.title for chart in draw_charts(compare([unsure]).groups[0])] == ["Measures", "Latency by stage"]


def test_a_wrong_answer_is_shown_with_what_was_accepted_answered_and_cited() -> None:
    page = as_html(compare([BAD]))
    assert "10 of the" not in page
    assert page.count("<article class='question'>") == 10
    assert "Accepted: «blue». Answered by: The right article" in page
    assert "answered wrongly, 80% sure of an answer" in page
    assert "refused, 30% sure of an answer" in page
    assert "<p>The bridge is blue. [1]</p>" in page


def test_a_question_that_should_have_been_refused_is_shown() -> None:
    page = as_html(compare([made_answers([("absent", 0.9, False), ("answerable", 0.9, True)])]))
    assert "No article answers: it should be refused." in page
    assert "answered wrongly, 90% sure of an answer" in page


def test_questions_that_changed_are_shown_for_two_runs() -> None:
    page = as_html(compare([GOOD, BAD]))
    assert "Questions that changed most" in page
    assert page.count("<article class='question'>") == 10


def test_text_from_answers_stays_text() -> None:
    page = as_html(compare([hostile()]))
    assert "<script>alert" not in page
    assert "<img" not in page
    assert HOSTILE not in page


def test_finding_and_answering_can_stand_on_one_page() -> None:
    page = as_html(compare([made_run([1, 2]), BAD]))
    assert "How well finding works and how well answering works" in page
    assert page.count("<section class='collection'>") == 2


def test_json_and_markdown_hold_refusals_and_times() -> None:
    comparison = compare([BAD])
    (group,) = json.loads(as_json(comparison))["groups"]
    assert group["runs"][0]["stages"]["search"]["cpu_p50_ms"] == 4
    assert group["refusals"][0]["refused"] == 1
    markdown = as_markdown(comparison)
    assert "Refusals:\n\n| run | without an answer |" in markdown
    assert "| extractive | search | 10.0 | 10.0 | 4.0 | 4.0 |" in as_markdown(compare([GOOD]))
    assert "Right answer by type:" in markdown


def test_types_of_questions_are_beside_what_should_be_refused() -> None:
    assert [part.name for part in compare([BAD]).groups[0].by_type] == ["absent", "person"]


def test_what_the_means_dont_say_is_said() -> None:
    (said,) = answers_said(compare([BAD]).groups[0])
    assert said == (
        "uncompleted: 10 of 20 questions answered, median 18 words, 0 disagreements named; half of the questions "
        "within 12.0 ms of computing (search 4.0, choose 8.0)."
    )
    assert answers_said(compare([made_run([1])]).groups[0]) == []


def test_the_total_stands_last_and_percentiles_are_what_so_many_are_at_most() -> None:
    assert list(stage_times(BAD)) == ["search", "choose", "total"]
    assert percentiles([7.0]) == (7.0, 7.0)
    assert percentiles([float(number) for number in range(1, 101)]) == (50.5, pytest.approx(95.95))

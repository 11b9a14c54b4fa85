"""Reports: complete, the same each time, safe with any text, and fit for a browser without a network."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from eval import FoundArticle, compare, write_report
from eval.charts import draw_charts
from eval.report_page import as_html
from eval.report_tables import as_csv, as_json, as_markdown, p_text, signed_text
from tests.eval.small import made_run
from tests.ui.browsing import NO_CHROMIUM

HOSTILE = "<script>alert(1)</script><img src='http://198.51.100.1/x.png' onerror='alert(2)'>&\"|"
GOOD = made_run([1] * 20 + [2] * 20)
BAD = made_run([1] * 20 + [None] * 20, system="dense")


def hostile() -> list[str]:
    question = replace(GOOD.questions[0], text=HOSTILE, type=HOSTILE, found=(FoundArticle(HOSTILE, HOSTILE, HOSTILE),))
    first = replace(GOOD, questions=(question, *GOOD.questions[1:]), notes=(HOSTILE,))
    second = replace(BAD, settings=replace(BAD.settings, system=HOSTILE))
    return [as_html(compare([first, second])), as_markdown(compare([first, second]))]


def test_the_table_comes_before_the_pictures_and_these_before_the_questions() -> None:
    page = as_html(compare([GOOD, BAD]))
    places = [page.index(mark) for mark in ("<table>", "<svg", "Questions that changed most", "How this was measured")]
    assert places == sorted(places)


def test_the_page_shows_all_four_pictures_and_the_questions_that_changed() -> None:
    page = as_html(compare([GOOD, BAD]))
    assert [chart.title for chart in draw_charts(compare([GOOD, BAD]).groups[0])] == [
        "Measures",
        "Recall by depth",
        "Latency",
        "Wins and losses",
    ]
    assert page.count("<svg") == 4
    assert page.count("<article class='question'>") == 12
    assert "12 of 20" in page
    assert "right article not found" in page


def test_a_single_run_shows_the_questions_that_found_least() -> None:
    page = as_html(compare([BAD]))
    assert "Questions that found least" in page
    assert "Differences from" not in page
    assert page.count("<svg") == 3


def test_the_page_asks_for_nothing_else() -> None:
    page = as_html(compare([GOOD, BAD]))
    addresses = set(re.findall(r"https?://[^\s\"'<)]+", page))
    assert addresses <= {"http://www.w3.org/2000/svg", "http://www.w3.org/1999/xlink"}
    assert not re.search(r"<script|<link|<iframe|@import|<img|url\((?!#)", page)


def test_every_colour_of_a_picture_is_the_pages_own() -> None:
    for chart in draw_charts(compare([GOOD, BAD]).groups[0]):
        assert re.findall(r"#[0-9a-fA-F]{6}\b", chart.svg) == []
        used = set(re.findall(r"var\((--[a-z0-9-]+)\)", chart.svg))
        style = as_html(compare([GOOD])).partition("</style>")[0]
        assert [name for name in used if f"{name}:" not in style] == []


def test_text_from_articles_and_questions_stays_text() -> None:
    page, markdown = hostile()
    assert "<script>alert" not in page
    assert "<img" not in page
    assert HOSTILE not in page
    assert "<script" not in markdown
    for table in tables(markdown):
        lines = table.strip().split("\n")
        assert {len(re.findall(r"(?<!\\)\|", line)) for line in lines} == {lines[1].count("|")}


def tables(markdown: str) -> list[str]:
    return re.findall(r"(?:^\|.*\|$\n?)+", markdown, re.MULTILINE)


def test_the_same_runs_give_the_same_report_to_the_letter() -> None:
    for make in (as_html, as_json, as_csv, as_markdown):
        assert make(compare([GOOD, BAD], seed=1)) == make(compare([GOOD, BAD], seed=1))


def test_json_and_csv_hold_the_figures() -> None:
    comparison = compare([GOOD, BAD])
    record = json.loads(as_json(comparison))
    group = record["groups"][0]
    assert group["slices"][0]["means"]["hybrid"]["RR"]["value"] == pytest.approx(0.75)
    assert group["runs"][1]["values_by_question"]["q39"]["R@5"] == 0
    assert {difference["run"] for difference in group["differences"]} == {"dense"}
    rows = list(csv.DictReader(io.StringIO(as_csv(comparison))))
    (row,) = [r for r in rows if (r["slice"], r["run"], r["measure"]) == ("all", "hybrid", "RR")]
    assert (float(row["mean"]), row["questions"]) == (0.75, "40")


def test_markdown_holds_the_tables() -> None:
    markdown = as_markdown(compare([GOOD, BAD]))
    assert "| hybrid | " in markdown
    assert "Differences from hybrid:" in markdown
    assert "0.750 [" in markdown


def test_numbers_are_written_plainly() -> None:
    assert (signed_text(-0.2), signed_text(0.0134), signed_text(-0.0001)) == ("−0.200", "+0.013", "0.000")
    assert (p_text(0.0004), p_text(0.0314)) == ("< 0.001", "0.031")


def test_all_four_files_are_written(tmp_path: Path) -> None:
    page = write_report(compare([GOOD, BAD]), tmp_path / "new")
    assert sorted(path.name for path in page.parent.iterdir()) == [
        "report.csv",
        "report.html",
        "report.json",
        "report.md",
    ]


@pytest.fixture(scope="module")
def browser() -> Iterator[object]:
    if NO_CHROMIUM:
        pytest.skip(NO_CHROMIUM)
    from tests.ui.browsing import Browsers

    browsers = Browsers()
    yield browsers.driver()
    browsers.close()


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("width", [390, 1240])
def test_the_page_opens_in_a_browser_without_a_fault(browser: object, tmp_path: Path, dark: bool, width: int) -> None:
    from selenium import webdriver

    assert isinstance(browser, webdriver.Chrome)
    scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [scheme]})
    screen = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": width < 600}
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", screen)
    browser.get(f"file://{write_report(compare([GOOD, BAD]), tmp_path)}")

    assert [entry for entry in browser.get_log("browser") if entry["level"] == "SEVERE"] == []
    assert browser.execute_script("return document.documentElement.scrollWidth") <= width
    shown = browser.execute_script(
        "return [...document.querySelectorAll('svg')]"
        ".map(svg => [svg.getBoundingClientRect().width, svg.querySelectorAll('text').length])"
    )
    assert len(shown) == 4
    assert all(picture_width > 200 and texts > 3 for picture_width, texts in shown)
    ink, paper = browser.execute_script(
        "const style = getComputedStyle(document.body); return [style.color, style.backgroundColor]"
    )
    drawn = browser.execute_script("return getComputedStyle(document.querySelector('svg text')).fill")
    assert drawn == ink
    assert (sum(map(int, re.findall(r"\d+", ink))) > sum(map(int, re.findall(r"\d+", paper)))) == dark

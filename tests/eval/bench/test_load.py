"""The load benchmark: a real server asked by real readers, and what it makes of what they met."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from eval.bench.load import main
from eval.bench.load_adding import counts_out_of_place, rearranged
from eval.bench.load_readers import ReaderLog, ShownArticles, fairness, growth_per_minute
from eval.bench.load_server import serve_archive
from rag import Archive
from tests.rag.invented import QUESTIONS, articles


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("load") / "archive"
    with Archive.open(folder, encoder="hashing-64") as made:
        made.add(articles(40))
    return folder


def test_readers_are_answered_while_articles_are_added(
    archive: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    questions, out = tmp_path / "questions.jsonl", tmp_path / "load.json"
    rows = [{"id": str(place), "q_en": asked, "articles": ["article-0-0"]} for place, asked in enumerate(QUESTIONS)]
    questions.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    asked = ["--archive", str(archive), "--questions", str(questions), "--readers", "1,3", "--seconds", "2"]
    assert main([*asked, "--add", "12", "--json", str(out)]) == 0
    printed = capsys.readouterr().out
    assert printed.count("12 articles added in ") == 2
    report = json.loads(out.read_text("utf-8"))
    assert [load["measured"]["readers"] for load in report["loads"]] == [1, 3]
    for load in report["loads"]:
        measured, added = load["measured"], load["added"]
        assert measured["answers"] == sum(measured["answers_by_reader"]) > 0
        assert 0 < measured["p50_ms"] <= measured["p95_ms"] <= measured["p99_ms"]
        assert (measured["errors"], measured["faults"], added["faults"]) == ({}, [], [])
        assert (added["articles"], added["looks"] > 0) == (12, True)
    with Archive.open(archive) as opened:
        assert opened.info().articles == 40  # it was a copy that grew


def test_what_no_reader_may_see_is_told(archive: Path) -> None:
    with Archive.open(archive) as opened:
        article = opened.articles()[0]

    def cited(article_id: str, start: int, quote: str) -> dict[str, Any]:
        return {"article": {"id": article_id}, "start": start, "end": start + len(quote), "quote": quote}

    with serve_archive(archive) as served:
        line, log = served.connect(60), ReaderLog()
        log.check([cited(article.id, 2, article.text[2:20])], "quote", line, ShownArticles())
        assert log.faults == []
        log.check([cited("gone", 0, "x"), cited(article.id, 3, article.text[2:20])], "quote", line, ShownArticles())
        line.close()
    assert [fault.partition("»")[0] for fault in log.faults] == ["«gone", f"«{article.id}"]
    assert log.citations_checked == 3


@pytest.mark.parametrize(
    ("seen", "faults"),
    [([3, 3, 5, 9], 0), ([], 0), ([3, 4, 5], 1), ([5, 3], 1), ([9, 10, 4], 3)],
)
def test_only_the_numbers_of_its_states_are_right_and_never_fewer(seen: list[int], faults: int) -> None:
    assert len(counts_out_of_place(seen, [3, 5, 9])) == faults


def test_fairness_is_one_where_all_have_the_same_and_falls_to_a_share_of_one() -> None:
    assert fairness([5, 5, 5, 5]) == 1
    assert fairness([20, 0, 0, 0]) == 0.25
    assert fairness([0, 0]) == 1
    assert fairness([3, 1]) == pytest.approx(16 / 20)


def test_growth_is_that_of_the_last_half() -> None:
    assert growth_per_minute([(0, 10), (20, 80), (40, 100), (60, 101), (80, 102)]) == pytest.approx(3)
    assert growth_per_minute([(0, 10)]) is None


def test_rearranged_articles_say_what_the_archive_says_in_another_order(archive: Path) -> None:
    with Archive.open(archive) as opened:
        known = opened.articles()
    made = rearranged(known, 9)
    assert made == rearranged(known, 9)
    assert len({article.id for article in made}) == 9
    assert {article.language for article in made} == {"en", "fr"}
    for article in made:
        said = " ".join(one.text for one in known if one.language == article.language)
        assert all(paragraph.split(". ")[0].rstrip(".") in said for paragraph in article.text.split("\n\n"))

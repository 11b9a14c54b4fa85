"""Measures by hand and against trec_eval; a run of the real search; bad files named with their line."""

from __future__ import annotations

import json
import math
from pathlib import Path

import ir_measures
import pytest

from eval.beir import read_beir
from eval.retrieval import measure, run_retrieval, write_trec_run
from rag import ReadingError

ARTICLES = {
    "treaty": "The ministers signed the treaty in Paris on Friday.",
    "harvest": "Farmers brought the harvest in before the rain.",
    "match": "The home side won the match by two goals.",
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    corpus = [{"_id": id_, "title": id_.title(), "text": text} for id_, text in ARTICLES.items()]
    queries = [{"_id": "q1", "text": "Who signed the treaty?"}, {"_id": "q2", "text": "Who won the match?"}]
    (tmp_path / "qrels").mkdir()
    (tmp_path / "corpus.jsonl").write_text("".join(json.dumps(row) + "\n" for row in corpus), "utf-8")
    (tmp_path / "queries.jsonl").write_text("".join(json.dumps(row) + "\n" for row in queries), "utf-8")
    (tmp_path / "qrels" / "test.tsv").write_text(
        "query-id\tcorpus-id\tscore\nq1\ttreaty\t1\nq2\tmatch\t1\nq2\tharvest\t0\n", "utf-8"
    )
    return tmp_path


def test_measures_equal_those_computed_by_hand() -> None:
    relevance = {"q1": {"a": 1}, "q2": {"b": 1, "c": 1}, "q3": {"d": 1}}
    run = {"q1": {"x": 2.0, "a": 1.0}, "q2": {"b": 3.0, "x": 2.0, "c": 1.0}}  # q3 was never answered: 0
    found = measure(relevance, run)
    ideal = 1 + 1 / math.log2(3)
    assert found["nDCG@10"] == pytest.approx((1 / math.log2(3) + (1 + 1 / 2) / ideal + 0) / 3)
    assert found["RR"] == pytest.approx((1 / 2 + 1 + 0) / 3)
    assert found["R@10"] == pytest.approx((1 + 1 + 0) / 3)
    assert found["Success@1"] == pytest.approx(1 / 3)


def test_a_written_run_measured_by_trec_eval_gives_the_same_figures(folder: Path) -> None:
    result = run_retrieval(read_beir(folder), encoder="hashing-256")
    write_trec_run(result.run, folder / "run.trec")
    judged = [
        ir_measures.Qrel(query, article, score)
        for query, scores in read_beir(folder).relevance.items()
        for article, score in scores.items()
    ]
    read = list(ir_measures.read_trec_run(str(folder / "run.trec")))
    measures = [ir_measures.parse_measure(name) for name in result.value_by_measure]
    by_trec_eval = ir_measures.pytrec_eval.calc_aggregate(measures, judged, read)
    assert {str(name): value for name, value in by_trec_eval.items()} == pytest.approx(result.value_by_measure)


def test_the_archives_search_finds_what_is_there(folder: Path) -> None:
    result = run_retrieval(read_beir(folder), encoder="hashing-256")
    assert result.value_by_measure["Success@1"] == 1.0
    assert (result.queries, result.encoder) == (2, "hashing-256")
    assert result.index_seconds > 0
    assert 0 < result.latency_p50_ms <= result.latency_p95_ms


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("queries.jsonl", '{"_id": "q1", "text": "a"}\nnot json\n', "line 2"),
        ("queries.jsonl", '{"_id": "q1"}\n', "line 1"),
        ("queries.jsonl", '{"_id": "q9", "text": "a"}\n', "q1"),
        ("qrels/test.tsv", "query-id\tcorpus-id\tscore\nq1\ttreaty\n", "line 2"),
        ("qrels/test.tsv", "query-id\tcorpus-id\tscore\nq1\ttreaty\tyes\n", "line 2"),
    ],
)
def test_a_bad_file_is_named_with_its_line(folder: Path, name: str, content: str, said: str) -> None:
    (folder / name).write_text(content, "utf-8")
    with pytest.raises(ReadingError, match=said):
        read_beir(folder)


@pytest.mark.parametrize("name", ["corpus.jsonl", "queries.jsonl", "qrels/test.tsv"])
def test_a_missing_file_is_named(folder: Path, name: str) -> None:
    (folder / name).unlink()
    with pytest.raises(ReadingError, match=r"is missing|holds no \.tsv"):
        read_beir(folder)

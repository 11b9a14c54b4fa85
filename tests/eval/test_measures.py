"""Measures against values worked out by hand, and against trec_eval."""

from __future__ import annotations

import math
import random
from pathlib import Path

import ir_measures
import pytest

from eval.measures import MEASURES, measure_questions
from eval.runs import read_trec_run, write_trec_run


def test_measures_equal_those_worked_out_by_hand() -> None:
    relevance = {"one": {"a": 1}, "two": {"b": 2, "c": 1}, "none": {"d": 1}, "silent": {"e": 1}, "empty": {"f": 1}}
    run = {
        "one": {"x": 0.9, "y": 0.8, "a": 0.7},
        "two": {"c": 3.0, "x": 2.0, "b": 1.0},
        "none": {"x": 1.0, "y": 0.5},
        "empty": {},
    }
    values = measure_questions(relevance, run)

    assert values["one"]["nDCG@10"] == pytest.approx(1 / math.log2(4))  # alone, third: 1 / log2(1 + 3)
    assert values["one"]["RR"] == pytest.approx(1 / 3)
    assert values["one"]["AP"] == pytest.approx(1 / 3)
    assert values["one"]["Success@1"] == 0
    assert values["one"]["Success@5"] == 1
    assert values["one"]["Judged@10"] == pytest.approx(1 / 3)
    # Grade 1 first and grade 2 third, where grade 2 first and grade 1 second were best.
    gained, best = 1 / math.log2(2) + 2 / math.log2(4), 2 / math.log2(2) + 1 / math.log2(3)
    assert values["two"]["nDCG@10"] == pytest.approx(gained / best)
    assert values["two"]["AP"] == pytest.approx((1 / 1 + 2 / 3) / 2)
    assert values["two"]["RR"] == 1
    assert values["two"]["R@5"] == 1
    assert values["none"] == dict.fromkeys(MEASURES, 0.0)
    assert values["silent"] == values["empty"] == dict.fromkeys(MEASURES, 0.0)


def test_measures_equal_those_of_trec_eval_on_a_run_file(tmp_path: Path) -> None:
    chance = random.Random(7)
    articles = [f"a{number}" for number in range(300)]
    relevance = {
        f"q{number}": {id_: chance.choice([0, 1, 1, 2]) for id_ in chance.sample(articles, 12)} for number in range(40)
    }
    for grades in relevance.values():
        grades[chance.choice(articles)] = 1
    rankings = {
        id_: {article: round(chance.random(), 2) for article in chance.sample(articles, 120)}  # two digits: many ties
        for id_ in list(relevance)[:-2]
    }
    path = tmp_path / "run.trec"
    write_trec_run(rankings, path)

    ours = measure_questions(relevance, read_trec_run(path))

    wanted = [ir_measures.parse_measure(name) for name in MEASURES if name != "Judged@10"]
    theirs = ir_measures.pytrec_eval.iter_calc(wanted, relevance, list(ir_measures.read_trec_run(str(path))))
    compared = 0
    for metric in theirs:
        assert ours[metric.query_id][str(metric.measure)] == pytest.approx(metric.value, abs=1e-12)
        compared += 1
    assert compared == len(wanted) * len(relevance)


def test_ties_are_ordered_as_trec_eval_does_whatever_the_order_of_the_lines(tmp_path: Path) -> None:
    path = tmp_path / "run.trec"
    path.write_text("q Q0 a 1 0.5 x\nq Q0 b 2 0.5 x\nq Q0 c 3 0.9 x\n")
    assert list(read_trec_run(path)["q"]) == ["c", "b", "a"]

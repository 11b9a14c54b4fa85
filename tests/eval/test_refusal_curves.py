"""Risk–coverage curves, against values worked out by hand."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from embeddings import encoder_from
from eval.answering_examples import Example, Kind, find_siblings
from eval.refusal_curves import Judged, measure_refusals, write_refusals
from eval.refusals import area_under_curve
from rag import Article, Passage
from rag.extractive.candidates import Candidate
from rag.extractive.wording import read_wording
from rag.question import read_question

ARTICLE = Article("a", "Bridge", "The bridge is of oak. It was costly.", language="en")
PASSAGE = Passage(ARTICLE, 0, len(ARTICLE.text), 1.0, 1)


def _judged(kind: Kind, confidence: float, *, is_right: bool = False, is_whole: bool = True) -> Judged:
    candidates = [Candidate(PASSAGE, 0, 21), Candidate(PASSAGE, 22, 36)]
    marks = np.array([is_right, False])
    wording = read_wording(read_question("What is the bridge of?"), candidates)
    features = np.zeros((2, 1), np.float32)
    example = Example("set:en", is_whole, kind, 0, wording, features, marks, marks, marks)
    return Judged(example, [0], confidence)


def test_the_area_is_the_share_of_pairs_in_the_right_order() -> None:
    assert area_under_curve([0.9, 0.5], [0.1, 0.5]) == pytest.approx((1 + 1 + 1 + 0.5) / 4)


def test_risk_counts_wrong_answers_and_answers_to_what_has_none() -> None:
    judged = [
        _judged("answerable", 0.9, is_right=True),
        _judged("answerable", 0.8),
        _judged("answerable", 0.3, is_right=True),
        _judged("unanswerable", 0.7),
        _judged("unanswerable", 0.1),
    ]
    (curve,) = measure_refusals(judged, 0.5)
    assert (curve.answerable_count, curve.other_count) == (3, 2)
    assert curve.shipped.coverage == pytest.approx(2 / 3, abs=1e-4)
    assert curve.shipped.false_refusals == pytest.approx(1 / 3, abs=1e-4)
    assert curve.shipped.refused == 0.5
    assert curve.shipped.risk == pytest.approx(2 / 3, abs=1e-4)  # of three answers given, one is right
    assert curve.points[0].risk == pytest.approx(3 / 5)


def test_a_missing_story_is_judged_beside_the_archives_that_lack_stories() -> None:
    judged = [
        _judged("answerable", 0.9, is_whole=True),
        _judged("answerable", 0.2, is_whole=False),
        _judged("absent", 0.5, is_whole=False),
    ]
    absent, _ = measure_refusals(judged, 0.5)
    assert (absent.kind, absent.answerable_count, absent.area_under_curve) == ("absent", 1, 0.0)


def test_a_story_that_another_article_tells_is_told_apart() -> None:
    told, untold = (_judged("absent", confidence, is_whole=False) for confidence in (0.8, 0.1))
    told = replace(told, example=replace(told.example, is_told_elsewhere=True))
    absent, event = measure_refusals([_judged("answerable", 0.5, is_whole=False), told, untold], 0.5)
    assert (absent.other_count, absent.area_under_curve) == (2, 0.5)
    assert (event.kind, event.other_count, event.area_under_curve) == ("event absent", 1, 1.0)


def test_stories_of_one_event_are_siblings() -> None:
    told = [
        Article("a", "Ferry runs aground", "The ferry ran aground off the island.\nAll passengers were rescued."),
        Article("b", "Ferry aground", "A ferry has run aground off the island.\nIts passengers were all rescued."),
        Article("c", "Budget passed", "Parliament passed the budget.\nTaxes on wine will rise."),
    ]
    siblings = find_siblings(told, {"a": "a", "b": "b", "c": "c"}, encoder_from(None))
    assert siblings == {"a": frozenset({"b"}), "b": frozenset({"a"}), "c": frozenset()}


def test_curves_are_kept_as_data_and_as_a_page(tmp_path: Path) -> None:
    curves = measure_refusals([_judged("answerable", 0.9), _judged("unanswerable", 0.7)], 0.8)
    write_refusals(tmp_path / "refusals", curves)
    (kept,) = json.loads((tmp_path / "refusals" / "curves.json").read_text("utf-8"))
    assert kept["shipped"]["refused"] == 1.0
    assert "| set:en | unanswerable (1) | 1.000 | 100.0% |" in (tmp_path / "refusals" / "README.md").read_text("utf-8")

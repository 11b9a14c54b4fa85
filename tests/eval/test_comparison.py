"""Runs side by side: what is grouped, how they are called, what is significant, and the gate."""

from __future__ import annotations

from dataclasses import replace

import pytest

from eval import EvaluationError, compare, worse_than
from eval.comparison import labels
from tests.eval.small import made_run

GOOD = made_run([1] * 20 + [2] * 20)
BAD = made_run([1] * 20 + [None] * 20, system="dense")


def test_means_and_slices_are_those_of_the_questions() -> None:
    group = compare([GOOD]).groups[0]
    means = group.whole.means[0]
    assert means["Success@1"].value == 0.5
    assert means["RR"].value == pytest.approx(0.75)
    assert means["RR"].interval.low < 0.75 < means["RR"].interval.high
    assert [(part.name, part.count) for part in group.by_language] == [("en → en", 20), ("fr → en", 20)]
    assert [(part.name, part.count) for part in group.by_type] == [("person", 26), ("place", 14)]
    assert group.differences == ()


def test_a_clear_loss_is_significant_after_correction() -> None:
    group = compare([GOOD, BAD]).groups[0]
    by_measure = {difference.measure: difference for difference in group.differences}
    loss = by_measure["R@5"]
    assert (loss.value, loss.wins, loss.losses, loss.ties) == (-0.5, 0, 20, 20)
    assert loss.is_significant
    assert loss.p <= loss.p_corrected < 0.05
    assert loss.interval.low < -0.5 < loss.interval.high
    untouched = by_measure["Success@1"]
    assert (untouched.value, untouched.p, untouched.effect, untouched.detectable) == (0, 1, None, None)
    assert not untouched.is_significant


def test_measures_that_are_the_same_test_count_once_in_the_correction() -> None:
    by_measure = {difference.measure: difference for difference in compare([GOOD, BAD]).groups[0].differences}
    assert by_measure["R@5"].p_corrected == by_measure["Success@5"].p_corrected
    # nDCG@10; R@5, R@10 and R@100 are one test; RR and AP another; Success@1: four in all.
    assert by_measure["R@5"].p_corrected <= 4 * by_measure["R@5"].p + 1e-12


def test_the_same_seed_says_the_same() -> None:
    assert compare([GOOD, BAD], seed=3) == compare([GOOD, BAD], seed=3)
    assert compare([GOOD, BAD], seed=3) != compare([GOOD, BAD], seed=4)


def test_runs_on_other_questions_stand_in_groups_of_their_own() -> None:
    other = made_run([1, 2, 3], collection="another")
    assert [(group.collection, len(group.runs)) for group in compare([GOOD, other, BAD]).groups] == [
        ("made", 2),
        ("another", 1),
    ]


def test_nothing_to_compare_is_refused() -> None:
    with pytest.raises(EvaluationError, match="There is no run to report"):
        compare([])


def test_labels_say_what_tells_the_runs_apart() -> None:
    other_encoder = replace(GOOD, settings=replace(GOOD.settings, encoder="hashing-16"))
    other_commit = replace(GOOD, commit="ba9876543210")
    later = replace(GOOD, created="2020-02-01T00:00:00+00:00")
    assert labels([GOOD, BAD]) == ("hybrid", "dense")
    assert labels([GOOD, other_encoder]) == ("hybrid · hashing-64", "hybrid · hashing-16")
    assert labels([GOOD, other_commit]) == ("hybrid · 0123456789ab", "hybrid · ba9876543210")
    assert labels([GOOD, later]) == ("hybrid · 2020-01-02 03:04", "hybrid · 2020-02-01 00:00")
    assert labels([GOOD, GOOD]) == ("hybrid (1)", "hybrid (2)")


def test_the_gate_names_the_measures_that_are_worse() -> None:
    assert "nDCG@10" in {difference.measure for difference in worse_than(GOOD, BAD)}
    assert worse_than(BAD, GOOD) == []
    assert worse_than(GOOD, GOOD) == []


def test_a_slip_on_one_question_passes_the_gate() -> None:
    assert worse_than(GOOD, made_run([1] * 19 + [3] + [2] * 20)) == []


def test_a_gate_on_other_questions_is_refused() -> None:
    with pytest.raises(EvaluationError, match="answered other questions"):
        worse_than(GOOD, made_run([1, 2]))

"""Intervals and tests against scipy, against values worked out by hand, and for the same seed."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from eval.significance import (
    bootstrap_interval,
    correct_by_holm,
    effect_size,
    randomisation_test,
    smallest_detectable_difference,
)


def scipy_p(differences: np.ndarray, resamples: float) -> float:
    result = stats.permutation_test(
        (differences, np.zeros_like(differences)),
        lambda x, y, axis: np.mean(x - y, axis=axis),
        permutation_type="samples",
        vectorized=True,
        n_resamples=resamples,
        random_state=1,
    )
    return float(result.pvalue)


@pytest.mark.parametrize("seed", range(6))
def test_the_exact_randomisation_test_equals_scipys(seed: int) -> None:
    differences = np.random.default_rng(seed).normal(0.3, 1, 9)
    assert randomisation_test(differences) == pytest.approx(scipy_p(differences, np.inf), abs=1e-12)


def test_the_exact_test_equals_scipys_where_differences_are_tied_or_zero() -> None:
    differences = np.array([1, 1, -1, 0.5, 0, 0.5, 1, 0, -0.5, 1])
    assert randomisation_test(differences) == pytest.approx(scipy_p(differences, np.inf), abs=1e-12)


@pytest.mark.parametrize("shift", [0.0, 0.1, 0.25])
def test_the_sampled_randomisation_test_agrees_with_scipys(shift: float) -> None:
    differences = np.random.default_rng(3).normal(shift, 1, 200)
    ours, theirs = randomisation_test(differences), scipy_p(differences, 9999)
    # Both are estimates from 10,000 patterns: four standard errors of their difference apart at most.
    assert ours == pytest.approx(theirs, abs=4 * np.sqrt(2 * max(theirs, 1e-3) * (1 - theirs) / 10_000))


def test_six_wins_out_of_six_are_one_pattern_in_thirty_two() -> None:
    assert randomisation_test([1, 1, 1, 1, 1, 1]) == 2 / 2**6


def test_no_difference_is_no_evidence() -> None:
    assert randomisation_test([]) == 1
    assert randomisation_test([0, 0, 0]) == 1


def test_holm_multiplies_by_the_tests_still_standing() -> None:
    assert correct_by_holm([0.01, 0.04, 0.03, 0.005]) == pytest.approx([0.03, 0.06, 0.06, 0.02])
    assert correct_by_holm([0.9, 0.8]) == [1.0, 1.0]
    assert correct_by_holm([]) == []


def test_the_interval_agrees_with_scipys_percentile_bootstrap() -> None:
    values = np.random.default_rng(5).beta(2, 1, 150)
    ours = bootstrap_interval(values)
    theirs = stats.bootstrap((values,), np.mean, method="percentile", random_state=2).confidence_interval
    assert (ours.low, ours.high) == pytest.approx((theirs.low, theirs.high), abs=0.003)


def test_intervals_of_few_or_equal_values_are_the_values() -> None:
    assert (bootstrap_interval([]).low, bootstrap_interval([]).high) == (0, 0)
    assert (bootstrap_interval([0.4]).low, bootstrap_interval([0.4]).high) == (0.4, 0.4)
    assert (bootstrap_interval([1, 1, 1]).low, bootstrap_interval([1, 1, 1]).high) == (1, 1)


def test_the_same_seed_gives_the_same_interval_and_p() -> None:
    values = np.random.default_rng(8).normal(0.1, 1, 100)
    assert bootstrap_interval(values, seed=4) == bootstrap_interval(values, seed=4)
    assert bootstrap_interval(values, seed=4) != bootstrap_interval(values, seed=5)
    assert randomisation_test(values, seed=4) == randomisation_test(values, seed=4)


def test_the_interval_holds_the_true_mean_about_as_often_as_it_says() -> None:
    generator = np.random.default_rng(11)
    held = sum(
        interval.low <= 0.7 <= interval.high
        for _ in range(200)
        for interval in [bootstrap_interval(generator.binomial(1, 0.7, 120))]
    )
    assert 180 <= held <= 199


def test_the_effect_is_the_mean_by_the_deviation() -> None:
    assert effect_size([1, 2, 3]) == pytest.approx(2.0)
    assert effect_size([1, 1, 1]) is None
    assert effect_size([]) is None


def test_a_difference_of_the_detectable_size_is_found_four_times_out_of_five() -> None:
    generator = np.random.default_rng(13)
    size = smallest_detectable_difference(generator.normal(0, 1, 100))
    assert size == pytest.approx(2.8 / 10, rel=0.2)
    found = sum(randomisation_test(generator.normal(2.801585 / 10, 1, 100), seed) < 0.05 for seed in range(100))
    assert 68 <= found <= 92

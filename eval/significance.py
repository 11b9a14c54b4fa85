"""Values of questions → how sure a mean or a difference is.

Intervals come from resampling the questions (percentile bootstrap), p-values from flipping the signs of the
paired differences (Fisher's randomisation test, which Smucker, Allan and Carterette 2007, «A Comparison of
Statistical Significance Tests for Information Retrieval Evaluation», recommend for retrieval). Several tests at
once are corrected by Holm's method. All of it is the same for the same seed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = [
    "Interval",
    "bootstrap_interval",
    "correct_by_holm",
    "effect_size",
    "randomisation_test",
    "smallest_detectable_difference",
]

RESAMPLES = 10_000
CONFIDENCE = 0.95
# Up to this many questions that differ, all sign patterns are tried instead of a sample of them.
_EXACT_DIFFERENCES = 13
# Values drawn at a time, so that a large question set needs no more memory than a small one.
_BATCH_VALUES = 4_000_000
# z(0.975) + z(0.8): a two-sided test at 5% that finds the difference four times out of five.
_DETECTION_FACTOR = 1.959964 + 0.841621
# Sums that differ by less are equal: they were added in another order.
_ROUNDING = 1e-9


@dataclass(frozen=True, slots=True)
class Interval:
    """The bounds, both included."""

    low: float
    high: float


def bootstrap_interval(values: ArrayLike, seed: int = 0) -> Interval:
    """The 95% interval of the mean; of a single value, or none, that value (or 0) itself."""
    array = np.asarray(values, float)
    if len(array) < 2 or np.all(array == array[0]):
        return Interval(*(2 * [float(array[0]) if len(array) else 0.0]))
    generator = np.random.default_rng(seed)
    means = np.concatenate(
        [
            array[generator.integers(0, len(array), (count, len(array)))].mean(axis=1)
            for count in _batches(RESAMPLES, len(array))
        ]
    )
    tail = (1 - CONFIDENCE) / 2
    low, high = np.quantile(means, [tail, 1 - tail])
    return Interval(float(low), float(high))


def randomisation_test(differences: ArrayLike, seed: int = 0) -> float:
    """The two-sided p-value of the mean of paired differences being 0: exact for few, else from 10,000 patterns.

    >>> randomisation_test([1, 1, 1, 1, 1, 1])
    0.03125
    """
    array = np.asarray(differences, float)
    array = array[array != 0]  # a tie stays one, whichever its sign
    if len(array) == 0:
        return 1.0
    observed = abs(array.sum()) - _ROUNDING
    if len(array) <= _EXACT_DIFFERENCES:
        patterns = np.arange(2 ** len(array))[:, None] >> np.arange(len(array)) & 1
        return float(np.mean(np.abs((1 - 2 * patterns) @ array) >= observed))
    generator = np.random.default_rng(seed)
    extreme = sum(
        int(np.sum(np.abs((1 - 2 * generator.integers(0, 2, (count, len(array)), np.int8)) @ array) >= observed))
        for count in _batches(RESAMPLES, len(array))
    )
    return (1 + extreme) / (1 + RESAMPLES)  # the pattern observed is one of them


def correct_by_holm(p_values: Sequence[float]) -> list[float]:
    """The p-values of tests made together, corrected so that one wrong «significant» among them stays as rare as alone.

    Holm 1979, «A Simple Sequentially Rejective Multiple Test Procedure».

    >>> correct_by_holm([0.01, 0.04, 0.03])
    [0.03, 0.06, 0.06]
    """
    corrected = [0.0] * len(p_values)
    highest = 0.0
    for place, index in enumerate(sorted(range(len(p_values)), key=lambda index: p_values[index])):
        highest = max(highest, min(1.0, (len(p_values) - place) * p_values[index]))
        corrected[index] = highest
    return corrected


def effect_size(differences: ArrayLike) -> float | None:
    """The mean of the differences by their standard deviation (Cohen's d for pairs); None where they don't vary."""
    deviation = _deviation(differences)
    return float(np.mean(np.asarray(differences, float))) / deviation if deviation else None


def smallest_detectable_difference(differences: ArrayLike) -> float | None:
    """The difference of means that so many questions, varying so much, would show four times out of five.

    None where the differences don't vary: then nothing is known of what they could show.
    """
    deviation = _deviation(differences)
    return _DETECTION_FACTOR * deviation / float(np.sqrt(np.size(differences))) if deviation else None


def _deviation(differences: ArrayLike) -> float:
    array: NDArray[np.float64] = np.asarray(differences, float)
    return float(array.std(ddof=1)) if len(array) > 1 and np.ptp(array) > _ROUNDING else 0.0


def _batches(total: int, width: int) -> list[int]:
    """Counts that add up to `total`, each times `width` within the memory allowed."""
    size = max(1, min(total, _BATCH_VALUES // width))
    return [size] * (total // size) + ([total % size] if total % size else [])

"""Refusals: areas and curves by hand, and against an oracle."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from eval.comparison import compare
from eval.refusals import area_under_curve, refusals_of, risk_by_coverage
from tests.eval.small import made_answers

RUN = made_answers(
    [
        ("answerable", 0.9, True),
        ("answerable", 0.8, False),
        ("absent", 0.7, False),
        ("answerable", 0.6, True),
        ("absent", 0.2, True),
        ("answerable", 0.1, False),
    ]
)


@given(st.lists(st.integers(0, 5), min_size=1), st.lists(st.integers(0, 5), min_size=1))
def test_the_area_is_the_share_of_pairs_in_the_right_order(positives: list[int], negatives: list[int]) -> None:
    pairs = [(yes > no) + (yes == no) / 2 for yes in positives for no in negatives]
    assert area_under_curve(positives, negatives) == pytest.approx(sum(pairs) / len(pairs))


def test_refusals_are_counted_and_the_curve_ends_where_the_run_refused() -> None:
    (whole, *_) = refusals_of(RUN, 0)
    assert (whole.kind, whole.language, whole.count) == ("absent", "all", 2)
    assert (whole.refused, whole.falsely_refused) == (0.5, 0.25)
    assert whole.area == pytest.approx((2 + 2 + 1 + 0) / 8)
    # Of the surest: right; right and wrong; these and one that nothing answers; and one more right.
    assert whole.risks == pytest.approx((0, 1 / 2, 2 / 3, 2 / 4))
    assert whole.coverages == pytest.approx((1 / 6, 2 / 6, 3 / 6, 4 / 6))


def test_what_would_be_refused_at_the_allowance_keeps_the_false_refusals_within_it() -> None:
    sure = [("answerable", 0.01 * number, True) for number in range(50, 150)]
    unsure = [("absent", 0.005 + 0.01 * number, False) for number in range(53, 63)]
    (whole, *_) = refusals_of(made_answers([*sure, *unsure]), 0)
    # 8 of the 100 may go, those at .50 to .57: the threshold is .58, below which lie .535 to .575.
    assert whole.refused_at_allowance == pytest.approx(0.5)


def test_each_language_has_its_own() -> None:
    found = refusals_of(made_answers([("answerable", 0.9, True)] * 4 + [("absent", 0.1, True)] * 4), 2)
    assert [(one.run, one.language, one.count, one.area) for one in found] == [
        (2, "all", 4, 1.0),
        (2, "en", 2, 1.0),
        (2, "fr", 2, 1.0),
    ]


def test_without_confidences_only_what_was_refused_is_told() -> None:
    (whole, *_) = refusals_of(made_answers([("answerable", None, True), ("unanswerable", None, True)]), 0)
    assert (whole.refused, whole.falsely_refused, whole.area, whole.coverages) == (1, 0, None, ())


def test_the_interval_of_the_area_holds_it_and_repeats() -> None:
    one, other = (compare([RUN], seed=3).groups[0].refusals[0] for _ in range(2))
    assert one == other
    assert one.area is not None
    assert one.area_interval is not None
    assert one.area_interval.low <= one.area <= one.area_interval.high


def test_equally_sure_answers_come_together() -> None:
    risks, coverages = risk_by_coverage([0.5, 0.5, 0.5], [1, 0, 0])
    assert np.allclose(risks, [2 / 3])
    assert np.allclose(coverages, [1])

"""Rows read from their file against the same rows in memory."""

from __future__ import annotations

import tempfile
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from embeddings.row_file import RowFile

ROWS = np.arange(40 * 8, dtype="<f2").reshape(40, 8)


@settings(deadline=None)
@given(numbers=st.lists(st.integers(0, 39), max_size=60))
def test_rows_come_in_the_order_asked_for(numbers: list[int]) -> None:
    with tempfile.TemporaryDirectory() as place:
        ROWS.tofile(Path(place) / "rows")
        asked = np.array(numbers, np.int64)
        assert np.array_equal(RowFile(Path(place) / "rows", 40, 8)[asked], ROWS[asked])


def test_a_file_that_is_too_short_is_refused_and_one_that_shrinks_is_an_error(tmp_path: Path) -> None:
    path = tmp_path / "rows"
    ROWS.tofile(path)
    with pytest.raises(ValueError, match="fewer than 41"):
        RowFile(path, 41, 8)
    rows = RowFile(path, 40, 8)
    ROWS[:20].tofile(path)
    assert np.array_equal(rows[np.array([19, 3])], ROWS[[19, 3]])
    with pytest.raises(ValueError, match="can't be read"):
        rows[np.array([19, 20])]

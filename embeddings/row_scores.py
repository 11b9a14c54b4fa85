"""Rows of vectors in half precision → inner products with a query, the same to the last bit wherever a row lies."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from embeddings.row_file import RowFile

__all__ = ["ROWS_PER_BLOCK", "best_rows", "exact_scores", "flat_index"]

# 15 MB of half-precision vectors of 384 dimensions.
ROWS_PER_BLOCK = 20_000


def flat_index(dimension: int, rows: NDArray[np.float16] | None = None) -> Any:
    """FAISS's exact index of half-precision vectors, holding `rows` (n, dimension) as they are."""
    import faiss

    index = faiss.IndexScalarQuantizer(dimension, faiss.ScalarQuantizer.QT_fp16, faiss.METRIC_INNER_PRODUCT)
    if rows is not None and len(rows):
        index.add_sa_codes(np.ascontiguousarray(rows, "<f2").view(np.uint8))
    return index


def best_rows(
    query: NDArray[np.float32], rows: NDArray[np.float16], limit: int
) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    """The places in `rows` (n, dimension) of those nearest to `query` (1, dimension), best first, and their scores."""
    if not len(rows):
        return np.zeros(0, np.int64), np.zeros(0, np.float32)
    scores, places = flat_index(rows.shape[1], rows).search(query, min(limit, len(rows)))
    return places[0], scores[0]


def exact_scores(
    queries: NDArray[np.float32], rows: RowFile, numbers: NDArray[np.int64], limit: int
) -> NDArray[np.float32]:
    """The highest inner products of each query (m, dimension) with the rows of these numbers: (m, limit), falling.

    Reads the rows a block at a time. `limit` is at most as many as there are numbers.
    """
    best = np.full((len(queries), limit), -np.inf, np.float32)
    for start in range(0, len(numbers), ROWS_PER_BLOCK):
        scores = queries @ rows[numbers[start : start + ROWS_PER_BLOCK]].astype(np.float32).T
        best = np.partition(np.concatenate([best, scores], axis=1), -limit, axis=1)[:, -limit:]
    return np.sort(best, axis=1)[:, ::-1]

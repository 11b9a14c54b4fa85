"""How many of the nearest rows a search finds, measured against exact search on the rows themselves."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from embeddings.row_scores import best_rows, exact_scores

__all__ = ["RECALL_DEPTH", "measured_recall"]

RECALL_DEPTH = 10
RECALL_QUERIES = 100
# By which the inner products of two libraries may differ.
SCORE_TOLERANCE = 1e-5


def measured_recall(
    find: Callable[[NDArray[np.float32]], NDArray[np.int64]], rows: NDArray[np.float16], numbers: NDArray[np.int64]
) -> float:
    """The share of the 10 rows nearest to a row, itself left out, that `find` has among its candidates, 0 to 1.

    `numbers` are those of the rows that count; 100 of them are asked for. `find` takes a query (1, dimension) and
    returns numbers. A row as near as the tenth is as good as the tenth. 1 where there is nothing to be found.
    """
    queries = rows[np.random.default_rng(0).permutation(numbers)[:RECALL_QUERIES]].astype(np.float32)
    depth = min(RECALL_DEPTH + 1, len(numbers))
    if depth < 2:
        return 1.0
    least = exact_scores(queries, rows, numbers, depth)[:, -1] - SCORE_TOLERANCE
    found = 0
    for query, score in zip(queries[:, None], least, strict=True):
        _, scores = best_rows(query, rows[find(query)], depth)
        found += int(np.count_nonzero(scores[1:] >= score))
    return float(found / (len(queries) * (depth - 1)))

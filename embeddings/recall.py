"""How many of the nearest rows a search finds, measured against exact search on the rows themselves."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from embeddings.row_file import RowFile
from embeddings.row_scores import best_rows, exact_scores

__all__ = ["RECALL_DEPTH", "RecallTrial"]

RECALL_DEPTH = 10
RECALL_QUERIES = 100
# By which the inner products of two libraries may differ.
SCORE_TOLERANCE = 1e-5


@dataclass(frozen=True, slots=True)
class RecallTrial:
    """Rows asked for (m, dimension), and the score that makes one of the nearest 10 to each, itself left out (m,)."""

    queries: NDArray[np.float32]
    least_scores: NDArray[np.float32]
    depth: int

    @classmethod
    def of(cls, rows: RowFile, numbers: NDArray[np.int64]) -> RecallTrial:
        """A trial of 100 of the rows, those of these numbers; scores them against all of them."""
        queries = rows[np.random.default_rng(0).permutation(numbers)[:RECALL_QUERIES]].astype(np.float32)
        depth = min(RECALL_DEPTH + 1, len(numbers))
        if depth < 2:
            return cls(queries[:0], np.zeros(0, np.float32), depth)
        return cls(queries, exact_scores(queries, rows, numbers, depth)[:, -1] - SCORE_TOLERANCE, depth)

    def recall(self, find: Callable[[NDArray[np.float32]], NDArray[np.int64]], rows: RowFile) -> float:
        """The share of the nearest rows that `find` has among its candidates, 0 to 1; 1 where there are none to find.

        `find` takes a query (1, dimension) and returns numbers of rows. A row as near as the tenth is as good as it.
        """
        if not len(self.queries):
            return 1.0
        found = 0
        for query, score in zip(self.queries[:, None], self.least_scores, strict=True):
            _, scores = best_rows(query, rows[find(query)], self.depth)
            found += int(np.count_nonzero(scores[1:] >= score))
        return found / (len(self.queries) * (self.depth - 1))

"""Rows of vectors → FAISS's lists (IVF,SQ8): each row in the list of the centre nearest to it, a byte a dimension.

A byte is a whole number that is used as it is, so that FAISS multiplies whole numbers: half the time that it takes to
scale each byte by its dimension's range first, which it also can, for the same nearest.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from embeddings.row_file import RowFile
from embeddings.row_scores import ROWS_PER_BLOCK

__all__ = ["add_rows", "as_listed", "listed_numbers", "trained_lists"]

# FAISS's own advice: 4 to 16 lists for the root of the number of vectors, and 39 vectors or more to train each.
LISTS_PER_ROOT = 4
TRAINED_PER_LIST = 40
# A vector's values in the lists: no value of a unit vector is too large. At a million vectors all of the nearest ten
# are among the first 30 by these numbers, 20 hold .996 of them; with a range for each dimension 15 hold all.
LARGEST = 127


def trained_lists(rows: RowFile) -> Any:
    """Empty lists, trained on some of the rows (n, dimension), the same for the same rows."""
    import faiss

    count, dimension = rows.shape
    list_count = max(1, min(count, math.floor(LISTS_PER_ROOT * math.sqrt(count))))
    lists = faiss.IndexIVFScalarQuantizer(
        faiss.IndexFlatIP(dimension),
        dimension,
        list_count,
        faiss.ScalarQuantizer.QT_8bit_direct_signed,
        faiss.METRIC_INNER_PRODUCT,
        False,  # the row itself in its bytes, not its way from the centre
    )
    lists.cp.min_points_per_centroid = 1  # no warning on standard output for the few vectors of a test
    chosen = np.random.default_rng(0).permutation(count)[: TRAINED_PER_LIST * list_count]
    lists.train(rows[np.sort(chosen)].astype(np.float32))
    return lists


def add_rows(lists: Any, numbers: NDArray[np.int64], rows: RowFile | NDArray[np.float16]) -> None:
    """Puts rows (n, dimension) into the lists under their numbers (n,)."""
    for start in range(0, len(numbers), ROWS_PER_BLOCK):
        block = np.arange(start, min(start + ROWS_PER_BLOCK, len(numbers)))
        lists.add_with_ids(as_listed(lists, rows[block].astype(np.float32)), numbers[block])


def as_listed(lists: Any, vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    """Unit vectors (n, dimension) as the lists take them: in whole numbers, but where lists were made before these."""
    import faiss

    if lists.sq.qtype != faiss.ScalarQuantizer.QT_8bit_direct_signed:
        return vectors
    return np.rint(LARGEST * vectors)


def listed_numbers(lists: Any) -> NDArray[np.int64]:
    """The numbers of all rows in the lists, ascending."""
    import faiss

    inverted = lists.invlists
    sizes = [inverted.list_size(place) for place in range(lists.nlist)]
    parts = [faiss.rev_swig_ptr(inverted.get_ids(place), size) for place, size in enumerate(sizes) if size]
    return np.sort(np.concatenate([*parts, np.zeros(0, np.int64)]))

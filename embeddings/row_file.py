"""A file of vectors → those of some rows, read when they are asked for.

Not a memory map: the system maps sixteen pages around each that is touched, so that after some hundred questions the
whole file counts as memory of the process. Reading a row takes a microsecond either way.
"""

from __future__ import annotations

import os
import weakref
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

__all__ = ["RowFile"]


class RowFile:
    """The first rows (n, dimension) of a file in half precision. Safe from several threads.

    Raises `FileNotFoundError`, or `ValueError` where the file is too short.
    """

    def __init__(self, path: Path, count: int, dimension: int) -> None:
        self._descriptor = os.open(path, os.O_RDONLY)
        weakref.finalize(self, os.close, self._descriptor)
        self.shape = count, dimension
        if os.fstat(self._descriptor).st_size < count * 2 * dimension:
            raise ValueError(f"'{path}' holds fewer than {count} rows.")

    def __len__(self) -> int:
        return self.shape[0]

    def __getitem__(self, numbers: NDArray[np.int64]) -> NDArray[np.float16]:
        """The rows (m, dimension) of these numbers (m,), in their order; neighbours are read at once."""
        rows = np.empty((len(numbers), self.shape[1]), "<f2")
        bounds = np.concatenate([[0], np.flatnonzero(np.diff(numbers) != 1) + 1, [len(numbers)]]).tolist()
        for start, end in pairwise(bounds):
            if end > start:
                run = rows[start:end]
                if os.preadv(self._descriptor, [run.data], int(numbers[start]) * 2 * self.shape[1]) != run.nbytes:
                    raise ValueError(f"Row {numbers[start]} can't be read.")
        return rows

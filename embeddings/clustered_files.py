"""The files of a clustered index: what they are called, written, mapped and checked for size.

A file that has its name is never changed, but for `rows` and `ids`, which are written behind what any state shows.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from embeddings.durable_files import append_durably, read_index, write_durably, write_index

__all__ = [
    "ClusteredState",
    "Order",
    "append_rows",
    "mapped_ids",
    "read_lists",
    "read_order",
    "read_state",
    "stray_files",
    "write_lists",
    "write_state",
]


@dataclass(frozen=True, slots=True)
class ClusteredState:
    """One generation: rows up to `listed_rows` are in the lists called `lists`, the rest up to `row_count` are not.

    Of the former `listed_count` are in them; the others had been removed when the lists were made. `trained_count` is
    of how many vectors the lists were trained, `recall_count` of how many there were when `recall` was measured.
    """

    dimension: int
    row_count: int
    listed_rows: int
    lists: int
    listed_count: int
    trained_count: int
    probes: int
    recall: float
    recall_count: int


@dataclass(frozen=True, slots=True)
class Order:
    """Ids, ascending, and the row of each: where an id's vector lies."""

    ids: NDArray[np.int64]
    rows: NDArray[np.int64]

    @classmethod
    def of(cls, ids: NDArray[np.int64], rows: NDArray[np.int64]) -> Order:
        """The ids (n,) of the rows (n,), which may come in any order."""
        order = np.argsort(ids)
        return cls(ids[order], rows[order])

    def rows_of(self, ids: NDArray[np.int64]) -> NDArray[np.int64]:
        """The rows of those of the ids that are there, in the order of the ids."""
        if not len(self.ids):
            return np.zeros(0, np.int64)
        places = np.minimum(np.searchsorted(self.ids, ids), len(self.ids) - 1)
        return np.asarray(self.rows[places[self.ids[places] == ids]], np.int64)


def append_rows(folder: Path, start: int, ids: NDArray[np.int64], rows: NDArray[np.float16]) -> None:
    """Writes rows (n, dimension) and their ids from row `start` on, in the place of any that follow."""
    append_durably(folder / "rows", start * 2 * rows.shape[1], np.asarray(rows, "<f2").tobytes())
    append_durably(folder / "ids", start * 8, np.asarray(ids, "<i8").tobytes())


def mapped_ids(folder: Path, start: int, end: int) -> NDArray[np.int64]:
    """The ids of rows `start` to `end`, read when they are used."""
    ids: NDArray[np.int64] = _mapped(folder / "ids", "<i8", (end - start,), start * 8)
    return ids


def write_state(path: Path, state: ClusteredState, dead_rows: NDArray[np.int64]) -> None:
    """Writes a state with the rows that were removed since its lists were made."""
    write_durably(path, json.dumps(asdict(state)).encode() + b"\n" + dead_rows.astype("<i8").tobytes())


def read_state(path: Path) -> tuple[ClusteredState, NDArray[np.int64]]:
    """What `write_state` wrote. Raises `FileNotFoundError`, `ValueError` or `TypeError` where it is no such file."""
    header, _, dead_rows = path.read_bytes().partition(b"\n")
    return ClusteredState(**json.loads(header)), np.frombuffer(dead_rows, "<i8")


def write_lists(folder: Path, name: int, lists: Any, order: Order) -> None:
    """Writes lists and the order of their rows, on disk when this returns."""
    write_index(folder / f"lists-{name}.faiss", lists)
    write_durably(folder / f"order-{name}", np.stack([order.ids, order.rows]).astype("<i8").tobytes())


def read_lists(folder: Path, name: int, *, to_change: bool = False) -> Any:
    """The lists, mapped and read when they are used, or `to_change` in memory.

    Raises `FileNotFoundError`, or `RuntimeError` where the file is damaged.
    """
    return read_index(folder / f"lists-{name}.faiss", to_change=to_change)


def read_order(folder: Path, name: int, count: int) -> Order:
    """The order of so many rows in the lists, mapped."""
    ids, rows = _mapped(folder / f"order-{name}", "<i8", (2, count), 0)
    return Order(ids, rows)


def stray_files(path: Path) -> Iterator[Path]:
    """The files beside a state's that it doesn't need: other states, and their lists. None where it is damaged."""
    try:
        state, _ = read_state(path)
    except (FileNotFoundError, ValueError, TypeError):
        return iter(())
    needed = {path.name, "rows", "ids", f"lists-{state.lists}.faiss", f"order-{state.lists}"}
    return (found for found in sorted(path.parent.iterdir()) if found.name not in needed)


def _mapped(path: Path, kind: str, shape: tuple[int, ...], start: int) -> Any:
    """Part of a file as an array that is read when it is used. Raises `ValueError` where the file is too short."""
    if not path.exists():
        raise FileNotFoundError(path)
    if 0 in shape:
        return np.zeros(shape, kind)
    return np.memmap(path, kind, "r", start, shape).view(np.ndarray)

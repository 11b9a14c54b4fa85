"""Vectors in, nearest ids out, for more vectors than are scanned in a moment: found in part, scored in full.

    rows            every vector in half precision, in the order of adding; written at its end only
    ids             their ids
    lists-N.faiss   IVF,SQ8 over the rows up to some row
    order-N         the ids of those rows, ascending, with the rows
    state-N         one generation: how many rows there are, which of them are gone, which lists are theirs

A search takes candidates from the lists nearest to the query and from the rows added since (the tail), and scores
each by its vector in `rows`: the scores are those of `DenseIndex` to the last bit, and only a hit can be missing. How
many are found is measured on the vectors themselves. Adding writes the new rows and a small state, and leaves alone
what earlier states show; `fold` makes new lists that hold the tail.
"""

from __future__ import annotations

import math
import shutil
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from embeddings.beside import beside
from embeddings.clustered_files import (
    ClusteredState,
    Order,
    append_rows,
    mapped_ids,
    read_lists,
    read_order,
    read_state,
    write_lists,
    write_state,
)
from embeddings.dense_index import Hit
from embeddings.durable_files import sync_folder
from embeddings.errors import IndexFileError
from embeddings.lists import add_rows, as_listed, listed_numbers, trained_lists
from embeddings.recall import RECALL_DEPTH, RecallTrial
from embeddings.row_file import RowFile
from embeddings.row_scores import ROWS_PER_BLOCK, best_rows, flat_index

__all__ = ["ClusteredIndex"]

# Lists searched at least. On 200,000 vectors recombined from real ones, recall@10 of 342 real questions was .995 with
# 16, .998 with 32 and .9997 with 64, in 0.16, 0.27 and 0.44 ms; where the archive's own recall is lower, more are.
LEAST_PROBES = 64
# Of the archive's own vectors. At a million recombined chunks, where it is .991 of these, it is .996 of 300 questions.
LEAST_RECALL = 0.99
# From so many lists on, half of them are searched in a second thread: an archive without clear subjects needs hundreds.
SHARED_PROBES = 256
# Their number is found to this share of it.
PROBES_PRECISION = 16
# For so many hits; a search for more looks into as many more lists.
HITS_PER_PROBES = 128
# Candidates for each hit wanted: a byte a dimension orders them nearly as the full vectors do.
CANDIDATES_PER_HIT = 2
SPARE_CANDIDATES = 20
# Measured again when the archive has grown by this share; a loss of so much comes of damage, not of new subjects.
MEASURED_GROWTH = 0.1
RECALL_LOST = 0.2


class ClusteredIndex:
    """Nearly exact search by inner product over unit vectors, in a folder, under ids of the caller's choice.

    Opened, it shows the state of that moment and keeps showing it, whatever another process adds meanwhile.
    Searching is safe from several threads; writing is for one thread of one process.

    Example:
        >>> vectors = np.eye(4, dtype=np.float32)
        >>> index = ClusteredIndex.build(folder / "dense-1", 4, [(np.arange(4), vectors)], generation=1)
        >>> index.search(vectors[2], 1)
        [Hit(id=2, score=1.0)]
    """

    def __init__(self, folder: Path, state: ClusteredState, dead_rows: NDArray[np.int64]) -> None:
        """Not for callers: use `build` or `open`."""
        self._folder = folder
        self._state = state
        self._rows = RowFile(folder / "rows", state.row_count, state.dimension)
        self._ids = mapped_ids(folder, 0, state.listed_rows)
        self._order = read_order(folder, state.lists, state.listed_count)
        self._lists = read_lists(folder, state.lists)
        self._tail = self._rows[np.arange(state.listed_rows, state.row_count)]
        self._tail_ids = np.array(mapped_ids(folder, state.listed_rows, state.row_count))
        self._is_dead = np.zeros(state.row_count, np.bool_)
        self._is_dead[dead_rows] = True
        self._written_rows = state.row_count
        self._refresh()

    @classmethod
    def build(
        cls,
        folder: Path,
        dimension: int,
        batches: Iterable[tuple[NDArray[np.int64], NDArray[np.float32]]],
        *,
        generation: int,
    ) -> ClusteredIndex:
        """A new index in `folder` of all batches of ids (n,) and vectors (n, dimension), trained and measured.

        `save` has to follow. What stood in the folder is removed. There must be one vector or more, and no id twice.
        """
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        count = 0
        for ids, vectors in batches:
            append_rows(folder, count, ids, np.asarray(vectors, np.float16))
            count += len(ids)
        rows, numbers = RowFile(folder / "rows", count, dimension), np.arange(count)
        lists = trained_lists(rows)
        add_rows(lists, numbers, rows)
        write_lists(folder, generation, lists, Order.of(mapped_ids(folder, 0, count), numbers))
        del lists  # as large as the file, which is mapped from here on
        state = ClusteredState(dimension, count, count, generation, count, count, LEAST_PROBES, 0.0, count)
        index = cls(folder, state, np.zeros(0, np.int64))
        index._measure()
        return index

    @classmethod
    def open(cls, path: Path) -> ClusteredIndex:
        """The index at the state that `save` wrote to `path`; maps its files and reads little of them.

        Raises `FileNotFoundError` where a file is missing, `IndexFileError` where one is damaged.
        """
        try:
            state, dead_rows = read_state(path)
            return cls(path.parent, state, dead_rows)
        except (ValueError, TypeError, IndexError, RuntimeError) as error:
            raise IndexFileError(f"The dense index '{path.parent}' is damaged: run `gazette reindex`.") from error

    @property
    def dimension(self) -> int:
        return self._state.dimension

    @property
    def state(self) -> ClusteredState:
        """What was counted and measured of the index."""
        return self._state

    @property
    def loose_count(self) -> int:
        """Rows added or removed since the lists were made, which `fold` puts in order."""
        return self._state.row_count - self._state.listed_rows + int(np.count_nonzero(self._is_dead))

    def __len__(self) -> int:
        tail_count = self._state.row_count - self._state.listed_rows
        return self._state.listed_count + tail_count - int(np.count_nonzero(self._is_dead))

    def ids(self) -> NDArray[np.int64]:
        """All ids, ascending."""
        listed = self._order.ids[~self._is_dead[self._order.rows]]
        return np.sort(np.concatenate([listed, self._tail_order.ids]))

    def differing(self, ids: NDArray[np.int64], vectors: NDArray[np.float32]) -> NDArray[np.int64]:
        """Those of the ids (n,) that are there with another vector than that of `vectors` (n, dimension)."""
        rows = self._rows_of(ids)
        found = self._ids_at(rows)
        places = Order.of(ids, np.arange(len(ids))).rows_of(found)
        is_other = (np.asarray(vectors, np.float16)[places] != self._vectors_at(rows)).any(axis=1)
        return np.asarray(found[is_other], np.int64)

    def add(self, ids: NDArray[np.int64], vectors: NDArray[np.float32]) -> None:
        """Adds rows of `vectors` (n, dimension) under `ids` (n,), none of which may be there already.

        Raises `ValueError` for an id that is there, or for shapes that don't fit.
        """
        ids = np.asarray(ids, np.int64)
        if np.shape(vectors) != (len(ids), self.dimension):
            raise ValueError(f"Expected vectors of shape ({len(ids)}, {self.dimension}), got {np.shape(vectors)}.")
        if len(np.unique(ids)) != len(ids) or len(self._rows_of(ids)):
            raise ValueError("An id is given twice, or is in the index already: remove it first.")
        self._tail = np.concatenate([self._tail, np.asarray(vectors, np.float16)])
        self._tail_ids = np.concatenate([self._tail_ids, ids])
        self._is_dead = np.concatenate([self._is_dead, np.zeros(len(ids), np.bool_)])
        self._state = replace(self._state, row_count=self._state.row_count + len(ids))
        self._refresh()

    def remove(self, ids: NDArray[np.int64]) -> int:
        """Removes these ids and returns how many were there; unknown ones are passed over."""
        rows = self._rows_of(np.unique(np.asarray(ids, np.int64)))
        if len(rows):
            self._is_dead[rows] = True
            self._refresh()
        return len(rows)

    def search(
        self,
        query_embedding: NDArray[np.float32],
        limit: int,
        allowed_ids: NDArray[np.int64] | None = None,
    ) -> list[Hit]:
        """The nearest ids to one vector (dimension,), best first, at most `limit`; ties: lower id first.

        Among `allowed_ids`, if given, none is missed: all of them are scored.
        """
        import faiss

        if limit < 1 or not len(self):
            return []
        faiss.omp_set_num_threads(1)  # as in `DenseIndex.search`
        query = np.ascontiguousarray(query_embedding, np.float32).reshape(1, -1)
        rows = self._candidates(query, limit) if allowed_ids is None else self._rows_of(np.unique(allowed_ids))
        hits: list[Hit] = []
        for start in range(0, len(rows), ROWS_PER_BLOCK):
            block = rows[start : start + ROWS_PER_BLOCK]
            places, scores = best_rows(query, self._vectors_at(block), limit)
            ids = self._ids_at(block[places])
            hits += [Hit(id_, score) for id_, score in zip(ids.tolist(), scores.tolist(), strict=True)]
        return sorted(hits, key=lambda hit: (-hit.score, hit.id))[:limit]

    def save(self, generation: int) -> Path:
        """Writes what was added and removed, and a state that shows it; returns the state's path.

        After a crash the state is there, whole, or it is not; those before it are as they were.
        """
        self._write_rows()
        path = self._folder / f"state-{generation}"
        write_state(path, self._state, np.flatnonzero(self._is_dead))
        sync_folder(self._folder.parent)
        return path

    def fold(self, generation: int) -> ClusteredIndex:
        """The same index with its tail in new lists, and what was removed out of them.

        `save` of the one that is returned has to follow; this one is not to be changed any more.
        """
        import faiss

        state = self._state
        self._write_rows()
        lists = read_lists(self._folder, state.lists, to_change=True)
        if self._is_dead.any():
            lists.remove_ids(faiss.IDSelectorBatch(np.flatnonzero(self._is_dead)))
        add_rows(lists, self._tail_order.rows, self._vectors_at(self._tail_order.rows))
        is_kept = ~self._is_dead[self._order.rows]
        ids = np.concatenate([self._order.ids[is_kept], self._tail_order.ids])
        rows = np.concatenate([self._order.rows[is_kept], self._tail_order.rows])
        write_lists(self._folder, generation, lists, Order.of(ids, rows))
        del lists  # as in `build`
        folded = replace(state, listed_rows=state.row_count, lists=generation, listed_count=len(ids))
        index = ClusteredIndex(self._folder, folded, np.zeros(0, np.int64))
        if len(ids) > (1 + MEASURED_GROWTH) * state.recall_count:
            index._measure()
        return index

    def problems(self) -> Iterator[str]:
        """What is wrong with the lists, one line each; `ids` and `vectors` show the rest."""
        if not np.array_equal(listed_numbers(self._lists), np.sort(self._order.rows)):
            yield "the lists of the dense index hold other vectors than they should"
        elif (recall := self._recall(self._trial(), self._state.probes)) < self._state.recall - RECALL_LOST:
            yield f"the dense index finds {recall:.2f} of the 10 nearest vectors, and found {self._state.recall:.2f}"

    def _write_rows(self) -> None:
        """Writes the rows of which no state says anything yet."""
        first = self._written_rows - self._state.listed_rows
        append_rows(self._folder, self._written_rows, self._tail_ids[first:], self._tail[first:])
        self._written_rows = self._state.row_count

    def _refresh(self) -> None:
        """Brings what is derived from the tail and from what was removed up to date."""
        import faiss

        listed = self._state.listed_rows
        live = np.flatnonzero(~self._is_dead[listed:])
        self._tail_order = Order.of(self._tail_ids[live], listed + live)
        self._tail_index = flat_index(self.dimension, self._vectors_at(self._tail_order.rows))
        self._live_bits = np.packbits(~self._is_dead[:listed], bitorder="little")  # FAISS keeps no reference
        untyped: Any = faiss  # its stubs take no arrays here
        self._live_rows = untyped.IDSelectorBitmap(self._live_bits) if self._is_dead[:listed].any() else None

    def _candidates(self, query: NDArray[np.float32], limit: int) -> NDArray[np.int64]:
        """Rows that may be among the nearest: of the lists some more than wanted, of the tail those wanted."""
        depth = CANDIDATES_PER_HIT * limit + SPARE_CANDIDATES
        rows = self._listed_candidates(query, depth, self._state.probes * math.ceil(limit / HITS_PER_PROBES))
        if len(rows) < min(limit, self._lists.ntotal):  # the lists were short, or much of them was removed
            rows = self._listed_candidates(query, depth, self._lists.nlist)
        if not len(self._tail_order.rows):
            return rows
        _, places = self._tail_index.search(query, min(limit, len(self._tail_order.rows)))
        return np.concatenate([rows, self._tail_order.rows[places[0]]])

    def _listed_candidates(self, query: NDArray[np.float32], depth: int, probes: int) -> NDArray[np.int64]:
        if not self._lists.ntotal:
            return np.zeros(0, np.int64)
        depth, probes = min(depth, self._lists.ntotal), min(self._lists.nlist, probes)
        nearness, places = self._lists.quantizer.search(query, probes)
        query = as_listed(self._lists, query)
        if probes < SHARED_PROBES:
            return self._of_lists(query, depth, nearness, places)[1]
        other = beside(self._of_lists, query, depth, nearness[:, 1::2], places[:, 1::2])
        scores, rows = self._of_lists(query, depth, nearness[:, ::2], places[:, ::2])
        other_scores, other_rows = other.result()
        order = np.argsort(-np.concatenate([scores, other_scores]), kind="stable")[:depth]
        return np.asarray(np.concatenate([rows, other_rows])[order], np.int64)

    def _of_lists(
        self, query: NDArray[np.float32], depth: int, nearness: NDArray[np.float32], places: NDArray[np.int64]
    ) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
        """Rough scores and rows of the nearest in the lists at `places` (1, n), so near to the query; best first."""
        import faiss

        untyped: Any = faiss  # as in `_refresh`
        untyped.omp_set_num_threads(1)  # as in `DenseIndex.search`; each thread has its own setting
        parameters = untyped.SearchParametersIVF(nprobe=places.shape[1], sel=self._live_rows)
        scores, rows = np.empty((1, depth), np.float32), np.empty((1, depth), np.int64)
        arrays = [np.ascontiguousarray(places), np.ascontiguousarray(nearness), scores, rows]
        # Not `search_preassigned`, which takes no parameters: it reads how many lists there are from the index, and
        # that is for all threads at once.
        pointers = map(untyped.swig_ptr, arrays)
        self._lists.search_preassigned_c(1, untyped.swig_ptr(query), depth, *pointers, False, parameters)
        is_found = rows[0] >= 0
        return scores[0][is_found], rows[0][is_found]

    def _rows_of(self, ids: NDArray[np.int64]) -> NDArray[np.int64]:
        """The rows of those of the ids that are there."""
        listed = self._order.rows_of(ids)
        return np.concatenate([listed[~self._is_dead[listed]], self._tail_order.rows_of(ids)])

    def _vectors_at(self, rows: NDArray[np.int64]) -> NDArray[np.float16]:
        return _gathered(self._rows, self._tail, rows, self._state.listed_rows)

    def _ids_at(self, rows: NDArray[np.int64]) -> NDArray[np.int64]:
        return _gathered(self._ids, self._tail_ids, rows, self._state.listed_rows)

    def _measure(self) -> None:
        """Measures the recall, and searches more lists until it is good enough or all are searched."""
        trial, probes, too_few = self._trial(), LEAST_PROBES, 0
        while (recall := self._recall(trial, probes)) < LEAST_RECALL and probes < self._lists.nlist:
            probes, too_few = probes + probes // 2, probes
        while too_few and probes - too_few > probes // PROBES_PRECISION:
            between = (probes + too_few) // 2
            if (found := self._recall(trial, between)) < LEAST_RECALL:
                too_few = between
            else:
                probes, recall = between, found
        self._state = replace(self._state, probes=probes, recall=recall, recall_count=self._state.listed_count)

    def _trial(self) -> RecallTrial:
        return RecallTrial.of(self._rows, np.sort(self._order.rows[~self._is_dead[self._order.rows]]))

    def _recall(self, trial: RecallTrial, probes: int) -> float:
        depth = CANDIDATES_PER_HIT * RECALL_DEPTH + SPARE_CANDIDATES
        return trial.recall(lambda query: self._listed_candidates(query, depth, probes), self._rows)


def _gathered(
    listed: RowFile | NDArray[Any], tail: NDArray[Any], rows: NDArray[np.int64], listed_rows: int
) -> NDArray[Any]:
    """What lies at these rows, of which those below `listed_rows` are in one place and the rest in the other."""
    is_listed = rows < listed_rows
    found = np.empty((len(rows), *tail.shape[1:]), tail.dtype)
    found[is_listed] = listed[rows[is_listed]]
    found[~is_listed] = tail[rows[~is_listed] - listed_rows]
    return found

"""What a search sees: SQLite and both indexes at one generation, however many writers come and go.

A reader begins a SQLite transaction, and takes the indexes of the generation it finds there. They are loaded
when the generation changes, and a writer may move on meanwhile; the reader then begins again.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from embeddings import ClusteredIndex, DenseIndex, Hit
from embeddings.errors import IndexFileError
from rag.errors import ArchiveError
from rag.indexes import open_dense, open_lexical
from rag.lexical import Field, LexicalIndex
from rag.records import Article, Filters
from rag.store import Store
from rag.store_view import ArchiveState, ChunkPlace, StoreView

__all__ = ["Snapshot", "Snapshots"]


# Up to so many chunks that pass the filters are looked at one by one. Of more, which would take longer to read from
# SQLite than to pass over the others, the nearest are found among all.
NARROW_CHUNKS = 20_000


@dataclass(frozen=True, slots=True)
class _Indexes:
    """Both indexes of one generation; None while nothing is indexed."""

    generation: int
    dense: DenseIndex | ClusteredIndex | None
    lexical: LexicalIndex | None


class Snapshot:
    """One complete state of an archive, for the time of one search. For one thread."""

    def __init__(self, view: StoreView, indexes: _Indexes) -> None:
        self._view = view
        self._indexes = indexes
        self._allowed_by_filters: dict[Filters, NDArray[np.int64] | None] = {}

    @property
    def state(self) -> ArchiveState:
        return self._view.state()

    def dense_hits(self, query_embedding: NDArray[np.float32], limit: int, filters: Filters | None = None) -> list[Hit]:
        """The chunks nearest to a query's vector (dimension,), best first; the score is the inner product.

        Ties: lower id first, and a chunk's id follows from its content.
        """
        if self._indexes.dense is None:
            return []
        filters = None if filters == Filters() else filters
        allowed = self._allowed_ids(filters)
        wanted = limit + 1
        while True:  # until what ties with the last hit is there too, so that ties can be broken by id
            found = kept = self._indexes.dense.search(query_embedding, wanted, allowed)
            if filters is not None and allowed is None:
                passing = self._view.passing_chunk_ids((hit.id for hit in found), filters)
                kept = [hit for hit in found if hit.id in passing]
            is_enough = len(kept) >= limit and found[-1].score < kept[limit - 1].score
            if len(found) < wanted or is_enough:
                return sorted(kept, key=lambda hit: (-hit.score, hit.id))[:limit]
            wanted = max(2 * wanted, wanted * (limit + 1) // (len(kept) + 1))

    def lexical_hits(self, query: str, field: Field, limit: int, filters: Filters | None = None) -> list[Hit]:
        """The chunks that share words with a query in the field's language; scores as in `LexicalIndex.search`."""
        if self._indexes.lexical is None:
            return []
        filters = None if filters == Filters() else filters
        allowed = self._allowed_ids(filters)
        asked = filters if allowed is None else None

        def passing(ids: list[int]) -> set[int]:
            return self._view.passing_chunk_ids(ids, asked)

        return self._indexes.lexical.search(query, limit, field, allowed, passing)

    def dense_scores(self, query_embedding: NDArray[np.float32], chunk_ids: Iterable[int]) -> dict[int, float]:
        """The inner product of a query's vector (dimension,) with each of these chunks' vectors."""
        ids = np.fromiter(chunk_ids, np.int64)
        if self._indexes.dense is None:
            return {}
        return {hit.id: hit.score for hit in self._indexes.dense.search(query_embedding, len(ids), ids)}

    def lexical_scores(self, query: str, field: Field, chunk_ids: Iterable[int]) -> dict[int, float]:
        """The lexical score of those of these chunks that share a word with the query."""
        ids = np.fromiter(chunk_ids, np.int64)
        if self._indexes.lexical is None:
            return {}
        return {hit.id: hit.score for hit in self._indexes.lexical.search(query, len(ids), field, ids)}

    def places(self, chunk_ids: Iterable[int]) -> list[ChunkPlace]:
        """Where these chunks lie, in no order."""
        return self._view.places(chunk_ids)

    def articles(self, article_ids: Iterable[str]) -> dict[str, Article]:
        """The articles by id."""
        return self._view.articles_by_id(article_ids)

    def copies(self, article_ids: Iterable[str]) -> dict[str, tuple[Article, ...]]:
        """The near copies of those of these articles that have any, by article id."""
        return self._view.copies(article_ids)

    def _allowed_ids(self, filters: Filters | None) -> NDArray[np.int64] | None:
        """The chunks that pass the filters where they are few; None where they are many, or all."""
        if filters is None:
            return None
        if filters not in self._allowed_by_filters:
            found = self._view.chunk_ids(filters, limit=NARROW_CHUNKS + 1)
            self._allowed_by_filters[filters] = found if len(found) <= NARROW_CHUNKS else None
        return self._allowed_by_filters[filters]


class Snapshots:
    """Where snapshots come from; keeps the indexes of the last generation loaded. For any number of threads."""

    def __init__(self, folder: Path, store: Store) -> None:
        self._folder = folder
        self._store = store
        self._loaded: _Indexes | None = None
        self._loading = threading.Lock()

    @contextmanager
    def current(self) -> Iterator[Snapshot]:
        """The archive's last complete state, to the end of the block.

        Raises `ArchiveError` where an index is missing or damaged.
        """
        while True:
            with self._store.read() as view:
                indexes = self._indexes_of(view.state())
                if indexes is not None:
                    yield Snapshot(view, indexes)
                    return

    def _indexes_of(self, state: ArchiveState) -> _Indexes | None:
        """The indexes of a state; None where a writer has moved on from it."""
        with self._loading:
            if self._loaded is not None and self._loaded.generation == state.generation:
                return self._loaded
            if not self._is_current(state):  # who waited here for another to load need not load what was before
                return None
            try:
                dense, lexical = open_dense(self._folder, state), open_lexical(self._folder, state)
            except (FileNotFoundError, IndexFileError, ArchiveError) as error:
                if not self._is_current(state):
                    return None
                raise ArchiveError(
                    f"An index of the archive '{self._folder}' is missing or damaged ({error}): run `gazette reindex`."
                ) from error
            if not self._is_current(state):
                return None
            self._loaded = _Indexes(state.generation, dense, lexical)
            return self._loaded

    def _is_current(self, state: ArchiveState) -> bool:
        with self._store.read() as view:
            return view.state().generation == state.generation

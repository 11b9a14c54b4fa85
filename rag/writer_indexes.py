"""A writer's own copies of both indexes, which it changes: opened where they are sound, else built anew first."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from embeddings import ClusteredIndex, DenseIndex
from embeddings.errors import IndexFileError
from rag.errors import ArchiveError
from rag.indexes import IndexSizes, open_dense, open_lexical, reconcile
from rag.lexical import LexicalIndex
from rag.store import Store
from rag.store_view import ArchiveState

__all__ = ["WriterIndexes", "usable_indexes"]


@dataclass(frozen=True, slots=True)
class WriterIndexes:
    """Both indexes, opened to be changed."""

    dense: DenseIndex | ClusteredIndex
    lexical: LexicalIndex


def usable_indexes(folder: Path, store: Store, state: ArchiveState, sizes: IndexSizes) -> WriterIndexes:
    """The indexes of a state, built anew from SQLite where they are missing or damaged."""
    try:
        return _load_indexes(folder, state)
    except (FileNotFoundError, IndexFileError, ArchiveError):
        reconcile(folder, store, sizes)
    with store.read() as view:
        state = view.state()
    try:
        return _load_indexes(folder, state)
    except (FileNotFoundError, IndexFileError) as error:
        raise ArchiveError(f"An index of the archive '{folder}' can't be restored: run `gazette reindex`.") from error


def _load_indexes(folder: Path, state: ArchiveState) -> WriterIndexes:
    dense, lexical = open_dense(folder, state, to_change=True), open_lexical(folder, state)
    if dense is None or lexical is None:
        raise FileNotFoundError(folder)
    return WriterIndexes(dense, lexical)

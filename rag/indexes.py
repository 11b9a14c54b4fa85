"""SQLite → the two indexes beside it: built, opened, and brought back into agreement after a crash.

The dense index is a new file for every generation, never changed once it has its name. The lexical one is a
folder that grows: chunks are added to it before SQLite knows them and removed after SQLite has forgotten
them, so it always holds at least what SQLite does, and readers pass over the rest.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from embeddings import DenseIndex
from embeddings.errors import IndexFileError
from rag.chunking import lexical_text
from rag.errors import ArchiveError
from rag.lexical import LexicalEntry, LexicalIndex
from rag.records import Chunk
from rag.store import Store
from rag.store_view import ArchiveState, StoredEncoder, StoreView

__all__ = [
    "build_dense",
    "build_lexical",
    "dense_file_name",
    "is_index_name",
    "lexical_entries",
    "lexical_folder_name",
    "open_dense",
    "open_lexical",
    "reconcile",
    "sweep",
]

# Chunks read from SQLite at a time: some 3 MB of text and vectors.
CHUNKS_PER_READ = 1_000
_DAMAGED = (FileNotFoundError, IndexFileError, ArchiveError)


def dense_file_name(generation: int) -> str:
    return f"dense-{generation}.faiss"


def lexical_folder_name(generation: int) -> str:
    return f"lexical-{generation}"


def is_index_name(name: str) -> bool:
    """Whether a file or folder of the archive is an index, or the beginning of one."""
    return name.startswith(("dense-", "lexical-"))


def lexical_entries(chunks: dict[int, Chunk]) -> Iterator[LexicalEntry]:
    """What the lexical index is given for chunks by id."""
    return (LexicalEntry(id_, lexical_text(chunk), chunk.article.language) for id_, chunk in chunks.items())


def build_dense(view: StoreView, encoder: StoredEncoder) -> DenseIndex:
    """The dense index of all chunks, from the stored vectors. Raises `ArchiveError` where one is missing."""
    index = DenseIndex(encoder.dimension)
    missing = view.chunk_ids_without_vector(encoder)
    if len(missing):
        raise ArchiveError(
            f"{len(missing)} chunks have no vector by '{encoder.name}': run `gazette reindex`, which encodes them."
        )
    chunk_ids = view.chunk_ids()
    for start in range(0, len(chunk_ids), CHUNKS_PER_READ):
        vectors = view.vectors(encoder, chunk_ids[start : start + CHUNKS_PER_READ].tolist())
        index.add(np.array(list(vectors), np.int64), np.stack(list(vectors.values())))
    return index


def build_lexical(view: StoreView, folder: Path) -> None:
    """Makes the lexical index of all chunks in `folder`; what stood there is removed."""
    index = LexicalIndex.create(folder)
    _add_to_lexical(index, view, view.chunk_ids())
    index.commit()
    index.close()


def open_dense(folder: Path, state: ArchiveState) -> DenseIndex | None:
    """The dense index of a state, None where nothing is indexed yet.

    Raises `FileNotFoundError` where a writer has gone on to another, `IndexFileError` where it is damaged.
    """
    return None if state.dense_file is None else DenseIndex.load(folder / state.dense_file)


def open_lexical(folder: Path, state: ArchiveState) -> LexicalIndex | None:
    """The lexical index of a state as it is now, None where nothing is indexed yet.

    Raises `FileNotFoundError` where a writer has gone on to another, `ArchiveError` where it is damaged.
    """
    return None if state.lexical_folder is None else LexicalIndex.open(folder / state.lexical_folder)


def reconcile(folder: Path, store: Store) -> None:
    """Makes the indexes agree with SQLite after a writer died, and removes what it left. For the lock's holder."""
    with store.read() as view:
        state = view.state()
        sweep(folder, state)
        _restore_dense(folder, view, state)
        _restore_lexical(folder, view, state)


def sweep(folder: Path, state: ArchiveState) -> None:
    """Removes index files that the state does not name."""
    for path in folder.iterdir():
        if is_index_name(path.name) and path.name not in (state.dense_file, state.lexical_folder):
            if path.is_dir():
                shutil.rmtree(path)
            else:
                path.unlink()


def _restore_dense(folder: Path, view: StoreView, state: ArchiveState) -> None:
    if state.dense_file is None or state.encoder is None:
        return
    try:
        if np.array_equal(DenseIndex.load(folder / state.dense_file).ids(), view.chunk_ids()):
            return
    except _DAMAGED:
        pass
    if not len(view.chunk_ids_without_vector(state.encoder)):  # else only `reindex` can help, and who reads is told
        build_dense(view, state.encoder).save(folder / state.dense_file)


def _restore_lexical(folder: Path, view: StoreView, state: ArchiveState) -> None:
    if state.lexical_folder is None:
        return
    path = folder / state.lexical_folder
    try:
        index = LexicalIndex.open(path)
        stored, indexed = view.chunk_ids(), index.ids()
        orphans, missing = np.setdiff1d(indexed, stored), np.setdiff1d(stored, indexed)
        if len(orphans) or len(missing):
            index.remove(orphans.tolist())
            _add_to_lexical(index, view, missing)
            index.commit()
        index.close()
    except _DAMAGED:
        build_lexical(view, path)


def _add_to_lexical(index: LexicalIndex, view: StoreView, chunk_ids: NDArray[np.int64]) -> None:
    for chunks in view.chunk_batches(chunk_ids, CHUNKS_PER_READ):
        index.add(lexical_entries(chunks))

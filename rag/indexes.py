"""SQLite → the two indexes beside it: built, opened, and brought back into agreement after a crash.

The dense index of a small archive is exact, and a new file for every generation, never changed once it has its
name; that of a large one is a folder, in which every generation is a small file (`embeddings.clustered_index`). The
lexical one is a folder that grows: chunks are added to it before SQLite knows them and removed after SQLite has
forgotten them, so it always holds at least what SQLite does, and readers pass over the rest.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from embeddings import ClusteredIndex, DenseIndex
from embeddings.clustered_files import stray_files
from embeddings.errors import IndexFileError
from rag.chunking import lexical_text
from rag.errors import ArchiveError
from rag.lexical import Field, LexicalEntry, LexicalIndex, LexicalTerms, lexical_terms
from rag.records import Chunk
from rag.store import Store
from rag.store_view import ArchiveState, StoredEncoder, StoreView
from rag.store_writer import next_state

__all__ = [
    "DEFAULT_SIZES",
    "IndexSizes",
    "build_dense",
    "build_lexical",
    "is_clustered",
    "is_index_name",
    "is_outgrown",
    "lexical_folder_name",
    "open_dense",
    "open_lexical",
    "rebuild_dense",
    "reconcile",
    "save_dense",
    "strays",
    "sweep",
    "terms_of",
]

# Chunks read from SQLite at a time: some 3 MB of text and vectors.
CHUNKS_PER_READ = 1_000
_DAMAGED = (FileNotFoundError, IndexFileError, ArchiveError)
# A large archive's lists are made anew when it holds so many times what they were trained on, or when so many times
# what it holds lies in its file.
GROWTH = 2


@dataclass(frozen=True, slots=True)
class IndexSizes:
    """When an archive is large: from how many chunks on its dense index is in lists, and how long the rest may get.

    Up to 100,000 chunks an exact scan takes some 4 ms, and rewriting its file 77 MB. 20,000 chunks added or removed
    since the lists were made cost a question 1 ms; to put them in order rewrites the lists, 0.4 GB at a million chunks.
    """

    large_from: int = 100_000
    loose_chunks: int = 20_000


DEFAULT_SIZES = IndexSizes()


def is_clustered(dense_file: str) -> bool:
    """Whether a state's dense index is one for a large archive: a file in a folder."""
    return "/" in dense_file


def lexical_folder_name(generation: int) -> str:
    return f"lexical-{generation}"


def is_index_name(name: str) -> bool:
    """Whether a file or folder of the archive is an index, or the beginning of one."""
    return name.startswith(("dense-", "lexical-"))


def terms_of(chunk: Chunk) -> dict[Field, LexicalTerms]:
    """What the lexical index is given of a chunk."""
    return lexical_terms(lexical_text(chunk), chunk.article.language)


def build_dense(
    folder: Path, view: StoreView, encoder: StoredEncoder, generation: int, sizes: IndexSizes = DEFAULT_SIZES
) -> str:
    """Makes the dense index of all chunks from the stored vectors, of the kind that suits their number.

    Returns the name that a state of this generation calls it by. Raises `ArchiveError` where a vector is missing.
    """
    missing = view.chunk_ids_without_vector(encoder)
    if len(missing):
        raise ArchiveError(
            f"{len(missing)} chunks have no vector by '{encoder.name}': run `gazette reindex`, which encodes them."
        )
    if view.counts()[1] > sizes.large_from:
        batches = view.vector_batches(encoder, CHUNKS_PER_READ)
        index = ClusteredIndex.build(folder / f"dense-{generation}", encoder.dimension, batches, generation=generation)
        return save_dense(folder, index, generation)
    flat = DenseIndex(encoder.dimension)
    chunk_ids = view.chunk_ids()
    for start in range(0, len(chunk_ids), CHUNKS_PER_READ):
        vectors = view.vectors(encoder, chunk_ids[start : start + CHUNKS_PER_READ].tolist())
        flat.add(np.array(list(vectors), np.int64), np.stack(list(vectors.values())))
    return save_dense(folder, flat, generation)


def save_dense(folder: Path, index: DenseIndex | ClusteredIndex, generation: int) -> str:
    """Brings an index to disk; returns the name that a state of this generation calls it by."""
    if isinstance(index, ClusteredIndex):
        return index.save(generation).relative_to(folder).as_posix()
    name = f"dense-{generation}.faiss"
    index.save(folder / name)
    return name


def is_outgrown(index: DenseIndex | ClusteredIndex, sizes: IndexSizes) -> bool:
    """Whether the number of chunks asks for an index of another kind, or of other lists."""
    if isinstance(index, DenseIndex):
        return len(index) > sizes.large_from
    state, count = index.state, len(index)
    has_grown = count > GROWTH * state.trained_count or state.row_count > GROWTH * count + sizes.loose_chunks
    return has_grown or GROWTH * count < sizes.large_from


def build_lexical(view: StoreView, folder: Path) -> None:
    """Makes the lexical index of all chunks in `folder`; what stood there is removed."""
    index = LexicalIndex.create(folder)
    _add_to_lexical(index, view, view.chunk_ids())
    index.commit()
    index.close()


def open_dense(folder: Path, state: ArchiveState, *, to_change: bool = False) -> DenseIndex | ClusteredIndex | None:
    """The dense index of a state, None where nothing is indexed yet; to be changed only where it was opened for that.

    Raises `FileNotFoundError` where a writer has gone on to another, `IndexFileError` where it is damaged.
    """
    if state.dense_file is None:
        return None
    path = folder / state.dense_file
    return ClusteredIndex.open(path) if is_clustered(state.dense_file) else DenseIndex.load(path, to_change=to_change)


def open_lexical(folder: Path, state: ArchiveState) -> LexicalIndex | None:
    """The lexical index of a state as it is now, None where nothing is indexed yet.

    Raises `FileNotFoundError` where a writer has gone on to another, `ArchiveError` where it is damaged.
    """
    return None if state.lexical_folder is None else LexicalIndex.open(folder / state.lexical_folder)


def reconcile(folder: Path, store: Store, sizes: IndexSizes = DEFAULT_SIZES) -> None:
    """Makes the indexes agree with SQLite after a writer died, and removes what it left. For the lock's holder."""
    with store.read() as view:
        state = view.state()
        sweep(folder, state)
        is_dense_sound = _is_dense_sound(folder, view, state)
        _restore_lexical(folder, view, state)
    if not is_dense_sound:
        rebuild_dense(folder, store, sizes)


def rebuild_dense(folder: Path, store: Store, sizes: IndexSizes = DEFAULT_SIZES) -> None:
    """Builds the dense index anew and swaps it in; readers see the old one until then. For the lock's holder."""
    with store.read() as view:
        state = view.state()
        assert state.encoder is not None  # nothing is indexed without one
        name = build_dense(folder, view, state.encoder, state.generation + 1, sizes)
    with store.write() as writer:
        writer.set_state(next_state(state, dense_file=name))
    sweep(folder, next_state(state, dense_file=name))


def strays(folder: Path, state: ArchiveState) -> Iterator[Path]:
    """Index files, folders, and files in the dense index's folder, that the state doesn't need."""
    dense = None if state.dense_file is None else folder / state.dense_file
    needed = {state.lexical_folder, dense and dense.relative_to(folder).parts[0]}
    yield from (path for path in sorted(folder.iterdir()) if is_index_name(path.name) and path.name not in needed)
    if dense is not None and dense.parent != folder:
        yield from stray_files(dense)


def sweep(folder: Path, state: ArchiveState) -> None:
    """Removes index files that the state does not name."""
    for path in list(strays(folder, state)):
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink()


def _is_dense_sound(folder: Path, view: StoreView, state: ArchiveState) -> bool:
    """Whether the dense index holds what SQLite does, or only `reindex` can help: then, who reads is told."""
    if state.dense_file is None or state.encoder is None:
        return True
    try:
        index = open_dense(folder, state)
        if index is not None and np.array_equal(index.ids(), view.chunk_ids()):
            return True
    except _DAMAGED:
        pass
    return len(view.chunk_ids_without_vector(state.encoder)) > 0


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
        index.add(LexicalEntry(id_, terms_of(chunk)) for id_, chunk in chunks.items())

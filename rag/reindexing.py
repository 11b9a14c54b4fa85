"""SQLite → both indexes anew, and where another encoder is asked for, its vectors first."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from embeddings import Encoder
from rag.indexes import DEFAULT_SIZES, IndexSizes, build_dense, build_lexical, lexical_folder_name, sweep
from rag.kept_sentences import read_chunks
from rag.locking import clear_writing, mark_writing
from rag.store import Store
from rag.store_writer import next_state
from rag.writing import Progress, ProgressCallback, clear_disk_errors

__all__ = ["rebuild_indexes"]

# Chunks encoded between two commits of a reindex: a few seconds of work, all that a kill can cost.
REINDEX_CHUNKS = 256


def rebuild_indexes(
    folder: Path,
    store: Store,
    encoder: Encoder | None,
    progress: ProgressCallback | None = None,
    sizes: IndexSizes = DEFAULT_SIZES,
) -> None:
    """Builds both indexes anew, with the vectors of `encoder`, and swaps them in at once. For the lock's holder.

    Chunks without such a vector, or whose sentences are not kept, are encoded, and kept batch by batch, so that a
    repeated call goes on where the one before was stopped. Until the swap, readers see the old indexes; after it,
    other encoders' vectors are gone. None rebuilds from what is stored.
    """
    with clear_disk_errors(folder):
        mark_writing(folder)
        with store.write() as writer:
            writer.upgrade()
    if encoder is not None:
        _encode_missing(store, encoder, progress)
    if progress is not None:
        progress(Progress("indexing"))
    with clear_disk_errors(folder):
        _swap_in(folder, store, encoder, sizes)
        with store.read() as view:
            sweep(folder, view.state())
        clear_writing(folder)


def _swap_in(folder: Path, store: Store, encoder: Encoder | None, sizes: IndexSizes) -> None:
    """Builds both indexes under new names, and makes them the archive's with the commit."""
    with store.write() as writer:
        state = writer.state()
        stored = state.encoder
        if encoder is not None:
            stored = writer.register_encoder(encoder.name, encoder.fingerprint, encoder.dimension)
        if stored is not None:
            generation = state.generation + 1
            lexical_name = lexical_folder_name(generation)
            build_lexical(writer, folder / lexical_name)
            dense_name = build_dense(folder, writer, stored, generation, sizes)
            writer.set_state(next_state(state, encoder=stored, dense_file=dense_name, lexical_folder=lexical_name))
            writer.drop_other_encoders(stored)


def _encode_missing(store: Store, encoder: Encoder, progress: ProgressCallback | None) -> None:
    with store.write() as writer:
        stored = writer.register_encoder(encoder.name, encoder.fingerprint, encoder.dimension)
    with store.read() as view:
        missing = view.chunk_ids_without_vector(stored)
        if encoder.reads_in_context:
            missing = np.union1d(missing, view.chunk_ids_without_sentences(stored))
        total = view.counts()[1]
    for start in range(0, len(missing), REINDEX_CHUNKS):
        with store.read() as view:
            chunks = view.chunks(missing[start : start + REINDEX_CHUNKS].tolist())
        read = read_chunks(list(chunks.values()), encoder)
        with store.write() as writer:
            writer.insert_vectors(stored, list(chunks), read.vectors)
            writer.insert_sentences(stored, list(chunks), read.sentences)
        if progress is not None:
            progress(Progress("encoding", total - len(missing) + start + len(chunks), total, "chunks"))

"""What is in an archive, and how much room it takes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Literal

from embeddings.clustered_files import read_state
from rag.indexes import is_clustered
from rag.store import STORE_FILE, Store
from rag.store_view import ArchiveState, StoreView

__all__ = ["ArchiveInfo", "describe"]


@dataclass(frozen=True, slots=True)
class ArchiveInfo:
    """What is in an archive. `articles_by_…` count articles; None stands for those that don't say.

    `encoder` and `dimension` are None while nothing was added. Sizes are bytes on disk.

    `dense_kind` is "exact" where a search compares all chunks, and "clustered" in a large archive, where it compares
    those in the lists nearest to the question. `recall` is the share of the 10 chunks nearest to one of the archive's
    own that a search finds, as measured when there were `recall_chunks` chunks. All are None while nothing was added,
    and the latter two where the index is damaged, of which `Archive.verify` tells more.

    Of `chunks_with_sentences` chunks what the encoder made of their sentences is kept; the sentences of others are
    encoded for each answer.
    """

    folder: str
    format: int
    generation: int
    articles: int
    chunks: int
    near_copies: int
    articles_by_language: dict[str | None, int]
    articles_by_source: dict[str | None, int]
    first_published: date | None
    last_published: date | None
    encoder: str | None
    dimension: int | None
    dense_kind: Literal["exact", "clustered"] | None
    recall: float | None
    recall_chunks: int | None
    chunks_with_sentences: int
    store_bytes: int
    dense_bytes: int
    lexical_bytes: int


def describe(folder: Path, store: Store) -> ArchiveInfo:
    """Counted at one state of the archive."""
    while True:
        with store.read() as view:
            info = _described(folder, view)
        with store.read() as view:
            if info.recall is not None or view.state().generation == info.generation:
                return info
        # A writer came in between, and has taken away the index that was asked.


def _described(folder: Path, view: StoreView) -> ArchiveInfo:
    state = view.state()
    articles, chunks = view.counts()
    first, last = view.first_and_last_published()
    recall, recall_chunks = _recall(folder, state, chunks)
    return ArchiveInfo(
        folder=str(folder),
        format=state.format,
        generation=state.generation,
        articles=articles,
        chunks=chunks,
        near_copies=view.near_copy_count(),
        articles_by_language=view.article_count_by("language"),
        articles_by_source=view.article_count_by("source"),
        first_published=first,
        last_published=last,
        encoder=state.encoder.name if state.encoder else None,
        dimension=state.encoder.dimension if state.encoder else None,
        dense_kind=_dense_kind(state),
        recall=recall,
        recall_chunks=recall_chunks,
        chunks_with_sentences=view.count_with_sentences(state.encoder) if state.encoder else 0,
        store_bytes=_bytes_of(folder, STORE_FILE),
        dense_bytes=_bytes_of(folder, "dense-"),
        lexical_bytes=_bytes_of(folder, "lexical-"),
    )


def _dense_kind(state: ArchiveState) -> Literal["exact", "clustered"] | None:
    if state.dense_file is None:
        return None
    return "clustered" if is_clustered(state.dense_file) else "exact"


def _recall(folder: Path, state: ArchiveState, chunks: int) -> tuple[float, int] | tuple[None, None]:
    if state.dense_file is None:
        return None, None
    if not is_clustered(state.dense_file):
        return 1.0, chunks
    try:
        clustered, _ = read_state(folder / state.dense_file)
    except (FileNotFoundError, ValueError, TypeError):
        return None, None
    return clustered.recall, clustered.recall_count


def _bytes_of(folder: Path, prefix: str) -> int:
    """What the files of this prefix, and those in folders of it, take on disk."""
    files = (path for found in folder.glob(f"{prefix}*") for path in (found.rglob("*") if found.is_dir() else (found,)))
    return sum(map(_size, files))


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except FileNotFoundError:  # a writer's, that has gone since it was listed
        return 0

"""What is in an archive, and how much room it takes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from rag.store import STORE_FILE, Store

__all__ = ["ArchiveInfo", "describe"]


@dataclass(frozen=True, slots=True)
class ArchiveInfo:
    """What is in an archive. `articles_by_…` count articles; None stands for those that don't say.

    `encoder` and `dimension` are None while nothing was added. Sizes are bytes on disk.
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
    store_bytes: int
    dense_bytes: int
    lexical_bytes: int


def describe(folder: Path, store: Store) -> ArchiveInfo:
    """Counted at one state of the archive."""
    with store.read() as view:
        state = view.state()
        articles, chunks = view.counts()
        first, last = view.first_and_last_published()
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
            store_bytes=_bytes_of(folder, STORE_FILE),
            dense_bytes=_bytes_of(folder, "dense-"),
            lexical_bytes=_bytes_of(folder, "lexical-"),
        )


def _bytes_of(folder: Path, prefix: str) -> int:
    """What the files of this prefix, and those in folders of it, take on disk."""
    files = (path for found in folder.glob(f"{prefix}*") for path in (found.rglob("*") if found.is_dir() else (found,)))
    return sum(path.stat().st_size for path in files)

"""Changes to an archive, batch by batch: each is on disk in all three stores, or in none.

The order is what a crash can be recovered from. In one SQLite transaction: rows, then the lexical index
(which may hold more than SQLite, never less), then a new dense file, then the state that names it, and the
commit. Only after it are the old dense file and the lexical entries of what was removed taken away.

An archive that has grown large gets another dense index between two batches: it is built beside the old one, which
readers go on with and a crash leaves in place, and swapped in by a commit of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from embeddings import ClusteredIndex, DenseIndex, Encoder
from rag.errors import ArchiveError
from rag.indexes import (
    DEFAULT_SIZES,
    IndexSizes,
    is_outgrown,
    lexical_folder_name,
    open_dense,
    rebuild_dense,
    reconcile,
    save_dense,
    sweep,
)
from rag.kept_sentences import ReadChunks
from rag.lexical import Field, LexicalEntry, LexicalIndex, LexicalTerms
from rag.locking import clear_writing, is_unfinished, mark_writing, write_lock
from rag.near_copies import regroup, verified_twins
from rag.records import Article, Chunk
from rag.store import Store
from rag.store_view import StoredEncoder
from rag.store_writer import StoreWriter, next_state
from rag.writer_indexes import WriterIndexes, usable_indexes

__all__ = [
    "COMMIT_SECONDS",
    "BatchWriter",
    "Change",
    "Progress",
    "ProgressCallback",
    "clear_disk_errors",
    "locked",
    "writing",
]

# How old what was read may get before it is brought to disk, unless a caller says otherwise.
COMMIT_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a command is. `total` is None where it is not known.

    `stage` is "waiting" (for the lock; `note` says who holds it), "adding" (inputs read and encoded), "saved"
    (inputs whose outcome is on disk), "encoding" (chunks), "indexing", or, once and last of what adds, "spent": then
    `seconds_by_stage` is the processor time that each part of the work took.
    """

    stage: str
    done: int = 0
    total: int | None = None
    unit: str = ""
    note: str = ""
    seconds_by_stage: Mapping[str, float] = field(default_factory=dict)


ProgressCallback = Callable[[Progress], None]


@dataclass(frozen=True, slots=True)
class Change:
    """An article to be stored, with its chunks, and the numbers of the stored articles it takes the place of.

    `file` is the file that holds it alone, or None. `copy_keys` are `near_copy_keys` of its text.
    """

    article: Article
    file: str | None
    chunks: tuple[Chunk, ...]
    copy_keys: tuple[int, ...]
    replaces: tuple[int, ...] = ()


@contextmanager
def locked(folder: Path, timeout_seconds: float, progress: ProgressCallback | None = None) -> Iterator[None]:
    """Holds the write lock, as `write_lock` does; waiting is reported as progress."""

    def report_wait(note: str) -> None:
        if progress is not None:
            progress(Progress("waiting", note=note))

    with write_lock(folder, timeout_seconds=timeout_seconds, on_wait=report_wait):
        yield


@contextmanager
def clear_disk_errors(folder: Path) -> Iterator[None]:
    """Turns what goes wrong with files in the block into an `ArchiveError` with the way out."""
    try:
        yield
    except OSError as error:
        raise ArchiveError(
            f"The archive '{folder}' can't be written ({error.strerror or error}): free some space on the disk, and "
            "run the command again; what was saved before is there."
        ) from error


@contextmanager
def writing(folder: Path, store: Store, sizes: IndexSizes = DEFAULT_SIZES) -> Iterator[BatchWriter]:
    """Gives what writes, to the holder of the lock; repairs first what a writer that died has left.

    When the block raises, what was committed stays, and the next writer tidies the rest.
    """
    was_unfinished = is_unfinished(folder)
    with clear_disk_errors(folder):
        mark_writing(folder)
        with store.write() as upgraded:
            upgraded.upgrade()
        if was_unfinished:
            reconcile(folder, store, sizes)
    writer = BatchWriter(folder, store, sizes)
    try:
        yield writer
        writer.finish()
    except BaseException:
        writer.abandon()
        raise


class BatchWriter:
    """Commits batches to SQLite and both indexes; keeps its own copies of the indexes in between."""

    def __init__(self, folder: Path, store: Store, sizes: IndexSizes) -> None:
        self._folder = folder
        self._store = store
        self._sizes = sizes
        self._has_begun = False
        self._indexes: WriterIndexes | None = None
        self._stale_ids: set[int] = set()  # gone from SQLite, still in the lexical index

    def commit(
        self,
        changes: Sequence[Change],
        read: ReadChunks,
        terms: Sequence[Mapping[Field, LexicalTerms]],
        encoder: Encoder,
    ) -> list[Article | None]:
        """Stores the changes; `read` is what the encoder made of their chunks in order, `terms` their `terms_of`.

        Returns for each the nearest article that it is a near copy of, or None.
        """
        name, fingerprint, dimension = encoder.name, encoder.fingerprint, encoder.dimension
        with clear_disk_errors(self._folder):
            self._open(dimension)
            with self._store.write() as writer:
                stored = writer.register_encoder(name, fingerprint, dimension)
                gone, widowed = _delete(writer, [number for change in changes for number in change.replaces])
                chunk_by_id, numbers = _insert(writer, changes)
                writer.insert_vectors(stored, list(chunk_by_id), read.vectors)
                writer.insert_sentences(stored, list(chunk_by_id), read.sentences)
                nearest = [_link_copies(writer, *pair) for pair in zip(numbers, changes, strict=True)]
                regroup(writer, widowed | set(numbers))
                entries = [LexicalEntry(*pair) for pair in zip(chunk_by_id, terms, strict=True)]
                self._index(writer, gone, entries, read.vectors, stored)
            self._after_commit(set(gone) - set(chunk_by_id))
        return nearest

    def remove(self, numbers: Sequence[int]) -> None:
        """Removes articles."""
        with self._store.read() as view:
            encoder = view.state().encoder
        if encoder is None:
            raise ArchiveError("Nothing was ever added to this archive.")
        with clear_disk_errors(self._folder):
            self._open(encoder.dimension)
            with self._store.write() as writer:
                gone, widowed = _delete(writer, numbers)
                regroup(writer, widowed)
                self._index(writer, gone, [], np.zeros((0, encoder.dimension), np.float32), encoder)
            self._after_commit(set(gone))

    @property
    def is_outgrown(self) -> bool:
        """Whether `tend` has work to do that may take a minute."""
        return self._indexes is not None and is_outgrown(self._indexes.dense, self._sizes)

    def tend(self) -> None:
        """Gives the archive the dense index that suits its size; readers go on with the old one until it is there."""
        if self._indexes is None:
            return
        dense = self._indexes.dense
        with clear_disk_errors(self._folder):
            if is_outgrown(dense, self._sizes):
                rebuild_dense(self._folder, self._store, self._sizes)
                with self._store.read() as view:
                    rebuilt = open_dense(self._folder, view.state(), to_change=True)
                assert rebuilt is not None
                self._indexes = replace(self._indexes, dense=rebuilt)
            elif isinstance(dense, ClusteredIndex) and dense.loose_count > self._sizes.loose_chunks:
                self._fold(dense)

    def finish(self) -> None:
        """Brings the indexes down to what SQLite holds, of the kind that suits its size, and says that all agree."""
        self.tend()
        with clear_disk_errors(self._folder):
            if self._indexes is not None:
                if self._stale_ids:
                    self._indexes.lexical.remove(self._stale_ids)
                    self._indexes.lexical.commit()
                self._indexes.lexical.close()
            clear_writing(self._folder)

    def abandon(self) -> None:
        """Lets go of the indexes as they are; the next writer reconciles them, if they were touched."""
        if not self._has_begun:
            clear_writing(self._folder)
        self._indexes = None

    def _open(self, dimension: int) -> WriterIndexes:
        """The indexes for writing, loaded at the first change; built anew where they are damaged or not there."""
        if self._indexes is None:
            self._has_begun = True
            with self._store.read() as view:
                state = view.state()
            if state.lexical_folder is None:
                lexical = LexicalIndex.create(self._folder / lexical_folder_name(state.generation + 1))
                self._indexes = WriterIndexes(DenseIndex(dimension), lexical)
            else:
                self._indexes = usable_indexes(self._folder, self._store, state, self._sizes)
        return self._indexes

    def _index(
        self,
        writer: StoreWriter,
        gone: list[int],
        entries: Sequence[LexicalEntry],
        vectors: NDArray[np.float32],
        encoder: StoredEncoder,
    ) -> None:
        """Writes both indexes, each to disk, and the state that names them."""
        indexes = self._open(encoder.dimension)
        if self._stale_ids or entries:
            indexes.lexical.remove(self._stale_ids)
            indexes.lexical.add(entries)
            indexes.lexical.commit()
        indexes.dense.remove(np.array(gone, np.int64))
        # Rounded as they are stored, so that an index rebuilt from SQLite is the same one.
        indexes.dense.add(
            np.array([entry.id for entry in entries], np.int64), vectors.astype(np.float16).astype(np.float32)
        )
        state = writer.state()
        name = save_dense(self._folder, indexes.dense, state.generation + 1)
        folder = indexes.lexical.folder.name
        writer.set_state(next_state(state, encoder=encoder, dense_file=name, lexical_folder=folder))

    def _fold(self, dense: ClusteredIndex) -> None:
        with self._store.write() as writer:
            state = writer.state()
            folded = dense.fold(state.generation + 1)
            name = save_dense(self._folder, folded, state.generation + 1)
            writer.set_state(next_state(state, dense_file=name))
        self._indexes = WriterIndexes(folded, self._open(folded.dimension).lexical)
        self._sweep()

    def _sweep(self) -> None:
        with self._store.read() as view:
            sweep(self._folder, view.state())

    def _after_commit(self, gone: set[int]) -> None:
        self._sweep()
        self._stale_ids = gone


def _delete(writer: StoreWriter, numbers: Sequence[int]) -> tuple[list[int], set[int]]:
    """Removes articles; returns the ids of their chunks, and the numbers of the near copies they leave behind."""
    widowed = {twin for twins in writer.twins(numbers).values() for twin in twins} - set(numbers)
    return writer.delete_articles(numbers), widowed


def _insert(writer: StoreWriter, changes: Iterable[Change]) -> tuple[dict[int, Chunk], list[int]]:
    chunk_by_id: dict[int, Chunk] = {}
    numbers: list[int] = []
    for change in changes:
        number = writer.insert_article(change.article, change.file)
        chunk_by_id.update(zip(writer.insert_chunks(number, change.chunks), change.chunks, strict=True))
        numbers.append(number)
    return chunk_by_id, numbers


def _link_copies(writer: StoreWriter, number: int, change: Change) -> Article | None:
    """Links a stored article with its near copies among those linked before it; returns the nearest."""
    twins = verified_twins(writer, change.article.text, change.copy_keys)
    writer.insert_near_copy_keys(number, change.copy_keys)
    writer.insert_twins(number, twins)
    return writer.article_by_number(twins[0]) if twins else None

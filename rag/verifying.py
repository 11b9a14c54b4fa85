"""The three stores of an archive, checked against each other → what is wrong, one line each."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from embeddings import ClusteredIndex
from embeddings.errors import IndexFileError
from rag.errors import ArchiveError
from rag.indexes import open_dense, open_lexical, strays
from rag.kept_sentences import is_sound
from rag.locking import is_unfinished
from rag.near_copies import THRESHOLD, shingles, similarity
from rag.records import Article
from rag.store import Store
from rag.store_view import ArchiveState, StoredEncoder, StoreView
from rag.store_writer import content_hash

__all__ = ["find_problems"]

CHUNKS_PER_READ = 1_000
# Ids shown of a longer list.
SHOWN_IDS = 5


def find_problems(folder: Path, store: Store) -> list[str]:
    """Checks one state of the archive; what a writer at work is about to tidy is passed over."""
    while True:
        is_busy = is_unfinished(folder)
        with store.read() as view:
            state = view.state()
            problems = [
                *_file_problems(view),
                *_article_problems(view),
                *_vector_problems(view, state),
                *_copy_problems(view),
                *_dense_problems(folder, view, state),
                *_lexical_problems(folder, view, state, is_busy),
                *([] if is_busy else _stray_problems(folder, state)),
            ]
        has_begun = is_unfinished(folder) and not is_busy
        with store.read() as view:
            if not problems or (view.state().generation == state.generation and not has_begun):
                return problems
        # A writer came in between, and has perhaps taken away what was being checked: look again.


def _file_problems(view: StoreView) -> Iterator[str]:
    for (message,) in view.query("PRAGMA integrity_check"):
        if message != "ok":
            yield f"SQLite: {message}"
    for table, row, parent, _ in view.query("PRAGMA foreign_key_check"):
        yield f"SQLite: row {row} of {table} belongs to nothing in {parent}"


def _article_problems(view: StoreView) -> Iterator[str]:
    """Articles that are not what was stored, and chunks that don't lie in their text in order."""
    spans_by_id: dict[str, list[tuple[int, int]]] = {}
    for id_, start, end in view.query(
        "SELECT a.id, c.start, c.end FROM articles a JOIN chunks c ON c.article = a.number "
        "ORDER BY a.number, c.position"
    ):
        spans_by_id.setdefault(id_, []).append((start, end))
    hashes: dict[str, str] = dict(view.query("SELECT id, content_hash FROM articles"))
    for article in view.articles():
        if content_hash(article) != hashes.pop(article.id):
            yield f"article «{article.id}» is not what was stored"
        yield from _span_problems(article, spans_by_id.get(article.id, []))
    for id_ in hashes:
        yield f"article «{id_}» has no text"


def _span_problems(article: Article, spans: list[tuple[int, int]]) -> Iterator[str]:
    if not spans:
        yield f"article «{article.id}» has no chunks"
    position = 0
    for start, end in spans:
        if not position <= start < end <= len(article.text):
            yield f"article «{article.id}»: the chunk from {start} to {end} lies outside the text or over another"
        position = end


def _vector_problems(view: StoreView, state: ArchiveState) -> Iterator[str]:
    if state.encoder is None:
        if view.counts()[1]:
            yield "there are chunks, but no encoder"
        return
    missing = view.chunk_ids_without_vector(state.encoder)
    if len(missing):
        yield f"{len(missing)} chunks have no vector by '{state.encoder.name}': {_shown(missing)}"
    chunk_ids = view.chunk_ids()
    for start in range(0, len(chunk_ids), CHUNKS_PER_READ):
        vectors = view.vectors(state.encoder, chunk_ids[start : start + CHUNKS_PER_READ].tolist())
        # Half precision is good to 0.001; a vector whose norm is further off than this was never a unit vector.
        wrong = [id_ for id_, vector in vectors.items() if not abs(float(np.linalg.norm(vector)) - 1) < 0.01]
        if wrong:
            yield f"{len(wrong)} vectors are not of norm 1: {_shown(np.array(wrong))}"
    yield from _sentence_problems(view, state.encoder)


def _sentence_problems(view: StoreView, encoder: StoredEncoder) -> Iterator[str]:
    """An archive keeps something of the sentences of all chunks, or of none."""
    damaged = [id_ for id_, kept in view.all_kept_sentences(encoder) if not is_sound(kept, encoder.dimension)]
    if damaged:
        yield f"what is kept of the sentences of {len(damaged)} chunks is damaged: {_shown(np.array(damaged))}"
    missing = view.chunk_ids_without_sentences(encoder)
    if 0 < len(missing) < view.counts()[1]:
        yield f"of {len(missing)} chunks no sentences are kept: {_shown(missing)}"


def _copy_problems(view: StoreView) -> Iterator[str]:
    """Near copies that are not alike, and groups that are not what the pairs connect."""
    group_by_number = {
        int(str(number)): group for number, group in view.query("SELECT number, copy_group FROM articles")
    }
    id_by_number = {int(str(number)): str(id_) for number, id_ in view.query("SELECT number, id FROM articles")}
    twins = view.twins(group_by_number)
    for number, others in twins.items():
        for other in others:
            if number not in twins.get(other, []):
                yield f"articles «{id_by_number[number]}» and «{id_by_number[other]}» are near copies one way only"
            elif number < other and not _are_alike(view, number, other):
                yield f"articles «{id_by_number[number]}» and «{id_by_number[other]}» are no near copies"
    for number, group in group_by_number.items():
        members = _connected(number, twins)
        expected = min(id_by_number[member] for member in members) if len(members) > 1 else None
        if group != expected:
            yield f"article «{id_by_number[number]}» is in the group of copies {group}, not in {expected}"


def _are_alike(view: StoreView, number: int, other: int) -> bool:
    articles = view.article_by_number(number), view.article_by_number(other)
    runs = [shingles(article.text) if article else frozenset[str]() for article in articles]
    return similarity(*runs) >= THRESHOLD


def _connected(number: int, twins: dict[int, list[int]]) -> set[int]:
    found: set[int] = set()
    waiting = [number]
    while waiting:
        member = waiting.pop()
        if member not in found:
            found.add(member)
            waiting.extend(twins.get(member, []))
    return found


def _dense_problems(folder: Path, view: StoreView, state: ArchiveState) -> Iterator[str]:
    try:
        index = open_dense(folder, state)
    except FileNotFoundError:
        yield f"the dense index {state.dense_file} is missing"
        return
    except IndexFileError as error:
        yield str(error)
        return
    if index is None:
        return
    if state.encoder is not None and index.dimension != state.encoder.dimension:
        yield f"the dense index has {index.dimension} dimensions, '{state.encoder.name}' has {state.encoder.dimension}"
    yield from _id_problems("dense", index.ids(), view.chunk_ids(), is_busy=False)
    if isinstance(index, ClusteredIndex) and state.encoder is not None:
        yield from index.problems()
        yield from _clustered_vector_problems(index, view, state.encoder)


def _clustered_vector_problems(index: ClusteredIndex, view: StoreView, encoder: StoredEncoder) -> Iterator[str]:
    """Vectors that the index scores by and that are not those in SQLite."""
    wrong: list[int] = []
    for ids, vectors in view.vector_batches(encoder, CHUNKS_PER_READ):
        wrong += index.differing(ids, vectors).tolist()
    if wrong:
        yield f"{len(wrong)} vectors of the dense index are not those stored: {_shown(np.array(wrong))}"


def _lexical_problems(folder: Path, view: StoreView, state: ArchiveState, is_busy: bool) -> Iterator[str]:
    try:
        index = open_lexical(folder, state)
    except FileNotFoundError:
        yield f"the lexical index {state.lexical_folder} is missing"
        return
    except ArchiveError as error:
        yield str(error)
        return
    if index is not None:
        yield from _id_problems("lexical", index.ids(), view.chunk_ids(), is_busy)


def _id_problems(kind: str, indexed: NDArray[np.int64], stored: NDArray[np.int64], is_busy: bool) -> Iterator[str]:
    missing = np.setdiff1d(stored, indexed)
    unknown = np.setdiff1d(indexed, stored)
    if len(missing):
        yield f"{len(missing)} chunks are missing from the {kind} index: {_shown(missing)}"
    if len(unknown) and not is_busy:
        yield f"{len(unknown)} entries of the {kind} index belong to no chunk: {_shown(unknown)}"
    if len(indexed) != len(np.unique(indexed)):
        yield f"the {kind} index holds a chunk twice"


def _stray_problems(folder: Path, state: ArchiveState) -> Iterator[str]:
    for path in strays(folder, state):
        yield f"{path.relative_to(folder)} belongs to no state of the archive"


def _shown(ids: NDArray[np.int64]) -> str:
    shown = ", ".join(str(id_) for id_ in ids[:SHOWN_IDS].tolist())
    return shown + (", …" if len(ids) > SHOWN_IDS else "")

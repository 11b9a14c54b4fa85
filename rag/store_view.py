"""What can be read from an archive's SQLite file inside one transaction, as records."""

from __future__ import annotations

import json
import os
import sqlite3
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from rag.records import Article, Chunk, Filters

__all__ = [
    "FORMAT_WITH_SENTENCES",
    "LISTED",
    "ArchiveState",
    "ArticleSummary",
    "ChunkPlace",
    "StoreView",
    "StoredArticle",
    "StoredEncoder",
    "SummaryPage",
    "listed",
    "sought",
    "source_key",
]

_ARTICLE_COLUMNS = "a.id, a.title, t.text, a.url, a.source, a.authors, a.published, a.language, a.path"
_SUMMARY_COLUMNS = "id, title, url, source, authors, published, language, path, characters, copy_group"
_ARTICLES = "articles a JOIN texts t ON t.article = a.number"
# Before it, an archive has no table for what is kept of sentences.
FORMAT_WITH_SENTENCES = 2
# `listed(numbers)` is what takes the place of its question mark.
LISTED = "(SELECT value FROM json_each(?))"


@dataclass(frozen=True, slots=True)
class StoredEncoder:
    """An encoder that vectors in the archive come from."""

    number: int
    name: str
    fingerprint: str
    dimension: int


@dataclass(frozen=True, slots=True)
class ArchiveState:
    """Which indexes belong to the content as it stands.

    `encoder` is None until something was added; `wanted_encoder` is the name asked for when the archive was
    made, or None. `dense_file` and `lexical_folder` are names in the archive's folder.
    """

    format: int
    generation: int
    wanted_encoder: str | None
    encoder: StoredEncoder | None
    dense_file: str | None
    lexical_folder: str | None


@dataclass(frozen=True, slots=True)
class ArticleSummary:
    """An article without its text; `copy_group` is shared by near copies, None where there are none."""

    id: str
    title: str
    url: str | None
    source: str | None
    authors: tuple[str, ...]
    published: date | None
    language: str | None
    path: str | None
    characters: int
    copy_group: str | None


@dataclass(frozen=True, slots=True)
class SummaryPage:
    """Some of the articles that pass the filters, in the order they were added, and how many do in all."""

    total: int
    summaries: list[ArticleSummary]


@dataclass(frozen=True, slots=True)
class ChunkPlace:
    """Where a chunk lies, and of its article what ranking looks at: candidates are many, and few of them are read."""

    id: int
    article_id: str
    position: int
    start: int
    end: int
    language: str | None
    published: date | None


@dataclass(frozen=True, slots=True)
class StoredArticle:
    """What tells an article that comes in apart from the one that is there."""

    number: int
    id: str
    path: str | None
    content_hash: str


class StoreView:
    """What can be read inside one transaction."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def state(self) -> ArchiveState:
        row = self._connection.execute(
            "SELECT s.format, s.generation, s.wanted_encoder, s.dense_file, s.lexical_folder, "
            "e.number, e.name, e.fingerprint, e.dimension FROM state s LEFT JOIN encoders e ON e.number = s.encoder"
        ).fetchone()
        encoder = None if row[5] is None else StoredEncoder(*row[5:])
        return ArchiveState(row[0], row[1], row[2], encoder, row[3], row[4])

    def article(self, article_id: str) -> Article | None:
        row = self._connection.execute(
            f"SELECT {_ARTICLE_COLUMNS} FROM {_ARTICLES} WHERE a.id = ?", (sought(article_id),)
        ).fetchone()
        return None if row is None else _article(row)

    def article_by_number(self, number: int) -> Article | None:
        row = self._connection.execute(
            f"SELECT {_ARTICLE_COLUMNS} FROM {_ARTICLES} WHERE a.number = ?", (number,)
        ).fetchone()
        return None if row is None else _article(row)

    def articles(self, filters: Filters | None = None) -> Iterator[Article]:
        """In the order they were added."""
        condition, values = _condition(filters)
        rows = self._connection.execute(
            f"SELECT {_ARTICLE_COLUMNS} FROM {_ARTICLES} WHERE {condition} ORDER BY a.number", values
        )
        return (_article(row) for row in rows)

    def summaries(
        self, filters: Filters | None = None, *, offset: int = 0, limit: int | None = None
    ) -> list[ArticleSummary]:
        """In the order they were added, from the `offset` on, at most `limit`; reads no text."""
        condition, values = _condition(filters)
        rows = self._connection.execute(
            f"SELECT {_SUMMARY_COLUMNS} FROM articles a WHERE {condition} ORDER BY number LIMIT ? OFFSET ?",
            (*values, -1 if limit is None else limit, offset),
        )
        return [_summary(row) for row in rows]

    def summaries_where(
        self, condition: str, values: Sequence[object], order: str, *, offset: int, limit: int
    ) -> list[ArticleSummary]:
        """Those that a condition on `articles` holds for, with its values, in an order of the caller's own."""
        rows = self._connection.execute(
            f"SELECT {_SUMMARY_COLUMNS} FROM articles WHERE {condition} ORDER BY {order} LIMIT ? OFFSET ?",
            (*values, limit, offset),
        )
        return [_summary(row) for row in rows]

    def latest(self, limit: int) -> list[ArticleSummary]:
        """The articles last published, at most so many, the newest first; of one day, in the order they were added."""
        return self.summaries_where("published IS NOT NULL", (), "published DESC, number", offset=0, limit=limit)

    def has_file_in(self, folder: str) -> bool:
        """Whether an article came from a file of its own somewhere below the folder."""
        below = f"{folder}{os.sep}"
        # The files that begin so, as one range of their index: the last is before the next character's first.
        after = f"{folder}{chr(ord(os.sep) + 1)}"
        rows = self._connection.execute("SELECT 1 FROM articles WHERE file > ? AND file < ? LIMIT 1", (below, after))
        return rows.fetchone() is not None

    def article_count(self, filters: Filters | None = None) -> int:
        """How many articles pass the filters."""
        condition, values = _condition(filters)
        return int(self._connection.execute(f"SELECT count(*) FROM articles a WHERE {condition}", values).fetchone()[0])

    def counts(self) -> tuple[int, int]:
        """How many articles and chunks there are."""
        articles, chunks = self._connection.execute(
            "SELECT (SELECT count(*) FROM articles), (SELECT count(*) FROM chunks)"
        ).fetchone()
        return int(articles), int(chunks)

    def near_copy_count(self) -> int:
        """How many articles are near copies of another."""
        return int(self._connection.execute("SELECT count(copy_group) FROM articles").fetchone()[0])

    def first_and_last_published(self) -> tuple[date | None, date | None]:
        first, last = self._connection.execute(
            "SELECT (SELECT min(published) FROM articles), (SELECT max(published) FROM articles)"  # each by its index
        ).fetchone()
        return _date(first), _date(last)

    def article_count_by(self, column: Literal["language", "source"]) -> dict[str | None, int]:
        """Articles for each language or outlet, the most first; None where they don't say."""
        rows = self._connection.execute(
            f"SELECT {column}, count(*) FROM articles GROUP BY {column} ORDER BY count(*) DESC, {column}"
        )
        return dict(rows)

    def chunks(self, chunk_ids: Iterable[int]) -> dict[int, Chunk]:
        """The chunks by id; ids that are not in this state are left out. Chunks of one article share it."""
        rows = self._connection.execute(
            f"SELECT c.id, c.article, c.position, c.start, c.end, {_ARTICLE_COLUMNS} FROM chunks c "
            f"JOIN articles a ON a.number = c.article JOIN texts t ON t.article = a.number WHERE c.id IN {LISTED}",
            (listed(chunk_ids),),
        )
        articles: dict[int, Article] = {}
        found: dict[int, Chunk] = {}
        for id_, number, position, start, end, *columns in rows:
            article = articles.get(number) or articles.setdefault(number, _article(columns))
            found[id_] = Chunk(article, position, start, end)
        return found

    def places(self, chunk_ids: Iterable[int]) -> list[ChunkPlace]:
        """Where these chunks lie, in no order; ids that are not in this state are left out."""
        rows = self._connection.execute(
            "SELECT c.id, a.id, c.position, c.start, c.end, a.language, a.published FROM chunks c "
            f"JOIN articles a ON a.number = c.article WHERE c.id IN {LISTED}",
            (listed(chunk_ids),),
        )
        return [
            ChunkPlace(id_, article_id, position, start, end, language, _date(published))
            for id_, article_id, position, start, end, language, published in rows
        ]

    def articles_by_id(self, article_ids: Iterable[str]) -> dict[str, Article]:
        """The articles with these ids; unknown ids are left out."""
        rows = self._connection.execute(
            f"SELECT {_ARTICLE_COLUMNS} FROM {_ARTICLES} WHERE a.id IN {LISTED}", (json.dumps(list(article_ids)),)
        )
        return {article.id: article for article in map(_article, rows)}

    def chunk_ids(self, filters: Filters | None = None, *, limit: int = -1) -> NDArray[np.int64]:
        """Ids of all chunks, or of those whose article passes the filters, ascending.

        With a `limit`, so many of them at most, whichever are found first.
        """
        condition, values = _condition(filters)
        source = "chunks c" if condition == "1" else "articles a JOIN chunks c ON c.article = a.number"
        rows = self._connection.execute(f"SELECT c.id FROM {source} WHERE {condition} LIMIT ?", [*values, limit])
        return np.sort(np.fromiter((row[0] for row in rows), np.int64))

    def passing_chunk_ids(self, chunk_ids: Iterable[int], filters: Filters | None = None) -> set[int]:
        """Those of the ids that are in this state, and whose article passes the filters."""
        condition, values = _condition(filters)
        source = "chunks c" if condition == "1" else "chunks c JOIN articles a ON a.number = c.article"
        rows = self._connection.execute(
            f"SELECT c.id FROM {source} WHERE c.id IN {LISTED} AND {condition}", (listed(chunk_ids), *values)
        )
        return {row[0] for row in rows}

    def chunk_batches(self, chunk_ids: NDArray[np.int64], size: int) -> Iterator[dict[int, Chunk]]:
        """The chunks with these ids, in order, so many at a time."""
        for start in range(0, len(chunk_ids), size):
            yield self.chunks(chunk_ids[start : start + size].tolist())

    def vectors(self, encoder: StoredEncoder, chunk_ids: Sequence[int]) -> dict[int, NDArray[np.float32]]:
        """The vectors (dimension,) of these chunks by id, where there are any."""
        rows = self._connection.execute(
            f"SELECT chunk, vector FROM vectors WHERE encoder = ? AND chunk IN {LISTED}",
            (encoder.number, listed(chunk_ids)),
        )
        return {chunk: np.frombuffer(blob, "<f2").astype(np.float32) for chunk, blob in rows}

    def vector_batches(
        self, encoder: StoredEncoder, size: int
    ) -> Iterator[tuple[NDArray[np.int64], NDArray[np.float32]]]:
        """All chunks' ids (n,) and vectors (n, dimension), so many at a time, in the order they are stored in."""
        cursor = self._connection.execute("SELECT chunk, vector FROM vectors WHERE encoder = ?", (encoder.number,))
        while rows := cursor.fetchmany(size):
            joined = b"".join(vector for _, vector in rows)
            vectors = np.frombuffer(joined, "<f2").reshape(len(rows), encoder.dimension)
            yield np.array([chunk for chunk, _ in rows], np.int64), vectors.astype(np.float32)

    def kept_sentences(
        self, encoder: StoredEncoder, article: Article, start: int, end: int
    ) -> list[tuple[int, bytes | None]]:
        """Of the article's chunks between two places in its text: where each begins, and what is kept of its sentences.

        None where nothing is; no chunks where the article is another by now. Of a format that has them.
        """
        rows = self._connection.execute(
            "SELECT c.start, s.kept FROM articles a JOIN chunks c ON c.article = a.number "
            "LEFT JOIN sentences s ON s.chunk = c.id AND s.encoder = ? "
            "WHERE a.id = ? AND a.characters = ? AND c.start >= ? AND c.end <= ? ORDER BY c.position",
            (encoder.number, article.id, len(article.text), start, end),
        )
        return rows.fetchall()

    def all_kept_sentences(self, encoder: StoredEncoder) -> Iterator[tuple[int, bytes]]:
        """Each chunk's id and what is kept of its sentences, where anything is."""
        if not self._keeps_sentences():
            return iter(())
        return iter(self._connection.execute("SELECT chunk, kept FROM sentences WHERE encoder = ?", (encoder.number,)))

    def chunk_ids_without_sentences(self, encoder: StoredEncoder) -> NDArray[np.int64]:
        """Ids of the chunks of whose sentences nothing by this encoder is kept, ascending."""
        if not self._keeps_sentences():
            return self.chunk_ids()
        rows = self._connection.execute(
            "SELECT id FROM chunks EXCEPT SELECT chunk FROM sentences WHERE encoder = ? ORDER BY 1", (encoder.number,)
        )
        return np.fromiter((row[0] for row in rows), np.int64)

    def count_with_sentences(self, encoder: StoredEncoder) -> int:
        """Of how many chunks something by this encoder is kept of the sentences."""
        if not self._keeps_sentences():
            return 0
        counted = self._connection.execute("SELECT count(*) FROM sentences WHERE encoder = ?", (encoder.number,))
        return int(counted.fetchone()[0])

    def _keeps_sentences(self) -> bool:
        return self.state().format >= FORMAT_WITH_SENTENCES

    def chunk_ids_without_vector(self, encoder: StoredEncoder) -> NDArray[np.int64]:
        """Ids of the chunks that have no vector, or one of a wrong length, by this encoder."""
        rows = self._connection.execute(
            "SELECT c.id FROM chunks c LEFT JOIN vectors v ON v.chunk = c.id AND v.encoder = ? "
            "WHERE v.vector IS NULL OR length(v.vector) != ? ORDER BY c.id",
            (encoder.number, 2 * encoder.dimension),
        )
        return np.fromiter((row[0] for row in rows), np.int64)

    def same_articles(self, article: Article, file: str | None) -> list[StoredArticle]:
        """The articles that this one stands for: of its id, and of its file if given; for a new id, of its URL."""
        rows = self._connection.execute(
            "SELECT number, id, path, content_hash FROM articles WHERE id = ? OR file = ? OR "
            "(url = ? AND NOT EXISTS (SELECT 1 FROM articles WHERE id = ?)) ORDER BY number",
            (article.id, file, article.url, article.id),
        )
        return [StoredArticle(*row) for row in rows]

    def numbers(self, article_ids: Iterable[str]) -> dict[str, int]:
        """The numbers of the articles with these ids; unknown ids are left out."""
        rows = self._connection.execute(
            f"SELECT id, number FROM articles WHERE id IN {LISTED}", (json.dumps(list(article_ids)),)
        )
        return dict(rows)

    def copies(self, article_ids: Iterable[str]) -> dict[str, tuple[Article, ...]]:
        """The near copies of each of these articles, itself left out, by id."""
        asked = self._connection.execute(
            f"SELECT id, copy_group FROM articles WHERE copy_group IS NOT NULL AND id IN {LISTED}",
            (json.dumps(list(article_ids)),),
        ).fetchall()
        rows = self._connection.execute(
            f"SELECT a.copy_group, {_ARTICLE_COLUMNS} FROM {_ARTICLES} WHERE a.copy_group IN {LISTED} ORDER BY a.id",
            (json.dumps(sorted({group for _, group in asked})),),
        )
        members: dict[str, list[Article]] = {}
        for group, *columns in rows:
            members.setdefault(group, []).append(_article(columns))
        return {id_: tuple(copy for copy in members[group] if copy.id != id_) for id_, group in asked}

    def texts_with_key(self, keys: Sequence[int]) -> dict[int, str]:
        """Texts by article number, of the articles that share one of these near-copy keys."""
        rows = self._connection.execute(
            "SELECT article, text FROM texts "
            f"WHERE article IN (SELECT article FROM near_copy_keys WHERE key IN {LISTED})",
            (listed(keys),),
        )
        return dict(rows)

    def twins(self, numbers: Iterable[int]) -> dict[int, list[int]]:
        """For each of these articles, the numbers of its verified near copies."""
        rows = self._connection.execute(
            f"SELECT article, twin FROM near_copies WHERE article IN {LISTED} ORDER BY article, twin",
            (listed(numbers),),
        )
        found: dict[int, list[int]] = {}
        for article, twin in rows:
            found.setdefault(article, []).append(twin)
        return found

    def define(self, name: str, count: int, function: Callable[..., Any]) -> None:
        """Lets statements of the caller's own call a function of so many arguments, that depends on nothing else."""
        self._connection.create_function(name, count, function, deterministic=True)

    def ids_beginning(self, start: str) -> list[str]:
        """The ids that begin so, ascending."""
        first = sought(start)
        rows = self._connection.execute(
            "SELECT id FROM articles WHERE id >= ? AND id < ? || char(?) ORDER BY id", (first, first, sys.maxunicode)
        )
        return [id_ for (id_,) in rows]

    def query(self, statement: str, *values: object) -> list[tuple[Any, ...]]:
        """Rows of a statement of the caller's own, for counts and checks."""
        return self._connection.execute(statement, values).fetchall()


def _article(row: Sequence[object]) -> Article:
    id_, title, text, url, source, authors, published, language, path = row
    return Article(
        id=str(id_),
        title=str(title),
        text=str(text),
        url=_text(url),
        source=_text(source),
        authors=tuple(json.loads(str(authors))),
        published=_date(published),
        language=_text(language),
        path=_text(path),
    )


def _summary(row: Sequence[Any]) -> ArticleSummary:
    id_, title, url, source, authors, published, *rest = row
    return ArticleSummary(id_, title, url, source, tuple(json.loads(authors)), _date(published), *rest)


def _text(value: object) -> str | None:
    return None if value is None else str(value)


def _date(value: object) -> date | None:
    return None if value is None else date.fromisoformat(str(value))


def listed(numbers: Iterable[int]) -> str:
    """Numbers as the one value that a statement with `LISTED` takes, however many they are."""
    return json.dumps([int(number) for number in numbers])


def sought(words: str) -> str:
    """What SQLite is asked for: halves of characters (lone surrogates) are none, and nothing that is stored has any."""
    return words.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def source_key(source: str | None) -> str | None:
    """Outlets are compared without regard to case and spacing."""
    return None if source is None else " ".join(source.casefold().split())


def _condition(filters: Filters | None) -> tuple[str, list[str]]:
    """A condition on `articles a` and its values."""
    if filters is None:
        return "1", []
    asked = {
        "a.language = ?": None if filters.language is None else sought(filters.language),
        "a.source_key = ?": None if filters.source is None else source_key(sought(filters.source)),
        "a.published >= ?": filters.since.isoformat() if filters.since else None,
        "a.published <= ?": filters.until.isoformat() if filters.until else None,
    }
    kept = {condition: value for condition, value in asked.items() if value is not None}
    return " AND ".join(kept) or "1", list(kept.values())

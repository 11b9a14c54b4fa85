"""What can be changed in an archive's SQLite file inside one transaction, and the tables it consists of."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from rag.records import Article, Chunk
from rag.store_view import LISTED, ArchiveState, StoredEncoder, StoreView, listed, source_key

__all__ = ["APPLICATION_ID", "FORMAT", "StoreWriter", "content_hash", "next_state"]

# 2: what is kept of sentences. Archives of format 1 are read as they are, and made 2 by who writes to them.
FORMAT = 2
# «Gzt1», in the header of the SQLite file: says that it is ours.
APPLICATION_ID = 0x477A7431

_SCHEMA = """
CREATE TABLE encoders (
    number INTEGER PRIMARY KEY, name TEXT NOT NULL, fingerprint TEXT NOT NULL UNIQUE, dimension INTEGER NOT NULL
);
CREATE TABLE state (
    only_row INTEGER PRIMARY KEY CHECK (only_row = 1),
    format INTEGER NOT NULL,
    generation INTEGER NOT NULL,
    wanted_encoder TEXT,
    encoder INTEGER REFERENCES encoders,
    dense_file TEXT,
    lexical_folder TEXT
);
CREATE TABLE articles (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    title TEXT NOT NULL,
    url TEXT,
    source TEXT,
    source_key TEXT,
    authors TEXT NOT NULL,
    published TEXT,
    language TEXT,
    path TEXT,
    file TEXT,
    characters INTEGER NOT NULL,
    content_hash TEXT NOT NULL,
    copy_group TEXT
);
CREATE INDEX articles_by_url ON articles (url);
CREATE INDEX articles_by_file ON articles (file);
CREATE INDEX articles_by_copy_group ON articles (copy_group);
CREATE INDEX articles_by_language ON articles (language);
CREATE INDEX articles_by_source_key ON articles (source_key);
CREATE INDEX articles_by_published ON articles (published);
CREATE TABLE texts (
    article INTEGER PRIMARY KEY REFERENCES articles ON DELETE CASCADE, text TEXT NOT NULL
);
CREATE TABLE chunks (
    id INTEGER PRIMARY KEY,
    article INTEGER NOT NULL REFERENCES articles ON DELETE CASCADE,
    position INTEGER NOT NULL,
    start INTEGER NOT NULL,
    end INTEGER NOT NULL,
    UNIQUE (article, position)
);
CREATE TABLE vectors (
    chunk INTEGER NOT NULL REFERENCES chunks ON DELETE CASCADE,
    encoder INTEGER NOT NULL REFERENCES encoders,
    vector BLOB NOT NULL,
    PRIMARY KEY (chunk, encoder)
);
CREATE TABLE near_copy_keys (
    key INTEGER NOT NULL, article INTEGER NOT NULL REFERENCES articles ON DELETE CASCADE, PRIMARY KEY (key, article)
) WITHOUT ROWID;
CREATE INDEX near_copy_keys_by_article ON near_copy_keys (article);
CREATE TABLE near_copies (
    article INTEGER NOT NULL REFERENCES articles ON DELETE CASCADE,
    twin INTEGER NOT NULL REFERENCES articles ON DELETE CASCADE,
    PRIMARY KEY (article, twin)
) WITHOUT ROWID;
CREATE INDEX near_copies_by_twin ON near_copies (twin);
"""
# What came with format 2.
_SENTENCES = """CREATE TABLE sentences (
    chunk INTEGER NOT NULL REFERENCES chunks ON DELETE CASCADE,
    encoder INTEGER NOT NULL REFERENCES encoders,
    kept BLOB NOT NULL,
    PRIMARY KEY (chunk, encoder)
)"""


def content_hash(article: Article) -> str:
    """Changes when anything but the path does: a moved file is the same article."""
    fields = (
        article.id,
        article.title,
        article.text,
        article.url,
        article.source,
        article.authors,
        article.published.isoformat() if article.published else None,
        article.language,
    )
    return hashlib.blake2b(json.dumps(fields).encode(), digest_size=16).hexdigest()


class StoreWriter(StoreView):
    """What can be changed inside one transaction, by the holder of the write lock."""

    def create(self, wanted_encoder: str | None) -> None:
        """Makes the tables unless they are there."""
        if self.query("SELECT name FROM sqlite_master"):
            return
        # Not executescript, which would commit on the way.
        for statement in (*_SCHEMA.split(";"), _SENTENCES):
            self._connection.execute(statement)
        self._connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        self._connection.execute(
            "INSERT INTO state (only_row, format, generation, wanted_encoder) VALUES (1, ?, 0, ?)",
            (FORMAT, wanted_encoder),
        )

    def upgrade(self) -> None:
        """Gives an archive of an earlier format what it lacks of this one."""
        if self.state().format < FORMAT:
            self._connection.execute(_SENTENCES)
            self._connection.execute("UPDATE state SET format = ?", (FORMAT,))

    def set_state(self, state: ArchiveState) -> None:
        self._connection.execute(
            "UPDATE state SET generation = ?, wanted_encoder = ?, encoder = ?, dense_file = ?, lexical_folder = ?",
            (
                state.generation,
                state.wanted_encoder,
                state.encoder.number if state.encoder else None,
                state.dense_file,
                state.lexical_folder,
            ),
        )

    def register_encoder(self, name: str, fingerprint: str, dimension: int) -> StoredEncoder:
        """The stored encoder with this fingerprint, put there if need be; its name is brought up to date."""
        self._connection.execute(
            "INSERT INTO encoders (name, fingerprint, dimension) VALUES (?, ?, ?) "
            "ON CONFLICT (fingerprint) DO UPDATE SET name = excluded.name",
            (name, fingerprint, dimension),
        )
        row = self._connection.execute(
            "SELECT number, name, fingerprint, dimension FROM encoders WHERE fingerprint = ?", (fingerprint,)
        ).fetchone()
        return StoredEncoder(*row)

    def drop_other_encoders(self, kept: StoredEncoder) -> None:
        """Removes every other encoder with its vectors."""
        self._connection.execute("DELETE FROM vectors WHERE encoder != ?", (kept.number,))
        self._connection.execute("DELETE FROM sentences WHERE encoder != ?", (kept.number,))
        self._connection.execute("DELETE FROM encoders WHERE number != ?", (kept.number,))

    def insert_article(self, article: Article, file: str | None) -> int:
        """Adds an article and returns its number."""
        cursor = self._connection.execute(
            "INSERT INTO articles (id, title, url, source, source_key, authors, published, language, path, file, "
            "characters, content_hash) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                article.id,
                article.title,
                article.url,
                article.source,
                source_key(article.source),
                json.dumps(article.authors, ensure_ascii=False),
                article.published.isoformat() if article.published else None,
                article.language,
                article.path,
                file,
                len(article.text),
                content_hash(article),
            ),
        )
        number = int(cursor.lastrowid or 0)
        self._connection.execute("INSERT INTO texts (article, text) VALUES (?, ?)", (number, article.text))
        return number

    def move_article(self, number: int, path: str | None, file: str | None) -> None:
        """Notes where an unchanged article lies now."""
        self._connection.execute("UPDATE articles SET path = ?, file = ? WHERE number = ?", (path, file, number))

    def insert_chunks(self, number: int, chunks: Sequence[Chunk]) -> list[int]:
        """Adds an article's chunks and returns their ids, in order."""
        rows = [(_chunk_id(chunk), number, chunk.position, chunk.start, chunk.end) for chunk in chunks]
        self._connection.executemany(
            "INSERT INTO chunks (id, article, position, start, end) VALUES (?, ?, ?, ?, ?)", rows
        )
        return [id_ for id_, *_ in rows]

    def insert_vectors(self, encoder: StoredEncoder, ids: Sequence[int], vectors: NDArray[np.float32]) -> None:
        """Keeps the vectors (n, dimension) of the chunks `ids` (n,), in half precision as the dense index does."""
        rows = np.asarray(vectors, "<f2")
        self._connection.executemany(
            "INSERT OR REPLACE INTO vectors (chunk, encoder, vector) VALUES (?, ?, ?)",
            ((id_, encoder.number, row.tobytes()) for id_, row in zip(ids, rows, strict=True)),
        )

    def insert_sentences(self, encoder: StoredEncoder, ids: Sequence[int], kept: Sequence[bytes | None]) -> None:
        """Keeps what `rag.kept_sentences` made of the chunks `ids` (n,), where it made anything."""
        self._connection.executemany(
            "INSERT OR REPLACE INTO sentences (chunk, encoder, kept) VALUES (?, ?, ?)",
            ((id_, encoder.number, one) for id_, one in zip(ids, kept, strict=True) if one is not None),
        )

    def delete_articles(self, numbers: Sequence[int]) -> list[int]:
        """Removes articles with all that hangs on them; returns the ids of the chunks that went."""
        rows = self._connection.execute(
            f"SELECT id FROM chunks WHERE article IN {LISTED}", (listed(numbers),)
        ).fetchall()
        self._connection.execute(f"DELETE FROM articles WHERE number IN {LISTED}", (listed(numbers),))
        return [row[0] for row in rows]

    def insert_near_copy_keys(self, number: int, keys: Sequence[int]) -> None:
        self._connection.executemany(
            "INSERT OR IGNORE INTO near_copy_keys (key, article) VALUES (?, ?)", ((key, number) for key in keys)
        )

    def insert_twins(self, number: int, twins: Iterable[int]) -> None:
        """Notes that two articles are near copies, both ways round."""
        pairs = [pair for twin in twins for pair in ((number, twin), (twin, number))]
        self._connection.executemany("INSERT OR IGNORE INTO near_copies (article, twin) VALUES (?, ?)", pairs)

    def set_copy_group(self, numbers: Sequence[int]) -> None:
        """Makes these articles one group, called by the smallest of their ids; one alone is no group."""
        name = None
        if len(numbers) > 1:
            query = f"SELECT min(id) FROM articles WHERE number IN {LISTED}"
            name = self._connection.execute(query, (listed(numbers),)).fetchone()[0]
        self._connection.execute(
            f"UPDATE articles SET copy_group = ? WHERE number IN {LISTED}", (name, listed(numbers))
        )


def next_state(state: ArchiveState, **changes: object) -> ArchiveState:
    """`state` one generation on, with these fields changed."""
    return replace(state, generation=state.generation + 1, **changes)  # type: ignore[arg-type]


def _chunk_id(chunk: Chunk) -> int:
    """A number (63 bits) made of the article's content and the place in it.

    An id that an index still holds of a transaction that was undone can so never stand for anything else, and
    ties between chunks are broken alike in archives of the same content, whatever their history.
    """
    key = f"{content_hash(chunk.article)}/{chunk.position}".encode()
    return int.from_bytes(hashlib.blake2b(key, digest_size=8).digest(), "big") >> 1

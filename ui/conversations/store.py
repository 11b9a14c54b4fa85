"""The file that conversations are kept in: one SQLite file beside the archive, for all who ask it.

Every conversation belongs to somebody, and an id means nothing without whose it is: two readers may have a
conversation under the same id, and neither can tell. Whose is "" belongs to nobody: it was written where nobody is
asked who they are. Every call opens the file anew, so any thread may make it.
"""

from __future__ import annotations

import os
import sqlite3
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from rag.errors import ArchiveError
from rag.words import searchable

__all__ = ["CONVERSATIONS_FILE", "NOBODY", "ConversationStore", "open_store"]

NOBODY = ""
CONVERSATIONS_FILE = "conversations.sqlite3"
_WAIT_SECONDS = 20
_FORMAT = 1
_TABLES = (
    """CREATE TABLE conversations (
        owner TEXT NOT NULL, id TEXT NOT NULL, title TEXT NOT NULL, changed TEXT NOT NULL,
        PRIMARY KEY (owner, id)
    ) STRICT, WITHOUT ROWID""",
    """CREATE TABLE turns (
        owner TEXT NOT NULL, conversation TEXT NOT NULL, position INTEGER NOT NULL,
        turn TEXT NOT NULL,
        words TEXT NOT NULL, -- of question and answer, folded, to be searched
        PRIMARY KEY (owner, conversation, position),
        FOREIGN KEY (owner, conversation) REFERENCES conversations (owner, id) ON UPDATE CASCADE ON DELETE CASCADE
    ) STRICT, WITHOUT ROWID""",
    # A token opens no more than who can read this file reads already, so it is kept as it is.
    """CREATE TABLE shared (
        token TEXT PRIMARY KEY, owner TEXT NOT NULL, conversation TEXT NOT NULL,
        title TEXT NOT NULL, turns TEXT NOT NULL, day TEXT NOT NULL,
        UNIQUE (owner, conversation),
        FOREIGN KEY (owner, conversation) REFERENCES conversations (owner, id) ON UPDATE CASCADE ON DELETE CASCADE
    ) STRICT, WITHOUT ROWID""",
)
# From the time before accounts kept conversations apart.
_FROM_FORMAT_0 = (
    "ALTER TABLE conversations RENAME TO conversations_before",
    "ALTER TABLE turns RENAME TO turns_before",
    *_TABLES,
    "INSERT INTO conversations SELECT '', id, title, changed FROM conversations_before",
    "INSERT INTO turns SELECT '', conversation, position, turn, words FROM turns_before",
    "DROP TABLE turns_before",
    "DROP TABLE conversations_before",
)


class ConversationStore:
    """All conversations in one file, and whether they may be shared. Safe for several threads and processes."""

    def __init__(self, path: Path, *, allows_sharing: bool = False) -> None:
        """Opens the file, makes it, or brings it to today's form. Raises ArchiveError where that can't be done."""
        self.allows_sharing = allows_sharing
        self._path = path
        try:
            with self.opened() as database:
                database.execute("PRAGMA journal_mode = WAL")
            with self.writing() as database:
                _bring_up_to_date(database, path)
        except sqlite3.Error as error:
            raise ArchiveError(f"Conversations can't be kept in '{path}' ({error}): make it writable.") from error

    def counts(self) -> dict[str, int]:
        """How many conversations each owner has, nobody's under `NOBODY`."""
        with self.opened() as database:
            rows = database.execute("SELECT owner, count(*) FROM conversations GROUP BY owner").fetchall()
        return {row[0]: row[1] for row in rows}

    def give(self, owner: str) -> int:
        """Gives the owner all that belong to nobody, but those under an id of their own; how many."""
        with self.writing() as database:
            return database.execute(
                "UPDATE conversations SET owner = ? WHERE owner = ? "
                "AND id NOT IN (SELECT id FROM conversations WHERE owner = ?)",
                (owner, NOBODY, owner),
            ).rowcount

    def forget(self, owner: str) -> int:
        """Forgets all conversations of the owner; how many."""
        with self.writing() as database:
            return database.execute("DELETE FROM conversations WHERE owner = ?", (owner,)).rowcount

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """A connection inside one transaction, which is on the disk when the block has ended."""
        with self.opened() as database:
            database.execute("BEGIN IMMEDIATE")
            try:
                yield database
            except BaseException:
                database.execute("ROLLBACK")
                raise
            database.execute("COMMIT")

    @contextmanager
    def opened(self) -> Iterator[sqlite3.Connection]:
        """A connection to read by."""
        with closing(sqlite3.connect(self._path, timeout=_WAIT_SECONDS, isolation_level=None)) as database:
            database.row_factory = sqlite3.Row
            database.execute("PRAGMA foreign_keys = ON")
            database.execute("PRAGMA secure_delete = ON")
            database.execute("PRAGMA synchronous = FULL")
            database.create_function("searchable", 1, searchable, deterministic=True)
            yield database


def open_store(folder: Path, *, allows_sharing: bool = False) -> ConversationStore:
    """The conversations beside the archive; where nothing may be written there, they last as long as the server.

    Raises ArchiveError as `ConversationStore` does.
    """
    try:
        return ConversationStore(folder / CONVERSATIONS_FILE, allows_sharing=allows_sharing)
    except ArchiveError as error:
        if os.access(folder, os.W_OK):
            raise
        sys.stdout.write(f"{error} Until then they last as long as this server.\n")
        passing = Path(tempfile.mkdtemp(prefix="gazette-")) / CONVERSATIONS_FILE
        return ConversationStore(passing, allows_sharing=allows_sharing)


def _bring_up_to_date(database: sqlite3.Connection, path: Path) -> None:
    (found,) = database.execute("PRAGMA user_version").fetchone()
    if found > _FORMAT:
        raise ArchiveError(f"The conversations in '{path}' are of a later Gazette (format {found}): take that one.")
    if found == _FORMAT:
        return
    is_there = database.execute("SELECT 1 FROM sqlite_master WHERE name = 'conversations'").fetchone()
    for statement in _FROM_FORMAT_0 if is_there else _TABLES:
        database.execute(statement)
    database.execute(f"PRAGMA user_version = {_FORMAT}")

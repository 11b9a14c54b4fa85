"""The truth of an archive: one SQLite file with the articles, where their chunks lie, and every vector.

The two indexes hold nothing that can't be built again from here. `ArchiveState` names the index files that
belong to this very content, and is written in the transaction that changes the content; `generation` goes up
by one with each. A reader works inside one transaction and so sees one state from beginning to end.
"""

from __future__ import annotations

import os
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from rag.errors import ArchiveError
from rag.store_view import StoreView
from rag.store_writer import APPLICATION_ID, FORMAT, StoreWriter

__all__ = ["STORE_FILE", "Store"]

STORE_FILE = "gazette.db"
# A writer's commits take milliseconds; SQLite's own repairs after a crash may take longer.
BUSY_SECONDS = 60.0


class Store:
    """The SQLite file of an archive, for any number of threads.

    Connections are kept in a pool and lent to one thread at a time. Where the folder can't be written to and
    no writer has it open, the file is read as it lies, without SQLite's own lock files.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._idle: list[tuple[sqlite3.Connection, object]] = []
        self._guard = threading.Lock()

    @property
    def path(self) -> Path:
        return self._path

    def create(self, wanted_encoder: str | None) -> None:
        """Makes the empty store, whole or not at all; one that is there already is left alone."""
        self._path.touch()
        with self._connection() as connection:
            connection.execute("PRAGMA journal_mode = WAL")  # the file keeps it
        with self.write() as writer:
            writer.create(wanted_encoder)

    def require_ours(self) -> None:
        """Raises `ArchiveError` unless the file is a store, of a format that this version reads."""
        with self._connection() as connection:
            if connection.execute("PRAGMA application_id").fetchone()[0] != APPLICATION_ID:
                raise ArchiveError(f"'{self._path}' is not a Gazette archive: give another folder.")
            found = int(connection.execute("SELECT format FROM state").fetchone()[0])
        if found > FORMAT:
            raise ArchiveError(
                f"The archive '{self._path.parent}' has format {found}, this version of Gazette reads up to {FORMAT}: "
                "upgrade with `pip install --upgrade gazette`."
            )

    def is_made(self) -> bool:
        """Whether the file is there and holds something; a writer killed while making it leaves it empty."""
        if not self._path.exists():
            return False
        with self._connection() as connection:
            return bool(connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0])

    @contextmanager
    def read(self) -> Iterator[StoreView]:
        """One state of the archive, the same to the end of the block, whatever writers do."""
        with self._connection() as connection:
            connection.execute("BEGIN")
            try:
                yield StoreView(connection)
            finally:
                connection.execute("ROLLBACK")

    @contextmanager
    def write(self) -> Iterator[StoreWriter]:
        """A transaction: on disk when the block ends, undone when it raises. For the holder of the lock."""
        with self._connection() as connection:
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield StoreWriter(connection)
            except BaseException:
                connection.execute("ROLLBACK")
                raise
            connection.execute("COMMIT")

    def close(self) -> None:
        """Closes the connections that no thread uses."""
        with self._guard:
            idle, self._idle = self._idle, []
        for connection, _ in idle:
            connection.close()

    @contextmanager
    def _connection(self) -> Iterator[sqlite3.Connection]:
        mode = self._mode()
        try:
            connection = self._take(mode) or self._connect(mode)
            try:
                yield connection
            except BaseException:
                connection.close()
                raise
            with self._guard:
                self._idle.append((connection, mode))
        except (sqlite3.IntegrityError, sqlite3.ProgrammingError):
            raise  # a fault of ours, not of the file
        except sqlite3.DatabaseError as error:
            raise ArchiveError(
                f"The archive's file '{self._path}' can't be used ({error}): if the disk is full, free some space; if "
                "the file is damaged, bring it back from a backup or add the articles to a new archive."
            ) from error

    def _take(self, mode: object) -> sqlite3.Connection | None:
        """An idle connection of the same mode; those of another are closed."""
        with self._guard:
            fitting = [pair for pair in self._idle if pair[1] == mode]
            outdated = [pair for pair in self._idle if pair[1] != mode]
            self._idle = fitting[1:]
        for connection, _ in outdated:
            connection.close()
        return fitting[0][0] if fitting else None

    def _mode(self) -> tuple[str, object]:
        """SQLite's option for opening the file, and what must not have changed for a connection to be used again."""
        try:
            found = self._path.stat()
        except OSError as error:
            raise ArchiveError(f"There is no archive in '{self._path.parent}' ({error.strerror}).") from error
        if os.access(self._path.parent, os.W_OK) and os.access(self._path, os.W_OK):
            return "mode=rw", found.st_ino
        if Path(f"{self._path}-wal").exists():
            return "mode=ro", found.st_ino
        return "immutable=1", (found.st_mtime_ns, found.st_size, found.st_ino)

    def _connect(self, mode: tuple[str, object]) -> sqlite3.Connection:
        connection = sqlite3.connect(
            f"{self._path.absolute().as_uri()}?{mode[0]}",
            uri=True,
            timeout=BUSY_SECONDS,
            isolation_level=None,
            check_same_thread=False,
        )
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA foreign_keys = ON")
        return connection

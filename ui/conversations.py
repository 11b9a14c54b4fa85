"""Conversations kept on the server, in one SQLite file: what was asked and answered survives tabs and restarts.

A turn is kept as soon as it is asked, as one that was stopped, and again when it has ended: whatever happens in
between, its question is not lost. Every call opens the file anew, so any thread may make it.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from rag.errors import ArchiveError
from rag.words import fold, normalise
from ui.conversation import Turn
from ui.feedback import Feedback, with_feedback
from ui.markup import cut, seen_only
from ui.turn_records import turn_from_json, turn_to_json

__all__ = ["ConversationStore", "KeptConversation", "is_conversation_id"]

_TITLE_CHARACTERS = 100
_WAIT_SECONDS = 20
_SCHEMA = """
CREATE TABLE IF NOT EXISTS conversations (
    id TEXT PRIMARY KEY, title TEXT NOT NULL, changed TEXT NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS turns (
    conversation TEXT NOT NULL REFERENCES conversations (id) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    turn TEXT NOT NULL,
    words TEXT NOT NULL, -- of question and answer, folded, to be searched
    PRIMARY KEY (conversation, position)
) STRICT, WITHOUT ROWID;
"""


@dataclass(frozen=True, slots=True)
class KeptConversation:
    """A conversation in the list: `changed` is when its last turn was asked or ended."""

    id: str
    title: str
    changed: datetime
    turn_count: int


def is_conversation_id(written: object) -> bool:
    """Whether it is one that the page makes: 128 random bits that nobody guesses."""
    return isinstance(written, str) and re.fullmatch("[0-9a-f]{32}", written) is not None


class ConversationStore:
    """The conversations in one file. Safe to use from several threads and processes."""

    def __init__(self, path: Path) -> None:
        """Opens the file, or makes it. Raises ArchiveError where that can't be done."""
        self._path = path
        try:
            with self._opened() as database:
                database.execute("PRAGMA journal_mode = WAL")
                database.executescript(_SCHEMA)
        except sqlite3.Error as error:
            raise ArchiveError(f"Conversations can't be kept in '{path}' ({error}): make it writable.") from error

    def append(self, conversation: str, turn: Turn) -> int:
        """Keeps a turn that is about to be answered at the end of its conversation; its position, from 0.

        The first one makes the conversation, under its question as the title.
        """
        with self._writing() as database:
            database.execute(
                "INSERT INTO conversations VALUES (?, ?, '') ON CONFLICT (id) DO NOTHING",
                (conversation, _title(turn.question)),
            )
            (position,) = database.execute(
                "SELECT coalesce(max(position) + 1, 0) FROM turns WHERE conversation = ?", (conversation,)
            ).fetchone()
            self._put(database, conversation, position, turn)
        return int(position)

    def put(self, conversation: str, position: int, turn: Turn) -> None:
        """Keeps what has become of the turn at `position`; nothing where the conversation was deleted meanwhile."""
        with self._writing() as database:
            if database.execute("SELECT 1 FROM conversations WHERE id = ?", (conversation,)).fetchone():
                self._put(database, conversation, position, turn)

    def judge(self, conversation: str, position: int, said: Feedback) -> bool:
        """Keeps what a reader says of the answer at `position`; whether there is one, and the citation meant."""
        with self._writing() as database:
            row = database.execute(
                "SELECT turn FROM turns WHERE conversation = ? AND position = ?", (conversation, position)
            ).fetchone()
            turn = turn_from_json(row["turn"]) if row else None
            if turn is None or turn.answer is None:
                return False
            if said.citation and said.citation not in {citation.number for citation in turn.answer.citations}:
                return False
            judged = replace(turn, feedback=with_feedback(turn.feedback, said))
            database.execute(
                "UPDATE turns SET turn = ? WHERE conversation = ? AND position = ?",
                (turn_to_json(judged), conversation, position),
            )
        return True

    def turns(self, conversation: str) -> tuple[Turn, ...]:
        """The turns of a conversation, oldest first; none of one that is not there."""
        with self._opened() as database:
            rows = database.execute(
                "SELECT turn FROM turns WHERE conversation = ? ORDER BY position", (conversation,)
            ).fetchall()
        return tuple(turn_from_json(row["turn"]) for row in rows)

    def title(self, conversation: str) -> str | None:
        """The conversation's title, or None where it is not there."""
        with self._opened() as database:
            row = database.execute("SELECT title FROM conversations WHERE id = ?", (conversation,)).fetchone()
        return str(row["title"]) if row else None

    def list(self, words: str = "") -> Sequence[KeptConversation]:
        """The conversations whose title, questions or answers hold all the words, the last one changed first."""
        conditions = ["1"]
        wanted = _searchable(words).split()
        for _ in wanted:
            conditions.append(
                "(instr(searchable(title), ?) OR EXISTS (SELECT 1 FROM turns WHERE conversation = id "
                "AND instr(words, ?)))"
            )
        with self._opened() as database:
            rows = database.execute(
                "SELECT id, title, changed, (SELECT count(*) FROM turns WHERE conversation = id) AS turn_count "
                f"FROM conversations WHERE {' AND '.join(conditions)} ORDER BY changed DESC, id",
                [word for word in wanted for _ in range(2)],
            ).fetchall()
        return [
            KeptConversation(row["id"], row["title"], datetime.fromisoformat(row["changed"]), row["turn_count"])
            for row in rows
        ]

    def rename(self, conversation: str, title: str) -> bool:
        """Gives it another title, unless that is empty; whether it is there."""
        with self._writing() as database:
            return bool(
                database.execute(
                    "UPDATE conversations SET title = coalesce(nullif(?, ''), title) WHERE id = ?",
                    (_title(title), conversation),
                ).rowcount
            )

    def delete(self, conversation: str) -> bool:
        """Forgets it and every turn of it; whether it was there."""
        with self._writing() as database:
            return bool(database.execute("DELETE FROM conversations WHERE id = ?", (conversation,)).rowcount)

    def _put(self, database: sqlite3.Connection, conversation: str, position: int, turn: Turn) -> None:
        kept = turn if turn.has_ended else replace(turn, state="stopped")
        words = _searchable(f"{turn.question} {turn.text}")
        database.execute(
            "INSERT OR REPLACE INTO turns VALUES (?, ?, ?, ?)", (conversation, position, turn_to_json(kept), words)
        )
        now = datetime.now(UTC).isoformat()
        database.execute("UPDATE conversations SET changed = ? WHERE id = ?", (now, conversation))

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        with self._opened() as database:
            database.execute("BEGIN IMMEDIATE")
            try:
                yield database
            except BaseException:
                database.execute("ROLLBACK")
                raise
            database.execute("COMMIT")

    @contextmanager
    def _opened(self) -> Iterator[sqlite3.Connection]:
        with closing(sqlite3.connect(self._path, timeout=_WAIT_SECONDS, isolation_level=None)) as database:
            database.row_factory = sqlite3.Row
            database.execute("PRAGMA foreign_keys = ON")
            database.execute("PRAGMA secure_delete = ON")
            database.create_function("searchable", 1, _searchable, deterministic=True)
            yield database


def _searchable(words: str) -> str:
    return fold(normalise(seen_only(words)))


def _title(words: str) -> str:
    return cut(" ".join(seen_only(words).split()), _TITLE_CHARACTERS)

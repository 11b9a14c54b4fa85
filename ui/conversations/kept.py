"""The conversations of one reader, and of nobody else: kept, listed, searched, renamed, judged, shared, deleted.

A turn is kept as soon as it is asked, as one that was stopped, and again when it has ended: whatever happens in
between, its question is not lost. An id that is another reader's is an unknown one here.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime

from rag.words import searchable, seen_only
from ui.conversations.feedback import Feedback, with_feedback
from ui.conversations.store import ConversationStore
from ui.conversations.turn_records import turn_from_json, turn_to_json
from ui.conversations.turns import Turn
from ui.rendering.markup import cut

__all__ = ["CONVERSATION_ID", "Kept", "KeptConversation", "OwnConversations", "SharedLink", "is_conversation_id"]

# 128 random bits that nobody guesses, made by whoever begins the conversation.
CONVERSATION_ID = "[0-9a-f]{32}"
_TITLE_CHARACTERS = 100
_OF_ONE = "WHERE owner = ? AND conversation = ?"


@dataclass(frozen=True, slots=True)
class SharedLink:
    """Where a conversation can be read by whoever knows the address, as it was on that day."""

    address: str
    day: date


@dataclass(frozen=True, slots=True)
class KeptConversation:
    """A conversation in the list: `changed` is when its last turn was asked or ended."""

    id: str
    title: str
    changed: datetime
    turn_count: int
    shared: SharedLink | None = None


@dataclass(frozen=True, slots=True)
class Kept:
    """One page of the conversations asked for, and how many there are in all."""

    total: int
    conversations: tuple[KeptConversation, ...]


def is_conversation_id(written: object) -> bool:
    """Whether it is one that a conversation may be kept under."""
    return isinstance(written, str) and re.fullmatch(CONVERSATION_ID, written) is not None


class OwnConversations:
    """What one owner (`Identity.owner`, or `NOBODY`) has in a store. Safe to use from several threads."""

    def __init__(self, store: ConversationStore, owner: str) -> None:
        self._store = store
        self._owner = owner

    def append(self, conversation: str, turn: Turn) -> int:
        """Keeps a turn that is about to be answered at the end of its conversation; its position, from 0.

        The first one makes the conversation, under its question as the title.
        """
        with self._store.writing() as database:
            database.execute(
                "INSERT INTO conversations VALUES (?, ?, ?, '') ON CONFLICT DO NOTHING",
                (self._owner, conversation, _title(turn.question)),
            )
            (position,) = database.execute(
                f"SELECT coalesce(max(position) + 1, 0) FROM turns {_OF_ONE}", (self._owner, conversation)
            ).fetchone()
            self._put(database, conversation, position, turn)
        return int(position)

    def put(self, conversation: str, position: int, turn: Turn) -> None:
        """Keeps what has become of the turn at `position`; nothing where the conversation was deleted meanwhile."""
        with self._store.writing() as database:
            statement = "SELECT 1 FROM conversations WHERE owner = ? AND id = ?"
            if database.execute(statement, (self._owner, conversation)).fetchone():
                self._put(database, conversation, position, turn)

    def judge(self, conversation: str, position: int, said: Feedback) -> bool:
        """Keeps what is said of the answer at `position`; whether there is one, and the citation meant."""
        place = (self._owner, conversation, position)
        with self._store.writing() as database:
            row = database.execute(f"SELECT turn FROM turns {_OF_ONE} AND position = ?", place).fetchone()
            turn = turn_from_json(row["turn"]) if row else None
            if turn is None or turn.answer is None:
                return False
            if said.citation and said.citation not in {citation.number for citation in turn.answer.citations}:
                return False
            judged = replace(turn, feedback=with_feedback(turn.feedback, said))
            database.execute(f"UPDATE turns SET turn = ? {_OF_ONE} AND position = ?", (turn_to_json(judged), *place))
        return True

    def turns(self, conversation: str) -> tuple[Turn, ...]:
        """The turns of a conversation, oldest first; none of one that is not there."""
        with self._store.opened() as database:
            rows = database.execute(
                f"SELECT turn FROM turns {_OF_ONE} ORDER BY position", (self._owner, conversation)
            ).fetchall()
        return tuple(turn_from_json(row["turn"]) for row in rows)

    def find(self, conversation: str) -> KeptConversation | None:
        """The conversation as it is listed, or None where it is not there."""
        found = self._listed("id = ?", [conversation], limit=1)
        return found[0] if found else None

    def list(self, words: str = "", *, limit: int = -1, offset: int = 0) -> Kept:
        """The conversations whose title, questions or answers hold all the words, the last one changed first.

        Of these `limit` at most, all where it is -1, from the one numbered `offset` on, counted from 0.
        """
        wanted = searchable(words).split()
        condition = " AND ".join(
            "(instr(searchable(kept.title), ?) OR EXISTS (SELECT 1 FROM turns WHERE turns.owner = kept.owner "
            "AND turns.conversation = kept.id AND instr(words, ?)))"
            for _ in wanted
        )
        values = [word for word in wanted for _ in range(2)]
        with self._store.opened() as database:
            (total,) = database.execute(
                f"SELECT count(*) FROM conversations AS kept WHERE owner = ? AND {condition or 1}",
                [self._owner, *values],
            ).fetchone()
        return Kept(total, tuple(self._listed(condition or "1", values, limit=limit, offset=offset)))

    def rename(self, conversation: str, title: str) -> bool:
        """Gives it another title, unless that is empty; whether it is there."""
        with self._store.writing() as database:
            return bool(
                database.execute(
                    "UPDATE conversations SET title = coalesce(nullif(?, ''), title) WHERE owner = ? AND id = ?",
                    (_title(title), self._owner, conversation),
                ).rowcount
            )

    def delete(self, conversation: str) -> bool:
        """Forgets it, every turn of it and what was shared of it; whether it was there."""
        with self._store.writing() as database:
            return bool(
                database.execute(
                    "DELETE FROM conversations WHERE owner = ? AND id = ?", (self._owner, conversation)
                ).rowcount
            )

    def _listed(
        self, condition: str, values: Sequence[str], *, limit: int, offset: int = 0
    ) -> Sequence[KeptConversation]:
        with self._store.opened() as database:
            rows = database.execute(
                "SELECT id, kept.title, changed, token, day, (SELECT count(*) FROM turns "
                "WHERE turns.owner = kept.owner AND turns.conversation = kept.id) AS turn_count "
                "FROM conversations AS kept LEFT JOIN shared ON shared.owner = kept.owner "
                f"AND shared.conversation = kept.id WHERE kept.owner = ? AND {condition} "
                "ORDER BY changed DESC, id LIMIT ? OFFSET ?",
                [self._owner, *values, limit, offset],
            ).fetchall()
        return [_kept(row) for row in rows]

    def _put(self, database: sqlite3.Connection, conversation: str, position: int, turn: Turn) -> None:
        kept = turn if turn.has_ended else replace(turn, state="stopped")
        words = searchable(f"{turn.question} {turn.text}")
        database.execute(
            "INSERT OR REPLACE INTO turns VALUES (?, ?, ?, ?, ?)",
            (self._owner, conversation, position, turn_to_json(kept), words),
        )
        now = datetime.now(UTC).isoformat()
        database.execute(
            "UPDATE conversations SET changed = ? WHERE owner = ? AND id = ?", (now, self._owner, conversation)
        )


def _kept(row: sqlite3.Row) -> KeptConversation:
    shared = SharedLink(f"/shared/{row['token']}", date.fromisoformat(row["day"])) if row["token"] else None
    return KeptConversation(row["id"], row["title"], datetime.fromisoformat(row["changed"]), row["turn_count"], shared)


def _title(words: str) -> str:
    return cut(" ".join(seen_only(words).split()), _TITLE_CHARACTERS)

"""A conversation is shared by a link: whoever knows it reads the conversation as it stood when it was shared.

What is asked later is not in it, nor what its reader said of the answers: nobody hands out by accident what they
ask tomorrow. Sharing again brings the same link up to date; a link that is taken back never comes back, since the
next one has another token.
"""

from __future__ import annotations

import json
import secrets
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime

from rag.errors import GazetteError
from ui.conversations.kept import SharedLink
from ui.conversations.store import ConversationStore
from ui.conversations.turn_records import turn_from_json, turn_to_json
from ui.conversations.turns import Turn

__all__ = ["SHARED_PATH", "SharedConversation", "SharingOff", "find_shared", "share", "stop_sharing"]

# As `token_urlsafe` writes 32 bytes: 256 random bits that nobody guesses.
SHARED_PATH = r"/shared/[\w-]{43}"
_TOKEN_BYTES = 32


class SharingOff(GazetteError):
    """Whoever runs the server doesn't let conversations be shared."""


@dataclass(frozen=True, slots=True)
class SharedConversation:
    """What a link shows, and whose conversation it is of (`Identity.owner`, or `NOBODY`)."""

    owner: str
    title: str
    turns: tuple[Turn, ...]
    day: date


def share(store: ConversationStore, owner: str, conversation: str) -> SharedLink | None:
    """The link to the conversation as it is now, the one it has already if any; None where there is no such one.

    Raises SharingOff.
    """
    if not store.allows_sharing:
        raise SharingOff("Sharing is off on this server: whoever runs it may start it with --sharing.")
    today = datetime.now(UTC).date()
    with store.writing() as database:
        row = database.execute(
            "SELECT title FROM conversations WHERE owner = ? AND id = ?", (owner, conversation)
        ).fetchone()
        if row is None:
            return None
        kept = database.execute(
            "SELECT turn FROM turns WHERE owner = ? AND conversation = ? ORDER BY position", (owner, conversation)
        ).fetchall()
        turns = [replace(turn_from_json(one["turn"]), feedback=()) for one in kept]
        (token,) = database.execute(
            "INSERT INTO shared VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (owner, conversation) DO UPDATE "
            "SET title = excluded.title, turns = excluded.turns, day = excluded.day RETURNING token",
            (
                secrets.token_urlsafe(_TOKEN_BYTES),
                owner,
                conversation,
                row["title"],
                json.dumps([turn_to_json(turn) for turn in turns]),
                today.isoformat(),
            ),
        ).fetchone()
    return SharedLink(f"/shared/{token}", today)


def stop_sharing(store: ConversationStore, owner: str, conversation: str) -> bool:
    """Makes the link lead nowhere, for ever; whether there was one. Works where sharing was turned off meanwhile."""
    with store.writing() as database:
        statement = "DELETE FROM shared WHERE owner = ? AND conversation = ?"
        return bool(database.execute(statement, (owner, conversation)).rowcount)


def find_shared(store: ConversationStore, token: str) -> SharedConversation | None:
    """What the link with this token shows; None where there is none, or sharing is off."""
    if not store.allows_sharing:
        return None
    with store.opened() as database:
        row = database.execute("SELECT owner, title, turns, day FROM shared WHERE token = ?", (token,)).fetchone()
    if row is None:
        return None
    turns = tuple(turn_from_json(turn) for turn in json.loads(row["turns"]))
    return SharedConversation(row["owner"], row["title"], turns, date.fromisoformat(row["day"]))

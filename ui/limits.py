"""How much the service takes on: answers at once, questions waiting, and the size of what is asked."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from rag.errors import GazetteError

__all__ = ["HISTORY_MESSAGES", "MESSAGE_CHARACTERS", "RETRY_SECONDS", "AnswerPlaces", "TooBusy"]

# A longer conversation tells no more of a follow-up: its last messages are what it points back to.
HISTORY_MESSAGES = 200
MESSAGE_CHARACTERS = 100_000

# A quoted answer takes well under a second of one core, so a full waiting room has room again by then.
RETRY_SECONDS = 2


class TooBusy(GazetteError):
    """As many answers are being written and waited for as the server takes on."""


class AnswerPlaces:
    """So many answers are written at once, so many questions wait in turn, and the next is told to come back.

    Used from one event loop. What has a place must leave it, however it ends.

    Example:
        >>> async def take_two() -> str:
        ...     places = AnswerPlaces(at_once=1, waiting=0)
        ...     await places.take()
        ...     try:
        ...         await places.take()
        ...     except TooBusy as error:
        ...         return str(error)
        >>> asyncio.run(take_two())
        '1 answer is being written and 0 questions wait, which is all this server takes on: ask again in 2 seconds.'
    """

    def __init__(self, at_once: int, waiting: int) -> None:
        self._at_once = at_once
        self._waiting_at_most = waiting
        self._free = asyncio.Semaphore(at_once)
        self._waiting = 0
        self._taken = 0

    @property
    def taken(self) -> int:
        """How many answers are being written."""
        return self._taken

    @property
    def waiting(self) -> int:
        """How many questions wait for a place."""
        return self._waiting

    async def take(self) -> None:
        """Comes back with a place. Raises `TooBusy` at once where too many wait already."""
        if self._free.locked() and self._waiting >= self._waiting_at_most:
            verb = "answer is" if self._at_once == 1 else "answers are"
            raise TooBusy(
                f"{self._at_once} {verb} being written and {self._waiting} questions wait, which is all this server "
                f"takes on: ask again in {RETRY_SECONDS} seconds."
            )
        self._waiting += 1
        try:
            await self._free.acquire()
        finally:
            self._waiting -= 1
        self._taken += 1

    def leave(self) -> None:
        self._taken -= 1
        self._free.release()

    @asynccontextmanager
    async def place(self) -> AsyncIterator[None]:
        """A place for the length of a block. Raises as `take`."""
        await self.take()
        try:
            yield
        finally:
            self.leave()

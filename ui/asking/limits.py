"""How much the service takes on: answers at once, questions waiting, and the size of what is asked.

Who asks most does not get most: those who wait are served one question each in turn, and where the room is full, the
longest line gives way. Where all come from one address and nobody signs in, that is first come, first served.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict, deque
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass

from starlette.requests import Request

from rag.errors import GazetteError
from ui.accounts.store import Identity

__all__ = [
    "ANYBODY",
    "HISTORY_MESSAGES",
    "MESSAGE_CHARACTERS",
    "RETRY_SECONDS",
    "AnswerPlaces",
    "Asker",
    "Ending",
    "ReaderGone",
    "TooBusy",
    "asker_of",
]

# A longer conversation tells no more of a follow-up: its last messages are what it points back to.
HISTORY_MESSAGES = 200
MESSAGE_CHARACTERS = 100_000

# A quoted answer takes well under a second of one core, so a full waiting room has room again by then.
RETRY_SECONDS = 2


class TooBusy(GazetteError):
    """As many answers are being written and waited for as the server takes on."""


class Ending(GazetteError):
    """The server was told to end, and begins no more answers."""


class ReaderGone(GazetteError):
    """Who asked gave up before the answer was begun."""


@dataclass(frozen=True, slots=True)
class Asker:
    """Who asks: `line` is whose turn a question waits for, `is_gone` tells whether they have given up."""

    line: str = ""
    is_gone: Callable[[], Awaitable[bool]] | None = None


# In one line with all of whom no more is known.
ANYBODY = Asker()


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
        self._taken = 0
        self._is_ending = False
        # The turns waited for, by who asks; the first line is served next, and then stands last.
        self._lines: OrderedDict[str, deque[asyncio.Future[None]]] = OrderedDict()

    @property
    def taken(self) -> int:
        """How many answers are being written."""
        return self._taken

    @property
    def waiting(self) -> int:
        """How many questions wait for a place."""
        return sum(map(len, self._lines.values()))

    async def take(self, asker: Asker = ANYBODY) -> None:
        """Comes back with a place for this asker's question, when its turn has come.

        Raises:
            TooBusy: too many wait, and nobody more than this asker; or somebody came meanwhile who had fewer waiting.
            Ending: the server ends.
            ReaderGone: the turn has come, and the asker has gone.
        """
        await self._wait_in(asker.line)
        try:
            is_gone = asker.is_gone is not None and await asker.is_gone()
        except BaseException:
            self.leave()
            raise
        if is_gone:
            self.leave()
            raise ReaderGone("Who asked has gone.")

    def leave(self) -> None:
        """Gives the place to the next in turn."""
        self._taken -= 1
        while self._lines and self._taken < self._at_once:
            asker, line = self._lines.popitem(last=False)
            turn = line.popleft()
            if line:
                self._lines[asker] = line
            if not turn.done():  # else it was given up
                self._taken += 1
                turn.set_result(None)

    def end(self) -> None:
        """Begins no more answers; who waits is told so. Those being written go on."""
        self._is_ending = True
        while self._lines:
            for turn in self._lines.popitem()[1]:
                _refuse(turn, _ending())

    @asynccontextmanager
    async def place(self, asker: Asker = ANYBODY) -> AsyncIterator[None]:
        """A place for the length of a block. Raises as `take`."""
        await self.take(asker)
        try:
            yield
        finally:
            self.leave()

    async def _wait_in(self, line: str) -> None:
        if self._is_ending:
            raise _ending()
        if self._taken < self._at_once:
            self._taken += 1
            return
        if self.waiting >= self._waiting_at_most:
            self._make_room(line)
        turn = asyncio.get_running_loop().create_future()
        self._lines.setdefault(line, deque()).append(turn)
        try:
            await turn
        except asyncio.CancelledError:
            if turn.cancelled():
                self._forget(line, turn)
            elif turn.exception() is None:  # its turn came as it was given up
                self.leave()
            raise

    def _make_room(self, line: str) -> None:
        """Sends the last of the longest line away, unless this one would then be as long."""
        longest = max(self._lines, key=lambda name: len(self._lines[name]), default=line)
        too_busy = self._too_busy()
        if len(self._lines.get(longest, ())) <= len(self._lines.get(line, ())) + 1:
            raise too_busy
        _refuse(self._lines[longest].pop(), too_busy)

    def _forget(self, line: str, turn: asyncio.Future[None]) -> None:
        if turn in self._lines.get(line, ()):
            self._lines[line].remove(turn)
            if not self._lines[line]:
                del self._lines[line]

    def _too_busy(self) -> TooBusy:
        verb = "answer is" if self._at_once == 1 else "answers are"
        return TooBusy(
            f"{self._at_once} {verb} being written and {self.waiting} questions wait, which is all this server "
            f"takes on: ask again in {RETRY_SECONDS} seconds."
        )


def asker_of(request: Request) -> Asker:
    """Who asks: in the line of the account or key, and where nobody signs in, of the address."""
    identity: Identity | None = request.scope.get("state", {}).get("identity")
    address = request.client.host if request.client else ""
    return Asker(f"{identity.kind}:{identity.name}" if identity else address, request.is_disconnected)


def _refuse(turn: asyncio.Future[None], error: GazetteError) -> None:
    if not turn.done():
        turn.set_exception(error)


def _ending() -> Ending:
    return Ending(f"This server is ending: ask again in {RETRY_SECONDS} seconds, when it may be back.")

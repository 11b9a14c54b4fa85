"""A question asked over HTTP → its answer at once, or as a stream of events, or what is found for it.

Each takes one place, and leaves it for certain.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass, field

from fastapi.responses import StreamingResponse
from starlette.concurrency import iterate_in_threadpool, run_in_threadpool
from starlette.types import Receive, Scope, Send

from rag.errors import GazetteError
from rag.records import Answer, AnswerDone, AnswerEvent, AskSettings, Filters, Passage
from ui.asking.desk import AnsweringDesk
from ui.asking.limits import ANYBODY, AnswerPlaces, Asker

__all__ = ["Asked", "EventWriter", "Sought", "answer_at_once", "answer_in_events", "search_at_once"]

# An event of the answer, or what cut it short, as Server-Sent Events; "" where there is nothing to say.
EventWriter = Callable[[AnswerEvent | GazetteError], str]


@dataclass(frozen=True, slots=True)
class Asked:
    """One question as it came in; `history` are `{"role", "content"}` messages, oldest first.

    `asker` is who waits for it.
    """

    question: str
    history: list[dict[str, str]] = field(default_factory=list)
    filters: Filters = field(default_factory=Filters)
    settings: AskSettings = field(default_factory=AskSettings)
    asker: Asker = ANYBODY

    def events(self, desk: AnsweringDesk) -> Iterator[AnswerEvent]:
        """The answer as it comes; waits for the models while they load. Raises as `Assistant.stream`."""
        return desk.assistant().stream(self.question, self.history, filters=self.filters, settings=self.settings)


@dataclass(frozen=True, slots=True)
class Sought:
    """One question whose passages are looked for, `limit` at most; `asker` is who waits for them."""

    question: str
    limit: int
    filters: Filters
    asker: Asker = ANYBODY


async def answer_at_once(asked: Asked, desk: AnsweringDesk, places: AnswerPlaces) -> Answer:
    """The whole answer. Raises GazetteError as `Assistant.ask` and `AnswerPlaces.take` do."""

    def ask() -> Answer:
        done = [event for event in asked.events(desk) if isinstance(event, AnswerDone)]
        return done[-1].answer

    async with places.place(asked.asker):
        return await run_in_threadpool(ask)


async def search_at_once(sought: Sought, desk: AnsweringDesk, places: AnswerPlaces) -> list[Passage]:
    """The passages nearest to a question, best first. Raises GazetteError as `Archive.search` and `take` do."""
    async with places.place(sought.asker):
        return await run_in_threadpool(desk.search, sought.question, sought.limit, sought.filters)


async def answer_in_events(
    asked: Asked, desk: AnsweringDesk, places: AnswerPlaces, write: EventWriter
) -> StreamingResponse:
    """A response that streams the events as `write` puts them.

    What can't be asked is found out before the response begins, so that it still gets a status of its own: raises
    as `answer_at_once`.
    """
    await places.take(asked.asker)
    try:
        events = await run_in_threadpool(asked.events, desk)
        first = await run_in_threadpool(next, events)
    except BaseException:
        places.leave()
        raise
    return _PlacedStream(_written(first, events, write), places)


async def _written(first: AnswerEvent, events: Iterator[AnswerEvent], write: EventWriter) -> AsyncIterator[str]:
    try:
        yield write(first)
        async for event in iterate_in_threadpool(events):
            if said := write(event):
                yield said
    except GazetteError as error:
        yield write(error)


class _PlacedStream(StreamingResponse):
    """A stream that leaves its place when it ends, even where the reader is gone before its first word."""

    def __init__(self, content: AsyncIterator[str], places: AnswerPlaces) -> None:
        # The second header asks a proxy in between not to collect the answer before it passes it on.
        headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
        super().__init__(content, headers=headers, media_type="text/event-stream")
        self._places = places

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await super().__call__(scope, receive, send)
        finally:
            self._places.leave()

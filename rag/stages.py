"""The stages of answering, for whoever wants to know how long each takes; nothing is measured otherwise.

    with timed_stages() as times:      # in an evaluation
        assistant.ask(…)
    times["search"].cpu_ms

    with watched_stages(open_span):    # in a server that sends spans
        next(events)

    with stage("search"): …            # on the path

Stages don't stand within each other.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from contextvars import ContextVar
from dataclasses import dataclass

__all__ = ["StageTime", "stage", "timed_stages", "watched_stages"]


@dataclass(frozen=True, slots=True)
class StageTime:
    """Milliseconds by the clock, and those that the whole process computed for."""

    wall_ms: float
    cpu_ms: float


_times: ContextVar[dict[str, StageTime] | None] = ContextVar("stage_times", default=None)
_watch: ContextVar[Callable[[str], AbstractContextManager[object]] | None] = ContextVar("stage_watch", default=None)


@contextmanager
def timed_stages() -> Iterator[dict[str, StageTime]]:
    """The times by stage, filled while the block runs; a stage that is passed twice is added up."""
    times: dict[str, StageTime] = {}
    token = _times.set(times)
    try:
        yield times
    finally:
        _times.reset(token)


@contextmanager
def watched_stages(watch: Callable[[str], AbstractContextManager[object]]) -> Iterator[None]:
    """Lets each stage that begins while the block runs be within what `watch` gives for its name.

    A stage of a stream may end after the block, in another step of it.
    """
    token = _watch.set(watch)
    try:
        yield
    finally:
        _watch.reset(token)


@contextmanager
def stage(name: str) -> Iterator[None]:
    """Counts the block as this stage's, where anybody measures or watches."""
    times, watch = _times.get(), _watch.get()
    with watch(name) if watch else nullcontext():
        if times is None:
            yield
            return
        with _timed(name, times):
            yield


@contextmanager
def _timed(name: str, times: dict[str, StageTime]) -> Iterator[None]:
    wall, cpu = time.perf_counter(), time.process_time()
    try:
        yield
    finally:
        before = times.get(name, StageTime(0, 0))
        times[name] = StageTime(
            before.wall_ms + 1000 * (time.perf_counter() - wall), before.cpu_ms + 1000 * (time.process_time() - cpu)
        )

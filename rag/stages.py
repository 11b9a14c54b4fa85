"""How long each stage of answering takes, for whoever wants to know; nothing is measured otherwise.

    with timed_stages() as times:      # in an evaluation
        assistant.ask(…)
    times["search"].cpu_ms

    with stage("search"): …            # on the path

Stages don't stand within each other.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

__all__ = ["StageTime", "stage", "timed_stages"]


@dataclass(frozen=True, slots=True)
class StageTime:
    """Milliseconds by the clock, and those that the whole process computed for."""

    wall_ms: float
    cpu_ms: float


_times: ContextVar[dict[str, StageTime] | None] = ContextVar("stage_times", default=None)


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
def stage(name: str) -> Iterator[None]:
    """Counts the block as this stage's, where anybody measures."""
    times = _times.get()
    if times is None:
        yield
        return
    wall, cpu = time.perf_counter(), time.process_time()
    try:
        yield
    finally:
        before = times.get(name, StageTime(0, 0))
        times[name] = StageTime(
            before.wall_ms + 1000 * (time.perf_counter() - wall), before.cpu_ms + 1000 * (time.process_time() - cpu)
        )

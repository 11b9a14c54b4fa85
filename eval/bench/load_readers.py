"""Readers who ask a served archive at once → how many answers they got, how soon, how fairly, and whether all was true.

Each reader has one line to the server and asks the next question as soon as it has the answer to the last. A reader
who is told to come back (`Retry-After`) does so and asks again, as a client should; the wait counts as part of that
answer's time. Every citation of every answer is held against the article that the server itself shows.
"""

from __future__ import annotations

import json
import threading
import time
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from typing import Any
from urllib.parse import quote

import numpy as np

from eval.bench.load_server import Reply, ServedArchive, Usage, send, usage_of

__all__ = [
    "ANSWER_SECONDS",
    "Load",
    "LoadMeasured",
    "ReaderLog",
    "ShownArticles",
    "fairness",
    "growth_per_minute",
    "measure_load",
]

# Longer than any answer takes that is not lost.
ANSWER_SECONDS = 60.0
# A reader told to come back asks so often; then it is an error.
TRIES = 20
SAMPLES = 60
FAULTS_KEPT = 20


@dataclass(frozen=True, slots=True)
class Load:
    """So many readers for so many seconds, each going through the questions from a place of its own."""

    readers: int
    seconds: float
    questions: Sequence[str]


@dataclass(frozen=True, slots=True)
class LoadMeasured:
    """What came of one load. Times in milliseconds from asking to the last byte, waits that were asked for included.

    `errors` are counted by status, or by the exception where no reply came; `told_to_wait` are no errors.
    `answers_by_reader` counts those within the time, `fairness` is Jain's index of them. `core_share` is the
    server's processor time in cores, `asking_core_share` that of the readers, who take it from the same machine.
    `memory` are pairs of seconds and the server's resident megabytes; its growth is the slope of the last half.
    `faults` are what no reader may see, the first of `fault_count`.
    """

    readers: int
    seconds: float
    answers: int
    answers_per_second: float
    p50_ms: float
    p95_ms: float
    p99_ms: float
    errors: dict[str, int]
    told_to_wait: int
    answers_by_reader: tuple[int, ...]
    fairness: float
    core_share: float | None
    asking_core_share: float
    memory: tuple[tuple[float, float], ...]
    memory_growth_mb_per_minute: float | None
    citations_checked: int
    fault_count: int
    faults: tuple[str, ...]


class ShownArticles:
    """The texts of articles as the server shows them, each fetched once. Safe from several threads."""

    def __init__(self) -> None:
        self._text_by_id: dict[str, str] = {}

    def text(self, line: HTTPConnection, article_id: str) -> str | None:
        """The article's text, None where the server has no such article."""
        if article_id not in self._text_by_id:
            reply = send(line, "GET", f"/api/articles/{quote(article_id, safe='')}")
            if reply.status != 200:
                return None
            self._text_by_id[article_id] = json.loads(reply.body)["text"]
        return self._text_by_id[article_id]


@dataclass(slots=True)
class ReaderLog:
    """What one reader has met so far."""

    times_ms: list[float] = field(default_factory=list)
    in_time: int = 0
    errors: Counter[str] = field(default_factory=Counter)
    told_to_wait: int = 0
    citations_checked: int = 0
    faults: list[str] = field(default_factory=list)

    def check(self, places: Sequence[dict[str, Any]], said: str, line: HTTPConnection, shown: ShownArticles) -> None:
        """Holds passages or citations against the articles; `said` names what of them is the text."""
        for place in places:
            text = shown.text(line, place["article"]["id"])
            self.citations_checked += 1
            if text is None:
                self.faults.append(f"«{place['article']['id']}» is cited, and is not shown")
            elif text[place["start"] : place["end"]] != place[said]:
                self.faults.append(f"«{place['article']['id']}» does not say «{place[said]}» where it is cited")


def measure_load(served: ServedArchive, load: Load) -> LoadMeasured:
    """Lets the readers ask, and waits for the last answers to what they asked within the time."""
    shown, logs = ShownArticles(), [ReaderLog() for _ in range(load.readers)]
    samples: list[tuple[float, Usage]] = []
    ended = threading.Event()
    began, own = time.monotonic(), time.process_time()
    before = usage_of(served.process.pid)
    deadline = began + load.seconds
    watch = threading.Thread(target=_watch, args=(served.process.pid, load.seconds / SAMPLES, ended, samples))
    watch.start()
    try:
        with ThreadPoolExecutor(load.readers) as pool:
            futures = [
                pool.submit(_read, served, load, place, deadline, logs[place], shown) for place in range(load.readers)
            ]
            _sleep_until(deadline)
            after, own = usage_of(served.process.pid), time.process_time() - own
            for future in futures:
                future.result()
    finally:
        ended.set()
        watch.join()
    share = (after.processor_seconds - before.processor_seconds) / load.seconds if before and after else None
    return _measured(load, logs, samples, share, own / load.seconds)


def fairness(counts: Sequence[int]) -> float:
    """Jain's index: 1 where all have the same, 1/n where one has everything; 1 where nobody has anything.

    Jain, Chiu and Hawe 1984, «A Quantitative Measure of Fairness and Discrimination».

    >>> fairness([3, 3, 3]), fairness([9, 0, 0])
    (1.0, 0.3333333333333333)
    """
    squares = sum(count * count for count in counts)
    return sum(counts) ** 2 / (len(counts) * squares) if squares else 1.0


def growth_per_minute(samples: Sequence[tuple[float, float]]) -> float | None:
    """The slope, by least squares, of the last half of pairs of seconds and values; None of fewer than two.

    >>> growth_per_minute([(0, 50), (30, 90), (60, 100), (90, 101)])
    2.0
    """
    last = samples[len(samples) // 2 :]
    if len(last) < 2:
        return None
    slope, _ = np.polyfit([seconds for seconds, _ in last], [value for _, value in last], 1)
    return round(60 * float(slope), 6)


def _read(served: ServedArchive, load: Load, place: int, deadline: float, log: ReaderLog, shown: ShownArticles) -> None:
    line = served.connect(ANSWER_SECONDS)
    question = place * len(load.questions) // load.readers
    while time.monotonic() < deadline:
        asked = {"question": load.questions[question % len(load.questions)]}
        question += 1
        began = time.monotonic()
        try:
            reply = _ask(line, asked, log)
            ended = time.monotonic()
            if reply.status == 200:
                log.times_ms.append(1000 * (ended - began))
                log.in_time += ended <= deadline
                log.check(json.loads(reply.body)["citations"], "quote", line, shown)
            else:
                log.errors[str(reply.status)] += 1
        except (OSError, HTTPException) as error:
            log.errors[type(error).__name__] += 1
            line.close()
            time.sleep(0.1)
    line.close()


def _ask(line: HTTPConnection, asked: dict[str, str], log: ReaderLog) -> Reply:
    """The reply to a question, asked again as often as the server wants it to be."""
    for _ in range(TRIES):
        reply = send(line, "POST", "/api/ask", asked)
        if reply.status not in (429, 503) or reply.retry_seconds is None:
            break
        log.told_to_wait += 1
        time.sleep(reply.retry_seconds)
    return reply


def _watch(pid: int, every_seconds: float, ended: threading.Event, samples: list[tuple[float, Usage]]) -> None:
    began = time.monotonic()
    while not ended.wait(every_seconds):
        usage = usage_of(pid)
        if usage:
            samples.append((time.monotonic() - began, usage))


def _measured(
    load: Load, logs: Sequence[ReaderLog], samples: Sequence[tuple[float, Usage]], share: float | None, own: float
) -> LoadMeasured:
    times = [ms for log in logs for ms in log.times_ms]
    counts = tuple(log.in_time for log in logs)
    p50, p95, p99 = (float(value) for value in np.percentile(times, (50, 95, 99))) if times else (0.0, 0.0, 0.0)
    memory = tuple((round(seconds, 1), round(usage.resident_mb, 1)) for seconds, usage in samples)
    faults = [fault for log in logs for fault in log.faults]
    return LoadMeasured(
        load.readers,
        load.seconds,
        sum(counts),
        sum(counts) / load.seconds,
        p50,
        p95,
        p99,
        dict(sum((log.errors for log in logs), Counter())),
        sum(log.told_to_wait for log in logs),
        counts,
        fairness(counts),
        share,
        own,
        memory,
        growth_per_minute(memory),
        sum(log.citations_checked for log in logs),
        len(faults),
        tuple(faults[:FAULTS_KEPT]),
    )


def _sleep_until(deadline: float) -> None:
    time.sleep(max(0.0, deadline - time.monotonic()))

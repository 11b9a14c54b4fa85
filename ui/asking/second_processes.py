"""Questions answered in processes beside the server's own, so that all cores are at work for many readers.

Python computes on one core at a time in each process, and the encoder alone on all. A further process is started when
a second question comes while the first is being answered, and answers from its own view of the archive, one question
at a time; while it starts, and while all are busy, the server's own process answers. Each takes the memory of a model
and of what it has read of the archive.
"""

from __future__ import annotations

import contextlib
import os
import pickle
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

from rag import Archive, Assistant
from rag.cores import thread_count
from rag.errors import GazetteError
from rag.question import Message
from rag.records import AnswerEvent, AskSettings, Filters

__all__ = ["SecondProcess", "SecondProcesses", "SentQuestion"]

_READY = "ready"


@dataclass(frozen=True, slots=True)
class SentQuestion:
    """As `Assistant.stream` is asked it."""

    text: str
    history: Sequence[Message] | None = None
    filters: Filters | None = None
    settings: AskSettings | None = None


class SecondProcess:
    """A process that answers from an archive, one question at a time, until this one closes it, or ends."""

    def __init__(self, archive: Path, support_model: Path | None, threads: int) -> None:
        """Starts it; it is ready when `wait` returns."""
        # -P: what lies in the folder that the server was started in is no code of ours.
        command = [sys.executable, "-P", "-m", __name__, str(archive), str(support_model or "")]
        self._process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={**os.environ, "GAZETTE_THREADS": str(threads)},
        )
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._asked, self._answered = self._process.stdin, self._process.stdout

    def wait(self) -> None:
        """Returns when it has read the model. Raises `EOFError` where it has ended before."""
        pickle.load(self._answered)

    def answer(self, question: SentQuestion) -> list[AnswerEvent]:
        """All events of the answer. Raises as `Assistant.stream`, and `EOFError` or `OSError` where it has ended."""
        pickle.dump(question, self._asked)
        self._asked.flush()
        came = pickle.load(self._answered)
        if isinstance(came, BaseException):
            raise came
        events: list[AnswerEvent] = came
        return events

    def close(self) -> None:
        """It ends when it has answered what it was asked."""
        for stream in (self._asked, self._answered):
            with contextlib.suppress(OSError):
                stream.close()
        threading.Thread(target=self._process.wait, daemon=True).start()


@dataclass(slots=True)
class SecondProcesses:
    """At most `count` processes beside this one, started when there is something for them to do."""

    archive: Path
    count: int
    support_model: Path | None = None
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _free: list[SecondProcess] = field(default_factory=list)
    _started: int = 0
    _answering_here: int = 0
    _is_closed: bool = False

    def answer(self, question: SentQuestion, here: Iterator[AnswerEvent]) -> Iterator[AnswerEvent]:
        """The events of the answer: those of `here`, unless another process is free while this one has work to do."""
        process = self._take()
        if process is None:
            try:
                yield from here
            finally:
                with self._lock:
                    self._answering_here -= 1
            return
        try:
            events = process.answer(question)
        except GazetteError:
            self._give_back(process)
            raise
        except (EOFError, OSError, pickle.PickleError):
            self._lose(process)
            yield from here
            return
        self._give_back(process)
        yield from events

    def close(self) -> None:
        """Ends all processes, those that answer when they have."""
        with self._lock:
            self._is_closed = True
            free, self._free = self._free, []
        for process in free:
            process.close()

    def _take(self) -> SecondProcess | None:
        """A process that is free, while this one answers; None where this one is to answer."""
        with self._lock:
            if self._answering_here and self._free:
                return self._free.pop()
            if self._answering_here and self._started < self.count and not self._is_closed:
                self._started += 1
                threading.Thread(target=self._start, name="start-second-process", daemon=True).start()
            self._answering_here += 1
            return None

    def _start(self) -> None:
        threads = max(1, thread_count() // (self.count + 1))
        process = SecondProcess(self.archive, self.support_model, threads)
        try:
            process.wait()
        except (EOFError, OSError, pickle.PickleError):  # it has said why on standard error; it is not tried again
            process.close()
            return
        self._give_back(process)

    def _give_back(self, process: SecondProcess) -> None:
        with self._lock:
            if not self._is_closed:
                self._free.append(process)
                return
        process.close()

    def _lose(self, process: SecondProcess) -> None:
        """It has ended: another may be started in its place."""
        process.close()
        with self._lock:
            self._started -= 1


def main() -> None:
    """Answers what comes in on standard input until that ends; what is printed meanwhile goes to standard error."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # a Ctrl-C is for the server, which ends this by closing its input
    folder, support_model = sys.argv[1:]
    answered = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    with Archive.open(folder, create=False) as archive, contextlib.suppress(EOFError):
        assistant = Assistant(archive, support_model=support_model or None)
        archive.prepare()
        archive.search("Gazette", limit=1)  # waits for the encoder
        _send(answered, _READY)
        while True:
            _send(answered, _answer(assistant, pickle.load(sys.stdin.buffer)))


def _answer(assistant: Assistant, asked: SentQuestion) -> list[AnswerEvent] | GazetteError:
    try:
        return list(assistant.stream(asked.text, asked.history, filters=asked.filters, settings=asked.settings))
    except GazetteError as error:
        return error


def _send(stream: IO[Any], what: object) -> None:
    with contextlib.suppress(BrokenPipeError):  # nobody waits for it any more: the input has ended, too
        pickle.dump(what, stream)
        stream.flush()


if __name__ == "__main__":
    try:
        main()
    except GazetteError as error:
        sys.exit(f"gazette: no second process answers: {error}")

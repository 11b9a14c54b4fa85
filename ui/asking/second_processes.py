"""Questions answered in processes beside the server's own, so that all cores are at work for many readers.

Python computes on one core at a time in each process, and the encoder alone on all. A further process is started when
a second question comes while the first is being answered, and answers from its own view of the archive. Each question
goes to the process that has the least to do, and while others start, to the server's own. Each takes the memory of a
model and of what it has read of the archive.
"""

from __future__ import annotations

import contextlib
import os
import pickle
import signal
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any, cast

from rag import Archive, Assistant, collect_seldom
from rag.cores import cores_of_each
from rag.errors import GazetteError
from rag.question import Message
from rag.records import AnswerEvent, AskSettings, Filters
from rag.stages import stage

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
    """A process that answers from an archive, until this one closes it, or ends. Several threads may ask it at once.

    It answers one question after the other, and has the next at hand when it is done with one.
    """

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
        self._lock = threading.Lock()
        self._waiting: deque[Future[object]] = deque([Future()])  # the first is for the word that it is ready
        self._ready = self._waiting[0]
        threading.Thread(target=self._read, name="read-second-process", daemon=True).start()

    @property
    def pid(self) -> int:
        return self._process.pid

    def wait(self) -> None:
        """Returns when it has read the model. Raises `EOFError` where it has ended before."""
        self._ready.result()

    def answer(self, question: SentQuestion) -> list[AnswerEvent]:
        """All events of the answer. Raises as `Assistant.stream`, and `EOFError` or `OSError` where it has ended."""
        own: Future[object] = Future()
        sent = pickle.dumps(question)
        with self._lock:  # answers come in the order of the questions
            if self._asked.closed or self._process.poll() is not None:
                raise EOFError
            self._waiting.append(own)
            self._asked.write(sent)
            self._asked.flush()
        came = own.result()
        if isinstance(came, GazetteError):
            raise came
        return cast(list[AnswerEvent], came)

    def close(self) -> None:
        """It ends when it has answered what it was asked."""
        with self._lock, contextlib.suppress(OSError):
            self._asked.close()

    def _read(self) -> None:
        """Gives each answer to who waits for it, until the process ends."""
        with contextlib.suppress(Exception):  # of what can't be read, too, whoever waits is told
            while True:
                came = pickle.load(self._answered)
                self._waiting.popleft().set_result(came)
        self._process.kill()  # it has ended, unless it said what can't be read
        self._process.wait()
        self._answered.close()
        with self._lock:
            for future in self._waiting:
                future.set_exception(EOFError())
            self._waiting.clear()


@dataclass(slots=True)
class _Load:
    """A process, and how many questions it has."""

    process: SecondProcess
    questions: int = 0


@dataclass(slots=True)
class SecondProcesses:
    """At most `count` processes beside this one, started when there is something for them to do."""

    archive: Path
    count: int
    support_model: Path | None = None
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _loads: list[_Load] = field(default_factory=list)
    _starting: int = 0
    _failed: int = 0
    _answering_here: int = 0
    _is_closed: bool = False

    def answer(self, question: SentQuestion, here: Iterator[AnswerEvent]) -> Iterator[AnswerEvent]:
        """The events of the answer: those of `here`, unless another process has less to do than this one."""
        load = self._take()
        if load is not None:
            events = self._answered_by(load, question)
            if events is not None:
                yield from events
                return
            with self._lock:
                self._answering_here += 1
        try:
            yield from here
        finally:
            with self._lock:
                self._answering_here -= 1

    def processes(self) -> list[SecondProcess]:
        """Those that are ready."""
        with self._lock:
            return [load.process for load in self._loads]

    def close(self) -> None:
        """Ends all processes, those that answer when they have."""
        with self._lock:
            self._is_closed = True
            loads, self._loads = self._loads, []
        for load in loads:
            load.process.close()

    def _take(self) -> _Load | None:
        """The process with the least to do, one question more than before; None where that is this one."""
        with self._lock:
            least = min(self._loads, key=lambda load: load.questions, default=None)
            if least is not None and least.questions < self._answering_here:
                least.questions += 1
                return least
            is_wanted = len(self._loads) + self._starting + self._failed < self.count
            if self._answering_here and is_wanted and not self._is_closed:
                self._starting += 1
                threading.Thread(target=self._start, name="start-second-process", daemon=True).start()
            self._answering_here += 1
            return None

    def _answered_by(self, load: _Load, question: SentQuestion) -> list[AnswerEvent] | None:
        """The events; None where the process has ended, so that another may be started in its place."""
        try:
            with stage("second process"):  # its own stages are not told from here
                return load.process.answer(question)
        except (EOFError, OSError):
            with self._lock:
                if load in self._loads:
                    self._loads.remove(load)
            load.process.close()
            return None
        finally:
            with self._lock:
                load.questions -= 1

    def _start(self) -> None:
        process = SecondProcess(self.archive, self.support_model, cores_of_each(self.count + 1))
        is_ready = True
        try:
            process.wait()
        except EOFError:  # it has said why on standard error; it is not tried again
            is_ready = False
        with self._lock:
            self._starting -= 1
            self._failed += not is_ready
            if is_ready and not self._is_closed:
                self._loads.append(_Load(process))
                return
        process.close()


def main() -> None:
    """Answers what comes in on standard input until that ends; what is printed meanwhile goes to standard error."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # a Ctrl-C is for the server, which ends this by closing its input
    collect_seldom()
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
        # Not by `sys.exit`: that lets go of `main`'s file first, whose end tells who waits that all has been said.
        sys.stderr.write(f"gazette: no second process answers: {error}\n")
        sys.exit(1)

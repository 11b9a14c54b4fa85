"""An archive served by `gazette serve`, in a process of its own as its users run it, and what that process uses.

Processor time and memory are read from /proc; where there is none, they are not told.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from urllib.parse import urlsplit

from eval.errors import EvaluationError

__all__ = ["Reply", "ServedArchive", "Usage", "family_of", "send", "serve_archive", "usage_of"]

READY_SECONDS = 120
# Within five seconds of being told a server has ended; more is its fault, not the measurement's.
END_SECONDS = 30


@dataclass(frozen=True, slots=True)
class ServedArchive:
    """Where a running service answers, and its process."""

    host: str
    port: int
    process: subprocess.Popen[str]

    def connect(self, timeout_seconds: float) -> HTTPConnection:
        """A line to it, kept open between requests."""
        return HTTPConnection(self.host, self.port, timeout=timeout_seconds)


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back: `retry_seconds` where the server says when to come again."""

    status: int
    body: bytes
    retry_seconds: float | None


@dataclass(frozen=True, slots=True)
class Usage:
    """What processes have computed since they began, and the memory they hold now, what they share counted for each."""

    processor_seconds: float
    resident_mb: float


@contextmanager
def serve_archive(archive: Path, options: Sequence[str] = ()) -> Iterator[ServedArchive]:
    """The service, ready to answer, until the block ends; `options` are those of `gazette serve`.

    Raises `EvaluationError` where it doesn't start, with what it said.
    """
    command = [sys.executable, "-m", "ui.command_line", "serve", "--archive", str(archive), "--port", "0", *options]
    with (
        tempfile.TemporaryFile("w+") as errors,
        subprocess.Popen(command, stdout=subprocess.PIPE, stderr=errors, text=True) as process,
    ):
        try:
            assert process.stdout is not None
            first = process.stdout.readline().split()
            address = urlsplit(first[3]) if first[:3] == ["Gazette", "answers", "at"] else None
            if address is None or address.port is None:
                errors.seek(0)
                raise EvaluationError(f"`gazette serve` did not start: {errors.read().strip() or 'it said nothing'}")
            served = ServedArchive(address.hostname or "", address.port, process)
            _wait_until_ready(served)
            yield served
        finally:
            if process.poll() is None:
                process.send_signal(signal.SIGTERM)
            process.wait(timeout=END_SECONDS)


def send(line: HTTPConnection, method: str, path: str, asked: object = None) -> Reply:
    """Sends one request, `asked` as JSON, and reads its reply to the end. Raises `OSError` and `HTTPException`."""
    body = None if asked is None else json.dumps(asked).encode()
    line.request(method, path, body, {} if body is None else {"Content-Type": "application/json"})
    response = line.getresponse()
    retry = response.headers.get("Retry-After", "")
    return Reply(response.status, response.read(), float(retry) if retry.isdecimal() else None)


def usage_of(pid: int) -> Usage | None:
    """What the process and those that it has started use together, None where the system does not tell."""
    found = [_statistics(member) for member in family_of(pid)]
    spent = [one for one in found if one is not None]
    if not spent:
        return None
    ticks, pages = sum(ticks for _, ticks, _ in spent), sum(pages for _, _, pages in spent)
    return Usage(ticks / os.sysconf("SC_CLK_TCK"), pages * os.sysconf("SC_PAGE_SIZE") / 1e6)


def family_of(pid: int) -> set[int]:
    """The process and those that it has started, and they; none where the system does not tell, or it has ended."""
    found = {int(path.name): _statistics(int(path.name)) for path in Path("/proc").glob("[0-9]*")}
    parents = {member: one[0] for member, one in found.items() if one is not None}
    family = {pid} & parents.keys()
    while grown := {child for child, parent in parents.items() if parent in family} - family:
        family |= grown
    return family


def _statistics(pid: int) -> tuple[int, int, int] | None:
    """Of a process: its parent, ticks it has computed, pages it holds. None where it has ended."""
    try:
        # The name, in brackets, may hold anything: what follows the last bracket begins with field 3 of proc(5).
        fields = Path(f"/proc/{pid}/stat").read_text("utf-8", "replace").rpartition(")")[2].split()
        return None if fields[0] in "XZ" else (int(fields[1]), int(fields[11]) + int(fields[12]), int(fields[21]))
    except (OSError, IndexError, ValueError):
        return None


def _wait_until_ready(served: ServedArchive) -> None:
    line = served.connect(READY_SECONDS)
    deadline = time.monotonic() + READY_SECONDS
    while time.monotonic() < deadline and served.process.poll() is None:
        try:
            if send(line, "GET", "/api/ready").status == 200:
                line.close()
                return
        except (OSError, HTTPException):
            line.close()
        time.sleep(0.05)
    raise EvaluationError("`gazette serve` did not become ready: start it by hand to see why")

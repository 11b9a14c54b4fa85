"""One writer at a time, and who it is.

`write.lock` is held with flock, so it falls free when its process dies, however it dies. `writing` names the
writer; it appears before a store is touched and goes when all of them agree again. Found by whoever takes
the lock next, it says that its writer died on the way and the indexes have to be reconciled first.
"""

from __future__ import annotations

import json
import os
import shlex
import socket
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from rag.errors import ArchiveError, ArchiveLocked

__all__ = [
    "LOCK_FILE",
    "WRITING_FILE",
    "Writer",
    "clear_writing",
    "current_writer",
    "is_unfinished",
    "mark_writing",
    "write_lock",
]

LOCK_FILE = "write.lock"
WRITING_FILE = "writing"
NOTICE_SECONDS = 10.0
COMMAND_CHARACTERS = 200


@dataclass(frozen=True, slots=True)
class Writer:
    """A process that writes, as others see it; `since` is local time, ISO 8601 to the second."""

    pid: int
    host: str
    command: str
    since: str

    def __str__(self) -> str:
        return f"process {self.pid} on {self.host} ({self.command}), since {self.since}"


@contextmanager
def write_lock(
    folder: Path,
    *,
    timeout_seconds: float,
    on_wait: Callable[[str], None] | None = None,
) -> Iterator[None]:
    """Holds the folder's write lock.

    Waits up to `timeout_seconds` for another writer and tells `on_wait`, at once and then every 10 seconds,
    who that is; 0 tries once. Two threads of one process exclude each other too.

    Raises:
        ArchiveLocked: the other writer did not finish in time; the message names it.
        ArchiveError: the folder can't be written to.
    """
    from filelock import FileLock, Timeout  # who only reads needs no lock

    lock = FileLock(folder / LOCK_FILE)
    deadline = time.monotonic() + timeout_seconds
    has_tried = False
    while True:
        remaining = max(0.0, deadline - time.monotonic())
        try:
            lock.acquire(timeout=min(remaining, NOTICE_SECONDS) if has_tried else 0)
            break
        except Timeout as error:
            has_tried = True
            writer = current_writer(folder) or "another process"
            if time.monotonic() >= deadline:
                raise ArchiveLocked(
                    f"The archive '{folder}' is being written by {writer}; waited {timeout_seconds:g} s: "
                    "try again when it has finished, or stop it."
                ) from error
            if on_wait is not None:
                on_wait(f"waiting for {writer}")
        except OSError as error:
            raise ArchiveError(
                f"The archive '{folder}' can't be written to ({error.strerror}): "
                "change the folder's permissions, or copy it to where you may write."
            ) from error
    try:
        yield
    finally:
        lock.release()


def mark_writing(folder: Path) -> None:
    """Leaves word, on disk when this returns, that this process is about to change the stores."""
    writer = Writer(os.getpid(), socket.gethostname(), _command_line(), datetime.now().isoformat(timespec="seconds"))
    path = folder / WRITING_FILE
    part = folder / f"{WRITING_FILE}.part"
    with part.open("w", encoding="utf-8") as stream:
        json.dump(asdict(writer), stream)
        stream.flush()
        os.fsync(stream.fileno())
    part.replace(path)
    _sync_folder(folder)


def clear_writing(folder: Path) -> None:
    """Says that the stores agree again."""
    (folder / WRITING_FILE).unlink(missing_ok=True)
    _sync_folder(folder)


def is_unfinished(folder: Path) -> bool:
    """Whether a writer is at work or, where the lock is free, died at it."""
    return (folder / WRITING_FILE).exists()


def current_writer(folder: Path) -> Writer | None:
    """The writer that left word last, or None."""
    try:
        return Writer(**json.loads((folder / WRITING_FILE).read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None  # gone in between, or cut off by a power failure: its name is all that is lost


def _sync_folder(folder: Path) -> None:
    """Brings renames and removals in a folder to disk."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _command_line() -> str:
    command = shlex.join([Path(sys.argv[0]).name or "python", *sys.argv[1:]]) if sys.argv else "python"
    return command if len(command) <= COMMAND_CHARACTERS else command[: COMMAND_CHARACTERS - 1] + "…"

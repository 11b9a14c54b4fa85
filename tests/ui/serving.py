"""A chat served as a user would serve it: a process of its own, asked over a real socket."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path

__all__ = ["ServedChat", "serve_chat", "serve_service"]

_PROGRAM = """
import sys
from {module} import {function}
from ui.server.running import ServerSettings
{model}
{function}(sys.argv[1], model=model, server=ServerSettings(port=0, {settings}))
"""


@dataclass(frozen=True)
class ServedChat:
    """Where a running chat answers, without the final slash, and the process it runs in."""

    address: str
    process: subprocess.Popen[str]


def serve_chat(
    archive_folder: Path, *, model_source: str = "model = None", settings: str = ""
) -> AbstractContextManager[ServedChat]:
    """The chat of an archive, until the block ends.

    `model_source` is Python that sets `model`, `settings` are further fields of `ServerSettings`, as Python.
    """
    program = _PROGRAM.format(module="ui.chat.application", function="run_chat", model=model_source, settings=settings)
    return _served(program, archive_folder)


def serve_service(
    archive_folder: Path, *, model_source: str = "model = None", settings: str = "", errors: Path | None = None
) -> AbstractContextManager[ServedChat]:
    """The service without the chat; `settings` are further fields of `ServerSettings`, as Python.

    What the process writes to standard error goes to the file `errors`, where one is given.
    """
    program = _PROGRAM.format(module="ui.api.service", function="run_service", model=model_source, settings=settings)
    return _served(program, archive_folder, errors)


@contextmanager
def _served(program: str, archive_folder: Path, errors: Path | None = None) -> Iterator[ServedChat]:
    command = [sys.executable, "-c", program, str(archive_folder)]
    with (
        errors.open("w") if errors else nullcontext() as log,
        subprocess.Popen(command, stdout=subprocess.PIPE, stderr=log, text=True) as process,
    ):
        try:
            assert process.stdout is not None
            line = process.stdout.readline()
            assert line.startswith("Gazette answers at "), line
            yield ServedChat(line.split()[3].removesuffix("api").rstrip("/"), process)
        finally:
            if process.poll() is None:
                process.send_signal(signal.SIGTERM)
            process.wait(timeout=20)

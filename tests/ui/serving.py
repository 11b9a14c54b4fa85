"""A chat served as a user would serve it: a process of its own, asked over a real socket."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

__all__ = ["ServedChat", "serve_chat"]

_PROGRAM = """
import sys
from ui.chat import run_chat
{model}
run_chat(sys.argv[1], port=0, model=model)
"""


@dataclass(frozen=True)
class ServedChat:
    """Where a running chat answers, without the final slash, and the process it runs in."""

    address: str
    process: subprocess.Popen[str]


@contextmanager
def serve_chat(archive_folder: Path, *, model_source: str = "model = None") -> Iterator[ServedChat]:
    """The chat of an archive, until the block ends; `model_source` is Python that sets `model`."""
    command = [sys.executable, "-c", _PROGRAM.format(model=model_source), str(archive_folder)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            line = process.stdout.readline()
            assert line.startswith("Gazette answers at "), line
            yield ServedChat(line.split()[3].rstrip("/"), process)
        finally:
            if process.poll() is None:
                process.send_signal(signal.SIGTERM)
            process.wait(timeout=20)

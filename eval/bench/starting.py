"""A command → how long it takes from nothing, by the clock: a new process each time, files in the system's cache."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from urllib.request import urlopen

from eval.bench.measuring import Figures, percentiles
from eval.errors import EvaluationError

__all__ = ["measure_starting"]

GAZETTE = (sys.executable, "-c", "from ui.command_line import main; raise SystemExit(main())")
QUESTION = "Who signed the Founding Act in Paris?"
PAGE_SECONDS = 120.0


def measure_starting(archives: dict[str, Path], rounds: int) -> Figures:
    """Seconds a command, a value a round; those that read an archive on each of `archives`, by its name.

    Raises `EvaluationError` where a command fails.
    """
    ways: dict[str, Callable[[], float]] = {"--help": partial(_run, "--help")}
    for name, path in archives.items():
        there = ("--archive", str(path))
        ways |= {
            f"list, {name}": partial(_run, "list", *there),
            f"search, {name}": partial(_run, "search", QUESTION, *there),
            f"ask, {name}": partial(_run, "ask", QUESTION, *there),
            f"page of chat, {name}": partial(_page_seconds, str(path)),
        }
    for way in ways.values():
        way()  # brings the files into the system's cache
    seconds: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(rounds):
        for name, way in ways.items():
            seconds[name].append(way())
    return {
        "rounds": rounds,
        "seconds": seconds,
        "summary": {name: {**percentiles(values), "least": min(values)} for name, values in seconds.items()},
    }


def _run(*arguments: str) -> float:
    started = time.perf_counter()
    ran = subprocess.run([*GAZETTE, *arguments], capture_output=True, text=True, check=False)
    taken = time.perf_counter() - started
    if ran.returncode:
        raise EvaluationError(f"`gazette {' '.join(arguments)}` failed: {ran.stderr.strip().splitlines()[-1:]}.")
    return taken


def _page_seconds(folder: str) -> float:
    """Until the web chat's page is served whole."""
    port = _free_port()
    command = [*GAZETTE, "chat", "--no-browser", "--port", str(port), "--archive", folder]
    started = time.perf_counter()
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        while time.perf_counter() - started < PAGE_SECONDS:
            if _is_served(port):
                return time.perf_counter() - started
            if server.poll() is not None:
                raise EvaluationError(f"`gazette chat --archive {folder}` ended with status {server.returncode}.")
            time.sleep(0.01)
        raise EvaluationError(f"`gazette chat` showed no page within {PAGE_SECONDS:g} seconds.")
    finally:
        server.kill()
        server.wait()


def _is_served(port: int) -> bool:
    """Whether the first address gives a page, itself or where it leads to."""
    try:
        with urlopen(f"http://127.0.0.1:{port}/", timeout=PAGE_SECONDS) as answer:
            return b"</html>" in answer.read().lower()
    except OSError:
        return False


def _free_port() -> int:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        return int(listening.getsockname()[1])

"""An archive, served, and readers who ask it at once → answers a second, their times, errors, memory, fairness.

    python -m eval.bench.load [--archive DIR --questions FILE] [--readers 1,4,16,64] [--seconds 20] [--add 1000]

The server is `gazette serve` as it comes, asked on this machine; its readers compute on the same cores, and how much
is told. Every question is asked once before anything is counted, because a server that has run for a while knows its
archive's sentences. Given `--add`, articles are added meanwhile to a copy of the archive, and what nobody may see is
looked for. Exit status 1 where there was an error, or a thing that nobody may see.
"""
# ruff: noqa: T201

from __future__ import annotations

import argparse
import json
import os
import platform
import shutil
import sys
import tempfile
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

from eval.bench.load_adding import AddedBeside, adding
from eval.bench.load_readers import ANSWER_SECONDS, Load, LoadMeasured, measure_load
from eval.bench.load_server import ServedArchive, send, serve_archive
from eval.question_sets import ANSWERABLE, UNANSWERABLE, read_questions
from eval.surroundings import commit, versions
from rag import Archive
from rag.sample import sample_folder

__all__ = ["Loaded", "main", "measure_loads"]

READERS = (1, 4, 16, 64)
SECONDS = 20.0
# Readers who ask every question once, before anything is counted.
WARMING_READERS = 4
PACKAGES = ("fastapi", "uvicorn", "openvino")


@dataclass(frozen=True, slots=True)
class Loaded:
    """One load, and what was added beside it."""

    measured: LoadMeasured
    added: AddedBeside | None = None

    @property
    def is_sound(self) -> bool:
        """Whether nobody met an error, or saw what nobody may."""
        return not (self.measured.errors or self.measured.fault_count or (self.added and self.added.faults))


def main(arguments: Sequence[str] | None = None) -> int:
    """Measures what the command line asks for and prints a table."""
    parser = argparse.ArgumentParser(prog="python -m eval.bench.load", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--archive", metavar="DIR", type=Path, help="the archive (default: the sample, made anew)")
    parser.add_argument("--questions", metavar="FILE", type=Path, help="its questions (default: the sample's)")
    parser.add_argument(
        "--readers", default=",".join(map(str, READERS)), help="how many at once, one load after another"
    )
    parser.add_argument("--seconds", type=float, default=SECONDS, help=f"how long each asks (default: {SECONDS:g})")
    parser.add_argument("--add", type=int, default=0, metavar="N", help="add so many articles beside each load")
    parser.add_argument("--server", default="", help="options of `gazette serve`, in one argument")
    parser.add_argument("--json", metavar="FILE", type=Path, help="also write the figures here")
    options = parser.parse_args(arguments)
    if options.archive and not options.questions:
        parser.error("an archive has no questions of its own: give --questions FILE")
    readers = [int(count) for count in options.readers.split(",")]
    questions = _questions(options.questions or sample_folder().parent / "questions.jsonl")
    with _archive(options.archive) as archive:
        loads = [Load(count, options.seconds, questions) for count in readers]
        loaded = measure_loads(archive, loads, add=options.add, server_options=options.server.split())
    _print(loaded)
    if options.json:
        options.json.write_text(json.dumps(_as_json(loaded, len(questions)), indent=1) + "\n", "utf-8")
    return 0 if all(one.is_sound for one in loaded) else 1


def measure_loads(
    archive: Path, loads: Sequence[Load], *, add: int = 0, server_options: Sequence[str] = ()
) -> list[Loaded]:
    """The loads one after the other on one server; with `add`, on a copy of the archive each, articles added beside."""
    loaded = []
    if add == 0:
        with serve_archive(archive, server_options) as served:
            _warm(loads[0].questions, served)
            return [Loaded(measure_load(served, load)) for load in loads]
    for load in loads:
        with tempfile.TemporaryDirectory() as folder:
            copy = shutil.copytree(archive, Path(folder) / "archive")
            with serve_archive(copy, server_options) as served:
                _warm(load.questions, served)
                with adding(copy, add, served, load.questions) as watch:
                    measured = measure_load(served, load)
            loaded.append(Loaded(measured, watch.added))
    return loaded


def _warm(questions: Sequence[str], served: ServedArchive) -> None:
    """Asks every question once; what fails here fails again where it is counted."""

    def ask(place: int) -> None:
        line = served.connect(ANSWER_SECONDS)
        for question in questions[place::WARMING_READERS]:
            send(line, "POST", "/api/ask", {"question": question})
        line.close()

    with ThreadPoolExecutor(WARMING_READERS) as pool:
        list(pool.map(ask, range(WARMING_READERS)))


def _questions(path: Path) -> list[str]:
    rows = read_questions(path, (ANSWERABLE, UNANSWERABLE))
    return [text for row in rows for text in row.text_by_language.values()]


@contextmanager
def _archive(folder: Path | None) -> Iterator[Path]:
    """The archive named, or the sample's, made for the length of the block."""
    if folder is not None:
        yield folder
        return
    with tempfile.TemporaryDirectory() as made:
        with Archive.open(Path(made) / "sample") as archive:
            archive.add(sample_folder())
        yield Path(made) / "sample"


def _print(loaded: Sequence[Loaded]) -> None:
    print(
        "readers  answers/s   p50 ms   p95 ms   p99 ms  fairness (least-most)  cores  memory MB  errors, waits, faults"
    )
    for one in loaded:
        row = one.measured
        cores = "—" if row.core_share is None else f"{row.core_share:.2f}"
        memory = f"{row.memory[0][1]:.0f}→{row.memory[-1][1]:.0f}" if row.memory else "—"
        least_most = f"{row.fairness:.3f} ({min(row.answers_by_reader)}-{max(row.answers_by_reader)})"
        print(
            f"{row.readers:7} {row.answers_per_second:10.1f} {row.p50_ms:8.0f} {row.p95_ms:8.0f} {row.p99_ms:8.0f}  "
            f"{least_most:>21}  {cores:>5}  {memory:>9}  {row.errors or 'none'}, {row.told_to_wait}, {row.fault_count}"
        )
        for fault in row.faults:
            print(f"  fault: {fault}")
        if one.added:
            added = one.added
            print(
                f"  {added.articles} articles added in {added.states} states and {added.seconds:.0f} s, counted "
                f"{added.looks} times, {added.citations_checked} passages checked: {len(added.faults)} faults"
            )
            for fault in added.faults:
                print(f"  fault: {fault}")


def _as_json(loaded: Sequence[Loaded], question_count: int) -> dict[str, Any]:
    return {
        "questions": question_count,
        "cores": os.cpu_count(),
        "machine": platform.machine(),
        "versions": versions() | {name: version(name) for name in PACKAGES},
        "commit": commit(),
        "loads": [asdict(one) for one in loaded],
    }


if __name__ == "__main__":
    sys.exit(main())

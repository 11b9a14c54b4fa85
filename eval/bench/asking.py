"""An archive → how long its questions take, by stage, and what the process that answers them needs.

Each archive is asked by a process of its own, so that its memory is its own; each question is asked once, after a few
that warm up, because an answer's sentences are kept for the next.
"""
# ruff: noqa: T201

from __future__ import annotations

import json
import resource
import subprocess
import sys
import time
from dataclasses import asdict
from pathlib import Path

from eval.bench.measuring import Figures, percentiles
from eval.bench.recombining import Recombiner
from eval.errors import EvaluationError
from eval.question_sets import ANSWERABLE, read_questions
from rag import Archive, Assistant, collect_seldom
from rag.sample import sample_folder
from rag.stages import timed_stages

__all__ = ["main", "measure_asking"]

WARMING = 12
# Titles of articles that no archive holds, asked where the sample's questions are too few.
FIRST_TITLE = 2_000_000_000


def measure_asking(archive: Path, question_count: int) -> Figures:
    """Milliseconds a question, by the clock and of computing, by stage; memory, disk, and the archive's own figures.

    Raises `EvaluationError` where asking fails.
    """
    command = [sys.executable, "-m", __name__, str(archive), str(question_count)]
    asked = subprocess.run(command, capture_output=True, text=True, check=False)
    if asked.returncode:
        said = (asked.stderr.strip().splitlines() or ["nothing"])[-1]
        raise EvaluationError(f"Asking '{archive}' failed and said «{said}»: see that `gazette ask` works there.")
    figures: Figures = json.loads(asked.stdout)
    return figures


def main() -> None:
    """Asks the archive that the command line names, and prints the figures as JSON."""
    folder, count = Path(sys.argv[1]), int(sys.argv[2])
    questions = _questions(WARMING + count)
    collect_seldom()  # as whatever serves an archive does
    started = time.perf_counter()
    with Archive.open(folder, create=False) as archive:
        assistant = Assistant(archive)
        assistant.ask(questions[0])
        first_ms = 1000 * (time.perf_counter() - started)
        for question in questions[1:WARMING]:
            assistant.ask(question)
        wall, cpu = [], []
        by_stage: dict[str, list[float]] = {}
        for question in questions[WARMING:]:
            began, computed = time.perf_counter(), time.process_time()
            with timed_stages() as times:
                assistant.ask(question)
            wall.append(1000 * (time.perf_counter() - began))
            cpu.append(1000 * (time.process_time() - computed))
            for stage, spent in times.items():
                by_stage.setdefault(stage, []).append(spent.wall_ms)
        peak_mb = _peak_memory_mb()
        info = archive.info()
    figures = {
        "questions": count,
        "first_answer_ms": first_ms,
        "wall_ms": percentiles(wall),
        "cpu_ms": percentiles(cpu),
        "stages_ms": {stage: percentiles(values) for stage, values in by_stage.items()},
        "peak_memory_mb": peak_mb,
        "disk_bytes": sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()),
        "archive": {key: value for key, value in asdict(info).items() if isinstance(value, int | float | str)},
    }
    print(json.dumps(figures))


def _peak_memory_mb() -> float:
    """Linux says it of the program alone; `getrusage` counts what the process was before the program began, too."""
    status = Path("/proc/self/status")
    if status.exists():
        (line,) = (line for line in status.read_text().splitlines() if line.startswith("VmHWM:"))
        return int(line.split()[1]) / 1e3
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1e6 if sys.platform == "darwin" else 1e3)


def _questions(count: int) -> list[str]:
    rows = read_questions(sample_folder().parent / "questions.jsonl", (ANSWERABLE,))
    questions = [text for row in rows for text in row.text_by_language.values()]
    recombiner = Recombiner()
    titles = (f"{recombiner.article(FIRST_TITLE + number).article.title} ?" for number in range(count))
    return [*questions, *titles][:count]


if __name__ == "__main__":
    main()

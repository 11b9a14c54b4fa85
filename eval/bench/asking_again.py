"""An archive and a questions file → what an answer costs, asked for the first time and again, by stage.

    python -m eval.bench.asking_again ARCHIVE questions.jsonl [--limit 100] [--json]

Every question is asked once, in the order of the file, and then all of them once more: what was kept in memory since
makes the difference. A few questions before, not counted, load the model and the indexes.
"""
# ruff: noqa: T201

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from itertools import islice
from pathlib import Path

import numpy as np

from eval.question_sets import ANSWER_KINDS, read_questions
from rag import Archive, Assistant
from rag.stages import StageTime, timed_stages

__all__ = ["AskingTimes", "Spread", "StageSpread", "main", "measure_asking"]

WARMING = ("Who met in Brussels?", "Combien de soldats ?", "When was the agreement signed?")
# What `rag.stages` does not tell apart is in this one too.
WHOLE = "answer"


@dataclass(frozen=True, slots=True)
class Spread:
    """Percentiles of milliseconds over questions."""

    p50: float
    p95: float
    p99: float


@dataclass(frozen=True, slots=True)
class StageSpread:
    """One stage of answering, or `WHOLE`: by the clock, and what the process computed for."""

    stage: str
    wall_ms: Spread
    cpu_ms: Spread


@dataclass(frozen=True, slots=True)
class AskingTimes:
    """What `questions` different questions cost, by stage: asked for the first time, and again."""

    questions: int
    first: tuple[StageSpread, ...]
    again: tuple[StageSpread, ...]


def main(arguments: Sequence[str] | None = None) -> None:
    """Prints the times of the archive and questions that the command line names."""
    parser = argparse.ArgumentParser(
        prog="python -m eval.bench.asking_again", description=(__doc__ or "").splitlines()[0]
    )
    parser.add_argument("archive", type=Path)
    parser.add_argument("questions", type=Path, help="questions file (JSONL)")
    parser.add_argument("--limit", type=int, help="ask no more than so many")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args(arguments)
    rows = read_questions(options.questions, ANSWER_KINDS)
    texts = dict.fromkeys(text for row in rows for text in row.text_by_language.values())
    with Archive.open(options.archive, create=False) as archive:
        times = measure_asking(archive, list(islice(texts, options.limit)))
    if options.json:
        print(json.dumps(asdict(times)))
        return
    print(f"{times.questions} questions      CPU ms: p50     p95     p99   wall ms: p50     p95     p99")
    for name, spreads in (("first", times.first), ("again", times.again)):
        for one in spreads:
            cpu, wall = one.cpu_ms, one.wall_ms
            print(
                f"{name}  {one.stage:12} {cpu.p50:12.1f} {cpu.p95:7.1f} {cpu.p99:7.1f} "
                f"{wall.p50:14.1f} {wall.p95:7.1f} {wall.p99:7.1f}"
            )


def measure_asking(archive: Archive, questions: Sequence[str]) -> AskingTimes:
    """Asks every question twice, one after the other, without a chat model; at least one."""
    assistant = Assistant(archive)
    for question in WARMING:
        assistant.ask(question)
    return AskingTimes(len(questions), _asked(assistant, questions), _asked(assistant, questions))


def _asked(assistant: Assistant, questions: Sequence[str]) -> tuple[StageSpread, ...]:
    times_by_stage: dict[str, list[StageTime]] = {}
    for question in questions:
        wall, cpu = time.perf_counter(), time.process_time()
        with timed_stages() as times:
            assistant.ask(question)
        whole = StageTime(1000 * (time.perf_counter() - wall), 1000 * (time.process_time() - cpu))
        for stage, one in {**times, WHOLE: whole}.items():
            times_by_stage.setdefault(stage, []).append(one)
    return tuple(
        StageSpread(stage, _spread([one.wall_ms for one in times]), _spread([one.cpu_ms for one in times]))
        for stage, times in times_by_stage.items()
    )


def _spread(values: Sequence[float]) -> Spread:
    return Spread(*(round(float(value), 2) for value in np.percentile(values, (50, 95, 99))))


if __name__ == "__main__":
    main()

"""Questions → what each gave, written down as it comes, so that a run that was killed goes on where it stopped.

What evaluations of finding and of answering have in common: where a run is saved, and how its questions are asked.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any, Protocol, TypeVar

from eval.collection import Collection
from eval.question_sets import Question
from eval.runs import RUN_FILE, Run, RunSettings, load_run
from rag.writing import Progress, ProgressCallback

__all__ = ["WARM_UP_QUESTIONS", "ask_all", "finished_run", "forget_partial", "notes_on", "now", "run_folder"]

WARM_UP_QUESTIONS = 3
PARTIAL_FILE = "partial.jsonl"


class _HasId(Protocol):
    @property
    def id(self) -> str: ...


Result = TypeVar("Result", bound=_HasId)


def run_folder(base: Path, settings: RunSettings) -> Path:
    """Where the run with these settings is saved: another setting, text or line of code gives another folder."""
    digest = sha256(json.dumps([getattr(settings, name) for name in settings.__slots__]).encode()).hexdigest()
    return base / f"{settings.collection}.{settings.system}.{digest[:10]}"


def finished_run(base: Path, settings: RunSettings) -> Run | None:
    """The run with these settings where it is saved already, else None, and a folder to save it in."""
    folder = run_folder(base, settings)
    if (folder / RUN_FILE).exists():
        return load_run(folder)
    folder.mkdir(parents=True, exist_ok=True)
    return None


def ask_all(
    questions: Sequence[Question],
    ask: Callable[[Question], Result],
    folder: Path,
    *,
    written: tuple[Callable[[Result], dict[str, Any]], Callable[[dict[str, Any]], Result]],
    progress: ProgressCallback | None = None,
) -> dict[str, Result]:
    """Every question's result by its id, in the order of the questions.

    What an earlier run left in `folder` is not asked again; `written` makes a JSON object of a result and a result
    of a JSON object.
    """
    as_record, from_record = written
    partial = folder / PARTIAL_FILE
    done = {result.id: result for result in map(from_record, _whole_lines(partial))}
    with partial.open("a", encoding="utf-8") as stream:
        for question in questions:
            if question.id in done:
                continue
            result = ask(question)
            done[result.id] = result
            stream.write(json.dumps(as_record(result), ensure_ascii=False) + "\n")
            stream.flush()
            if progress:
                progress(Progress(f"asking {folder.name}", len(done), len(questions), "questions"))
    return {question.id: done[question.id] for question in questions}


def notes_on(collection: Collection, questions: Sequence[Question]) -> tuple[str, ...]:
    """What a reader of the figures has to know of the questions."""
    synthetic = sum(question.is_synthetic for question in questions)
    known = {question.id for question in questions if question.evidence}
    lost = sum(
        any(row.evidence_by_language.values()) and known.isdisjoint(row.id_by_language.values())
        for row in collection.rows
    )
    notes = []
    if synthetic:
        notes.append(f"{synthetic} of {len(questions)} questions are synthetic: no person wrote them.")
    if lost:
        notes.append(f"The evidence of {lost} questions stands in none of their articles as they were read.")
    return tuple(notes)


def now() -> str:
    """The time in UTC, ISO 8601."""
    return datetime.now(UTC).isoformat(timespec="seconds")


def forget_partial(folder: Path) -> None:
    """Removes what `ask_all` wrote, once the run is saved."""
    (folder / PARTIAL_FILE).unlink()


def _whole_lines(path: Path) -> list[dict[str, Any]]:
    """What a killed run has written; its last line may be torn, and is cut off."""
    if not path.exists():
        return []
    whole = path.read_bytes().rpartition(b"\n")[0]
    path.write_bytes(whole + b"\n" if whole else b"")
    return [json.loads(line) for line in whole.decode("utf-8").split("\n")] if whole else []

"""One system's answers to one question set, as a record and as a folder.

    run.json    settings, fingerprints, versions, costs, and what each question found
    run.trec    the whole rankings, `question Q0 article rank score tag`; not of answers

Whatever may change a result is in `RunSettings`; two runs with equal settings differ in their latencies alone.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from eval.errors import EvaluationError
from eval.evaluations import EVALUATIONS, RETRIEVAL, Evaluation

__all__ = [
    "AnswerGiven",
    "Costs",
    "FoundArticle",
    "QuestionResult",
    "Ranking",
    "RelevantArticle",
    "Run",
    "RunSettings",
    "load_run",
    "question_from",
    "read_trec_run",
    "save_run",
    "write_file",
    "write_trec_run",
]

RUN_FILE = "run.json"
TREC_FILE = "run.trec"
_FORMAT = 1

# Score by article id, best first.
Ranking = dict[str, float]


@dataclass(frozen=True, slots=True)
class RunSettings:
    """What was run on what. Of a run that others made, only the collection, the system and the questions are known.

    `questions_fingerprint` covers the questions, their judgements and evidence: runs are compared where it is the
    same. `code_fingerprint` covers the source of `embeddings` and `rag`. `options` is what else was asked for, one
    thing each («strict», «model ollama:…»).
    """

    collection: str
    system: str
    questions_fingerprint: str
    encoder: str | None = None
    encoder_fingerprint: str | None = None
    articles_fingerprint: str | None = None
    code_fingerprint: str | None = None
    evaluation: str = RETRIEVAL.name
    options: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Costs:
    """What indexing took; None where it is not known. `index_seconds` is that of one go without interruption."""

    articles: int | None = None
    chunks: int | None = None
    index_seconds: float | None = None
    archive_bytes: int | None = None


@dataclass(frozen=True, slots=True)
class RelevantArticle:
    """An article judged relevant: its grade, and its rank from 1, None where it was not found."""

    id: str
    grade: int
    rank: int | None
    language: str | None = None
    title: str = ""


@dataclass(frozen=True, slots=True)
class FoundArticle:
    """One of the first articles found, or an article cited; `passage` is its best passage, shortened, or the quote."""

    id: str
    title: str = ""
    passage: str = ""


@dataclass(frozen=True, slots=True)
class AnswerGiven:
    """What a question was answered with.

    `kind` is the question's, `expected` what was accepted, one text for each part of the answer. `stages` are
    milliseconds by the clock and computed, by stage; «rest» is what belongs to none, «total» the whole.
    """

    kind: str
    text: str
    refused: bool
    confidence: float | None
    expected: tuple[str, ...]
    stages: dict[str, tuple[float, float]]
    completed: str | None = None
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class QuestionResult:
    """What one question found, or was answered with and `found` cited, and its measures.

    `evidence_rank` is the rank of the first passage that holds the evidence, None where none does or, without
    `has_evidence`, none is known.
    """

    id: str
    text: str
    language: str | None
    type: str | None
    relevant: tuple[RelevantArticle, ...]
    found: tuple[FoundArticle, ...]
    values: dict[str, float]
    latency_ms: float | None = None
    has_evidence: bool = False
    evidence_rank: int | None = None
    is_synthetic: bool = False
    answer: AnswerGiven | None = None

    @property
    def article_language(self) -> str | None:
        """The language of the articles judged relevant; «mixed» where they have several, «none» without any."""
        languages = {article.language for article in self.relevant if article.grade > 0}
        if not languages:
            return "none"
        return next(iter(languages)) if len(languages) == 1 else "mixed"


@dataclass(frozen=True, slots=True)
class Run:
    """A system's results on a question set. `created` is in UTC, ISO 8601; `commit` None outside a repository."""

    settings: RunSettings
    created: str
    questions: tuple[QuestionResult, ...]
    versions: dict[str, str]
    commit: str | None = None
    costs: Costs = Costs()
    notes: tuple[str, ...] = ()

    @property
    def evaluation(self) -> Evaluation:
        """What was evaluated."""
        return EVALUATIONS[self.settings.evaluation]


def save_run(run: Run, folder: Path, rankings: Mapping[str, Ranking] | None = None) -> None:
    """Writes the run into `folder`, made when missing; `run.json` last and whole, so that it tells a finished run."""
    folder.mkdir(parents=True, exist_ok=True)
    if rankings is not None:
        write_trec_run(rankings, folder / TREC_FILE, run.settings.system)
    record = {"format": _FORMAT, **asdict(run)}
    write_file(folder / RUN_FILE, json.dumps(record, ensure_ascii=False, indent=1) + "\n")


def load_run(folder: Path) -> Run:
    """The run saved in `folder`. Raises `EvaluationError` where there is none, or it is damaged."""
    path = folder / RUN_FILE
    try:
        record = json.loads(path.read_text("utf-8"))
    except OSError as error:
        raise EvaluationError(
            f"There is no saved run in '{folder}' ({error.strerror}): give a folder with a run.json."
        ) from error
    except ValueError as error:
        raise EvaluationError(f"'{path}' is damaged ({error}): run the evaluation again.") from error
    if not isinstance(record, dict) or record.pop("format", None) != _FORMAT:
        raise EvaluationError(f"'{path}' is no run of format {_FORMAT}: run the evaluation again.")
    try:
        return _run_from(record)
    except (TypeError, KeyError, AttributeError) as error:
        raise EvaluationError(f"'{path}' is damaged ({error}): run the evaluation again.") from error


def write_trec_run(rankings: Mapping[str, Ranking], path: Path, tag: str = "gazette") -> None:
    """Writes `question Q0 article rank score tag` lines, best first, ranks from 1."""
    lines = [
        f"{question_id} Q0 {article_id} {rank} {score:.6f} {tag}\n"
        for question_id, ranking in rankings.items()
        for rank, (article_id, score) in enumerate(sorted(ranking.items(), key=lambda item: -item[1]), start=1)
    ]
    write_file(path, "".join(lines))


def read_trec_run(path: Path) -> dict[str, Ranking]:
    """Rankings by question id, as trec_eval reads them: by score, not by the rank that is written.

    Raises `EvaluationError` naming the line and why.
    """
    scores: dict[str, Ranking] = {}
    try:
        text = path.read_text("utf-8-sig")
    except OSError as error:
        raise EvaluationError(f"'{path}' can't be read: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise EvaluationError(f"'{path}' is not UTF-8 at byte {error.start}: is it a TREC run?") from error
    for number, line in enumerate(text.split("\n"), start=1):
        fields = line.split()
        if not fields:
            continue
        try:
            question_id, _, article_id, _, score, _ = fields
            value = float(score)
        except ValueError as error:
            raise EvaluationError(f"'{path}' line {number} is no «question Q0 article rank score tag».") from error
        if article_id in scores.setdefault(question_id, {}):
            raise EvaluationError(f"'{path}' line {number} lists «{article_id}» for «{question_id}» a second time.")
        scores[question_id][article_id] = value
    if not scores:
        raise EvaluationError(f"'{path}' is empty: give a TREC run.")
    return {
        id_: dict(sorted(ranking.items(), key=lambda item: (item[1], item[0]), reverse=True))
        for id_, ranking in scores.items()
    }


def write_file(path: Path, text: str) -> None:
    """Writes a text file at once: a reader sees the old one or the whole new one."""
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    beside.write_text(text, encoding="utf-8")
    beside.replace(path)


def question_from(record: dict[str, Any]) -> QuestionResult:
    """The result that was written as this JSON object. Raises `TypeError` or `KeyError` where it is none."""
    answer = record.get("answer")
    return QuestionResult(
        **{
            **record,
            "relevant": tuple(RelevantArticle(**article) for article in record["relevant"]),
            "found": tuple(FoundArticle(**article) for article in record["found"]),
            "answer": answer and _answer_from(answer),
        }
    )


def _answer_from(record: dict[str, Any]) -> AnswerGiven:
    stages = {name: (times[0], times[1]) for name, times in record["stages"].items()}
    return AnswerGiven(
        **{**record, "stages": stages, "expected": tuple(record["expected"]), "notes": tuple(record["notes"])}
    )


def _run_from(record: dict[str, Any]) -> Run:
    settings = RunSettings(**{**record["settings"], "options": tuple(record["settings"].get("options", ()))})
    if settings.evaluation not in EVALUATIONS:
        raise KeyError(settings.evaluation)
    changed = {
        "settings": settings,
        "questions": tuple(question_from(question) for question in record["questions"]),
        "costs": Costs(**record["costs"]),
        "notes": tuple(record["notes"]),
    }
    return Run(**{**record, **changed})

"""What is named on the command line → a collection: articles to find, and questions to find them by.

A BEIR folder brings both, and so does a file of ALCE or RGB. An archive, or articles that are yet to be read, need a
questions file beside them.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection as Kinds
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from eval.answer_sets import PosedQuestion, is_answer_set, read_answer_set
from eval.beir import CORPUS, is_beir, read_beir
from eval.errors import EvaluationError
from eval.question_sets import ANSWERABLE, Question, QuestionRow, read_questions
from eval.resolving import resolve_questions
from rag import Archive

__all__ = ["Collection", "open_collection", "questions_fingerprint"]

# The file by which an archive's folder is known.
_STORE = "gazette.db"


@dataclass(frozen=True, slots=True)
class Collection:
    """`source` is what the archive is made from, or the archive itself; `articles_fingerprint` covers its articles.

    Of a BEIR folder the questions are `judged`; those of a questions file wait as `rows` for the archive; those that
    are asked of a few articles each are `posed`.
    """

    name: str
    source: Path
    is_archive: bool
    articles_fingerprint: str
    questions_file: Path | None = None
    rows: tuple[QuestionRow, ...] = ()
    judged: tuple[Question, ...] = ()
    posed: tuple[PosedQuestion, ...] = ()

    def questions(self, archive: Archive) -> tuple[Question, ...]:
        """The questions, their articles looked up in the archive. Raises `EvaluationError`."""
        if self.questions_file is None:
            return self.judged
        return resolve_questions(self.questions_file, self.rows, archive.articles())


def open_collection(
    source: Path, questions_file: Path | None = None, *, name: str | None = None, kinds: Kinds[str] = (ANSWERABLE,)
) -> Collection:
    """The collection at `source`: a BEIR folder, an archive, anything that `gazette add` reads, or an ALCE or RGB file.

    It is called by the name of its folder or file unless a `name` is given. Of a questions file the questions of the
    `kinds` are read.

    Raises `EvaluationError` where it is missing, or lacks questions, or a line can't be read.
    """
    kind = _kind(source)
    if kind == "beir":
        if questions_file is not None:
            raise EvaluationError(f"'{source}' is a BEIR folder with queries of its own: leave --questions out.")
        return Collection(
            _name(source), source / CORPUS, False, _files_sha256([source / CORPUS]), judged=read_beir(source)
        )
    if kind == "posed" and questions_file is None:
        posed = read_answer_set(source)
        return Collection(_name(source), source, False, _files_sha256([source]), posed=posed)
    if questions_file is None:
        raise EvaluationError(
            f"'{source}' holds no queries.jsonl and qrels/: give its questions with --questions FILE "
            "(`gazette eval questions` drafts some), or give a BEIR folder."
        )
    rows = tuple(read_questions(questions_file, kinds))
    if kind == "archive":
        with Archive.open(source, create=False) as archive:
            fingerprint = _articles_sha256(archive)
    else:
        fingerprint = _files_sha256(sorted(source.rglob("*")) if source.is_dir() else [source])
    return Collection(name or _name(source), source, kind == "archive", fingerprint, questions_file, rows)


def questions_fingerprint(questions: Iterable[Question], *, with_answers: bool = False) -> str:
    """Identifies the questions with their judgements and evidence, and where asked with what answers them."""
    digest = hashlib.sha256()
    for question in questions:
        evidence = sorted((place.article_id, place.start, place.end) for place in question.evidence)
        record: list[object] = [question.id, question.text, sorted(question.relevance.items()), evidence]
        if with_answers:
            record += [question.kind, [sorted(part.items()) for part in question.accepted], question.after]
        digest.update(json.dumps(record, ensure_ascii=False).encode())
    return digest.hexdigest()[:16]


def _kind(source: Path) -> Literal["beir", "archive", "articles", "posed"]:
    if not source.exists():
        raise EvaluationError(f"'{source}' is missing: give a BEIR folder, an archive or a folder of articles.")
    if (source / _STORE).is_file():
        return "archive"
    if is_beir(source):
        return "beir"
    return "posed" if is_answer_set(source) else "articles"


def _name(source: Path) -> str:
    return source.resolve().name.removesuffix(".jsonl").removesuffix(".json") or "collection"


def _files_sha256(paths: Iterable[Path]) -> str:
    digest = hashlib.sha256()
    for path in paths:
        if path.is_file():
            digest.update(f"{path.name}\0".encode())
            with path.open("rb") as stream:
                digest.update(hashlib.file_digest(stream, "sha256").digest())
    return digest.hexdigest()[:16]


def _articles_sha256(archive: Archive) -> str:
    digest = hashlib.sha256()
    for article in sorted(archive.articles(), key=lambda article: article.id):
        digest.update(json.dumps([article.id, article.title, article.text, article.language]).encode())
    return digest.hexdigest()[:16]

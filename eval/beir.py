"""A BEIR folder → questions. Its corpus is read by the archive, like any other file.

    corpus.jsonl      one article a line: _id, title, text, metadata
    queries.jsonl     one query a line: _id, text
    qrels/NAME.tsv    query-id, corpus-id, score; the first line holds these names

Thakur et al. 2021, «BEIR: A Heterogeneous Benchmark for Zero-shot Evaluation of Information Retrieval Models».
"""

from __future__ import annotations

from pathlib import Path

from eval.errors import EvaluationError
from eval.question_sets import Question, read_lines
from rag.language import detect_language

__all__ = ["CORPUS", "is_beir", "read_beir"]

CORPUS = "corpus.jsonl"
_QUERIES = "queries.jsonl"


def is_beir(folder: Path) -> bool:
    """Whether `folder` looks like one, were it to lack a file."""
    return any((folder / name).exists() for name in (_QUERIES, "qrels"))


def read_beir(folder: Path) -> tuple[Question, ...]:
    """The queries with at least one judgement above 0, in the order of the judgements.

    Of several files in qrels/, test.tsv is read, else the first by name.

    Raises `EvaluationError` naming the file, the line and why.
    """
    judgements = sorted((folder / "qrels").glob("*.tsv"), key=lambda path: (path.name != "test.tsv", path.name))
    for path in (folder / CORPUS, folder / _QUERIES):
        if not path.is_file():
            raise EvaluationError(
                f"'{path}' is missing: a BEIR folder holds corpus.jsonl, queries.jsonl and qrels/*.tsv."
            )
    if not judgements:
        raise EvaluationError(f"'{folder / 'qrels'}' holds no .tsv file with judgements.")
    relevance = _read_judgements(judgements[0])
    text_by_id = _read_queries(folder / _QUERIES)
    missing = sorted(relevance.keys() - text_by_id.keys())
    if missing:
        raise EvaluationError(f"'{judgements[0]}' judges the query «{missing[0]}», which queries.jsonl lacks.")
    questions = tuple(
        Question(id_, text_by_id[id_], detect_language(text_by_id[id_]), grades)
        for id_, grades in relevance.items()
        if any(grade > 0 for grade in grades.values())
    )
    if not questions:
        raise EvaluationError(f"'{judgements[0]}' judges no article relevant: there is nothing to measure.")
    return questions


def _read_queries(path: Path) -> dict[str, str]:
    text_by_id: dict[str, str] = {}
    for line, record in read_lines(path):
        id_, text = record.get("_id"), record.get("text")
        if not isinstance(id_, str | int) or not isinstance(text, str) or not text.strip():
            raise EvaluationError(f"'{path}' line {line} holds no _id and text.")
        if str(id_) in text_by_id:
            raise EvaluationError(f"'{path}' line {line}: the _id «{id_}» stands twice.")
        text_by_id[str(id_)] = text
    return text_by_id


def _read_judgements(path: Path) -> dict[str, dict[str, int]]:
    relevance: dict[str, dict[str, int]] = {}
    with path.open(encoding="utf-8-sig") as stream:
        next(stream, None)  # the names of the columns
        for number, line in enumerate(stream, start=2):
            if not line.strip():
                continue
            try:
                query_id, article_id, score = line.rstrip("\r\n").split("\t")
                relevance.setdefault(query_id, {})[article_id] = int(score)
            except ValueError as error:
                raise EvaluationError(
                    f"'{path}' line {number} is no «query-id, corpus-id, score» by tabs, the score a whole number."
                ) from error
    return relevance

"""A BEIR folder → queries and judgements. Its corpus is read by the archive, like any other file.

    corpus.jsonl      one article a line: _id, title, text, metadata
    queries.jsonl     one query a line: _id, text
    qrels/NAME.tsv    query-id, corpus-id, score; the first line holds these names

Thakur et al. 2021, «BEIR: A Heterogeneous Benchmark for Zero-shot Evaluation of Information Retrieval Models».
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from rag import ReadingError

__all__ = ["TestCollection", "read_beir"]


@dataclass(frozen=True, slots=True)
class TestCollection:
    """What a run is measured against; `relevance` is by query id, then article id, higher is better.

    Only queries with at least one judgement are kept.
    """

    name: str
    corpus: Path
    query_by_id: dict[str, str]
    relevance: dict[str, dict[str, int]]


def read_beir(folder: Path) -> TestCollection:
    """The collection in `folder`; of several files in qrels/, test.tsv, else the first by name.

    Raises `ReadingError` naming the file, the line and why.
    """
    corpus = folder / "corpus.jsonl"
    judgements = sorted((folder / "qrels").glob("*.tsv"), key=lambda path: (path.name != "test.tsv", path.name))
    for path in (corpus, folder / "queries.jsonl", *judgements[:1]):
        if not path.is_file():
            raise ReadingError(f"'{path}' is missing: a BEIR folder holds corpus.jsonl, queries.jsonl and qrels/*.tsv.")
    if not judgements:
        raise ReadingError(f"'{folder / 'qrels'}' holds no .tsv file with judgements.")
    relevance = _read_judgements(judgements[0])
    queries = _read_queries(folder / "queries.jsonl")
    missing = sorted(relevance.keys() - queries.keys())
    if missing:
        raise ReadingError(f"'{judgements[0]}' judges the query «{missing[0]}», which queries.jsonl lacks.")
    return TestCollection(folder.name, corpus, {id_: queries[id_] for id_ in relevance}, relevance)


def _read_queries(path: Path) -> dict[str, str]:
    queries: dict[str, str] = {}
    with path.open(encoding="utf-8") as stream:
        for number, line in enumerate(stream, start=1):
            if not line.strip():
                continue
            try:
                record = json.loads(line)
                queries[str(record["_id"])] = str(record["text"])
            except (ValueError, KeyError, TypeError) as error:
                raise ReadingError(f"'{path}' line {number} holds no _id and text: {error!r}.") from error
    return queries


def _read_judgements(path: Path) -> dict[str, dict[str, int]]:
    relevance: dict[str, dict[str, int]] = {}
    with path.open(encoding="utf-8") as stream:
        next(stream, None)  # the names of the columns
        for number, line in enumerate(stream, start=2):
            if not line.strip():
                continue
            try:
                query_id, article_id, score = line.rstrip("\r\n").split("\t")
                relevance.setdefault(query_id, {})[article_id] = int(score)
            except ValueError as error:
                raise ReadingError(f"'{path}' line {number} is no «query-id, corpus-id, score» by tabs.") from error
    return relevance

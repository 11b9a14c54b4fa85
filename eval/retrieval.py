"""A collection → a run of the archive's own search → measures. Nothing here finds: it asks and counts."""

from __future__ import annotations

import statistics
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from eval.beir import TestCollection
from rag import Archive, ReadingError

__all__ = ["MEASURES", "RetrievalResult", "measure", "run_retrieval", "write_trec_run"]

MEASURES = ("nDCG@10", "R@10", "RR", "Success@1")
# Passages asked for each query; several may be of one article.
PASSAGE_COUNT = 100

Run = dict[str, dict[str, float]]


@dataclass(frozen=True, slots=True)
class RetrievalResult:
    """One collection's measures (means over its queries, 0 to 1), latencies and the run they come from."""

    collection: str
    encoder: str
    queries: int
    value_by_measure: dict[str, float]
    index_seconds: float
    latency_p50_ms: float
    latency_p95_ms: float
    run: Run


def run_retrieval(collection: TestCollection, *, encoder: str | None = None) -> RetrievalResult:
    """Indexes the collection in a new archive and asks each of its queries once, after one that warms up.

    Raises `ReadingError` where the corpus can't be read whole.
    """
    with tempfile.TemporaryDirectory(prefix="gazette-eval-") as folder:
        archive = Archive.open(Path(folder) / "archive", encoder=encoder)
        started = time.perf_counter()
        report = archive.add(collection.corpus)
        index_seconds = time.perf_counter() - started
        if report.failed:
            failure = report.failed[0]
            raise ReadingError(f"'{failure.origin}' can't be read: {failure.reason}.")
        for text in list(collection.query_by_id.values())[:1]:
            archive.search(text, limit=1)
        run: Run = {}
        latencies_ms: list[float] = []
        for id_, text in collection.query_by_id.items():
            started = time.perf_counter()
            run[id_] = dict(_ranked_articles(archive, text))
            latencies_ms.append(1000 * (time.perf_counter() - started))
        name = archive.encoder.name
        archive.close()
    return RetrievalResult(
        collection.name,
        name,
        len(run),
        measure(collection.relevance, run),
        index_seconds,
        statistics.median(latencies_ms),
        statistics.quantiles(latencies_ms, n=20)[-1] if len(latencies_ms) > 1 else latencies_ms[0],
        run,
    )


def measure(relevance: dict[str, dict[str, int]], run: Run) -> dict[str, float]:
    """The measures of a run by ir-measures; a query without results counts as 0."""
    import ir_measures

    wanted = {name: ir_measures.parse_measure(name) for name in MEASURES}
    found = ir_measures.calc_aggregate(list(wanted.values()), relevance, run)
    return {name: float(found[parsed]) for name, parsed in wanted.items()}


def write_trec_run(run: Run, path: Path, tag: str = "gazette") -> None:
    """Writes `query Q0 article rank score tag` lines, best first, ranks from 1."""
    with path.open("w", encoding="utf-8") as stream:
        for query_id, scores in run.items():
            for rank, (article_id, score) in enumerate(sorted(scores.items(), key=lambda item: -item[1]), start=1):
                stream.write(f"{query_id} Q0 {article_id} {rank} {score:.6f} {tag}\n")


def _ranked_articles(archive: Archive, query: str) -> Iterator[tuple[str, float]]:
    """Articles by their best passage, near copies right behind the article they were merged into.

    Scores are 1 / rank, so that no two are equal and the order is the archive's.
    """
    passages = archive.search(query, limit=PASSAGE_COUNT)
    ids = [article.id for passage in passages for article in (passage.article, *passage.copies)]
    for rank, id_ in enumerate(dict.fromkeys(ids), start=1):
        yield id_, 1 / rank

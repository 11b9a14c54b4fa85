"""Archives of several sizes → what one more chunk and one question cost in each, and what ten times the largest would.

A chunk's cost is counted in processor time on a copy of the archive, as is whatever the archive does to keep itself
in order meanwhile. What ten million chunks would need is a straight line through the two largest sizes: fair for what
grows with the archive, and more than it would be for what hardly does.
"""

from __future__ import annotations

import shutil
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from eval.bench.archives import benchmark_archive, benchmark_articles
from eval.bench.asking import measure_asking
from eval.bench.measuring import Figures
from rag import Archive

__all__ = ["measure_growth"]

# More than one commit's worth of time, so that what a commit costs is in it in proportion.
ADDED_CHUNKS = 700
FIRST_ADDED_ARTICLE = 500_000_000
FORETOLD_CHUNKS = 10_000_000
FORETOLD = ("disk_bytes", "peak_memory_mb", "question_ms", "chunk_cpu_ms")


def measure_growth(sizes: Sequence[int], archives: Path, question_count: int) -> Figures:
    """By size: CPU and wall milliseconds for an added chunk, milliseconds for a question, memory and disk."""
    rows: list[Figures] = []
    for size in sorted(sizes):
        folder = benchmark_archive(size, archives)
        asked = measure_asking(folder, question_count)
        rows.append({
            "chunks": size,
            **_added(folder, archives, min(ADDED_CHUNKS, size)),
            "question_ms": asked["wall_ms"]["p50"],
            "question_cpu_ms": asked["cpu_ms"]["p50"],
            "peak_memory_mb": asked["peak_memory_mb"],
            "disk_bytes": asked["disk_bytes"],
        })  # fmt: skip
    first, last = rows[0], rows[-1]
    return {
        "rows": rows,
        "chunk_cost_ratio": last["chunk_cpu_ms"] / first["chunk_cpu_ms"],
        "question_cost_ratio": last["question_ms"] / first["question_ms"],
        "foretold": {"chunks": FORETOLD_CHUNKS, **{name: _foretold(rows, name) for name in FORETOLD}},
    }


def _added(folder: Path, archives: Path, chunk_count: int) -> Figures:
    articles = benchmark_articles(chunk_count, first=FIRST_ADDED_ARTICLE)
    with tempfile.TemporaryDirectory(dir=archives) as made:
        copy = shutil.copytree(folder, Path(made) / "archive")
        with Archive.open(copy) as archive:
            archive.encoder.encode_passages(["The model is loaded by its first text."])
            before = archive.info().chunks
            started, computed = time.perf_counter(), time.process_time()
            spent: dict[str, float] = {}
            archive.add(articles, progress=lambda step: spent.update(step.seconds_by_stage))
            seconds, cpu_seconds = time.perf_counter() - started, time.process_time() - computed
            added = archive.info().chunks - before
    return {
        "added_chunks": added,
        "chunk_cpu_ms": 1000 * cpu_seconds / added,
        "chunk_wall_ms": 1000 * seconds / added,
        "spent": spent,
    }


def _foretold(rows: Sequence[Figures], name: str) -> float | None:
    """The value at ten million chunks on the line through the two largest sizes; None where there is one size."""
    if len(rows) < 2:
        return None
    before, last = rows[-2], rows[-1]
    slope = (last[name] - before[name]) / (last["chunks"] - before["chunks"])
    return float(last[name] + max(slope, 0) * (FORETOLD_CHUNKS - last["chunks"]))

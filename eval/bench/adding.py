"""Articles → how many of them a second each system adds: Gazette, and peers where they are installed, by turns.

The systems take turns on the same files of articles, so that what else the machine does meets all of them, and each
turn gives a ratio. A peer indexes in memory what it was given as text; Gazette reads the file, tells near copies and
writes three stores to disk, each synced.
"""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from contextlib import ExitStack
from itertools import pairwise
from pathlib import Path
from typing import Any

from embeddings.shipped_encoder import installed_runtimes, thread_count
from eval.bench import adder
from eval.bench.archives import benchmark_articles
from eval.bench.limit import measure_peak, operations_of
from eval.bench.measuring import Figures, ratio
from eval.errors import EvaluationError
from rag.records import Article

__all__ = ["OURS", "measure_adding"]

OURS = "gazette"
PEERS = tuple(name for name in adder.SYSTEMS if name != OURS)
# More turns make the intervals narrower, fewer leave less of the time to what each call costs once.
TURNS = 8


def measure_adding(chunk_count: int, peers_python: Path | None, folder: Path) -> Figures:
    """Rates by system, a value a turn, and Gazette's rate as a multiple of each peer's: as it is, and as it would be
    if encoding ran at the processor's peak and nothing else took time (`limit`).

    Peers run by `peers_python`, the Python of the environment that they are installed in; None leaves them out, and
    one that is not installed is named in `missing`. Raises `EvaluationError` where a system fails.
    """
    folder.mkdir(parents=True, exist_ok=True)
    articles = benchmark_articles(chunk_count)
    turns: dict[str, list[Figures]] = {}
    missing: dict[str, str] = {}
    with ExitStack() as stack, tempfile.TemporaryDirectory(dir=folder) as files:
        running: dict[str, _Adder] = {}
        for name in (OURS, *(PEERS if peers_python else ())):
            one = stack.enter_context(_Adder(name, peers_python if name != OURS else None, Path(files)))
            if one.missing:
                missing[name] = one.missing
            else:
                running[name] = one
        warming, *parts = _parts(articles, TURNS, Path(files))
        for one in running.values():
            one.add(warming)  # what a first call costs once is not a rate
        for place, part in enumerate(parts):
            order = list(running) if place % 2 else list(reversed(running))
            for name in order:
                turns.setdefault(name, []).append(running[name].add(part))
    rates = {name: _rates(of_system) for name, of_system in turns.items()}
    ours = rates[OURS]
    ratios = {
        name: {
            measure: ratio(ours[measure], rates[name][measure])
            for measure in ("articles_per_second", "articles_per_cpu_second")
        }
        for name in rates
        if name != OURS
    }
    return {"chunks": chunk_count, "articles": len(articles), "turns": turns, "rates": rates, "ratios": ratios,
            "missing": missing, "spent": _spent(turns[OURS]), "limit": _limit(articles, rates)}  # fmt: skip


def _limit(articles: Sequence[Article], rates: Figures) -> Figures | None:
    """How many of the articles a second could be added if all cores read them at their peak, and nothing else took
    time, and how many times the rate of each system that is; None without OpenVINO, whose peak it is."""
    if "openvino" not in installed_runtimes():
        return None
    operations, peak, cores = operations_of(articles), measure_peak(), thread_count()
    rate = cores * statistics.median(peak) * 1e9 * len(articles) / operations
    return {
        "operations_an_article": operations / len(articles),
        "gflops_peak": peak,
        "cores": cores,
        "articles_per_second": rate,
        "ratios": {name: rate / statistics.median(of_one["articles_per_second"]) for name, of_one in rates.items()},
    }


class _Adder:
    """A process of one system, waiting for files; `missing` says why it can't run."""

    def __init__(self, name: str, python: Path | None, folder: Path) -> None:
        self._name = name
        command = [str(python), adder.__file__, name] if python else [sys.executable, "-m", adder.__name__, name]
        self._errors = (folder / f"{name}.err").open("w+", encoding="utf-8")
        try:
            self._process = subprocess.Popen(
                command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self._errors, text=True
            )
        except OSError as error:
            raise EvaluationError(
                f"'{python}' can't be run ({error.strerror}): give --peers-python a Python."
            ) from error
        self.missing = str(self._answer().get("missing", ""))

    def __enter__(self) -> _Adder:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        self._process.communicate()
        self._errors.close()

    def add(self, path: Path) -> Figures:
        assert self._process.stdin is not None
        print(path, file=self._process.stdin, flush=True)
        return self._answer()

    def _answer(self) -> Figures:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            self._errors.seek(0)
            said = (self._errors.read().strip().splitlines() or ["nothing"])[-1]
            raise EvaluationError(f"{self._name} ended early and said «{said}»: see that it runs by itself.")
        answer: Figures = json.loads(line)
        return answer


def _parts(articles: Sequence[Article], turns: int, folder: Path) -> list[Path]:
    """JSON lines in `turns` files of about as many articles, and before them one of a few."""
    warming = articles[: max(1, len(articles) // 50)]
    rest = articles[len(warming) :]
    bounds = [round(place * len(rest) / turns) for place in range(turns + 1)]
    paths = []
    for place, part in enumerate([warming, *(rest[a:b] for a, b in pairwise(bounds))]):
        path = folder / f"articles-{place}.jsonl"
        path.write_text("".join(json.dumps(_row(article), ensure_ascii=False) + "\n" for article in part), "utf-8")
        paths.append(path)
    return paths


def _row(article: Article) -> dict[str, Any]:
    day = article.published.isoformat() if article.published else None
    return {"id": article.id, "title": article.title, "text": article.text, "url": article.url,
            "source": article.source, "published": day, "language": article.language}  # fmt: skip


def _rates(turns: Sequence[Figures]) -> dict[str, list[float]]:
    return {
        f"{what}_per_{unit}": [one[what] / one[f"{unit}s"] for one in turns]
        for what in ("articles", "chunks")
        for unit in ("second", "cpu_second")
    }


def _spent(turns: Sequence[Figures]) -> dict[str, float]:
    """CPU-seconds of ours by stage, over all turns; the rest is what no stage claims."""
    spent: dict[str, float] = {}
    for one in turns:
        for stage, seconds in one["spent"].items():
            spent[stage] = spent.get(stage, 0.0) + seconds
    return spent

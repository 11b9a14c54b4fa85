"""`gazette eval …`: options in, a table or JSON out."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from eval.beir import read_beir
from eval.retrieval import MEASURES, RetrievalResult, run_retrieval, write_trec_run

__all__ = ["run"]


def run(options: argparse.Namespace) -> int:
    """Runs the evaluation that was asked for and prints it; returns the exit status."""
    if options.run and len(options.folders) > 1:
        print("gazette: --run takes the run of one folder: give one.", file=sys.stderr)
        return 2
    collections = [read_beir(Path(folder)) for folder in options.folders]
    results = [run_retrieval(collection, encoder=options.encoder) for collection in collections]
    if options.run:
        write_trec_run(results[0].run, Path(options.run))
    if options.json:
        print(json.dumps([_as_json(result) for result in results], ensure_ascii=False, indent=2))
    else:
        _print_table(results)
    return 0


def _print_table(results: list[RetrievalResult]) -> None:
    width = max(len("collection"), *(len(result.collection) for result in results))
    print(f"{'collection':{width}}  queries  {'  '.join(f'{name:>9}' for name in MEASURES)}  index s  p50 ms  p95 ms")
    for result in results:
        values = "  ".join(f"{result.value_by_measure[name]:9.3f}" for name in MEASURES)
        print(
            f"{result.collection:{width}}  {result.queries:7}  {values}  {result.index_seconds:7.1f}"
            f"  {result.latency_p50_ms:6.1f}  {result.latency_p95_ms:6.1f}"
        )


def _as_json(result: RetrievalResult) -> dict[str, object]:
    return {
        "collection": result.collection,
        "encoder": result.encoder,
        "queries": result.queries,
        **result.value_by_measure,
        "index_seconds": result.index_seconds,
        "latency_p50_ms": result.latency_p50_ms,
        "latency_p95_ms": result.latency_p95_ms,
    }

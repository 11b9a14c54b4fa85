"""A number of chunks → an archive of so many, made once and kept; its three stores really hold them.

Up to 10,000 chunks the articles are added as anybody adds them. Larger archives would take the encoder hours: their
articles are written to SQLite in bulk with vectors made by `RecombinedVectors`, without looking for near copies among
them (their keys are there), and both indexes are built from SQLite as `gazette reindex` builds them.

    python -m eval.bench.archives 100000
"""
# ruff: noqa: T201

from __future__ import annotations

import argparse
import shutil
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import islice
from pathlib import Path

from embeddings import Encoder, encoder_from
from eval.bench.recombining import Recombined, Recombiner
from eval.bench.vectors import RecombinedVectors, templates_of
from rag import Archive
from rag.chunking import group_sentences
from rag.near_copies import near_copy_keys, shingles
from rag.records import Article
from rag.sample import sample_folder
from rag.store import STORE_FILE, Store

__all__ = ["ARCHIVES", "benchmark_archive", "benchmark_articles", "main", "sample_archive"]

ARCHIVES = Path(".cache/bench")
ENCODED_UP_TO = 10_000
# Articles of one transaction: some 14,000 chunks, 60 MB on their way.
ARTICLES_PER_WRITE = 2_000


def main(arguments: Sequence[str] | None = None) -> None:
    """Makes the archives of the sizes given, and says where they are."""
    parser = argparse.ArgumentParser(prog="python -m eval.bench.archives", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("chunks", nargs="+", type=int, help="how many chunks, one archive for each figure")
    parser.add_argument("--archives", type=Path, default=ARCHIVES, help=f"where they are kept (default: {ARCHIVES})")
    options = parser.parse_args(arguments)
    for count in options.chunks:
        started = time.monotonic()
        folder = benchmark_archive(count, options.archives)
        print(f"{count:,} chunks: {folder} ({time.monotonic() - started:.0f} s)")


def benchmark_archive(chunk_count: int, folder: Path = ARCHIVES, *, encoded_up_to: int = ENCODED_UP_TO) -> Path:
    """The folder of an archive of `chunk_count` chunks, or up to an article's chunks more; made where it is missing.

    Archives of more than `encoded_up_to` chunks get drawn vectors.
    """
    path = folder / f"archive-{chunk_count}"
    if path.exists():
        return path
    part = folder / f"archive-{chunk_count}.part"  # a kill leaves it, and it is begun anew
    shutil.rmtree(part, ignore_errors=True)
    part.mkdir(parents=True)
    with Archive.open(part) as archive:
        if chunk_count <= encoded_up_to:
            archive.add(benchmark_articles(chunk_count))
        else:
            _fill(Store(part / STORE_FILE), chunk_count, encoder_from())
            archive.reindex()
    part.rename(path)
    return path


def sample_archive(folder: Path = ARCHIVES) -> Path:
    """The folder of an archive of the sample; made where it is missing."""
    path = folder / "archive-sample"
    if not path.exists():
        part = folder / "archive-sample.part"
        shutil.rmtree(part, ignore_errors=True)
        with Archive.open(part) as archive:
            archive.add(sample_folder())
        part.rename(path)
    return path


def benchmark_articles(chunk_count: int, *, first: int = 0) -> list[Article]:
    """Articles that make up `chunk_count` chunks, or up to an article's chunks more; by number from the `first` on."""
    return [made.article for made in _made(Recombiner(), chunk_count, first)]


def _made(recombiner: Recombiner, chunk_count: int, first: int = 0) -> Iterator[Recombined]:
    count = 0
    for made in recombiner.articles(first):
        if count >= chunk_count:
            return
        count += len(group_sentences(made.article, made.sentences))
        yield made


def _fill(store: Store, chunk_count: int, encoder: Encoder) -> None:
    """Writes the articles with chunks, vectors and near-copy keys, a transaction at a time."""
    recombiner = Recombiner()
    vectors = RecombinedVectors(recombiner, encoder)
    written = 0
    made_articles = _made(recombiner, chunk_count)
    while batch := list(islice(made_articles, ARTICLES_PER_WRITE)):
        ids: list[int] = []
        templates: list[list[int]] = []
        sentences: list[bytes] = []
        with store.write() as writer:
            stored = writer.register_encoder(encoder.name, encoder.fingerprint, encoder.dimension)
            writer.set_state(replace(writer.state(), encoder=stored))
            for made in batch:
                number = writer.insert_article(made.article, None)
                chunks = group_sentences(made.article, made.sentences)
                ids += writer.insert_chunks(number, chunks)
                templates += templates_of(made, chunks)
                sentences += vectors.sentences(made, chunks)
                writer.insert_near_copy_keys(number, near_copy_keys(shingles(made.article.text)))
            writer.insert_vectors(stored, ids, vectors.draw(templates))
            writer.insert_sentences(stored, ids, sentences)
        written += len(ids)
        if sys.stderr.isatty():
            print(f"\r{written:,} of {chunk_count:,} chunks written", end="", file=sys.stderr)


if __name__ == "__main__":
    main()

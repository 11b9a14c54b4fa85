"""French through an English encoder: its texts are glossed word by word first, and English stays as it is.

The gloss (`embeddings.gloss`) costs microseconds a sentence and no model, so an archive in both languages is
found through one small English encoder whose English vectors are exactly what they were.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from functools import cache, lru_cache

import numpy as np
from numpy.typing import NDArray

from embeddings.encoders import DEFAULT_ENCODER, PLAIN_ENCODER, Encoder, ReadText
from embeddings.gloss import Glosser

__all__ = ["GlossingEncoder", "in_english", "is_ordinary_word"]

# A question and the sentences that may answer it are read in gloss more than once on the way to an answer.
KEPT_GLOSSES = 1024

_lock = threading.Lock()  # a glosser is for one thread at a time


def in_english(text: str, language: str | None) -> str:
    """The gloss of a French text (language "fr"); any other as it is.

    >>> in_english("Les ministres ont signé le traité.", "fr")
    'the ministers have signed the treaty.'
    """
    return _gloss(text) if language == "fr" else text


def is_ordinary_word(word: str) -> bool:
    """Whether a word, in any case, is known in French or English as something else than a name.

    >>> is_ordinary_word("Bridge"), is_ordinary_word("Chelsea")
    (True, False)
    """
    with _lock:
        return _glosser().is_ordinary(word)


class GlossingEncoder(Encoder):
    """An encoder for English that is given French in gloss; texts of other languages are encoded as they are.

    Only `as_read`, the fingerprint and the name differ from the English encoder's own: that of the shipped model
    alone is `PLAIN_ENCODER`, and with the gloss it is `DEFAULT_ENCODER`.
    """

    def __init__(self, english: Encoder) -> None:
        self._english = english

    @property
    def name(self) -> str:
        return DEFAULT_ENCODER if self._english.name == PLAIN_ENCODER else self._english.name

    @property
    def dimension(self) -> int:
        return self._english.dimension

    @property
    def fingerprint(self) -> str:
        return f"{self._english.fingerprint}+gloss@{_glosser().fingerprint}"

    @property
    def reads_in_context(self) -> bool:
        return self._english.reads_in_context

    def prepare(self) -> None:
        self._english.prepare()

    def as_read(self, text: str, language: str | None) -> str:
        return in_english(text, language)

    def encode_passages(self, texts: Sequence[str]) -> NDArray[np.float32]:
        return self._english.encode_passages(texts)

    def encode_queries(self, texts: Sequence[str]) -> NDArray[np.float32]:
        return self._english.encode_queries(texts)

    def encode_words(self, texts: Sequence[str]) -> list[ReadText]:
        return self._english.encode_words(texts)


@lru_cache(maxsize=KEPT_GLOSSES)
def _gloss(text: str) -> str:
    with _lock:
        return _glosser().gloss(text)


@cache
def _glosser() -> Glosser:
    return Glosser.load()

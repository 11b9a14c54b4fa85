"""Question words against the words of sentences: how well each is met, by meaning rather than by spelling.

Every word of the question is compared with every word of a sentence by the vectors that the encoder gives words in
the light of their text, and counts as met as well as by the nearest of them. That sees what the similarity of whole
sentences can't: the one word of the question that no sentence has anything like. (The late interaction of Khattab and
Zaharia 2020, «ColBERT: Efficient and Effective Passage Search via Contextualized Late Interaction over BERT».)
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from embeddings import Encoder
from rag.words import is_content

__all__ = ["ReadSentence", "content_rows", "how_well_met", "read_sentences"]

# What the encoder made of a sentence that no archive keeps is kept for so many, some 14 kB each: the same ones come
# again, and encoding them costs more than all the rest of an answer.
READ_SENTENCES = 4096


@dataclass(frozen=True, slots=True)
class ReadSentence:
    """A text's own vector, its content words as they are read (lower case), and theirs, rows of norm 1.

    `around` is the vector of what it was read in: itself, or for a sentence kept with its chunk (`rag.kept_sentences`),
    that chunk. Of such a sentence the words themselves are left out: only a question's are used.
    """

    vector: NDArray[np.float32]
    words: tuple[str, ...]
    word_vectors: NDArray[np.float16] | NDArray[np.float32]
    around: NDArray[np.float32]


_Key = tuple[str, str, str | None]
_kept: OrderedDict[_Key, ReadSentence] = OrderedDict()
_lock = threading.Lock()


def read_sentences(encoder: Encoder, texts: Sequence[tuple[str, str | None]]) -> list[ReadSentence]:
    """What the encoder makes of each text, given with its language."""
    keys = [(encoder.fingerprint, text, language) for text, language in texts]
    with _lock:
        found = {key: _kept[key] for key in keys if key in _kept}
    found |= _read(encoder, [key for key in dict.fromkeys(keys) if key not in found])
    with _lock:
        for key in keys:
            _kept[key] = found[key]
            _kept.move_to_end(key)
        while len(_kept) > READ_SENTENCES:
            _kept.popitem(last=False)
    return [found[key] for key in keys]


def _read(encoder: Encoder, keys: Sequence[_Key]) -> dict[_Key, ReadSentence]:
    read: dict[_Key, ReadSentence] = {}
    as_read = [encoder.as_read(text, language) for _, text, language in keys]
    for key, text, made in zip(keys, as_read, encoder.encode_words(as_read), strict=True):
        _, original, language = key
        small_words_of = language if text == original else "en"  # a gloss is English
        words = [text[start:end].lower() for start, end in made.words]
        rows = content_rows(words, small_words_of)
        read[key] = ReadSentence(
            made.vector, tuple(words[row] for row in rows), made.word_vectors[rows].astype(np.float16), made.vector
        )
    return read


def content_rows(words: Sequence[str], language: str | None) -> list[int]:
    """Which of the words, in lower case, are compared."""
    return [row for row, word in enumerate(words) if is_content(word, language)]


def how_well_met(asked: ReadSentence, said: Sequence[ReadSentence]) -> NDArray[np.float32]:
    """float32, shape (words asked, sentences): the cosine of each word with the nearest of each sentence, 0 of none."""
    met = np.zeros((len(asked.words), len(said)), np.float32)
    if not asked.words:
        return met
    asked_vectors = asked.word_vectors.astype(np.float32)
    # Sentence by sentence: all at once, OpenBLAS would wake its threads, and they spin for longer than this takes.
    for place, one in enumerate(said):
        if len(one.word_vectors):
            met[:, place] = (asked_vectors @ one.word_vectors.astype(np.float32, copy=False).T).max(axis=1)
    return met

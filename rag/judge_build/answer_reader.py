"""Question and candidates → the log odds that each answers, by trained weights that read both at once, without torch.

An answer and a sentence about the same thing have much the same words and vectors; a cross-encoder that reads the
question with the sentence can tell them apart. It is slow, so only windows around the best of the candidates are read.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from embeddings import in_english
from embeddings.pair_model import PairModel, PairText
from rag.extractive.candidates import neighbours
from rag.extractive.evidence import FEATURES
from rag.extractive.wording import Wording

__all__ = ["NOT_READ", "AnswerReader"]

# What is read for a question at most, and in a window, in words. 380 words instead of 250 answer no more questions.
READ_WORDS = 250
WINDOW_WORDS = 70
# The log odds of a candidate that is not read.
NOT_READ = -8.0


class AnswerReader:
    """Reads a question with its best candidates. Several threads may use one; loads nothing until it first reads.

    Raises `EncoderError` when it first reads, where its weights are damaged.
    """

    def __init__(self, weights: Path, *, threads: int | None = None) -> None:
        """As `PairModel`."""
        self._model = PairModel(weights, threads=threads)

    def read(
        self,
        wording: Wording,
        features: NDArray[np.float32],
        scores: NDArray[np.float32],
    ) -> NDArray[np.float32]:
        """Log odds, (candidates,); `features` and `scores` are theirs."""
        candidates = wording.candidates
        question = in_english(wording.question.query, wording.question.language)
        sentences = [in_english(one.text, one.passage.article.language) for one in candidates]
        windows = _windows(wording, scores)
        texts = [PairText(question, tuple(sentences[index] for index in window)) for window in windows]
        similarities = [features[window, FEATURES.index("similarity")] for window in windows]
        log_odds = np.full(len(candidates), NOT_READ, np.float32)
        for window, of_window in zip(windows, self.log_odds(texts, similarities), strict=True):
            log_odds[window] = of_window
        return np.maximum(log_odds, NOT_READ)

    def log_odds(
        self, texts: Sequence[PairText], similarities: Sequence[NDArray[np.float32]]
    ) -> list[NDArray[np.float32]]:
        """Of each text, the log odds of its sentences, given their cosines with the question; `NOT_READ` of others."""
        (sentence, sentence_bias), (nothing, nothing_bias) = self._model.head("sentence"), self._model.head("nothing")
        slope, offset = self._model.head("similarity")
        log_odds = []
        for read, similarity in zip(self._model.read(texts), similarities, strict=True):
            told = read.sentences @ sentence[0] + sentence_bias[0] - (read.whole @ nothing[0] + nothing_bias[0])
            whole = told + slope[0, 0] * similarity + offset[0]
            log_odds.append(np.where(read.is_read, whole, NOT_READ).astype(np.float32))
        return log_odds


def _windows(wording: Wording, scores: NDArray[np.float32]) -> list[list[int]]:
    """What is read, as places of candidates: the best-scored with what stands around them, until there is enough."""
    counts = [len(candidate.text.split()) for candidate in wording.candidates]
    taken: set[int] = set()
    windows: list[list[int]] = []
    words = 0
    for best in np.argsort(-scores, kind="stable").tolist():
        if best in taken:
            continue
        window = _around(wording, best, scores, counts, taken)
        words += sum(counts[index] for index in window)
        if windows and words > READ_WORDS:
            break
        windows.append(window)
        taken.update(window)
    return windows


def _around(
    wording: Wording,
    best: int,
    scores: NDArray[np.float32],
    counts: Sequence[int],
    taken: set[int],
) -> list[int]:
    """A candidate and its neighbours, the better-scored first, as far as they are at hand and there is room."""
    window = [best]
    while True:
        ends = [(window[0] - 1, window[0]), (window[-1] + 1, window[-1])]
        beside = [
            index
            for index, end in ends
            if index not in taken
            and index in neighbours(wording.candidates, end)
            and counts[index] + sum(counts[i] for i in window) <= WINDOW_WORDS
        ]
        if not beside:
            return window
        window = sorted([*window, max(beside, key=lambda index: float(scores[index]))])

"""A corpus of pairs → which English word stands for which French word, and how surely.

IBM model 1 (Brown et al. 1993) with a prior for the diagonal (Dyer et al. 2013), learnt in both directions
over the same links. In the last rounds the two agree: what a link counts is the product of both directions'
beliefs (Liang et al. 2006), which keeps rare words from gathering everything that is left over in a
sentence. Numpy only: a link is a row of parallel arrays, a sum over links is a `bincount`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from embeddings.gloss_build.pairs import Corpus

__all__ = ["Links", "align"]

DIAGONAL_TENSION = 4.0  # of the prior exp(-tension · |i/m − j/n|), as in fast_align
NULL_SHARE = 0.08  # prior probability that a word stands for nothing on the other side
MIN_BELIEF = 0.25
LONE_ROUNDS = 3
AGREEING_ROUNDS = 3
BLOCK_LINKS = 4_000_000  # worked on at a time where an intermediate array would double the memory
SMOOTHING = 0.01  # added to a word's counts below the fraction line, so that one sight is not certainty


@dataclass(frozen=True, slots=True)
class Links:
    """What was learnt: single links, and kinds of links, which are pairs of an English and a French word.

    `english` and `french` are positions in the corpus, `belief` in MIN_BELIEF…1 is that both directions
    hold the two for translations; links believed less are left out. Of kind `k`, `kind_english[k]` and
    `kind_french[k]` are the words and `kind_counts[k]` the weighted sum of all beliefs.
    """

    english: np.ndarray
    french: np.ndarray
    belief: np.ndarray
    kind_english: np.ndarray
    kind_french: np.ndarray
    kind_counts: np.ndarray


def align(corpus: Corpus) -> Links:
    """What the corpus teaches, after the last round."""
    english, french, closeness, weights = _all_links(corpus)
    kind, kind_english, kind_french = _number_kinds(corpus, english, french)
    to_english = _Direction(english, corpus.english, closeness, len(corpus.english))
    to_french = _Direction(french, corpus.french, closeness, len(corpus.french))
    del closeness
    english_given_french = np.ones(len(kind_english), dtype=np.float32)
    french_given_english = np.ones(len(kind_english), dtype=np.float32)
    belief = np.empty(0, dtype=np.float32)
    counts: np.ndarray = np.empty(0)
    for round_number in range(LONE_ROUNDS + AGREEING_ROUNDS):
        first = to_english.beliefs(english_given_french[kind])
        second = to_french.beliefs(french_given_english[kind])
        if round_number < LONE_ROUNDS:
            first *= weights
            second *= weights
            english_given_french = _share(np.bincount(kind, first, len(kind_english)), kind_french)
            french_given_english = _share(np.bincount(kind, second, len(kind_english)), kind_english)
        else:
            belief = first * second
            counts = np.bincount(kind, belief * weights, len(kind_english))
            english_given_french = _share(counts, kind_french)
            french_given_english = _share(counts, kind_english)
    sure = belief > MIN_BELIEF
    return Links(english[sure], french[sure], belief[sure], kind_english, kind_french, counts)


class _Direction:
    """Beliefs about which word of the other side made each word of this one."""

    def __init__(self, made: np.ndarray, words: np.ndarray, closeness: np.ndarray, size: int) -> None:
        self.made = made
        self.size = size
        share = (1.0 - NULL_SHARE) / np.maximum(np.bincount(made, closeness, size), 1e-30)
        self.prior = closeness * share.astype(np.float32)[made]
        frequency = np.bincount(words) / len(words)
        self.from_nothing = NULL_SHARE * frequency[words]

    def beliefs(self, likelihood: np.ndarray) -> np.ndarray:
        joint: np.ndarray = self.prior * likelihood
        total = np.bincount(self.made, joint, self.size) + self.from_nothing
        joint *= (1.0 / total).astype(np.float32)[self.made]
        return joint


def _number_kinds(corpus: Corpus, english: np.ndarray, french: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The number of each link's word pair, and the English and French word of each number."""
    key = corpus.english[english].astype(np.int64)
    key *= len(corpus.french_words)
    key += corpus.french[french]
    kinds = np.unique(key)
    kind = np.empty(len(key), dtype=np.int32)
    for start in range(0, len(key), BLOCK_LINKS):
        kind[start : start + BLOCK_LINKS] = np.searchsorted(kinds, key[start : start + BLOCK_LINKS])
    kind_english, kind_french = np.divmod(kinds, len(corpus.french_words))
    return kind, kind_english.astype(np.int32), kind_french.astype(np.int32)


def _share(counts: np.ndarray, given: np.ndarray) -> np.ndarray:
    """Each kind's count as a share of all counts of the word it is given by."""
    total = np.bincount(given, counts) + SMOOTHING
    share: np.ndarray = (counts / total[given]).astype(np.float32)
    return share


def _all_links(corpus: Corpus) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Positions in English and in French, closeness to the diagonal, and weight, a row a link."""
    english_lengths = np.diff(corpus.english_starts)
    french_lengths = np.diff(corpus.french_starts)
    sizes = (english_lengths * french_lengths).astype(np.int32)
    pair = np.repeat(np.arange(len(sizes), dtype=np.int32), sizes)
    row = np.arange(len(pair), dtype=np.int32)
    row -= (np.cumsum(sizes) - sizes).astype(np.int32)[pair]
    row, column = np.divmod(row, french_lengths.astype(np.int32)[pair])
    distance = (row + np.float32(0.5)) * (1 / english_lengths).astype(np.float32)[pair]
    distance -= (column + np.float32(0.5)) * (1 / french_lengths).astype(np.float32)[pair]
    row += corpus.english_starts[:-1].astype(np.int32)[pair]
    column += corpus.french_starts[:-1].astype(np.int32)[pair]
    np.abs(distance, out=distance)
    distance *= -np.float32(DIAGONAL_TENSION)
    closeness = np.exp(distance, out=distance)
    return row, column, closeness, corpus.weights[pair]

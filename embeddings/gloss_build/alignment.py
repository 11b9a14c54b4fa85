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
LONE_ROUNDS = 3
AGREEING_ROUNDS = 3
SMOOTHING = 0.01  # added to a word's counts below the fraction line, so that one sight is not certainty


@dataclass(frozen=True, slots=True)
class Links:
    """Every pair of an English and a French word that stand in the same sentence pair.

    `english` and `french` are positions in the corpus, `kind` the number of the word pair; `belief` in 0…1
    is that both directions hold the two for translations. Of kind `k`, `kind_english[k]` and
    `kind_french[k]` are the words and `kind_counts[k]` the weighted sum of beliefs.
    """

    english: np.ndarray
    french: np.ndarray
    kind: np.ndarray
    belief: np.ndarray
    kind_english: np.ndarray
    kind_french: np.ndarray
    kind_counts: np.ndarray


def align(corpus: Corpus) -> Links:
    """All links of the corpus with what is believed of them after the last round."""
    english, french, closeness, weights = _all_links(corpus)
    key = corpus.english[english].astype(np.int64) * len(corpus.french_words) + corpus.french[french]
    kinds, kind = np.unique(key, return_inverse=True)
    del key
    kind = kind.astype(np.int32)
    kind_english = (kinds // len(corpus.french_words)).astype(np.int32)
    kind_french = (kinds % len(corpus.french_words)).astype(np.int32)
    to_english = _Direction(english, corpus.english, closeness, len(corpus.english))
    to_french = _Direction(french, corpus.french, closeness, len(corpus.french))
    english_given_french = np.ones(len(kinds), dtype=np.float32)
    french_given_english = np.ones(len(kinds), dtype=np.float32)
    belief = np.empty(0, dtype=np.float32)
    counts = np.empty(0)
    for round_number in range(LONE_ROUNDS + AGREEING_ROUNDS):
        first = to_english.beliefs(english_given_french[kind])
        second = to_french.beliefs(french_given_english[kind])
        if round_number < LONE_ROUNDS:
            english_given_french = _share(np.bincount(kind, first * weights, len(kinds)), kind_french)
            french_given_english = _share(np.bincount(kind, second * weights, len(kinds)), kind_english)
        else:
            belief = first * second
            counts = np.bincount(kind, belief * weights, len(kinds))
            english_given_french = _share(counts, kind_french)
            french_given_english = _share(counts, kind_english)
    return Links(english, french, kind, belief, kind_english, kind_french, counts)


class _Direction:
    """Beliefs about which word of the other side made each word of this one."""

    def __init__(self, made: np.ndarray, words: np.ndarray, closeness: np.ndarray, size: int) -> None:
        self.made = made
        self.size = size
        total = np.bincount(made, closeness, size)
        self.prior = ((1.0 - NULL_SHARE) * closeness / total[made]).astype(np.float32)
        frequency = np.bincount(words) / len(words)
        self.from_nothing = NULL_SHARE * frequency[words]

    def beliefs(self, likelihood: np.ndarray) -> np.ndarray:
        joint = self.prior * likelihood
        total = np.bincount(self.made, joint, self.size) + self.from_nothing
        joint /= total[self.made].astype(np.float32)
        return joint


def _share(counts: np.ndarray, given: np.ndarray) -> np.ndarray:
    """Each kind's count as a share of all counts of the word it is given by."""
    total = np.bincount(given, counts) + SMOOTHING
    return (counts / total[given]).astype(np.float32)


def _all_links(corpus: Corpus) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Positions in English and in French, closeness to the diagonal, and weight, a row a link."""
    english_lengths = np.diff(corpus.english_starts)
    french_lengths = np.diff(corpus.french_starts)
    sizes = english_lengths * french_lengths
    pair = np.repeat(np.arange(len(sizes), dtype=np.int32), sizes)
    within = np.arange(len(pair), dtype=np.int32) - np.repeat((np.cumsum(sizes) - sizes).astype(np.int32), sizes)
    row, column = np.divmod(within, french_lengths.astype(np.int32)[pair])
    del within
    english = (corpus.english_starts[:-1].astype(np.int32)[pair] + row).astype(np.int32)
    french = (corpus.french_starts[:-1].astype(np.int32)[pair] + column).astype(np.int32)
    distance = (row + np.float32(0.5)) / english_lengths.astype(np.float32)[pair]
    distance -= (column + np.float32(0.5)) / french_lengths.astype(np.float32)[pair]
    closeness = np.exp(-np.float32(DIAGONAL_TENSION) * np.abs(distance))
    return english, french, closeness, corpus.weights[pair]

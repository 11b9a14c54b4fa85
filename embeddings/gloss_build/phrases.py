"""Believed links → what runs of one to four French words are called in English, and how the words are ordered.

A run of words and a run of English words go together when no link leads out of either (Koehn et al. 2003,
phrase extraction); the English run spans what the French one is linked to and nothing more.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from embeddings.gloss_build.alignment import Links
from embeddings.gloss_build.pairs import Corpus

__all__ = ["MAX_FRENCH_WORDS", "Phrase", "extract_phrases", "share_of_swaps"]

MAX_FRENCH_WORDS = 4
MAX_ENGLISH_WORDS = 5
MIN_SIGHTS = 3  # of a French run; dictionary entries need one

_FAR = np.int32(2**30)


@dataclass(frozen=True, slots=True)
class Phrase:
    """A French run, its most frequent English one, and the weighted counts of the pair and of the French run."""

    french: tuple[str, ...]
    english: tuple[str, ...]
    count: float
    seen: float


def extract_phrases(corpus: Corpus, links: Links, length: int) -> list[Phrase]:
    """The best English run of every French run of `length` words, in the order of the runs' first words."""
    spans = _Spans(corpus, links)
    starts = spans.run_starts(length)
    weights = corpus.weights[spans.french_pair[starts]].astype(np.float64)
    is_entry = corpus.is_dictionary[spans.french_pair[starts]]
    french = _run_numbers(corpus.french, starts, length)
    sights = np.bincount(french) + MIN_SIGHTS * np.bincount(french, is_entry)
    seen = np.bincount(french, weights)
    first, last = spans.english_span(starts, length)
    fits = spans.fits(starts, length, first, last) & (sights[french] >= MIN_SIGHTS)
    starts, first, last, french, weights = (part[fits] for part in (starts, first, last, french, weights))
    best: dict[int, Phrase] = {}
    for english_length in range(1, MAX_ENGLISH_WORDS + 1):
        of_length = np.flatnonzero(last - first + 1 == english_length)
        if not len(of_length):
            continue
        english = _run_numbers(corpus.english, first[of_length], english_length)
        key = french[of_length].astype(np.int64) * (int(english.max()) + 1) + english
        _, sample, pair = np.unique(key, return_index=True, return_inverse=True)
        counts = np.bincount(pair, weights[of_length])
        for row, count in zip(of_length[sample].tolist(), counts.tolist(), strict=True):
            number = int(french[row])
            if number not in best or count > best[number].count:
                french_run = corpus.french[starts[row] : starts[row] + length].tolist()
                english_run = corpus.english[first[row] : last[row] + 1].tolist()
                best[number] = Phrase(
                    tuple(corpus.french_words[word] for word in french_run),
                    tuple(corpus.english_words[word] for word in english_run),
                    count,
                    float(seen[number]),
                )
    return [best[number] for number in sorted(best)]


def share_of_swaps(corpus: Corpus, links: Links) -> tuple[np.ndarray, np.ndarray]:
    """How often two French neighbours change places in English, a share in 0…1 for each French word.

    First for the word as the left one (nouns), then as the right one (adjectives); 0 where seen under three
    times in either order.
    """
    position = np.full(len(corpus.french), -1, dtype=np.int64)
    position[links.french] = links.english
    left = np.flatnonzero((position[:-1] >= 0) & (position[1:] >= 0))
    step = position[left + 1] - position[left]
    size = len(corpus.french_words)
    swapped, straight = left[step == -1], left[step == 1]
    shares = []
    for offset in (0, 1):
        swaps = np.bincount(corpus.french[swapped + offset], minlength=size)
        both = swaps + np.bincount(corpus.french[straight + offset], minlength=size)
        shares.append(np.where(both >= MIN_SIGHTS, swaps / np.maximum(both, 1), 0.0))
    return shares[0], shares[1]


class _Spans:
    """For each word, the first and last position on the other side that it is linked to."""

    def __init__(self, corpus: Corpus, links: Links) -> None:
        self.french_pair = np.repeat(np.arange(len(corpus.weights)), np.diff(corpus.french_starts))
        self.first_english, self.last_english = _extent(links.french, links.english, len(corpus.french))
        self.first_french, self.last_french = _extent(links.english, links.french, len(corpus.english))

    def run_starts(self, length: int) -> np.ndarray:
        starts = np.arange(len(self.french_pair) - length + 1)
        is_inside = self.french_pair[starts] == self.french_pair[starts + length - 1]
        inside: np.ndarray = starts[is_inside]
        return inside

    def english_span(self, starts: np.ndarray, length: int) -> tuple[np.ndarray, np.ndarray]:
        first, last = self.first_english[starts], self.last_english[starts]
        for offset in range(1, length):
            first = np.minimum(first, self.first_english[starts + offset])
            last = np.maximum(last, self.last_english[starts + offset])
        return first, last

    def fits(self, starts: np.ndarray, length: int, first: np.ndarray, last: np.ndarray) -> np.ndarray:
        """Whether each run is linked at all, to few enough words, and none of those leads elsewhere."""
        fits: np.ndarray = (last >= 0) & (last - first < MAX_ENGLISH_WORDS)
        for offset in range(MAX_ENGLISH_WORDS):
            word = np.minimum(first + offset, len(self.first_french) - 1)
            outside = (self.first_french[word] < starts) | (self.last_french[word] >= starts + length)
            linked = self.last_french[word] >= 0
            fits &= (first + offset > last) | ~(linked & outside)
        return fits


def _extent(of: np.ndarray, on: np.ndarray, size: int) -> tuple[np.ndarray, np.ndarray]:
    first = np.full(size, _FAR, dtype=np.int32)
    last = np.full(size, -1, dtype=np.int32)
    np.minimum.at(first, of, on)
    np.maximum.at(last, of, on)
    return first, last


def _run_numbers(words: np.ndarray, starts: np.ndarray, length: int) -> np.ndarray:
    """A number for each run of `length` words, equal exactly for equal runs."""
    numbers = words[starts].astype(np.int64)
    for offset in range(1, length):
        key = numbers * (int(words.max()) + 1) + words[starts + offset]
        numbers = np.unique(key, return_inverse=True)[1].astype(np.int64)
    return np.unique(numbers, return_inverse=True)[1]

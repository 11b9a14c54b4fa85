"""Files of English–French pairs → a corpus of word numbers, ready for alignment.

Which pairs are taken: all of the small files, and of the laws the shortest first, as many as the budget of
links allows, because short pairs align best and the cost of a pair is the product of its two lengths. How
much a pair counts is said per file: laws and program documentation are far from news, so they count less.
"""

from __future__ import annotations

import gzip
import re
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from embeddings.french_words import split_words, word_key

__all__ = ["SOURCES", "Corpus", "Source", "read_corpus"]

MAX_WORDS = 40  # of either side; longer pairs align badly and cost most
MAX_LENGTH_RATIO = 3.0
NAME_SIGHTS = 5  # what one entry in a dictionary of names counts when it is asked whether a word has a capital

_ENGLISH_WORD = re.compile(r"\d+(?:[.,]\d+)*(?!\w)|\w+")
_CONTRACTIONS = (
    (re.compile(r"\bcan't\b"), "can not"),
    (re.compile(r"\bwon't\b"), "will not"),
    (re.compile(r"n't\b"), " not"),
    (re.compile(r"\b(it|he|she|that|there|what|who|where|let)'s\b"), r"\1"),
    (re.compile(r"'s\b"), ""),
    (re.compile(r"'m\b"), " am"),
    (re.compile(r"'re\b"), " are"),
    (re.compile(r"'ve\b"), " have"),
    (re.compile(r"'ll\b"), " will"),
    (re.compile(r"'d\b"), " would"),
)


@dataclass(frozen=True, slots=True)
class Source:
    """A file of pairs: how much one of its pairs counts, and how many links of it are aligned at most."""

    name: str
    weight: float
    max_links: int | None = None
    is_dictionary: bool = False
    is_of_names: bool = False  # its capitals are those of names, not of first words


SOURCES = (
    Source("tatoeba", 1.0),
    Source("tico19", 1.0),
    Source("cds_blog", 0.7),
    Source("laws", 0.3, max_links=20_000_000),
    Source("pydocs", 0.15),
    Source("dict_cldr", 2.0, is_dictionary=True, is_of_names=True),
)


@dataclass(frozen=True, slots=True)
class Corpus:
    """Pairs as word numbers, all sentences of a language end to end.

    `english` and `french` are int32 word numbers into the two vocabularies; sentence `i` of a language is
    `words[starts[i]:starts[i + 1]]`. `weights` has one float32 a pair. `capitalised` and `running` count,
    for each French word, how often it had a capital and how often it stood at all, first words left out.
    """

    english: np.ndarray
    english_starts: np.ndarray
    french: np.ndarray
    french_starts: np.ndarray
    weights: np.ndarray
    is_dictionary: np.ndarray
    english_words: list[str]
    french_words: list[str]
    capitalised: np.ndarray
    running: np.ndarray
    pairs_by_source: dict[str, int]


def read_corpus(folder: Path, sources: Iterable[Source] = SOURCES) -> Corpus:
    """All pairs to learn from; a source whose file is not in the folder is left out.

    Raises FileNotFoundError when the folder holds none of them.
    """
    english, french = _Side(), _Side()
    weights: list[float] = []
    dictionary: list[bool] = []
    capitals: dict[int, int] = {}
    running: dict[int, int] = {}
    counts: dict[str, int] = {}
    for source in sources:
        path = folder / f"{source.name}.tsv.gz"
        if not path.exists():
            continue
        chosen = _choose(_read_pairs(path), source.max_links)
        counts[source.name] = len(chosen)
        for english_words, french_words in chosen:
            english.add(english_words)
            numbers = french.add([word_key(word) for word in french_words])
            weights.append(source.weight)
            dictionary.append(source.is_dictionary)
            if source.is_dictionary and not source.is_of_names:
                continue
            first = 0 if source.is_of_names else 1
            for number, word in zip(numbers[first:], french_words[first:], strict=True):
                is_capitalised = word[0].isupper()
                sights = NAME_SIGHTS if source.is_of_names and is_capitalised else 1
                running[number] = running.get(number, 0) + sights
                if is_capitalised:
                    capitals[number] = capitals.get(number, 0) + sights
    if not counts:
        raise FileNotFoundError(f"no pairs in '{folder}': it should hold files such as tatoeba.tsv.gz")
    return Corpus(
        english=np.array(english.words, dtype=np.int32),
        english_starts=np.array(english.starts, dtype=np.int64),
        french=np.array(french.words, dtype=np.int32),
        french_starts=np.array(french.starts, dtype=np.int64),
        weights=np.array(weights, dtype=np.float32),
        is_dictionary=np.array(dictionary, dtype=bool),
        english_words=list(english.number_by_word),
        french_words=list(french.number_by_word),
        capitalised=_by_number(capitals, len(french.number_by_word)),
        running=_by_number(running, len(french.number_by_word)),
        pairs_by_source=counts,
    )


class _Side:
    """One language of the corpus while it is read: words are numbered in order of first sight."""

    def __init__(self) -> None:
        self.number_by_word: dict[str, int] = {}
        self.words: list[int] = []
        self.starts: list[int] = [0]

    def add(self, words: list[str]) -> list[int]:
        numbers = [self.number_by_word.setdefault(word, len(self.number_by_word)) for word in words]
        self.words.extend(numbers)
        self.starts.append(len(self.words))
        return numbers


def _by_number(counts: dict[int, int], size: int) -> np.ndarray:
    array = np.zeros(size, dtype=np.int64)
    array[list(counts)] = list(counts.values())
    return array


def _read_pairs(path: Path) -> Iterator[tuple[list[str], list[str]]]:
    seen: set[tuple[str, str]] = set()
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            english, _, french = line.rstrip("\n").partition("\t")
            if (english, french) in seen:
                continue
            seen.add((english, french))
            english_words = _english_words(english)
            french_words = [sys.intern(word) for word in split_words(french)[1::2]]
            shorter, longer = sorted((len(english_words), len(french_words)))
            if shorter > 0 and longer <= MAX_WORDS and longer <= MAX_LENGTH_RATIO * shorter + 2:
                yield english_words, french_words


def _english_words(text: str) -> list[str]:
    text = text.lower().replace("’", "'")
    for pattern, replacement in _CONTRACTIONS:
        text = pattern.sub(replacement, text)
    return [sys.intern(word) for word in _ENGLISH_WORD.findall(text)]


def _choose(pairs: Iterable[tuple[list[str], list[str]]], max_links: int | None) -> list[tuple[list[str], list[str]]]:
    if max_links is None:
        return list(pairs)
    ordered = sorted(pairs, key=lambda pair: len(pair[0]) * len(pair[1]))
    links = 0
    for count, (english, french) in enumerate(ordered):
        links += len(english) * len(french)
        if links > max_links:
            return ordered[:count]
    return ordered

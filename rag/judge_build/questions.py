"""Questions on paragraphs → groups of passages to be read with a question, in which at most one answers.

A group is what the model would meet beside a search: the passage that answers, and others that were found for the same
question. In a fifth of the groups the one that answers is left out, and where the question has no answer the nearest
passage of its own paragraph is in: so the model learns to say that nothing answers.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from embeddings import Encoder
from embeddings.bilingual import in_english
from embeddings.pair_model import PairText
from rag.judge_build.sources import AskedOf

__all__ = ["Group", "Window", "cut", "make_groups"]

# In words: some three sentences, so that several passages can be read for a question.
WINDOW_WORDS = 70
# Where the passage that answers is cut from its paragraph it may be a little longer.
ANSWERING_WORDS = 98
# Share of the answerable questions whose answer is left out.
LEFT_OUT = 0.22
# Other passages are drawn from so many of the nearest.
NEAREST = 12
DRAWN_FROM = 5


@dataclass(frozen=True, slots=True)
class Window:
    """Sentences read at once with a question: how similar each is to it, and the indexes of those that answer."""

    text: PairText
    similarities: tuple[float, ...]
    answering: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """What is read for one question, asked in `language`."""

    windows: tuple[Window, ...]
    language: str
    is_held_out: bool


@dataclass(frozen=True, slots=True)
class _Place:
    """Sentences `start` to `end` of a paragraph."""

    paragraph: int
    start: int
    end: int


def make_groups(asked: Sequence[AskedOf], encoder: Encoder, seed: int) -> list[Group]:
    """A group for each question that has passages to be read with it; `encoder` is for English, French is glossed."""
    draw = random.Random(seed)
    numbers = {sentences: number for number, sentences in enumerate(dict.fromkeys(one.sentences for one in asked))}
    language_by_paragraph = {one.sentences: one.language for one in asked}
    english = [[in_english(s, language_by_paragraph[sentences]) for s in sentences] for sentences in numbers]
    places = [_Place(number, *window) for number, sentences in enumerate(english) for window in cut(sentences)]
    flat = encoder.encode_passages([sentence for sentences in english for sentence in sentences])
    vectors = np.split(flat, np.cumsum([len(sentences) for sentences in english])[:-1])
    place_vectors = encoder.encode_passages([" ".join(english[p.paragraph][p.start : p.end]) for p in places])
    questions = [in_english(one.question, one.language) for one in asked]
    question_vectors = encoder.encode_queries(questions)

    groups = []
    for one, question, vector in zip(asked, questions, question_vectors, strict=True):
        number = numbers[one.sentences]
        near = [places[index] for index in np.argsort(-np.einsum("ij,j->i", place_vectors, vector))[:NEAREST]]
        chosen = _own(one, number, english[number], vectors[number], vector, draw)
        others = [p for p in near if p not in chosen and _is_wrong(p, one, number, english)][:DRAWN_FROM]
        count = draw.choice([1, 1, 2] if one.answering else [0, 1])
        chosen += draw.sample(others, min(count, len(others)))
        draw.shuffle(chosen)
        windows = tuple(_window(p, question, one, number, english, vectors, vector) for p in chosen)
        if windows:
            groups.append(Group(windows, one.language, one.is_held_out))
    return groups


def cut(sentences: Sequence[str]) -> list[tuple[int, int]]:
    """A paragraph as windows of at most `WINDOW_WORDS`, from and to which sentence; a longer one is one of its own."""
    windows, start, words = [], 0, 0
    for index, sentence in enumerate(sentences):
        count = len(sentence.split())
        if index > start and words + count > WINDOW_WORDS:
            windows.append((start, index))
            start, words = index, 0
        words += count
    return [*windows, (start, len(sentences))]


def _own(
    one: AskedOf,
    number: int,
    sentences: Sequence[str],
    vectors: NDArray[np.float32],
    vector: NDArray[np.float32],
    draw: random.Random,
) -> list[_Place]:
    """The place of the question's own paragraph that is read: that of an answer, or the nearest where there is none."""
    if not one.answering:
        return [_around(number, sentences, int(np.einsum("ij,j->i", vectors, vector).argmax()), draw)]
    if draw.random() < LEFT_OUT:
        return []
    return [_around(number, sentences, draw.choice(one.answering), draw)]


def _around(number: int, sentences: Sequence[str], index: int, draw: random.Random) -> _Place:
    """A window with a sentence somewhere in it, so that its place tells nothing."""
    start, end, words = index, index + 1, len(sentences[index].split())
    while True:
        ways = [(start - 1, end, start - 1)] if start > 0 else []
        ways += [(start, end + 1, end)] if end < len(sentences) else []
        ways = [way for way in ways if words + len(sentences[way[2]].split()) <= ANSWERING_WORDS]
        if not ways:
            return _Place(number, start, end)
        start, end, added = draw.choice(ways)
        words += len(sentences[added].split())


def _is_wrong(place: _Place, one: AskedOf, number: int, english: Sequence[Sequence[str]]) -> bool:
    """Whether a place surely does not answer: it has no answering sentence, or, elsewhere, no answer's words."""
    if place.paragraph == number:
        return not any(place.start <= index < place.end for index in one.answering)
    text = " ".join(english[place.paragraph][place.start : place.end])
    return not any(answer and answer in text for answer in one.answers)


def _window(
    place: _Place,
    question: str,
    one: AskedOf,
    number: int,
    english: Sequence[Sequence[str]],
    vectors: Sequence[NDArray[np.float32]],
    vector: NDArray[np.float32],
) -> Window:
    similarities = np.einsum("ij,j->i", vectors[place.paragraph][place.start : place.end], vector)
    answering = one.answering if place.paragraph == number else ()
    return Window(
        PairText(question, tuple(english[place.paragraph][place.start : place.end])),
        tuple(similarities.tolist()),
        tuple(index - place.start for index in answering if place.start <= index < place.end),
    )

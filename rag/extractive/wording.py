"""Question and candidates → what their words alone tell of each.

Does a sentence hold the question's words, names and figures, or the
kind of thing asked for (a person, a figure, a date…), does it say anything that the question did not say already, and
how good are its neighbours, its passage and its article.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Sequence, Set
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from rag.expected import KINDS, Kind, behind_figures, expected_unit, gives_kind
from rag.extractive.candidates import Candidate, neighbours
from rag.figures import Figure, find_figures, same_figure
from rag.question import Question
from rag.words import fold, names, normalise, stems_in_english

__all__ = ["WORDING", "Wording", "read_wording"]

# What was read of a sentence is kept for so many, some 3 kB each: of a busy archive the same ones come again, and
# reading them costs more than encoding the question.
READ_SENTENCES = 8192

WORDING = (
    "overlap",  # share of the question's stems in the sentence, by weight of rarity
    "window_overlap",  # … in the sentence, its neighbours and the title
    "article_overlap",  # … in all the candidates of the article and the title
    "name_share",  # share of the question's names in the sentence, its neighbours and the title
    "names_missing",  # how many are not there
    "figure_share",  # share of the question's figures in the sentence
    *(f"gives_{kind}" for kind in KINDS),  # 1 when that kind is asked for and the sentence holds one
    "gives_unit",  # 1 when money, a share or a count of something is asked for and the sentence gives just that
    "lacks_unit",  # 1 when it is asked for and not given
    "new_words",  # how much it says that the question doesn't, logarithms of counts
    "new_names",
    "new_figures",
    "length",  # logarithm of the word count
    "is_question",
    "is_opening",  # the article's first sentence
    "passage_rank",  # 1 / rank
    "passage_score",  # as a share of the best passage's
)


@dataclass(frozen=True, slots=True)
class Wording:
    """What words tell of the candidates: `features` is float32, shape (candidates, WORDING).

    `rarity` weighs the question's stems, more the fewer of the candidates hold them; `name_words` are the words of its
    names, folded.
    """

    question: Question
    candidates: tuple[Candidate, ...]
    features: NDArray[np.float32]
    rarity: dict[str, float]
    name_words: frozenset[str]


@dataclass(frozen=True, slots=True)
class _Asked:
    """What is compared of the question. `stem_weights` add up to 1, `rarity` is before that."""

    kind: Kind
    stem_weights: dict[str, float]
    rarity: dict[str, float]
    name_words: frozenset[str]
    figures: tuple[Figure, ...]
    unit: str | None


@dataclass(frozen=True, slots=True)
class _Title:
    """As `_Said`, of the article's title."""

    stems: frozenset[str]
    words: frozenset[str]


@dataclass(frozen=True, slots=True)
class _Said:
    """What is compared of a candidate; `words` are folded, for names."""

    stems: frozenset[str]
    words: frozenset[str]
    title: _Title
    figures: tuple[Figure, ...]
    names: tuple[str, ...]


def read_wording(question: Question, candidates: Sequence[Candidate]) -> Wording:
    """The candidates of a question, described by their words."""
    said = [_said(c.text, c.passage.article.title, c.passage.article.language) for c in candidates]
    asked = _asked(question, said)
    by_article: dict[str, set[str]] = {}
    for candidate, one in zip(candidates, said, strict=True):
        by_article.setdefault(candidate.passage.article.id, set(one.title.stems)).update(one.stems)
    best_score = max((candidate.passage.score for candidate in candidates), default=0.0) or 1.0
    rows = [
        [
            *_met_by(asked, said, candidates, index, by_article[candidate.passage.article.id]),
            *_content_features(asked, candidate, said[index]),
            float(not candidate.passage.article.text[: candidate.start].strip()),
            1 / candidate.passage.rank,
            candidate.passage.score / best_score,
        ]
        for index, candidate in enumerate(candidates)
    ]
    features = np.array(rows, np.float32).reshape(len(candidates), len(WORDING))
    return Wording(question, tuple(candidates), features, asked.rarity, asked.name_words)


def _asked(question: Question, said: Sequence[_Said]) -> _Asked:
    """The question's side; a stem weighs more the fewer of the candidates hold it."""
    frequency = Counter(stem for one in said for stem in one.stems)
    stems = set(stems_in_english(question.query, question.language))
    rarity = {stem: math.log(1 + len(said) / (0.5 + frequency[stem])) for stem in stems}
    whole = sum(rarity.values()) or 1.0
    return _Asked(
        question.kind,
        {stem: weight / whole for stem, weight in rarity.items()},
        rarity,
        _folded_words(" ".join(names(question.query, question.language))),
        find_figures(question.query, question.language),
        _unit(question),
    )


def _unit(question: Question) -> str | None:
    """What the figure asked for is one of: "money", "share" or the stem of a noun; None where none is asked for."""
    unit = expected_unit(question.text) if question.kind == "number" else None
    if unit in (None, "money", "share"):
        return unit
    return next(iter(stems_in_english(str(unit), question.language)), None)


@lru_cache(maxsize=READ_SENTENCES)
def _said(text: str, title: str, language: str | None) -> _Said:
    return _Said(
        frozenset(stems_in_english(text, language)),
        _folded_words(text),
        _title(title, language),
        find_figures(text, language),
        tuple(names(text, language)),
    )


@lru_cache(maxsize=READ_SENTENCES // 8)
def _title(title: str, language: str | None) -> _Title:
    return _Title(frozenset(stems_in_english(title, language)), _folded_words(title))


def _folded_words(text: str) -> frozenset[str]:
    return frozenset(word for word in re.split(r"[\W_]+", fold(normalise(text))) if len(word) > 1)


def _met_by(
    asked: _Asked, said: Sequence[_Said], candidates: Sequence[Candidate], index: int, article_stems: Set[str]
) -> list[float]:
    """In the order of `WORDING`; `article_stems` are those of all the article's candidates and its title."""
    own = said[index]
    near = [said[i] for i in neighbours(candidates, index)]

    def share(stems: Set[str]) -> float:
        return sum(weight for stem, weight in asked.stem_weights.items() if stem in stems)

    near_words = own.title.words.union(*(one.words for one in near))
    missing = len(asked.name_words - near_words)
    given = [any(same_figure(figure, other) for other in own.figures) for figure in asked.figures]
    return [
        share(own.stems),
        share(own.title.stems.union(*(one.stems for one in near))),
        share(article_stems),
        1 - missing / len(asked.name_words) if asked.name_words else 0.5,
        float(missing),
        sum(given) / len(given) if given else 0.5,
    ]


def _gives_unit(unit: str, candidate: Candidate, figures: Sequence[Figure]) -> bool:
    if unit in ("money", "share"):
        return any(figure.kind == {"money": "money", "share": "percent"}[unit] for figure in figures)
    counted = behind_figures(candidate.text, figures)
    return any(unit in stems_in_english(text, candidate.passage.article.language) for text in counted)


def _content_features(asked: _Asked, candidate: Candidate, said: _Said) -> list[float]:
    """What the sentence holds that the question doesn't, and whether that is what was asked for."""
    new_figures = [figure for figure in said.figures if not any(same_figure(figure, other) for other in asked.figures)]
    new_names = [name for name in said.names if not _folded_words(name) <= asked.name_words]
    gives = gives_kind(asked.kind, candidate.text, new_names, new_figures)
    has_unit = asked.unit is not None and _gives_unit(asked.unit, candidate, new_figures)
    return [
        *(float(kind == asked.kind and gives) for kind in KINDS),
        float(has_unit),
        float(asked.unit is not None and not has_unit),
        math.log1p(len(said.stems - asked.stem_weights.keys())),
        math.log1p(len(new_names)),
        math.log1p(len(new_figures)),
        math.log1p(len(candidate.text.split())),
        float(candidate.text.rstrip(' "”»').endswith("?")),
    ]

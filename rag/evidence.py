"""Question and passages → the sentences that might answer, each described by features that a model can weigh.

The features look at a sentence as a reader would: is it about what is asked (meaning, words, names, figures),
does it hold the kind of thing asked for (a person, a figure, a date…), does it say anything that the question
did not say already, and how good are its neighbours, its passage and its article. What each is worth is in
`rag.answer_weights`, fitted by `eval.fit_answering`.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from embeddings import Encoder
from rag.alignment import ReadSentence, how_well_met, read_sentences
from rag.expected import KINDS, Kind, behind_figures, expected_unit, gives_kind
from rag.figures import Figure, find_figures, same_figure
from rag.orders import orders_a_model
from rag.question import Question
from rag.records import Passage, Span
from rag.sentences import split_sentences
from rag.words import fold, names, normalise, stem, stems_in_english

__all__ = ["FEATURES", "Candidate", "describe", "find_candidates"]

# Sentences looked at; each costs an encoding. The right one is rarely in a passage further down.
CANDIDATE_COUNT = 48

# What was read of a sentence is kept for so many, some 3 kB each: of a busy archive the same ones come again, and
# reading them costs more than encoding the question.
READ_SENTENCES = 8192
# A line shorter than this that ends without a full stop is a heading.
HEADING_WORDS = 12

# How well the question's words are met by the likest of the sentence, of it and its neighbours, of its article:
# on average by weight of rarity, and the least of them; the same without names; and the thing asked about alone.
MET = ("words_met", "least_met", "rest_met", "least_rest_met", "focus_met")
WHERE = ("own", "window", "article")

FEATURES = (
    "similarity",  # of question and sentence, cosine
    "similarity_lead",  # the same, less the best sentence's
    "window_similarity",  # of question and the sentence with its two neighbours
    "article_similarity",  # of question and the article's best sentence
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
    *(f"{what}_{where}" for what in MET for where in WHERE),
)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A sentence that might answer, `passage.article.text[start:end]`."""

    passage: Passage
    start: int
    end: int

    @property
    def text(self) -> str:
        return self.passage.article.text[self.start : self.end]


@dataclass(frozen=True, slots=True)
class _Asked:
    """What is compared of the question. `stem_weights` add up to 1, `rarity` is before that."""

    kind: Kind
    stem_weights: dict[str, float]
    rarity: dict[str, float]
    name_words: frozenset[str]
    figures: list[Figure]
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


def find_candidates(passages: Sequence[Passage]) -> list[Candidate]:
    """The sentences of the passages, best passage first, at most `CANDIDATE_COUNT`; none that orders a model about."""
    candidates = [
        Candidate(passage, passage.start + span.start, passage.start + span.end)
        for passage in passages
        for span in _sentences(passage.text, passage.article.language)
    ]
    told = (c for c in candidates if not _is_heading(c.text) and not orders_a_model(c.text))
    return list(islice(told, CANDIDATE_COUNT))


@lru_cache(maxsize=READ_SENTENCES // 4)
def _sentences(text: str, language: str | None) -> tuple[Span, ...]:
    return tuple(split_sentences(text, language))


def _is_heading(text: str) -> bool:
    """Whether a line is too short and open-ended to be a sentence: it can't answer by itself."""
    return len(text.split()) < HEADING_WORDS and not text.rstrip(' "”»)’').endswith((".", "!", "?", "…"))


def describe(question: Question, candidates: Sequence[Candidate], encoder: Encoder) -> NDArray[np.float32]:
    """float32, shape (candidates, features), columns in the order of `FEATURES`."""
    read = read_sentences(encoder, [(c.text, c.passage.article.language) for c in candidates])
    query = read_sentences(encoder, [(question.query, question.language)])[0]
    said = [_said(c.text, c.passage.article.title, c.passage.article.language) for c in candidates]
    asked = _asked(question, said)
    meaning = _meaning_features(query.vector, np.array([one.vector for one in read], np.float32), candidates)
    met = _met_features(asked, query, read, candidates)
    wording = [_wording_features(asked, said, candidates, index) for index in range(len(candidates))]
    content = [_content_features(asked, candidate, said[index]) for index, candidate in enumerate(candidates)]
    best_score = max((candidate.passage.score for candidate in candidates), default=0.0) or 1.0
    place = [
        [
            float(not candidate.passage.article.text[: candidate.start].strip()),
            1 / candidate.passage.rank,
            candidate.passage.score / best_score,
        ]
        for candidate in candidates
    ]
    rows = [[*a, *b, *c, *d] for a, b, c, d in zip(meaning, wording, content, place, strict=True)]
    return np.hstack([np.array(rows, np.float32), met])


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
        tuple(find_figures(text, language)),
        tuple(names(text, language)),
    )


@lru_cache(maxsize=READ_SENTENCES // 8)
def _title(title: str, language: str | None) -> _Title:
    return _Title(frozenset(stems_in_english(title, language)), _folded_words(title))


def _folded_words(text: str) -> frozenset[str]:
    return frozenset(word for word in re.split(r"[\W_]+", fold(normalise(text))) if len(word) > 1)


def _neighbours(candidates: Sequence[Candidate], index: int) -> list[int]:
    """The candidates before and after one in the same passage, and itself."""
    near = [index - 1, index, index + 1]
    passage = candidates[index].passage
    return [i for i in near if 0 <= i < len(candidates) and candidates[i].passage is passage]


def _meaning_features(
    query: NDArray[np.float32], vectors: NDArray[np.float32], candidates: Sequence[Candidate]
) -> list[list[float]]:
    similarity = np.einsum("ij,j->i", vectors, query)  # without OpenBLAS and its threads, as in rag.alignment
    best = float(similarity.max(initial=-1.0))
    best_by_article: dict[str, float] = {}
    for candidate, value in zip(candidates, similarity, strict=True):
        id_ = candidate.passage.article.id
        best_by_article[id_] = max(best_by_article.get(id_, -1.0), float(value))
    rows = []
    for index, candidate in enumerate(candidates):
        window = vectors[_neighbours(candidates, index)].sum(axis=0)
        window_similarity = float(window @ query) / (float(np.linalg.norm(window)) or 1.0)
        own = float(similarity[index])
        rows.append([own, own - best, window_similarity, best_by_article[candidate.passage.article.id]])
    return rows


def _met_features(
    asked: _Asked, query: ReadSentence, read: Sequence[ReadSentence], candidates: Sequence[Candidate]
) -> NDArray[np.float32]:
    """float32, shape (candidates, MET × WHERE); in a question without content words all are .5."""
    if not query.words:
        return np.full((len(candidates), len(MET) * len(WHERE)), 0.5, np.float32)
    own = how_well_met(query, read)
    window, article = own.copy(), own.copy()
    for index in range(len(candidates)):
        window[:, index] = own[:, _neighbours(candidates, index)].max(axis=1)
    article_ids = np.array([candidate.passage.article.id for candidate in candidates])
    for id_ in set(article_ids):
        article[:, article_ids == id_] = own[:, article_ids == id_].max(axis=1, keepdims=True)
    weights = np.array([asked.rarity.get(stem(word, "en"), 1.0) for word in query.words], np.float32)
    is_rest = np.array([fold(word) not in asked.name_words for word in query.words])
    if not is_rest.any():
        is_rest[:] = True
    focus = int(is_rest.argmax())

    def said(met: NDArray[np.float32]) -> list[NDArray[np.float32]]:
        """In the order of `MET`."""
        rest = met[is_rest]
        return [
            weights @ met / weights.sum(),
            met.min(axis=0),
            weights[is_rest] @ rest / weights[is_rest].sum(),
            rest.min(axis=0),
            met[focus],
        ]

    rows = zip(*(said(met) for met in (own, window, article)), strict=True)
    return np.array([by_reach for what in rows for by_reach in what], np.float32).T


def _wording_features(asked: _Asked, said: Sequence[_Said], candidates: Sequence[Candidate], index: int) -> list[float]:
    own = said[index]
    near = [said[i] for i in _neighbours(candidates, index)]
    article_id = candidates[index].passage.article.id
    same_article = [said[i].stems for i, other in enumerate(candidates) if other.passage.article.id == article_id]

    def share(stems: frozenset[str]) -> float:
        return sum(weight for stem, weight in asked.stem_weights.items() if stem in stems)

    near_words = own.title.words.union(*(one.words for one in near))
    missing = len(asked.name_words - near_words)
    given = [any(same_figure(figure, other) for other in own.figures) for figure in asked.figures]
    return [
        share(own.stems),
        share(own.title.stems.union(*(one.stems for one in near))),
        share(own.title.stems.union(*same_article)),
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

"""Wording and what the encoder makes of the sentences → every feature of the candidates, as a model weighs them.

The features look at a sentence as a reader would: is it about what is asked (meaning, words, names, figures), does it
hold the kind of thing asked for, does it say anything new, and how good are its neighbours, its passage and its
article. What each is worth is in `rag.extractive.weights`, fitted by `eval.fit_answering`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from embeddings import Encoder
from rag.alignment import ReadSentence, how_well_met, read_sentences
from rag.extractive.candidates import Candidate, neighbours
from rag.extractive.wording import WORDING, Wording
from rag.kept_sentences import Place
from rag.words import fold, stem

__all__ = ["FEATURES", "MET", "WHERE", "describe", "read_candidates"]

# How well the question's words are met by the likest of the sentence, of it and its neighbours, of its article:
# on average by weight of rarity, and the least of them; the same without names; and the thing asked about alone.
MET = ("words_met", "least_met", "rest_met", "least_rest_met", "focus_met")
WHERE = ("own", "window", "article")

FEATURES = (
    "similarity",  # of question and sentence, cosine
    "similarity_lead",  # the same, less the best sentence's
    "window_similarity",  # of question and the sentence with its two neighbours
    "article_similarity",  # of question and the article's best sentence
    "around_similarity",  # of question and the chunk that the sentence stands in
    "article_around_similarity",  # of question and the article's best of these
    *WORDING,
    *(f"{what}_{where}" for what in MET for where in WHERE),
)


def read_candidates(
    candidates: Sequence[Candidate], encoder: Encoder, kept: Mapping[Place, ReadSentence]
) -> list[ReadSentence]:
    """What the encoder makes of the candidates: what is `kept` of them, and of the others by reading them now."""
    places = [(one.passage.article.id, one.start, one.end) for one in candidates]
    others = [one for one, place in zip(candidates, places, strict=True) if place not in kept]
    read = iter(read_sentences(encoder, [(one.text, one.passage.article.language) for one in others]))
    return [kept[place] if place in kept else next(read) for place in places]


def describe(wording: Wording, read: Sequence[ReadSentence], encoder: Encoder) -> NDArray[np.float32]:
    """float32, shape (candidates, features), columns in the order of `FEATURES`; `read` are the candidates, as read."""
    question, candidates = wording.question, wording.candidates
    query = read_sentences(encoder, [(question.query, question.language)])[0]
    windows = [neighbours(candidates, index) for index in range(len(candidates))]
    article_ids = [candidate.passage.article.id for candidate in candidates]
    meaning = _meaning_features(query.vector, read, windows, article_ids)
    met = _met_features(wording, query, read, windows, article_ids)
    return np.hstack([meaning, wording.features, met])


def _meaning_features(
    query: NDArray[np.float32],
    read: Sequence[ReadSentence],
    windows: Sequence[list[int]],
    article_ids: Sequence[str],
) -> NDArray[np.float32]:
    """float32, shape (read, the features before `WORDING`)."""
    vectors = np.array([one.vector for one in read], np.float32)
    around = np.array([one.around for one in read], np.float32)
    # Without OpenBLAS and its threads, as in rag.alignment.
    own, of_chunk = np.einsum("ij,j->i", vectors, query), np.einsum("ij,j->i", around, query)
    sums = np.array([vectors[window].sum(axis=0) for window in windows])
    window = np.einsum("ij,j->i", sums, query) / np.maximum(np.linalg.norm(sums, axis=1), 1e-12)
    columns = (own, own - own.max(), window, _best_of(own, article_ids), of_chunk, _best_of(of_chunk, article_ids))
    return np.stack(columns, axis=1).astype(np.float32)


def _best_of(values: NDArray[np.float32], article_ids: Sequence[str]) -> NDArray[np.float32]:
    """For each, the greatest of its article."""
    best: dict[str, float] = {}
    for id_, value in zip(article_ids, values.tolist(), strict=True):
        best[id_] = max(best.get(id_, value), value)
    return np.array([best[id_] for id_ in article_ids], np.float32)


def _met_features(
    wording: Wording,
    query: ReadSentence,
    read: Sequence[ReadSentence],
    windows: Sequence[list[int]],
    article_ids: Sequence[str],
) -> NDArray[np.float32]:
    """float32, shape (read, MET × WHERE); in a question without content words all are .5."""
    if not query.words:
        return np.full((len(read), len(MET) * len(WHERE)), 0.5, np.float32)
    own = how_well_met(query, read)
    window, article = own.copy(), own.copy()
    for index, near in enumerate(windows):
        window[:, index] = own[:, near].max(axis=1)
    for id_ in set(article_ids):
        of_article = [index for index, other in enumerate(article_ids) if other == id_]
        article[:, of_article] = own[:, of_article].max(axis=1, keepdims=True)
    weights = np.array([wording.rarity.get(stem(word, "en"), 1.0) for word in query.words], np.float32)
    is_rest = np.array([fold(word) not in wording.name_words for word in query.words])
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

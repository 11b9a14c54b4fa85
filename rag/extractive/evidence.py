"""Wording and encoder → every feature of the candidates that promise to answer, as a model weighs them.

The features look at a sentence as a reader would: is it about what is asked (meaning, words, names, figures), does it
hold the kind of thing asked for, does it say anything new, and how good are its neighbours, its passage and its
article. What each is worth is in `rag.extractive.weights`, fitted by `eval.fit_answering`.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from embeddings import Encoder
from rag.alignment import ReadSentence, how_well_met, read_sentences
from rag.extractive.candidates import neighbours
from rag.extractive.wording import WORDING, Wording
from rag.words import fold, stem

__all__ = ["FEATURES", "MET", "WHERE", "describe"]

# How well the question's words are met by the likest of the sentence, of it and its neighbours, of its article:
# on average by weight of rarity, and the least of them; the same without names; and the thing asked about alone.
MET = ("words_met", "least_met", "rest_met", "least_rest_met", "focus_met")
WHERE = ("own", "window", "article")

FEATURES = (
    "similarity",  # of question and sentence, cosine
    "similarity_lead",  # the same, less the best sentence's
    "window_similarity",  # of question and the sentence with its two neighbours
    "article_similarity",  # of question and the article's best sentence
    *WORDING,
    *(f"{what}_{where}" for what in MET for where in WHERE),
)


def describe(wording: Wording, places: Sequence[int], encoder: Encoder) -> NDArray[np.float32]:
    """float32, shape (places, features), columns in the order of `FEATURES`, of the candidates at these places.

    Neighbours, articles and the best are those among these places.
    """
    question = wording.question
    kept = [wording.candidates[place] for place in places]
    read = read_sentences(encoder, [(c.text, c.passage.article.language) for c in kept])
    query = read_sentences(encoder, [(question.query, question.language)])[0]
    windows = [_window(wording, places, index) for index in range(len(places))]
    article_ids = [candidate.passage.article.id for candidate in kept]
    vectors = np.array([one.vector for one in read], np.float32).reshape(len(kept), len(query.vector))
    meaning = _meaning_features(query.vector, vectors, windows, article_ids)
    met = _met_features(wording, query, read, windows, article_ids)
    return np.hstack([np.array(meaning, np.float32).reshape(len(kept), 4), wording.features[list(places)], met])


def _window(wording: Wording, places: Sequence[int], index: int) -> list[int]:
    """Which of the places are a candidate's neighbours, and itself."""
    near = neighbours(wording.candidates, places[index])
    return [i for i in (index - 1, index, index + 1) if 0 <= i < len(places) and places[i] in near]


def _meaning_features(
    query: NDArray[np.float32],
    vectors: NDArray[np.float32],
    windows: Sequence[list[int]],
    article_ids: Sequence[str],
) -> list[list[float]]:
    similarity = np.einsum("ij,j->i", vectors, query)  # without OpenBLAS and its threads, as in rag.alignment
    best = float(similarity.max(initial=-1.0))
    best_by_article: dict[str, float] = {}
    for id_, value in zip(article_ids, similarity, strict=True):
        best_by_article[id_] = max(best_by_article.get(id_, -1.0), float(value))
    rows = []
    for index, window in enumerate(windows):
        around = vectors[window].sum(axis=0)
        window_similarity = float(around @ query) / (float(np.linalg.norm(around)) or 1.0)
        own = float(similarity[index])
        rows.append([own, own - best, window_similarity, best_by_article[article_ids[index]]])
    return rows


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

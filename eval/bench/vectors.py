"""Which sentences a chunk was made from → a vector as its encoder would give, without encoding it.

A million chunks take the encoder hours. Each sentence of the sample is encoded once, and so are some made-up chunks.
A chunk's vector is then the mean of its sentences' vectors, scaled as it fits best, and noise with the covariance
of what the fit leaves over on the chunks really encoded: first and second moments are those of real vectors.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from embeddings import Encoder
from embeddings.encoders import unit_rows
from eval.bench.recombining import Recombined, Recombiner
from rag.chunking import embedding_text, group_sentences
from rag.records import Chunk

__all__ = ["RecombinedVectors", "templates_of"]

# Of articles that no archive holds; some 550 chunks, more than a vector has places.
FITTED_ARTICLES = 80
FIRST_FITTED_ARTICLE = 1_000_000_000


class RecombinedVectors:
    """Vectors for chunks of recombined articles; encodes some 1,100 texts when it is made."""

    def __init__(self, recombiner: Recombiner, encoder: Encoder) -> None:
        whole = [encoder.as_read(one.text, one.language) for one in recombiner.templates]
        self._of_template = encoder.encode_passages(whole)
        fitted: list[tuple[Chunk, list[int]]] = []
        for made in islice(recombiner.articles(FIRST_FITTED_ARTICLE), FITTED_ARTICLES):
            chunks = group_sentences(made.article, made.sentences)
            fitted += zip(chunks, templates_of(made, chunks), strict=True)
        real = encoder.encode_passages([embedding_text(chunk, encoder) for chunk, _ in fitted])
        means = self._means([places for _, places in fitted])
        self._scale = float((real * means).sum() / (means * means).sum())
        left_over = real - self._scale * means
        self._offset = left_over.mean(axis=0)
        spread = np.cov(left_over, rowvar=False) + 1e-7 * np.eye(left_over.shape[1])
        self._noise = np.linalg.cholesky(spread).T.astype(np.float32)
        self._chance = np.random.default_rng(recombiner.seed)

    def draw(self, templates: Sequence[Sequence[int]]) -> NDArray[np.float32]:
        """float32, shape (n, dimension), rows of norm 1: one for each chunk, given the templates of its sentences."""
        noise = self._chance.standard_normal((len(templates), len(self._offset)), np.float32) @ self._noise
        return unit_rows(self._scale * self._means(templates) + self._offset + noise)

    def _means(self, templates: Sequence[Sequence[int]]) -> NDArray[np.float32]:
        return np.stack([self._of_template[list(places)].mean(axis=0) for places in templates])


def templates_of(made: Recombined, chunks: Sequence[Chunk]) -> list[list[int]]:
    """For each chunk of the article, the templates of the sentences that begin in it, or of the one it is cut from."""
    starts = np.array([one.start for one in made.sentences])
    found = []
    for chunk in chunks:
        first = int(np.searchsorted(starts, chunk.start, "right")) - 1
        last = int(np.searchsorted(starts, chunk.end, "left"))
        found.append(list(made.templates[first:last]))
    return found

"""Which sentences a chunk was made from → what its encoder would make of it, without encoding it.

A million chunks take the encoder hours. Each sentence of the sample is encoded once, and so are some made-up chunks.
A chunk's vector is then the mean of its sentences' vectors, scaled as it fits best, and noise with the covariance
of what the fit leaves over on the chunks really encoded: first and second moments are those of real vectors. What is
kept of its sentences is what is kept of those they were made from.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from embeddings import Encoder
from embeddings.encoders import unit_rows
from eval.bench.recombining import Recombined, Recombiner, Template
from rag.chunking import chunk_as_read, group_sentences
from rag.kept_sentences import codes_of, packed, read_chunks
from rag.records import Article, Chunk

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
        real = encoder.encode_passages([chunk_as_read(chunk, encoder).text for chunk, _ in fitted])
        means = self._means([places for _, places in fitted])
        self._scale = float((real * means).sum() / (means * means).sum())
        left_over = real - self._scale * means
        self._offset = left_over.mean(axis=0)
        spread = np.cov(left_over, rowvar=False) + 1e-7 * np.eye(left_over.shape[1])
        self._noise = np.linalg.cholesky(spread).T.astype(np.float32)
        self._chance = np.random.default_rng(recombiner.seed)
        self._codes = [_codes_alone(one, encoder) for one in recombiner.templates]

    def draw(self, templates: Sequence[Sequence[int]]) -> NDArray[np.float32]:
        """float32, shape (n, dimension), rows of norm 1: one for each chunk, given the templates of its sentences."""
        noise = self._chance.standard_normal((len(templates), len(self._offset)), np.float32) @ self._noise
        return unit_rows(self._scale * self._means(templates) + self._offset + noise)

    def sentences(self, made: Recombined, chunks: Sequence[Chunk]) -> list[bytes]:
        """What is to be kept of the sentences of an article's chunks, all of which are given."""
        return [
            packed(self._codes[of_chunk[0]][:1], chunk.sentences, [self._codes[one][1:] for one in of_chunk])
            for chunk, of_chunk in zip(chunks, templates_of(made, chunks), strict=True)
        ]

    def _means(self, templates: Sequence[Sequence[int]]) -> NDArray[np.float32]:
        return np.stack([self._of_template[list(places)].mean(axis=0) for places in templates])


def _codes_alone(template: Template, encoder: Encoder) -> NDArray[np.uint8]:
    """The codes that are kept of a sentence which is read alone: all of them, should it be taken for several.

    The first is that of the whole.
    """
    article = Article("", "", template.text, language=template.language)
    (kept,) = read_chunks([Chunk(article, 1, 0, len(template.text))], encoder).sentences
    return codes_of(kept or b"", encoder.dimension)


def templates_of(made: Recombined, chunks: Sequence[Chunk]) -> list[list[int]]:
    """For each chunk of the article, the templates of the sentences that begin in it, or of the one it is cut from."""
    starts = np.array([one.start for one in made.sentences])
    found = []
    for chunk in chunks:
        first = int(np.searchsorted(starts, chunk.start, "right")) - 1
        last = int(np.searchsorted(starts, chunk.end, "left"))
        found.append(list(made.templates[first:last]))
    return found

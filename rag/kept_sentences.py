"""What the encoder makes of a chunk's sentences while it reads the chunk: kept with the archive, so that no question
waits for sentences to be encoded.

A chunk is read as a whole for its vector, and the words' vectors come with it, in the light of the chunk. Kept are that
vector, those of each sentence's content words, and one for the sentence: their mean, less what the rest of the chunk
says. For what all its sentences have in common tells none of them from the others: with the mean alone, four questions
of a hundred fewer are answered in French. All are kept with two bits a value (`embeddings.two_bits`), which costs no
answer.

Kept is, little-endian: uint32, how many sentences; then for each, uint32, its start and end in the chunk's text and how
many vectors it has; then the codes, of the chunk's vector first, then of each sentence's, its own before its words'.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import accumulate, islice

import numpy as np
from numpy.typing import NDArray

from embeddings import Encoder, ReadText
from embeddings.encoders import unit_rows
from embeddings.two_bits import bytes_per_row, from_two_bits, to_two_bits
from rag.alignment import ReadSentence, content_rows
from rag.chunking import ChunkAsRead, chunk_as_read
from rag.records import Article, Chunk, Passage, Span
from rag.store_view import StoredEncoder, StoreView

__all__ = [
    "KeptSentences",
    "Place",
    "ReadChunks",
    "codes_of",
    "is_sound",
    "packed",
    "read_chunks",
    "sentences_of",
    "spans_of",
]

# An article's id, and a half-open range of characters in its text.
Place = tuple[str, int, int]

_HEADER = np.dtype("<u4")


@dataclass(frozen=True, slots=True)
class ReadChunks:
    """What an encoder made of chunks: their vectors, float32, shape (n, dimension), and what their sentences leave.

    That is to be kept, and None for each where the encoder would have had to read the sentences once more.
    """

    vectors: NDArray[np.float32]
    sentences: tuple[bytes | None, ...]

    @classmethod
    def joined(cls, parts: Sequence[ReadChunks]) -> ReadChunks:
        """All parts, of which there is at least one, in their order."""
        return cls(
            np.concatenate([part.vectors for part in parts]), tuple(one for part in parts for one in part.sentences)
        )


def read_chunks(chunks: Sequence[Chunk], encoder: Encoder, as_read: Sequence[ChunkAsRead] | None = None) -> ReadChunks:
    """The chunks as the encoder reads them; `as_read` is what `chunk_as_read` gave of each, if it is known."""
    as_read = as_read or [chunk_as_read(chunk, encoder) for chunk in chunks]
    texts = [one.text for one in as_read]
    if not encoder.reads_in_context:
        return ReadChunks(encoder.encode_passages(texts), (None,) * len(texts))
    read = encoder.encode_words(texts)
    vectors = np.array([one.vector for one in read], np.float32).reshape(len(texts), encoder.dimension)
    languages = [chunk.article.language for chunk in chunks]
    return ReadChunks(vectors, tuple(_kept(as_read, read, languages)))


def packed(around: NDArray[np.uint8], spans: Sequence[Span], codes: Sequence[NDArray[np.uint8]]) -> bytes:
    """What is kept of a chunk, of its vector's code and those of its sentences, which lie there.

    Codes are uint8, (rows, bytes of a row); the chunk's has one row.
    """
    header = [len(spans)]
    for span, of_sentence in zip(spans, codes, strict=True):
        header += [span.start, span.end, len(of_sentence)]
    return b"".join([np.array(header, _HEADER).tobytes(), *(one.tobytes() for one in (around, *codes))])


def _kept(as_read: Sequence[ChunkAsRead], read: Sequence[ReadText], languages: Sequence[str | None]) -> list[bytes]:
    rows = [of_sentence for one in zip(as_read, read, languages, strict=True) for of_sentence in _rows(*one)]
    codes = to_two_bits(np.concatenate(rows))  # at once, for speed
    parts = iter(np.split(codes, list(accumulate(map(len, rows)))[:-1]))
    return [
        packed(next(parts), [span for span, _ in one.sentences], list(islice(parts, len(one.sentences))))
        for one in as_read
    ]


def _rows(as_read: ChunkAsRead, read: ReadText, language: str | None) -> list[NDArray[np.float32]]:
    """The chunk's vector, and those of each sentence, (n, dimension); none of one that the encoder did not reach."""
    vectors = read.word_vectors
    starts = np.array([start for start, _ in read.words], np.int64)
    small_words_of = "en" if as_read.is_gloss else language
    rows: list[NDArray[np.float32]] = [read.vector[None]]
    for _, place in as_read.sentences:
        first, last = np.searchsorted(starts, [place.start, place.end]).tolist()
        if first == last:
            rows.append(vectors[:0])
            continue
        own = unit_rows(vectors[first:last].sum(axis=0, keepdims=True))
        if len(as_read.sentences) > 1:
            own = own - unit_rows(read.vector - own / np.float32(len(as_read.sentences)))
        words = [as_read.text[start:end].lower() for start, end in read.words[first:last]]
        content = [first + row for row in content_rows(words, small_words_of)]
        rows.append(np.concatenate([own, vectors[content]]))
    return rows


@dataclass(frozen=True, slots=True)
class KeptSentences:
    """What an archive keeps of some passages' sentences.

    `spans` are where they lie in their article's text, by the passage's place; of passages all of whose sentences are
    known. `read` is what the encoder made of those that it reached, by the sentence's place.
    """

    spans: Mapping[Place, tuple[Span, ...]] = field(default_factory=dict)
    read: Mapping[Place, ReadSentence] = field(default_factory=dict)


def sentences_of(view: StoreView, encoder: StoredEncoder, passages: Iterable[Passage], limit: int) -> KeptSentences:
    """What is kept of the passages' sentences; what is damaged is left out.

    Once `limit` sentences are known, no further passages are looked at.
    """
    spans: dict[Place, tuple[Span, ...]] = {}
    rows_by_place: dict[Place, tuple[int, int, int]] = {}  # the chunk's, the first of its own, and behind its last
    codes: list[bytes] = []
    row_count = 0
    for passage in passages:
        if len(rows_by_place) >= limit:
            break
        article = passage.article
        of_passage: list[Span] | None = []
        for chunk_start, kept in view.kept_sentences(encoder, article, passage.start, passage.end):
            try:
                header, coded = _parts(kept or b"", encoder.dimension)
            except ValueError:
                of_passage = None
                continue
            here = [Span(chunk_start + start, chunk_start + end) for start, end, _ in header]
            of_passage = None if of_passage is None else of_passage + here
            codes.append(coded)
            of_chunk, row_count = row_count, row_count + 1
            for span, (_, _, count) in zip(here, header, strict=True):
                if count:
                    rows_by_place[article.id, span.start, span.end] = of_chunk, row_count, row_count + count
                row_count += count
        if of_passage:
            spans[article.id, passage.start, passage.end] = tuple(of_passage)
    rows = np.frombuffer(b"".join(codes), np.uint8).reshape(row_count, bytes_per_row(encoder.dimension))
    vectors = from_two_bits(rows, encoder.dimension)
    read = {
        place: ReadSentence(vectors[first], (), vectors[first + 1 : last], vectors[of_chunk])
        for place, (of_chunk, first, last) in rows_by_place.items()
    }
    return KeptSentences(spans, read)


def spans_of(view: StoreView, encoder: StoredEncoder, article: Article) -> tuple[Span, ...]:
    """Where all the article's sentences lie in its text; none where they are not kept of every chunk."""
    spans: list[Span] = []
    for chunk_start, kept in view.kept_sentences(encoder, article, 0, len(article.text)):
        try:
            header, _ = _parts(kept or b"", encoder.dimension)
        except ValueError:
            return ()
        spans += [Span(chunk_start + start, chunk_start + end) for start, end, _ in header]
    return tuple(spans)


def codes_of(kept: bytes, dimension: int) -> NDArray[np.uint8]:
    """The codes, (rows, bytes of a row), of a chunk and its sentences. Raises `ValueError` where it is damaged."""
    return np.frombuffer(_parts(kept, dimension)[1], np.uint8).reshape(-1, bytes_per_row(dimension))


def is_sound(kept: bytes, dimension: int) -> bool:
    """Whether it is what `read_chunks` made with an encoder of this dimension."""
    try:
        _parts(kept, dimension)
    except ValueError:
        return False
    return True


def _parts(kept: bytes, dimension: int) -> tuple[list[list[int]], bytes]:
    """Of each sentence its start, its end and how many vectors it has; and all codes. Raises `ValueError`."""
    size = _HEADER.itemsize
    if len(kept) < size:
        raise ValueError("Nothing is kept of a chunk's sentences.")
    count = int.from_bytes(kept[:size], "little")
    codes_from = size * (1 + 3 * count)
    header = np.frombuffer(kept, _HEADER, 3 * count, size).reshape(-1, 3).tolist()
    row_count = 1 + sum(rows for _, _, rows in header)
    if len(kept) - codes_from != row_count * bytes_per_row(dimension):
        raise ValueError("What is kept of a chunk's sentences is damaged.")
    return header, kept[codes_from:]

"""Article → chunks: runs of whole sentences, each with its exact place in the text."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from embeddings import Encoder
from rag.records import Article, Chunk, Span
from rag.sentences import split_sentences

__all__ = ["ChunkAsRead", "chunk_as_read", "group_sentences", "lexical_text", "split_article"]

# On the development questions as good as 90 words in French and better in English.
CHUNK_SENTENCES = 3
CHUNK_WORDS = 130
# A sentence longer than this (a table, a list without full stops) is cut at white space: the encoder reads
# 256 word pieces, some 180 words, and drops the rest.
LONGEST_SENTENCE_WORDS = 180


@dataclass(frozen=True, slots=True)
class ChunkAsRead:
    """The text that an encoder reads for a chunk, and where each sentence lies in the chunk's own text and in this.

    `is_gloss` tells that it is another text than the chunk's.
    """

    text: str
    sentences: tuple[tuple[Span, Span], ...]
    is_gloss: bool


def split_article(article: Article) -> list[Chunk]:
    """The article's chunks in order, without overlap; every sentence is in exactly one. No text, no chunk."""
    return group_sentences(article, split_sentences(article.text, article.language))


def group_sentences(article: Article, sentences: Iterable[Span]) -> list[Chunk]:
    """As `split_article`, where the sentences are known."""
    chunks: list[Chunk] = []
    run: list[Span] = []
    run_words = 0
    for sentence in (piece for whole in sentences for piece in _cut_if_long(article.text, whole)):
        words = len(article.text[sentence.start : sentence.end].split())
        if run and (len(run) == CHUNK_SENTENCES or run_words + words > CHUNK_WORDS):
            chunks.append(_chunk(article, len(chunks), run))
            run, run_words = [], 0
        run.append(sentence)
        run_words += words
    if run:
        chunks.append(_chunk(article, len(chunks), run))
    return chunks


def _chunk(article: Article, position: int, sentences: Sequence[Span]) -> Chunk:
    start = sentences[0].start
    inside = tuple(Span(one.start - start, one.end - start) for one in sentences)
    return Chunk(article, position, start, sentences[-1].end, inside)


def chunk_as_read(chunk: Chunk, encoder: Encoder) -> ChunkAsRead:
    """What the encoder is given for a chunk: its sentences, and for the first chunk the title before them.

    A title before every chunk makes the chunks of an article alike: on the development questions it gained
    nothing in English and cost up to a point of nDCG@10 in French.
    """
    language, text = chunk.article.language, chunk.text
    pieces = [encoder.as_read(chunk.article.title, language), "\n"] if chunk.position == 0 else []
    is_gloss = False
    length = sum(map(len, pieces))
    sentences: list[tuple[Span, Span]] = []
    read_to = 0
    for span in chunk.sentences or split_sentences(text, language):
        original = text[span.start : span.end]
        sentence = encoder.as_read(original, language)
        is_gloss = is_gloss or sentence != original
        between = text[read_to : span.start]
        pieces += [between, sentence]
        start = length + len(between)
        length = start + len(sentence)
        sentences.append((span, Span(start, length)))
        read_to = span.end
    return ChunkAsRead("".join(pieces), tuple(sentences), is_gloss)


def lexical_text(chunk: Chunk) -> str:
    """What the lexical index holds for a chunk: the title, whose words the sentences take as said, and they."""
    return f"{chunk.article.title}\n{chunk.text}"


def _cut_if_long(text: str, sentence: Span) -> list[Span]:
    pieces: list[Span] = []
    start = sentence.start
    words = 0
    position = start
    for word in text[sentence.start : sentence.end].split():
        word_start = text.index(word, position)
        if words == LONGEST_SENTENCE_WORDS:
            pieces.append(Span(start, position))
            start, words = word_start, 0
        position = word_start + len(word)
        words += 1
    return [*pieces, Span(start, position)]

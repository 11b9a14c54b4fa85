"""Chunks: whole sentences, exact offsets, nothing lost, nothing twice."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from rag.chunking import CHUNK_WORDS, LONGEST_SENTENCE_WORDS, split_article
from rag.records import Article
from rag.sentences import split_sentences

_SENTENCES = st.lists(st.integers(1, 40), max_size=40).map(
    lambda lengths: " ".join(f"S{' word' * (length - 1)}." for length in lengths)
)


@given(_SENTENCES | st.text(max_size=300), st.sampled_from(["en", "fr"]))
def test_every_sentence_is_in_exactly_one_chunk(text: str, language: str) -> None:
    article = Article("a", "t", text, language=language)
    chunks = split_article(article)
    held = [
        span for chunk in chunks for span in split_sentences(text, language) if chunk.start <= span.start < chunk.end
    ]
    assert held == split_sentences(text, language)
    assert [chunk.position for chunk in chunks] == list(range(len(chunks)))
    assert all(chunk.text == text[chunk.start : chunk.end] for chunk in chunks)


@given(_SENTENCES)
def test_no_chunk_of_several_sentences_is_over_the_size(text: str) -> None:
    for chunk in split_article(Article("a", "t", text, language="fr")):
        assert len(chunk.text.split()) <= CHUNK_WORDS


def test_an_endless_sentence_is_cut_between_words_and_nothing_is_lost() -> None:
    text = " ".join(f"w{number}" for number in range(1000))
    chunks = split_article(Article("a", "t", text, language="en"))
    assert max(len(chunk.text.split()) for chunk in chunks) == LONGEST_SENTENCE_WORDS
    assert " ".join(chunk.text for chunk in chunks) == text


def test_an_article_without_text_has_no_chunk() -> None:
    assert split_article(Article("a", "t", "  \n\n ")) == []

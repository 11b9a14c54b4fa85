"""Sentences: by hand in both languages, and invariants on any text."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.sentences import split_paragraphs, split_sentences


def _sentences(text: str, language: str | None) -> list[str]:
    return [text[sentence.start : sentence.end] for sentence in split_sentences(text, language)]


@pytest.mark.parametrize(
    ("language", "sentences"),
    [
        ("en", ["He said no.", "Mr. Blair left at 5 p.m. on Sunday.", "It cost $3.5 million!"]),
        ("en", ["The U.S. Army came.", "“Yes.”", "They agreed."]),
        ("fr", ["M. de Hoop Scheffer a parlé.", "« Il faut agir ! », a-t-il dit.", "Qui ?", "Moi… et toi."]),
        ("fr", ["Le 5 avr. 2004, la réunion a commencé.", "J. Chirac est venu.", "Les É.-U. ont dit non."]),
        ("fr", ["Ils regardent la mer.", "Elle est calme.", "Voir l'art. 5 du traité."]),
        ("fr", ["Il a dit : « Non. »", "Elle est partie."]),
        ("ru", ["Он приехал в Москву.", "Встреча прошла хорошо."]),
    ],
)
def test_sentences_are_split_where_a_reader_would(language: str, sentences: list[str]) -> None:
    assert _sentences(" ".join(sentences), language) == sentences


def test_chinese_needs_no_space_between_sentences() -> None:
    assert _sentences("他来了。她走了。", "zh") == ["他来了。", "她走了。"]


def test_a_sentence_never_crosses_an_empty_line() -> None:
    assert _sentences("A heading\n\nThe text", "en") == ["A heading", "The text"]


def test_no_text_has_no_sentence() -> None:
    assert _sentences(" \n\n ", "fr") == []


_TEXTS = st.text(alphabet=st.sampled_from(list("abÉé M.!?…»« “”'’\n0123,;-— \u00a0。")), max_size=200) | st.text(
    max_size=200
)


@given(_TEXTS, st.sampled_from(["en", "fr", None]))
def test_sentences_are_in_order_and_hold_every_character_but_white_space(text: str, language: str | None) -> None:
    spans = split_sentences(text, language)
    assert all(a.end <= b.start for a, b in pairwise(spans))
    assert "".join("".join(text[s.start : s.end].split()) for s in spans) == "".join(text.split())
    assert all(text[s.start : s.end] == text[s.start : s.end].strip() for s in spans)


@given(_TEXTS)
def test_paragraphs_hold_every_character_but_white_space(text: str) -> None:
    assert "".join("".join(text[p.start : p.end].split()) for p in split_paragraphs(text)) == "".join(text.split())

"""The interface's texts: both languages complete."""

from __future__ import annotations

import string

import pytest

from ui.rendering.answer_texts import ANSWER_TEXTS
from ui.rendering.page_texts import PAGE_TEXTS
from ui.rendering.texts import TEXT_BY_KEY, text


@pytest.mark.parametrize("key", sorted(TEXT_BY_KEY))
def test_both_languages_say_it_with_the_same_values(key: str) -> None:
    english, french = TEXT_BY_KEY[key]
    assert english
    assert french
    assert _fields(english) == _fields(french)


def test_no_two_texts_have_one_key() -> None:
    assert PAGE_TEXTS.keys().isdisjoint(ANSWER_TEXTS)


def test_a_value_is_never_read_as_a_field() -> None:
    assert text("also_in", "en", outlets="{count} {0.__class__}") == "also in {count} {0.__class__}"


def test_french_keeps_double_punctuation_on_the_line_of_its_word() -> None:
    assert text("welcome", "fr") == "Que voulez-vous savoir\u00a0?"
    assert text("source_label", "fr", number=1, facts="a : b") == "Source 1\u00a0: a : b"
    assert text("welcome", "en") == "What would you like to know?"


def _fields(words: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(words) if name}

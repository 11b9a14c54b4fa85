"""The interface's texts: both languages complete, the browser's language understood."""

from __future__ import annotations

import string

import pytest

from ui.rendering import texts
from ui.rendering.texts import choose_language, language_name, text


@pytest.mark.parametrize("key", sorted(texts._TEXT_BY_KEY))
def test_both_languages_say_it_with_the_same_values(key: str) -> None:
    english, french = texts._TEXT_BY_KEY[key]
    assert english
    assert french
    assert _fields(english) == _fields(french)


def test_a_value_is_never_read_as_a_field() -> None:
    assert text("also_in", "en", outlets="{count} {0.__class__}") == "also in {count} {0.__class__}"


def test_french_keeps_double_punctuation_on_the_line_of_its_word() -> None:
    assert text("welcome", "fr") == "Que voulez-vous savoir\u00a0?"
    assert text("source_label", "fr", number=1, facts="a : b") == "Source 1\u00a0: a : b"
    assert text("welcome", "en") == "What would you like to know?"


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("fr-FR,fr;q=0.9,en;q=0.8", "fr"),
        ("en-GB,en;q=0.9,fr;q=0.8", "en"),
        ("de, fr;q=0.4", "fr"),
        ("de", "en"),
        ("", "en"),
        ("fr;q=0", "en"),
        ("fr;q=much, en;q=0.1", "en"),
        ("*", "en"),
    ],
)
def test_the_page_speaks_the_language_the_browser_prefers(header: str, language: str) -> None:
    assert choose_language(header) == language


def test_a_language_without_a_name_keeps_its_code() -> None:
    assert language_name("eo", "fr") == "eo"


def _fields(words: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(words) if name}

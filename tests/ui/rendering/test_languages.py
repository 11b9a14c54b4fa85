"""The interface's languages: the browser's is understood, and any can be named."""

from __future__ import annotations

import pytest

from ui.rendering.languages import choose_language, language_name


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

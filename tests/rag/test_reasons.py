"""Reasons: both languages say the same with the same values, and what has a French name bears it."""

from __future__ import annotations

import ast
import string
from pathlib import Path

import pytest

from rag import reasons
from rag.reading import encoding, inputs, kinds
from rag.reasons import Reason, reason

RAG = Path(reasons.__file__).parent


@pytest.mark.parametrize("kind", sorted(reasons._TEXTS_BY_KIND))
def test_both_languages_say_it_with_the_same_values(kind: str) -> None:
    english, french = reasons._TEXTS_BY_KIND[kind]
    assert english
    assert french
    assert english != french
    assert _fields(english) == _fields(french)


def test_every_reason_that_is_given_has_texts_and_every_text_is_given() -> None:
    given = {
        (node.args[0].value, frozenset(keyword.arg for keyword in node.keywords))
        for path in [*RAG.rglob("*.py"), *(RAG.parent / "ui").rglob("*.py")]
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "reason"
        if isinstance(node.args[0], ast.Constant)
    }
    for kind, names in given:
        assert _fields(reasons._TEXTS_BY_KIND[kind][0]) == names, kind
    # These are chosen between where they are given.
    chosen = {"only_spaces", "empty", "encrypted_office", "old_office", "broken_link", "missing"}
    assert {kind for kind, _ in given} | chosen == reasons._TEXTS_BY_KIND.keys()


def test_what_a_file_is_has_a_name_in_french_too() -> None:
    names = {name for _, name in (*encoding._BINARY_SIGNATURES, *kinds._OTHER_PACKAGES, *inputs._UNREADABLE_KINDS)}
    names |= {encoding.name_binary(b"....ftyp") or "", encoding.name_binary(b"RIFF....WEBP") or "", "binary data"}
    assert names == reasons._FRENCH_BY_NAME.keys()


def test_a_reason_is_one_line_of_a_reasonable_length() -> None:
    for language in ("en", "fr"):
        said = reason("broken_pdf", error="one\ntwo\r\n" + "x" * 1000).said(language)
        assert "one two" in said
        assert len(said) == 250


def test_a_value_is_never_read_as_a_field() -> None:
    assert reason("binary", what="{what.__class__} {0}").said("fr") == "contient {what.__class__} {0}, pas du texte"


def test_an_unknown_kind_is_an_error_where_it_is_given() -> None:
    with pytest.raises(KeyError, match="no_such_kind"):
        reason("no_such_kind")
    assert reason("empty") == Reason("empty", {})


def _fields(words: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(words) if name}

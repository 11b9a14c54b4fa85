"""Bytes in any encoding."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.errors import ReadingError
from rag.reading.encoding import declared_charset, decode_text

FRENCH = (
    "Les ministres se sont quittés à Évian sans déclaration, mais « avec le sourire », après trois journées "
    "très âpres ; l’été prochain, ils iront à Brest où le maire promet des crêpes.\n"
)


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252", "mac_roman"]
)
def test_french_text_survives_every_encoding(encoding: str) -> None:
    assert decode_text(FRENCH.encode(encoding)).lstrip("\ufeff") == FRENCH


def test_declared_charset_is_used_when_the_bytes_are_not_utf8() -> None:
    russian = "Министры разъехались без заявления."
    assert decode_text(russian.encode("koi8-r"), "KOI8-R") == russian


def test_declared_latin1_means_windows_1252() -> None:
    assert decode_text("l’été à 3 €".encode("cp1252"), "iso-8859-1") == "l’été à 3 €"


@pytest.mark.parametrize("charset", ["iso-8859-1", "base64", "no-such-charset", "rot13", ""])
def test_utf8_is_taken_before_a_wrong_declaration(charset: str) -> None:
    assert decode_text(FRENCH.encode(), charset) == FRENCH


def test_utf8_cut_inside_a_letter_is_still_utf8() -> None:
    assert decode_text(FRENCH.encode() + "é".encode()[:1]).startswith(FRENCH)


def test_one_zero_byte_does_not_make_text_binary() -> None:
    assert "quittés" in decode_text(FRENCH.encode().replace(b" ", b"\x00", 1))


def test_binary_data_is_refused() -> None:
    with pytest.raises(ReadingError, match="binary"):
        decode_text(bytes(range(256)) * 20)


def test_charset_is_found_in_pages_and_xml() -> None:
    assert declared_charset(b'<html><head><meta charset="windows-1252">') == "windows-1252"
    assert (
        declared_charset(b'<meta http-equiv="Content-Type" content="text/html; charset=ISO-8859-15">') == "ISO-8859-15"
    )
    assert declared_charset(b'<?xml version="1.0" encoding="iso-8859-1"?><rss>') == "iso-8859-1"
    assert declared_charset(b"<p>charset=none</p>") is None


@given(st.text(max_size=300))
def test_any_text_without_control_characters_is_read_back(text: str) -> None:
    plain = "".join(character for character in text if character.isprintable())
    assert decode_text(plain.encode()) == plain


@given(st.binary(max_size=500))
def test_any_bytes_are_text_or_refused_with_a_reason(data: bytes) -> None:
    try:
        text = decode_text(data)
    except ReadingError as error:
        text = str(error)
    assert text or not data

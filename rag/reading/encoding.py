"""Bytes of a file or an answer → text, whatever the encoding.

Valid UTF-8 is taken before a declared charset: servers and pages that declare Latin-1 and send UTF-8 are
common, while text in another encoding that happens to be valid UTF-8 is not.
"""

from __future__ import annotations

import codecs
import re

from rag.errors import ReadingError
from rag.reasons import reason

__all__ = ["declared_charset", "decode_text", "name_binary"]

_BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)

# First bytes of what is often saved under a text's name.
_BINARY_SIGNATURES = (
    (b"\x89PNG\r\n\x1a\n", "a PNG image"),
    (b"\xff\xd8\xff", "a JPEG image"),
    (b"GIF87a", "a GIF image"),
    (b"GIF89a", "a GIF image"),
    (b"II*\x00", "a TIFF image"),
    (b"MM\x00*", "a TIFF image"),
    (b"\x1f\x8b", "gzip-compressed data"),
    (b"BZh", "bzip2-compressed data"),
    (b"\xfd7zXZ\x00", "xz-compressed data"),
    (b"\x28\xb5\x2f\xfd", "zstd-compressed data"),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive"),
    (b"Rar!\x1a\x07", "a RAR archive"),
    (b"\x7fELF", "a program"),
    (b"OggS", "an Ogg recording"),
    (b"ID3\x03", "an MP3 recording"),
    (b"ID3\x04", "an MP3 recording"),
    (b"SQLite format 3\x00", "an SQLite database"),
    (b"{\\rtf", "an RTF document"),
    (b"%!PS", "a PostScript document"),
)

# What English and French text in Windows-1252 holds beside ASCII; other bytes speak for another encoding.
_WESTERN_CHARACTERS = frozenset(
    "àâäáãåæçèéêëìíîïñòóôöøœùúûüÿßÀÂÄÁÅÆÇÈÉÊËÎÍÏÑÓÔÖØŒÙÚÛÜŸ«»‹›‘’“”„–—…•·€£°º²³½§©®™\u00a0\u00ad"
)

# Pages say "latin-1" or "ascii" and mean Windows-1252, as browsers take it.
_MEANS_WINDOWS_1252 = frozenset({"ascii", "iso8859-1", "latin-1"})

# Text has next to no control characters; of random bytes they are a tenth.
_MOST_CONTROL_SHARE = 0.02

_CHARSET_IN_PAGE = re.compile(rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([A-Za-z0-9_.:-]{2,30})""", re.IGNORECASE)
_CHARSET_IN_XML = re.compile(rb"""<\?xml[^>]{0,200}?encoding\s*=\s*["']([A-Za-z0-9_.:-]{2,30})["']""")
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")


def name_binary(data: bytes) -> str | None:
    """What a well-known binary format calls itself ("a PNG image"), or None."""
    if data[4:8] == b"ftyp":
        return "a video or image container"
    if data[:4] == b"RIFF" and data[8:12] in (b"WEBP", b"WAVE", b"AVI "):
        return "an image, sound or video container"
    return next((name for signature, name in _BINARY_SIGNATURES if data.startswith(signature)), None)


def declared_charset(data: bytes) -> str | None:
    """The charset that an HTML page or an XML file names in its first 2 kB."""
    found = _CHARSET_IN_XML.match(data.lstrip()[:300]) or _CHARSET_IN_PAGE.search(data[:2048])
    return found.group(1).decode("ascii") if found else None


def decode_text(data: bytes, charset: str | None = None) -> str:
    """The text in `data`; `charset` is what its server or page declares.

    Raises ReadingError when the bytes are not text.
    """
    binary = name_binary(data)
    if binary:
        raise ReadingError(reason("binary", what=binary))
    text = _decode(data, charset)
    controls = len(_CONTROL.findall(text))
    if controls > _MOST_CONTROL_SHARE * len(text):
        raise ReadingError(reason("binary", what="binary data"))
    return text


def _decode(data: bytes, charset: str | None) -> str:
    for mark, encoding in _BYTE_ORDER_MARKS:
        if data.startswith(mark):
            return data.decode(encoding, "replace")
    unmarked = _utf16_without_mark(data)
    if unmarked:
        return data.decode(unmarked, "replace")
    for encoding in filter(None, ("utf-8", _known_encoding(charset))):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    return _slightly_damaged_utf8(data) or _windows_1252(data) or _guessed(data)


def _utf16_without_mark(data: bytes) -> str | None:
    """UTF-16 shows in Western text by zero bytes in every second place, and only there."""
    sample = data[:2000]
    if len(sample) < 8 or b"\x00" not in sample:
        return None
    pairs = len(sample) // 2
    even_zeros, odd_zeros = sample[::2].count(0), sample[1::2].count(0)
    if odd_zeros > 0.7 * pairs and even_zeros < 0.05 * pairs:
        return "utf-16-le"
    if even_zeros > 0.7 * pairs and odd_zeros < 0.05 * pairs:
        return "utf-16-be"
    return None


def _known_encoding(charset: str | None) -> str | None:
    if not charset:
        return None
    try:
        name = codecs.lookup(charset.strip()).name
        b"".decode(name)  # Python's codec list has "base64" and its like, which this refuses
    except LookupError:
        return None
    return "cp1252" if name in _MEANS_WINDOWS_1252 else name


def _slightly_damaged_utf8(data: bytes) -> str | None:
    """UTF-8 with a few broken bytes: a file cut in the middle of a letter, two files pasted together."""
    text = data.decode("utf-8", "replace")
    damaged = text.count("\ufffd")
    accented = sum(character > "\x7f" for character in text) - damaged
    return text if damaged * 10 <= accented or (damaged == 1 and text.endswith("\ufffd")) else None


def _windows_1252(data: bytes) -> str | None:
    try:
        text = data.decode("cp1252")
    except UnicodeDecodeError:
        return None
    unusual = sum(character > "\x7f" and character not in _WESTERN_CHARACTERS for character in text)
    accented = sum(character > "\x7f" for character in text)
    return text if unusual * 20 <= accented else None


def _guessed(data: bytes) -> str:
    # Imported here: it loads its tables, and hardly any file comes this far.
    from charset_normalizer import from_bytes

    guess = from_bytes(data[:200_000]).best()
    return data.decode(guess.encoding if guess else "cp1252", "replace")

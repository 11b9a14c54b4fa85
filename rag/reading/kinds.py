"""The first bytes and the name of an input → the kind it is.

What an input certainly is counts before its name: a page saved as .txt is a page, a picture called .txt is
no text. Only where the bytes are plain text does the suffix decide.
"""

from __future__ import annotations

import re
from typing import Literal

from rag.errors import ReadingError
from rag.reading.encoding import declared_charset, decode_text
from rag.reading.jsonl import is_article_line
from rag.reasons import reason

__all__ = ["HEAD_BYTES", "SUFFIXES", "Kind", "kind_of"]

Kind = Literal["pdf", "word", "page", "feed", "jsonl", "markdown", "text"]

_KIND_BY_SUFFIX: dict[str, Kind] = {
    ".txt": "text",
    ".text": "text",
    ".md": "markdown",
    ".markdown": "markdown",
    ".html": "page",
    ".htm": "page",
    ".xhtml": "page",
    ".pdf": "pdf",
    ".docx": "word",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".xml": "feed",
    ".rss": "feed",
    ".atom": "feed",
    ".rdf": "feed",
}

# The suffixes of the files that are read, lower case, in the order to name them in.
SUFFIXES = tuple(_KIND_BY_SUFFIX)

# How much of an input `kind_of` needs: a JSON line may be long.
HEAD_BYTES = 65_536

_OLE_SIGNATURE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED_PACKAGE = "EncryptedPackage".encode("utf-16-le")
_WORD_PARTS = (b"word/", b"[Content_Types].xml", b"_rels/")
_OTHER_PACKAGES = (
    (b"application/epub+zip", "an EPUB book"),
    (b"opendocument", "an OpenDocument file: save it as .docx"),
    (b"xl/", "an Excel workbook"),
    (b"ppt/", "a PowerPoint file"),
)
_MARKUP_START = re.compile(r"(?:(?:<\?[^>]*\?>|<!--.*?-->)\s*)*<(?:!doctype\s+)?([\w:]+)", re.IGNORECASE | re.DOTALL)
_FEED_TAGS = frozenset({"rss", "feed", "rdf:rdf", "atom:feed"})
_PAGE_TAGS = frozenset({"html", "head", "body"})
# A file that starts with one of these and closes it is a piece of a page.
_PAGE_PART_TAGS = frozenset("article center div h1 h2 main meta p section span table title".split())


def kind_of(head: bytes, suffix: str) -> Kind:
    """The kind of an input that starts with `head` and whose name ends in `suffix` ("" where it has none).

    Raises ReadingError when it is of no kind that is read, or does not hold what its name says.
    """
    named = _KIND_BY_SUFFIX.get(suffix.lower())
    if len(head) < HEAD_BYTES and not head.strip(b"\xef\xbb\xbf\xfe\xff \t\r\n"):
        raise ReadingError(reason("only_spaces" if head else "empty"))
    if head.startswith(b"%PDF-") or (named == "pdf" and b"%PDF-" in head[:1024]):
        return "pdf"
    if head.startswith(b"PK\x03\x04"):
        return _package_kind(head, named)
    if head.startswith(_OLE_SIGNATURE):
        raise ReadingError(reason("encrypted_office" if _ENCRYPTED_PACKAGE in head else "old_office"))
    return _text_kind(decode_text(head, declared_charset(head)), named, suffix)


def _package_kind(head: bytes, named: Kind | None) -> Kind:
    for mark, name in _OTHER_PACKAGES:
        if mark in head[:4096]:
            raise ReadingError(reason("other_package", what=name))
    if named == "word" or any(part in head for part in _WORD_PARTS):
        return "word"
    raise ReadingError(reason("zip"))


def _text_kind(text: str, named: Kind | None, suffix: str) -> Kind:
    text = text.lstrip("\ufeff \t\r\n")
    markup = _markup_kind(text, takes_parts=named != "markdown")
    if markup:
        return markup
    first_line = text.split("\n", 1)[0].rstrip()
    if is_article_line(first_line):
        return "jsonl"
    if named in ("pdf", "word"):
        raise ReadingError(reason("misnamed_text", suffix=suffix))
    if named == "feed":
        raise ReadingError(reason("misnamed_feed", suffix=suffix))
    if named == "jsonl" and (first_line == "{" or first_line.startswith("[")):
        raise ReadingError(reason("split_json"))
    # A .html file without a tag is text that somebody named so.
    return "text" if named is None or (named == "page" and "<" not in text) else named


def _markup_kind(text: str, takes_parts: bool) -> Kind | None:
    """What `text` starts as, a page or a feed, if either; Markdown may start with a part of a page."""
    start = _MARKUP_START.match(text[:4096])
    if not start:
        return None
    tag = start.group(1).lower()
    if tag in _FEED_TAGS:
        return "feed"
    is_part = takes_parts and tag in _PAGE_PART_TAGS and f"</{tag}" in text.lower()
    return "page" if tag in _PAGE_TAGS or is_part else None

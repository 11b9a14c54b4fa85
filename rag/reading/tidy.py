"""Text as it comes → text the archive can keep: one form of each character, paragraphs an empty line apart.

No-break spaces stay as they are, because citations quote the text to the letter; what is invisible
(control characters, direction marks, soft hyphens, tag characters) goes, because it breaks words for a search
and can hide text from a reader.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

__all__ = ["join_paragraphs", "tidy_line", "tidy_lines"]

_LINE_BREAKS = re.compile(r"\r\n|[\r\x0b\x0c\x85\u2028]")
_PARAGRAPH_SEPARATOR = "\u2029"
# Control and direction characters, soft hyphen, zero-width space and joiners' kin, tags, lone surrogates,
# noncharacters. The zero-width (non-)joiners U+200C and U+200D stay: scripts and emoji need them.
_INVISIBLE = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ufffe\uffff"
    "\ud800-\udfff\U000e0000-\U000e0fff]"
)
# All that looks like a plain space, save the two no-break spaces of French typography.
_SPACES = re.compile(r"[ \t\u1680\u2000-\u200a\u205f\u3000]+")


def tidy_lines(text: str) -> list[str]:
    """The lines of `text`, each tidy (see `tidy_line`); lines of spaces alone come out empty."""
    text = _LINE_BREAKS.sub("\n", text).replace(_PARAGRAPH_SEPARATOR, "\n\n")
    return [tidy_line(line) for line in text.split("\n")]


def tidy_line(line: str) -> str:
    """`line` in NFC without invisible characters, runs of spaces made one, nothing at its ends; one line."""
    visible = _INVISIBLE.sub("", unicodedata.normalize("NFC", _LINE_BREAKS.sub(" ", line)))
    return _SPACES.sub(" ", visible.replace("\n", " ")).strip()


def join_paragraphs(paragraphs: Iterable[str]) -> str:
    """Paragraphs, each one line of text, divided by exactly one empty line; empty ones are left out."""
    return "\n\n".join(paragraph for paragraph in map(tidy_line, paragraphs) if paragraph)

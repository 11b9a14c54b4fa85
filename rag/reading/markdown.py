"""Markdown, with front matter or without → the article in it.

Only what news texts use is understood: headings, emphasis, links, pictures, lists, quotes, comments. The first
heading of the first level is the title, other headings stay as paragraphs of their own.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from rag.reading.drafts import Draft
from rag.reading.metadata import Metadata, metadata_from
from rag.reading.reflow import blocks_of
from rag.reading.saved_text import draft_from_blocks
from rag.reading.tidy import tidy_lines

__all__ = ["read_markdown"]

_FENCE = re.compile(r"-{3,}|\+{3,}")
_FRONT_MATTER_VALUE = re.compile(r"([^\W\d_][\w -]{0,30}?)\s*[:=]\s*(.*)")
_FRONT_MATTER_LINES = 100
_HEADING = re.compile(r"(#{1,6})\s+(.*?)\s*#*")
_UNDERLINE = re.compile(r"=+|-{3,}")
_RULE = re.compile(r"(?:[-*_]\s?){3,}")
_BLOCK_MARK = re.compile(r"(?:>\s?)+|(?:[-*+]|\d{1,2}[.)])\s+")
_CODE_FENCE = re.compile(r"(?:```|~~~).*")
_LINK_DEFINITION = re.compile(r"\[[^\]]{1,80}\]:\s*\S+.*")

# In this order: pictures hold links' syntax, links may hold emphasis.
_INLINE = (
    (re.compile(r"!\[[^\]]{0,300}\](?:\([^)]{0,500}\)|\[[^\]]{0,80}\])"), ""),
    (re.compile(r"\[([^\]]{1,300})\](?:\([^)]{0,1000}\)|\[[^\]]{0,80}\])"), r"\1"),
    (re.compile(r"<(https?://[^>\s]{1,500})>"), r"\1"),
    (re.compile(r"</?[a-zA-Z][^<>]{0,200}>"), ""),
    (re.compile(r"(\*\*\*|\*\*|\*|~~|`)(?=\S)([^*`~]{1,1000}?)(?<=\S)\1"), r"\2"),
    (re.compile(r"(?<!\w)(__|_)(?=\S)([^_]{1,1000}?)(?<=\S)\1(?!\w)"), r"\2"),
    (re.compile(r"\\([\\`*_{}\[\]()#+.!>~-])"), r"\1"),
)
_COMMENT = re.compile(r"<!--.{0,20000}?-->", re.DOTALL)


def read_markdown(text: str, name: str = "") -> Draft:
    """The article in a Markdown file; `name` is the file's, whose words may repeat the title's."""
    known, lines = _split_front_matter(tidy_lines(_COMMENT.sub("", text)))
    title, plain_lines = _without_markup(lines)
    return draft_from_blocks(blocks_of(plain_lines), replace(known, title=known.title or title), hints=(name,))


def _split_front_matter(lines: Sequence[str]) -> tuple[Metadata, list[str]]:
    """The values between two fences at the top, and the lines after them."""
    start = next((index for index, line in enumerate(lines) if line), 0)
    if not lines or not _FENCE.fullmatch(lines[start]):
        return Metadata(), list(lines)
    values: dict[str, object] = {}
    items: list[str] = []
    for index in range(start + 1, min(len(lines), start + _FRONT_MATTER_LINES)):
        line = lines[index]
        if _FENCE.fullmatch(line):
            return metadata_from(values), list(lines[index + 1 :])
        value = _FRONT_MATTER_VALUE.fullmatch(line)
        if line.startswith("- ") and values:
            items.append(_unquoted(line[2:]))
            values[list(values)[-1]] = items
        elif value:
            items = _listed(value.group(2))
            values[value.group(1)] = list(items) if len(items) != 1 else items[0]
    return Metadata(), list(lines)


def _listed(value: str) -> list[str]:
    """«[a, b]» as its items, anything else as one; an empty value as none."""
    value = value.strip()
    if value.startswith("[") and value.endswith("]"):
        return [_unquoted(item) for item in value[1:-1].split(",") if item.strip()]
    return [_unquoted(value)] if value else []


def _unquoted(value: str) -> str:
    value = value.strip()
    is_quoted = len(value) >= 2 and value[0] == value[-1] and value[0] in "\"'"
    return value[1:-1] if is_quoted else value


def _without_markup(lines: Sequence[str]) -> tuple[str, list[str]]:
    """The first heading of the first level, and the other lines as plain text."""
    title = ""
    plain: list[str] = []
    for line in lines:
        heading = _HEADING.fullmatch(line)
        if heading:
            text = _inline(heading.group(2))
            if heading.group(1) == "#" and not title:
                title = text
            else:
                plain.extend(("", text, ""))
        elif _UNDERLINE.fullmatch(line) and plain and plain[-1]:
            # A line of = or - makes the line above it a heading.
            text = plain.pop()
            if line[0] == "=" and not title:
                title = text
            else:
                plain.extend(("", text, ""))
        elif _RULE.fullmatch(line) or _CODE_FENCE.fullmatch(line) or _LINK_DEFINITION.fullmatch(line):
            plain.append("")
        else:
            mark = _BLOCK_MARK.match(line)
            # A list item is a paragraph of its own, a quoted line goes on with the line before.
            if mark and not line.startswith(">"):
                plain.append("")
            plain.append(_inline(line[mark.end() :] if mark else line))
    return title, plain


def _inline(line: str) -> str:
    for pattern, replacement in _INLINE:
        line = pattern.sub(replacement, line)
    return line.strip()

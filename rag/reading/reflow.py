"""Lines of a text file or of PDF pages → blocks of whole lines: paragraphs that were wrapped are one line again.

Whether a machine put a line break in shows in the width: where the next line's first word would still have
fitted, somebody ended the line on purpose.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

__all__ = ["blocks_of", "page_furniture"]

# Text is wrapped at 60 to 100 columns, in narrow newspaper columns at 40; longer lines are whole paragraphs.
_NARROWEST_WRAP = 35
_WIDEST_WRAP = 130

# Of the lines that something follows, most reach close to the margin when a machine wrapped them.
_NEARLY_FULL = 0.7
_FULL_LINES_SHARE = 0.6
_FEWEST_FULL_LINES = 2
# Where a machine wrapped, few lines happen to end with a sentence; where most do, each is a paragraph.
_STOPPED_LINES_SHARE = 0.5

# How far from the margin a word that did not fit may have left its line (kerning, ragged counting).
_SLACK_CHARACTERS = 3

# A line this long that ends without a stop and goes on in lower case was wrapped, whatever the margin.
_CONTINUES_FROM = 40

# No word that is cut at a line's end is longer.
_LONGEST_WORD = 60

# A line is a running head or foot when this share of the pages has it at its edge.
_REPEATED_SHARE = 0.6
_EDGE_LINES = 3
_FURNITURE_WORDS = 12

_STOP = re.compile(r"[.!?…:;][\s\u00a0\u202f]*[»”\"’')\]]*$")
_LIST_MARK = re.compile(r"(?:[-–—•*▪◦·]|\d{1,2}[.)])\s")
_CUT_WORD = re.compile(r"([^\W\d_]+(?:['’-][^\W\d_]+)*)-$")
_FIRST_WORD = re.compile(r"[^\W\d_]+")
_COMPOUND = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)+")
_PAGE_NUMBER = re.compile(r"\W*(?:page )?\d{1,4}(?:\s?(?:/|of|sur)\s?\d{1,4})?\W*", re.IGNORECASE)

# Compounds that keep their hyphen where a line is cut: «peut-être», «a-t-il», «vice-president».
_COMPOUND_STARTS = frozenset(
    "peut non ex vice sous mi demi semi self co quasi celui celle ceux celles au par là anti pro".split()
)
_COMPOUND_ENDS = frozenset("il elle ils elles on t je ce là ci même mêmes nous vous moi lui dessus dessous".split())


def blocks_of(lines: Sequence[str]) -> list[list[str]]:
    """`lines` grouped at the empty ones, wrapped lines joined; no block and no line in it is empty."""
    width = _wrap_width(lines)
    # Only lines that end in a cut word need them.
    has_cut_words = width is not None and any(line.endswith("-") for line in lines)
    compounds = {compound.lower() for line in lines for compound in _COMPOUND.findall(line)} if has_cut_words else set()
    # Lines are kept in the pieces they were wrapped into until the end: joining at each step would copy long ones.
    blocks: list[list[list[str]]] = []
    previous = ""
    for line in lines:
        if line and previous and _is_wrapped(previous, line, width):
            pieces = blocks[-1][-1]
            pieces[-1:] = _joint(pieces[-1], line, compounds)
        elif line and previous:
            blocks[-1].append([line])
        elif line:
            blocks.append([[line]])
        previous = line
    return [["".join(pieces) for pieces in block] for block in blocks]


def page_furniture(pages: Sequence[Sequence[str]]) -> list[set[int]]:
    """For each page the indexes of its running heads and feet: page numbers, and what most pages have at one place."""
    places = [_edge_places(page) for page in pages]
    page_counts = Counter(key for page_places in places for key in set(page_places.values()))
    repeated = {key for key, count in page_counts.items() if count > 1 and count >= _REPEATED_SHARE * len(pages)}
    return [
        {index for index, key in page_places.items() if key in repeated or _PAGE_NUMBER.fullmatch(page[index])}
        for page, page_places in zip(pages, places, strict=True)
    ]


def _edge_places(page: Sequence[str]) -> dict[int, tuple[int, str]]:
    """The short lines near the top and bottom: index → place (counted from the nearer edge) and text, figures aside."""
    places = {}
    for index, line in enumerate(page):
        place = index if index < len(page) - index else index - len(page)
        is_short = len(line.split()) <= _FURNITURE_WORDS and not _STOP.search(line[-10:])
        if -_EDGE_LINES <= place < _EDGE_LINES and is_short:
            places[index] = (place, re.sub(r"\d+", "0", line.lower()))
    return places


def _wrap_width(lines: Sequence[str]) -> int | None:
    """The column where a machine wrapped these lines, or None where none did."""
    long_characters = sum(len(line) for line in lines if len(line) > _WIDEST_WRAP)
    if long_characters * 2 > sum(map(len, lines)):
        return None
    followed = [line for line, next_line in pairwise(lines) if line and next_line]
    if not followed:
        return None
    width = sorted(map(len, followed))[int(0.9 * (len(followed) - 1))]
    full_lines = sum(len(line) >= _NEARLY_FULL * width for line in followed)
    stopped_lines = sum(bool(_STOP.search(line[-10:])) for line in followed)
    is_wrapped = full_lines >= max(_FEWEST_FULL_LINES, _FULL_LINES_SHARE * len(followed))
    is_wrapped = is_wrapped and stopped_lines <= _STOPPED_LINES_SHARE * len(followed)
    return width if is_wrapped and _NARROWEST_WRAP <= width <= _WIDEST_WRAP else None


def _is_wrapped(line: str, next_line: str, width: int | None) -> bool:
    if _LIST_MARK.match(next_line):
        return False
    if _CUT_WORD.search(line[-_LONGEST_WORD:]) and next_line[0].isalpha():
        return True
    goes_on = not _STOP.search(line[-10:]) and next_line[0].islower() and len(line) >= _CONTINUES_FROM
    if width is None:
        return goes_on
    first_word = next_line.split(" ", 1)[0]
    return goes_on or len(line) + 1 + len(first_word) > width - _SLACK_CHARACTERS


def _joint(piece: str, next_line: str, compounds: set[str]) -> tuple[str, str]:
    """The end of a wrapped line and the next one, so that they can be set side by side."""
    cut_word, first_word = _CUT_WORD.search(piece[-_LONGEST_WORD:]), _FIRST_WORD.match(next_line[:_LONGEST_WORD])
    if not cut_word or not first_word:
        return f"{piece} ", next_line
    start, end = cut_word.group(1).lower(), first_word.group(0)
    keeps_hyphen = (
        not end[0].islower() or start in _COMPOUND_STARTS or end in _COMPOUND_ENDS or f"{start}-{end}" in compounds
    )
    return piece if keeps_hyphen else piece[:-1], next_line

"""The lines from an article's first paragraph on → its paragraphs, and what stands among them about it.

Readers of pages and of saved text meet here. Everything is kept but what is surely not the article: comments,
labelled links, adverts, credits, the signature and biography, pull quotes (which repeat a paragraph's words).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from rag.reading.biography import Signature, split_signature
from rag.reading.bylines import PageLine, read_page_line
from rag.reading.cleaning import (
    ends_sentence,
    is_clutter,
    is_edge_clutter,
    is_link_label,
    is_prose,
    is_share_row,
    plain,
    starts_comments,
    word_count,
)

__all__ = ["Body", "Line", "before_comments", "numbered", "read_body"]

# Comments are cut off where this much running text stands before their heading.
_WORDS_BEFORE_COMMENTS = 40
# «3 comments» stands under titles as well, so it needs more above it.
_WORDS_BEFORE_COUNT = 120

# A byline may follow the standfirst; further down a line like one is the article's.
_BYLINE_WITHIN_PROSE = 2

# More lines than this that are dates alone are the headings of a chronology.
_MOST_BARE_DATES = 2

# A paragraph set apart whose words another one holds is a pull quote, between these lengths.
_SHORTEST_PULL_QUOTE_WORDS = 6
_LONGEST_PULL_QUOTE_WORDS = 60
# Comparing each with each takes too long beyond this, and no news story has as many.
_MOST_PARAGRAPHS_COMPARED = 400

_MENU_LINES = 3
_MENU_ENTRY_WORDS = 4

_COUNT_ALONE = re.compile(r"\W*\d+ [^\W\d_]+\W*")
_WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a text, with the number of its block and how many lines that has."""

    text: str
    block: int
    block_lines: int


@dataclass(frozen=True, slots=True)
class Body:
    """An article's paragraphs in order, the facts of the lines dropped between them, its signature."""

    paragraphs: tuple[str, ...]
    page_lines: tuple[PageLine, ...]
    signature: Signature


def numbered(blocks: Sequence[Sequence[str]]) -> list[Line]:
    """The lines of all blocks in order."""
    return [Line(line, number, len(block)) for number, block in enumerate(blocks) for line in block]


def before_comments(lines: Sequence[Line]) -> tuple[list[Line], str | None]:
    """The lines above the readers' comments, and the line that heads those or None."""
    words_before = 0
    for index, line in enumerate(lines):
        if starts_comments(line.text):
            needed = _WORDS_BEFORE_COUNT if _COUNT_ALONE.fullmatch(line.text) else _WORDS_BEFORE_COMMENTS
            if words_before >= needed:
                return list(lines[:index]), line.text
        elif is_prose(line.text):
            words_before += word_count(line.text)
    return list(lines), None


def read_body(lines: Sequence[Line], language: str | None, known_authors: Sequence[str] = ()) -> Body:
    """The body in `lines`, which start at the first paragraph; `language` decides what «03/04/2016» is."""
    prose_indexes = [index for index, line in enumerate(lines) if is_prose(line.text)]
    last_prose = prose_indexes[-1] if prose_indexes else len(lines) - 1
    byline_end = prose_indexes[:_BYLINE_WITHIN_PROSE][-1] if prose_indexes else 1
    kept: list[str] = []
    page_lines: list[PageLine] = []
    link_block = None
    for index, line in enumerate(lines):
        is_tail = index > last_prose
        if is_link_label(line.text):
            if is_tail:
                break
            link_block = line.block
        elif line.block == link_block and not is_prose(line.text):
            continue
        elif _is_furniture(line, lines, is_tail):
            continue
        elif (facts := read_page_line(line.text, language)) and (is_tail or index <= byline_end or facts.published):
            page_lines.append(facts)
        else:
            kept.append(line.text)
    authors = (*known_authors, *(author for facts in page_lines for author in facts.authors))
    signature = split_signature(kept, authors)
    paragraphs = kept[: len(kept) - signature.line_count]
    return Body(tuple(_without_pull_quotes(paragraphs)), tuple(page_lines), signature)


def _is_furniture(line: Line, lines: Sequence[Line], is_tail: bool) -> bool:
    if is_clutter(line.text) or (is_tail and is_edge_clutter(line.text)):
        return True
    if line.block_lines > 1 and is_share_row(line.text):
        return True
    return is_tail and line.block_lines >= _MENU_LINES and _is_menu([each.text for each in lines if each.block == line.block])


def _is_menu(texts: Sequence[str]) -> bool:
    """Short entries, one of them a word that only menus have."""
    return any(map(is_edge_clutter, texts)) and all(
        word_count(text) <= _MENU_ENTRY_WORDS and not ends_sentence(text) for text in texts
    )


def _without_pull_quotes(paragraphs: Sequence[str]) -> list[str]:
    if len(paragraphs) > _MOST_PARAGRAPHS_COMPARED:
        return list(paragraphs)
    spelled = [" ".join(_WORD.findall(plain(paragraph))) for paragraph in paragraphs]
    kept = []
    for index, paragraph in enumerate(paragraphs):
        words = spelled[index]
        is_repeated = any(
            other != index and f" {words} " in f" {spelled[other]} " and (len(spelled[other]) > len(words) or other < index)
            for other in range(len(paragraphs))
        )
        has_length = _SHORTEST_PULL_QUOTE_WORDS <= word_count(paragraph) <= _LONGEST_PULL_QUOTE_WORDS
        if not (has_length and is_repeated):
            kept.append(paragraph)
    return kept

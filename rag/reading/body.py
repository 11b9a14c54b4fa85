"""The lines from an article's first paragraph on → its paragraphs, and what stands among them about it.

Readers of pages and of saved text meet here. Everything is kept but what is surely not the article: comments,
labelled links, adverts, credits, the signature and biography, pull quotes (which repeat a paragraph's words).
"""

from __future__ import annotations

import re
from collections.abc import Container, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise

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
from rag.reading.metadata import Metadata

__all__ = ["Body", "Line", "before_comments", "chronology_headings", "numbered", "read_body"]

# Comments are cut off where this much running text stands before their heading.
_WORDS_BEFORE_COMMENTS = 40
# More than this many times the article's words below a heading are no comments on it.
_MOST_COMMENTS = 4

# A byline may follow the standfirst; further down a line like one is the article's.
_BYLINE_WITHIN_PROSE = 2

_FEWEST_CHRONOLOGY_DATES = 2

# A paragraph set apart whose words another one holds is a pull quote, between these lengths.
_SHORTEST_PULL_QUOTE_WORDS = 6
_LONGEST_PULL_QUOTE_WORDS = 60
# Comparing each with each takes too long beyond this, and no news story has as many.
_MOST_LINES_COMPARED = 400
_LONGEST_ATTRIBUTION_WORDS = 8

_MENU_LINES = 3
_MENU_ENTRY_WORDS = 4

_NOTHING_KNOWN = Metadata()

_COMMENT_BUTTON = re.compile(
    r"\W*(?:\d+ \w+|\w+ ?\(\d+\).*"
    r"|(?:leave|post|add|write|join|laisse[rz]|ajoute[rz]|poster|écrire|publier|réagi).*)\W*",
    re.IGNORECASE,
)
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
    """The lines of all blocks in order; in a text that is one block, its lines are what it sets apart."""
    if len(blocks) == 1:
        blocks = [[line] for line in blocks[0]]
    return [Line(line, number, len(block)) for number, block in enumerate(blocks) for line in block]


def before_comments(lines: Sequence[Line]) -> tuple[list[Line], str | None]:
    """The lines above the readers' comments, and the line that heads those or None."""
    words = [word_count(line.text) if is_prose(line.text) else 0 for line in lines]
    words_before, words_after = 0, sum(words)
    for index, line in enumerate(lines):
        next_line = lines[index + 1].text if index + 1 < len(lines) else ""
        if starts_comments(line.text, next_line):
            # A button for comments may stand within the article, too: then more follows it than precedes.
            most_after = words_before if _COMMENT_BUTTON.fullmatch(line.text) else _MOST_COMMENTS * words_before
            if words_before >= _WORDS_BEFORE_COMMENTS and words_after <= most_after:
                return list(lines[:index]), line.text
        words_before += words[index]
        words_after -= words[index]
    return list(lines), None


def read_body(
    lines: Sequence[Line],
    language: str | None,
    known: Metadata = _NOTHING_KNOWN,
    dated_headings: Container[Line] = (),
) -> Body:
    """The body in `lines`, which start at the first paragraph; `language` decides what «03/04/2016» is.

    The `known` authors and outlet tell a biography from the text; `dated_headings` are dates that belong to
    it, see `chronology_headings`.
    """
    prose_indexes = [index for index, line in enumerate(lines) if is_prose(line.text)]
    last_prose = prose_indexes[-1] if prose_indexes else len(lines) - 1
    byline_end = prose_indexes[:_BYLINE_WITHIN_PROSE][-1] if prose_indexes else 1
    menus = _menu_blocks(lines[last_prose + 1 :])
    kept: list[Line] = []
    page_lines: list[PageLine] = []
    link_block = None
    for index, line in enumerate(lines):
        is_tail = index > last_prose
        if is_link_label(line.text):
            if is_tail:
                break
            link_block = line.block
        facts = None if line in dated_headings else read_page_line(line.text, language)
        if index <= byline_end and line.text.strip(" ·|,–—-") in known.authors:
            facts = PageLine()
        is_link = line.block == link_block and not is_prose(line.text)
        if facts and not is_link and (is_tail or index <= byline_end or facts.published):
            page_lines.append(facts)
        elif not (is_link or _is_furniture(line, is_tail, menus)):
            kept.append(line)
    texts = [line.text for line in _without_pull_quotes(kept)]
    authors = (*known.authors, *(author for facts in page_lines for author in facts.authors))
    signature = split_signature(texts, authors, known.source)
    return Body(tuple(texts[: len(texts) - signature.line_count]), tuple(page_lines), signature)


def chronology_headings(lines: Sequence[Line]) -> set[Line]:
    """The dates that head a chronology's entries: several, each alone on its line and above a sentence."""
    headings = {
        line
        for line, below in pairwise(lines)
        if ends_sentence(below.text)
        and (facts := read_page_line(line.text, "fr"))
        and facts.bare_date
        and not facts.has_time
    }
    return headings if len(headings) >= _FEWEST_CHRONOLOGY_DATES else set()


def _is_furniture(line: Line, is_tail: bool, menus: Container[int]) -> bool:
    if is_clutter(line.text) or (is_tail and (is_edge_clutter(line.text) or line.block in menus)):
        return True
    # Buttons for comments that did not end the article.
    return starts_comments(line.text) or (line.block_lines > 1 and is_share_row(line.text))


def _menu_blocks(lines: Sequence[Line]) -> set[int]:
    """The numbers of the blocks that are menus."""
    blocks = ((number, [line.text for line in block]) for number, block in groupby(lines, key=lambda line: line.block))
    return {number for number, texts in blocks if len(texts) >= _MENU_LINES and _is_menu(texts)}


def _is_menu(texts: Sequence[str]) -> bool:
    """Short entries, one of them a word that only menus have."""
    return any(map(is_edge_clutter, texts)) and all(
        word_count(text) <= _MENU_ENTRY_WORDS and not ends_sentence(text) for text in texts
    )


def _without_pull_quotes(lines: Sequence[Line]) -> list[Line]:
    """The lines without those whose words another line holds, and without the names under such quotes."""
    if len(lines) > _MOST_LINES_COMPARED:
        return list(lines)
    spelled = [f" {' '.join(_WORD.findall(plain(line.text)))} " for line in lines]
    kept: list[Line] = []
    quote_block = None
    for index, line in enumerate(lines):
        if _SHORTEST_PULL_QUOTE_WORDS <= word_count(line.text) <= _LONGEST_PULL_QUOTE_WORDS and any(
            spelled[index] in other and (len(other) > len(spelled[index]) or position < index)
            for position, other in enumerate(spelled)
            if position != index
        ):
            quote_block = line.block
        elif (
            line.block != quote_block or ends_sentence(line.text) or word_count(line.text) > _LONGEST_ATTRIBUTION_WORDS
        ):
            kept.append(line)
    return kept

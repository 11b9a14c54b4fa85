"""Lines above an article → which of them is its title.

Above the first paragraph stand crumbs, menus, dates and credits, and one line that is the title: the one with
a sentence's words, alone in its block, whose words come back in the article.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from rag.reading.body import Line
from rag.reading.bylines import read_page_line
from rag.reading.cleaning import ends_sentence, is_edge_clutter, is_prose, plain, word_count
from rag.reading.dates import fold

__all__ = ["find_title", "same_words"]

_FEWEST_WORDS = 4
_MOST_WORDS = 25
# The title stands below the menus, however long they are.
_LINES_SEARCHED = 200
# A title's words come back early.
_BODY_CHARACTERS = 20_000
# A line must score this much to be called the title.
_LEAST_SCORE = 2.0

_WORD = re.compile(r"[^\W_]+")
_CONTENT_LETTERS = 4
_STEM_LETTERS = 5
# Titles have them between the names; menus and site names seldom do.
_CONNECTING_WORDS = frozenset(
    "the of and to in on for with at by from is are as over after against between not its amid under who what how "
    "why will le la les de du des et en au aux à sur pour avec dans par entre contre est sont un une son sa ses leur "
    "face après d l ne se qui que".split()
)
# Links to other articles stand in lists, several in one block.
_IN_LIST_SCORE = 2.0
_LIST_LINES = 3
# Author and date stand right under a title more often than under anything else.
_ABOVE_BYLINE_SCORE = 1.0
_CAPITALS_SCORE = 0.75
# Of two lines as good, the title is the upper one, and the other its subtitle.
_FIRST_SCORE = 0.5
# A name that has the same words can hardly mean another line.
_HINT_SCORE = 5.0

_ENDS_LIKE_TITLE = re.compile(r"(?:\.\.\.|…|\b(?:[A-Z]\.)+)$")


def find_title(lines: Sequence[Line], body: str, hints: Sequence[str]) -> int | None:
    """The index of the title among the lines above the first paragraph, or None where none looks like one.

    `body` is the text below; `hints` are strings that may repeat the title (a file's name, the heading
    of the comments).
    """
    body_words = set(_content_words(body[:_BODY_CHARACTERS]))
    first = max(0, len(lines) - _LINES_SEARCHED)
    lists = _list_blocks(lines[first:])
    best_index, best_score = None, _LEAST_SCORE
    for index, line in enumerate(lines[first:], start=first):
        if is_edge_clutter(line.text) or read_page_line(line.text):
            continue
        score = _score(line, body_words, hints) - (_IN_LIST_SCORE if line.block in lists else 0.0)
        if score > 0 and index + 1 < len(lines) and read_page_line(lines[index + 1].text):
            score += _ABOVE_BYLINE_SCORE
        if best_index is None:
            score += _FIRST_SCORE
        if score > best_score:
            best_index, best_score = index, score
    return best_index


def same_words(line: str, other: str) -> bool:
    """Whether two lines are the same but for case, accents of typography and punctuation."""
    return _WORD.findall(plain(line)) == _WORD.findall(plain(other))


def _score(line: Line, body_words: set[str], hints: Sequence[str]) -> float:
    words = word_count(line.text)
    if (
        words > _MOST_WORDS
        or (line.text.endswith(".") and not _ENDS_LIKE_TITLE.search(line.text))
        or line.text.endswith(":")
    ):
        return 0.0
    content_words = _content_words(line.text)
    score = 2.0 if words >= _FEWEST_WORDS else words - 2.0
    score += 1.0 if line.block_lines == 1 else 0.0
    score += 1.0 if not _CONNECTING_WORDS.isdisjoint(_WORD.findall(plain(line.text))) else 0.0
    score += 0.5 if ends_sentence(line.text) else 0.0
    score += _CAPITALS_SCORE if line.text.isupper() and words >= _FEWEST_WORDS else 0.0
    if content_words:
        score += 2.0 * sum(word in body_words for word in content_words) / len(content_words)
        score += _HINT_SCORE * max((_overlap(content_words, _content_words(hint)) for hint in hints), default=0.0)
    return score


def _list_blocks(lines: Sequence[Line]) -> set[int]:
    """The numbers of the blocks with several lines of one sort: no facts, no clutter, no sentences."""
    plain_lines = [
        line.block
        for line in lines
        if not (is_edge_clutter(line.text) or read_page_line(line.text) or is_prose(line.text))
    ]
    return {block for block, count in Counter(plain_lines).items() if count >= _LIST_LINES}


def _overlap(words: Sequence[str], hint_words: Sequence[str]) -> float:
    """How much of both is common: 1 when they are the same words."""
    union = set(words) | set(hint_words)
    return len(set(words) & set(hint_words)) / len(union) if union else 0.0


def _content_words(text: str) -> list[str]:
    """The beginnings of its longer words, so that «partagent» meets «partageons»."""
    return [word[:_STEM_LETTERS] for word in _WORD.findall(fold(text)) if len(word) >= _CONTENT_LETTERS]

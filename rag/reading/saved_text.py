"""Text saved from a web page → the article in it.

The hard and common input: crumbs, title, credits, paragraphs, sub-headings, biography, links and comments, all
plain lines. The first paragraph of running text divides them: above it the title is sought and little else
is kept, below it everything is kept but what is surely clutter (`body`).
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Sequence
from dataclasses import replace
from datetime import date

from rag.language import detect_language
from rag.reading.body import Line, before_comments, chronology_headings, numbered, read_body
from rag.reading.bylines import PageLine, is_person_name, read_page_line
from rag.reading.cleaning import ends_sentence, is_clutter, is_edge_clutter, is_prose, is_statement, word_count
from rag.reading.dates import find_dates
from rag.reading.drafts import Draft
from rag.reading.metadata import Metadata, read_labels
from rag.reading.outlets import outlet_in_heads, outlet_in_masthead, outlet_in_rights, read_dateline, without_outlet
from rag.reading.reflow import blocks_of
from rag.reading.tidy import tidy_lines
from rag.reading.titles import find_title, same_words

__all__ = ["draft_from_blocks", "read_saved_text"]

# A line between title and first paragraph is kept as a standfirst from this length on.
_STANDFIRST_WORDS = 6

_COMMENTED_TITLE = re.compile(
    r"(?:thoughts? on|pensées? sur|réflexions? sur|responses? to|réponses? à|commentaires? sur)\s(.+)", re.IGNORECASE
)
_NOTHING_KNOWN = Metadata()


def read_saved_text(text: str, name: str = "") -> Draft:
    """The article in a text file; `name` is the file's, whose words may repeat the title's."""
    labels, lines = read_labels(tidy_lines(text))
    return draft_from_blocks(blocks_of(lines), labels, hints=(name,))


def draft_from_blocks(
    blocks: Sequence[Sequence[str]],
    known: Metadata = _NOTHING_KNOWN,
    hints: Iterable[str] = (),
    heads: Sequence[str] = (),
) -> Draft:
    """The article in blocks of lines; what is `known` of it goes before what its lines say.

    `hints` may repeat the title; `heads` are lines that stand outside the text, as the running heads of pages do.
    """
    all_lines = numbered(blocks)
    lines, comments_heading = before_comments(all_lines)
    first = _first_paragraph(lines)
    opening, rest = lines[:first], lines[first:]
    body_text = "\n".join(line.text for line in rest)
    language = (known.language or detect_language(body_text, among=()) or "")[:2]
    all_hints = (*hints, *_COMMENTED_TITLE.findall(comments_heading or ""))
    title_index = None if known.title else find_title(opening, body_text, all_hints)
    title, outlet_in_title = without_outlet(
        known.title or (opening[title_index].text if title_index is not None else "")
    )
    dated_headings = chronology_headings(lines)
    standfirst, opening_facts = _read_opening(opening, title_index, body_text, language, dated_headings)
    authors = known.authors or _named(opening_facts)
    body = read_body(rest, language, replace(known, authors=authors), dated_headings)
    facts = (*opening_facts, *body.page_lines)
    dateline = read_dateline(body.paragraphs, language)
    return Draft(
        title=title,
        paragraphs=tuple(text for text in (*standfirst, *body.paragraphs) if not same_words(text, title)),
        url=known.url,
        source=known.source
        or next((line.outlet for line in facts if line.outlet), None)
        or outlet_in_rights([*heads, *(line.text for line in all_lines)])
        or outlet_in_masthead([line.text for line in all_lines])
        or outlet_in_heads(heads)
        or body.signature.outlet
        or outlet_in_title
        or (dateline.outlet if dateline else None),
        authors=authors or _named(body.page_lines) or body.signature.authors,
        published=known.published
        or _published(facts)
        or (dateline.day if dateline else None)
        or next((found.day for line in heads for found in find_dates(line, language)), None),
        language=known.language,
    )


def _first_paragraph(lines: Sequence[Line]) -> int:
    """Where the running text starts; in a text without any, after its first line."""
    prose = (index for index, line in enumerate(lines) if is_prose(line.text) and not is_clutter(line.text))
    return next(prose, min(1, len(lines) - 1))


def _read_opening(
    opening: Sequence[Line], title_index: int | None, body_text: str, language: str, dated_headings: Container[Line]
) -> tuple[list[str], list[PageLine]]:
    """The lines above the first paragraph that belong to the text, and the facts in the others."""
    kept: list[str] = []
    facts: list[PageLine] = []
    for index, line in enumerate(opening):
        if line in dated_headings:
            kept.append(line.text)
        elif index == title_index:
            continue
        elif page_line := read_page_line(line.text, language):
            facts.append(page_line)
        elif is_edge_clutter(line.text):
            continue
        elif _is_author_line(index, opening, body_text, language):
            facts.append(PageLine(authors=(line.text,)))
        elif _is_standfirst(
            line, is_above_title=title_index is not None and index < title_index, has_title=title_index is not None
        ):
            kept.append(line.text)
    return kept, facts


def _is_author_line(index: int, opening: Sequence[Line], body_text: str, language: str) -> bool:
    """Whether the line is its author's name alone: rubrics look the same, but do not stand beside a date or byline."""
    name = opening[index].text
    if not is_person_name(name) or name.split()[-1] in body_text:
        return False
    beside = (opening[near].text for near in (index - 1, index + 1) if 0 <= near < len(opening))
    return any(read_page_line(text, language) for text in beside)


def _is_standfirst(line: Line, is_above_title: bool, has_title: bool) -> bool:
    if not has_title:
        return True
    if is_above_title:
        # Banners shout and ask; a statement may be the text's first, above a sub-heading taken for the title.
        return is_statement(line.text) and word_count(line.text) >= _STANDFIRST_WORDS
    return word_count(line.text) >= _STANDFIRST_WORDS and (ends_sentence(line.text) or line.block_lines == 1)


def _named(facts: Sequence[PageLine]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(author for line in facts for author in line.authors))


def _published(facts: Sequence[PageLine]) -> date | None:
    """The page's date: one called publication, then update, then one with a time, then a lone one."""
    candidates = [line.published for line in facts]
    candidates += [line.updated for line in facts]
    candidates += [line.bare_date for line in facts if line.has_time]
    candidates += [line.bare_date for line in facts]
    return next(filter(None, candidates), None)

"""Text saved from a web page → the article in it.

The hard and common input: crumbs, title, credits, paragraphs, sub-headings, biography, links and comments, all
plain lines. The first paragraph of running text divides them: above it the title is sought and little else
is kept, below it everything is kept but what is surely clutter (`body`).
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Sequence
from datetime import date

from rag.language import detect_language
from rag.reading.body import Body, Line, before_comments, chronology_headings, numbered, read_body
from rag.reading.bylines import PageLine, is_person_name, read_page_line
from rag.reading.cleaning import ends_sentence, is_clutter, is_edge_clutter, is_prose, word_count
from rag.reading.dates import find_dates
from rag.reading.drafts import Draft
from rag.reading.metadata import Metadata, read_labels
from rag.reading.reflow import blocks_of
from rag.reading.tidy import tidy_lines
from rag.reading.titles import find_title, same_words

__all__ = ["draft_from_blocks", "read_saved_text"]

# A line between title and first paragraph is kept as a standfirst from this length on.
_STANDFIRST_WORDS = 6

# The copyright line is among the last lines of a page.
_FOOT_LINES = 15

_LONGEST_OUTLET_WORDS = 4

_COMMENTED_TITLE = re.compile(
    r"(?:thoughts? on|pensées? sur|réflexions? sur|responses? to|réponses? à|commentaires? sur)\s(.+)", re.IGNORECASE
)
# «BRUXELLES, 13 juillet 2016 (AFP) – …», «(BRUSSELS2) …»: who reports, at the head of the first paragraph.
_DATELINE = re.compile(
    r"(?P<place>[A-ZÀ-Þ][^()!?]{2,60}?)\s?\((?P<outlet>[A-Z][\w.&-]{1,20}(?: [A-Z][\w.&-]{1,20}){0,2})\)\s?[–—-]"
    r"|\((?P<tag>[A-Z][A-Z0-9]{2,14})\)\s(?=[A-ZÀ-Þ«“\"])"
)
# «© 2016 Le Courrier. All rights reserved», «Copyright Le Courrier 2016»
_RIGHTS = re.compile(
    r"(?:©|\(c\)|copyright)[\s©]*(?:\d{4}(?:\s?[-–]\s?\d{4})?,?\s(?:by |par )?(?P<outlet>[^.|,–—\d]{2,40}?)"
    r"|(?P<before_year>[^.|,–—\d]{2,40}?),? \d{4})\s*(?:[.|,–—].*|all rights.*|tous droits.*)?",
    re.IGNORECASE,
)

_NOTHING_KNOWN = Metadata()


def read_saved_text(text: str, name: str = "") -> Draft:
    """The article in a text file; `name` is the file's, whose words may repeat the title's."""
    labels, lines = read_labels(tidy_lines(text))
    return draft_from_blocks(blocks_of(lines), labels, hints=(name,))


def draft_from_blocks(
    blocks: Sequence[Sequence[str]], known: Metadata = _NOTHING_KNOWN, hints: Iterable[str] = ()
) -> Draft:
    """The article in blocks of lines; what is `known` of it goes before what its lines say."""
    all_lines = numbered(blocks)
    lines, comments_heading = before_comments(all_lines)
    first = _first_paragraph(lines)
    opening, rest = lines[:first], lines[first:]
    body_text = "\n".join(line.text for line in rest)
    language = (known.language or detect_language(body_text, among=()) or "")[:2]
    all_hints = (*hints, *_COMMENTED_TITLE.findall(comments_heading or ""))
    title_index = None if known.title else find_title(opening, body_text, all_hints)
    title, outlet_in_title = _without_outlet(
        known.title or (opening[title_index].text if title_index is not None else "")
    )
    standfirst, opening_facts = _read_opening(opening, title_index, body_text, language, chronology_headings(lines))
    body = read_body(rest, language, known.authors)
    paragraphs = [text for text in (*standfirst, *body.paragraphs) if not same_words(text, title)]
    facts = (*opening_facts, *body.page_lines)
    return Draft(
        title=title,
        paragraphs=tuple(paragraphs),
        url=known.url,
        source=known.source or _outlet(facts, body, all_lines) or outlet_in_title,
        authors=known.authors or _authors(facts, body),
        published=known.published or _published(facts, paragraphs, language),
        language=known.language,
    )


def _first_paragraph(lines: Sequence[Line]) -> int:
    """Where the running text starts; in a text without any, after its first line."""
    prose = (index for index, line in enumerate(lines) if is_prose(line.text) and not is_clutter(line.text))
    return next(prose, min(1, len(lines) - 1))


def _without_outlet(title: str) -> tuple[str, str | None]:
    """«Title | Outlet» in two."""
    head, bar, tail = title.rpartition(" | ")
    if bar and word_count(tail) <= _LONGEST_OUTLET_WORDS < word_count(head):
        return head.strip(), tail.strip()
    return title, None


def _read_opening(
    opening: Sequence[Line], title_index: int | None, body_text: str, language: str, dated_headings: Container[int]
) -> tuple[list[str], list[PageLine]]:
    """The lines above the first paragraph that belong to the text, and the facts in the others."""
    kept: list[str] = []
    facts: list[PageLine] = []
    for index, line in enumerate(opening):
        if index in dated_headings:
            kept.append(line.text)
        elif index == title_index or is_edge_clutter(line.text):
            continue
        elif page_line := read_page_line(line.text, language):
            facts.append(page_line)
        elif is_person_name(line.text) and line.text.split()[-1] not in body_text:
            facts.append(PageLine(authors=(line.text,)))
        elif _is_standfirst(
            line, is_above_title=title_index is not None and index < title_index, has_title=title_index is not None
        ):
            kept.append(line.text)
    return kept, facts


def _is_standfirst(line: Line, is_above_title: bool, has_title: bool) -> bool:
    if not has_title:
        return True
    has_length = word_count(line.text) >= _STANDFIRST_WORDS
    return has_length and (ends_sentence(line.text) or (line.block_lines == 1 and not is_above_title))


def _authors(facts: Sequence[PageLine], body: Body) -> tuple[str, ...]:
    named = tuple(author for line in facts for author in line.authors)
    return tuple(dict.fromkeys((*named, *(body.signature.authors if not named else ()))))


def _outlet(facts: Sequence[PageLine], body: Body, lines: Sequence[Line]) -> str | None:
    """The outlet as the page states it: beside its date, in its copyright line, in the biography, in the dateline."""
    beside_date = next((line.outlet for line in facts if line.outlet), None)
    rights = next((match for line in lines[-_FOOT_LINES:] if (match := _RIGHTS.fullmatch(line.text))), None)
    dateline = _dateline(body.paragraphs)
    return (
        beside_date
        or ((rights["outlet"] or rights["before_year"]).strip() if rights else None)
        or body.signature.outlet
        or (dateline["outlet"] or dateline["tag"] if dateline else None)
    )


def _published(facts: Sequence[PageLine], paragraphs: Sequence[str], language: str) -> date | None:
    """The page's date: one called publication, then update, then one with a time, then a lone one."""
    candidates = [line.published for line in facts]
    candidates += [line.updated for line in facts]
    candidates += [line.bare_date for line in facts if line.has_time]
    candidates += [line.bare_date for line in facts]
    dateline = _dateline(paragraphs)
    candidates += [found.day for found in find_dates((dateline["place"] if dateline else None) or "", language)]
    return next(filter(None, candidates), None)


def _dateline(paragraphs: Sequence[str]) -> re.Match[str] | None:
    """What opens the first paragraph of running text, if that is place, date or agency."""
    return next((_DATELINE.match(text) for text in paragraphs if is_prose(text)), None)

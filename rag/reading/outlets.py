"""Where a page names the outlet it comes from: masthead, copyright line, dateline, beside its title.

None of these is sure alone (a first line may be a rubric, a copyright line a photographer's), so each must have
its usual form, and a masthead must come back elsewhere on the page.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from rag.reading.cleaning import ends_sentence, is_clutter, is_prose, word_count
from rag.reading.dates import find_dates

__all__ = ["Dateline", "outlet_in_heads", "outlet_in_masthead", "outlet_in_rights", "read_dateline", "without_outlet"]

_LONGEST_WORDS = 6
# The copyright line is among the last lines of a page, the masthead among the first.
_FOOT_LINES = 15
_HEAD_LINES = 3

# «BRUXELLES, 13 juillet 2016 (AFP) – …», «(BRUSSELS2) …»: who reports, at the head of the first paragraph.
_DATELINE = re.compile(
    r"(?P<place>[A-ZÀ-Þ][^()!?]{2,60}?)\s?\((?P<outlet>[A-Z][\w.&-]{1,20}(?: [A-Z][\w.&-]{1,20}){0,2})\)\s?[–—-]"
    r"|\((?P<tag>[A-Z][A-Z0-9]{2,14})\)\s(?=[A-ZÀ-Þ«“\"])"
)
_MARK = r"(?:©|\(c\)|copyright)"
_NAME = r"[^.|,·–—\d©]{2,50}?"
_YEARS = r"\d{4}(?:\s?[-–]\s?\d{4})?"
_ALL_RIGHTS = r"(?:all rights.*|tous droits.*)"
_RIGHTS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        # «© 2016 Le Courrier. All rights reserved», «Copyright 2016 by Le Courrier»
        rf"{_MARK}[\s©]*{_YEARS},?\s(?:by |par )?(?P<outlet>{_NAME})\s*(?:[.|,–—].*|{_ALL_RIGHTS})?",
        # «© Le Courrier, 2016. Contact», «Copyright Le Courrier 2016»
        rf"{_MARK}[\s©]*(?P<outlet>{_NAME}),? \d{{4}}\b.*",
        # «© Le Courrier – courrier.example – Tous droits réservés»
        rf"{_MARK}[\s©]*(?P<outlet>{_NAME})\s*[|·–—.,-].*\b{_ALL_RIGHTS}",
        # «Subscribe · The Courier © 2016»
        rf"(?:.*[|·–—]\s*)?(?P<outlet>{_NAME})\s*(?:©|\(c\)) ?\d{{4}}.*",
    )
)
_TAGLINE = re.compile(r"\s[|–—]\s.*|\s{2,}.*")
_CONNECTORS = frozenset("de du des d l of the et and la le les à en for sur".split())


@dataclass(frozen=True, slots=True)
class Dateline:
    """What opens a news agency's first paragraph: the agency, and the day if a full date stands there."""

    outlet: str
    day: date | None


def without_outlet(title: str) -> tuple[str, str | None]:
    """«Title | Outlet» in two."""
    head, bar, tail = title.rpartition(" | ")
    if bar and word_count(tail) <= _LONGEST_WORDS and word_count(tail) < word_count(head):
        return head.strip(), tail.strip()
    return title, None


def read_dateline(paragraphs: Sequence[str], language: str | None) -> Dateline | None:
    """The dateline of the first paragraph of running text, if it has one that names who reports."""
    first = next(filter(is_prose, paragraphs), "")
    found = _DATELINE.match(first)
    if not found:
        return None
    days = find_dates(found["place"] or "", language)
    return Dateline(found["outlet"] or found["tag"], days[0].day if days else None)


def outlet_in_rights(lines: Sequence[str]) -> str | None:
    """The outlet in the copyright line at the foot of a page."""
    for line in lines[-_FOOT_LINES:]:
        found = next((match for pattern in _RIGHTS if (match := pattern.fullmatch(line))), None)
        if found:
            return found["outlet"].strip(" -")
    return None


def outlet_in_masthead(lines: Sequence[str]) -> str | None:
    """The outlet on the first line of a page, if a menu or crumbs follow and the page names it again."""
    if len(lines) < _HEAD_LINES or not any(map(is_clutter, lines[1:_HEAD_LINES])):
        return None
    name = _TAGLINE.sub("", lines[0]).strip()
    if not _is_name(name):
        return None
    rest = "\n".join(lines[1:])
    last_word = re.escape(name.split()[-1])
    is_named_again = name.lower() in rest.lower() or re.search(rf"\b(?:the|le|la|du|au) {last_word}\b", rest)
    return _in_small_letters(name) if is_named_again else None


def outlet_in_heads(heads: Sequence[str]) -> str | None:
    """The outlet in the running heads and feet of a document: the first that is a name, dates and pages aside."""
    for line in heads:
        dates = find_dates(line, "fr")
        text = line[: dates[0].start] if dates else line
        name = re.split(r"\s[|·–—-]\s", text)[0].strip(" ,-–—|")
        if _is_name(name):
            return name
    return None


def _is_name(text: str) -> bool:
    words = re.findall(r"[^\W\d_]+", text)
    if not words or word_count(text) > _LONGEST_WORDS or is_clutter(text) or ends_sentence(text):
        return False
    return all(word[0].isupper() or word.lower() in _CONNECTORS for word in words) and words[0][0].isupper()


def _in_small_letters(name: str) -> str:
    """A masthead in capitals as a name: «LE CARNET DES VILLES» → «Le Carnet des Villes»."""
    if not name.isupper() or word_count(name) < 2:
        return name
    words = [
        word.lower() if word.lower() in _CONNECTORS and index else word.capitalize()
        for index, word in enumerate(name.split())
    ]
    return " ".join(words)

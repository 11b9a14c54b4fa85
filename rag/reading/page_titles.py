"""The headings and tags of an HTML page → the article's title, and the outlet beside it.

The first heading is often the site's name, and the window's title holds both («Title – Outlet»); the heading that the
window's title repeats is the article's, and what is left over there names the outlet.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING

from rag.reading.cleaning import word_count
from rag.reading.tidy import tidy_line

if TYPE_CHECKING:
    from lxml.html import HtmlElement

__all__ = ["meta_content", "title_and_outlet"]

_TITLE_TAGS = ("og:title", "twitter:title", "citation_title", "dc.title", "sailthru.title")
_LONGEST_OUTLET_WORDS = 6
_FEWEST_HEADING_WORDS = 2
_MARKS = "|«»<>·•:–—- "
_SEGMENT_MARK = re.compile(r"\s[|«»<>·•:–—-]\s")


def title_and_outlet(tree: HtmlElement, guesses: Iterable[str]) -> tuple[str, str | None]:
    """The title, "" where the page has none, and the outlet that stands beside it in the window's title.

    `guesses` are titles found otherwise, likeliest first; they count after the page's own.
    """
    window = tidy_line(" ".join(tree.xpath("//head/title[1]//text()")))
    tagged = [text for name in _TITLE_TAGS if (text := meta_content(tree, name))]
    headings = [text for element in tree.iter("h1", "h2") if (text := tidy_line(element.text_content()))]
    first_headings = [text for element in tree.iter("h1") if (text := tidy_line(element.text_content()))]
    candidates = [
        *tagged,
        *(text for text in headings if word_count(text) >= _FEWEST_HEADING_WORDS),
        *(guess for guess in guesses if guess),
    ]
    for candidate in candidates:
        outlet = _left_over(window, candidate)
        if outlet is not None:
            return candidate, outlet or None
    fallback = [*tagged, *(first_headings if len(first_headings) == 1 else ()), window, *candidates]
    return next(iter(fallback), ""), None


def meta_content(tree: HtmlElement, name: str) -> str | None:
    """The content of the page's meta tag called `name`, by either attribute, in any case."""
    for element in tree.iter("meta"):
        named = element.get("property") or element.get("name") or ""
        if named.lower() == name:
            return tidy_line(element.get("content") or "") or None
    return None


def _left_over(window: str, title: str) -> str | None:
    """The outlet in `window` beside `title`: "" where they are the same, None where `title` isn't most of it.

    The site's name is in the window's title as well, but what is left over beside that is longer than itself.
    """
    position = window.replace("’", "'").lower().find(title.replace("’", "'").lower())
    if position < 0 or not title:
        return None
    before, after = window[:position].strip(_MARKS), window[position + len(title) :].strip(_MARKS)
    outlet = (_SEGMENT_MARK.split(after)[-1] if after else before).strip(_MARKS)
    is_beside = len(before) + len(after) <= len(title) and word_count(outlet) <= _LONGEST_OUTLET_WORDS
    return outlet if is_beside and not (before and after) else None

"""An article becomes what the page shows of it: a title to click, its facts, or the whole text with a quote marked."""

from __future__ import annotations

import hashlib
import html
import re
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import PurePath
from typing import TYPE_CHECKING

from rag.records import Article, Citation
from rag.written_dates import written_date
from ui.rendering.dating import age
from ui.rendering.languages import language_name
from ui.rendering.markup import cut, language_attribute, lines, plain, web_host
from ui.rendering.texts import text

if TYPE_CHECKING:
    from rag import ArticleSummary

__all__ = [
    "also_in_html",
    "day_and_age",
    "notice_html",
    "opener_html",
    "outlet_of",
    "place_attributes",
    "quote_check",
    "source_html",
]

# Longer titles are cut: 300 characters are three lines of the widest column.
_TITLE_CHARACTERS = 300


def source_html(article: Article, quote: tuple[int, int] | None, language: str, *, is_changed: bool) -> str:
    """The whole article, its paragraphs kept, the characters from `quote[0]` to `quote[1]` marked.

    `is_changed` says that the article is another than the one quoted: a line tells so, and `quote` is None.
    """
    spoken = language_attribute(article.language)
    notice = f'<p class="notice" role="status">{text("source_changed", language)}</p>' if is_changed else ""
    outlet = f'<p class="outlet"><bdi>{plain(outlet_of(article))}</bdi></p>' if article.source else ""
    paragraphs = "".join(
        f'<p dir="auto">{_marked(article.text, start, end, quote)}</p>' for start, end in _paragraphs(article.text)
    )
    return (
        f'<header class="source-head">{outlet}'
        f'<h2 tabindex="-1" id="source-title" dir="auto"{spoken}>{_title(article, language)}</h2>'
        f'<p class="byline">{_byline(article, language)}</p>{_original(article, language)}</header>{notice}'
        f'<div class="article-text"{spoken}>{paragraphs}</div>'
    )


def notice_html(words: str) -> str:
    """What the panel shows in place of an article."""
    return f'<p class="notice" id="source-title" tabindex="-1">{lines(words)}</p>'


def quote_check(quote: str) -> str:
    """A short digest of a quote: whether an article still says it at the same place."""
    return hashlib.sha256(quote.encode("utf-8", "surrogatepass")).hexdigest()[:12]


def opener_html(
    article: Article | ArticleSummary, identity: str, language: str, citation: Citation | None = None
) -> str:
    """The title as a button that opens the article, its outlet, date and language under it."""
    number = f' id="{identity}" data-number="{citation.number}"' if citation else ""
    return (
        f'<button type="button" class="open-article"{number} {place_attributes(article, citation)} dir="auto"'
        f"{language_attribute(article.language)}>{_title(article, language)}</button>"
        f'<span class="byline">{_facts(article, language)}</span>'
    )


def place_attributes(article: Article | ArticleSummary, citation: Citation | None = None) -> str:
    """The attributes by which the page asks for an article, and for the quote in it."""
    place = f'data-article="{html.escape(article.id)}"'
    if citation is None:
        return place
    return f'{place} data-start="{citation.start}" data-end="{citation.end}" data-check="{quote_check(citation.quote)}"'


def also_in_html(copies: Sequence[Article], language: str) -> str:
    """The near copies of an article, in one line; nothing where there are none."""
    if not copies:
        return ""
    named = [
        " · ".join(filter(None, [outlet_of(copy) or cut(copy.title, 80), _day_of(copy.published, language)]))
        for copy in copies
    ]
    outlets = plain(text("also_in", language, outlets="; ".join(named)))
    return f'<p class="also-in">{outlets[:1].upper()}{outlets[1:]}</p>'


def outlet_of(article: Article | ArticleSummary) -> str:
    """The outlet's name, empty where it is not known."""
    return cut(article.source or "", 80)


def _day_of(day: date | None, language: str) -> str:
    """The day written out, empty where there is none."""
    return written_date(day, language) if day else ""


def day_and_age(day: date | None, language: str, today: date | None = None) -> str:
    """«16 September 2017, 9 years ago», empty where there is no date; `today` is the day it is, unless given."""
    return ", ".join(filter(None, (_day_of(day, language), age(day, today or date.today(), language)))) if day else ""


def _title(article: Article | ArticleSummary, language: str) -> str:
    return plain(cut(article.title, _TITLE_CHARACTERS).strip() or text("untitled", language))


def _facts(article: Article | ArticleSummary, language: str) -> str:
    facts = [
        outlet_of(article),
        day_and_age(article.published, language) or text("undated", language),
        language_name(article.language, language) if article.language else "",
    ]
    return " · ".join(f"<bdi>{plain(fact)}</bdi>" for fact in facts if fact)


def _byline(article: Article, language: str) -> str:
    facts = [
        ", ".join(article.authors),
        day_and_age(article.published, language) or text("undated", language),
        language_name(article.language, language) if article.language else "",
    ]
    return " · ".join(f"<bdi>{plain(cut(fact, 200))}</bdi>" for fact in facts if fact)


def _original(article: Article, language: str) -> str:
    """A link for http and https alone, under the host's ASCII name: what looks like another letter shows."""
    host = web_host(article.url or "")
    if article.url and host:
        return (
            f'<p class="original"><a href="{html.escape(article.url)}" target="_blank" '
            f'rel="noopener noreferrer">{plain(text("original", language, host=host))}'
            f'<span class="unseen"> {text("opens_tab", language)}</span></a></p>'
        )
    if article.path:
        name = cut(PurePath(article.path).name, 120)
        return f'<p class="original">{plain(text("file", language, name=name))}</p>'
    return ""


def _paragraphs(article_text: str) -> Iterator[tuple[int, int]]:
    start = 0
    for gap in re.finditer(r"\n\s*\n", article_text):
        if gap.start() > start:
            yield start, gap.start()
        start = gap.end()
    if start < len(article_text):
        yield start, len(article_text)


def _marked(article_text: str, start: int, end: int, quote: tuple[int, int] | None) -> str:
    """The characters from `start` to `end`, those of the quote among them in a mark element."""
    if quote is None or quote[1] <= start or quote[0] >= end:
        return lines(article_text[start:end])
    first, last = max(start, quote[0]), min(end, quote[1])
    before, cited, after = article_text[start:first], article_text[first:last], article_text[last:end]
    return f"{lines(before)}<mark>{lines(cited)}</mark>{lines(after)}"

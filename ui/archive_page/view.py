"""What a reader asks to see of the archive: articles in an order, a page at a time, and counted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal, get_args

from rag import ArticleSummary
from rag.words import fold, normalise
from ui.rendering.markup import seen_only

__all__ = ["PAGE_ARTICLES", "ArchiveView", "Order", "Wanted", "view_articles"]

Order = Literal["newest", "oldest", "title", "outlet"]
PAGE_ARTICLES = 50


@dataclass(frozen=True, slots=True)
class Wanted:
    """What was asked for; empty words, outlets and languages and the year 0 ask for no restriction. Pages from 1."""

    words: str = ""
    source: str = ""
    language: str = ""
    year: int = 0
    order: str = "newest"
    page: int = 1


@dataclass(frozen=True, slots=True)
class ArchiveView:
    """One page of the articles wanted, how many there are, and all of them counted in three ways."""

    articles: tuple[ArticleSummary, ...]
    total: int
    page: int
    page_count: int
    count_by_source: Counter[str]
    count_by_language: Counter[str]
    count_by_year: Counter[int]


def view_articles(summaries: Sequence[ArticleSummary], wanted: Wanted) -> ArchiveView:
    """The articles whose title, outlet or authors hold all the words and that pass the rest.

    A page that there is not is the nearest that there is; an order that is none of `Order` is the first of them.
    """
    words = _searchable(wanted.words).split()
    found = [summary for summary in summaries if _passes(summary, wanted, words)]
    page_count = max(1, -(-len(found) // PAGE_ARTICLES))
    page = min(max(1, wanted.page), page_count)
    order = wanted.order if wanted.order in get_args(Order) else "newest"
    ordered = _ordered(found, order)[(page - 1) * PAGE_ARTICLES : page * PAGE_ARTICLES]
    return ArchiveView(
        tuple(ordered),
        len(found),
        page,
        page_count,
        Counter(summary.source for summary in found if summary.source),
        Counter(summary.language for summary in found if summary.language),
        Counter(summary.published.year for summary in found if summary.published),
    )


def _passes(summary: ArticleSummary, wanted: Wanted, words: Sequence[str]) -> bool:
    if wanted.source and summary.source != wanted.source:
        return False
    if wanted.language and summary.language != wanted.language:
        return False
    if wanted.year and (summary.published is None or summary.published.year != wanted.year):
        return False
    if not words:
        return True
    said = _searchable(" ".join((summary.title, summary.source or "", *summary.authors)))
    return all(word in said for word in words)


def _ordered(summaries: list[ArticleSummary], order: str) -> list[ArticleSummary]:
    """Articles without a date come last, whichever end is first."""
    by_title = sorted(summaries, key=lambda summary: fold(summary.title))
    if order == "title":
        return by_title
    if order == "outlet":
        return sorted(by_title, key=lambda summary: (not summary.source, fold(summary.source or "")))
    dated = [summary for summary in by_title if summary.published]
    undated = [summary for summary in by_title if not summary.published]
    return sorted(dated, key=lambda one: one.published or date.min, reverse=order == "newest") + undated


def _searchable(words: str) -> str:
    return fold(normalise(seen_only(words)))

"""What a reader asks to see of the archive → articles in an order, a page at a time, and all of them counted.

SQLite sorts and counts, so that an archive of a hundred thousand articles is looked through without reading them.
"""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass
from typing import Literal

from rag.store_view import LISTED, ArticleSummary, StoreView, listed, sought
from rag.words import fold, searchable

__all__ = ["PAGE_ARTICLES", "ArchiveView", "Order", "Wanted", "browse"]

Order = Literal["newest", "oldest", "title", "outlet"]
PAGE_ARTICLES = 50

# Articles without a date come last, whichever end is first, and those without an outlet.
_ORDERS: dict[str, str] = {
    "newest": "published DESC, folded(title), number",
    "oldest": "published NULLS LAST, folded(title), number",
    "title": "folded(title), number",
    "outlet": "coalesce(source, '') = '', folded(source), folded(title), number",
}


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked for; empty words, outlets and languages and the year 0 ask for no restriction. Pages from 1.

    An article has the `words` when its title, outlet or authors do, without regard to case and accents. An `order` that
    is none of `Order` is the first of them.
    """

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


def browse(view: StoreView, wanted: Wanted) -> ArchiveView:
    """The articles wanted; a page that there is not is the nearest that there is."""
    view.define("folded", 1, _folded)
    view.define("said", 3, _said)
    condition, values = _condition(view, wanted)
    by_source, by_language, by_year = Counter[str](), Counter[str](), Counter[int]()
    total = 0
    for source, language, year, count in view.query(
        "SELECT source, language, CAST(substr(published, 1, 4) AS INTEGER), count(*) FROM articles "
        f"WHERE {condition} GROUP BY 1, 2, 3 ORDER BY min(number)",
        *values,
    ):
        total += count
        for counted, key in ((by_source, source), (by_language, language), (by_year, year)):
            if key:
                counted[key] += count
    page_count = max(1, -(-total // PAGE_ARTICLES))
    page = min(max(1, wanted.page), page_count)
    order = _ORDERS.get(wanted.order, _ORDERS["newest"])
    articles = view.summaries_where(condition, values, order, offset=(page - 1) * PAGE_ARTICLES, limit=PAGE_ARTICLES)
    return ArchiveView(tuple(articles), total, page, page_count, by_source, by_language, by_year)


def _condition(view: StoreView, wanted: Wanted) -> tuple[str, list[object]]:
    """A condition on `articles`, and its values."""
    asked: list[tuple[str, object]] = []
    if wanted.source:
        asked.append(("source = ?", sought(wanted.source)))
    if wanted.language:
        asked.append(("language = ?", sought(wanted.language)))
    if wanted.year:
        asked.append(("published >= ? || '-01-01'", f"{wanted.year:04}"))
        asked.append(("published <= ? || '-12-31'", f"{wanted.year:04}"))
    condition = " AND ".join(one for one, _ in asked) or "1"
    values = [value for _, value in asked]
    words = searchable(wanted.words).split()
    if not words:
        return condition, values
    rows = view.query(  # each article's words are put together once, however many are sought
        "WITH told AS MATERIALIZED "
        f"(SELECT number, said(title, source, authors) AS words FROM articles WHERE {condition}) "
        "SELECT number FROM told WHERE NOT EXISTS (SELECT 1 FROM json_each(?) WHERE NOT instr(words, value))",
        *values,
        json.dumps(words),
    )
    return f"number IN {LISTED}", [listed(number for (number,) in rows)]


def _said(title: str, source: str | None, authors: str) -> str:
    return searchable(" ".join((title, source or "", *json.loads(authors))))


def _folded(words: str | None) -> str:
    return fold(words or "")

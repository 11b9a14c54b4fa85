"""The archive page: what is in the archive, counted in pictures, searched and sorted, and one article to read.

Plain HTML with links and one form of plain fields: reading works without any script, adding and removing are
archive.js's, and Gradio has no part in it.
"""

from __future__ import annotations

import html
from dataclasses import KW_ONLY, dataclass, replace
from typing import get_args
from urllib.parse import urlencode

from rag import ArticleSummary
from rag.browsing import ArchiveView, Order, Wanted
from ui.accounts.store import Identity
from ui.archive_page.charts import bars_html, columns_html
from ui.archive_page.intake_html import intake_html, remove_html
from ui.rendering.article_html import day_and_age, outlet_of
from ui.rendering.languages import INTERFACE_LANGUAGES, language_name
from ui.rendering.markup import cut, language_attribute, plain
from ui.rendering.texts import text
from ui.server.signed_in import who_html

__all__ = ["Frame", "archive_html", "article_page_html"]


@dataclass(frozen=True, slots=True)
class Frame:
    """What is around the page: the archive's name, the interface's language, who reads, and what they may do."""

    name: str
    language: str
    identity: Identity | None = None
    _: KW_ONLY
    can_add: bool
    can_remove: bool


def archive_html(view: ArchiveView, wanted: Wanted, frame: Frame) -> str:
    """The page of what is wanted of the archive."""
    language = frame.language
    rows = "".join(_row(summary, language, can_remove=frame.can_remove) for summary in view.articles)
    listed = f'<ul class="articles">{rows}</ul>' if rows else f"<p>{text('nothing_listed', language)}</p>"
    count = text("one_article" if view.total == 1 else "articles", language, count=view.total)
    intake = intake_html(language, is_open=not view.total and wanted == Wanted()) if frame.can_add else ""
    return _page(
        f"{_search(wanted, language)}{intake}"
        f"<div id='listing'><div class='pictures'>{_pictures(view, wanted, language)}</div>"
        f"{_chosen(wanted, language)}<h2 id='count' tabindex='-1'>{count}</h2>{listed}{_pages(view, wanted, language)}"
        "</div>",
        wanted,
        frame,
    )


def article_page_html(article_html: str, frame: Frame, remove: str = "") -> str:
    """The page of one article, whose HTML is given, and that of the button that removes it."""
    back = f'<p><a href="/{frame.language}/archive">← {text("all_articles", frame.language)}</a></p>'
    return _page(f'{back}<div class="one-article">{article_html}{remove}</div>', Wanted(), frame)


def _page(body: str, wanted: Wanted, frame: Frame) -> str:
    name, language = frame.name, frame.language
    title = f"{plain(name)} · Gazette"
    languages = "".join(
        f'<a class="language" href="{plain(_link(wanted, code))}" hreflang="{code}" lang="{code}" '
        f'aria-current="{"true" if code == language else "false"}">{code.upper()}</a>'
        for code in INTERFACE_LANGUAGES
    )
    return (
        f'<!doctype html><html lang="{language}"><head><meta charset="utf-8"><title>{title}</title>'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<meta name="referrer" content="no-referrer">'
        '<link rel="icon" href="/icon.svg"><link rel="stylesheet" href="/look/archive.css"></head><body>'
        f'<header><h1><a href="/{language}/">Gazette</a></h1><p><bdi>{plain(name)}</bdi></p>'
        f'<nav aria-label="{text("switch_language", language)}">{languages}</nav>'
        f"{who_html(frame.identity, language)}"
        f'<a class="to-chat" href="/{language}/">{text("to_chat", language)}</a></header>'
        f'<main>{body}</main><script src="/look/account.js"></script>'
        '<script src="/look/archive.js"></script></body></html>\n'
    )


def _search(wanted: Wanted, language: str) -> str:
    kept = "".join(
        f'<input type="hidden" name="{field}" value="{html.escape(str(value))}">'
        for field, value in (("source", wanted.source), ("language", wanted.language), ("year", wanted.year))
        if value
    )
    orders = "".join(
        f'<option value="{order}"{" selected" if order == wanted.order else ""}>'
        f"{text(f'order_{order}', language)}</option>"
        for order in get_args(Order)
    )
    return (
        f'<form role="search" action="/{language}/archive"><input type="search" name="words" maxlength="200" '
        f'value="{plain(wanted.words)}" aria-label="{text("search_articles", language)}" '
        f'placeholder="{text("search_articles", language)}">'
        f'<select name="order" aria-label="{text("order", language)}">{orders}</select>{kept}'
        f"<button>{text('search', language)}</button></form>"
    )


def _pictures(view: ArchiveView, wanted: Wanted, language: str) -> str:
    first = replace(wanted, page=1)
    pictures = (
        (
            "by_year",
            columns_html(
                view.count_by_year,
                lambda count: text("one_article" if count == 1 else "articles", language, count=count),
                lambda year: _link(replace(first, year=year), language),
            ),
        ),
        ("by_outlet", bars_html(view.count_by_source, str, lambda name: _link(replace(first, source=name), language))),
        (
            "by_language",
            bars_html(
                view.count_by_language,
                lambda code: language_name(code, language),
                lambda code: _link(replace(first, language=code), language),
            ),
        ),
    )
    return "".join(
        f"<section><h2>{text(key, language)}</h2>{picture}</section>" for key, picture in pictures if picture
    )


def _chosen(wanted: Wanted, language: str) -> str:
    """What the list is narrowed to, each a link to the list without it."""
    first = replace(wanted, page=1)
    chosen = [
        (wanted.words, replace(first, words="")),
        (cut(wanted.source, 80), replace(first, source="")),
        (language_name(wanted.language, language) if wanted.language else "", replace(first, language="")),
        (str(wanted.year or ""), replace(first, year=0)),
    ]
    links = "".join(
        f'<li><a href="{plain(_link(without, language))}" title="{text("take_back", language)}">'
        f'<span class="unseen">{text("take_back", language)}: </span><bdi>{plain(words)}</bdi> '
        '<span aria-hidden="true">×</span></a></li>'
        for words, without in chosen
        if words
    )
    return f'<ul class="chosen">{links}</ul>' if links else ""


def _row(summary: ArticleSummary, language: str, *, can_remove: bool) -> str:
    title = plain(cut(summary.title, 300).strip() or text("untitled", language))
    spoken = language_name(summary.language, language) if summary.language else ""
    facts = [outlet_of(summary), day_and_age(summary.published, language) or text("undated", language), spoken]
    byline = " · ".join(f"<bdi>{plain(fact)}</bdi>" for fact in facts if fact)
    remove = f" {remove_html(summary.id, summary.title, language)}" if can_remove else ""
    address = plain(f"/{language}/archive?{urlencode({'article': summary.id})}")
    link = f'<a href="{address}" dir="auto"{language_attribute(summary.language)}>{title}</a>'
    return f"<li>{link}<p>{byline}{remove}</p></li>"


def _pages(view: ArchiveView, wanted: Wanted, language: str) -> str:
    if view.page_count == 1:
        return ""
    links = [
        f'<a rel="{rel}" href="{plain(_link(replace(wanted, page=page), language))}">{text(key, language)}</a>'
        for page, rel, key in ((view.page - 1, "prev", "page_before"), (view.page + 1, "next", "page_after"))
        if 1 <= page <= view.page_count
    ]
    place = text("page_of", language, page=view.page, count=view.page_count)
    return f'<nav class="pages" aria-label="{place}"><span>{place}</span> {" ".join(links)}</nav>'


def _link(wanted: Wanted, language: str) -> str:
    empty = Wanted()
    names = ("words", "source", "language", "year", "order", "page")
    asked = {name: getattr(wanted, name) for name in names if getattr(wanted, name) != getattr(empty, name)}
    query = urlencode(asked, errors="replace")
    return f"/{language}/archive{'?' + query if query else ''}"

"""The head of the page, and what stands where the conversation will."""

from __future__ import annotations

from ui.accounts.store import Identity
from ui.chat.holdings import Holdings
from ui.rendering.article_html import opener_html
from ui.rendering.markup import plain
from ui.rendering.texts import text
from ui.server.signed_in import who_html

__all__ = ["masthead_html", "welcome_html"]


def masthead_html(holdings: Holdings, language: str, identity: Identity | None = None) -> str:
    """The name of the archive and what it holds, beside the page's own name, its two languages and who reads it."""
    switch = "".join(
        f'<a href="../{code}/" hreflang="{code}" lang="{code}" class="language" '
        f'aria-current="{"true" if code == language else "false"}" '
        f'aria-label="{label}">{code.upper()}</a>'
        for code, label in (("en", "English"), ("fr", "Français"))
    )
    held = " · ".join(plain(count) for count in holdings.counts)
    return (
        f'<a class="skip" href="#question-box">{text("skip_to_question", language)}</a>'
        f'<div class="masthead-line"><h1>Gazette</h1>'
        f'<p class="archive"><a class="archive-name" href="/{language}/archive"><bdi>{plain(holdings.name)}</bdi></a>'
        f"<span>{held}</span></p>"
        '<button type="button" class="show-kept" aria-haspopup="dialog">'
        f"<span>{text('conversations', language)}</span></button>"
        f'<nav class="languages" aria-label="{text("switch_language", language)}">{switch}</nav>'
        f"{who_html(identity, language)}</div>"
    )


def welcome_html(holdings: Holdings, language: str) -> str:
    """Questions to click, or else the latest articles to open; of an empty archive, how to fill it."""
    if holdings.fill_command is not None:
        return _empty_archive(holdings.fill_command, language)
    questions = "".join(
        f'<li><button type="button" class="example" dir="auto">{plain(example)}</button></li>'
        for example in holdings.examples
    )
    articles = "".join(f"<li>{opener_html(article, '', language)}</li>" for article in holdings.latest)
    offered = (
        f'<h3>{text("examples", language)}</h3><ul class="examples">{questions}</ul>'
        if questions
        else f'<h3>{text("latest", language)}</h3><ul class="nearest">{articles}</ul>'
        if articles
        else ""
    )
    return (
        f'<section class="welcome"><h2>{text("welcome", language)}</h2>'
        f"<p>{text('welcome_detail', language)}</p>{offered}</section>"
    )


def _empty_archive(fill_command: str, language: str) -> str:
    return (
        f'<section class="welcome"><h2>{text("empty_title", language)}</h2>'
        f"<p>{text('empty_detail', language)}</p>"
        f'<p><a class="to-archive" href="/{language}/archive">{text("add_articles", language)}</a></p>'
        f'<pre class="command" tabindex="0"><code>{plain(fill_command)}</code></pre>'
        f'<p class="quiet">{text("empty_formats", language)}</p></section>'
    )

"""Articles become lines for a terminal, cleared of the characters that a terminal obeys or that reorder text."""

from __future__ import annotations

from datetime import date

from rag.records import Article, Passage
from ui.rendering.dating import age

__all__ = ["copies", "described", "outlet_date_language", "place", "shortened", "shown"]

QUOTE_CHARACTERS = 300


def shown(article_text: str) -> str:
    """The text without the control and bidirectional characters that would change what a terminal shows."""
    return "".join(
        character
        for character in article_text
        if character in "\n\t" or character.isprintable() or character == "\u202f"
    )


def described(article: Article, *, today: date | None = None, language: str = "en") -> str:
    """«Title — Outlet, date, language» in one line; with `today` also how old the article is."""
    return f"{shown(article.title)} — {outlet_date_language(article, today=today, language=language)}"


def outlet_date_language(article: Article, *, today: date | None = None, language: str = "en") -> str:
    """What is known of these three, by commas; with `today` the age after the date, in words of `language`."""
    published = article.published
    facts = [
        shown(article.source or ""),
        published.isoformat() if published else "",
        age(published, today, language) if published and today else "",
        article.language,
    ]
    return ", ".join(filter(None, facts))


def place(article: Article) -> str:
    """Where the article came from, or its id."""
    return shown(article.url or article.path or article.id)


def copies(passage: Passage) -> str:
    """The outlets of an article's near copies, in parentheses; nothing where there are none."""
    outlets = ", ".join(shown(copy.source or copy.title) for copy in passage.copies)
    return f" (near copy: {outlets})" if outlets else ""


def shortened(quote: str) -> str:
    """The quote on one line, as much of it as `QUOTE_CHARACTERS` allow."""
    line = " ".join(shown(quote).split())
    return line if len(line) <= QUOTE_CHARACTERS else f"{line[:QUOTE_CHARACTERS].rsplit(' ', 1)[0]} […]"

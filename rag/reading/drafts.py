"""What a reader found in an input → the `Article` that the archive keeps.

An article's id must be the same when it is read again, and the same for a saved page and its address: it
is the id its own file or feed gives it, else made of its URL, else of its path. A URL is only trusted for
that where it names one page; a page that calls its site's front page canonical says nothing.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from datetime import date
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from rag.errors import ReadingError
from rag.language import detect_language
from rag.reading.tidy import join_paragraphs, tidy_line
from rag.reasons import Reason, reason
from rag.records import Article

__all__ = ["Draft", "Entry", "canonical_url", "finish_article", "site_of"]

# A long book in one article; far beyond any news story, and what a search index can still hold as one.
_LONGEST_TEXT_CHARACTERS = 5_000_000
_LONGEST_TITLE_CHARACTERS = 500
_LONGEST_ID_CHARACTERS = 200
# A text without a title is called by its first words, this far.
_NAMED_AFTER_CHARACTERS = 100

_TRACKING_PARAMETERS = re.compile(r"utm_\w+|fbclid|gclid|dclid|msclkid|mc_[ce]id|igshid|xtor|at_\w+", re.IGNORECASE)
_LANGUAGE_CODE = re.compile(r"([a-z]{2})(?:[-_].*)?")
_LANGUAGE_BY_NAME = {
    "english": "en",
    "anglais": "en",
    "eng": "en",
    "french": "fr",
    "français": "fr",
    "fra": "fr",
    "fre": "fr",
}


@dataclass(frozen=True, slots=True)
class Draft:
    """One article as a reader found it: paragraphs, and whatever else the input said, unchecked.

    `own_id` is the id that a JSON record or a feed gives the article; `language` may be any spelling.
    """

    title: str
    paragraphs: tuple[str, ...]
    url: str | None = None
    source: str | None = None
    authors: tuple[str, ...] = ()
    published: date | None = None
    language: str | None = None
    own_id: str | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """One of several articles in an input: what it is called there («line 3»), and the draft or why there is none."""

    label: str
    draft: Draft | None = None
    why_not: Reason | None = None


def finish_article(draft: Draft, fallback_key: str, path: str | None = None) -> Article:
    """The article of `draft`; `fallback_key` names it where neither an own id nor a URL does.

    Raises ReadingError when there is no text, or too much.
    """
    text = join_paragraphs(draft.paragraphs)
    if not any(character.isalpha() for character in text):
        raise ReadingError(reason("no_article_text"))
    if len(text) > _LONGEST_TEXT_CHARACTERS:
        raise ReadingError(reason("long_article", characters=f"{len(text):,}", most=f"{_LONGEST_TEXT_CHARACTERS:,}"))
    url = canonical_url(draft.url)
    title = tidy_line(draft.title)[:_LONGEST_TITLE_CHARACTERS].strip() or _first_words(text)
    return Article(
        id=_usable_id(draft.own_id) or _short_hash(url or fallback_key),
        title=title,
        text=text,
        url=url,
        source=tidy_line(draft.source or "") or None,
        authors=_distinct(draft.authors),
        published=draft.published,
        language=_language_code(draft.language) or detect_language(f"{title}\n{text}", among=()),
        path=path,
    )


def canonical_url(url: str | None) -> str | None:
    """`url` without fragment and tracking parameters, host in lower case; None where it names no page.

    >>> canonical_url("https://Example.org/a?utm_source=x&id=7#top")
    'https://example.org/a?id=7'
    """
    try:
        parts = urlsplit(tidy_line(tidy_line(url or "").partition("#")[0]))  # spaces before the fragment go with it
        host, port = parts.hostname, parts.port
    except ValueError:
        return None
    if parts.scheme not in ("http", "https") or not host or (parts.path in ("", "/") and not parts.query):
        return None
    is_standard_port = port in (None, 80 if parts.scheme == "http" else 443)
    address = f"[{host}]" if ":" in host else host
    query = [
        pair for pair in parse_qsl(parts.query, keep_blank_values=True) if not _TRACKING_PARAMETERS.fullmatch(pair[0])
    ]
    kept_query = parts.query if len(query) == parts.query.count("&") + 1 else urlencode(query)
    return urlunsplit(
        (parts.scheme, address if is_standard_port else f"{address}:{port}", parts.path or "/", kept_query, "")
    )


def site_of(url: str | None) -> str:
    """The host in `url` without the prefixes that name the same site («www.», «m.», «amp.»); "" without one."""
    try:
        host = urlsplit(url or "").hostname or ""
    except ValueError:
        return ""
    return re.sub(r"^(?:(?:www\d?|m|mobile|amp)\.)+(?=.*\.)", "", host)


def _first_words(text: str) -> str:
    line = text.split("\n", 1)[0]
    if len(line) <= _NAMED_AFTER_CHARACTERS:
        return line
    return line[:_NAMED_AFTER_CHARACTERS].rsplit(" ", 1)[0].rstrip(" ,;:–-") + "…"


def _usable_id(own_id: str | None) -> str | None:
    if not own_id or not own_id.strip():
        return None
    is_usable = len(own_id) <= _LONGEST_ID_CHARACTERS and own_id.isprintable() and own_id == own_id.strip()
    return own_id if is_usable else _short_hash(own_id)


def _short_hash(key: str) -> str:
    return hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()[:12]


def _distinct(authors: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for name in map(tidy_line, authors) if name))


def _language_code(language: str | None) -> str | None:
    named = (language or "").strip().lower()
    code = _LANGUAGE_CODE.fullmatch(named)
    return code.group(1) if code else _LANGUAGE_BY_NAME.get(named)

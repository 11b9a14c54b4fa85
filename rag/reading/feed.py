"""An RSS or Atom feed → its entries as articles: the full content where the feed has it, else the summary.

feedparser is only ever given bytes in memory: a string it would take for a path or an address, and open.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from io import BytesIO
from typing import Any

from rag.errors import ReadingError
from rag.reading.body import numbered, read_body
from rag.reading.bylines import split_authors
from rag.reading.dates import parse_date
from rag.reading.drafts import Draft, Entry
from rag.reading.markup import fragment_paragraphs
from rag.reading.metadata import Metadata
from rag.reading.tidy import tidy_line
from rag.reading.titles import same_words

__all__ = ["read_feed"]

_MOST_ENTRIES = 10_000


def read_feed(data: bytes, url: str | None = None) -> Iterator[Entry]:
    """One entry for each of the feed's, in its order, labelled by number from 1.

    Raises ReadingError when `data` is no feed, or a feed without entries.
    """
    # Imported here: nothing else needs it.
    import feedparser

    headers = {"content-location": url} if url else {}
    parsed = feedparser.parse(BytesIO(data), response_headers=headers, sanitize_html=True)
    entries = parsed.get("entries", [])[:_MOST_ENTRIES]
    if not entries:
        problem = parsed.get("bozo_exception")
        raise ReadingError(
            f"holds a feed that can't be read ({problem})" if problem else "holds a feed without entries"
        )
    outlet = tidy_line(_plain(parsed.get("feed", {}).get("title", ""))) or None
    language = parsed.get("feed", {}).get("language")
    for number, entry in enumerate(entries, start=1):
        label = f"entry {number}"
        try:
            yield Entry(label, _draft(entry, outlet, language))
        except ReadingError as error:
            yield Entry(label, reason=str(error))


def _draft(entry: Mapping[str, Any], outlet: str | None, language: str | None) -> Draft:
    title = tidy_line(_plain(entry.get("title", "")))
    texts = [part.get("value", "") for part in entry.get("content", [])] + [entry.get("summary", "")]
    text = max(texts, key=len)
    if not text.strip():
        raise ReadingError("has neither content nor summary")
    lines = [line for paragraph in fragment_paragraphs(text) if (line := tidy_line(paragraph))]
    named = [author.get("name", "") for author in entry.get("authors", [])] or [entry.get("author", "")]
    authors = tuple(name for author in named for name in split_authors(author))
    source = _plain(entry.get("source", {}).get("title", "")) or outlet
    known = Metadata(authors=authors, source=source)
    body = read_body(numbered([[line] for line in lines if not same_words(line, title)]), language, known)
    published = next(
        (date for name in ("published", "issued", "created", "updated") if (date := parse_date(entry.get(name, "")))),
        None,
    )
    return Draft(
        title=title,
        paragraphs=body.paragraphs,
        url=entry.get("link"),
        source=source,
        authors=authors or body.signature.authors,
        published=published,
        language=language,
        own_id=entry.get("id"),
    )


def _plain(text: str) -> str:
    return " ".join(fragment_paragraphs(text))

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
from rag.reasons import reason

__all__ = ["read_feed"]

# A publication date before a change's.
_DATE_NAMES = ("published", "issued", "created", "updated")


def read_feed(data: bytes, url: str | None = None) -> Iterator[Entry]:
    """One entry for each of the feed's, in its order, labelled by number from 1.

    Raises ReadingError when `data` is no feed, or a feed without entries.
    """
    # Imported here: nothing else needs it.
    import feedparser

    headers = {"content-location": url} if url else {}
    try:
        parsed = feedparser.parse(BytesIO(data), response_headers=headers, sanitize_html=True)
    except Exception as error:
        # It promises to read whatever it is given, and raises what its text handling meets in broken feeds
        # (UnicodeEncodeError, ValueError, RecursionError …).
        raise ReadingError(reason("broken_feed", error=f"{type(error).__name__}: {error}")) from error
    entries = parsed.get("entries", [])
    if not entries:
        problem = parsed.get("bozo_exception")
        raise ReadingError(reason("broken_feed", error=str(problem)) if problem else reason("empty_feed"))
    about = parsed.get("feed", {})
    outlet = _plain(_value(about, "title")) or None
    for number, entry in enumerate(entries, start=1):
        label = f"entry {number}"
        try:
            yield Entry(label, _draft(entry, outlet, _value(about, "language") or None))
        except ReadingError as error:
            yield Entry(label, why_not=error.reason)


def _draft(entry: Mapping[str, Any], outlet: str | None, language: str | None) -> Draft:
    title = _plain(_value(entry, "title"))
    text = max([_value(part, "value") for part in entry.get("content", [])] + [_value(entry, "summary")], key=len)
    if not text.strip():
        raise ReadingError(reason("empty_entry"))
    lines = [line for paragraph in fragment_paragraphs(text) if (line := tidy_line(paragraph))]
    named = [_value(author, "name") for author in entry.get("authors", [])] or [_value(entry, "author")]
    authors = tuple(name for author in named for name in split_authors(author))
    source = _plain(_value(entry.get("source", {}), "title")) or outlet
    known = Metadata(authors=authors, source=source)
    body = read_body(numbered([[line] for line in lines if not same_words(line, title)]), language, known)
    # The feed's language is its software's default as often as not, so the text's own is found from the text.
    return Draft(
        title=title,
        paragraphs=body.paragraphs,
        url=_value(entry, "link") or None,
        source=source,
        authors=authors or body.signature.authors,
        published=next((day for name in _DATE_NAMES if (day := parse_date(_value(entry, name)))), None),
        own_id=_value(entry, "id") or None,
    )


def _value(record: Mapping[str, Any], name: str) -> str:
    """The text under `name`, "" where there is none; asked of the plain dictionary, since feedparser's own answers
    with other names' values, and warns."""
    value = dict.get(record, name) if isinstance(record, dict) else None
    return value if isinstance(value, str) else ""


def _plain(text: str) -> str:
    return tidy_line(" ".join(fragment_paragraphs(text)))

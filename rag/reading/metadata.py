"""Named values («title», «auteur», «date_published») → what they say about an article.

JSON records, front matter and the labelled lines at the top of a text file name the same things in many ways;
this is the one place that knows them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime

from rag.reading.bylines import split_authors
from rag.reading.dates import parse_date
from rag.reading.tidy import tidy_line

__all__ = ["Metadata", "metadata_from", "read_labels"]

_NAMES = {
    "title": ("title", "titre", "headline", "titre de l'article"),
    "url": ("url", "link", "lien", "canonical_url", "permalink", "uri"),
    "source": (
        *("source", "outlet", "publisher", "publication", "journal", "newspaper", "media", "média", "site"),
        *("site_name", "sitename", "source_name"),
    ),
    "authors": ("authors", "author", "auteurs", "auteur", "autrice", "auteure", "byline", "creator", "by", "par"),
    "published": (
        *("published", "date", "date_published", "published_at", "publication_date", "published_date", "pubdate"),
        *("publication date", "publié", "publié le", "date de publication", "datepublished", "timestamp"),
    ),
    "language": ("language", "lang", "langue", "language_code"),
}
_FIELD_BY_NAME = {name: field for field, names in _NAMES.items() for name in names}
_RANK_BY_NAME = {name: rank for names in _NAMES.values() for rank, name in enumerate(names)}

_LABEL = re.compile(r"([^\W\d_][\w ’'-]{1,24}?)\s?:\s+(\S.*)")

# Larger numbers of seconds lie past the year 2200, so they are milliseconds.
_LARGEST_STAMP_SECONDS = 7_258_118_400


@dataclass(frozen=True, slots=True)
class Metadata:
    """What named values say about an article; empty where they say nothing."""

    title: str = ""
    url: str | None = None
    source: str | None = None
    authors: tuple[str, ...] = ()
    published: date | None = None
    language: str | None = None


def metadata_from(values: Mapping[str, object]) -> Metadata:
    """What `values` say; names in any case, values as text, numbers, lists, or objects with a name."""
    value_by_field: dict[str, object] = {}
    for name in sorted(
        (name for name in values if name.lower() in _FIELD_BY_NAME), key=lambda name: _RANK_BY_NAME[name.lower()]
    ):
        if _texts(values[name]):
            value_by_field.setdefault(_FIELD_BY_NAME[name.lower()], values[name])
    title, source, language = (_first_text(value_by_field.get(field)) for field in ("title", "source", "language"))
    url = _first_text(value_by_field.get("url"))
    if source and source.startswith(("http://", "https://")):
        url, source = url or source, None
    return Metadata(
        title=title or "",
        url=url,
        source=source,
        authors=tuple(author for text in _texts(value_by_field.get("authors")) for author in split_authors(text)),
        published=_day(value_by_field.get("published"), language),
        language=language,
    )


def read_labels(lines: Sequence[str]) -> tuple[Metadata, list[str]]:
    """The labelled lines that open a text («Titre : …», «Date : …») and the lines after them.

    One labelled line could be a title with a colon, so at least two must stand together.
    """
    values: dict[str, object] = {}
    start = next((index for index, line in enumerate(lines) if line), 0)
    end = start
    for line in lines[start:]:
        label = _LABEL.fullmatch(line)
        if not label or label.group(1).lower() not in _FIELD_BY_NAME:
            break
        values[label.group(1)] = label.group(2)
        end += 1
    if len(values) < 2:
        return Metadata(), list(lines)
    return metadata_from(values), list(lines[end:])


def _first_text(value: object) -> str | None:
    return next(iter(_texts(value)), None)


def _texts(value: object) -> list[str]:
    """The strings in a value, tidy: its own, a list's, or the names of objects in it."""
    if isinstance(value, str):
        return [text] if (text := tidy_line(value)) else []
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return [str(value)]
    if isinstance(value, Mapping):
        return _texts(value.get("name"))
    if isinstance(value, Iterable):
        # One level: lists of lists are nobody's authors, and a deep one must not exhaust the stack.
        return [text for item in value if isinstance(item, (str, Mapping)) for text in _texts(item)]
    return []


def _day(value: object, language: str | None) -> date | None:
    if isinstance(value, (int, float)) and not isinstance(value, bool) and not _is_compact_date(value):
        seconds = value / 1000 if abs(value) > _LARGEST_STAMP_SECONDS else value
        try:
            return datetime.fromtimestamp(seconds, UTC).date()
        except (OverflowError, OSError, ValueError):
            return None
    text = _first_text(value)
    return parse_date(text, (language or "")[:2].lower() or None) if text else None


def _is_compact_date(value: int | float) -> bool:
    """20160713 is a day, not a second of August 1970."""
    return isinstance(value, int) and 18_000_101 <= value <= 21_001_231

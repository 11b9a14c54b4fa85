"""An input → the articles in it, and a record with the reason for whatever in it could not be read.

Here the path starts: a file or an address becomes bytes, the bytes' kind chooses the reader, the reader's
draft becomes an article. Whatever goes wrong with an input stays with that input.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path, PurePosixPath
from typing import BinaryIO
from urllib.parse import urlsplit

from rag.errors import ReadingError
from rag.reading.drafts import Draft, Entry, finish_article
from rag.reading.encoding import declared_charset, decode_text
from rag.reading.inputs import Input, storable_path
from rag.reading.jsonl import read_jsonl
from rag.reading.kinds import HEAD_BYTES, SUFFIXES, Kind, kind_of
from rag.reading.markdown import read_markdown
from rag.reading.saved_text import read_saved_text
from rag.reasons import reason
from rag.records import Article, Record

__all__ = ["read_input"]

# Scanned reports reach 50 MB; all of it is held in memory, and no text file is as large.
_LARGEST_FILE_BYTES = 50_000_000


@dataclass(frozen=True, slots=True)
class _Opened:
    """An input's bytes, and what is known of them from outside.

    `key` is what an article's id is made of where it brings neither an id nor a URL.
    """

    stream: BinaryIO
    name: str
    suffix: str
    key: str
    path: str | None = None
    url: str | None = None
    charset: str | None = None


def read_input(item: Input, *, allow_private_addresses: bool = False) -> Iterator[Article | Record]:
    """The articles in `item`, in its order, and among them a record for each that could not be read.

    A record's origin is the input's, with «#line 3» or «#entry 2» for one of several. Bad content raises
    nothing.

        for article in read_input(Input("news.txt", Path("news.txt"))): ...
    """
    try:
        if item.url is not None:
            yield from _read(_fetched(item.url, allow_private_addresses), item.origin)
        elif item.path is not None:
            with _open_file(item.path) as stream:
                yield from _read(_file(item.path, stream), item.origin)
    except ReadingError as error:
        yield Record(item.origin, why=error.reason)
    except OSError as error:
        yield Record(item.origin, why=reason("unopened", error=error.strerror or str(error)))


def _fetched(url: str, allow_private_addresses: bool) -> _Opened:
    # Imported here: files need no HTTP library.
    from rag.reading.addresses import any_address, is_public_address
    from rag.reading.fetch import fetch

    fetched = fetch(url, may_connect=any_address if allow_private_addresses else is_public_address)
    path = PurePosixPath(urlsplit(fetched.url).path)
    suffix = fetched.suffix or (path.suffix.lower() if path.suffix.lower() in SUFFIXES else "")
    return _Opened(BytesIO(fetched.data), path.stem, suffix, key=url, url=fetched.url, charset=fetched.charset)


def _open_file(path: Path) -> BinaryIO:
    """The file opened for reading; never waits, even where a pipe has taken the file's place since it was found."""
    descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0))
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise ReadingError(reason("no_file"))
    return os.fdopen(descriptor, "rb")


def _file(path: Path, stream: BinaryIO) -> _Opened:
    absolute = path.resolve()
    return _Opened(stream, path.stem, path.suffix.lower(), key=str(absolute), path=storable_path(absolute))


def _read(opened: _Opened, origin: str) -> Iterator[Article | Record]:
    head = opened.stream.read(HEAD_BYTES)
    kind = kind_of(head, opened.suffix)
    opened.stream.seek(0)
    keys_given: dict[str, int] = {}
    for entry in _entries(kind, opened):
        entry_origin = f"{origin}#{entry.label}" if entry.label else origin
        try:
            if entry.draft is None:
                yield Record(entry_origin, why=entry.why_not)
            else:
                yield finish_article(entry.draft, _key(opened.key, entry, keys_given), opened.path)
        except ReadingError as error:
            yield Record(entry_origin, why=error.reason)


def _key(key: str, entry: Entry, keys_given: dict[str, int]) -> str:
    """A key for one of several articles: its title, so that it stays when lines move; numbered where titles repeat."""
    if not entry.label or entry.draft is None:
        return key
    titled = f"{key}#{entry.draft.title}"
    keys_given[titled] = keys_given.get(titled, 0) + 1
    return f"{titled}#{keys_given[titled]}"


def _entries(kind: Kind, opened: _Opened) -> Iterator[Entry]:
    if kind == "jsonl":
        yield from read_jsonl(opened.stream)
        return
    data = opened.stream.read(_LARGEST_FILE_BYTES + 1)
    if len(data) > _LARGEST_FILE_BYTES:
        raise ReadingError(reason("large_file", megabytes=_LARGEST_FILE_BYTES // 1_000_000))
    if kind == "feed":
        from rag.reading.feed import read_feed

        yield from read_feed(data, opened.url)
    else:
        yield Entry("", _draft(kind, data, opened))


def _draft(kind: Kind, data: bytes, opened: _Opened) -> Draft:
    """The one article in `data`. The readers with heavy libraries are imported as they are needed."""
    if kind == "pdf":
        from rag.reading.pdf import read_pdf

        return read_pdf(data, opened.name)
    if kind == "word":
        from rag.reading.word import read_word

        return read_word(data, opened.name)
    text = decode_text(data, opened.charset or declared_charset(data))
    if kind == "page":
        from rag.reading.page import read_page

        return read_page(text, opened.url, opened.name)
    return read_markdown(text, opened.name) if kind == "markdown" else read_saved_text(text, opened.name)

"""A file with one JSON object a line → its articles.

Such files are exports, so their text is trusted to be clean and kept whole: a line break in it divides
paragraphs. The file is read line by line, since it may be larger than memory; a bad line fails alone.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import BinaryIO

from rag.errors import ReadingError
from rag.reading.drafts import Draft, Entry
from rag.reading.encoding import decode_text
from rag.reading.markup import fragment_paragraphs
from rag.reading.metadata import metadata_from
from rag.reading.tidy import tidy_lines
from rag.reasons import reason

__all__ = ["is_article_line", "read_jsonl"]

_ID_NAMES = ("id", "_id", "uuid", "guid")
_TEXT_NAMES = ("text", "body", "content", "article", "texte", "contenu")

# Far more than the longest article; a line without end must not fill the memory.
_LARGEST_LINE_BYTES = 20_000_000


def read_jsonl(stream: BinaryIO) -> Iterator[Entry]:
    """One entry for each line that is not empty, in order, labelled «line 3»; bad lines hold a reason."""
    line_by_id: dict[str, int] = {}
    number = 0
    while line := stream.readline(_LARGEST_LINE_BYTES + 1):
        number += 1
        label = f"line {number}"
        try:
            if len(line) > _LARGEST_LINE_BYTES:
                _skip_line(stream, line)
                raise ReadingError(reason("long_line", megabytes=_LARGEST_LINE_BYTES // 1_000_000))
            if not line.strip():
                continue
            draft = _draft(_object(line))
            if draft.own_id:
                first = line_by_id.setdefault(draft.own_id, number)
                if first != number:
                    raise ReadingError(reason("line_id_taken", id=repr(draft.own_id[:80]), line=first))
            yield Entry(label, draft)
        except ReadingError as error:
            yield Entry(label, why_not=error.reason)
    if number == 0:
        raise ReadingError(reason("empty"))


def is_article_line(line: str) -> bool:
    """Whether `line` is a JSON object with an article's text: then it opens a JSONL file, whatever its name."""
    if not line.startswith("{"):
        return False
    try:
        return bool(_text_of(json.loads(line)))
    except (ValueError, RecursionError, ReadingError):
        return False


def _skip_line(stream: BinaryIO, piece: bytes) -> None:
    while piece and not piece.endswith(b"\n"):
        piece = stream.readline(_LARGEST_LINE_BYTES)


def _object(line: bytes) -> Mapping[str, object]:
    try:
        found = json.loads(decode_text(line).lstrip("\ufeff"))
    except RecursionError as error:
        raise ReadingError(reason("deep_json")) from error
    except ValueError as error:
        raise ReadingError(reason("no_json", error=str(error))) from error
    if not isinstance(found, dict):
        raise ReadingError(reason("no_object", found=type(found).__name__))
    return found


def _draft(record: Mapping[str, object]) -> Draft:
    nested = record.get("metadata")
    # What the record says itself goes before its metadata object, unless it says nothing.
    said = {name: value for name, value in record.items() if value not in (None, "", [])}
    known = metadata_from({**(nested if isinstance(nested, dict) else {}), **said})
    return Draft(
        title=known.title,
        paragraphs=tuple(tidy_lines("\n".join(fragment_paragraphs(_text_of(record))))),
        url=known.url,
        source=known.source,
        authors=known.authors,
        published=known.published,
        language=known.language,
        own_id=_id_of(record),
    )


def _text_of(record: Mapping[str, object]) -> str:
    for name in _TEXT_NAMES:
        value = record.get(name)
        if isinstance(value, str) and value.strip():
            return value
        if isinstance(value, list) and value and all(isinstance(part, str) for part in value):
            return "\n".join(value)
    raise ReadingError(reason("no_text_field", names=", ".join(_TEXT_NAMES)))


def _id_of(record: Mapping[str, object]) -> str | None:
    for name in _ID_NAMES:
        value = record.get(name)
        if isinstance(value, (str, int)) and not isinstance(value, bool) and str(value).strip():
            return str(value)
    return None

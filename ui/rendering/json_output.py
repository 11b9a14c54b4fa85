"""Records → what JSON can hold, under the records' own names."""

from __future__ import annotations

import json
from dataclasses import fields, is_dataclass
from datetime import date
from typing import Any

from rag.records import Article, Citation, Passage, Record

__all__ = ["PROPERTIES", "as_json", "as_json_bytes", "print_json"]

# What a record says of itself besides its fields.
PROPERTIES: dict[type, tuple[str, ...]] = {Passage: ("text",), Citation: ("quote",), Record: ("reason",)}


def as_json(value: object, *, with_article_text: bool = False) -> Any:
    """`value` in dictionaries, lists, strings and numbers; dates in ISO 8601.

    An article inside another record comes without its text, which would drown the rest.
    """
    if isinstance(value, dict):
        return {
            "none" if key is None else str(key): as_json(item, with_article_text=with_article_text)
            for key, item in value.items()
        }
    if isinstance(value, list | tuple):
        return [as_json(item, with_article_text=with_article_text) for item in value]
    if isinstance(value, date):
        return value.isoformat()
    if is_dataclass(value) and not isinstance(value, type):
        names = [field.name for field in fields(value)]
        if isinstance(value, Article) and not with_article_text:
            names.remove("text")
        names += PROPERTIES.get(type(value), ())
        return {name: as_json(getattr(value, name), with_article_text=with_article_text) for name in names}
    return value


def as_json_bytes(value: object, *, with_article_text: bool = False) -> bytes:
    """`as_json(value)` on one line in UTF-8; what can't be encoded is escaped."""
    text = json.dumps(as_json(value, with_article_text=with_article_text), ensure_ascii=False)
    return text.encode("utf-8", "backslashreplace")


def print_json(value: object, *, with_article_text: bool = False) -> None:
    """Prints `as_json(value)`; what can't be encoded is escaped."""
    text = json.dumps(as_json(value, with_article_text=with_article_text), ensure_ascii=False, indent=2)
    print(text.encode("utf-8", "backslashreplace").decode("utf-8"))

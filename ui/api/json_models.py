"""Records → pydantic models of the JSON they become, for the description of the service.

They are made from the records themselves, as `as_json` makes the JSON, so that neither can say what the other
doesn't: a field that a record gains is described the same day.
"""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from functools import cache
from types import UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

from pydantic import BaseModel, ConfigDict, create_model

from rag.records import Article
from ui.rendering.json_output import PROPERTIES

__all__ = ["record_model"]


@cache
def record_model(record: type, *, with_article_text: bool = False) -> type[BaseModel]:
    """The model of what `as_json` makes of one of the records, under the record's name.

    Example:
        >>> from rag.records import Citation
        >>> list(record_model(Citation).model_fields)
        ['number', 'article', 'start', 'end', 'quote']
    """
    hints = get_type_hints(record)
    names = [field.name for field in fields(record)]
    if record is Article and not with_article_text:
        names.remove("text")
    described: dict[str, Any] = {name: (_described(hints[name]), ...) for name in names}
    described |= dict.fromkeys(PROPERTIES.get(record, ()), (str, ...))
    name = f"{record.__name__}WithText" if record is Article and with_article_text else record.__name__
    doc = (record.__doc__ or "").split("\n\n")[0].replace("\n", " ")
    return create_model(name, __config__=ConfigDict(extra="forbid"), __doc__=doc, **described)


def _described(hint: Any) -> Any:
    """The type of what `as_json` makes of a value of this type."""
    if get_origin(hint) in (Union, UnionType):
        return Union[tuple(_described(part) for part in get_args(hint))]  # noqa: UP007 (made at run time)
    if get_origin(hint) in (tuple, list):
        return list[_described(get_args(hint)[0])]  # type: ignore[misc]
    return record_model(hint) if isinstance(hint, type) and is_dataclass(hint) else hint

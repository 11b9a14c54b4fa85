"""A turn becomes JSON to be kept, and the same turn again.

What is cited is kept with the article's whole text, so that a quote is still cut from it when the archive has moved
on; of the other articles found, only what they are called and when they are from.
"""

from __future__ import annotations

import json
import types
from dataclasses import fields, is_dataclass, replace
from datetime import date
from functools import cache
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from rag.records import Answer, Article, Passage
from ui.conversations.turns import Turn
from ui.rendering.json_output import as_json

__all__ = ["turn_from_json", "turn_to_json"]


def turn_to_json(turn: Turn) -> str:
    """The turn, without the texts that no citation rests on."""
    kept = replace(turn, answer=_lightened(turn.answer)) if turn.answer else turn
    return json.dumps(as_json(kept, with_article_text=True), ensure_ascii=True)


def turn_from_json(written: str) -> Turn:
    """The turn that was kept. Raises `ValueError`, `TypeError` or `KeyError` where it is none."""
    turn = _revived(Turn, json.loads(written))
    assert isinstance(turn, Turn)
    return turn


def _lightened(answer: Answer) -> Answer:
    return replace(
        answer,
        passages=tuple(map(_passage_without_text, answer.passages)),
        nearest=tuple(map(_without_text, answer.nearest)),
        sentences=tuple(
            replace(sentence, support=replace(sentence.support, passage=None)) for sentence in answer.sentences
        ),
    )


def _passage_without_text(passage: Passage) -> Passage:
    copies = tuple(map(_without_text, passage.copies))
    return replace(passage, article=_without_text(passage.article), start=0, end=0, copies=copies)


def _without_text(article: Article) -> Article:
    return replace(article, text="")


def _revived(kind: Any, value: Any) -> Any:
    """`value` as the type that a record's field has; what JSON holds besides the fields is passed over."""
    if get_origin(kind) in (Union, types.UnionType):
        if value is None:
            return None
        kinds = [other for other in get_args(kind) if other is not type(None)]
        # Of several, a record is told from a word by being a dictionary.
        return _revived(next(other for other in kinds if is_dataclass(other) == isinstance(value, dict)), value)
    if get_origin(kind) is tuple:
        return tuple(_revived(get_args(kind)[0], item) for item in value)
    if get_origin(kind) is Literal:
        return value
    if isinstance(kind, type) and is_dataclass(kind):
        hints = _hints(kind)
        return kind(**{name: _revived(hints[name], value[name]) for name in hints if name in value})
    return date.fromisoformat(value) if kind is date else value


@cache
def _hints(kind: Any) -> dict[str, Any]:
    hints = get_type_hints(kind)
    return {field.name: hints[field.name] for field in fields(kind)}

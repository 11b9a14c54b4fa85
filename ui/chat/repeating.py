"""What the page sends to have a turn asked again becomes the turn that is asked in its place."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal, get_args

from rag.records import AskSettings, Filters
from ui.chat.filtering import read_day
from ui.conversations.turns import Turn

__all__ = ["LeftOut", "Repeat", "read_repeat", "repeated"]

LeftOut = Literal["", "completes", "reads_dates", "language", "source", "dates"]


@dataclass(frozen=True, slots=True)
class Repeat:
    """The turn at `position` is asked again, in other words where there are any, without what is to be left out.

    With `since` and `until`, from articles of these days alone.
    """

    position: int
    question: str = ""
    leave_out: LeftOut = ""
    since: date | None = None
    until: date | None = None


def read_repeat(written: str) -> Repeat | None:
    """What the page has sent, or None where it is nothing that the page sends.

    >>> read_repeat('{"position": 0, "leave_out": "reads_dates"}')
    Repeat(position=0, question='', leave_out='reads_dates', since=None, until=None)
    """
    try:
        sent = json.loads(written)
    except (ValueError, RecursionError):
        return None
    if not isinstance(sent, dict):
        return None
    position, question, left_out = sent.get("position"), sent.get("question", ""), sent.get("leave_out", "")
    if type(position) is not int or not isinstance(question, str) or left_out not in get_args(LeftOut):
        return None
    return Repeat(position, question, left_out, read_day(sent.get("since")), read_day(sent.get("until")))


def repeated(turn: Turn, repeat: Repeat) -> Turn:
    """The turn to be asked in the place of `turn`: its filters and what was left out before stay as they were.

    Other words are another question: it is completed, and its dates are read, again.
    """
    if repeat.question.strip() and repeat.question != turn.question:
        return Turn(repeat.question, filters=turn.filters)
    settings = AskSettings(
        strict=turn.settings.strict,
        completes=turn.settings.completes and repeat.leave_out != "completes",
        reads_dates=turn.settings.reads_dates and repeat.leave_out != "reads_dates",
    )
    return Turn(turn.question, filters=_filters(turn.filters, repeat), settings=settings)


def _filters(filters: Filters, repeat: Repeat) -> Filters:
    if repeat.leave_out == "language":
        return replace(filters, language=None)
    if repeat.leave_out == "source":
        return replace(filters, source=None)
    if repeat.leave_out == "dates":
        return replace(filters, since=None, until=None)
    if repeat.since or repeat.until:
        return replace(filters, since=repeat.since, until=repeat.until)
    return filters

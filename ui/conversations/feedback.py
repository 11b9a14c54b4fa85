"""What a reader says of an answer or of one of its citations, as it is kept with the turn."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

__all__ = ["LONGEST_NOTE_CHARACTERS", "Feedback", "with_feedback"]

LONGEST_NOTE_CHARACTERS = 1000


@dataclass(frozen=True, slots=True)
class Feedback:
    """An answer that is good ("up") or bad ("down"), or a citation, by its number, that is wrong.

    `citation` is 0 where the answer is meant; "" takes back what was said before. `reader` is who says it
    ("account:ada"), empty where nobody is asked who they are.
    """

    verdict: Literal["up", "down", "wrong", ""]
    citation: int = 0
    note: str = ""
    reader: str = ""


def with_feedback(said: Sequence[Feedback], more: Feedback) -> tuple[Feedback, ...]:
    """What was said before, and `more` in the place of what was said of the same.

    >>> said = with_feedback([Feedback("up"), Feedback("wrong", 2)], Feedback("down"))
    >>> [(one.verdict, one.citation) for one in said]
    [('wrong', 2), ('down', 0)]
    """
    others = [other for other in said if other.citation != more.citation]
    return (*others, more) if more.verdict else tuple(others)

"""A question becomes a turn of the conversation, and the turn grows while the answer is written.

Nothing here knows of a browser: the page shows whatever turn it is handed. A turn that ended badly keeps
the question and says why, so that nothing typed is lost. The answer is written in one thread and stopped from
another, so a conversation alone decides what its turns are: one that was stopped grows no further.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Literal

from rag.errors import GazetteError
from rag.records import Answer, AnswerEvent, AskSettings, Filters, PassagesFound, TextPiece
from ui.conversations.feedback import Feedback

if TYPE_CHECKING:
    from rag import Assistant

__all__ = ["Conversation", "Turn", "TurnState", "converse", "grown", "history_of"]

TurnState = Literal["loading", "searching", "reading", "writing", "done", "stopped", "failed"]

# A model may send a hundred pieces a second; more than some 16 pictures a second nobody sees.
_PAINT_SECONDS = 0.06


@dataclass(frozen=True, slots=True)
class Turn:
    """One question and what has come of it so far.

    `text` is the part of the answer written so far and stays when the answer is stopped. `answer` is set
    when `state` is "done", `error` when it is "failed". `filters` and `settings` are what it is asked with.
    `feedback` is what readers have said of the answer and its citations.
    """

    question: str
    state: TurnState = "searching"
    text: str = ""
    passage_count: int = 0
    answer: Answer | None = None
    error: str = ""
    filters: Filters = field(default_factory=Filters)
    settings: AskSettings = field(default_factory=AskSettings)
    feedback: tuple[Feedback, ...] = ()

    @property
    def has_ended(self) -> bool:
        return self.state in ("done", "stopped", "failed")


class Conversation:
    """The turns of one open page, oldest first; its id where it is kept, and whose it is. Safe for several threads.

    >>> conversation = Conversation()
    >>> turn = conversation.begin(Turn("Who met?"))
    >>> conversation.cut_short("stopped")[0].state
    'stopped'
    >>> conversation.replace(turn, Turn("Who met?", "writing", "The ministers"))
    False
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._turns: tuple[Turn, ...] = ()
        self.identity = ""
        self.owner = ""

    def __deepcopy__(self, _memo: object) -> Conversation:
        """An empty one: every page that is opened begins with a copy of the page's initial state."""
        return Conversation()

    @property
    def turns(self) -> tuple[Turn, ...]:
        return self._turns

    def begin(self, turn: Turn, position: int | None = None) -> Turn:
        """Puts the turn at the end, or in the place of the one at `position`, and gives it back."""
        with self._lock:
            place = len(self._turns) if position is None else position
            self._turns = (*self._turns[:place], turn, *self._turns[place + 1 :])
        return turn

    def replace(self, turn: Turn, grown: Turn) -> bool:
        """Puts `grown` in the place of `turn`, where that very turn still stands; whether it did."""
        with self._lock:
            for place, other in enumerate(self._turns):
                if other is turn:
                    self._turns = (*self._turns[:place], grown, *self._turns[place + 1 :])
                    return True
        return False

    def cut_short(self, state: Literal["stopped", "failed"], error: str = "") -> dict[int, Turn]:
        """Ends the turn being written where it stands; those that have come to their end stay as they are.

        What it has ended, by position.
        """
        with self._lock:
            cut = {
                position: replace(turn, state=state, error=error)
                for position, turn in enumerate(self._turns)
                if not turn.has_ended
            }
            self._turns = tuple(cut.get(position, turn) for position, turn in enumerate(self._turns))
        return cut

    def load(self, turns: Sequence[Turn]) -> None:
        """Takes these turns in the place of its own."""
        with self._lock:
            self._turns = tuple(turns)

    def clear(self) -> None:
        """Begins another: without turns, and without an id."""
        with self._lock:
            self._turns = ()
            self.identity = ""


def converse(open_assistant: Callable[[], Assistant], turn: Turn, earlier: Sequence[Turn]) -> Iterator[Turn]:
    """The turn as it grows from its question; the last one is "done", or "failed" with the reason.

    `open_assistant` is called once and may take its time, or fail.
    """
    painted = 0.0
    try:
        events = open_assistant().stream(
            turn.question, history=history_of(earlier), filters=turn.filters, settings=turn.settings
        )
        for event in events:
            turn = grown(turn, event)
            if turn.state != "writing":
                yield turn
            elif time.monotonic() - painted >= _PAINT_SECONDS:
                painted = time.monotonic()
                yield turn
    except GazetteError as error:
        yield replace(turn, state="failed", error=str(error))


def grown(turn: Turn, event: AnswerEvent) -> Turn:
    """The turn once this has happened to its answer."""
    if isinstance(event, PassagesFound):
        return replace(turn, state="reading", passage_count=len(event.passages))
    if isinstance(event, TextPiece):
        return replace(turn, state="writing", text=turn.text + event.text)
    return replace(turn, state="done", text=event.answer.text, answer=event.answer)


def history_of(turns: Sequence[Turn]) -> list[dict[str, str]]:
    """The answered turns as messages, oldest first; what failed or was stopped says nothing to a model."""
    messages = []
    for turn in turns:
        if turn.answer is not None:
            messages.append({"role": "user", "content": turn.question})
            messages.append({"role": "assistant", "content": turn.answer.text})
    return messages

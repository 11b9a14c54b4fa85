"""A question asked over HTTP in a conversation: answered after what was said there, and kept as the chat keeps its own.

A question that can't be asked leaves no trace; one whose answer breaks off, or whose asker goes away, is kept as it
stands.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import chain

from rag.errors import GazetteError
from rag.records import AnswerEvent
from ui.asking.answer_stream import Asked
from ui.asking.desk import AnsweringDesk
from ui.asking.limits import HISTORY_MESSAGES
from ui.conversations.kept import OwnConversations
from ui.conversations.turns import Turn, grown, history_of

__all__ = ["AskedInConversation"]


@dataclass(frozen=True, slots=True)
class AskedInConversation(Asked):
    """One question in the conversation with this id, which begins with it where there is none yet."""

    conversation: str = field(kw_only=True)
    kept: OwnConversations = field(kw_only=True)

    def events(self, desk: AnsweringDesk) -> Iterator[AnswerEvent]:
        """The answer as it comes; its end is on the disk before it is told. Raises as `Assistant.stream`."""
        history = history_of(self.kept.turns(self.conversation))[-HISTORY_MESSAGES:]
        events = Asked(self.question, history, self.filters, self.settings).events(desk)
        first = next(events)
        turn = Turn(self.question, filters=self.filters, settings=self.settings)
        position = self.kept.append(self.conversation, turn)
        try:
            for event in chain((first,), events):
                turn = grown(turn, event)
                if turn.has_ended:
                    self.kept.put(self.conversation, position, turn)
                yield event
        except GazetteError as error:
            turn = replace(turn, state="failed", error=str(error))
            raise
        finally:
            if turn.state != "done":
                self.kept.put(self.conversation, position, turn)

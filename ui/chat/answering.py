"""A question asked in a page is answered in its conversation, and kept on the server from the first moment.

The store, not the page, says what a conversation holds: it is read again before each question and after each answer,
so that what another tab has asked meanwhile is there. A page without an id is answered and not kept. An answer that
takes long is kept as far as it goes, so that a server that ends, however it ends, takes away a moment of it at most.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Literal

from rag.records import AnswerEvent, Filters
from ui.conversations.kept import OwnConversations, is_conversation_id
from ui.conversations.store import ConversationStore
from ui.conversations.turns import Conversation, Turn, converse

if TYPE_CHECKING:
    from rag import Assistant

__all__ = ["Answering"]

# What a killed server loses at most of an answer under way; keeping it costs a millisecond.
KEEP_SECONDS = 1.0


class Answering:
    """Answers questions from one archive. Safe to use from several threads.

    `is_ready` says whether `open_assistant` returns at once; until then a turn says what it waits for.
    """

    def __init__(
        self,
        open_assistant: Callable[[], Assistant],
        is_ready: Callable[[], bool],
        store: ConversationStore,
        *,
        keep_seconds: float = KEEP_SECONDS,
    ) -> None:
        self._open_assistant = open_assistant
        self._is_ready = is_ready
        self._store = store
        self._keep_seconds = keep_seconds

    def open(self, conversation: Conversation, identity: object, owner: str) -> None:
        """Makes it the owner's kept conversation with this id; one not kept yet, deleted or another's is empty.

        One that an answer is being written in stays as it is.
        """
        if conversation.owner != owner:
            conversation.clear()
            conversation.owner = owner
        if any(not turn.has_ended for turn in conversation.turns):
            return
        if is_conversation_id(identity):
            conversation.identity = str(identity)
            conversation.load(self._kept(conversation).turns(conversation.identity))
        elif conversation.identity:
            conversation.clear()

    def answer(self, conversation: Conversation, turn: Turn, position: int | None = None) -> Iterator[int]:
        """Yields the turn's position each time it has grown, at the end or in the place of the one at `position`.

        Ends when the turn has ended, without a word when it was stopped by somebody else.
        """
        identity, own = conversation.identity, self._kept(conversation)
        turn = replace(turn, state="searching" if self._is_ready() else "loading")
        if position is None:
            position = len(conversation.turns)
            if identity:
                position = own.append(identity, turn)
                conversation.load(own.turns(identity))
        conversation.begin(turn, position)
        yield position
        kept = time.monotonic()
        for grown in converse(self._open_assistant, turn, conversation.turns[:position]):
            if not conversation.replace(turn, grown):
                return
            turn = grown
            if turn.has_ended and identity:
                own.put(identity, position, turn)
                conversation.load(own.turns(identity) or conversation.turns)
            elif turn.text and identity and time.monotonic() - kept >= self._keep_seconds:
                own.put(identity, position, turn)
                kept = time.monotonic()
            yield position

    def stream(
        self, question: str, history: list[dict[str, str]], filters: Filters | None = None
    ) -> Iterator[AnswerEvent]:
        """The answer to a question that belongs to no page's conversation. Raises as `Assistant.stream`."""
        return self._open_assistant().stream(question, history, filters=filters)

    def cut_short(self, conversation: Conversation, state: Literal["stopped", "failed"], error: str = "") -> None:
        """Ends the turn that is being written, and keeps it as it stands."""
        for position, turn in conversation.cut_short(state, error).items():
            if conversation.identity:
                self._kept(conversation).put(conversation.identity, position, turn)

    def _kept(self, conversation: Conversation) -> OwnConversations:
        return OwnConversations(self._store, conversation.owner)

"""A LangChain chat model's reply, as pieces of text that come in time or not at all.

A model is the one part that is not ours and may be far away: it can be missing, refuse the key, stall, die in
the middle or say nothing. Each of these becomes a `ModelError`, so that the assistant can answer without it.
The reply is read in a thread of its own, because no provider's time limits can be relied on.
"""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rag.errors import ModelError

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel
    from langchain_core.messages import BaseMessage

__all__ = ["ReplyLimits", "messages_for", "open_chat_model", "stream_reply"]


@dataclass(frozen=True, slots=True)
class ReplyLimits:
    """How long to wait for a model. The first piece takes longest: a local model may have to be loaded."""

    first_piece_seconds: float = 120.0
    next_piece_seconds: float = 30.0
    whole_reply_seconds: float = 300.0


def open_chat_model(model: str | BaseChatModel) -> BaseChatModel:
    """The chat model for a name that LangChain's `init_chat_model` takes («ollama:qwen3:8b»), or the object given.

    Raises:
        ModelError: the name is not known, its package is not installed, or it can't be made as it is set up.
    """
    from langchain_core.language_models import BaseChatModel

    if isinstance(model, BaseChatModel):
        return model
    from langchain.chat_models import init_chat_model

    provider = model.partition(":")[0]
    try:
        return init_chat_model(model)
    except ImportError as error:
        raise ModelError(
            f"The chat model '{model}' needs a package that is not installed: run "
            f"`pip install 'gazette[{provider}]'` or, for other providers, `pip install langchain-{provider}`."
        ) from error
    except Exception as error:  # each provider raises its own: a key that is missing, a setting that is wrong
        raise ModelError(
            f"The chat model '{model}' can't be made: {_first_line(error)}. Give a name such as 'ollama:qwen3:8b' or "
            "'openai:gpt-4o-mini', with its key in the environment."
        ) from error


def messages_for(system: str, history: Iterable[tuple[str, str]], last: str) -> list[BaseMessage]:
    """The messages of one request: system, what was said before as (role, text), and the user's last."""
    from langchain_core.messages import AIMessage, HumanMessage, SystemMessage

    said = [HumanMessage(text) if role == "user" else AIMessage(text) for role, text in history]
    return [SystemMessage(system), *said, HumanMessage(last)]


def stream_reply(
    model: BaseChatModel, messages: Sequence[BaseMessage], limits: ReplyLimits | None = None
) -> Iterator[str]:
    """The reply's text in pieces as they come, without what a model writes between <think> and </think>.

    Closing the generator stops the model at its next piece. Nothing is sent to LangSmith.

    Raises:
        ModelError: the model failed, stalled for longer than the limits, or ended without any text.
    """
    pieces = _Pieces(model, messages)
    has_text = False
    try:
        for piece in _without_thinking(pieces.read(limits or ReplyLimits())):
            has_text = has_text or bool(piece.strip())
            yield piece
    finally:
        pieces.stop()
    if not has_text:
        raise ModelError("it returned no text")


class _Pieces:
    """A model's reply, read in a thread; what comes after `stop` is thrown away."""

    def __init__(self, model: BaseChatModel, messages: Sequence[BaseMessage]) -> None:
        self._queue: queue.Queue[str | Exception | None] = queue.Queue()
        self._is_stopped = threading.Event()
        self._model = model
        self._messages = list(messages)
        # A daemon, since a model that stalls for ever must not keep the program from ending.
        threading.Thread(target=self._fill, name="chat-model", daemon=True).start()

    def read(self, limits: ReplyLimits) -> Iterator[str]:
        deadline = time.monotonic() + limits.whole_reply_seconds
        patience = limits.first_piece_seconds
        while True:
            wait = min(patience, deadline - time.monotonic())
            try:
                piece = self._queue.get(timeout=max(wait, 0.001))
            except queue.Empty:
                raise ModelError(f"it sent nothing for {max(wait, 0):.0f} seconds") from None
            if piece is None:
                return
            if isinstance(piece, Exception):
                raise ModelError(_first_line(piece)) from piece
            yield piece
            patience = limits.next_piece_seconds

    def stop(self) -> None:
        self._is_stopped.set()

    def _fill(self) -> None:
        from langsmith import tracing_context

        try:
            with tracing_context(enabled=False):
                for chunk in self._model.stream(self._messages):
                    if self._is_stopped.is_set():
                        return
                    if chunk.text:
                        self._queue.put(str(chunk.text))
        except Exception as error:  # whatever a provider raises is handed to the reader of the pieces
            self._queue.put(error)
        else:
            self._queue.put(None)


def _without_thinking(pieces: Iterable[str]) -> Iterator[str]:
    """`pieces` without «<think>…</think>», also where a tag is spread over several; an open one hides the rest."""
    kept, is_hidden = "", False
    for piece in pieces:
        kept += piece
        while (at := kept.find(tag := "</think>" if is_hidden else "<think>")) >= 0:
            if not is_hidden and at:
                yield kept[:at]
            kept, is_hidden = kept[at + len(tag) :], not is_hidden
        held = max(size for size in range(min(len(tag), len(kept) + 1)) if tag.startswith(kept[len(kept) - size :]))
        if not is_hidden and len(kept) > held:
            yield kept[: len(kept) - held]
        kept = kept[len(kept) - held :]
    if kept and not is_hidden:
        yield kept


def _first_line(error: Exception) -> str:
    lines = str(error).strip().splitlines()
    return (lines[0] if lines else type(error).__name__)[:200].rstrip(".")

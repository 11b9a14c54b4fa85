"""A LangChain chat model's reply, as pieces of text that come in time or not at all.

A model is the one part that is not ours and may be far away: it can be missing, refuse the key, stall, die in
the middle or say nothing. Each of these becomes a `ModelError`, so that the assistant can answer without it.
The reply is read in a thread of its own, because no provider's time limits can be relied on. What goes wrong on
the line before the first piece is tried again; after it never, since a reader has begun to read.
"""

from __future__ import annotations

import itertools
import os
import queue
import threading
import time
from collections.abc import Generator, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, cast

from rag.errors import ModelError
from rag.model.transient import is_transient

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel
    from langchain_core.messages import BaseMessage, BaseMessageChunk

__all__ = ["ReplyLimits", "messages_for", "open_chat_model", "stream_reply"]

# The extras of pyproject.toml.
PROVIDER_EXTRAS = ("anthropic", "mistralai", "ollama", "openai")


@dataclass(frozen=True, slots=True)
class ReplyLimits:
    """How much a model is given, how long it is waited for, and how much it may write.

    `prompt_tokens` leaves a quarter of 4,096, which is all that Ollama gives a model unless told otherwise, for the
    reply; what is over that, Ollama cuts without a word. The first piece takes longest, as a local model may have to
    be loaded; the wait for it covers all `tries`, before each further one of which `retry_seconds` pass, then twice
    as many. A reply of more than `reply_characters` has lost its way, and is cut.
    """

    prompt_tokens: int = 3_000
    first_piece_seconds: float = 120.0
    next_piece_seconds: float = 30.0
    whole_reply_seconds: float = 300.0
    tries: int = 3
    retry_seconds: float = 1.0
    reply_characters: int = 4_000


def open_chat_model(model: str | BaseChatModel) -> BaseChatModel:
    """The chat model for a name that LangChain's `init_chat_model` takes («ollama:qwen3:8b»), or in a folder.

    A model object is given back as it is.

    Raises:
        ModelError: the name is not known, its package is not installed, or it can't be made as it is set up.
    """
    from langchain_core.language_models import BaseChatModel

    if isinstance(model, BaseChatModel):
        return model
    folder = Path(model).expanduser()
    if folder.is_dir():
        from rag.model.folder_model import open_folder_model

        return open_folder_model(folder)
    provider, has_provider, _ = model.partition(":")
    if not has_provider and (os.sep in model or model.startswith((".", "~"))):
        raise ModelError(
            f"There is no folder '{model}': give one that holds a chat model (none is downloaded), or a name such as "
            "'ollama:qwen3:8b'."
        )
    return _by_name(model, provider)


def _by_name(model: str, provider: str) -> BaseChatModel:
    from langchain.chat_models import init_chat_model

    try:
        return init_chat_model(model)
    except ImportError as error:
        if provider not in PROVIDER_EXTRAS:
            raise ModelError(f"The chat model '{model}' can't be made: {_first_line(error)}.") from error
        raise ModelError(
            f"The chat model '{model}' needs the package langchain-{provider}, which is not installed: run "
            f"`pip install langchain-{provider}`, or install Gazette with its extra, `pip install '.[{provider}]'`."
        ) from error
    except Exception as error:  # each provider raises its own: a key that is missing, a setting that is wrong
        raise ModelError(
            f"The chat model '{model}' can't be made: {_first_line(error)}. Give a folder that holds one, or a name "
            "such as 'ollama:qwen3:8b' or 'openai:gpt-4o-mini', with its key in the environment."
        ) from error


def messages_for(system: str, history: Iterable[tuple[str, str]], last: str) -> list[BaseMessage]:
    """The messages of one request: system, what was said before as (role, text), and the user's last."""
    from langchain_core.messages import AIMessage, HumanMessage, SystemMessage

    said = [HumanMessage(text) if role == "user" else AIMessage(text) for role, text in history]
    return [SystemMessage(system), *said, HumanMessage(last)]


def stream_reply(
    model: BaseChatModel, messages: Sequence[BaseMessage], limits: ReplyLimits | None = None
) -> Generator[str, None, None]:
    """The reply's text in pieces as they come, without what a model writes between <think> and </think>.

    Closing the generator stops the model at its next piece. Nothing is sent to LangSmith.

    Raises:
        ModelError: the model failed, stalled for longer than the limits, or ended without any text.
    """
    limits = limits or ReplyLimits()
    begun = time.monotonic()
    first_by, whole_by = begun + limits.first_piece_seconds, begun + limits.whole_reply_seconds
    for attempt in itertools.count(1):
        pieces = _Pieces(model, messages)
        text = ""  # white space alone is held back, so that nothing was shown when a model is asked again
        has_text = False
        try:
            for piece in _without_thinking(pieces.read(limits, min(first_by, whole_by), whole_by)):
                text += piece
                has_text = has_text or bool(text.strip())
                if has_text:
                    yield text
                    text = ""
            if has_text:
                return
            raise ModelError("it returned no text")
        except ModelError as error:
            wait = limits.retry_seconds * 2 ** (attempt - 1)
            is_worth_it = error.__cause__ is not None and is_transient(error.__cause__) and attempt < limits.tries
            if has_text or not is_worth_it or time.monotonic() + wait > first_by:
                raise
        finally:
            pieces.stop()
        time.sleep(wait)


class _Pieces:
    """A model's reply, read in a thread; what comes after `stop` is thrown away."""

    def __init__(self, model: BaseChatModel, messages: Sequence[BaseMessage]) -> None:
        self._queue: queue.Queue[str | Exception | None] = queue.Queue()
        self._is_stopped = threading.Event()
        self._model = model
        self._messages = list(messages)
        # A daemon, since a model that stalls for ever must not keep the program from ending.
        threading.Thread(target=self._fill, name="chat-model", daemon=True).start()

    def read(self, limits: ReplyLimits, first_by: float, whole_by: float) -> Iterator[str]:
        next_by = first_by
        while True:
            wait = max(next_by - time.monotonic(), 0.001)
            try:
                piece = self._queue.get(timeout=wait)
            except queue.Empty:
                raise ModelError(f"it sent nothing for {_seconds(wait)}") from None
            if piece is None:
                return
            if isinstance(piece, Exception):
                raise ModelError(_first_line(piece)) from piece
            yield piece
            next_by = min(time.monotonic() + limits.next_piece_seconds, whole_by)

    def stop(self) -> None:
        self._is_stopped.set()

    def _fill(self) -> None:
        from langsmith import tracing_context

        try:
            stream = cast("Generator[BaseMessageChunk, None, None]", self._model.stream(self._messages))
            with tracing_context(enabled=False), closing(stream):
                for chunk in stream:
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


def _seconds(length: float) -> str:
    return f"{length:.0f} seconds" if length >= 2 else f"{length:.1f} seconds"

"""What clients of OpenAI's chat completions send, and what they are sent back, as far as Gazette means something by it.

Whatever else they send (temperature, tools, …) is passed over: an answer quoted from articles has no use for it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from rag.errors import QuestionError
from rag.question import read_history
from rag.records import Answer
from ui.asking.answer_stream import Asked
from ui.asking.limits import ANYBODY, HISTORY_MESSAGES, Asker
from ui.conversations.answer_markdown import answer_markdown
from ui.rendering.json_output import as_json

__all__ = ["MODELS", "ChatRequest", "chat_chunk", "chat_completion", "content_of", "sources_of"]

# The second is for programs that show what they get as Markdown to people: the words of articles are escaped in it,
# so that none becomes a picture or a link, and the sources stand below the answer.
PLAIN, MARKDOWN = "gazette", "gazette-markdown"
MODELS = (PLAIN, MARKDOWN)


class ChatMessage(BaseModel):
    """One message; what is no text in it (pictures, calls of tools) is passed over."""

    model_config = ConfigDict(extra="ignore")

    role: str
    content: str | list[Any] | None = None


class ChatRequest(BaseModel):
    """A conversation whose last message asks; the messages of a system or of tools say nothing here."""

    model_config = ConfigDict(extra="ignore")

    model: str = PLAIN
    messages: list[ChatMessage]
    stream: bool = False
    n: int | None = Field(default=1, ge=1, le=1)

    def asked(self, asker: Asker = ANYBODY) -> Asked:
        """The last message as a question after those before it.

        Raises:
            QuestionError: there is no message of the user's at the end.
        """
        turns = read_history([message.model_dump() for message in self.messages[-HISTORY_MESSAGES:]])
        if not turns or turns[-1].role != "user":
            raise QuestionError(
                "The conversation does not end with a question: let the last message have the role 'user' and a text."
            )
        history = [{"role": turn.role, "content": turn.text} for turn in turns[:-1]]
        return Asked(turns[-1].text, history, asker=asker)


def chat_completion(answer: Answer, model: str, identity: str, created: int) -> dict[str, Any]:
    """A whole completion, with the fields of `sources_of` beside OpenAI's own."""
    message = {"role": "assistant", "content": content_of(answer, model), "refusal": None}
    choice = {"index": 0, "message": message, "logprobs": None, "finish_reason": "stop"}
    frame = {"id": identity, "object": "chat.completion", "created": created, "model": model, "choices": [choice]}
    return frame | sources_of(answer)


def chat_chunk(
    delta: dict[str, str], model: str, identity: str, created: int, *, is_last: bool = False
) -> dict[str, Any]:
    """One piece of a completion that is streamed."""
    choice = {"index": 0, "delta": delta, "logprobs": None, "finish_reason": "stop" if is_last else None}
    return {"id": identity, "object": "chat.completion.chunk", "created": created, "model": model, "choices": [choice]}


def content_of(answer: Answer, model: str) -> str:
    """The answer's text with its numbered markers, or the answer and its sources in Markdown, as `model` says."""
    return answer_markdown(answer, answer.language) if model == MARKDOWN else answer.text


def sources_of(answer: Answer) -> dict[str, Any]:
    """What the numbers in the text stand for, and what a reader must know of the answer, as in `gazette ask --json`."""
    told: dict[str, Sequence[Any] | bool] = {
        "citations": answer.citations,
        "refused": answer.refused,
        "notes": answer.notes,
        "disagreements": answer.disagreements,
    }
    found: dict[str, Any] = as_json(told)
    return found

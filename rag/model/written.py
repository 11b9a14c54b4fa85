"""A question, passages and a chat model → a reply → what is left of it when it is checked: the written answer.

The text is streamed as it comes, before it is checked, so that there is something to read; the answer that follows
takes its place.
"""

from __future__ import annotations

from collections.abc import Generator, Sequence
from contextlib import closing
from dataclasses import dataclass
from html import unescape
from typing import TYPE_CHECKING

from embeddings import Encoder
from rag.model.chat_model import ReplyLimits, messages_for, stream_reply
from rag.model.citing import CitedText, cite_claims
from rag.model.reply import declines, is_refusal, read_claims, reply_language, without_rest
from rag.model.request import make_request
from rag.prompts import (
    NOTHING_BORNE_OUT,
    OTHER_LANGUAGE,
    REPLY_CUT,
    SENTENCES_LEFT_OUT,
    UNCITED_SENTENCES,
)
from rag.question import Question, Turn
from rag.records import Passage, TextPiece
from rag.support import SupportCheck, check_support

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

__all__ = ["Reply", "Written", "check_reply", "write_reply"]


@dataclass(frozen=True, slots=True)
class Reply:
    """What a model wrote, the passages that its numbers stand for, and whether it was cut short by us."""

    text: str
    given: tuple[Passage, ...]
    is_cut: bool = False


@dataclass(frozen=True, slots=True)
class Written:
    """What came of it: a text with its citations, a refusal, or neither, where the model was of no use; and why."""

    cited: CitedText | None = None
    is_refused: bool = False
    notes: tuple[str, ...] = ()


def write_reply(
    asked: Question,
    turns: Sequence[Turn],
    passages: Sequence[Passage],
    *,
    model: BaseChatModel,
    limits: ReplyLimits,
    shown: bool = True,
) -> Generator[TextPiece, None, Reply]:
    """Yields the model's reply in pieces as they come, where it is to be `shown`, and returns it whole.

    Raises:
        ModelError: the model failed, stalled or said nothing.
    """
    request = make_request(asked, turns, passages, model=model, prompt_tokens=limits.prompt_tokens)
    messages = messages_for(request.system, request.history, request.last)
    text = ""
    with closing(stream_reply(model, messages, limits)) as pieces:
        for piece in pieces:
            text += piece
            if shown:
                yield TextPiece(piece)
            if len(text) > limits.reply_characters:
                return Reply(without_rest(text, asked.language), request.passages, is_cut=True)
    return Reply(text, request.passages)


def check_reply(
    reply: Reply,
    asked: Question,
    found: Sequence[Passage],
    encoder: Encoder,
    *,
    check: SupportCheck = check_support,
    strict: bool = False,
) -> Written:
    """What a reply comes to when its sentences are checked; `encoder` finds the quotes to cite."""
    if is_refusal(reply.text):
        return Written(is_refused=True)
    said = unescape(reply.text)  # article text is escaped in the request, and some models copy it as it stands there
    language = reply_language(said, asked.language)
    claims = read_claims(said, language)
    cited = cite_claims(claims, reply.given, found, encoder, language=asked.language, check=check, strict=strict)
    is_any_supported = any(sentence.support.verdict == "supported" for sentence in cited.sentences)
    if claims and declines(claims[0].text) and not is_any_supported:
        return Written(is_refused=True)
    if not cited.citations:
        return Written(notes=(NOTHING_BORNE_OUT[asked.language],))
    notes = {
        REPLY_CUT[asked.language]: reply.is_cut,
        OTHER_LANGUAGE[asked.language]: language != asked.language,
        SENTENCES_LEFT_OUT[asked.language]: len(cited.sentences) < len(claims),
        UNCITED_SENTENCES[asked.language]: not all(sentence.citations for sentence in cited.sentences),
    }
    return Written(cited, notes=tuple(note for note, applies in notes.items() if applies))

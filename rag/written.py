"""A question, passages and a chat model → what the model makes of them, checked: the answer that is written.

Its text is streamed as it comes, before it is checked, so that there is something to read; the answer that follows
takes its place. In strict mode nothing unchecked is shown, so the text comes when the check is done.
"""

from __future__ import annotations

from collections.abc import Generator, Sequence
from contextlib import closing
from dataclasses import dataclass
from html import unescape
from typing import TYPE_CHECKING

from embeddings import Encoder
from rag.chat_model import ReplyLimits, messages_for, stream_reply
from rag.citing import CitedText, cite_claims
from rag.errors import ModelError
from rag.prompts import (
    MODEL_FAILED,
    NOTHING_BORNE_OUT,
    OTHER_LANGUAGE,
    REPLY_CUT,
    SENTENCES_LEFT_OUT,
    UNCITED_SENTENCES,
)
from rag.question import Question, Turn
from rag.records import Passage, TextPiece
from rag.reply import declines, is_refusal, read_claims, reply_language, without_rest
from rag.request import make_request

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

__all__ = ["Written", "write_answer"]


@dataclass(frozen=True, slots=True)
class Written:
    """What came of it: a text with its citations, a refusal, or neither, where the model was of no use; and why."""

    cited: CitedText | None = None
    is_refused: bool = False
    notes: tuple[str, ...] = ()


def write_answer(
    asked: Question,
    turns: Sequence[Turn],
    passages: Sequence[Passage],
    *,
    model: BaseChatModel,
    limits: ReplyLimits,
    encoder: Encoder,
    strict: bool = False,
) -> Generator[TextPiece, None, Written]:
    """Yields the model's text in pieces, and returns what came of it. A model that fails is no error here.

    `encoder` finds the quotes to cite.
    """
    reply, is_cut = "", False
    try:
        request = make_request(asked, turns, passages, model=model, prompt_tokens=limits.prompt_tokens)
        messages = messages_for(request.system, request.history, request.last)
        with closing(stream_reply(model, messages, limits)) as pieces:
            for piece in pieces:
                reply += piece
                if not strict:
                    yield TextPiece(piece)
                if is_cut := len(reply) > limits.reply_characters:
                    reply = without_rest(reply, asked.language)
                    break
    except ModelError as error:
        return Written(notes=(MODEL_FAILED[asked.language].format(reason=error),))
    if is_refusal(reply):
        return Written(is_refused=True)
    reply = unescape(reply)  # article text is escaped in the request, and some models copy it as it stands there
    language = reply_language(reply, asked.language)
    claims = read_claims(reply, language)
    cited = cite_claims(claims, request.passages, passages, encoder, strict=strict)
    if not cited.citations:
        is_refused = declines(claims)
        return Written(is_refused=is_refused, notes=() if is_refused else (NOTHING_BORNE_OUT[asked.language],))
    has_uncited = not all(sentence.citations for sentence in cited.sentences)
    notes = {
        REPLY_CUT[asked.language]: is_cut,
        OTHER_LANGUAGE[asked.language]: language != asked.language,
        SENTENCES_LEFT_OUT[asked.language]: len(cited.sentences) < len(claims),
        UNCITED_SENTENCES[asked.language]: has_uncited,
    }
    return Written(cited, notes=tuple(note for note, applies in notes.items() if applies))

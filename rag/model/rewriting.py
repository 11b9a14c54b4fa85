"""A follow-up and its conversation → the question as a chat model would ask it alone, or nothing that can be used.

One call, for questions that the rules already know as follow-ups. A reply that is no question, is longer than a
question, cites, or shares no word with what was said is thrown away, and the rules' own completion stands.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from rag.errors import ModelError
from rag.followups.completing import Turn
from rag.model.chat_model import ReplyLimits, messages_for, stream_reply
from rag.model.reply import is_refusal
from rag.prompts import REWRITE_PROMPT, rewrite_request
from rag.question import Question, clean_text
from rag.words import content_stems

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

__all__ = ["rewrite_question"]

REWRITTEN_CHARACTERS = 300
# Of what was said, so many turns and characters of each are given to the model.
TURN_COUNT = 4
TURN_CHARACTERS = 500


def rewrite_question(
    model: BaseChatModel, question: Question, turns: Sequence[Turn], limits: ReplyLimits | None = None
) -> str | None:
    """The question complete in itself, on one line; None when the model fails or its reply is of no use."""
    said = [(turn.role, turn.text[:TURN_CHARACTERS]) for turn in turns[-TURN_COUNT:]]
    request = rewrite_request(question.text, said)
    once = replace(limits or ReplyLimits(), tries=1)
    try:
        reply = "".join(stream_reply(model, messages_for(REWRITE_PROMPT[question.language], [], request), once))
    except ModelError:
        return None
    rewritten = clean_text(reply).strip("\"“”«» '")
    return rewritten if _is_usable(rewritten, question, said) else None


def _is_usable(rewritten: str, question: Question, said: Sequence[tuple[str, str]]) -> bool:
    is_question = rewritten.endswith("?") and len(rewritten) <= REWRITTEN_CHARACTERS
    if not is_question or is_refusal(rewritten) or re.search(r"\[\d+\]|<|\?.*\?", rewritten):
        return False
    known = {*content_stems(question.text, None)}
    for _, text in said:
        known |= {*content_stems(text, None)}
    return bool(known & {*content_stems(rewritten, None)})

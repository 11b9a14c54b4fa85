"""A question, what was said before, and passages → one request to a chat model, within its budget of tokens.

What is asked comes first, then passages, best first and whole; the conversation gets what is left. Tokens are
counted by the model's own counter where it has one at hand (`custom_get_token_ids`). LangChain's other counters
download a tokenizer or ask the provider, so they are never called: without one, tokens are estimated from above.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from rag.errors import ModelError
from rag.prompts import SYSTEM_PROMPT, article_prompt, as_data, question_prompt
from rag.question import Question, Turn
from rag.records import Passage
from rag.sentences import split_sentences

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

__all__ = ["Request", "estimate_tokens", "make_request"]

# The sample articles have 4.9 bytes a token in English and 3.3 in French by the shipped encoder's tokenizer, whose
# vocabulary is English and smaller than a chat model's. A letter of another alphabet is two bytes or three.
BYTES_PER_TOKEN = 3
# What a message costs beside its text: its role and the marks around it.
MESSAGE_TOKENS = 8
# Older turns than this say nothing that the question still needs.
HISTORY_TURNS = 6


@dataclass(frozen=True, slots=True)
class Request:
    """What a model is sent: the system message, turns as (role, text), the last message; and the passages in it."""

    system: str
    history: tuple[tuple[str, str], ...]
    last: str
    passages: tuple[Passage, ...]


def make_request(
    asked: Question, turns: Sequence[Turn], passages: Sequence[Passage], *, model: BaseChatModel, prompt_tokens: int
) -> Request:
    """The request with as many passages as fit, the last one cut at a sentence, then the latest turns that fit.

    Raises:
        ModelError: there is no room for a sentence of the first passage.
    """
    count = _counter(model)
    budget = min(prompt_tokens, _context_tokens(model, prompt_tokens))
    system = SYSTEM_PROMPT[asked.language]
    left = budget - sum(
        count(text) + MESSAGE_TOKENS for text in (system, question_prompt(asked.text, asked.language, ()))
    )
    given: list[Passage] = []
    for number, passage in enumerate(passages, start=1):
        fitting = _fitting(number, passage, count, left)
        if fitting is not None:
            given.append(fitting)
            left -= count(article_prompt(number, fitting)) + 1
        if fitting is not passage:
            break
    if not given:
        raise ModelError(f"its prompt of {budget} tokens has no room for an article")
    last = question_prompt(asked.text, asked.language, given)
    return Request(system, _latest(turns, count, left), last, tuple(given))


def estimate_tokens(text: str) -> int:
    """How many tokens a text has at most, near enough, whatever the model."""
    return math.ceil(len(text.encode()) / BYTES_PER_TOKEN)


def _counter(model: BaseChatModel) -> Callable[[str], int]:
    token_ids = model.custom_get_token_ids
    return estimate_tokens if token_ids is None else lambda text: len(token_ids(text))


def _context_tokens(model: BaseChatModel, otherwise: int) -> int:
    """The longest prompt that the model takes, where LangChain knows it."""
    return (model.profile or {}).get("max_input_tokens") or otherwise


def _fitting(number: int, passage: Passage, count: Callable[[str], int], left: int) -> Passage | None:
    """The passage, or as many of its first sentences as fit; None where not one does."""
    if count(article_prompt(number, passage)) < left:
        return passage
    for span in reversed(split_sentences(passage.text, passage.article.language)[:-1]):
        cut = replace(passage, end=passage.start + span.end)
        if count(article_prompt(number, cut)) < left:
            return cut
    return None


def _latest(turns: Sequence[Turn], count: Callable[[str], int], left: int) -> tuple[tuple[str, str], ...]:
    """The latest turns that fit, oldest first; some providers take none that opens with the assistant's."""
    kept: list[tuple[str, str]] = []
    for turn in reversed(turns[-HISTORY_TURNS:]):
        said = as_data(turn.text)
        left -= count(said) + MESSAGE_TOKENS
        if left < 0:
            break
        kept.insert(0, (turn.role, said))
    while kept and kept[0][0] != "user":
        kept.pop(0)
    return tuple(kept)

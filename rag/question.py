"""What somebody typed → a `Question`: clean text, its language, what it asks for, what it is about.

A follow-up that can't stand alone («And how old was he?») is completed from the conversation by `rag.followups`:
`query` is what is sent to the indexes and compared with, `text` what was asked, word for word.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from rag.errors import QuestionError
from rag.expected import Kind, expected_kind
from rag.followups.completing import Turn, complete
from rag.followups.pointing import asks_in_words, new_subject
from rag.language import detect_language
from rag.words import words

__all__ = ["QUESTION_CHARACTERS", "Message", "Question", "Turn", "clean_text", "read_history", "read_question"]

# Longer than any question; pasted articles are turned away before they cost an encoding.
QUESTION_CHARACTERS = 4000

# A message of a conversation: `{"role": "user" | "assistant", "content": text}` or a LangChain message.
Message = Any
_ROLES = {"user": "user", "human": "user", "assistant": "assistant", "ai": "assistant"}


@dataclass(frozen=True, slots=True)
class Question:
    """A question ready to be searched for and answered.

    `language` is "en" or "fr". `kind` is the kind of answer expected. `query` is what to search by: the text, or the
    text completed from the conversation; then `completed` is the completed question as it is shown to the reader.
    """

    text: str
    language: str
    kind: Kind
    query: str
    completed: str | None = None


def read_question(text: str, history: Sequence[Turn] = ()) -> Question:
    """The question in `text`, asked after `history` (oldest first).

    Raises:
        QuestionError: nothing is left of it, it is longer than `QUESTION_CHARACTERS`, or it holds no
            letter or figure.

    Example:
        >>> read_question("Who is Russia's defence minister?").kind
        'person'
    """
    cleaned = clean_text(text)
    if not cleaned:
        raise QuestionError("The question is empty: ask something, for instance «Who met in Brussels?».")
    if len(cleaned) > QUESTION_CHARACTERS:
        raise QuestionError(
            f"The question has {len(cleaned):,} characters, more than the {QUESTION_CHARACTERS:,} that are read: "
            "ask something shorter."
        )
    if not any(character.isalnum() for character in cleaned):
        raise QuestionError(f"The question «{cleaned[:40]}» holds no letter or figure: ask in words.")
    language = _language(cleaned, history)
    completion = complete(cleaned, language, history)
    if completion is None:
        query = new_subject(cleaned) or cleaned
        return Question(cleaned, language, expected_kind(query, language), query)
    query = completion.query[-QUESTION_CHARACTERS:].strip()
    return Question(cleaned, language, completion.kind, query, completion.shown)


def _language(text: str, history: Sequence[Turn]) -> str:
    """The language of a question; of one word or none, that tells too little, the language of the question before."""
    asked = [turn.text for turn in history if turn.role == "user"]
    is_short = sum(word.surface.isalpha() for word in words(text)) < 2 and not asks_in_words(text)
    return (detect_language(asked[-1]) if asked and is_short else detect_language(text)) or "en"


def read_history(history: Sequence[Message] | None) -> list[Turn]:
    """The turns of a conversation given as `{"role", "content"}` or LangChain messages; others' turns are left out.

    Raises:
        QuestionError: an item is neither.
    """
    turns = []
    for message in history or ():
        if isinstance(message, Mapping):
            role, content = str(message.get("role", "")), message.get("content", "")
        elif hasattr(message, "type") and hasattr(message, "content"):
            role, content = str(message.type), message.content
        else:
            raise QuestionError(
                f"The history holds {type(message).__name__!r}: give "
                "{'role': 'user' or 'assistant', 'content': text} or LangChain messages, oldest first."
            )
        if role in _ROLES:
            turns.append(Turn(_ROLES[role], clean_text(_content_text(content))))
    return [turn for turn in turns if turn.text]


def _content_text(content: object) -> str:
    """A message's text: a string, or the text blocks of a list."""
    if isinstance(content, str):
        return content
    blocks = content if isinstance(content, list) else []
    texts = (block.get("text", "") if isinstance(block, Mapping) else block for block in blocks)
    return " ".join(text for text in texts if isinstance(text, str))


def clean_text(text: str) -> str:
    """`text` on one line, without control, formatting and bidirectional characters and broken surrogates."""
    composed = unicodedata.normalize("NFC", text.encode("utf-8", "ignore").decode("utf-8"))
    spaced = (" " if character.isspace() else character for character in composed)
    kept = (character for character in spaced if unicodedata.category(character) not in ("Cc", "Cf", "Co", "Cn"))
    return " ".join("".join(kept).split())

"""A conversation saved as JSON becomes the history that a follow-up is asked after."""

from __future__ import annotations

import json
from pathlib import Path

from rag.errors import QuestionError

__all__ = ["read_history_file"]

_FORM = 'give a JSON list of {"role": "user" or "assistant", "content": "…"}, oldest first'


def read_history_file(path: str) -> list[dict[str, str]]:
    """The messages in the file, oldest first.

    Raises:
        QuestionError: there is no such file, it is not JSON, or not a list of messages.
    """
    try:
        messages = json.loads(Path(path).read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise QuestionError(f"The history «{path}» can't be read ({error.strerror}): {_FORM}.") from error
    except (ValueError, RecursionError) as error:
        raise QuestionError(f"The history «{path}» is not JSON: {_FORM}.") from error
    if not isinstance(messages, list):
        raise QuestionError(f"The history «{path}» is not a list: {_FORM}.")
    for number, message in enumerate(messages, start=1):
        if not _is_message(message):
            raise QuestionError(f"Item {number} of the history «{path}» is not a message: {_FORM}.")
    return messages


def _is_message(message: object) -> bool:
    return (
        isinstance(message, dict)
        and message.get("role") in ("user", "assistant")
        and isinstance(message.get("content"), str)
    )

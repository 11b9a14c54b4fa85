"""The one event of the chat pages that Gradio's clients may call by name: `/answer`. All others are the page's own.

Gradio takes any object with a `path` for a file that it may serve and its client then fetches. So articles come without
theirs, which says nothing to another machine anyway.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from rag.errors import GazetteError
from rag.records import AnswerDone, Filters, TextPiece
from ui.chat.answering import Answering
from ui.chat.filtering import read_day
from ui.chat.gradio_loading import gr
from ui.rendering.json_output import as_json

__all__ = ["add_answer_endpoint"]

_DESCRIPTION = (
    "Answers a question from the articles. Gives an object again and again while the answer is written: `text` is what "
    "there is of it, `answer` is None until the last one, which has it whole, with its citations. `history` holds the "
    'conversation before, [{"role": "user", "content": "…"}, …]; the others say which articles count.'
)


def add_answer_endpoint(answering: Answering, **options: Any) -> None:
    """Adds it to the blocks that are being built; `options` are Gradio's own, of an event."""

    def answer(
        question: str,
        history: list[dict[str, str]] | None = None,
        language: str | None = None,
        source: str | None = None,
        since: str | None = None,
        until: str | None = None,
    ) -> Iterator[dict[str, Any]]:
        filters = Filters(language or None, source or None, _day("since", since), _day("until", until))
        written = ""
        try:
            for event in answering.stream(question, history or [], filters):
                if isinstance(event, AnswerDone):
                    yield {"text": event.answer.text, "answer": _without_paths(as_json(event.answer))}
                elif isinstance(event, TextPiece):
                    written += event.text
                    yield {"text": written, "answer": None}
        except GazetteError as error:
            raise gr.Error(str(error), print_exception=False) from error

    gr.api(answer, api_name="answer", api_description=_DESCRIPTION, api_visibility="public", **options)


def _without_paths(told: Any) -> Any:
    if isinstance(told, dict):
        return {name: _without_paths(value) for name, value in told.items() if name != "path"}
    return [_without_paths(value) for value in told] if isinstance(told, list) else told


def _day(name: str, written: str | None) -> date | None:
    day = read_day(written)
    if written and day is None:
        raise gr.Error(f"{name} is no date: «{written[:100]}». Write it like 2014-03-31.", print_exception=False)
    return day

"""What those who run a server learn of the questions asked of it.

Spans of how they are answered, where those are sent; the questions themselves, where that was asked for.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal

from rag.records import AnswerEvent
from ui.asking.spans import Spans

__all__ = ["QUESTION_LOG", "Watch"]

QUESTION_LOG = "gazette.questions"


@dataclass(frozen=True, slots=True)
class Watch:
    """`tells_questions` lets the text of questions be logged and stand in spans; otherwise neither holds any."""

    spans: Spans | None = None
    tells_questions: bool = False

    def answer(self, question: str, events: Iterator[AnswerEvent]) -> Iterator[AnswerEvent]:
        """The events of an answer, watched."""
        self._log("ask", question)
        return self.spans.answer(self._told(question), events) if self.spans else events

    def search(self, question: str) -> AbstractContextManager[None]:
        """What a search is made in, to be watched."""
        self._log("search", question)
        return self.spans.search(self._told(question)) if self.spans else nullcontext()

    def end(self) -> None:
        """Nothing more is asked: sends the spans that are left."""
        if self.spans:
            self.spans.end()

    def _told(self, question: str) -> str | None:
        return question if self.tells_questions else None

    def _log(self, kind: Literal["ask", "search"], question: str) -> None:
        if self.tells_questions:
            told = {"time": datetime.now(UTC).isoformat(timespec="milliseconds"), "kind": kind, "question": question}
            logging.getLogger(QUESTION_LOG).info(json.dumps(told))

"""The assistant of one archive, shared by all who ask over the network and made before the first of them."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from rag import Archive, Assistant
from rag.cores import processes_for
from rag.errors import GazetteError
from rag.question import Message
from rag.records import AnswerEvent, AskSettings, Filters, Passage
from ui.asking.second_processes import SecondProcesses, SentQuestion
from ui.asking.watching import Watch

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

__all__ = ["AnsweringDesk"]

_UNWATCHED = Watch()


class AnsweringDesk:
    """The assistant of one archive, made once, in the background or by the first who needs it."""

    def __init__(
        self,
        archive: Archive,
        model: str | BaseChatModel | None,
        *,
        strict: bool = False,
        support_model: str | Path | None = None,
        watch: Watch = _UNWATCHED,
        processes: int = 1,
    ) -> None:
        """`strict` makes every question be answered strictly, as `AskSettings.strict` does one.

        Without a chat model, up to so many `processes` answer, this one and others beside it, a core or more for each.
        """
        self._archive = archive
        self._model = model
        self._strict = strict
        self._support_model = support_model
        self._watch = watch
        self._others = None
        if model is None and (others := processes_for(processes) - 1):
            self._others = SecondProcesses(archive.folder, others, Path(support_model) if support_model else None)
        self._lock = threading.Lock()
        self._assistant: Assistant | None = None
        self._trouble = ""

    @property
    def watch(self) -> Watch:
        """What is told of the questions asked."""
        return self._watch

    def is_ready(self) -> bool:
        return self._assistant is not None

    @property
    def trouble(self) -> str:
        """Why the assistant could not be made when that was last tried; empty while nothing has gone wrong."""
        return self._trouble

    def assistant(self) -> Assistant:
        """The assistant; waits while it is being made.

        Raises GazetteError when a model is missing or can't be reached; asking again tries again.
        """
        with self._lock:
            if self._assistant is None:
                try:
                    assistant = _SharedAssistant(self._archive, model=self._model, support_model=self._support_model)
                    assistant.watch, assistant.is_strict, assistant.others = self._watch, self._strict, self._others
                    self._archive.prepare()
                    self._archive.search("Gazette", limit=1)  # waits for the encoder
                except GazetteError as error:
                    self._trouble = str(error)
                    raise
                self._assistant, self._trouble = assistant, ""
            return self._assistant

    def search(self, question: str, limit: int, filters: Filters) -> list[Passage]:
        """The passages nearest to a question, best first. Raises as `Archive.search`."""
        with self._watch.search(question):
            return self._archive.search(
                question,
                limit=limit,
                language=filters.language,
                source=filters.source,
                since=filters.since,
                until=filters.until,
            )

    def end(self) -> None:
        """Lets the processes beside this one end."""
        if self._others is not None:
            self._others.close()

    def prepare(self) -> None:
        """Makes the assistant in a thread of its own; what goes wrong is told to the first who asks."""

        def make() -> None:
            with contextlib.suppress(GazetteError):
                self.assistant()

        threading.Thread(target=make, name="gazette-prepare", daemon=True).start()


class _SharedAssistant(Assistant):
    """An assistant whose answers are watched and, where it is strict, given strictly whatever is asked for."""

    watch = _UNWATCHED
    is_strict = False
    others: SecondProcesses | None = None

    def stream(
        self,
        question: str,
        history: Sequence[Message] | None = None,
        *,
        filters: Filters | None = None,
        settings: AskSettings | None = None,
    ) -> Iterator[AnswerEvent]:
        settings = settings or AskSettings()
        if self.is_strict:
            settings = replace(settings, strict=True)
        events = super().stream(question, history, filters=filters, settings=settings)
        if self.others is not None:
            events = self.others.answer(SentQuestion(question, history, filters, settings), events)
        return self.watch.answer(question, events)

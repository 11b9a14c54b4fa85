"""The assistant: question → passages → answer → citations checked.

    read_question     clean, language, what is asked for            rag.question
    Archive.search    the passages nearest to it                    rag.retrieval
    choose_sentences  the sentences that answer, or none            rag.extractive
    write_reply       what a chat model makes of them               rag.written
    check_reply       … each of its sentences checked and cited     rag.written
    add_disagreements what the sources differ on, told as well      rag.disagreement

`ask` is `stream` run to its end, so both say the same.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from rag.chat_model import ReplyLimits, open_chat_model
from rag.disagreement import add_disagreements
from rag.errors import ModelError
from rag.extractive import choose_sentences
from rag.prompts import MODEL_FAILED, NO_ARTICLES, REFUSAL
from rag.question import Message, Question, read_history, read_question
from rag.records import (
    Answer,
    AnswerDone,
    AnswerEvent,
    AnswerSentence,
    Article,
    AskSettings,
    Citation,
    Filters,
    Passage,
    PassagesFound,
    TextPiece,
)
from rag.stages import stage
from rag.support import check_support
from rag.written import Written, check_reply, write_reply

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

    from rag.archive import Archive

__all__ = ["Assistant"]

PASSAGE_COUNT = 10
NEAREST_COUNT = 3


class Assistant:
    """Answers questions from an archive, citing the exact words of its articles.

    Without a model the answer is made of sentences quoted from the articles. With one (a name for LangChain's
    `init_chat_model`, a folder that transformers can load, or any `BaseChatModel`) it is written by the model, and
    every sentence is checked and cited afterwards; a model that fails, or whose sentences nothing found bears out,
    is stood in for by the quoted answer, and `Answer.notes` says so.

    Example:
        >>> assistant = Assistant(archive)
        >>> assistant.ask("Where was the treaty signed?").text
        'The treaty was signed in Paris. [1]'
    """

    def __init__(
        self,
        archive: Archive,
        *,
        model: str | BaseChatModel | None = None,
        limit: int = PASSAGE_COUNT,
        reply_limits: ReplyLimits | None = None,
        strict: bool = False,
    ) -> None:
        """`limit` is how many passages an answer is sought in; `reply_limits` bounds a model's request and reply.

        `strict` makes every question be answered strictly, as `AskSettings.strict` does one.

        Raises:
            ModelError: the chat model can't be made.
        """
        self._archive = archive
        self._limit = limit
        self._reply_limits = reply_limits or ReplyLimits()
        self._strict = strict
        self._model = open_chat_model(model) if model is not None else None

    def ask(
        self,
        question: str,
        history: Sequence[Message] | None = None,
        *,
        filters: Filters | None = None,
        settings: AskSettings | None = None,
    ) -> Answer:
        """The answer to a question; `history` is what was said before, oldest first.

        Raises:
            QuestionError: the question is empty, too long, or not text, or the history can't be read.
            ArchiveError: the archive can't be searched.
        """
        for event in self.stream(question, history, filters=filters, settings=settings):
            if isinstance(event, AnswerDone):
                return event.answer
        raise AssertionError("a stream ends with AnswerDone")

    def stream(
        self,
        question: str,
        history: Sequence[Message] | None = None,
        *,
        filters: Filters | None = None,
        settings: AskSettings | None = None,
    ) -> Iterator[AnswerEvent]:
        """`PassagesFound`, then the text in pieces, then `AnswerDone` with the whole answer. Raises as `ask`.

        A model's text comes as it is written, unchecked; in strict mode, where nothing unchecked is shown, at the end.
        """
        settings = settings or AskSettings()
        turns = read_history(history)
        asked = read_question(question, turns if settings.completes else ())
        passages = self._find(asked, filters or Filters())
        yield PassagesFound(passages)

        written, strict = Written(), self._strict or settings.strict
        is_streamed = self._model is not None and bool(passages) and not strict
        if self._model is not None and passages:
            try:
                reply = yield from write_reply(
                    asked, turns, passages, model=self._model, limits=self._reply_limits, shown=is_streamed
                )
                with stage("check"):
                    written = check_reply(reply, asked, passages, self._archive.encoder, strict=strict)
            except ModelError as error:
                written = Written(notes=(MODEL_FAILED[asked.language].format(reason=error),))
        answer = _from_written(asked, passages, written) or self._quote(asked, passages, written.notes)
        with stage("compare"):
            answer = add_disagreements(answer, asked, self._archive.encoder)
        if not is_streamed:
            yield TextPiece(answer.text)
        yield AnswerDone(answer)

    def _find(self, asked: Question, filters: Filters) -> tuple[Passage, ...]:
        with stage("search"):
            return tuple(
                self._archive.search(
                    asked.query,
                    limit=self._limit,
                    language=filters.language,
                    source=filters.source,
                    since=filters.since,
                    until=filters.until,
                )
            )

    def _quote(self, asked: Question, passages: tuple[Passage, ...], notes: tuple[str, ...] = ()) -> Answer:
        """The extractive answer."""
        with stage("choose"):
            choice = choose_sentences(asked, passages, self._archive.encoder)
        if not choice.sentences:
            return replace(_refusal(asked, passages, notes), confidence=choice.confidence)
        citations = tuple(
            Citation(number, sentence.passage.article, sentence.start, sentence.end)
            for number, sentence in enumerate(choice.sentences, start=1)
        )
        with stage("check"):
            sentences = tuple(
                AnswerSentence(citation.quote, (citation.number,), check_support(citation.quote, [sentence.passage]))
                for citation, sentence in zip(citations, choice.sentences, strict=True)
            )
        text = " ".join(f"{citation.quote} [{citation.number}]" for citation in citations)
        return Answer(
            asked.text,
            text,
            asked.language,
            citations,
            passages,
            sentences=sentences,
            notes=notes,
            confidence=choice.confidence,
        )


def _from_written(asked: Question, passages: tuple[Passage, ...], written: Written) -> Answer | None:
    """The answer that a chat model wrote, or its refusal; None where it is of no use."""
    if written.is_refused:
        return _refusal(asked, passages)
    if written.cited is None:
        return None
    text, sentences, citations = written.cited.text, written.cited.sentences, written.cited.citations
    return Answer(asked.text, text, asked.language, citations, passages, sentences=sentences, notes=written.notes)


def _refusal(asked: Question, passages: tuple[Passage, ...], notes: tuple[str, ...] = ()) -> Answer:
    said = REFUSAL if passages else NO_ARTICLES
    nearest: dict[str, Article] = {}
    for passage in passages:
        nearest.setdefault(passage.article.id, passage.article)
    return Answer(
        asked.text,
        said[asked.language],
        asked.language,
        passages=passages,
        refused=True,
        nearest=tuple(nearest.values())[:NEAREST_COUNT],
        notes=notes,
    )

"""The assistant: question → passages → answer → citations checked.

    read_question        clean, language, what is asked for        rag.question, rag.followups
    answer_from_archive  where the archive itself is asked about   rag.about_archive
    Archive.search       the passages nearest to it                rag.retrieval
    choose_sentences     the sentences that answer, or none        rag.extractive
    write_reply          what a chat model makes of them           rag.model
    check_reply          … each of its sentences checked and cited rag.model, rag.support
    add_disagreements    what the sources differ on, told as well  rag.disagreement

`ask` is `stream` run to its end, so both say the same.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from rag.about_archive import answer_from_archive
from rag.disagreement import add_disagreements
from rag.errors import ModelError
from rag.extractive import choose_sentences, looked_for
from rag.model import ReplyLimits, Written, check_reply, open_chat_model, write_reply
from rag.model.rewriting import rewrite_question
from rag.periods import TimePreference, asks_for_latest, find_period
from rag.prompts import MODEL_FAILED, NO_ARTICLES, REFUSAL
from rag.question import Message, Question, Turn, read_history, read_question
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
from rag.support import SupportCheck, check_support

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

    from rag.archive import Archive
    from rag.support.inference_model import InferenceModel

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
        support_model: str | Path | InferenceModel | None = None,
    ) -> None:
        """`limit` is how many passages an answer is sought in; `reply_limits` bounds a model's request and reply.

        `support_model` is an inference model, or the folder of one, that the support check asks where its rules
        leave it open.

        Raises:
            ModelError: the chat model can't be made, or the folder holds no inference model.
        """
        self._archive = archive
        self._limit = limit
        self._reply_limits = reply_limits or ReplyLimits()
        self._model = open_chat_model(model) if model is not None else None
        self._support_model = _open_support(support_model)

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
        told = answer_from_archive(asked, self._archive, filters or Filters())
        if told is not None:
            yield from (PassagesFound(told.passages), TextPiece(told.text), AnswerDone(told))
            return
        asked = self._rewritten(asked, turns)
        time = _time_preference(asked, settings)
        passages = self._find(asked, filters or Filters(), time)
        yield PassagesFound(passages)

        written = Written()
        is_streamed = self._model is not None and bool(passages) and not settings.strict
        if self._model is not None and passages:
            try:
                reply = yield from write_reply(
                    asked, turns, passages, model=self._model, limits=self._reply_limits, shown=is_streamed
                )
                with stage("check"):
                    written = check_reply(
                        reply, asked, passages, self._archive.encoder, check=self._check(asked), strict=settings.strict
                    )
            except ModelError as error:
                written = Written(notes=(MODEL_FAILED[asked.language].format(reason=error),))
        answer = _from_written(asked, passages, written) or self._quote(asked, passages, written.notes)
        with stage("compare"):
            answer = add_disagreements(answer, asked, self._archive.encoder, self._archive.kept_spans)
        if not is_streamed:
            yield TextPiece(answer.text)
        yield AnswerDone(replace(answer, completed=asked.completed, period=time.period))

    def _rewritten(self, asked: Question, turns: Sequence[Turn]) -> Question:
        """A follow-up as the chat model completes it, where there is a model and it does so well."""
        if self._model is None or asked.completed is None:
            return asked
        rewritten = rewrite_question(self._model, asked, turns, self._reply_limits)
        return replace(asked, query=rewritten, completed=rewritten) if rewritten else asked

    def _find(self, asked: Question, filters: Filters, time: TimePreference) -> tuple[Passage, ...]:
        with stage("search"):
            return tuple(
                self._archive.search(
                    asked.query,
                    limit=self._limit,
                    language=filters.language,
                    source=filters.source,
                    since=filters.since,
                    until=filters.until,
                    time=time,
                )
            )

    def _quote(self, asked: Question, passages: tuple[Passage, ...], notes: tuple[str, ...] = ()) -> Answer:
        """The extractive answer."""
        with stage("choose"):
            kept = self._archive.kept_sentences(passages)
            choice = choose_sentences(asked, passages, self._archive.encoder, kept)
        if not choice.sentences:
            return replace(_refusal(asked, passages, notes), confidence=choice.confidence)
        citations = tuple(
            Citation(number, sentence.passage.article, sentence.start, sentence.end)
            for number, sentence in enumerate(choice.sentences, start=1)
        )
        check = self._check(asked)
        with stage("check"):
            sentences = tuple(
                AnswerSentence(citation.quote, (citation.number,), check(citation.quote, [sentence.passage]))
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

    def _check(self, asked: Question) -> SupportCheck:
        """The support check, its reasons in the question's language."""
        return partial(check_support, language=asked.language, model=self._support_model)


def _open_support(model: str | Path | InferenceModel | None) -> InferenceModel | None:
    if not isinstance(model, str | Path):
        return model
    from rag.support.inference_model import InferenceModel

    return InferenceModel.open(model)


def _from_written(asked: Question, passages: tuple[Passage, ...], written: Written) -> Answer | None:
    """The answer that a chat model wrote, or its refusal; None where it is of no use."""
    if written.is_refused:
        return _refusal(asked, passages)
    if written.cited is None:
        return None
    text, sentences, citations = written.cited.text, written.cited.sentences, written.cited.citations
    return Answer(asked.text, text, asked.language, citations, passages, sentences=sentences, notes=written.notes)


def _time_preference(asked: Question, settings: AskSettings) -> TimePreference:
    """The time that the question names, or else the thread that it follows."""
    if not settings.reads_dates:
        return TimePreference()
    today = settings.today or date.today()
    period = find_period(asked.text, today) or find_period(asked.query, today)
    return TimePreference(period, is_latest=asks_for_latest(asked.text))


def _refusal(asked: Question, passages: tuple[Passage, ...], notes: tuple[str, ...] = ()) -> Answer:
    said = f"{REFUSAL[asked.language]} {looked_for(asked)}".rstrip() if passages else NO_ARTICLES[asked.language]
    nearest: dict[str, Article] = {}
    for passage in passages:
        nearest.setdefault(passage.article.id, passage.article)
    return Answer(
        asked.text,
        said,
        asked.language,
        passages=passages,
        refused=True,
        nearest=tuple(nearest.values())[:NEAREST_COUNT],
        notes=notes,
    )

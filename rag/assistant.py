"""The assistant: question → passages → answer → citations checked.

    read_question     clean, language, what is asked for            rag.question
    Archive.search    the passages nearest to it                    rag.retrieval
    choose_sentences  the sentences that answer, or none            rag.extractive
    stream_reply      a chat model's reply, where there is one      rag.chat_model
    cite_reply        each of its sentences checked and cited       rag.citing

`ask` is `stream` run to its end, so both say the same.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from rag.errors import ModelError
from rag.extractive import choose_sentences
from rag.prompts import (
    MODEL_FAILED,
    NO_ARTICLES,
    NOTHING_BORNE_OUT,
    REFUSAL,
    SYSTEM_PROMPT,
    UNCITED_SENTENCES,
    question_prompt,
)
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
from rag.support import check_support
from rag.words import normalise

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

    from rag.archive import Archive
    from rag.chat_model import ReplyLimits

__all__ = ["Assistant"]

PASSAGE_COUNT = 10
NEAREST_COUNT = 3
# What a chat model is given: a context of 8,192 tokens leaves room for this and the reply.
MODEL_PASSAGE_COUNT = 6
MODEL_HISTORY_TURNS = 6
MODEL_TURN_CHARACTERS = 1000


class Assistant:
    """Answers questions from an archive, citing the exact words of its articles.

    Without a model the answer is made of sentences quoted from the articles. With one (a name for LangChain's
    `init_chat_model`, or any `BaseChatModel`) it is written by the model, and every sentence is checked and
    cited afterwards; a model that fails is stood in for by the quoted answer, and `Answer.notes` says so.

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
    ) -> None:
        """`limit` is how many passages an answer is sought in; `reply_limits` how long a model is waited for.

        Raises:
            ModelError: the chat model can't be made.
        """
        self._archive = archive
        self._limit = limit
        self._reply_limits = reply_limits
        self._model = _open(model) if model is not None else None

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
        """`PassagesFound`, then the text in pieces, then `AnswerDone` with the whole answer. Raises as `ask`."""
        settings = settings or AskSettings()
        turns = read_history(history)
        asked = read_question(question, turns if settings.completes else ())
        passages = self._find(asked, filters or Filters())
        yield PassagesFound(passages)

        answer, notes = None, []
        if self._model is not None and passages:
            try:
                reply = ""
                for piece in self._reply(self._model, asked, turns, passages):
                    reply += piece
                    yield TextPiece(piece)
                answer = self._answer_from_reply(asked, passages, reply)
                if answer is None:
                    notes.append(NOTHING_BORNE_OUT[asked.language])
            except ModelError as error:
                notes.append(MODEL_FAILED[asked.language].format(reason=error))
        if answer is None:
            answer = self._quote(asked, passages, tuple(notes))
            if not notes:
                yield from map(TextPiece, _pieces(answer))
        yield AnswerDone(answer)

    def _find(self, asked: Question, filters: Filters) -> tuple[Passage, ...]:
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
        chosen = choose_sentences(asked, passages, self._archive.encoder).sentences if passages else ()
        if not chosen:
            return _refusal(asked, passages, notes)
        citations = tuple(
            Citation(number, sentence.passage.article, sentence.start, sentence.end)
            for number, sentence in enumerate(chosen, start=1)
        )
        sentences = tuple(
            AnswerSentence(citation.quote, (citation.number,), check_support(citation.quote, [sentence.passage]))
            for citation, sentence in zip(citations, chosen, strict=True)
        )
        text = " ".join(f"{citation.quote} [{citation.number}]" for citation in citations)
        return Answer(asked.text, text, asked.language, citations, passages, sentences=sentences, notes=notes)

    def _reply(
        self, model: BaseChatModel, asked: Question, turns: Sequence[Turn], passages: Sequence[Passage]
    ) -> Iterator[str]:
        from rag.chat_model import messages_for, stream_reply

        said = [(turn.role, turn.text[:MODEL_TURN_CHARACTERS]) for turn in turns[-MODEL_HISTORY_TURNS:]]
        last = question_prompt(asked.text, asked.language, passages[:MODEL_PASSAGE_COUNT])
        return stream_reply(model, messages_for(SYSTEM_PROMPT[asked.language], said, last), self._reply_limits)

    def _answer_from_reply(self, asked: Question, passages: tuple[Passage, ...], reply: str) -> Answer | None:
        """The reply with its citations checked; None when no article found bears any of it out."""
        from rag.citing import cite_reply

        if _is_refusal(reply):
            return _refusal(asked, passages)
        cited = cite_reply(reply, passages[:MODEL_PASSAGE_COUNT], asked.language, self._archive.encoder)
        if not cited.citations:
            return None
        is_whole = all(sentence.citations for sentence in cited.sentences)
        notes = () if is_whole else (UNCITED_SENTENCES[asked.language],)
        return Answer(
            asked.text, cited.text, asked.language, cited.citations, passages, sentences=cited.sentences, notes=notes
        )


def _open(model: str | BaseChatModel) -> BaseChatModel:
    from rag.chat_model import open_chat_model

    return open_chat_model(model)


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


def _is_refusal(reply: str) -> bool:
    """Whether a model's reply is, or opens with, the refusal it was told to give, in either language."""
    said = normalise(reply).casefold()
    return any(said.startswith(normalise(sentence).casefold().rstrip(".")) for sentence in REFUSAL.values())


def _pieces(answer: Answer) -> list[str]:
    """An extractive answer's text in the pieces it is streamed in; together they are the text."""
    if answer.refused:
        return [answer.text]
    return [
        f"{' ' if place else ''}{sentence.text} [{sentence.citations[0]}]"
        for place, sentence in enumerate(answer.sentences)
    ]

"""What is asked of the service, as pydantic reads it, and what it answers with besides Gazette's own records."""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated, Literal, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from rag import ArticleSummary
from rag.question import QUESTION_CHARACTERS
from rag.records import Article, AskSettings, Filters, Passage
from ui.api.json_models import record_model
from ui.asking.answer_stream import Asked, Sought
from ui.asking.kept_asking import AskedInConversation
from ui.asking.limits import ANYBODY, HISTORY_MESSAGES, MESSAGE_CHARACTERS, Asker
from ui.conversations.kept import CONVERSATION_ID, OwnConversations

__all__ = [
    "ArticleQuery",
    "ArticlesFound",
    "ArticlesToAdd",
    "AskRequest",
    "ConversationQuery",
    "ErrorReport",
    "FilterFields",
    "Health",
    "NewTitle",
    "PassagesAnswer",
    "QuestionFields",
    "Readiness",
    "SearchRequest",
]

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_Text = Annotated[str, Field(max_length=MESSAGE_CHARACTERS)]


def _only_as_a_day(written: object) -> object:
    """Refuses numbers, which pydantic would take for seconds since 1970: «since 0» is a slip."""
    if isinstance(written, int | float) or (isinstance(written, str) and not _DAY.fullmatch(written)):
        raise ValueError("a day is written like 2014-03-31")
    return written


_Day = Annotated[date, BeforeValidator(_only_as_a_day)]
# What the assistant takes, so that the description says it; what it doesn't take, it refuses in words of its own.
QuestionText = Annotated[
    str,
    Field(
        max_length=MESSAGE_CHARACTERS,
        description="one question, in English or French; articles in both languages are found",
        json_schema_extra={"minLength": 1, "maxLength": QUESTION_CHARACTERS, "pattern": r"[\p{L}\p{N}]"},
    ),
]


class FilterFields(BaseModel):
    """Which articles count; days are inclusive, and an article without a date passes neither of them."""

    model_config = ConfigDict(extra="forbid")

    language: Annotated[str | None, Field(max_length=10, description="a code: en, fr, …")] = None
    source: Annotated[str | None, Field(max_length=1000, description="an outlet's name")] = None
    since: _Day | None = None
    until: _Day | None = None

    def filters(self) -> Filters:
        return Filters(self.language, self.source, self.since, self.until)


class HistoryMessage(BaseModel):
    """What was said before, by the reader or by Gazette."""

    model_config = ConfigDict(extra="forbid")

    role: Literal["user", "assistant"]
    content: _Text


class SettingFields(BaseModel):
    """How the question is to be answered: leave unsupported sentences out, complete follow-ups, read dates."""

    model_config = ConfigDict(extra="forbid")

    strict: bool = False
    completes: bool = True
    reads_dates: bool = True


class QuestionFields(BaseModel):
    """A question, and what was said before it."""

    model_config = ConfigDict(extra="forbid")

    question: QuestionText
    history: Annotated[
        list[HistoryMessage],
        Field(
            default_factory=list,
            max_length=HISTORY_MESSAGES,
            description="the conversation before a follow-up question, oldest first",
        ),
    ]

    def asked_of(self, filters: Filters, settings: AskSettings) -> Asked:
        """The question, asked of the articles that pass `filters`."""
        return Asked(self.question, [message.model_dump() for message in self.history], filters, settings)


class AskRequest(QuestionFields):
    """A question; `stream` asks for Server-Sent Events, as the header `Accept: text/event-stream` does.

    Under a `conversation` it is kept on the server: 32 hexadecimal figures that you draw at random to begin one, and
    send again to go on with it, in the place of its `history`.
    """

    model_config = ConfigDict(extra="forbid", json_schema_extra={"not": {"required": ["conversation", "history"]}})

    filters: FilterFields = FilterFields()
    settings: SettingFields = SettingFields()
    stream: bool = False
    conversation: Annotated[str | None, Field(pattern=f"^{CONVERSATION_ID}$")] = None

    @model_validator(mode="after")
    def _has_one_history(self) -> Self:
        if {"conversation", "history"} <= self.model_fields_set:
            raise ValueError("a conversation has its history on the server: leave one of them out")
        return self

    def asked(self, kept: OwnConversations) -> Asked:
        """The question, to be kept in `kept` where it is asked in a conversation."""
        filters, settings = self.filters.filters(), AskSettings(**self.settings.model_dump())
        if self.conversation:
            return AskedInConversation(
                self.question, filters=filters, settings=settings, conversation=self.conversation, kept=kept
            )
        return self.asked_of(filters, settings)


class SearchRequest(FilterFields):
    """What to find, in how many passages at most, in which articles."""

    question: QuestionText
    limit: Annotated[int, Field(ge=1, le=100)] = 10

    def sought(self, asker: Asker = ANYBODY) -> Sought:
        return Sought(self.question, self.limit, self.filters(), asker)


class ArticleQuery(FilterFields):
    """Which articles to list, from the how-manieth on, in the order in which they were added."""

    offset: Annotated[int, Field(ge=0, le=1_000_000_000)] = 0
    limit: Annotated[int, Field(ge=1, le=500)] = 50


class ConversationQuery(BaseModel):
    """Which conversations to list: those that hold all the words, from the how-manieth on."""

    model_config = ConfigDict(extra="forbid")

    words: Annotated[str, Field(max_length=200)] = ""
    offset: Annotated[int, Field(ge=0, le=1_000_000_000)] = 0
    limit: Annotated[int, Field(ge=1, le=500)] = 50


class NewTitle(BaseModel):
    """What a conversation is to be called."""

    model_config = ConfigDict(extra="forbid")

    title: Annotated[str, Field(min_length=1, max_length=1000)]


class ArticleFields(BaseModel):
    """An article to be kept as it is: paragraphs of its `text` divided by one empty line, no title in it."""

    model_config = ConfigDict(extra="forbid")

    id: Annotated[str, Field(min_length=1, max_length=1000)]
    title: Annotated[str, Field(max_length=2000)]
    text: Annotated[str, Field(min_length=1)]
    url: Annotated[str | None, Field(max_length=4000)] = None
    source: Annotated[str | None, Field(max_length=1000)] = None
    authors: Annotated[list[Annotated[str, Field(max_length=1000)]], Field(default_factory=list, max_length=100)]
    published: _Day | None = None
    language: Annotated[str | None, Field(pattern="^[a-z]{2,3}$")] = None

    def article(self) -> Article:
        return Article(**(self.model_dump() | {"authors": tuple(self.authors)}))


class ArticlesToAdd(BaseModel):
    """Articles to be added, or to replace those with the same ids."""

    model_config = ConfigDict(extra="forbid")

    articles: Annotated[list[ArticleFields], Field(min_length=1, max_length=100)]


class PassagesAnswer(BaseModel):
    """The passages nearest to a question, best first."""

    passages: list[record_model(Passage)]  # type: ignore[valid-type]


class ArticlesFound(BaseModel):
    """One page of the articles that pass the filters, and how many do in all."""

    total: int
    offset: int
    articles: list[record_model(ArticleSummary)]  # type: ignore[valid-type]


class Health(BaseModel):
    """The server is up."""

    status: Literal["ok"] = "ok"
    version: str


class Readiness(BaseModel):
    """Whether a question would be answered at once; `reason` says why not, where something went wrong."""

    ready: bool
    reason: str = ""


class ErrorDetail(BaseModel):
    """`code` is for programs, `message` for people."""

    code: str
    message: str


class ErrorReport(BaseModel):
    """What every request that is not answered gets."""

    error: ErrorDetail

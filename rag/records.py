"""The records that travel along the path: article → chunk → passage → citation → answer.

All are frozen. A chunk, a passage and a citation hold character offsets into their article's text, and
what they say is cut from it when asked for, so a quote can never disagree with its source.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from rag.reasons import Reason

__all__ = [
    "AddReport",
    "Answer",
    "AnswerDone",
    "AnswerEvent",
    "AnswerSentence",
    "Article",
    "AskSettings",
    "Chunk",
    "Citation",
    "Disagreement",
    "Filters",
    "Passage",
    "PassagesFound",
    "Period",
    "Record",
    "Side",
    "Span",
    "Support",
    "TextPiece",
    "Verdict",
]

Verdict = Literal["supported", "partly", "unsupported", "unchecked"]


@dataclass(frozen=True, slots=True)
class Span:
    """A half-open range of characters, `text[start:end]`."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Article:
    """One news article as the archive keeps it.

    `text` is the body alone: paragraphs divided by one empty line, no title, no clutter. `source` is the
    outlet's name, `published` None where no date was found, `language` an ISO 639-1 code or None, `path`
    the file it was read from or None. What `id` is made of is said in `rag.reading`.
    """

    id: str
    title: str
    text: str
    url: str | None = None
    source: str | None = None
    authors: tuple[str, ...] = ()
    published: date | None = None
    language: str | None = None
    path: str | None = None


@dataclass(frozen=True, slots=True)
class Chunk:
    """The unit that is indexed: whole sentences of one article; `position` counts from 0 within it.

    `sentences` are where they lie in its own text, where that is known already.
    """

    article: Article
    position: int
    start: int
    end: int
    sentences: tuple[Span, ...] = field(default=(), compare=False)

    @property
    def text(self) -> str:
        return self.article.text[self.start : self.end]


@dataclass(frozen=True, slots=True)
class Filters:
    """Which articles a question may be answered from; None asks for no restriction.

    `since` and `until` are inclusive; an article without a date passes neither.
    """

    language: str | None = None
    source: str | None = None
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True, slots=True)
class AskSettings:
    """How a question is to be answered.

    `strict` leaves out the sentences that nothing found bears out. `completes` lets a follow-up be completed from
    the conversation, `reads_dates` lets the dates that a question names prefer articles: each can be turned off by
    a reader who sees that it was done (`Answer.completed`, `Answer.period`) and did not mean it. `today` is the day
    that «last week» is reckoned from, None the day it is.
    """

    strict: bool = False
    completes: bool = True
    reads_dates: bool = True
    today: date | None = None


@dataclass(frozen=True, slots=True)
class Period:
    """The time that a question names, in `words` of its own; days inclusive, None where it is open."""

    words: str
    since: date | None
    until: date | None


@dataclass(frozen=True, slots=True)
class Passage:
    """A stretch of an article found for a question.

    `score` is comparable within one result only, higher is better; `rank` starts at 1. `copies` are the
    near copies of the article in the archive: together with it they count as one source.
    """

    article: Article
    start: int
    end: int
    score: float
    rank: int
    copies: tuple[Article, ...] = ()

    @property
    def text(self) -> str:
        return self.article.text[self.start : self.end]


@dataclass(frozen=True, slots=True)
class Citation:
    """`[number]` in an answer: the exact words of an article, `article.text[start:end]`."""

    number: int
    article: Article
    start: int
    end: int

    @property
    def quote(self) -> str:
        return self.article.text[self.start : self.end]


@dataclass(frozen=True, slots=True)
class Support:
    """Whether passages bear a sentence out: the verdict, the passage that does or None, why in one line."""

    verdict: Verdict
    passage: Passage | str | None
    reason: str


@dataclass(frozen=True, slots=True)
class AnswerSentence:
    """One sentence of an answer, the numbers of the citations behind it, and how they support it."""

    text: str
    citations: tuple[int, ...]
    support: Support


@dataclass(frozen=True, slots=True)
class Side:
    """What one source says where sources differ: its figure, date or name as written, and the citation's number."""

    said: str
    citation: int


@dataclass(frozen=True, slots=True)
class Disagreement:
    """Sources that give different things for one and the same, or one article that does; two sides or more.

    `kind` is "number", "percent", "money", "date" or "name"; `about` is what they differ on, in the articles' own
    words. Which side is right is not said. Every side's citation is one of the
    answer's, and its quote holds what the side says.
    """

    kind: str
    about: str
    sides: tuple[Side, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """What was asked and what the articles say to it.

    `text` carries `[1]`-style markers. `language` is the question's. `passages` are all that were found,
    best first. When `refused`, `text` says so in the question's language, `sentences` and `citations` are
    empty, and `nearest` holds the articles that came closest. `notes` tell the reader what went otherwise
    than asked for (a model that failed, say), each in one sentence.

    `completed` is the question as it was completed from the conversation, None where it stood alone. `period` is the
    time it names, whose articles were preferred. `disagreements` are what the sources cited differ on: each is told by
    a sentence at the end of `text`, with markers, that is not one of `sentences`, for nothing of it is claimed. When
    `about_archive`, it was a question about the archive itself, answered from what the archive knows of its articles.
    `confidence`, from 0 to 1, is how likely the quoted sentences, or those that were not given, are to answer; None
    where a chat model wrote the answer.
    """

    question: str
    text: str
    language: str
    citations: tuple[Citation, ...] = ()
    passages: tuple[Passage, ...] = ()
    refused: bool = False
    sentences: tuple[AnswerSentence, ...] = ()
    nearest: tuple[Article, ...] = ()
    notes: tuple[str, ...] = ()
    completed: str | None = None
    period: Period | None = None
    disagreements: tuple[Disagreement, ...] = ()
    about_archive: bool = False
    confidence: float | None = None


@dataclass(frozen=True, slots=True)
class PassagesFound:
    """First event of a stream: what the answer will be drawn from."""

    passages: tuple[Passage, ...]


@dataclass(frozen=True, slots=True)
class TextPiece:
    """A further piece of the answer's text, to be appended to the pieces before it."""

    text: str


@dataclass(frozen=True, slots=True)
class AnswerDone:
    """Last event of a stream. `answer.text` replaces the pieces: citations are checked and renumbered."""

    answer: Answer


AnswerEvent = PassagesFound | TextPiece | AnswerDone


@dataclass(frozen=True, slots=True)
class Record:
    """One line of an `AddReport`: where it came from, and the article or the reason why there is none.

    `origin` is the path or URL (with `#entry` for one of several in a file). `why` is set for failures («is an
    encrypted PDF») and near copies («near copy of «…» (outlet)»), and `reason` says it in English, else empty.
    """

    origin: str
    article_id: str | None = None
    title: str | None = None
    why: Reason | None = None

    @property
    def reason(self) -> str:
        return self.why.said() if self.why else ""


@dataclass(frozen=True, slots=True)
class AddReport:
    """What `Archive.add` did, every article read in exactly one of the lists.

    `duplicates` are near copies of an article already there: kept, and grouped with their twin.
    """

    added: list[Record] = field(default_factory=list)
    updated: list[Record] = field(default_factory=list)
    unchanged: list[Record] = field(default_factory=list)
    duplicates: list[Record] = field(default_factory=list)
    failed: list[Record] = field(default_factory=list)

"""Questions about the archive itself → answers from what it knows of its articles: outlets, languages, dates, counts.

«Which outlets do you have?», «how many articles are there?», «quel est le dernier article sur la Géorgie ?». An
article that is named is cited by its first sentence.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

from rag.archive_questions import ArchiveRequest, read_request
from rag.periods import find_period
from rag.prompts import ARCHIVE_SAYS, LANGUAGE_NAMES
from rag.question import Question
from rag.records import Answer, AnswerSentence, Article, Citation, Filters, Passage, Support
from rag.sentences import split_sentences
from rag.words import fold, stems_in_english
from rag.written_dates import written_date

if TYPE_CHECKING:
    from rag.archive import Archive
    from rag.store_view import ArticleSummary

__all__ = ["answer_from_archive"]

# Articles listed at most, and passages looked through for those on a subject.
LISTED_COUNT = 10
SEARCHED_PASSAGES = 60


def answer_from_archive(question: Question, archive: Archive, filters: Filters) -> Answer | None:
    """The answer to a question about the archive, from the articles that pass the filters; None for other questions.

    Where an outlet, author or language is asked for that the archive knows nothing of, the question is one for the
    articles: «what are the articles in the treaty?».
    """
    if request := read_request(question.text):  # it stands alone, whatever was said before
        question = replace(question, completed=None)
    else:
        request = read_request(question.query)
    if request is None:
        return None
    summaries = archive.summaries(filters)
    if request.by and (period := find_period(request.by, date.today())) and period.words == request.by:
        dated = replace(filters, since=_later(filters.since, period.since), until=_earlier(filters.until, period.until))
        summaries = archive.summaries(dated)
    elif request.by:
        kept = [summary for summary in summaries if _is_by(summary, request.by)]
        if not kept and not any(_is_by(summary, request.by) for summary in archive.summaries()):
            return None
        summaries = kept
    passages: tuple[Passage, ...] = ()
    if request.about:
        passages = _on_subject(request.about, question.language, archive, filters)
        by_id = {summary.id: summary for summary in summaries}
        summaries = [by_id[passage.article.id] for passage in passages if passage.article.id in by_id]
    return _Telling(question, archive, request, passages).tell(summaries)


def _on_subject(about: str, language: str, archive: Archive, filters: Filters) -> tuple[Passage, ...]:
    """The best passage of each article that speaks of all the subject's words, in either language, best first."""
    found = archive.search(
        about,
        limit=SEARCHED_PASSAGES,
        language=filters.language,
        source=filters.source,
        since=filters.since,
        until=filters.until,
    )
    wanted = set(stems_in_english(about, language))
    kept: dict[str, Passage] = {}
    for passage in found:
        said = stems_in_english(f"{passage.article.title} {passage.text}", passage.article.language)
        if wanted <= set(said):
            kept.setdefault(passage.article.id, passage)
    return tuple(replace(passage, rank=rank) for rank, passage in enumerate(kept.values(), start=1))


def _later(one: date | None, other: date | None) -> date | None:
    return max(filter(None, (one, other)), default=None)


def _earlier(one: date | None, other: date | None) -> date | None:
    return min(filter(None, (one, other)), default=None)


_LANGUAGE_CODES = {"english": "en", "anglais": "en", "french": "fr", "francais": "fr"}


def _is_by(summary: ArticleSummary, by: str) -> bool:
    """Whether an outlet, an author (or his surname) or a language is meant by `by`."""
    wanted = re.sub(r"^(?:the|le|la|les|l') ?", "", fold(by).replace("’", "'"))
    if wanted in _LANGUAGE_CODES:
        return summary.language == _LANGUAGE_CODES[wanted]
    outlet = re.sub(r"^(?:the|le|la|les|l') ?", "", fold(summary.source or "").replace("’", "'"))
    authors = [fold(author) for author in summary.authors]
    return wanted == outlet or any(wanted == author or wanted == author.split()[-1] for author in authors if author)


@dataclass(frozen=True, slots=True)
class _Telling:
    """Puts what was found into words of the question's language."""

    question: Question
    archive: Archive
    request: ArchiveRequest
    passages: tuple[Passage, ...]

    def tell(self, summaries: Sequence[ArticleSummary]) -> Answer:
        if not summaries:
            return self._answer(self._say("none_about" if self.request.about or self.request.by else "none"))
        match self.request.asked:
            case "outlets":
                return self._answer(self._outlets(summaries))
            case "languages":
                return self._answer(self._languages(summaries))
            case "span":
                return self._answer(self._span(summaries))
            case "count" if not self.request.about and not self.request.by:
                whole = [self._count(summaries), self._languages(summaries), self._span(summaries)]
                return self._answer(*whole)
            case "count" | "list":
                return self._listed(summaries)
        dated = sorted((one for one in summaries if one.published), key=_published)
        if not dated:
            return self._answer(self._say("no_dates"))
        chosen = dated[-1] if self.request.asked == "latest" else dated[0]
        return self._answer(self._say(self.request.asked), listed=[chosen])

    def _listed(self, summaries: Sequence[ArticleSummary]) -> Answer:
        """On a subject the best first, else the newest."""
        ordered = list(summaries)
        if not self.request.about:
            ordered = sorted(summaries, key=lambda one: (one.published or date.min, one.title), reverse=True)
        said = self._count(summaries)
        if len(ordered) > LISTED_COUNT:
            said = f"{said} {self._say('only_some', count=LISTED_COUNT)}"
        return self._answer(said, listed=ordered[:LISTED_COUNT])

    def _answer(self, *sentences: str, listed: Sequence[ArticleSummary] = ()) -> Answer:
        """The sentences, then one line for each article listed, cited by its first sentence."""
        support = Support("supported", None, self._say("support"))
        articles = [article for one in listed if (article := self.archive.article(one.id))]
        citations = tuple(_opening(number, article) for number, article in enumerate(articles, start=1))
        lines = [self._described(citation.article) for citation in citations]
        text = " ".join(sentences) + "".join(
            f"\n- {line} [{citation.number}]" for line, citation in zip(lines, citations, strict=True)
        )
        told = [AnswerSentence(sentence, (), support) for sentence in sentences] + [
            AnswerSentence(line, (citation.number,), support) for line, citation in zip(lines, citations, strict=True)
        ]
        cited = {article.id for article in articles}
        return Answer(
            self.question.text,
            text,
            self.question.language,
            citations,
            tuple(passage for passage in self.passages if passage.article.id in cited),
            sentences=tuple(told),
            completed=self.question.completed,
            about_archive=True,
        )

    def _say(self, key: str, **values: object) -> str:
        return ARCHIVE_SAYS[self.question.language][key].format(**values)

    def _count(self, summaries: Sequence[ArticleSummary]) -> str:
        return self._say("one" if len(summaries) == 1 else "count", count=len(summaries))

    def _outlets(self, summaries: Sequence[ArticleSummary]) -> str:
        counts = Counter(one.source for one in summaries if one.source)
        if not counts:
            return self._say("no_outlets")
        named = ", ".join(f"{outlet} ({count})" for outlet, count in counts.most_common())
        return self._say("one_outlet" if len(counts) == 1 else "outlets", count=len(counts), named=named)

    def _languages(self, summaries: Sequence[ArticleSummary]) -> str:
        names = LANGUAGE_NAMES[self.question.language]
        counts = Counter(one.language for one in summaries)
        named = ", ".join(
            f"{names.get(code or '', code or names[''])} ({count})" for code, count in counts.most_common()
        )
        return self._say("languages", named=named)

    def _span(self, summaries: Sequence[ArticleSummary]) -> str:
        days = sorted(one.published for one in summaries if one.published)
        if not days:
            return self._say("no_dates")
        undated = len(summaries) - len(days)
        said = self._say("span", first=self._day(days[0]), last=self._day(days[-1]))
        return f"{said} {self._say('undated', count=undated)}" if undated else said

    def _described(self, article: Article) -> str:
        quoted = f"« {article.title} »" if self.question.language == "fr" else f"“{article.title}”"
        about = ", ".join(filter(None, (article.source, self._day(article.published))))
        return f"{quoted} ({about})" if about else quoted

    def _day(self, day: date | None) -> str:
        return written_date(day, self.question.language) if day else ""


def _published(summary: ArticleSummary) -> date:
    return summary.published or date.min


def _opening(number: int, article: Article) -> Citation:
    """The article's first sentence, as a citation."""
    first = split_sentences(article.text, article.language)[0]
    return Citation(number, article, first.start, first.end)

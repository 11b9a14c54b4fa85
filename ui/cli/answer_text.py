"""An answer becomes lines for a terminal: what was understood, what is said, what to doubt, what it rests on.

Everything but the archive's own words is in the question's language.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from rag.prompts import disagreement_sentence
from rag.records import Answer, AnswerSentence, Article, Citation, Disagreement, Side
from ui.cli.terminal_text import copies, described, outlet_date_language, place, shown
from ui.rendering.dating import written_period
from ui.rendering.languages import language_name
from ui.rendering.texts import colon, text

__all__ = ["answer_lines"]


def answer_lines(answer: Answer, today: date) -> Iterator[str]:
    """The answer and its sources, line by line; `today` dates their ages."""
    language = answer.language
    understood = list(_understood(answer))
    if understood:
        yield from (*understood, "")
    if answer.refused:
        yield f"∅ {text('refused', language)}"
    elif answer.about_archive:
        yield f"▤ {text('about_archive', language)}"
    yield shown(_said(answer))
    yield from (f"({shown(note)})" for note in answer.notes)
    for sentence in answer.sentences:
        if sentence.support.verdict != "supported":
            yield _mark(sentence, language)
    for disagreement in answer.disagreements:
        yield from ("", *_disagreement(disagreement, answer, today))
    if answer.citations:
        yield from ("", text("sources", language))
    for citation in answer.citations:
        yield from _source(citation, answer, today)
    if answer.refused and answer.nearest:
        yield from ("", text("nearest", language))
        for article in answer.nearest:
            yield f" - {described(article, today=today, language=language)}"
            yield f"   {place(article)}"


def _understood(answer: Answer) -> Iterator[str]:
    """What was read into the question; that dates can be left out is said here, where it is noticed."""
    language = answer.language
    if answer.completed is not None:
        yield f"{text('understood_as', language)} {shown(answer.completed)}"
    if answer.period is not None:
        period = shown(written_period(answer.period, language))
        way_out = text("ignore_dates", language, option="--ignore-dates")
        yield f"{text('preferred_period', language, period=period)} ({way_out})"


def _said(answer: Answer) -> str:
    """The answer's text without the sentences on what sources differ on, which are shown side by side instead."""
    said = answer.text
    for disagreement in answer.disagreements:
        said = said.replace(disagreement_sentence(disagreement, answer.citations, answer.language), "")
    return said.strip()


def _mark(sentence: AnswerSentence, language: str) -> str:
    """What is to be doubted of a sentence, and why."""
    support = sentence.support
    sign = "?" if support.verdict == "unchecked" else "!"
    numbers = "".join(f" [{number}]" for number in sentence.citations)
    reason = f" — {shown(support.reason)}" if support.reason else ""
    return f"{sign}{numbers} {text(support.verdict, language)}{colon(language)} «{shown(sentence.text)}»{reason}"


def _disagreement(disagreement: Disagreement, answer: Answer, today: date) -> Iterator[str]:
    language = answer.language
    citation_by_number = {citation.number: citation for citation in answer.citations}
    articles = {citation_by_number[side.citation].article.id for side in disagreement.sides}
    about = f"{colon(language)} {shown(disagreement.about)}" if disagreement.about else ""
    yield f"≠ {text('disagreement_within' if len(articles) == 1 else 'disagreement', language)}{about}"
    for side in disagreement.sides:
        yield f"    {_side(side, citation_by_number[side.citation].article, language, today)} [{side.citation}]"


def _side(side: Side, article: Article, language: str, today: date) -> str:
    source = outlet_date_language(article, today=today, language=language)
    return f"{shown(side.said)} — {source or shown(article.title)}"


def _source(citation: Citation, answer: Answer, today: date) -> Iterator[str]:
    language, article = answer.language, citation.article
    yield f" [{citation.number}] {described(article, today=today, language=language)}"
    is_other = article.language is not None and article.language != language
    label = f"{text('in_language', language, name=language_name(article.language or '', language))}{colon(language)} "
    opening, closing = ("«\u00a0", "\u00a0»") if language == "fr" else ("“", "”")
    yield f"     {label if is_other else ''}{opening}{shown(citation.quote)}{closing}"
    also_in = (passage for passage in answer.passages if passage.article.id == article.id and passage.copies)
    yield f"     {place(article)}{next(map(copies, also_in), '')}"

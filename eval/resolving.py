"""The rows of a questions file and an archive's articles → questions whose articles and evidence are known."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path, PurePath

from eval.errors import EvaluationError
from eval.question_sets import FOLLOWUP, STANDALONE, Evidence, Question, QuestionRow
from rag import Article
from rag.words import fold, words

__all__ = ["resolve_questions"]

# A part of an id that may be left out begins with one of these: «bbc.381790» names «bbc.381790.en».
_ID_BOUNDARIES = ".-_#/:"


def resolve_questions(path: Path, rows: Iterable[QuestionRow], articles: Sequence[Article]) -> tuple[Question, ...]:
    """The questions in each of their languages, their articles and evidence looked up among `articles`.

    A question that is asked in several languages gives one for each, with ids like «q1.en». Evidence that stands
    in none of the question's articles is left out. A follow-up gives its stand-alone form too, «q1.en.alone».

    Raises `EvaluationError` naming the line where no article is called what the question says.
    """
    article_by_id = {article.id: article for article in articles}
    text_words = {article.id: _folded_words(article.text) for article in articles}
    questions: list[Question] = []
    for row in rows:
        relevant = dict.fromkeys(id_ for name in row.articles for id_ in _named(path, row, name, articles))
        evidence = tuple(
            place
            for id_ in relevant
            for sentence in _evidence_for(row, article_by_id[id_])
            if (place := _find(sentence, article_by_id[id_], text_words[id_])) is not None
        )
        questions += _asked(row, relevant, evidence)
    return tuple(questions)


def _asked(row: QuestionRow, relevant: Iterable[str], evidence: tuple[Evidence, ...]) -> Iterator[Question]:
    for language, id_ in row.id_by_language.items():
        question = Question(
            id_,
            row.text_by_language[language],
            language,
            dict.fromkeys(relevant, 1),
            row.type,
            evidence,
            row.is_synthetic,
            row.kind,
            (row.accepted,) if row.accepted else (),
            row.first_by_language[language] if row.kind == FOLLOWUP else None,
        )
        yield question
        if row.kind == FOLLOWUP:
            alone = row.standalone_by_language[language]
            yield replace(question, id=f"{id_}.alone", text=alone, kind=STANDALONE, after=None)


def _named(path: Path, row: QuestionRow, name: str, articles: Sequence[Article]) -> list[str]:
    """Ids of the articles that `name` fits best: the id, then an id that goes on behind it, then the file's name."""
    fits: tuple[Callable[[Article], bool], ...] = (
        lambda article: article.id == name,
        lambda article: article.id.startswith(name) and article.id[len(name)] in _ID_BOUNDARIES,
        lambda article: article.path is not None and name in PurePath(article.path).name,
    )
    for fit in fits:
        found = [article.id for article in articles if fit(article)]
        if found:
            return found
    raise EvaluationError(
        f"'{path}' line {row.line}: no article is called «{name}»: give an id (`gazette list`) or a file's name."
    )


def _evidence_for(row: QuestionRow, article: Article) -> tuple[str, ...]:
    """The evidence in the article's language; all there is where either has no language."""
    if article.language in row.evidence_by_language:
        return row.evidence_by_language[article.language]
    return () if article.language else tuple(text for texts in row.evidence_by_language.values() for text in texts)


def _folded_words(text: str) -> tuple[list[str], list[int]]:
    found = words(text)
    return [fold(word.surface) for word in found], [word.start for word in found]


def _find(sentence: str, article: Article, article_words: tuple[list[str], list[int]]) -> Evidence | None:
    """Where the sentence's words stand in the article, whatever the quotation marks, spaces and accents."""
    sought = [fold(word.surface) for word in words(sentence)]
    folded, starts = article_words
    for first in range(len(folded) - len(sought) + 1 if sought else 0):
        if folded[first : first + len(sought)] == sought:
            last = words(sentence)[-1].surface
            return Evidence(article.id, starts[first], starts[first + len(sought) - 1] + len(last))
    return None

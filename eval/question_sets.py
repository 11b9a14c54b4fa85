"""Questions whose articles are known → what a run is measured by.

A question set is a JSONL file, one question a line:

    id               names the question in runs and reports
    q_en, q_fr, …    the question, in one language or several; each is asked on its own
    articles         the articles that answer it: a list of ids, file names or their beginnings (or `article`
                     or `story`, one of them); everything that a name fits counts as an answer
    type             optional: the kind of question, to report by («person», «number», …)
    evidence_en, …   optional: the sentences of the article that bear the answer out, by the article's language
    kind             optional: lines of another kind than «answerable» are left out
    synthetic        optional: true where no person wrote the question

Other keys are left alone, so one file can serve other tests as well. A BEIR folder is read by `eval.beir`.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import Any

from eval.errors import EvaluationError
from rag import Article
from rag.words import fold, words

__all__ = ["Evidence", "Question", "QuestionRow", "read_lines", "read_questions", "resolve_questions"]

# A part of an id that may be left out begins with one of these: «bbc.381790» names «bbc.381790.en».
_ID_BOUNDARIES = ".-_#/:"


@dataclass(frozen=True, slots=True)
class Evidence:
    """Where the words that bear an answer out stand: `text[start:end]` of the article."""

    article_id: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Question:
    """One question in one language; `relevance` is a grade from 1 by article id, higher is better."""

    id: str
    text: str
    language: str | None
    relevance: dict[str, int]
    type: str | None = None
    evidence: tuple[Evidence, ...] = ()
    is_synthetic: bool = False


@dataclass(frozen=True, slots=True)
class QuestionRow:
    """One line of a questions file, its articles not yet looked up."""

    line: int
    id: str
    text_by_language: dict[str, str]
    articles: tuple[str, ...]
    type: str | None
    evidence_by_language: dict[str, tuple[str, ...]]
    is_synthetic: bool

    @property
    def id_by_language(self) -> dict[str, str]:
        """What the question is called in each language: its id alone where there is but one."""
        if len(self.text_by_language) == 1:
            return dict.fromkeys(self.text_by_language, self.id)
        return {language: f"{self.id}.{language}" for language in self.text_by_language}


def read_questions(path: Path) -> list[QuestionRow]:
    """The answerable questions of a file, in its order.

    Raises `EvaluationError` naming the line and why, also for two lines with one id and for a file without any.
    """
    rows: list[QuestionRow] = []
    line_by_id: dict[str, int] = {}
    for line, record in read_lines(path):
        if record.get("kind", "answerable") != "answerable":
            continue
        try:
            row = _read_row(line, record)
        except ValueError as error:
            raise EvaluationError(f"'{path}' line {line}: {error}.") from error
        if row.id in line_by_id:
            raise EvaluationError(f"'{path}' line {line}: the id «{row.id}» stands in line {line_by_id[row.id]} too.")
        line_by_id[row.id] = line
        rows.append(row)
    if not rows:
        raise EvaluationError(f"'{path}' holds no answerable question: write one a line, as eval/README.md shows.")
    return rows


def read_lines(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    """The objects of a JSONL file with their line numbers, empty lines left out. Raises `EvaluationError`."""
    try:
        stream = path.open(encoding="utf-8-sig")
    except OSError as error:
        raise EvaluationError(f"'{path}' can't be read: {error.strerror}.") from error
    with stream:
        number = 0
        try:
            for number, line in enumerate(stream, start=1):
                if line.strip():
                    record = json.loads(line)
                    if not isinstance(record, dict):
                        raise EvaluationError(f"'{path}' line {number} is no JSON object: write {{\"id\": …}}.")
                    yield number, record
        except UnicodeDecodeError as error:
            raise EvaluationError(f"'{path}' is not UTF-8 after line {number}: save it as UTF-8.") from error
        except json.JSONDecodeError as error:
            raise EvaluationError(f"'{path}' line {number} is no JSON: {error.msg}, column {error.colno}.") from error


def resolve_questions(path: Path, rows: Iterable[QuestionRow], articles: Sequence[Article]) -> tuple[Question, ...]:
    """The questions in each of their languages, their articles and evidence looked up among `articles`.

    A question that is asked in several languages gives one for each, with ids like «q1.en». Evidence that stands
    in none of the question's articles is left out.

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
        for language, id_ in row.id_by_language.items():
            text, grades = row.text_by_language[language], dict.fromkeys(relevant, 1)
            questions.append(Question(id_, text, language, grades, row.type, evidence, row.is_synthetic))
    return tuple(questions)


def _read_row(line: int, record: dict[str, Any]) -> QuestionRow:
    """Raises `ValueError` saying what is missing or of the wrong kind."""
    id_ = record.get("id")
    if not isinstance(id_, str | int) or str(id_).split() != [str(id_)]:
        raise ValueError(f"the id {id_!r} is no word: give each question one, without spaces")
    texts = {key[2:]: text for key, text in record.items() if key.startswith("q_") and text}
    if not texts:
        raise ValueError(f"«{id_}» has no question: give it as q_en or q_fr")
    for language, text in texts.items():
        if not isinstance(text, str):
            raise ValueError(f"q_{language} of «{id_}» is no text")
    names = record.get("articles") or record.get("article") or record.get("story") or ()
    names = [names] if isinstance(names, str) else list(names)
    if not names or not all(isinstance(name, str) and name.strip() for name in names):
        raise ValueError(f"«{id_}» names no article: list the ids of those that answer it as articles")
    evidence = {
        key.removeprefix("evidence_"): (value,) if isinstance(value, str) else tuple(map(str, value or ()))
        for key, value in record.items()
        if key.startswith("evidence_")
    }
    kind = record.get("type")
    return QuestionRow(
        line, str(id_), texts, tuple(names), str(kind) if kind else None, evidence, bool(record.get("synthetic"))
    )


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

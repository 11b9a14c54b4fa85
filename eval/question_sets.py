"""A questions file → rows: what is asked, in which languages, and what would answer it.

One question a line:

    id               names the question in runs and reports
    q_en, q_fr, …    the question, in one language or several; each is asked on its own
    articles         the articles that answer it: a list of ids, file names or their beginnings (or `article`
                     or `story`, one of them); everything that a name fits counts as an answer
    type             optional: the kind of question, to report by («person», «number», …)
    a_en, a_fr, …    optional: what an answer may say, a list by the language it is said in (or `answer_en`, …;
                     `answer`: in any)
    evidence_en, …   optional: the sentences of the article that bear the answer out, by the article's language
    kind             optional: «answerable», «unanswerable» (no article answers, so none is named) or «followup»,
                     asked after `first_en`, … and on its own as `standalone_en`, …
    synthetic        optional: true where no person wrote the question

Other keys, and lines of another kind, are left alone, so one file can serve other tests as well. What the rows'
articles are is looked up by `eval.resolving`; a BEIR folder is read by `eval.beir`.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from eval.errors import EvaluationError

__all__ = [
    "ANSWERABLE",
    "ANSWER_KINDS",
    "ANY_LANGUAGE",
    "FOLLOWUP",
    "STANDALONE",
    "UNANSWERABLE",
    "Accepted",
    "Evidence",
    "Question",
    "QuestionRow",
    "read_lines",
    "read_questions",
]

ANSWERABLE, UNANSWERABLE, FOLLOWUP = "answerable", "unanswerable", "followup"
# What can be asked of an assistant; only the first, of a search.
ANSWER_KINDS = (ANSWERABLE, UNANSWERABLE, FOLLOWUP)
# The kind of a follow-up's stand-alone form, which makes a question of its own.
STANDALONE = "standalone"
ANY_LANGUAGE = "any"

# What an answer, or one part of it, may say, by the language that it is said in or for `ANY_LANGUAGE`.
Accepted = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Evidence:
    """Where the words that bear an answer out stand: `text[start:end]` of the article."""

    article_id: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Question:
    """One question in one language; `relevance` is a grade from 1 by article id, higher is better.

    `accepted` has what each part of the answer may say, one part as a rule; `after` is the question asked before.
    """

    id: str
    text: str
    language: str | None
    relevance: dict[str, int]
    type: str | None = None
    evidence: tuple[Evidence, ...] = ()
    is_synthetic: bool = False
    kind: str = ANSWERABLE
    accepted: tuple[Accepted, ...] = ()
    after: str | None = None

    @property
    def has_answer(self) -> bool:
        """Whether the archive that it is asked of is known to answer it."""
        return self.kind in (ANSWERABLE, FOLLOWUP, STANDALONE)


@dataclass(frozen=True, slots=True)
class QuestionRow:
    """One line of a questions file, its articles not yet looked up."""

    line: int
    id: str
    kind: str
    text_by_language: dict[str, str]
    articles: tuple[str, ...]
    type: str | None
    accepted: Accepted
    evidence_by_language: dict[str, tuple[str, ...]]
    first_by_language: dict[str, str]
    standalone_by_language: dict[str, str]
    is_synthetic: bool

    @property
    def id_by_language(self) -> dict[str, str]:
        """What the question is called in each language: its id alone where there is but one."""
        if len(self.text_by_language) == 1:
            return dict.fromkeys(self.text_by_language, self.id)
        return {language: f"{self.id}.{language}" for language in self.text_by_language}


def read_questions(path: Path, kinds: Collection[str] = (ANSWERABLE,)) -> list[QuestionRow]:
    """The questions of these kinds in a file, in its order.

    Raises `EvaluationError` naming the line and why, also for two lines with one id and for a file without any.
    """
    rows: list[QuestionRow] = []
    line_by_id: dict[str, int] = {}
    for line, record in read_lines(path):
        if record.get("kind", ANSWERABLE) not in kinds:
            continue
        try:
            row = _read_row(line, record)
        except ValueError as error:
            raise EvaluationError(f"'{path}' line {line}: {error}.") from error
        if row.id in line_by_id:
            raise EvaluationError(f"'{path}' line {line}: the id «{row.id}» stands in line {line_by_id[row.id]} too.")
        line_by_id[row.id] = line
        rows.append(row)
    if not any(row.kind == ANSWERABLE for row in rows) and set(kinds) == {ANSWERABLE}:
        raise EvaluationError(f"'{path}' holds no answerable question: write one a line, as eval/README.md shows.")
    if not rows:
        raise EvaluationError(f"'{path}' holds no question: write one a line, as eval/README.md shows.")
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


def _read_row(line: int, record: dict[str, Any]) -> QuestionRow:
    """Raises `ValueError` saying what is missing or of the wrong kind."""
    id_ = record.get("id")
    if not isinstance(id_, str | int) or str(id_).split() != [str(id_)]:
        raise ValueError(f"the id {id_!r} is no word: give each question one, without spaces")
    kind = str(record.get("kind", ANSWERABLE))
    texts = _texts(record, "q_", f"«{id_}»")
    if not texts:
        raise ValueError(f"«{id_}» has no question: give it as q_en or q_fr")
    names = record.get("articles") or record.get("article") or record.get("story") or ()
    names = [names] if isinstance(names, str) else list(names)
    if kind == UNANSWERABLE:
        names = []
    elif not names or not all(isinstance(name, str) and name.strip() for name in names):
        raise ValueError(f"«{id_}» names no article: list the ids of those that answer it as articles")
    firsts, standalones = (_texts(record, prefix, f"«{id_}»") for prefix in ("first_", "standalone_"))
    if kind == FOLLOWUP and not texts.keys() == firsts.keys() == standalones.keys():
        raise ValueError(f"the follow-up «{id_}» needs first_… and standalone_… in each language that it is asked in")
    type_ = record.get("type")
    return QuestionRow(
        line,
        str(id_),
        kind,
        texts,
        tuple(names),
        str(type_) if type_ else None,
        _accepted(record, str(id_)),
        {
            key.removeprefix("evidence_"): (value,) if isinstance(value, str) else tuple(map(str, value or ()))
            for key, value in record.items()
            if key.startswith("evidence_")
        },
        firsts,
        standalones,
        bool(record.get("synthetic")),
    )


def _texts(record: dict[str, Any], prefix: str, name: str) -> dict[str, str]:
    """The texts by language of keys that begin so."""
    texts = {key.removeprefix(prefix): text for key, text in record.items() if key.startswith(prefix) and text}
    for language, text in texts.items():
        if not isinstance(text, str):
            raise ValueError(f"{prefix}{language} of {name} is no text")
    return texts


def _accepted(record: dict[str, Any], id_: str) -> Accepted:
    found: dict[str, tuple[str, ...]] = {}
    for key, value in record.items():
        prefix, _, language = key.partition("_")
        if prefix in ("a", "answer"):
            strings = [value] if isinstance(value, str) else value
            if not isinstance(strings, list) or not all(isinstance(one, str) and one.strip() for one in strings):
                raise ValueError(f"{key} of «{id_}» is no list of texts: give what an answer may say")
            if strings:
                found[language or ANY_LANGUAGE] = tuple(strings)
    return found

"""Questions of the field that bring their documents along → questions, each with the few articles it is asked of.

    ALCE   a JSON list of {question, docs: [{title, text}], qa_pairs: [{short_answers}] (ASQA) or
           answers: [[…]] (QAMPARI)}: Gao et al. 2023, «Enabling Large Language Models to Generate Text with Citations»
    RGB    one JSON object a line, {query, answer, positive, negative}: Chen et al. 2024, «Benchmarking Large Language
           Models in Retrieval-Augmented Generation»

Of ALCE the first five documents are taken, as in its main table. Each question of RGB is asked several times, of five
documents: with more and more that say nothing to it (noise robustness), and of those alone, where it should be refused
(negative rejection); where `positive` holds lists, one for each part of the answer, of some of each part (information
integration). RGB's counterfactual documents are left alone: it asks whether a model contradicts them out of what it
knows, and an archive knows nothing else.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path
from typing import Any

from eval.errors import EvaluationError
from eval.question_sets import ANSWERABLE, ANY_LANGUAGE, UNANSWERABLE, Accepted, Question, read_lines
from rag import Article
from rag.language import detect_language

__all__ = ["PosedQuestion", "is_answer_set", "read_answer_set"]

# Documents that a question is asked of, in both papers' main tables.
DOCUMENT_COUNT = 5
# The shares of documents that say nothing to the question, RGB's tables 1 and 5.
NOISE_RATES = (0.0, 0.2, 0.4, 0.6, 0.8)
INTEGRATION_NOISE_RATES = (0.0, 0.2, 0.4)


@dataclass(frozen=True, slots=True)
class PosedQuestion:
    """A question and the only articles that it is asked of."""

    question: Question
    articles: tuple[Article, ...]


def is_answer_set(path: Path) -> bool:
    """Whether the file looks like one of ALCE or RGB."""
    if path.suffix not in (".json", ".jsonl") or not path.is_file():
        return False
    with path.open(encoding="utf-8-sig", errors="replace") as stream:
        start = stream.read(1)
        line = start + stream.readline()
    if start == "[":
        records = _alce_records(path)
        return bool(records) and isinstance(records[0], dict) and {"question", "docs"} <= records[0].keys()
    try:
        record = json.loads(line)
    except ValueError:
        return False
    return isinstance(record, dict) and {"query", "answer", "positive", "negative"} <= record.keys()


def read_answer_set(path: Path) -> tuple[PosedQuestion, ...]:
    """The questions of a file of either kind, in its order. Raises `EvaluationError` naming the line and why."""
    with path.open(encoding="utf-8-sig", errors="replace") as stream:
        is_alce = stream.read(1) == "["
    posed: list[PosedQuestion] = []
    for number, record in enumerate(_alce_records(path), start=1) if is_alce else read_lines(path):
        try:
            posed += [_alce_question(number, record)] if is_alce else _rgb_questions(number, record)
        except (KeyError, TypeError, ValueError) as error:
            place = "question" if is_alce else "line"
            missing = f"it has no {error}" if isinstance(error, KeyError) else str(error)
            raise EvaluationError(f"'{path}' {place} {number}: {missing}.") from error
    return tuple(posed)


def _alce_records(path: Path) -> list[Any]:
    try:
        records = json.loads(path.read_text("utf-8-sig"))
    except ValueError as error:
        raise EvaluationError(f"'{path}' is no JSON: {error}.") from error
    return records if isinstance(records, list) else []


def _alce_question(number: int, record: dict[str, Any]) -> PosedQuestion:
    id_ = f"q{number}"
    documents = [(str(doc.get("title", "")), str(doc["text"])) for doc in record["docs"][:DOCUMENT_COUNT]]
    parts = [pair["short_answers"] for pair in record.get("qa_pairs") or ()] or record.get("answers") or ()
    articles = _articles(id_, documents)
    return PosedQuestion(_question(id_, record["question"], _parts(parts), {}, None, ANSWERABLE), articles)


def _rgb_questions(number: int, record: dict[str, Any]) -> Iterator[PosedQuestion]:
    id_, text = f"q{record.get('id', number)}", record["query"]
    parts = _parts(record["answer"] if isinstance(record["answer"], list) else [record["answer"]])
    positive, negative = record["positive"], record["negative"]
    is_integration = bool(positive) and isinstance(positive[0], list)
    for rate in INTEGRATION_NOISE_RATES if is_integration else NOISE_RATES:
        right, wrong = _mixed(positive, negative, rate)
        if right:
            name = f"{'integration' if is_integration else 'noise'} {rate:g}"
            yield _posed(f"{id_}.{name.replace(' ', '')}", text, parts, (right, wrong), name)
    if len(negative) and not is_integration:
        yield _posed(f"{id_}.negative", text, parts, ([], negative[:DOCUMENT_COUNT]), None)


def _mixed(positive: Sequence[Any], negative: Sequence[str], rate: float) -> tuple[list[str], list[str]]:
    """Documents that answer and that don't, so many of five as the rate says or as there are."""
    wrong_count = math.ceil(DOCUMENT_COUNT * rate)
    if positive and isinstance(positive[0], list):
        # One of each part at least, then further ones by turns.
        in_turn = [document for row in zip_longest(*positive) for document in row if document is not None]
        right = in_turn[: max(len(positive), DOCUMENT_COUNT - wrong_count)]
    else:
        wrong_count = min(wrong_count, len(negative))
        right = list(positive[: DOCUMENT_COUNT - wrong_count])
    return right, list(negative[: max(0, DOCUMENT_COUNT - len(right))])


def _posed(
    id_: str, text: str, parts: tuple[Accepted, ...], documents: tuple[list[str], list[str]], type_: str | None
) -> PosedQuestion:
    right, wrong = documents
    articles = _articles(id_, [("", document) for document in (*right, *wrong)])
    relevance = {article.id: 1 for article in articles[: len(right)]}
    kind = ANSWERABLE if right else UNANSWERABLE
    return PosedQuestion(_question(id_, text, parts if right else (), relevance, type_, kind), articles)


def _question(
    id_: str, text: str, parts: tuple[Accepted, ...], relevance: dict[str, int], type_: str | None, kind: str
) -> Question:
    if not isinstance(text, str) or not text.strip():
        raise ValueError("it asks nothing")
    return Question(id_, text, detect_language(text), relevance, type_, kind=kind, accepted=parts)


def _parts(answers: Sequence[Any]) -> tuple[Accepted, ...]:
    """The parts of an answer; each a text, or a list of texts of which one is enough."""
    parts = [[part] if isinstance(part, str) else part for part in answers]
    if not all(
        part and isinstance(part, list) and all(isinstance(one, str) and one.strip() for one in part) for part in parts
    ):
        raise ValueError("an answer is no text, nor a list of texts")
    return tuple({ANY_LANGUAGE: tuple(part)} for part in parts)


def _articles(id_: str, documents: Sequence[tuple[str, str]]) -> tuple[Article, ...]:
    if not documents:
        raise ValueError("it has no document")
    return tuple(
        Article(f"{id_}.d{number}", title, text, language=detect_language(text))
        for number, (title, text) in enumerate(documents, start=1)
    )

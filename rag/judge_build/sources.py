"""The folder of open data → questions with the sentences that answer them, and claims with their premises.

The files are `reading/qa_*.jsonl.gz` (questions on paragraphs, with spans), `reading/sel_*.tsv.gz` (questions on
sentences), `inference/nli_*.tsv.gz` (premise, hypothesis, label) and `parallel/*.tsv.gz` (English, French). Which are
read, and under what licence each stands, is in this folder's README.md.
"""

from __future__ import annotations

import gzip
import hashlib
import itertools
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rag.sentences import split_sentences

__all__ = [
    "AskedOf",
    "Premised",
    "held_out",
    "read_inference",
    "read_paragraphs",
    "read_parallel",
    "read_selection",
]

# One in so many paragraphs is kept out of training, to measure on.
HELD_OUT_ONE_IN = 10
# A hypothesis may be any of these of its premise; where a source tells only two apart, one of several.
LABELS = {
    "entailment": frozenset({"entailment"}),
    "neutral": frozenset({"neutral"}),
    "contradiction": frozenset({"contradiction"}),
    "not_entailment": frozenset({"neutral", "contradiction"}),
    "not_contradiction": frozenset({"entailment", "neutral"}),
}


@dataclass(frozen=True, slots=True)
class AskedOf:
    """A question on a paragraph: its sentences, the indexes of those that hold an answer, and the answers' words.

    `source` is the name of its file.
    """

    question: str
    language: str
    sentences: tuple[str, ...]
    answering: tuple[int, ...]
    answers: tuple[str, ...]
    is_held_out: bool = False
    source: str = ""


@dataclass(frozen=True, slots=True)
class Premised:
    """A hypothesis and what its premise may say of it, of "entailment", "neutral" and "contradiction"."""

    premise: str
    premise_language: str
    hypothesis: str
    hypothesis_language: str
    labels: frozenset[str]


def held_out(paragraph: str) -> bool:
    """Whether a paragraph is kept out of training: the same ones in every file and every run."""
    return int(hashlib.sha256(paragraph.encode()).hexdigest(), 16) % HELD_OUT_ONE_IN == 0


def read_paragraphs(path: Path, language: str) -> Iterator[AskedOf]:
    """Questions in the manner of SQuAD, answerable or not; sentences are cut as the product cuts them."""
    with gzip.open(path, "rt", encoding="utf-8", newline="\n") as lines:
        for line in lines:
            record: dict[str, Any] = json.loads(line)
            paragraph = record["context"]
            spans = [span for span in split_sentences(paragraph, language) if paragraph[span.start : span.end].strip()]
            answers = [] if record.get("unanswerable") else record["answers"]
            at = {index for index, span in enumerate(spans) for a in answers if span.start <= a["start"] < span.end}
            if spans and (at or not answers):
                yield AskedOf(
                    record["question"],
                    language,
                    tuple(paragraph[span.start : span.end] for span in spans),
                    tuple(sorted(at)),
                    tuple(answer["text"] for answer in answers),
                    held_out(paragraph),
                    path.name.partition(".")[0],
                )


def read_selection(path: Path) -> Iterator[AskedOf]:
    """Questions on the sentences of a page, rows of question, sentence and 0 or 1; those without an answer left out."""
    for question, group in itertools.groupby(_rows(path, 3), key=lambda row: row[0]):
        rows = list(group)
        answering = tuple(index for index, row in enumerate(rows) if row[2] == "1")
        if answering:
            yield AskedOf(question, "en", tuple(row[1] for row in rows), answering, ())


def read_inference(path: Path, language: str, *, is_tokenised: bool = False) -> Iterator[Premised]:
    """The pairs of a file; `is_tokenised` where punctuation stands apart, which is mended."""
    clean = _joined if is_tokenised else str
    for premise, hypothesis, label in _rows(path, 3):
        if label in LABELS:
            yield Premised(clean(premise), language, clean(hypothesis), language, LABELS[label])


def read_parallel(path: Path) -> Iterator[tuple[str, str]]:
    """Sentences in English and in French."""
    yield from ((english, french) for english, french in _rows(path, 2))


def _rows(path: Path, columns: int) -> Iterator[list[str]]:
    with gzip.open(path, "rt", encoding="utf-8", newline="\n") as lines:
        for line in lines:
            row = line.rstrip("\n").split("\t")
            if len(row) == columns:
                yield row


_JOINTS = [
    (re.compile(pattern), joined)
    for pattern, joined in (
        (r"-LRB- ?", "("),
        (r" ?-RRB-", ")"),
        (r" ([.,;:!?%)\]])", r"\1"),
        (r"([(\[]) ", r"\1"),
        (r" n't\b", "n't"),
        (r" '(s|re|ve|d|ll|m)\b", r"'\1"),
        (r"`` ?", '"'),
        (r" ?''", '"'),
        (r" -- ", " – "),
    )
]


def _joined(text: str) -> str:
    """Tokenised text as it is written."""
    for pattern, joined in _JOINTS:
        text = pattern.sub(joined, text)
    return text

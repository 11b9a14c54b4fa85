"""Passages → the sentences of theirs that might answer a question."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from rag.kept_sentences import Place
from rag.orders import orders_a_model
from rag.records import Passage, Span
from rag.sentences import split_once

__all__ = ["Candidate", "find_candidates", "neighbours"]

# Sentences looked at. The right one is rarely further down: of 48 no more are answered.
CANDIDATE_COUNT = 32
# A line shorter than this that ends without a full stop is a heading.
HEADING_WORDS = 12


@dataclass(frozen=True, slots=True)
class Candidate:
    """A sentence that might answer, `passage.article.text[start:end]`."""

    passage: Passage
    start: int
    end: int

    @property
    def text(self) -> str:
        return self.passage.article.text[self.start : self.end]


def find_candidates(
    passages: Sequence[Passage], spans: Mapping[Place, tuple[Span, ...]] | None = None
) -> list[Candidate]:
    """The sentences of the passages, best passage first, at most `CANDIDATE_COUNT`; none that orders a model about.

    `spans` are where the sentences of some passages lie, as the archive keeps them; others are found.
    """
    known = spans or {}
    candidates = (
        Candidate(passage, span.start, span.end)
        for passage in passages
        for span in known.get((passage.article.id, passage.start, passage.end)) or _sentences(passage)
    )
    told = (c for c in candidates if not _is_heading(c.text) and not orders_a_model(c.text))
    return list(islice(told, CANDIDATE_COUNT))


def neighbours(candidates: Sequence[Candidate], index: int) -> list[int]:
    """The candidates before and after one in the same passage, and itself."""
    near = [index - 1, index, index + 1]
    passage = candidates[index].passage
    return [i for i in near if 0 <= i < len(candidates) and candidates[i].passage is passage]


def _sentences(passage: Passage) -> list[Span]:
    found = split_once(passage.text, passage.article.language)
    return [Span(passage.start + span.start, passage.start + span.end) for span in found]


def _is_heading(text: str) -> bool:
    """Whether a line is too short and open-ended to be a sentence: it can't answer by itself."""
    return len(text.split()) < HEADING_WORDS and not text.rstrip(' "”»)’').endswith((".", "!", "?", "…"))

"""A collection → what its questions are asked of: one archive, or of each question's own articles an archive.

A question of a set like RGB's is asked of its own few articles. With stories hidden, the questions about them should be
refused: the archive lacks what would answer.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from embeddings import Encoder, encoder_from
from eval.archives import archive_for, archive_without, draw_hidden
from eval.collection import Collection
from eval.question_sets import ANSWERABLE, Question
from eval.runs import Costs
from rag import Archive, Article
from rag.writing import ProgressCallback

__all__ = ["ABSENT", "Ground", "Hidden", "ground_for"]

# The kind of an answerable question whose story was hidden.
ABSENT = "absent"


@dataclass(frozen=True, slots=True)
class Hidden:
    """What share of the stories is hidden, drawn by the seed."""

    share: float = 0.0
    seed: int = 0


@dataclass(frozen=True, slots=True)
class Ground:
    """The questions and what they are asked of; `archive` is None where each has `articles_by_question` of its own."""

    name: str
    questions: tuple[Question, ...]
    encoder: Encoder
    costs: Costs
    language_by_article: dict[str, str | None]
    title_by_article: dict[str, str]
    archive: Archive | None = None
    articles_by_question: dict[str, tuple[Article, ...]] = field(default_factory=dict)

    @contextmanager
    def archive_for(self, question: Question) -> Iterator[Archive]:
        """The archive to ask the question of, for as long as the block runs."""
        if self.archive is not None:
            yield self.archive
            return
        with (
            tempfile.TemporaryDirectory(prefix="gazette-eval-") as folder,
            Archive.open(folder, encoder=self.encoder) as archive,
        ):
            archive.add(self.articles_by_question[question.id])
            yield archive


@contextmanager
def ground_for(
    collection: Collection, hidden: Hidden, encoder: str | None, base: Path, progress: ProgressCallback | None
) -> Iterator[Ground]:
    """The ground for the collection's questions; archives that it needs are made in `base` and removed behind."""
    if collection.posed:
        own = {posed.question.id: posed.articles for posed in collection.posed}
        every = [article for articles in own.values() for article in articles]
        languages, titles = ({a.id: a.language for a in every}, {a.id: a.title for a in every})
        questions = tuple(posed.question for posed in collection.posed)
        costs = Costs(len(every))
        yield Ground(
            collection.name, questions, encoder_from(encoder), costs, languages, titles, articles_by_question=own
        )
        return
    with archive_for(collection, encoder, base, progress) as (archive, costs):
        questions = collection.questions(archive)
        summaries = archive.summaries()
        languages, titles = ({s.id: s.language for s in summaries}, {s.id: s.title for s in summaries})
        ground = Ground(collection.name, questions, archive.encoder, costs, languages, titles, archive)
        if not hidden.share:
            yield ground
            return
        ids = draw_hidden(questions, hidden.share, hidden.seed)
        name = f"{collection.name}.hidden{100 * hidden.share:g}"
        with archive_without(ids, archive, base, progress) as (smaller, costs):
            yield replace(ground, name=name, questions=_hide(questions, ids), costs=costs, archive=smaller)


def _hide(questions: Sequence[Question], hidden: frozenset[str]) -> tuple[Question, ...]:
    """The questions, those about hidden articles without an answer now; their follow-ups are left out."""
    kept = []
    for question in questions:
        if hidden.isdisjoint(question.relevance):
            kept.append(question)
        elif question.kind == ANSWERABLE:
            kept.append(replace(question, kind=ABSENT, relevance={}, accepted=(), evidence=()))
    return tuple(kept)

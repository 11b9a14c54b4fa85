"""Questions with known answers → examples that `rag.extractive.weights` is fitted and judged on.

News: an article is a line with `_id`, `title`, `text`, `metadata.language`, `.source` and `.story`; a question one
with `id`, `kind` (answerable or unanswerable), `q_en`, `q_fr`, `story`, `a_en`, `a_fr` and `evidence_en`,
`evidence_fr`. Each question is asked of an archive of all the articles and of three that lack two fifths of the
stories, each other ones. A story may be told by several articles under names of their own: where its event is still
told by another one, leaving the story out leaves much of it in, and this is marked.
"""

from __future__ import annotations

import hashlib
import json
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from embeddings import Encoder
from eval.answer_measures import holds_accepted
from rag.archive import Archive
from rag.extractive.candidates import Candidate, find_candidates
from rag.extractive.evidence import describe, read_candidates
from rag.extractive.refusal import is_about_strangers
from rag.extractive.wording import Wording, read_wording
from rag.kept_sentences import KeptSentences
from rag.question import read_question
from rag.records import Article, Passage
from rag.words import normalise

__all__ = ["FOLD_COUNT", "Example", "find_siblings", "read_news"]

FOLD_COUNT = 5
PASSAGE_COUNT = 10
# Passages looked through for those of the stories that an archive is to hold; two fifths are left out.
SEARCHED_PASSAGES = 60
# All that these may have.
SEARCHED_SENTENCES = 10_000
# Stories are dealt into five parts; each of these archives lacks two of them.
PARTS = 5
LACKING_PARTS = ((0, 1), (2, 3), (4, 0))
# Cosine of the mean vectors of two articles' sentences, from which they tell of one event: read by eye, all but a few
# of the pairs above it do (one earthquake, one match, one hearing), and hardly any below.
SAME_EVENT = 0.7

Kind = Literal["answerable", "absent", "lacking", "unanswerable"]
Bools = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Example:
    """One question as asked of one archive, its candidates described as `rag.extractive` does.

    `kind` is "answerable"; "absent", its story is not in the archive; "lacking", as if no article held an accepted
    answer; or "unanswerable", written so. `is_answer` marks the candidates that hold an accepted answer,
    `is_evidence` those that do and that the question's author named, `is_right_article` those of its story.
    `is_told_elsewhere` is of an absent story: another article that is there tells of its event. `is_about_strangers`
    is that of `rag.extractive.refusal`; `log_odds` are the reader's, where it has read them.
    """

    setting: str
    is_whole: bool
    kind: Kind
    fold: int
    wording: Wording
    features: NDArray[np.float32]
    is_answer: Bools
    is_evidence: Bools
    is_right_article: Bools
    is_about_strangers: bool = False
    is_told_elsewhere: bool = False
    log_odds: NDArray[np.float32] | None = None

    @property
    def candidates(self) -> Sequence[Candidate]:
        return self.wording.candidates


@dataclass(frozen=True, slots=True)
class _Known:
    """A question and what is known of its answer: accepted answers, and the evidence, by the article's language.

    `siblings` are the other stories that tell of the same event.
    """

    text: str
    story: str
    fold: int
    answers: dict[str, tuple[str, ...]]
    evidence: dict[str, tuple[str, ...]]
    story_by_article: dict[str, str]
    siblings: frozenset[str]


@dataclass(frozen=True, slots=True)
class _Found:
    """What a question found, and what describes it."""

    passages: list[Passage]
    kept: KeptSentences
    encoder: Encoder


def read_news(setting: str, questions: Sequence[dict[str, Any]], encoder: Encoder) -> Iterator[Example]:
    """Every question of a setting: an articles file and the language that it is asked in, as articles.jsonl:en."""
    path, _, language = setting.rpartition(":")
    rows = [json.loads(line) for line in Path(path).read_text(encoding="utf-8").split("\n") if line]
    story_by_article = {row["_id"]: row["metadata"]["story"] for row in rows}
    siblings = find_siblings([_article(row) for row in rows], story_by_article, encoder)
    name = f"{Path(path).name}:{language}"
    with _archive([_article(row) for row in rows], encoder) as archive:
        for question in questions:
            if question["kind"] not in ("answerable", "unanswerable"):
                continue
            story = question.get("story", question["id"])
            known = _Known(
                question[f"q_{language}"],
                story,
                _part(story, "fold", FOLD_COUNT),
                _by_language(question, "a"),
                _by_language(question, "evidence"),
                story_by_article,
                siblings.get(story, frozenset()),
            )
            passages = archive.search(known.text, limit=SEARCHED_PASSAGES)
            found = _Found(passages, archive.kept_sentences(passages, limit=SEARCHED_SENTENCES), encoder)
            yield from _asked_of_all(name, question["kind"], known, found)
            if question["kind"] == "answerable":
                yield from _asked_of_some(name, known, found)


def _by_language(question: dict[str, Any], key: str) -> dict[str, tuple[str, ...]]:
    return {language: tuple(question.get(f"{key}_{language}", ())) for language in ("en", "fr")}


def _asked_of_all(setting: str, kind: Kind, known: _Known, found: _Found) -> Iterator[Example]:
    for example in _asked_of(
        setting, True, kind, known, found, find_candidates(found.passages[:PASSAGE_COUNT], found.kept.spans)
    ):
        yield example
        if kind == "answerable":
            silent = [c for c, holds in zip(example.candidates, example.is_answer, strict=True) if not holds]
            yield from _asked_of(setting, True, "lacking", known, found, silent)


def _asked_of_some(setting: str, known: _Known, found: _Found) -> Iterator[Example]:
    for lacking in LACKING_PARTS:
        here = [p for p in found.passages if _part(known.story_by_article[p.article.id], "part", PARTS) not in lacking]
        is_absent = _part(known.story, "part", PARTS) in lacking
        is_told_elsewhere = is_absent and any(_part(story, "part", PARTS) not in lacking for story in known.siblings)
        kind: Kind = "absent" if is_absent else "answerable"
        for example in _asked_of(setting, False, kind, known, found, find_candidates(_ranked(here), found.kept.spans)):
            yield replace(example, is_told_elsewhere=is_told_elsewhere)


def _asked_of(
    setting: str, is_whole: bool, kind: Kind, known: _Known, found: _Found, candidates: Sequence[Candidate]
) -> Iterator[Example]:
    """The question with its candidates, where there are any."""
    if not candidates:
        return
    question = read_question(known.text)
    wording = read_wording(question, candidates)
    read = read_candidates(candidates, found.encoder, found.kept.read)
    is_answer = np.array([_holds(c, known.answers) for c in candidates], bool)
    yield Example(
        setting,
        is_whole,
        kind,
        known.fold,
        wording,
        describe(wording, read, found.encoder),
        is_answer,
        is_answer & np.array([_is_evidence(c, known.evidence) for c in candidates], bool),
        np.array([known.story_by_article[c.passage.article.id] == known.story for c in candidates], bool),
        is_about_strangers(question, read, found.encoder),
    )


def _ranked(passages: Sequence[Passage]) -> list[Passage]:
    """The first of the passages, ranks told anew."""
    return [replace(passage, rank=rank) for rank, passage in enumerate(passages[:PASSAGE_COUNT], start=1)]


def _part(story: str, purpose: str, parts: int) -> int:
    return int(hashlib.sha256(f"{purpose} {story}".encode()).hexdigest(), 16) % parts


@contextmanager
def _archive(articles: Sequence[Article], encoder: Encoder) -> Iterator[Archive]:
    with tempfile.TemporaryDirectory() as folder, Archive.open(folder, encoder=encoder) as archive:
        archive.add(articles)
        yield archive


def _article(row: dict[str, Any]) -> Article:
    about = row["metadata"]
    return Article(row["_id"], row["title"], row["text"], source=about["source"], language=about["language"])


def find_siblings(
    articles: Sequence[Article], story_by_article: dict[str, str], encoder: Encoder
) -> dict[str, frozenset[str]]:
    """Of each story, the others that tell of its event."""
    vectors = np.array([_mean_vector(article, encoder) for article in articles])
    is_near = np.einsum("id,jd->ij", vectors, vectors) >= SAME_EVENT
    stories = [story_by_article[article.id] for article in articles]
    return {
        story: frozenset(other for other, near in zip(stories, row, strict=True) if near and other != story)
        for story, row in zip(stories, is_near, strict=True)
    }


def _mean_vector(article: Article, encoder: Encoder) -> NDArray[np.float32]:
    lines = [line for line in (article.title, *article.text.split("\n")) if line.strip()]
    mean = encoder.encode_passages([encoder.as_read(line, article.language) for line in lines]).mean(axis=0)
    return np.asarray(mean / np.linalg.norm(mean), np.float32)


def _holds(candidate: Candidate, answers: dict[str, tuple[str, ...]]) -> bool:
    return holds_accepted(candidate.text, answers, [candidate.passage.article.language])


def _is_evidence(candidate: Candidate, evidence: dict[str, tuple[str, ...]]) -> bool:
    text = normalise(candidate.text)
    named = (normalise(sentence) for sentence in evidence.get(candidate.passage.article.language or "", ()))
    return any(sentence in text or text in sentence for sentence in named)

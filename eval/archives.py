"""A collection → the archives that its questions are asked of, and what indexing them took.

An archive is measured where it is, when it has the encoder asked for; anything else is made into one for the run,
which is removed when it is over. A run that was killed goes on with what is there.
"""

from __future__ import annotations

import json
import random
import shutil
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import Any

from embeddings import encoder_from
from eval.collection import Collection
from eval.errors import EvaluationError
from eval.question_sets import ANSWERABLE, Question
from eval.runs import Costs
from eval.surroundings import code_fingerprint
from rag import Archive
from rag.writing import ProgressCallback

__all__ = ["archive_for", "archive_without", "draw_hidden"]

_ARCHIVES_FOLDER = ".archives"
_BUILT_FILE = "built.json"


@contextmanager
def archive_for(
    collection: Collection, encoder: str | None, base: Path, progress: ProgressCallback | None
) -> Iterator[tuple[Archive, Costs]]:
    """The collection's own archive where it has the encoder, else one made in `base` for as long as the block runs."""
    own = Archive.open(collection.source, create=False) if collection.is_archive else None
    try:
        if own and (encoder is None or encoder_from(encoder).fingerprint == own.encoder.fingerprint):
            yield own, _costs(own, None)
            return
        wanted = encoder_from(encoder)
        key = [collection.articles_fingerprint, wanted.fingerprint]
        with _made(own.articles() if own else [collection.source], encoder, key, base, progress) as made:
            yield made
    finally:
        if own:
            own.close()


@contextmanager
def archive_without(
    hidden: Iterable[str], archive: Archive, base: Path, progress: ProgressCallback | None
) -> Iterator[tuple[Archive, Costs]]:
    """An archive of the same encoder and articles but the hidden ones, made in `base` for as long as the block runs."""
    ids = set(hidden)
    kept = [article for article in archive.articles() if article.id not in ids]
    key = [archive.encoder.fingerprint, *sorted(article.id for article in kept)]
    with _made(kept, archive.encoder, key, base, progress) as made:
        yield made


def draw_hidden(questions: Sequence[Question], share: float, seed: int) -> frozenset[str]:
    """Ids of the articles of so large a share of the stories, drawn by the seed.

    A story is what one question is answered by, and whatever shares an article with it. Articles that no question
    is about are never hidden.
    """
    story_by_article: dict[str, set[str]] = {}
    for question in questions:
        if question.kind == ANSWERABLE:
            story = set(question.relevance).union(*(story_by_article.get(id_, ()) for id_ in question.relevance))
            story_by_article |= dict.fromkeys(story, story)
    stories = sorted({tuple(sorted(story)) for story in story_by_article.values()})
    random.Random(seed).shuffle(stories)
    return frozenset(id_ for story in stories[: round(share * len(stories))] for id_ in story)


@contextmanager
def _made(
    sources: Sequence[Any], encoder: Any, key: Sequence[str], base: Path, progress: ProgressCallback | None
) -> Iterator[tuple[Archive, Costs]]:
    name = sha256(json.dumps([*key, code_fingerprint()]).encode()).hexdigest()[:16]
    folder = base / _ARCHIVES_FOLDER / name
    with Archive.open(folder / "archive", encoder=encoder) as archive:
        seconds = _build(archive, sources, folder / _BUILT_FILE, progress)
        yield archive, _costs(archive, seconds)
    shutil.rmtree(folder)
    if not any(folder.parent.iterdir()):
        folder.parent.rmdir()


def _build(archive: Archive, sources: Sequence[Any], built: Path, progress: ProgressCallback | None) -> float | None:
    """Adds the articles; seconds taken, None where that was done in several goes."""
    if built.exists():
        seconds: float | None = json.loads(built.read_text("utf-8"))
        return seconds
    is_resumed = archive.info().articles > 0
    started = time.perf_counter()
    report = archive.add(sources, progress=progress)
    seconds = time.perf_counter() - started
    if report.failed:
        failure = report.failed[0]
        raise EvaluationError(
            f"'{failure.origin}' can't be read: {failure.reason}. Mend it, or `gazette add` what can be read to an "
            "archive, and give that."
        )
    built.write_text(json.dumps(None if is_resumed else seconds), encoding="utf-8")
    return None if is_resumed else seconds


def _costs(archive: Archive, index_seconds: float | None) -> Costs:
    info = archive.info()
    size = info.store_bytes + info.dense_bytes + info.lexical_bytes
    return Costs(info.articles, info.chunks, index_seconds, size)

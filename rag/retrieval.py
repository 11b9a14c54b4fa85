"""Question → passages: what the dense and the lexical index find, fused, neighbours merged.

Fusion adds scores, not ranks: the cosine says how near in meaning a chunk is, the lexical share how much of the
question's wording it holds, and both keep their scale whatever the archive's size. (Bruch, Gai and Ingber 2023,
«An Analysis of Fusion Functions for Hybrid Retrieval», find such a sum better than rank fusion.) French is read
in English gloss as well as in French, so that a question finds articles in either language.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from embeddings import Encoder, Hit, in_english
from embeddings.beside import beside
from rag.lexical import FIELDS, Field
from rag.periods import TimePreference, preferences
from rag.question import Question, read_question
from rag.records import Article, Filters, Passage
from rag.retrieval_weights import LEXICAL_WEIGHTS
from rag.snapshot import Snapshot
from rag.store_view import ChunkPlace

__all__ = ["ChunkEvidence", "SearchSettings", "find_passages", "gather_evidence"]

# Chunks taken from each index, before every index scores them all.
CANDIDATE_COUNT = 100
# What a lexical share (0 to 1) weighs beside the cosine where question and chunk are in a language without weights
# of its own (`rag.retrieval_weights`); nothing was measured there.
LEXICAL_WEIGHTS_OTHER: dict[Field, float] = {"other": 0.4}
# What an article of the very time asked for is worth beside the cosine. Of 24 dated questions to the sample archive
# the right article comes first for 5 without it, 12 at .1, 17 at .2 and 20 at .3; its other questions lose none.
TIME_WEIGHT = 0.2
# Chunks in a passage at most: more is no longer an exact place.
PASSAGE_CHUNKS = 3
# A neighbour joins a passage when it scores at least this share of the passage's best chunk.
NEIGHBOUR_SHARE = 0.8


@dataclass(frozen=True, slots=True)
class SearchSettings:
    """Which evidence a search weighs; the defaults are the product's own. For measuring one kind without the other.

    Without `gloss` French is read as it stands: for archives whose encoder has no gloss either (`PLAIN_ENCODER`).

    Raises `ValueError` where every kind is left out.
    """

    dense: bool = True
    lexical: bool = True
    gloss: bool = True

    def __post_init__(self) -> None:
        if not (self.dense or self.lexical):
            raise ValueError("A search needs dense or lexical evidence: leave one of them on.")


@dataclass(frozen=True, slots=True)
class ChunkEvidence:
    """What speaks for a chunk: the cosine, and its lexical shares (0 to 1) by field, those that are not 0."""

    place: ChunkPlace
    dense: float
    lexical: dict[Field, float]


@dataclass(frozen=True, slots=True)
class _Scored:
    """A chunk, and how well it fits the question."""

    place: ChunkPlace
    score: float


@dataclass(frozen=True, slots=True)
class _Run:
    """Neighbouring chunks of one article that become a passage; `score` is that of the best."""

    places: tuple[ChunkPlace, ...]
    score: float

    @property
    def article_id(self) -> str:
        return self.places[0].article_id


def find_passages(
    snapshot: Snapshot,
    encoder: Encoder,
    question: str,
    *,
    limit: int,
    filters: Filters,
    settings: SearchSettings,
    time: TimePreference | None = None,
) -> list[Passage]:
    """The passages for a question, best first, at most `limit`, near copies of an article merged into one.

    Articles of the `time` preferred score more; none is left out for another.

    Raises `QuestionError` for what is no question.
    """
    asked = read_question(question)
    evidence = gather_evidence(snapshot, encoder, asked, filters, settings)
    scored = [_Scored(one.place, _fused_score(asked.language, one, settings)) for one in evidence]
    ranked = _merge_neighbours(_preferring(scored, time) if time else scored)
    chosen, copies_by_id = _without_copies(snapshot, ranked, limit)
    articles = snapshot.articles(run.article_id for run in chosen)
    return [
        Passage(
            articles[run.article_id],
            run.places[0].start,
            run.places[-1].end,
            run.score,
            rank,
            copies_by_id.get(run.article_id, ()),
        )
        for rank, run in enumerate(chosen, start=1)
    ]


def _without_copies(
    snapshot: Snapshot, ranked: Sequence[_Run], limit: int
) -> tuple[list[_Run], dict[str, tuple[Article, ...]]]:
    """The first `limit` runs, none of whose articles is a near copy of one before it; and the copies by article id."""
    chosen: list[_Run] = []
    copies_by_id: dict[str, tuple[Article, ...]] = {}
    told: set[str] = set()  # articles of which a better-placed copy was taken
    for first in range(0, len(ranked), limit):  # in parts: copies come with their texts, and few are needed
        runs = ranked[first : first + limit]
        copies_by_id |= snapshot.copies({run.article_id for run in runs} - copies_by_id.keys())
        for run in runs:
            if run.article_id in told:
                continue
            told.update(copy.id for copy in copies_by_id.get(run.article_id, ()))
            chosen.append(run)
            if len(chosen) == limit:
                return chosen, copies_by_id
    return chosen, copies_by_id


def _preferring(scored: Sequence[_Scored], time: TimePreference) -> list[_Scored]:
    near = preferences([one.place.published for one in scored], time)
    return [replace(one, score=one.score + TIME_WEIGHT * share) for one, share in zip(scored, near, strict=True)]


def gather_evidence(
    snapshot: Snapshot, encoder: Encoder, question: Question, filters: Filters, settings: SearchSettings
) -> list[ChunkEvidence]:
    """The candidates of every index, each scored by every index, whichever of them found it; in no order."""
    read = encoder.as_read(question.query, question.language) if settings.gloss else question.query
    # Found by meaning while its words are looked up: neither the encoder nor the index holds up a thread of Python.
    nearest = beside(_nearest, snapshot, encoder, read, filters) if settings.dense else None
    query_by_field = _query_by_field(question, settings) if settings.lexical else {}
    lexical = {
        field: {hit.id: hit.score for hit in snapshot.lexical_hits(query, field, CANDIDATE_COUNT, filters)}
        for field, query in query_by_field.items()
    }
    dense = dict.fromkeys((id_ for found in lexical.values() for id_ in found), 0.0)
    places = snapshot.places(dense)
    if nearest is not None:
        query_embedding, found = nearest.result()
        found = snapshot.dense_hits(query_embedding, CANDIDATE_COUNT, filters) if found is None else found
        hits = {hit.id: hit.score for hit in found}
        places += snapshot.places(hits.keys() - dense.keys())
        dense = hits | snapshot.dense_scores(query_embedding, dense.keys() - hits.keys())
    for field, query in query_by_field.items():
        lexical[field] |= snapshot.lexical_scores(query, field, dense.keys() - lexical[field].keys())
    return [
        ChunkEvidence(
            place,
            dense[place.id],
            {field: found[place.id] for field, found in lexical.items() if found.get(place.id)},
        )
        for place in places
    ]


def _nearest(
    snapshot: Snapshot, encoder: Encoder, read: str, filters: Filters
) -> tuple[NDArray[np.float32], list[Hit] | None]:
    """The question's vector, and what is nearest to it; None where filters ask SQLite, which is for one thread."""
    query_embedding = encoder.encode_queries([read])[0]
    return query_embedding, snapshot.dense_hits(query_embedding, CANDIDATE_COUNT) if filters == Filters() else None


def _query_by_field(question: Question, settings: SearchSettings) -> dict[Field, str]:
    if not settings.gloss:
        return dict.fromkeys(FIELDS, question.query)
    # French words are sought in gloss alone: beside it they weigh nothing (`eval.fit_retrieval`).
    return {"en": in_english(question.query, question.language), "other": question.query}


def _fused_score(question_language: str, evidence: ChunkEvidence, settings: SearchSettings) -> float:
    chunk_language = evidence.place.language or ""
    weights = LEXICAL_WEIGHTS.get((question_language, chunk_language), LEXICAL_WEIGHTS_OTHER)
    if not settings.gloss:  # the chunk's own words alone, for all that the pair's fields weigh together
        own: Field = "en" if chunk_language == "en" else "fr" if chunk_language == "fr" else "other"
        weights = {own: sum(weights.values())}
    return evidence.dense + sum(weight * evidence.lexical.get(field, 0.0) for field, weight in weights.items())


def _merge_neighbours(scored: Sequence[_Scored]) -> list[_Run]:
    """Every chunk in one run, runs best first: the best chunk takes in its good neighbours before others do."""
    free = {(one.place.article_id, one.place.position): one for one in scored}
    runs: list[_Run] = []
    for best in sorted(scored, key=lambda one: (-one.score, one.place.article_id, one.place.position)):
        article_id, position = best.place.article_id, best.place.position
        if free.pop((article_id, position), None) is None:
            continue
        run = [best.place]
        least = NEIGHBOUR_SHARE * best.score
        while len(run) < PASSAGE_CHUNKS:
            beside = [(article_id, run[0].position - 1), (article_id, run[-1].position + 1)]
            neighbour = max((free[place] for place in beside if place in free), key=_score, default=None)
            if neighbour is None or neighbour.score < least:
                break
            del free[article_id, neighbour.place.position]
            run = sorted([*run, neighbour.place], key=lambda place: place.position)
        runs.append(_Run(tuple(run), best.score))
    return runs


def _score(one: _Scored) -> float:
    return one.score

"""Question → passages: what the dense and the lexical index find, fused, neighbours merged.

Fusion adds scores, not ranks: the cosine says how near in meaning a chunk is, the lexical share how much of the
question's wording it holds, and both keep their scale whatever the archive's size. (Bruch, Gai and Ingber 2023,
«An Analysis of Fusion Functions for Hybrid Retrieval», find such a sum better than rank fusion, and one weight
enough.) The lexical weight is higher for chunks in other languages than the encoder's own.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from embeddings import Encoder
from rag.question import read_question
from rag.records import Chunk, Filters, Passage
from rag.snapshot import Snapshot

__all__ = ["find_passages"]

# Chunks taken from each index. On the development questions 50 lose nothing against all chunks.
CANDIDATE_COUNT = 100
# Weight of the lexical share (0 to 1) beside the cosine, by the chunk's language.
LEXICAL_WEIGHT_ENGLISH = 0.6
LEXICAL_WEIGHT_OTHER = 1.2
# What the article's best other chunk adds to a passage: an article with two good chunks is about the subject.
ARTICLE_WEIGHT = 0.3
# Chunks in a passage at most: more is no longer an exact place.
PASSAGE_CHUNKS = 3
# A neighbour joins a passage when it scores at least this share of the passage's best chunk.
NEIGHBOUR_SHARE = 0.8


@dataclass(frozen=True, slots=True)
class _Run:
    """Neighbouring chunks of one article that become a passage; `score` is that of the best."""

    chunks: tuple[Chunk, ...]
    score: float


def find_passages(
    snapshot: Snapshot, encoder: Encoder, question: str, *, limit: int, filters: Filters
) -> list[Passage]:
    """The passages for a question, best first, at most `limit`, near copies of an article merged into one.

    Raises `QuestionError` for what is no question.
    """
    query = read_question(question).query
    score_by_chunk_id = _fused_scores(snapshot, encoder, query, filters)
    chunk_by_id = snapshot.chunks(score_by_chunk_id)
    score_by_chunk = {chunk_by_id[id_]: score for id_, score in score_by_chunk_id.items()}
    ranked = _merge_neighbours(_with_article_evidence(score_by_chunk))
    copies_by_article_id = snapshot.copies({run.chunks[0].article.id for run in ranked})
    passages: list[Passage] = []
    told: set[str] = set()  # articles of which a better-placed copy was taken
    for run in ranked:
        article = run.chunks[0].article
        copies = copies_by_article_id.get(article.id, ())
        if article.id in told:
            continue
        told.update(copy.id for copy in copies)
        start, end = run.chunks[0].start, run.chunks[-1].end
        passages.append(Passage(article, start, end, run.score, len(passages) + 1, copies))
        if len(passages) == limit:
            break
    return passages


def _fused_scores(snapshot: Snapshot, encoder: Encoder, query: str, filters: Filters) -> dict[int, float]:
    """Fused score by chunk id; both indexes score every candidate, whichever of them found it."""
    query_embedding = encoder.encode_queries([query])[0]
    dense = {hit.id: hit.score for hit in snapshot.dense_hits(query_embedding, CANDIDATE_COUNT, filters)}
    lexical = {hit.id: hit.score for hit in snapshot.lexical_hits(query, CANDIDATE_COUNT, filters)}
    dense |= snapshot.dense_scores(query_embedding, lexical.keys() - dense.keys())
    lexical |= snapshot.lexical_scores(query, dense.keys() - lexical.keys())
    language_by_id = {id_: chunk.article.language for id_, chunk in snapshot.chunks(dense).items()}
    return {
        id_: score + _lexical_weight(language_by_id[id_]) * lexical.get(id_, 0.0)
        for id_, score in dense.items()
        if id_ in language_by_id
    }


def _lexical_weight(language: str | None) -> float:
    return LEXICAL_WEIGHT_ENGLISH if language == "en" else LEXICAL_WEIGHT_OTHER


def _merge_neighbours(score_by_chunk: dict[Chunk, float]) -> list[_Run]:
    """Every chunk in one run, runs best first: the best chunk takes in its good neighbours before others do."""
    by_place = {(chunk.article.id, chunk.position): chunk for chunk in score_by_chunk}
    taken: set[Chunk] = set()
    runs: list[_Run] = []
    for chunk in sorted(score_by_chunk, key=lambda chunk: (-score_by_chunk[chunk], chunk.article.id, chunk.position)):
        if chunk in taken:
            continue
        run = [chunk]
        least = NEIGHBOUR_SHARE * score_by_chunk[chunk]
        while len(run) < PASSAGE_CHUNKS:
            beside = [(chunk.article.id, run[0].position - 1), (chunk.article.id, run[-1].position + 1)]
            free = [by_place[place] for place in beside if place in by_place and by_place[place] not in taken]
            best = max(free, key=lambda neighbour: score_by_chunk[neighbour], default=None)
            if best is None or score_by_chunk[best] < least:
                break
            run = sorted([*run, best], key=lambda chunk: chunk.position)
        taken.update(run)
        runs.append(_Run(tuple(run), score_by_chunk[chunk]))
    return runs


def _with_article_evidence(score_by_chunk: dict[Chunk, float]) -> dict[Chunk, float]:
    """Scores with what the best other chunk of the same article adds."""
    scores_by_article: dict[str, list[float]] = defaultdict(list)
    for chunk, score in score_by_chunk.items():
        scores_by_article[chunk.article.id].append(score)
    two_best = {id_: (*sorted(scores, reverse=True), 0.0)[:2] for id_, scores in scores_by_article.items()}
    raised: dict[Chunk, float] = {}
    for chunk, score in score_by_chunk.items():
        best, second = two_best[chunk.article.id]
        raised[chunk] = score + ARTICLE_WEIGHT * (second if score == best else best)
    return raised

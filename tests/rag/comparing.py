"""Two archives compared by what is in them and what they find, whatever numbers their chunks have."""

from __future__ import annotations

from rag.archive import Archive
from rag.records import Article
from rag.store_view import StoreView
from tests.rag.invented import QUESTIONS

__all__ = ["contents", "findings"]

Finding = tuple[str, int, int, float]


def contents(archive: Archive) -> dict[str, tuple[Article, str | None, list[tuple[int, int]], list[bytes]]]:
    """By article id: the article, its group of near copies, where its chunks lie, and their vectors."""
    with archive._store.read() as view:
        groups = {summary.id: summary.copy_group for summary in view.summaries()}
        return {
            article.id: (article, groups[article.id], *_chunks_and_vectors(view, article.id))
            for article in view.articles()
        }


def findings(archive: Archive, limit: int = 10) -> dict[str, list[Finding]]:
    """For each question what is found, in order: article id, place and score, to the last bit."""
    return {
        question: [
            (passage.article.id, passage.start, passage.end, passage.score)
            for passage in archive.search(question, limit=limit)
        ]
        for question in QUESTIONS
    }


def _chunks_and_vectors(view: StoreView, article_id: str) -> tuple[list[tuple[int, int]], list[bytes]]:
    rows = view.query(
        "SELECT c.start, c.end, v.vector FROM articles a JOIN chunks c ON c.article = a.number "
        "JOIN vectors v ON v.chunk = c.id JOIN state s ON s.encoder = v.encoder WHERE a.id = ? ORDER BY c.position",
        article_id,
    )
    return [(start, end) for start, end, _ in rows], [vector for _, _, vector in rows]

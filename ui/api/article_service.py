"""The articles of an archive over HTTP: listed, shown, added and removed."""

from __future__ import annotations

import asyncio
from typing import Annotated, Any

from fastapi import FastAPI, Query, Request
from fastapi.responses import Response
from starlette.concurrency import run_in_threadpool

from rag import AddReport, Archive
from rag.records import Article, Record
from ui.api.json_models import record_model
from ui.api.service_records import ArticleQuery, ArticlesFound, ArticlesToAdd, ErrorReport
from ui.rendering.json_output import as_json_bytes
from ui.server.problems import Problem, problem_response

__all__ = ["add_article_routes"]

_MISSING: dict[int | str, dict[str, Any]] = {404: {"model": ErrorReport, "description": "No article has this id"}}


def add_article_routes(service: FastAPI, archive: Archive) -> None:
    """Lets the service list, show, add and remove articles."""
    # One writes, the next wait without a thread: the archive has one writer, and threads are for those who read.
    changing = asyncio.Lock()

    @service.get("/articles", response_model=ArticlesFound)
    def list_articles(asked: Annotated[ArticleQuery, Query()]) -> Response:
        """Lists the articles that pass the filters, without their texts."""
        page = archive.summary_page(asked.filters(), offset=asked.offset, limit=asked.limit)
        return _json({"total": page.total, "offset": asked.offset, "articles": page.summaries})

    @service.post("/articles", response_model=record_model(AddReport))
    async def add_articles(sent: ArticlesToAdd) -> Response:
        """Adds articles, or replaces those with the same id; takes the role editor."""
        async with changing:
            return _json(await run_in_threadpool(archive.add, [article.article() for article in sent.articles]))

    @service.get(
        "/articles/{article_id:path}",
        response_model=record_model(Article, with_article_text=True),
        responses=_MISSING,
    )
    def show_article(article_id: str, request: Request) -> Response:
        """Shows one article with its text."""
        article = archive.article(article_id)
        if article is None:
            return _no_article(request)
        return Response(as_json_bytes(article, with_article_text=True), media_type="application/json")

    @service.delete("/articles/{article_id:path}", response_model=record_model(Record), responses=_MISSING)
    async def remove_article(article_id: str, request: Request) -> Response:
        """Removes one article and every trace of it; takes the role admin."""

        def remove() -> Response:
            if archive.article(article_id) is None:
                return _no_article(request)
            return _json(archive.remove(article_id)[0])

        async with changing:
            return await run_in_threadpool(remove)


def _no_article(request: Request) -> Response:
    missing = Problem.of_status(404, "No article has this id: GET /api/articles lists them.")
    return problem_response(missing, request.url.path)


def _json(value: object) -> Response:
    return Response(as_json_bytes(value), media_type="application/json")

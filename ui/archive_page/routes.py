"""The addresses of the archive page, in both languages, those that change it included."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse

from rag import Archive
from rag.browsing import Wanted
from ui.archive_page.changes import change_routes, may_change
from ui.archive_page.intake import Intake
from ui.archive_page.intake_html import remove_html
from ui.archive_page.page import Frame, archive_html, article_page_html
from ui.rendering.article_html import notice_html, source_html
from ui.rendering.texts import text
from ui.server.access import identity_of

__all__ = ["archive_routes"]

_Words = Annotated[str, Query(max_length=200)]
_Number = Annotated[int, Query(ge=0, le=1_000_000)]


def archive_routes(archive: Archive) -> APIRouter:
    """The routes onto one archive."""
    routes = APIRouter()
    name = archive.folder.resolve().name

    @routes.get("/{page_language}/archive")
    def show_archive(
        request: Request,
        page_language: Literal["en", "fr"],
        words: _Words = "",
        source: Annotated[str, Query(max_length=10_000)] = "",
        language: _Words = "",
        year: _Number = 0,
        order: _Words = "newest",
        page: _Number = 1,
        article: Annotated[str | None, Query(max_length=1000)] = None,
    ) -> HTMLResponse:
        if article is None:
            wanted = Wanted(words, source, language, year, order, page)
            return HTMLResponse(archive_html(archive.browse(wanted), wanted, _frame(request, page_language)))
        found = archive.article(article)
        if found is None:
            gone = notice_html(text("source_gone", page_language))
            return HTMLResponse(article_page_html(gone, _frame(request, page_language)), status_code=404)
        shown = source_html(found, None, page_language, is_changed=False)
        frame = _frame(request, page_language)
        remove = remove_html(found.id, found.title, page_language) if frame.can_remove else ""
        return HTMLResponse(article_page_html(shown, frame, remove))

    def _frame(request: Request, page_language: str) -> Frame:
        return Frame(
            name,
            page_language,
            identity_of(request),
            can_add=may_change(request, "editor"),
            can_remove=may_change(request, "admin"),
        )

    routes.include_router(change_routes(Intake(archive)))
    return routes

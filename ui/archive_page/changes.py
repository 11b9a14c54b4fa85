"""The addresses by which the archive page adds articles and removes them.

Each answers with HTML to be shown, or says that somebody else is writing (409).
"""

from __future__ import annotations

import ipaddress
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Body, Depends, HTTPException, Query, Request
from fastapi.responses import HTMLResponse, Response
from starlette.concurrency import run_in_threadpool

from rag.errors import ArchiveLocked
from ui.accounts.store import Role
from ui.archive_page.intake import Intake
from ui.archive_page.intake_html import taken_html
from ui.rendering.article_html import notice_html
from ui.rendering.texts import text
from ui.server.access import identity_of
from ui.server.own_page import require_own_page

__all__ = ["change_routes", "may_change"]

_Language = Literal["en", "fr"]


def may_change(request: Request, role: Role) -> bool:
    """Whether who asks may do what takes the role; where nobody is asked who they are, this machine alone may."""
    identity = identity_of(request)
    if identity is not None:
        return identity.may(role)
    server = request.scope.get("server")
    try:
        return server is not None and ipaddress.ip_address(server[0]).is_loopback
    except ValueError:
        return False


def change_routes(intake: Intake) -> APIRouter:
    """The routes that change one archive."""
    routes = APIRouter(prefix="/{page_language}/archive", dependencies=[Depends(require_own_page)])

    @routes.post("/files", dependencies=[_takes("editor")])
    async def take_file(
        page_language: _Language, request: Request, name: Annotated[str, Query(max_length=1000)]
    ) -> HTMLResponse:
        data = await request.body()  # the guard has seen to its length
        return await run_in_threadpool(take, page_language, name, data)

    def take(page_language: _Language, name: str, data: bytes) -> HTMLResponse:
        try:
            return HTMLResponse(taken_html(intake.take_file(name, data), page_language))
        except ArchiveLocked:
            return _busy(page_language)

    @routes.post("/addresses", dependencies=[_takes("editor")])
    def take_address(
        page_language: _Language, address: Annotated[str, Body(max_length=5000, embed=True)]
    ) -> HTMLResponse:
        try:
            return HTMLResponse(taken_html(intake.take_address(address), page_language))
        except ArchiveLocked:
            return _busy(page_language)

    @routes.post("/remove", dependencies=[_takes("admin")])
    def remove(page_language: _Language, article: Annotated[str, Body(max_length=1000, embed=True)]) -> Response:
        try:
            return Response(status_code=204 if intake.remove(article) else 404)
        except ArchiveLocked:
            return _busy(page_language)

    return routes


def _takes(role: Role) -> Any:
    def require_right(request: Request) -> None:
        if not may_change(request, role):
            raise HTTPException(403, f"This takes the role {role}, or the machine that Gazette runs on")

    return Depends(require_right)


def _busy(language: _Language) -> HTMLResponse:
    return HTMLResponse(notice_html(text("archive_busy", language)), status_code=409)

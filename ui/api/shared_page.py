"""The page that a shared link opens, for people without an account: a conversation to read, and nothing to do.

It is the only page that shows something of a server's to whoever is not let in; the guard opens it where whoever
runs the server allows sharing, and a link lives no longer than the account or key that made it.
"""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse

from rag.written_dates import written_date
from ui.conversations.document import conversation_document, document_page
from ui.conversations.sharing import find_shared
from ui.conversations.store import ConversationStore
from ui.rendering.languages import INTERFACE_LANGUAGES, choose_language
from ui.rendering.texts import text
from ui.server.access import Access

__all__ = ["shared_routes"]

# Nobody keeps a copy that is still shown when the link has been taken back.
_HEADERS = {"Cache-Control": "no-store", "Vary": "Accept-Language", "X-Robots-Tag": "noindex"}


def shared_routes(store: ConversationStore, access: Access | None) -> APIRouter:
    """The route onto what is shared of a store."""
    router = APIRouter()

    @router.get("/shared/{token}")
    def show_shared(
        token: str, request: Request, language: Annotated[Literal["en", "fr"] | None, Query()] = None
    ) -> HTMLResponse:
        shown_in = language or choose_language(request.headers.get("accept-language", ""))
        shared = find_shared(store, token)
        if shared is None or (access is not None and shared.owner not in access.accounts.owners()):
            return HTMLResponse(_nothing_page(shown_in), 404, _HEADERS)
        said = text("shared_page", shown_in, day=written_date(shared.day, shown_in))
        page = conversation_document(shared.title, shared.turns, shown_in, head=_head(said, shown_in))
        return HTMLResponse(page, headers=_HEADERS)

    return router


def _head(said: str, language: str) -> str:
    switch = " ".join(
        f'<a href="?language={code}" hreflang="{code}" lang="{code}" '
        f'aria-current="{"true" if code == language else "false"}">{code.upper()}</a>'
        for code in INTERFACE_LANGUAGES
    )
    return (
        f'<header><strong>Gazette</strong><nav aria-label="{text("switch_language", language)}">{switch}</nav>'
        f"<p>{said}</p></header>"
    )


def _nothing_page(language: str) -> str:
    title = text("shared_gone_title", language)
    return document_page(
        title, f"{_head('', language)}<main><h1>{title}</h1><p>{text('shared_gone', language)}</p></main>", language
    )

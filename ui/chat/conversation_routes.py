"""The addresses under /conversations: the list, renaming, deleting, judging, sharing, taking one away as a file.

Each means the conversations of who asks; another's is as unknown as one that never was.
"""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Body, Depends, Path, Query, Request
from fastapi.responses import HTMLResponse, PlainTextResponse, Response

from rag.words import seen_only
from ui.api.conversation_service import export_response
from ui.chat.conversation_list import conversations_html
from ui.conversations.exporting import EXPORTS
from ui.conversations.feedback import LONGEST_NOTE_CHARACTERS, Feedback
from ui.conversations.kept import CONVERSATION_ID, OwnConversations
from ui.conversations.sharing import SharingOff, share, stop_sharing
from ui.conversations.store import ConversationStore
from ui.server.access import identity_of, owner_of
from ui.server.own_page import require_own_page

__all__ = ["conversation_routes"]

_Identity = Annotated[str, Path(pattern=f"^{CONVERSATION_ID}$")]
_Language = Annotated[Literal["en", "fr"], Query()]


def conversation_routes(store: ConversationStore) -> APIRouter:
    """The routes onto one store."""
    routes = APIRouter(prefix="/conversations")

    def own(request: Request) -> OwnConversations:
        return OwnConversations(store, owner_of(request))

    @routes.get("")
    def list_conversations(
        request: Request, language: _Language = "en", words: Annotated[str, Query(max_length=200)] = ""
    ) -> Response:
        found = own(request).list(words).conversations
        is_search = bool(words.strip())
        return HTMLResponse(conversations_html(found, language, is_search=is_search, can_share=store.allows_sharing))

    @routes.post("/{conversation}/rename", dependencies=[Depends(require_own_page)])
    def rename(
        conversation: _Identity, request: Request, title: Annotated[str, Body(max_length=1000, embed=True)]
    ) -> Response:
        return Response(status_code=204 if own(request).rename(conversation, title) else 404)

    @routes.post("/{conversation}/delete", dependencies=[Depends(require_own_page)])
    def delete(conversation: _Identity, request: Request) -> Response:
        return Response(status_code=204 if own(request).delete(conversation) else 404)

    @routes.post("/{conversation}/share", dependencies=[Depends(require_own_page)])
    def share_it(conversation: _Identity, request: Request) -> Response:
        try:
            return Response(status_code=204 if share(store, owner_of(request), conversation) else 404)
        except SharingOff as error:
            return PlainTextResponse(f"{error}\n", status_code=403)

    @routes.post("/{conversation}/unshare", dependencies=[Depends(require_own_page)])
    def stop_sharing_it(conversation: _Identity, request: Request) -> Response:
        return Response(status_code=204 if stop_sharing(store, owner_of(request), conversation) else 404)

    @routes.post("/{conversation}/feedback", dependencies=[Depends(require_own_page)])
    def judge(
        conversation: _Identity,
        request: Request,
        position: Annotated[int, Body(ge=0, le=1_000_000)],
        verdict: Annotated[Literal["up", "down", "wrong", ""], Body()],
        citation: Annotated[int, Body(ge=0, le=1_000)] = 0,
        note: Annotated[str, Body(max_length=LONGEST_NOTE_CHARACTERS)] = "",
    ) -> Response:
        if verdict and (verdict == "wrong") != (citation > 0):
            return Response(status_code=422)
        said = Feedback(verdict, citation, seen_only(note).strip(), _reader_of(request))
        return Response(status_code=204 if own(request).judge(conversation, position, said) else 404)

    @routes.get("/{conversation}/export.{kind}")
    def export(conversation: _Identity, kind: str, request: Request, language: _Language = "en") -> Response:
        kept = own(request).find(conversation)
        if kept is None or kind not in EXPORTS:
            return Response(status_code=404)
        return export_response(kind, kept, own(request).turns(conversation), language)

    return routes


def _reader_of(request: Request) -> str:
    """Who says what is kept as feedback, as the log calls them; empty where nobody is asked."""
    identity = identity_of(request)
    return f"{identity.kind}:{identity.name}" if identity else ""

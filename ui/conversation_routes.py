"""The addresses under /conversations: the list, renaming, deleting, judging, and taking one away as a file."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Body, Depends, Path, Query
from fastapi.responses import HTMLResponse, Response

from ui.conversation_list import conversations_html
from ui.conversations import ConversationStore
from ui.exporting import EXPORTS
from ui.feedback import LONGEST_NOTE_CHARACTERS, Feedback
from ui.markup import seen_only
from ui.own_page import require_own_page

__all__ = ["conversation_routes"]

_Identity = Annotated[str, Path(pattern="^[0-9a-f]{32}$")]
_Language = Annotated[Literal["en", "fr"], Query()]


def conversation_routes(store: ConversationStore) -> APIRouter:
    """The routes onto one store."""
    routes = APIRouter(prefix="/conversations")

    @routes.get("")
    def list_conversations(language: _Language = "en", words: Annotated[str, Query(max_length=200)] = "") -> Response:
        return HTMLResponse(conversations_html(store.list(words), language, is_search=bool(words.strip())))

    @routes.post("/{conversation}/rename", dependencies=[Depends(require_own_page)])
    def rename(conversation: _Identity, title: Annotated[str, Body(max_length=1000, embed=True)]) -> Response:
        return Response(status_code=204 if store.rename(conversation, title) else 404)

    @routes.post("/{conversation}/delete", dependencies=[Depends(require_own_page)])
    def delete(conversation: _Identity) -> Response:
        return Response(status_code=204 if store.delete(conversation) else 404)

    @routes.post("/{conversation}/feedback", dependencies=[Depends(require_own_page)])
    def judge(
        conversation: _Identity,
        position: Annotated[int, Body(ge=0, le=1_000_000)],
        verdict: Annotated[Literal["up", "down", "wrong", ""], Body()],
        citation: Annotated[int, Body(ge=0, le=1_000)] = 0,
        note: Annotated[str, Body(max_length=LONGEST_NOTE_CHARACTERS)] = "",
    ) -> Response:
        if verdict and (verdict == "wrong") != (citation > 0):
            return Response(status_code=422)
        said = Feedback(verdict, citation, seen_only(note).strip())
        return Response(status_code=204 if store.judge(conversation, position, said) else 404)

    @routes.get("/{conversation}/export.{kind}")
    def export(conversation: _Identity, kind: str, language: _Language = "en") -> Response:
        title = store.title(conversation)
        if title is None or kind not in EXPORTS:
            return Response(status_code=404)
        form = EXPORTS[kind]
        return Response(
            form.write(title, store.turns(conversation), language),
            media_type=form.media_type,
            headers={"Content-Disposition": f'attachment; filename="gazette-{conversation[:8]}.{kind}"'},
        )

    return routes

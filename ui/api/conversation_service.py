"""The conversations of who asks, over HTTP: listed, shown, renamed, deleted, taken away and shared.

They are the same that the web chat shows; another's is as unknown as one that never was.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, Literal

from fastapi import FastAPI, HTTPException, Path, Query, Request
from fastapi.responses import Response

from ui.api.json_models import record_model
from ui.api.service_records import ConversationQuery, ErrorReport, NewTitle
from ui.conversations.exporting import EXPORTS
from ui.conversations.kept import CONVERSATION_ID, Kept, KeptConversation, OwnConversations, SharedLink
from ui.conversations.sharing import share, stop_sharing
from ui.conversations.store import ConversationStore
from ui.conversations.turns import Turn
from ui.rendering.json_output import as_json_bytes
from ui.server.access import owner_of

__all__ = ["add_conversation_routes", "export_response"]

_MISSING: dict[int | str, dict[str, Any]] = {
    404: {"model": ErrorReport, "description": "No conversation of whoever asks has this id"}
}
_SHARING: dict[int | str, dict[str, Any]] = {
    403: {"model": ErrorReport, "description": "Whoever runs the server doesn't let conversations be shared"}
}
_FILE: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "The conversation as a file",
        "content": {kind: {"schema": {"type": "string"}} for kind in ("text/markdown", "text/html")}
        | {"application/json": {"schema": {"type": "object"}}},
    }
}
_Identity = Annotated[str, Path(pattern=f"^{CONVERSATION_ID}$")]
_Form = Literal["md", "html", "json"]


@dataclass(frozen=True, slots=True)
class ConversationWithTurns:
    """A conversation with its turns, oldest first; of what was found and is not cited, they hold no text."""

    id: str
    title: str
    changed: datetime
    turn_count: int
    shared: SharedLink | None
    turns: tuple[Turn, ...]


def add_conversation_routes(service: FastAPI, store: ConversationStore) -> None:
    """Lets the service list, show, change and share conversations; they are written in by asking."""
    address = "/conversations/{conversation}"

    def own(request: Request) -> OwnConversations:
        return OwnConversations(store, owner_of(request))

    @service.get("/conversations", response_model=record_model(Kept))
    def list_conversations(asked: Annotated[ConversationQuery, Query()], request: Request) -> Response:
        """Lists your conversations that hold all the words, the last one changed first."""
        return _json(own(request).list(asked.words, limit=asked.limit, offset=asked.offset))

    @service.get(address, response_model=record_model(ConversationWithTurns), responses=_MISSING)
    def show_conversation(conversation: _Identity, request: Request) -> Response:
        """Shows one conversation with its questions and answers."""
        kept = _found(own(request), conversation)
        turns = own(request).turns(conversation)
        return _json(ConversationWithTurns(kept.id, kept.title, kept.changed, kept.turn_count, kept.shared, turns))

    @service.patch(address, response_model=record_model(KeptConversation), responses=_MISSING)
    def rename_conversation(conversation: _Identity, sent: NewTitle, request: Request) -> Response:
        """Gives one conversation another title."""
        own(request).rename(conversation, sent.title)
        return _json(_found(own(request), conversation))

    @service.delete(address, status_code=204, responses=_MISSING)
    def delete_conversation(conversation: _Identity, request: Request) -> Response:
        """Deletes one conversation, every trace of it, and what was shared of it."""
        if not own(request).delete(conversation):
            raise _missing()
        return Response(status_code=204)

    @service.get(address + "/export.{form}", response_class=Response, responses=_FILE | _MISSING)
    def export_conversation(
        conversation: _Identity, form: _Form, request: Request, language: Literal["en", "fr"] = "en"
    ) -> Response:
        """Gives one conversation as a file, Markdown, HTML or JSON, with every source."""
        kept = _found(own(request), conversation)
        return export_response(form, kept, own(request).turns(conversation), language)

    @service.post(address + "/share", response_model=record_model(SharedLink), responses=_SHARING | _MISSING)
    def share_conversation(conversation: _Identity, request: Request) -> Response:
        """Lets whoever has the address read one conversation as it is now; again, to bring that up to date."""
        link = share(store, owner_of(request), conversation)
        if link is None:
            raise _missing()
        return _json(link)

    @service.delete(address + "/share", status_code=204, responses=_MISSING)
    def stop_sharing_conversation(conversation: _Identity, request: Request) -> Response:
        """Makes the address of one shared conversation lead nowhere, for ever."""
        if not stop_sharing(store, owner_of(request), conversation):
            raise HTTPException(404, "No conversation with this id is shared: GET /api/conversations lists yours.")
        return Response(status_code=204)


def export_response(kind: str, kept: KeptConversation, turns: Sequence[Turn], language: str) -> Response:
    """The conversation as a file of this kind, one of `EXPORTS`."""
    form = EXPORTS[kind]
    return Response(
        form.write(kept.title, turns, language),
        media_type=form.media_type,
        headers={"Content-Disposition": f'attachment; filename="gazette-{kept.id[:8]}.{kind}"'},
    )


def _found(own: OwnConversations, conversation: str) -> KeptConversation:
    kept = own.find(conversation)
    if kept is None:
        raise _missing()
    return kept


def _missing() -> HTTPException:
    return HTTPException(404, "No conversation has this id: GET /api/conversations lists yours.")


def _json(value: object) -> Response:
    return Response(as_json_bytes(value), media_type="application/json")

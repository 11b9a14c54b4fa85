"""Gradio's sessions, kept apart by who asks.

Gradio knows an open page by an id that the page makes up and sends along, and keeps under it what the page holds and
what is still to be sent to it: whoever learned another's could listen in. So behind the door every such id bears its
owner's. The same one from two readers names two sessions, and a stolen one names an empty session of the thief's own.
"""

from __future__ import annotations

import json
import re
from urllib.parse import parse_qsl, urlencode

from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ui.server.access import owner_of

__all__ = ["OwnSessions"]

_PATH = re.compile(r"(/(?:en|fr)/gradio_api/(?:heartbeat/)?)(.*)", re.DOTALL)
_FIELD = "session_hash"


class OwnSessions:
    """ASGI middleware behind the guard, which knows who asks; where nobody is asked who they are it changes nothing."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        found = _PATH.fullmatch(scope["path"]) if scope["type"] == "http" else None
        owner = owner_of(Request(scope)) if found else ""
        if not found or not owner:
            await self._app(scope, receive, send)
            return
        path = scope["path"]
        if found[1].endswith("/heartbeat/"):
            path = found[1] + _owned(found[2], owner)
        query = parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True)
        owned = [(name, _owned(value, owner) if name == _FIELD else value) for name, value in query]
        headers = scope["headers"]
        if scope["method"] == "POST":
            body = _owned_body(await Request(scope, receive).body(), owner)
            headers = [pair for pair in headers if pair[0] != b"content-length"]
            headers.append((b"content-length", str(len(body)).encode()))
            receive = _sent_again(body, receive)
        changed = {"path": path, "raw_path": path.encode(), "query_string": urlencode(owned).encode()}
        await self._app({**scope, **changed, "headers": headers}, receive, send)


def _owned(session: str, owner: str) -> str:
    return f"{owner}:{session}"


def _owned_body(body: bytes, owner: str) -> bytes:
    """The body with its session's owner in it; one that is no JSON names no session that Gradio would find."""
    try:
        sent = json.loads(body)
    except (ValueError, RecursionError):
        return body
    if not isinstance(sent, dict) or not isinstance(sent.get(_FIELD), str):
        return body
    return json.dumps({**sent, _FIELD: _owned(sent[_FIELD], owner)}).encode()


def _sent_again(body: bytes, receive: Receive) -> Receive:
    """Gives the body once, then whatever comes after it."""
    waiting: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def receive_again() -> Message:
        return waiting.pop() if waiting else await receive()

    return receive_again

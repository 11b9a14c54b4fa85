"""Gradio's sessions behind the door: the same id from two readers names two sessions."""

from __future__ import annotations

import json
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route
from starlette.testclient import TestClient
from starlette.types import ASGIApp, Receive, Scope, Send

from ui.accounts.store import Identity
from ui.chat.own_sessions import OwnSessions

JOIN = "/en/gradio_api/queue/join"


async def tell(request: Request) -> JSONResponse:
    """What Gradio would be told."""
    told: dict[str, Any] = {"path": request.url.path, "query": dict(request.query_params)}
    body = await request.body()
    told["body"] = body.decode()
    told["length"] = request.headers.get("content-length")
    return JSONResponse(told)


def behind_the_door(identity: Identity | None) -> TestClient:
    inner = OwnSessions(Starlette(routes=[Route("/{path:path}", tell, methods=["GET", "POST"])]))

    def with_identity(app: ASGIApp) -> ASGIApp:
        async def asked(scope: Scope, receive: Receive, send: Send) -> None:
            scope.setdefault("state", {})["identity"] = identity
            await app(scope, receive, send)

        return asked

    return TestClient(with_identity(inner))


@pytest.fixture
def ada() -> TestClient:
    return behind_the_door(Identity("ada", "reader", "account", "1"))


def test_a_session_bears_its_owner_wherever_it_is_named(ada: TestClient) -> None:
    bob = behind_the_door(Identity("bob", "reader", "account", "2"))
    for client, owned in ((ada, "account:1:abc"), (bob, "account:2:abc")):
        assert client.get("/fr/gradio_api/heartbeat/abc").json()["path"] == f"/fr/gradio_api/heartbeat/{owned}"
        streamed = client.get("/en/gradio_api/queue/data", params={"session_hash": "abc", "x": "é&"}).json()
        assert streamed["query"] == {"session_hash": owned, "x": "é&"}
        joined = client.post(JOIN, json={"session_hash": "abc", "data": ["é", 1]}).json()
        assert json.loads(joined["body"]) == {"session_hash": owned, "data": ["é", 1]}
        assert int(joined["length"]) == len(joined["body"].encode())


@pytest.mark.parametrize("body", [b"", b"{", b"[1]", b'{"session_hash": null}', b'{"session_hash": 1}'])
def test_what_names_no_session_is_passed_on_as_it_is(ada: TestClient, body: bytes) -> None:
    assert ada.post(JOIN, content=body).json()["body"] == body.decode()
    other = ada.post("/api/ask", json={"session_hash": "abc"}).json()
    assert json.loads(other["body"]) == {"session_hash": "abc"}


def test_where_nobody_is_asked_who_they_are_nothing_changes() -> None:
    client = behind_the_door(None)
    told = client.get("/en/gradio_api/queue/data", params={"session_hash": "abc"}).json()
    assert told["query"] == {"session_hash": "abc"}

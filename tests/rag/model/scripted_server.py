"""A chat-completions server on loopback whose models do what a test tells them to: right, wrong, or not at all."""

from __future__ import annotations

import asyncio
import json
import socket
import threading
import time
from collections import Counter
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import uvicorn
from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse, Response, StreamingResponse
from pydantic import SecretStr

__all__ = ["Script", "ScriptedServer", "serve_scripts"]

# Longer than any test waits.
STALL_SECONDS = 60
PIECE_CHARACTERS = 5


@dataclass(frozen=True, slots=True)
class Script:
    """What one model does: `text` in pieces, and after so many of them it stalls or its line goes dead.

    The first `failures` requests are answered with the HTTP `status` alone, or without one by a dead line.
    """

    text: str = ""
    stalls_after: int | None = None
    dies_after: int | None = None
    failures: int = 0
    status: int = 429


@dataclass(slots=True)
class ScriptedServer:
    """`url` is what a client of OpenAI's takes as its base; the rest is what has happened so far, by model name."""

    scripts: Mapping[str, Script]
    url: str = ""
    requests: Counter[str] = field(default_factory=Counter)
    pieces: Counter[str] = field(default_factory=Counter)
    last_messages: dict[str, list[dict[str, Any]]] = field(default_factory=dict)

    def model(self, name: str) -> Any:
        """LangChain's client for one of the models; it doesn't try again by itself."""
        from langchain_openai import ChatOpenAI

        return ChatOpenAI(model=name, base_url=self.url, api_key=SecretStr("none"), max_retries=0)


@contextmanager
def serve_scripts(scripts: Mapping[str, Script]) -> Iterator[ScriptedServer]:
    """Serves the scripts as models, each under its name, until the block ends."""
    served = ScriptedServer(scripts)
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        served.url = f"http://127.0.0.1:{listener.getsockname()[1]}/v1"
        settings = uvicorn.Config(_application(served), log_level="critical", timeout_graceful_shutdown=1)
        server = uvicorn.Server(settings)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
        thread.start()
        while not server.started:
            time.sleep(0.01)
        yield served
        server.should_exit = True
        thread.join(timeout=5)


def _application(served: ScriptedServer) -> FastAPI:
    application = FastAPI()

    @application.post("/v1/chat/completions")
    async def complete(request: Request) -> Response:
        asked = await request.json()
        name = asked["model"]
        script = served.scripts[name]
        served.requests[name] += 1
        served.last_messages[name] = asked["messages"]
        if served.requests[name] <= script.failures:
            return JSONResponse({"error": {"message": "come back later"}}, status_code=script.status)
        return StreamingResponse(_events(served, name, script), media_type="text/event-stream")

    return application


async def _events(served: ScriptedServer, name: str, script: Script) -> AsyncIterator[str]:
    pieces = [script.text[at : at + PIECE_CHARACTERS] for at in range(0, len(script.text), PIECE_CHARACTERS)]
    for count, piece in enumerate([*pieces, ""]):
        if count == script.stalls_after:
            await asyncio.sleep(STALL_SECONDS)
        if count == script.dies_after:
            raise ConnectionResetError
        if piece:
            served.pieces[name] += 1
            yield _event({"content": piece})
            await asyncio.sleep(0)
    yield _event({}, "stop")
    yield "data: [DONE]\n\n"


def _event(delta: dict[str, str], finish: str | None = None) -> str:
    choice = {"index": 0, "delta": delta, "finish_reason": finish}
    body = {"id": "1", "object": "chat.completion.chunk", "created": 0, "model": "m", "choices": [choice]}
    return f"data: {json.dumps(body)}\n\n"

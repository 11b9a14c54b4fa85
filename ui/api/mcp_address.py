"""The address /mcp: the archive's MCP server over HTTP, made when it is first asked for.

The protocol's package is an extra and takes half a second to load, so a server that nobody calls by it pays nothing.
"""

from __future__ import annotations

import importlib.util
import threading
from typing import TYPE_CHECKING, Any

from fastapi import FastAPI
from starlette.concurrency import run_in_threadpool
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from rag import Archive
from rag.errors import GazetteError
from ui.asking.desk import AnsweringDesk
from ui.asking.limits import AnswerPlaces
from ui.server.problems import Problem, problem_response

if TYPE_CHECKING:
    from mcp.server import Server

__all__ = ["MCP_PATH", "add_mcp_address", "has_mcp", "require_mcp"]

MCP_PATH = "/mcp"
_MISSING = (
    "The Model Context Protocol needs the package mcp, which is not installed: install Gazette with its extra, "
    "`pip install '.[mcp]'`."
)


def has_mcp() -> bool:
    """Whether the extra is installed."""
    return importlib.util.find_spec("mcp") is not None


def require_mcp() -> None:
    """Raises `GazetteError`, which names the extra, where it is not installed."""
    if not has_mcp():
        raise GazetteError(_MISSING)


def add_mcp_address(application: FastAPI, archive: Archive, desk: AnsweringDesk, places: AnswerPlaces) -> None:
    """Lets the application answer MCP clients at /mcp, or tell them which extra is missing."""
    application.router.routes.append(Route(MCP_PATH, _McpAddress(archive, desk, places), methods=["POST"]))


class _McpAddress:
    """ASGI application: one request of the protocol, one answer."""

    def __init__(self, archive: Archive, desk: AnsweringDesk, places: AnswerPlaces) -> None:
        self._made_of = (archive, desk, places)
        self._lock = threading.Lock()
        self._server: Server[Any] | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if not has_mcp():
            missing = Problem(501, "not_installed", _MISSING)
            await problem_response(missing, scope["path"])(scope, receive, send)
            return
        server = await run_in_threadpool(self._open)
        from ui.api.mcp_server import answer_mcp_request

        await answer_mcp_request(server, scope, receive, send)

    def _open(self) -> Server[Any]:
        from ui.api.mcp_server import build_mcp_server

        with self._lock:
            if self._server is None:
                self._server = build_mcp_server(*self._made_of)
            return self._server

"""What the web server lets in and what it says about every answer: the one door in front of all routes.

A browser will send a request here for any page that names this address, and any name can be pointed at
this address (DNS rebinding). So a request must be addressed to us by our own name, must not come from another
origin, and must ask for one of the paths the page uses: Gradio serves many more (uploads, a proxy, files).
"""

from __future__ import annotations

import re
from collections.abc import Collection
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ui.conversations.sharing import SHARED_PATH
from ui.server.access import Access
from ui.server.problems import Problem, problem_response

__all__ = ["LARGEST_FILE_BYTES", "LOOPBACK_HOSTS", "RESPONSE_HEADERS", "WebGuard", "is_own_name"]

LOOPBACK_HOSTS = frozenset({"127.0.0.1", "localhost", "[::1]"})

# Gradio's front end compiles templates and puts styles into the page, hence the two 'unsafe-…'; what carries
# the safety is that nothing can be loaded from, or sent to, another address, and that article text is escaped.
_CONTENT_SECURITY_POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self'; frame-src 'none'; "
    "frame-ancestors 'none'; form-action 'self'; base-uri 'self'; object-src 'none'"
)

RESPONSE_HEADERS = {
    "Content-Security-Policy": _CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}

# A question may have 100,000 characters (and is then refused by name); the rest is the conversation's frame.
_BODY_BYTES = 2_000_000
# As large as a page may be that is fetched (`rag.reading.fetch`).
LARGEST_FILE_BYTES = 20_000_000
_FILE_PATH = re.compile("/(en|fr)/archive/files")

_PATHS = re.compile(
    r"/"
    r"|/(login|logout|metrics|mcp)"
    r"|/(icon\.svg|favicon\.ico|manifest\.json|robots\.txt|source|look/[a-z]+\.(css|js))"
    r"|/conversations(/[0-9a-f]{32}/(rename|delete|feedback|share|unshare|export\.(md|html|json)))?"
    rf"|{SHARED_PATH}"
    r"|/(en|fr)/?|/(en|fr)/archive(/(files|addresses|remove))?"
    r"|/(en|fr)/(config|theme\.css|(assets|static)/[\w./@+-]+)"
    r"|/(en|fr)/gradio_api/(info|startup-events|theme\.css|queue/(join|data)|run/predict|cancel|reset|heartbeat/\w+)/?"
)

# Here every route is ours, answers in JSON what it doesn't know, and may name an article by any id.
_SERVICE_PATHS = re.compile(r"/(api|v1)(/.*)?", re.DOTALL)


class WebGuard:
    """ASGI middleware that refuses what is not meant for this page and sets the security headers on the rest.

    `own_hosts` are the names, without port, that a request's Host header may bear; None allows any, for a
    server that was told to listen on other addresses than loopback. `access` lets in only whom it knows; None lets
    everybody in, who are then those at this very machine.
    """

    def __init__(self, app: ASGIApp, own_hosts: Collection[str] | None, access: Access | None = None) -> None:
        self._app = app
        self._own_hosts = own_hosts
        self._access = access

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in RESPONSE_HEADERS.items():
                    headers[name] = value
            await send(message)

        await (self._refusal(scope) or self._app)(scope, receive, send_with_headers)

    def _refusal(self, scope: Scope) -> Response | None:
        """What is answered instead, or None where the request may go on: right name, known reader, known address."""
        headers, path = Headers(scope=scope), scope["path"]
        problem = self._problem_of_names(headers)
        if problem is None and self._access is not None and (refusal := self._access.refusal(scope)):
            return refusal
        problem = problem or _problem_of_request(scope, headers)
        return None if problem is None else problem_response(problem, path)

    def _problem_of_names(self, headers: Headers) -> Problem | None:
        host = headers.get("host", "")
        if self._own_hosts is not None and _without_port(host) not in self._own_hosts:
            return Problem.of_status(
                403, f"Gazette does not answer to the name {host!r}: use http://127.0.0.1 or http://localhost"
            )
        origin = headers.get("origin")
        if origin is not None and urlsplit(origin).netloc != host:
            return Problem.of_status(
                403, f"Gazette takes no requests from the page {origin!r}: open it at its own address"
            )
        return None


def is_own_name(host: str) -> bool:
    """Whether a Host header names this machine to itself."""
    return _without_port(host) in LOOPBACK_HOSTS


def _problem_of_request(scope: Scope, headers: Headers) -> Problem | None:
    if scope["type"] != "http" or not _is_an_address(scope["path"]):
        return Problem.of_status(404, "There is nothing at this address; Gazette is at /")
    method = scope["method"]
    is_taken = method in ("GET", "HEAD", "POST") or (
        method in ("PATCH", "DELETE") and bool(_SERVICE_PATHS.fullmatch(scope["path"]))
    )
    if not is_taken:
        return Problem.of_status(405, f"The method {method} is not taken here")
    most = LARGEST_FILE_BYTES if _FILE_PATH.fullmatch(scope["path"]) else _BODY_BYTES
    return _problem_of_length(headers, most) if method in ("POST", "PATCH") else None


def _is_an_address(path: str) -> bool:
    return bool(_SERVICE_PATHS.fullmatch(path)) or (bool(_PATHS.fullmatch(path)) and ".." not in path)


def _problem_of_length(headers: Headers, most_bytes: int) -> Problem | None:
    # Chunks come without end whatever the other header says.
    if not headers.get("content-length", "").isdecimal() or "transfer-encoding" in headers:
        return Problem.of_status(411, "The length of the request is missing: send Content-Length")
    if int(headers["content-length"]) > most_bytes:
        return Problem.of_status(
            413, f"The request is longer than {most_bytes} bytes: ask a shorter question, or send smaller files"
        )
    return None


def _without_port(host: str) -> str:
    return re.sub(r":\d+$", "", host.lower())

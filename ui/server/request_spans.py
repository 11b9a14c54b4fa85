"""Every request that a server gets, as an OpenTelemetry span, where those are sent.

It names the area, not the address, which may hold what was asked.
"""

from __future__ import annotations

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ui.asking.spans import Spans
from ui.server.traffic import METHODS, area_of

__all__ = ["RequestSpans"]


class RequestSpans:
    """ASGI middleware in front of everything that makes a span of each request, and sends the last when all is over.

    That can't wait for the server to return: where it is told to end by a signal, it hands that on and never does.
    """

    def __init__(self, app: ASGIApp, spans: Spans) -> None:
        self._app = app
        self._spans = spans

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, self._sending_the_last(send))
            return
        from opentelemetry.trace import Status, StatusCode

        method = scope["method"] if scope["method"] in METHODS else "_OTHER"
        area = area_of(scope["path"])
        told = {"http.request.method": method, "http.route": area}
        with self._spans.request(f"{method} {area}", dict(Headers(scope=scope)), told) as span:

            async def send_and_see(message: Message) -> None:
                if message["type"] == "http.response.start":
                    span.set_attribute("http.response.status_code", message["status"])
                    if message["status"] >= 500:
                        span.set_status(Status(StatusCode.ERROR))
                await send(message)

            await self._app(scope, receive, send_and_see)

    def _sending_the_last(self, send: Send) -> Send:
        async def send_after_spans(message: Message) -> None:
            if message["type"].startswith("lifespan.shutdown"):
                await run_in_threadpool(self._spans.end)
            await send(message)

        return send_after_spans

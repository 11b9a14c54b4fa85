"""What a server does, counted for Prometheus and, where asked for, logged: one line of JSON for each request.

Neither holds what was asked: the log has the address without what follows its `?`, and no header, cookie or body,
nor the token of what is shared.
"""

from __future__ import annotations

import json
import logging
import re
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import UTC, datetime

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ui.accounts.store import Identity

__all__ = ["METHODS", "REQUEST_LOG", "RequestRecorder", "Traffic", "area_of", "metrics_text", "path_to_tell"]

REQUEST_LOG = "gazette.requests"

METHODS = frozenset({"GET", "HEAD", "POST", "PATCH", "DELETE"})
# A closed list, because each name is a time series of its own for as long as the server runs. First that fits.
_AREAS = (
    "/api/ask",
    "/api/search",
    "/api/articles",
    "/api/conversations",
    "/api",
    "/v1/chat/completions",
    "/v1",
    "/mcp",
    "/conversations",
    "/shared",
    "/en",
    "/fr",
    "/source",
    "/login",
)
# Elsewhere a request may last as long as a page is open.
_TIMED_AREAS = frozenset({"/api/ask", "/api/search", "/v1/chat/completions", "/mcp"})
_BUCKETS_SECONDS = (0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)


class Traffic:
    """The requests of one server since it was started. Safe from several threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._requests: Counter[tuple[str, str, int]] = Counter()
        self._within: Counter[tuple[str, float]] = Counter()
        self._seconds: defaultdict[str, float] = defaultdict(float)
        self._timed: Counter[str] = Counter()

    def count(self, method: str, path: str, status: int, seconds: float) -> None:
        """Counts one request that has come to its end."""
        area = area_of(path)
        with self._lock:
            self._requests[method if method in METHODS else "other", area, status] += 1
            if area in _TIMED_AREAS:
                self._timed[area] += 1
                self._seconds[area] += seconds
                for bound in _BUCKETS_SECONDS:
                    self._within[area, bound] += seconds <= bound

    def lines(self) -> Iterator[str]:
        """The counts in Prometheus' text format."""
        with self._lock:
            requests, within = self._requests.copy(), self._within.copy()
            seconds, timed = self._seconds.copy(), self._timed.copy()
        yield "# HELP gazette_requests_total Requests that have come to their end."
        yield "# TYPE gazette_requests_total counter"
        for (method, area, status), count in sorted(requests.items()):
            yield f'gazette_requests_total{{method="{method}",area="{area}",status="{status}"}} {count}'
        yield "# HELP gazette_request_seconds From a question's first byte to the last of its answer."
        yield "# TYPE gazette_request_seconds histogram"
        for area, count in sorted(timed.items()):
            for bound in _BUCKETS_SECONDS:
                yield f'gazette_request_seconds_bucket{{area="{area}",le="{bound}"}} {within[area, bound]}'
            yield f'gazette_request_seconds_bucket{{area="{area}",le="+Inf"}} {count}'
            yield f'gazette_request_seconds_sum{{area="{area}"}} {seconds[area]:.6f}'
            yield f'gazette_request_seconds_count{{area="{area}"}} {count}'


class RequestRecorder:
    """ASGI middleware in front of everything, the guard too, that counts every request and logs it where asked to.

    What it counts is in `scope["state"]["traffic"]`, where the route that shows it finds it.
    """

    def __init__(self, app: ASGIApp, *, logs: bool = False) -> None:
        self._app = app
        self._logs = logs
        self._traffic = Traffic()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        state = scope.setdefault("state", {})
        state["traffic"] = self._traffic
        method, path = scope["method"], scope["path"]  # before an application in between shortens it
        began, status = time.monotonic(), 0

        async def send_and_see(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self._app(scope, receive, send_and_see)
        finally:
            seconds = time.monotonic() - began
            self._traffic.count(method, path, status, seconds)
            if self._logs:
                logging.getLogger(REQUEST_LOG).info(_line(method, path, status, seconds, state.get("identity")))


def metrics_text(traffic: Traffic, gauges: dict[str, tuple[str, int]]) -> str:
    """The whole of what Prometheus reads; `gauges` are what they say and how much it is now, by name.

    >>> print(metrics_text(Traffic(), {"ready": ("Whether the models are loaded.", 1)}).splitlines()[2])
    gazette_ready 1
    """
    lines = []
    for name, (said, value) in gauges.items():
        lines += [f"# HELP gazette_{name} {said}", f"# TYPE gazette_{name} gauge", f"gazette_{name} {value}"]
    return "\n".join([*lines, *traffic.lines()]) + "\n"


def path_to_tell(path: str) -> str:
    """The path as it may be told to logs and traces: without what opens a shared conversation to whoever reads it.

    >>> path_to_tell("/shared/Zm9yIHdob2V2ZXIgcmVhZHMgaXQ")
    '/shared/…'
    """
    return re.sub("(?<=/shared/).*", "…", path, flags=re.DOTALL | re.IGNORECASE)


def area_of(path: str) -> str:
    """The name, of a closed list, under which requests to an address are counted."""
    return next((area for area in _AREAS if path == area or path.startswith(area + "/")), "other")


def _line(method: str, path: str, status: int, seconds: float, identity: Identity | None) -> str:
    told = {
        "time": datetime.now(UTC).isoformat(timespec="milliseconds"),
        "method": method,
        "path": path_to_tell(path),
        "status": status,
        "ms": round(seconds * 1000, 1),
        "who": f"{identity.kind}:{identity.name}" if identity else None,
    }
    return json.dumps(told)

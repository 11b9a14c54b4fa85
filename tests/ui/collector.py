"""A collector of OpenTelemetry spans on this machine: what a server really sends it, over a real socket."""

from __future__ import annotations

import socket
import threading
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import uvicorn
from fastapi import FastAPI, Request, Response
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

__all__ = ["Collector", "Sent", "collecting"]


@dataclass(frozen=True)
class Sent:
    """One span as it came."""

    name: str
    identity: bytes
    parent: bytes
    trace: str
    attributes: dict[str, Any]
    is_error: bool


@dataclass
class Collector:
    """What came, and the bytes that it came in."""

    address: str
    spans: list[Sent] = field(default_factory=list)
    services: set[str] = field(default_factory=set)
    raw: bytes = b""

    def named(self, name: str) -> list[Sent]:
        return [span for span in self.spans if span.name == name]

    def take(self, body: bytes) -> None:
        self.raw += body
        for group in ExportTraceServiceRequest.FromString(body).resource_spans:
            self.services.add(_values(group.resource.attributes)["service.name"])
            for scope in group.scope_spans:
                self.spans += [
                    Sent(
                        span.name,
                        span.span_id,
                        span.parent_span_id,
                        span.trace_id.hex(),
                        _values(span.attributes),
                        span.status.code == 2,
                    )
                    for span in scope.spans
                ]


@contextmanager
def collecting() -> Iterator[Collector]:
    """A collector that answers until the block ends."""
    application = FastAPI()
    listener = socket.create_server(("127.0.0.1", 0))
    collector = Collector(f"http://127.0.0.1:{listener.getsockname()[1]}")

    @application.post("/v1/traces")
    async def take(request: Request) -> Response:
        body = await request.body()
        is_packed = request.headers.get("content-encoding") == "gzip"
        collector.take(zlib.decompress(body, 31) if is_packed else body)
        return Response(media_type="application/x-protobuf")

    server = uvicorn.Server(uvicorn.Config(application, log_level="error"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
    thread.start()
    try:
        yield collector
    finally:
        server.should_exit = True
        thread.join()


def _values(attributes: Any) -> dict[str, Any]:
    return {found.key: getattr(found.value, found.value.WhichOneof("value")) for found in attributes}

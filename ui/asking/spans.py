"""What a server does, as OpenTelemetry spans: one for each request, one for each answer, one for each of its stages.

They go where the standard OTEL_… settings say, and only where an endpoint is named there and the extra `telemetry` is
installed: nothing of it is loaded otherwise. The tracer is Gazette's own and not the whole process's, so that no
library underneath sends spans of its own, which might hold what was asked.
"""

from __future__ import annotations

import importlib.util
import os
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from typing import TYPE_CHECKING

from rag.records import AnswerDone, AnswerEvent, PassagesFound
from rag.stages import watched_stages

if TYPE_CHECKING:
    from opentelemetry.sdk.resources import Resource
    from opentelemetry.sdk.trace import SpanProcessor, TracerProvider
    from opentelemetry.trace import Span

__all__ = ["Spans", "open_spans"]

_ENDPOINTS = ("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "OTEL_EXPORTER_OTLP_ENDPOINT")
_PROTOCOLS = ("OTEL_EXPORTER_OTLP_TRACES_PROTOCOL", "OTEL_EXPORTER_OTLP_PROTOCOL")
_EXPORTER = "opentelemetry.exporter.otlp.proto.http.trace_exporter"
# A server ends within five seconds, also where nobody takes its last spans.
_FLUSH_SECONDS = 1.0


class Spans:
    """Makes spans and sends them, in batches and from a thread of its own. Safe from several threads."""

    def __init__(self, processor: SpanProcessor) -> None:
        from opentelemetry.sdk.trace import TracerProvider

        self._provider: TracerProvider = TracerProvider(resource=_resource(), shutdown_on_exit=False)
        self._provider.add_span_processor(processor)
        self._tracer = self._provider.get_tracer("gazette")

    def request(
        self, name: str, headers: Mapping[str, str], attributes: Mapping[str, str]
    ) -> AbstractContextManager[Span]:
        """The span of an HTTP request, part of the caller's trace where its headers name one."""
        from opentelemetry.trace import SpanKind
        from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

        caller = TraceContextTextMapPropagator().extract(headers)
        return _current(self._tracer.start_span(name, caller, SpanKind.SERVER, attributes), ends=True)

    def answer(self, question: str | None, events: Iterator[AnswerEvent]) -> Iterator[AnswerEvent]:
        """The events, while the span of an answer lasts; `question` is in it where it is given.

        The steps of a stream may be taken by one thread after the other, so each is put into the span by itself.
        """
        from opentelemetry.trace import Status, StatusCode

        span = self._tracer.start_span("answer", attributes={"gazette.question": question} if question else None)
        try:
            while True:
                with _current(span), watched_stages(self._stage):
                    event = next(events, None)
                if event is None:
                    return
                _tell(span, event)
                yield event
        except Exception as error:
            span.set_attribute("error.type", type(error).__name__)
            span.set_status(Status(StatusCode.ERROR))
            raise
        finally:
            span.end()

    @contextmanager
    def search(self, question: str | None) -> Iterator[None]:
        """The span of a search without an answer; `question` is in it where it is given."""
        told = {"gazette.question": question} if question else None
        with _current(self._tracer.start_span("search", attributes=told), ends=True):
            yield

    def end(self) -> None:
        """Sends what is left, as far as that takes no longer than a moment."""
        ending = threading.Thread(target=self._provider.shutdown, daemon=True)
        ending.start()
        ending.join(_FLUSH_SECONDS)

    @contextmanager
    def _stage(self, name: str) -> Iterator[None]:
        # Not made the current one: a stage may end in another step of the stream than it began in.
        span = self._tracer.start_span(name)
        try:
            yield
        finally:
            span.end()


def open_spans() -> Spans | None:
    """Spans to the endpoint that the environment names; None where it names none, or wants no traces.

    Where spans are asked for and can't be sent, standard error says why, and the server goes on without.
    """
    endpoint = next((name for name in _ENDPOINTS if os.environ.get(name)), None)
    is_off = (
        os.environ.get("OTEL_SDK_DISABLED", "").lower() == "true" or os.environ.get("OTEL_TRACES_EXPORTER") == "none"
    )
    if endpoint is None or is_off:
        return None
    if not _has_exporter():
        sys.stderr.write(
            f"gazette: {endpoint} is set, but sending spans takes the extra `telemetry`, which is not installed: "
            "`pip install '.[telemetry]'`, or unset it.\n"
        )
        return None
    protocol = next((os.environ[name] for name in _PROTOCOLS if os.environ.get(name)), "http/protobuf")
    if protocol != "http/protobuf":
        sys.stderr.write(
            f"gazette: spans are sent by http/protobuf alone, and OTEL_EXPORTER_OTLP_PROTOCOL asks for {protocol!r}: "
            "none are sent. Let it be http/protobuf, or leave it out.\n"
        )
        return None
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
    from opentelemetry.sdk.trace.export import BatchSpanProcessor

    return Spans(BatchSpanProcessor(OTLPSpanExporter()))


def _current(span: Span, *, ends: bool = False) -> AbstractContextManager[Span]:
    """The span that others are within; of an error that passes it holds nothing, for that may repeat what was asked."""
    from opentelemetry.trace import use_span

    return use_span(span, end_on_exit=ends, record_exception=False, set_status_on_exception=False)


def _has_exporter() -> bool:
    try:
        return importlib.util.find_spec(_EXPORTER) is not None
    except ModuleNotFoundError:
        return False


def _resource() -> Resource:
    from opentelemetry.sdk.resources import SERVICE_NAME, Resource

    # What is given here would win over the environment.
    is_named = "OTEL_SERVICE_NAME" in os.environ or "service.name" in os.environ.get("OTEL_RESOURCE_ATTRIBUTES", "")
    return Resource.create({} if is_named else {SERVICE_NAME: "gazette"})


def _tell(span: Span, event: AnswerEvent) -> None:
    """What can be counted of an event, and no word of it."""
    if isinstance(event, PassagesFound):
        span.set_attribute("gazette.passages", len(event.passages))
    elif isinstance(event, AnswerDone):
        span.set_attribute("gazette.language", event.answer.language)
        span.set_attribute("gazette.refused", event.answer.refused)
        span.set_attribute("gazette.citations", len(event.answer.citations))

"""The service: an archive is asked, searched and listed over HTTP in JSON, under the records' own names.

Everything is under /api, described at /api/openapi.json and, for people, at /api/docs. It is an application of
its own that others mount, because its errors are JSON and theirs are pages.
"""

from __future__ import annotations

import sys
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from fastapi import FastAPI, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from rag import Archive
from rag.errors import GazetteError
from rag.records import Answer, AnswerDone, AnswerEvent, PassagesFound
from ui.api.article_service import add_article_routes
from ui.api.conversation_service import add_conversation_routes
from ui.api.json_models import record_model
from ui.api.mcp_address import MCP_PATH, add_mcp_address, has_mcp
from ui.api.openai_service import mount_openai_service
from ui.api.service_page import description_html
from ui.api.service_records import (
    AskRequest,
    ErrorReport,
    Health,
    PassagesAnswer,
    Readiness,
    SearchRequest,
)
from ui.api.shared_page import shared_routes
from ui.asking.answer_stream import answer_at_once, answer_in_events, search_at_once
from ui.asking.desk import AnsweringDesk
from ui.asking.limits import RETRY_SECONDS, AnswerPlaces, asker_of
from ui.conversations.kept import OwnConversations
from ui.conversations.store import ConversationStore
from ui.rendering.json_output import as_json_bytes
from ui.server.access import owner_of
from ui.server.login import login_routes
from ui.server.problems import add_problem_handlers, problem_bytes, problem_of
from ui.server.running import ServerSettings
from ui.server.serving import LOCK_SECONDS, Served, serve
from ui.server.traffic import metrics_text

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

__all__ = ["build_service", "mount_service", "run_service"]

_ERRORS: dict[int | str, dict[str, Any]] = {
    status: {"model": ErrorReport, "description": description}
    for status, description in (
        (400, "The question can't be asked, or what was sent is no JSON"),
        (401, "Neither a key nor a session, where the server wants to know who asks"),
        (403, "Not from here: another name or page than the server's own, or a role that may not"),
        (411, "The length of what is sent is missing"),
        (413, "What was sent is too long"),
        (422, "What was sent has another form"),
        (429, "Too many questions wait already; `Retry-After` says when to come back"),
        (
            503,
            "The server ends or the archive is being written, and `Retry-After` says when to come back; or a model or "
            "the archive can't be used",
        ),
    )
}
_STREAM: dict[str, Any] = {
    "description": "The answer; as a stream: `passages`, pieces of `text`, `done` with the whole answer, or `error`",
    "content": {
        "text/event-stream": {
            "schema": {
                "type": "object",
                "required": ["event", "data"],
                "properties": {
                    "event": {"enum": ["passages", "text", "done", "error"]},
                    "data": {"type": "string", "contentMediaType": "application/json"},
                },
            }
        }
    },
}
_DEFAULTS = ServerSettings()


def run_service(
    archive_folder: str | Path,
    *,
    model: str | BaseChatModel | None = None,
    strict: bool = False,
    support_model: str | Path | None = None,
    server: ServerSettings = _DEFAULTS,
) -> None:
    """Serves the archive to programs until it is interrupted (Ctrl-C or SIGTERM), then ends within five seconds.

    Raises:
        ArchiveError: the folder is not an archive or can't be read.
        GazetteError: the address can't be listened on, or others could reach it and nobody has an account or a key.
    """

    def announce(address: str) -> None:
        for_mcp = f" and, for MCP clients, {address.rstrip('/')}{MCP_PATH}" if has_mcp() else ""
        sys.stdout.write(f"Gazette answers at {address}api{for_mcp} (Ctrl-C ends it)\n")
        sys.stdout.flush()

    archive = Archive.open(archive_folder, create=False, lock_timeout_seconds=LOCK_SECONDS)
    serve(archive, server, build_service, announce, model=model, strict=strict, support_model=support_model)


def build_service(served: Served) -> FastAPI:
    """An application with the service alone, whose root leads to the description; the guard is not in it."""
    application = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)

    @application.get("/")
    def show_description() -> RedirectResponse:
        return RedirectResponse("/api/docs")

    mount_service(application, served)
    return application


def mount_service(application: FastAPI, served: Served) -> None:
    """Lets the application answer programs under /api, OpenAI's clients under /v1 and MCP's at /mcp.

    People sign in at /login, and what they share is read under /shared.
    """
    desk, places = served.desk, served.places
    service = FastAPI(
        title="Gazette",
        summary="Answers questions about an archive of news articles, citing the exact passage.",
        version=version("gazette"),
        docs_url=None,  # FastAPI's own page loads its scripts from elsewhere
        redoc_url=None,
        responses=_ERRORS,
    )
    add_problem_handlers(service)
    _add_asking(service, desk, places, served.conversations)
    add_article_routes(service, served.archive)
    add_conversation_routes(service, served.conversations)
    _add_state(service, desk)
    application.mount("/api", service)

    @application.get("/metrics")
    def show_metrics(request: Request) -> Response:
        gauges = {
            "ready": ("Whether the models are loaded.", int(desk.is_ready())),
            "answers_in_flight": ("Answers and searches under way in the service.", places.taken),
            "questions_waiting": ("Questions that wait for their turn.", places.waiting),
        }
        return Response(metrics_text(request.state.traffic, gauges), media_type="text/plain; version=0.0.4")

    mount_openai_service(application, desk, places)
    add_mcp_address(application, served.archive, desk, places)
    application.include_router(shared_routes(served.conversations, served.access))
    if served.access is not None:
        application.include_router(login_routes(served.access))


def _add_asking(service: FastAPI, desk: AnsweringDesk, places: AnswerPlaces, store: ConversationStore) -> None:
    @service.post("/ask", response_model=record_model(Answer), responses={200: _STREAM})
    async def ask(asked: AskRequest, request: Request) -> Response:
        """Answers a question, citing the articles; in a conversation, if you name one."""
        question = replace(asked.asked(OwnConversations(store, owner_of(request))), asker=asker_of(request))
        if asked.stream or "text/event-stream" in request.headers.get("accept", ""):
            return await answer_in_events(question, desk, places, _event)
        return _json(await answer_at_once(question, desk, places))

    async def find(asked: SearchRequest, request: Request) -> Response:
        return _json({"passages": await search_at_once(asked.sought(asker_of(request)), desk, places)})

    @service.get("/search", response_model=PassagesAnswer)
    async def search(asked: Annotated[SearchRequest, Query()], request: Request) -> Response:
        """Finds the passages nearest to a question."""
        return await find(asked, request)

    @service.post("/search", response_model=PassagesAnswer)
    async def search_posted(asked: SearchRequest, request: Request) -> Response:
        """Finds the passages nearest to a question, which is sent in the body and so is in no address."""
        return await find(asked, request)


def _add_state(service: FastAPI, desk: AnsweringDesk) -> None:
    @service.get("/health", response_model=Health)
    def tell_health() -> Response:
        """Tells that the server is up."""
        return _json({"status": "ok", "version": version("gazette")})

    @service.get("/ready", response_model=Readiness, responses={503: {"model": Readiness, "description": "Not yet"}})
    def tell_readiness() -> Response:
        """Tells whether the models are loaded, with status 503 until they are."""
        ready = Readiness(ready=desk.is_ready(), reason=desk.trouble)
        headers = {} if ready.ready else {"Retry-After": str(RETRY_SECONDS)}
        return Response(as_json_bytes(ready.model_dump()), 200 if ready.ready else 503, headers, "application/json")

    @service.get("/docs", include_in_schema=False)
    def show_description() -> HTMLResponse:
        return HTMLResponse(description_html(service.openapi()))


def _event(event: AnswerEvent | GazetteError) -> str:
    """One Server-Sent Event; JSON has no line breaks of its own, so one `data:` line holds it."""
    if isinstance(event, GazetteError):
        return f"event: error\ndata: {problem_bytes(problem_of(event), '/api').decode()}\n\n"
    if isinstance(event, PassagesFound):
        name, data = "passages", as_json_bytes({"passages": event.passages})
    elif isinstance(event, AnswerDone):
        name, data = "done", as_json_bytes(event.answer)
    else:
        name, data = "text", as_json_bytes({"text": event.text})
    return f"event: {name}\ndata: {data.decode()}\n\n"


def _json(value: object) -> Response:
    return Response(as_json_bytes(value), media_type="application/json")

"""The archive as a model of OpenAI's interface, at /v1, so that clients made for that can ask it.

The messages before the last are the history. A stream sends only what has been checked: these clients append what
they get and take nothing back, and a chat model's sentences are checked, renumbered or left out when it has ended.
"""

from __future__ import annotations

import time
import uuid
from typing import Any

from fastapi import FastAPI, Request
from fastapi.responses import Response

from rag.errors import GazetteError
from rag.records import AnswerDone, AnswerEvent, PassagesFound
from ui.api.openai_records import MODELS, ChatRequest, chat_chunk, chat_completion, content_of, sources_of
from ui.asking.answer_stream import EventWriter, answer_at_once, answer_in_events
from ui.asking.desk import AnsweringDesk
from ui.asking.limits import AnswerPlaces, asker_of
from ui.rendering.json_output import as_json_bytes
from ui.server.problems import Problem, add_problem_handlers, problem_bytes, problem_of, problem_response

__all__ = ["mount_openai_service"]


def mount_openai_service(application: FastAPI, desk: AnsweringDesk, places: AnswerPlaces) -> None:
    """Lets the application answer under /v1 too."""
    service = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    add_problem_handlers(service)

    @service.get("/models")
    def list_models() -> dict[str, Any]:
        return {"object": "list", "data": [_model(name) for name in MODELS]}

    @service.get("/models/{name}")
    def show_model(name: str, request: Request) -> Response:
        if name not in MODELS:
            return _no_model(name, request)
        return Response(as_json_bytes(_model(name)), media_type="application/json")

    @service.post("/chat/completions")
    async def complete(asked: ChatRequest, request: Request) -> Response:
        if asked.model not in MODELS:
            return _no_model(asked.model, request)
        question = asked.asked(asker_of(request))
        identity, created = f"chatcmpl-{uuid.uuid4().hex}", int(time.time())
        if asked.stream:
            return await answer_in_events(question, desk, places, _writer(asked.model, identity, created))
        answer = await answer_at_once(question, desk, places)
        completion = chat_completion(answer, asked.model, identity, created)
        return Response(as_json_bytes(completion), media_type="application/json")

    application.mount("/v1", service)


def _writer(model: str, identity: str, created: int) -> EventWriter:
    def write(event: AnswerEvent | GazetteError) -> str:
        if isinstance(event, GazetteError):
            return f"data: {problem_bytes(problem_of(event), '/v1').decode()}\n\n"
        if isinstance(event, AnswerDone):
            text = chat_chunk({"content": content_of(event.answer, model)}, model, identity, created)
            last = chat_chunk({}, model, identity, created, is_last=True) | sources_of(event.answer)
            return f"{_data(text)}{_data(last)}data: [DONE]\n\n"
        # What a model has written so far is not shown, but tells the client that the line is alive.
        delta = {"role": "assistant", "content": ""} if isinstance(event, PassagesFound) else {"content": ""}
        return _data(chat_chunk(delta, model, identity, created))

    return write


def _data(chunk: dict[str, Any]) -> str:
    return f"data: {as_json_bytes(chunk).decode()}\n\n"


def _model(name: str) -> dict[str, Any]:
    return {"id": name, "object": "model", "created": 0, "owned_by": "gazette"}


def _no_model(name: str, request: Request) -> Response:
    message = f"There is no model «{name[:100]}» here: ask for {' or '.join(MODELS)}."
    return problem_response(Problem(404, "model_not_found", message), request.url.path)

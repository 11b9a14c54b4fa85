"""What goes wrong becomes one JSON shape: `{"error": {"code", "message"}}`, with the status that fits.

Clients of OpenAI's interface expect its own shape, so what is under /v1 gets that: the same words, two fields
more. MCP clients, at /mcp, get an error of JSON-RPC. What is neither is for people to read, and gets the message alone.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import PlainTextResponse, Response
from starlette.exceptions import HTTPException

from rag.errors import ArchiveLocked, GazetteError, QuestionError
from ui.asking.limits import RETRY_SECONDS, Ending, ReaderGone, TooBusy
from ui.conversations.sharing import SharingOff
from ui.rendering.json_output import as_json_bytes

__all__ = ["Problem", "add_problem_handlers", "problem_bytes", "problem_of", "problem_response", "what_is_invalid"]

_CODES = {
    400: "bad_request",
    401: "not_signed_in",
    403: "not_allowed",
    404: "not_found",
    405: "method_not_allowed",
    411: "length_missing",
    413: "too_long",
    422: "invalid_request",
    429: "too_many_requests",
}
_JSON_ADDRESSES = ("/api", "/v1", "/mcp")
_LOCKED = "The archive is being changed by another process: try again when that has finished."
_UNEXPECTED = "Something went wrong inside the server; its log says what."


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a request is not answered. `code` is for programs, `message` for people, with the way out in it."""

    status: int
    code: str
    message: str
    retry_seconds: int | None = None

    @classmethod
    def of_status(cls, status: int, message: str, retry_seconds: int | None = None) -> Problem:
        return cls(status, _CODES.get(status, "failed"), message, retry_seconds)


def problem_of(error: Exception) -> Problem:
    """What an error means to whoever asked; of an error that nobody foresaw they learn only that there was one."""
    match error:
        case TooBusy():
            return Problem(429, "too_busy", str(error), RETRY_SECONDS)
        case Ending():
            return Problem(503, "ending", str(error), RETRY_SECONDS)
        case ReaderGone():
            return Problem(499, "reader_gone", str(error))  # for the counts alone: nobody reads it
        case ArchiveLocked():
            # Its own message names the folder and the other's command line: for who sits at this machine.
            return Problem(503, "archive_locked", _LOCKED, RETRY_SECONDS)
        case SharingOff():
            return Problem(403, "sharing_off", str(error))
        case QuestionError():
            return Problem(400, "question_refused", str(error))
        case GazetteError():
            return Problem(503, "not_available", str(error))
        case RequestValidationError():
            is_json = all(found["type"] != "json_invalid" for found in error.errors())
            return Problem.of_status(422 if is_json else 400, what_is_invalid(error.errors()))
        case HTTPException():
            return Problem.of_status(error.status_code, str(error.detail))
    return Problem(500, "unexpected", _UNEXPECTED)


def problem_bytes(problem: Problem, path: str) -> bytes:
    """The problem as JSON in the shape that goes with the address asked for."""
    if _is_under(path, "/mcp"):
        # JSON-RPC's own numbers for a request that is not valid, and for one that failed inside.
        number = -32600 if problem.status < 500 else -32603
        failed = {"code": number, "message": problem.message, "data": {"code": problem.code}}
        return as_json_bytes({"jsonrpc": "2.0", "id": None, "error": failed})
    if not _is_under(path, "/v1"):
        return as_json_bytes({"error": {"code": problem.code, "message": problem.message}})
    kind = "invalid_request_error" if problem.status < 500 and problem.status != 429 else "server_error"
    error = {"message": problem.message, "type": kind, "param": None, "code": problem.code}
    return as_json_bytes({"error": error})


def problem_response(problem: Problem, path: str) -> Response:
    headers = {} if problem.retry_seconds is None else {"Retry-After": str(problem.retry_seconds)}
    if problem.status == 401:
        headers["WWW-Authenticate"] = 'Bearer realm="Gazette"'
    if any(_is_under(path, address) for address in _JSON_ADDRESSES):
        return Response(problem_bytes(problem, path), problem.status, headers, "application/json")
    return PlainTextResponse(problem.message + "\n", problem.status, headers)


def add_problem_handlers(application: FastAPI) -> None:
    """Lets the application answer in the one shape whatever is raised in it."""

    def answer(request: Request, error: Exception) -> Response:
        problem = problem_of(error)
        if problem.status == 500:
            logging.getLogger("gazette").error("%s at %s", type(error).__name__, request.url.path)
        return problem_response(problem, request.url.path)

    for kind in (GazetteError, RequestValidationError, HTTPException, Exception):
        application.add_exception_handler(kind, answer)


def what_is_invalid(errors: Sequence[Any]) -> str:
    """«filters.since: Input should be a valid date …»; what was sent is not repeated."""
    said = []
    for error in errors[:5]:
        place = ".".join(str(part) for part in error["loc"] if part not in ("body", "query", "path"))
        said.append(f"{place}: {error['msg']}" if place else str(error["msg"]))
    return "; ".join(said)


def _is_under(path: str, prefix: str) -> bool:
    return path == prefix or path.startswith(prefix + "/")

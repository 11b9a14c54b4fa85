"""The archive as tools of the Model Context Protocol (MCP): `ask`, `search` and `article`, over stdio or at /mcp.

Over HTTP it is an address of the service, not a server of its own: so the one guard, the keys, the limits, the counts
and the log of all other addresses are its too. It keeps no sessions: every request stands alone and is answered by one
piece of JSON, so that a restart loses nothing and no stream has to be ended.

The tools are described and checked by the same pydantic models, and what goes wrong in one is told as its result,
where the model that called it reads it and can do better.
"""

from __future__ import annotations

import json
import logging
import signal
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

import anyio
from mcp import MCPError
from mcp.server import Server, ServerRequestContext
from mcp.server.stdio import stdio_server
from mcp.server.streamable_http_manager import StreamableHTTPSessionManager
from mcp_types import (
    INVALID_PARAMS,
    CallToolRequestParams,
    CallToolResult,
    ListToolsResult,
    PaginatedRequestParams,
    TextContent,
    Tool,
    ToolAnnotations,
)
from pydantic import BaseModel, ValidationError
from starlette.concurrency import run_in_threadpool
from starlette.types import Receive, Scope, Send

from rag import Archive
from rag.errors import GazetteError
from ui.api.mcp_records import (
    NOTICE,
    AnswerResult,
    ArticleArguments,
    ArticleResult,
    AskArguments,
    SearchResult,
    answer_result,
    article_result,
    search_result,
)
from ui.api.service_records import SearchRequest
from ui.asking.answer_stream import answer_at_once, search_at_once
from ui.asking.desk import AnsweringDesk
from ui.asking.limits import AnswerPlaces
from ui.server.problems import problem_of, what_is_invalid
from ui.server.running import ServerSettings, open_watch

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

__all__ = ["answer_mcp_request", "build_mcp_server", "run_mcp"]

_DEFAULTS = ServerSettings()
_INSTRUCTIONS = (
    "Gazette answers questions about an archive of news articles, in English and French, and cites the exact passage "
    "for everything it says; when the articles don't say, it says so. Use `ask` for an answer, `search` to see "
    "passages, `article` to read on. Whoever repeats an answer should repeat its citations: outlet, date and quote. "
    f"{NOTICE}"
)
_ASK = (
    "Answers a question from the archive. `text` has numbered markers, and for each number `citations` has the exact "
    "quote, its place in the article, and the article's id, title, outlet (`source`) and date. `refused` means that "
    "the articles don't say; `disagreements` are what they differ on. " + NOTICE
)
_SEARCH = "Finds the passages nearest to a question, best first, each with its article's id. " + NOTICE
_ARTICLE = "Shows one article, by its id, a stretch at a time: go on at `end` until it is `characters`. " + NOTICE


@dataclass(frozen=True, slots=True)
class _Described:
    """A tool as clients see it, and what answers its calls."""

    tool: Tool
    arguments: type[BaseModel]
    answer: Callable[[Any], Awaitable[dict[str, Any]]]


def run_mcp(
    archive_folder: str | Path,
    *,
    model: str | BaseChatModel | None = None,
    strict: bool = False,
    support_model: str | Path | None = None,
    server: ServerSettings = _DEFAULTS,
) -> None:
    """Speaks over standard input and output until the first ends; what else is printed goes to standard error.

    Raises ArchiveError where the folder is not an archive or can't be read.
    """
    # Python's own handler waits for the thread that reads, and so for one more line; nothing is written here.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    with Archive.open(archive_folder, create=False) as archive:
        desk = AnsweringDesk(archive, model, strict=strict, support_model=support_model, watch=open_watch(server))
        places = AnswerPlaces(server.answers_at_once, server.answers_waiting)
        anyio.run(_serve_standard_streams, build_mcp_server(archive, desk, places))
        desk.watch.end()


def build_mcp_server(archive: Archive, desk: AnsweringDesk, places: AnswerPlaces) -> Server[Any]:
    """The server of one archive; it loads no models before the first question."""

    async def ask(sent: AskArguments) -> dict[str, Any]:
        return answer_result(await answer_at_once(sent.asked(), desk, places))

    async def search(sent: SearchRequest) -> dict[str, Any]:
        return search_result(await search_at_once(sent.sought(), desk, places))

    async def show(sent: ArticleArguments) -> dict[str, Any]:
        article = await run_in_threadpool(archive.article, sent.id)
        if article is None:
            raise GazetteError(f"No article has the id «{sent.id[:100]}»: take one that `ask` or `search` has shown.")
        return article_result(article, sent.start, sent.limit)

    described = (
        _described("ask", "Ask the archive", _ASK, AskArguments, AnswerResult, ask),
        _described("search", "Search the archive", _SEARCH, SearchRequest, SearchResult, search),
        _described("article", "Read an article", _ARTICLE, ArticleArguments, ArticleResult, show),
    )
    by_name = {found.tool.name: found for found in described}

    async def list_tools(_context: ServerRequestContext[Any], _asked: PaginatedRequestParams | None) -> ListToolsResult:
        return ListToolsResult(tools=[found.tool for found in described])

    async def call_tool(_context: ServerRequestContext[Any], called: CallToolRequestParams) -> CallToolResult:
        if called.name not in by_name:
            raise MCPError(INVALID_PARAMS, f"There is no tool «{called.name[:100]}»: call {', '.join(by_name)}.")
        return await _called(by_name[called.name], called.arguments or {})

    return Server(
        "gazette",
        version=version("gazette"),
        title="Gazette",
        instructions=_INSTRUCTIONS,
        on_list_tools=list_tools,
        on_call_tool=call_tool,
    )


async def answer_mcp_request(server: Server[Any], scope: Scope, receive: Receive, send: Send) -> None:
    """Answers one HTTP request; who may ask, and by which name, the guard in front has seen to."""
    manager = StreamableHTTPSessionManager(server, stateless=True, json_response=True)
    async with manager.run():
        await manager.handle_request(scope, receive, send)


async def _serve_standard_streams(server: Server[Any]) -> None:
    async with stdio_server() as (read_stream, write_stream):
        await server.run(read_stream, write_stream, server.create_initialization_options())


def _described(
    name: str,
    title: str,
    description: str,
    arguments: type[BaseModel],
    result: type[BaseModel],
    answer: Callable[[Any], Awaitable[dict[str, Any]]],
) -> _Described:
    tool = Tool(
        name=name,
        title=title,
        description=description,
        input_schema=arguments.model_json_schema(),
        output_schema=result.model_json_schema(),
        annotations=ToolAnnotations(read_only_hint=True, idempotent_hint=True, open_world_hint=False),
    )
    return _Described(tool, arguments, answer)


async def _called(found: _Described, sent: dict[str, Any]) -> CallToolResult:
    """What the tool answers, or what went wrong, in words for the model that called it."""
    try:
        result = await found.answer(found.arguments.model_validate(sent))
    except ValidationError as error:
        return _failed(what_is_invalid(error.errors()))
    except Exception as error:
        problem = problem_of(error)
        if problem.status == 500:
            logging.getLogger("gazette").error("%s in the tool %s", type(error).__name__, found.tool.name)
        return _failed(problem.message)
    said = json.dumps(result, ensure_ascii=False).encode("utf-8", "replace").decode()
    return CallToolResult(content=[TextContent(type="text", text=said)], structured_content=json.loads(said))


def _failed(why: str) -> CallToolResult:
    return CallToolResult(content=[TextContent(type="text", text=why)], is_error=True)

"""The archive as tools, called by the protocol's own client: over standard streams and HTTP, with keys and without."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import httpx2
import pytest
from anyio.from_thread import BlockingPortal, start_blocking_portal
from mcp import Client, MCPError, StdioServerParameters
from mcp.client.streamable_http import streamable_http_client

from rag import Archive
from tests.test_structure import HEAVY
from tests.ui.api.test_service import ENDLESS_MODEL
from tests.ui.hostile import QUESTIONS, hostile_articles
from tests.ui.serving import ServedChat, serve_service
from ui.accounts.store import Accounts
from ui.api.mcp_records import NOTICE
from ui.command_line import main

QUESTION = "How many troops took part in Zapad 2017?"
TOOLS = ("ask", "search", "article")


@dataclass(frozen=True)
class Caller:
    """A client that is connected, for tests that are not asynchronous."""

    client: Client
    portal: BlockingPortal

    def call(self, tool: str, **arguments: Any) -> Any:
        return self.portal.call(self.client.call_tool, tool, arguments)

    def result(self, tool: str, **arguments: Any) -> Any:
        """What a call gave that did not fail; the client has checked it against the tool's own schema."""
        called = self.call(tool, **arguments)
        assert not called.is_error, called.content[0].text
        return called.structured_content


@contextmanager
def connected(server: Any, mode: str = "auto") -> Iterator[Caller]:
    with (
        start_blocking_portal() as portal,
        portal.wrap_async_context_manager(Client(server, mode=mode)) as client,
    ):
        yield Caller(client, portal)


@asynccontextmanager
async def with_key(address: str, key: str) -> AsyncIterator[Any]:
    """The protocol over HTTP, for a client to be connected by."""
    headers = {"Authorization": f"Bearer {key}"}
    async with (
        httpx2.AsyncClient(headers=headers, trust_env=False, timeout=60) as line,
        streamable_http_client(address, http_client=line) as streams,
    ):
        yield streams


def command(archive: Path, *options: str) -> list[str]:
    return [sys.executable, "-m", "ui.command_line", "mcp", "--archive", str(archive), *options]


@contextmanager
def connected_over_standard_streams(archive: Path) -> Iterator[Caller]:
    program, *arguments = command(archive)
    with connected(StdioServerParameters(command=program, args=arguments)) as caller:
        yield caller


@pytest.fixture(scope="module")
def served(sample_archive: Path) -> Iterator[ServedChat]:
    with serve_service(sample_archive) as service:
        yield service


@pytest.fixture(scope="module", params=["streams", "http", "http as clients did it until 2026"])
def caller(request: pytest.FixtureRequest, sample_archive: Path) -> Iterator[Caller]:
    if request.param == "streams":
        with connected_over_standard_streams(sample_archive) as opened:
            yield opened
        return
    served: ServedChat = request.getfixturevalue("served")
    with connected(f"{served.address}/mcp", "auto" if request.param == "http" else "legacy") as opened:
        yield opened


def test_the_tools_are_listed_with_what_they_take_and_give(caller: Caller) -> None:
    listed = caller.portal.call(caller.client.list_tools).tools
    assert tuple(tool.name for tool in listed) == TOOLS
    for tool in listed:
        assert tool.annotations is not None
        assert tool.annotations.read_only_hint
        assert NOTICE in (tool.description or "")
        assert (tool.output_schema or {})["properties"].keys() >= {"notice"}
    assert [tool.input_schema["required"] for tool in listed] == [["question"], ["question"], ["id"]]
    assert NOTICE in (caller.client.instructions or "")


def test_an_answer_is_that_of_the_service_and_cites_the_exact_words_of_articles(
    caller: Caller, served: ServedChat, sample_archive: Path
) -> None:
    asked = {"question": QUESTION}
    same = httpx.post(f"{served.address}/api/ask", json=asked, timeout=60, trust_env=False).json()
    answer = caller.result("ask", question=QUESTION)
    for field in ("text", "refused", "citations", "disagreements", "language"):
        assert answer[field] == same[field]
    assert answer["citations"]
    with Archive.open(sample_archive) as archive:
        for citation in answer["citations"]:
            article = archive.article(citation["article"]["id"])
            assert article is not None
            assert article.text[citation["start"] : citation["end"]] == citation["quote"]
            assert citation["article"]["title"] == article.title
            assert citation["article"]["source"] == article.source
            assert citation["article"]["published"] == str(article.published)
    assert answer["sentences"][0]["verdict"] == "supported"


def test_clients_that_read_text_alone_get_the_same_in_json(caller: Caller) -> None:
    called = caller.call("search", question=QUESTION, limit=2)
    assert json.loads(called.content[0].text) == called.structured_content


def test_a_refusal_is_an_answer_and_no_error(caller: Caller) -> None:
    answer = caller.result("ask", question="Who painted the ceiling of the Sistine Chapel?")
    assert answer["refused"]
    assert answer["citations"] == []


def test_a_follow_up_is_understood_from_the_history(caller: Caller) -> None:
    history = [{"role": "user", "content": "What did the Warsaw summit decide?"}]
    answer = caller.result("ask", question="And how many battalions were sent there?", history=history)
    assert "Warsaw" in answer["completed"]


def test_what_is_found_passes_the_filters(caller: Caller) -> None:
    found = caller.result("search", question=QUESTION, limit=3, language="fr", since="2010-01-01")["passages"]
    assert [passage["rank"] for passage in found] == [1, 2, 3]
    assert {passage["article"]["language"] for passage in found} == {"fr"}
    assert min(passage["article"]["published"] for passage in found) >= "2010-01-01"


def test_an_article_is_read_in_stretches_that_meet(caller: Caller, sample_archive: Path) -> None:
    with Archive.open(sample_archive) as archive:
        article = archive.articles()[0]
    first = caller.result("article", id=article.id, limit=500)
    rest = caller.result("article", id=article.id, start=first["end"])
    assert first["text"] + rest["text"] == article.text
    assert rest["end"] == first["characters"] == len(article.text)
    after = caller.result("article", id=article.id, start=10**9)
    assert (after["text"], after["start"], after["end"]) == ("", len(article.text), len(article.text))


@pytest.mark.parametrize(
    ("tool", "arguments", "said"),
    [
        ("ask", {}, "question: Field required"),
        ("ask", {"question": QUESTION, "colour": "red"}, "colour: "),
        ("ask", {"question": 7}, "question: "),
        ("ask", {"question": "?!"}, "no letter"),
        ("ask", {"question": "long " * 2000}, "4,000"),
        ("ask", {"question": QUESTION, "since": "May"}, "since: "),
        ("search", {"question": QUESTION, "limit": 0}, "limit: "),
        ("article", {"id": "no-such"}, "«no-such»: take one that"),
        ("article", {"id": "../../etc/passwd"}, "No article has the id"),
        ("article", {"id": ""}, "id: "),
    ],
)
def test_what_cannot_be_done_is_told_as_the_result(
    caller: Caller, tool: str, arguments: dict[str, Any], said: str
) -> None:
    called = caller.call(tool, **arguments)
    assert called.is_error
    assert said in called.content[0].text
    assert "Traceback" not in called.content[0].text
    assert called.structured_content is None


def test_a_tool_that_is_not_there_is_an_error_that_names_those_that_are(caller: Caller) -> None:
    with pytest.raises(MCPError, match="call ask, search, article"):
        caller.call("delete_everything")


def test_what_articles_say_stays_within_the_strings_of_a_result(tmp_path: Path) -> None:
    with Archive.open(tmp_path / "archive") as archive:
        archive.add(hostile_articles())
    with connected_over_standard_streams(tmp_path / "archive") as caller:
        found = caller.result("search", question=QUESTIONS[0])
        assert list(found) == ["notice", "passages"]
        assert found["notice"] == NOTICE
        hostile = next(passage for passage in found["passages"] if "<script>" in passage["text"])
        read = caller.result("article", id=hostile["article"]["id"])
        assert read["text"][hostile["start"] : hostile["end"]] == hostile["text"]
        for question in QUESTIONS:
            assert caller.result("ask", question=question)["notice"] == NOTICE


def test_standard_output_holds_nothing_but_the_protocol(sample_archive: Path) -> None:
    client = {"protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": {"name": "test", "version": "1"}}
    messages = [
        {"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": client},
        {"jsonrpc": "2.0", "method": "notifications/initialized"},
        {
            "jsonrpc": "2.0",
            "id": 2,
            "method": "tools/call",
            "params": {"name": "ask", "arguments": {"question": "Who?"}},
        },
    ]
    with subprocess.Popen(
        command(sample_archive), stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write("no JSON at all\n")
        answered = []
        for message in messages:
            process.stdin.write(json.dumps(message) + "\n")
            process.stdin.flush()
            if "id" in message:
                answered.append(json.loads(process.stdout.readline()))
        rest, _errors = process.communicate(timeout=60)
    assert rest == ""
    assert process.returncode == 0
    assert [message["id"] for message in answered] == [1, 2]
    assert answered[0]["result"]["serverInfo"]["name"] == "gazette"


def test_it_ends_at_once_when_it_is_interrupted(sample_archive: Path) -> None:
    with subprocess.Popen(
        command(sample_archive), stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write('{"jsonrpc": "2.0", "id": 1, "method": "ping"}\n')
        process.stdin.flush()
        assert json.loads(process.stdout.readline())["id"] == 1
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=60) == -signal.SIGINT


def test_nothing_heavy_is_loaded_before_the_first_question(sample_archive: Path) -> None:
    code = f"""
import anyio, sys
from mcp import Client
from rag import Archive
from ui.asking.desk import AnsweringDesk
from ui.asking.limits import AnswerPlaces
from ui.api.mcp_server import build_mcp_server

async def use(archive):
    server = build_mcp_server(archive, AnsweringDesk(archive, None), AnswerPlaces(1, 1))
    async with Client(server) as client:
        await client.list_tools()
        shown = await client.call_tool("article", {{"id": archive.articles()[0].id}})
        print(shown.is_error, [name for name in {(*HEAVY, "openvino")!r} if name in sys.modules])
        await client.call_tool("search", {{"question": "Zapad"}})
        print("openvino" in sys.modules)

with Archive.open(sys.argv[1]) as archive:
    anyio.run(use, archive)
"""
    printed = subprocess.run(
        [sys.executable, "-c", code, str(sample_archive)], capture_output=True, text=True, check=True
    )
    assert printed.stdout.splitlines() == ["False []", "True"]


def test_the_web_chat_has_the_tools_too(sample_chat: ServedChat) -> None:
    with connected(f"{sample_chat.address}/mcp") as caller:
        assert caller.result("search", question=QUESTION, limit=1)["passages"]


def test_over_http_a_key_is_asked_for_where_others_can_reach_it(tmp_path: Path, sample_archive: Path) -> None:
    accounts = Accounts(tmp_path / "accounts.sqlite3", scrypt_cost=2**4)
    key = accounts.add_key("desk", "reader")
    settings = f"accounts={str(accounts.path)!r}, needs_login=True"
    with serve_service(sample_archive, settings=settings) as served:
        address = f"{served.address}/mcp"
        for headers in ({}, {"Authorization": "Bearer wrong"}):
            with httpx2.Client(trust_env=False) as line:
                refused = line.post(address, json={"jsonrpc": "2.0", "id": 1, "method": "tools/list"}, headers=headers)
            assert refused.status_code == 401
            assert "API key" in refused.json()["error"]["message"]
            assert refused.headers["www-authenticate"].startswith("Bearer")
        told = pytest.RaisesExc(MCPError, match="API key")
        with pytest.RaisesGroup(told, flatten_subgroups=True), connected(address):
            pass
        with connected(with_key(address, key)) as caller:
            assert caller.result("ask", question=QUESTION)["citations"]


@pytest.mark.parametrize(
    ("method", "headers", "status"),
    [
        ("POST", {"Origin": "https://attacker.example"}, 403),
        ("POST", {"Host": "attacker.example"}, 403),
        ("GET", {"Accept": "text/event-stream"}, 405),
        ("DELETE", {}, 405),
    ],
)
def test_the_guard_stands_before_it(served: ServedChat, method: str, headers: dict[str, str], status: int) -> None:
    asked = {"json": {"jsonrpc": "2.0", "id": 1, "method": "tools/list"}} if method == "POST" else {}
    answered = httpx.request(method, f"{served.address}/mcp", headers=headers, trust_env=False, **asked)
    assert answered.status_code == status


def test_a_busy_server_tells_the_model_to_come_back(sample_archive: Path) -> None:
    settings = "answers_at_once=1, answers_waiting=0"
    with serve_service(sample_archive, model_source=ENDLESS_MODEL, settings=settings) as served:
        asked = {"question": QUESTION, "stream": True}
        with (
            httpx.stream("POST", f"{served.address}/api/ask", json=asked, timeout=60, trust_env=False) as first,
            connected(f"{served.address}/mcp") as caller,
        ):
            pieces = first.iter_text()  # dropped, it would close the line and leave the place
            next(pieces)
            busy = caller.call("search", question=QUESTION)
    assert busy.is_error
    assert "ask again in" in busy.content[0].text


class Without:
    """Finds every module but one, as where its package is not installed."""

    def __init__(self, finder: Any, name: str) -> None:
        self._finder, self._name = finder, name

    def find_spec(self, name: str, path: Sequence[str] | None = None, target: Any = None) -> Any:
        return None if name == self._name else self._finder.find_spec(name, path, target)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._finder, name)


@pytest.mark.parametrize("options", [[], ["--http", "--port", "0"]])
def test_where_the_package_is_missing_the_extra_is_named(
    options: list[str], sample_archive: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delitem(sys.modules, "mcp")
    monkeypatch.setattr(sys, "meta_path", [Without(finder, "mcp") for finder in sys.meta_path])
    assert main(["mcp", "--archive", str(sample_archive), *options]) == 1
    assert "pip install '.[mcp]'" in capsys.readouterr().err

"""What those who run a server learn of the questions asked of it: spans, and no word of a question unless they ask."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from rag import Archive, Article
from tests.ui.api.test_mcp import Without
from tests.ui.collector import Collector, collecting
from tests.ui.serving import ServedChat, serve_service
from ui.asking.spans import open_spans
from ui.command_line import main

QUESTION = "Where was the treaty of Zanzibar signed?"
ARTICLE = Article("a1", "A treaty", "The treaty of Zanzibar was signed in Paris.", language="en")
TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    with Archive.open(tmp_path / "archive", encoder="hashing-256") as opened:
        opened.add(ARTICLE)
    return tmp_path / "archive"


@pytest.fixture
def collector(monkeypatch: pytest.MonkeyPatch) -> Iterator[Collector]:
    with collecting() as opened:
        monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", opened.address)
        yield opened


def ask_in_every_way(served: ServedChat) -> None:
    """Questions that are answered, searched for, streamed and refused; then the server is ended."""
    with httpx.Client(base_url=served.address, timeout=60, trust_env=False) as client:
        trace = {"traceparent": f"00-{TRACE}-00f067aa0ba902b7-01"}
        assert client.post("/api/ask", json={"question": QUESTION}, headers=trace).status_code == 200
        assert client.get("/api/search", params={"question": QUESTION}).status_code == 200
        assert "done" in client.post("/api/ask", json={"question": QUESTION, "stream": True}).text
        assert client.post("/api/ask", json={"question": "Zanzibar " * 1000}).status_code == 400
        messages = [{"role": "user", "content": QUESTION}]
        assert client.post("/v1/chat/completions", json={"messages": messages}).status_code == 200
    served.process.send_signal(signal.SIGTERM)
    served.process.wait(timeout=60)


def logged(errors: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in errors.read_text("utf-8").splitlines()]


def test_requests_answers_and_stages_are_spans_that_hold_no_word_of_question_or_article(
    archive: Path, collector: Collector
) -> None:
    with serve_service(archive) as served:
        ask_in_every_way(served)
    assert collector.services == {"gazette"}
    request = next(span for span in collector.named("POST /api/ask") if span.trace == TRACE)
    assert request.attributes["http.response.status_code"] == 200
    answer = next(span for span in collector.named("answer") if span.parent == request.identity)
    assert answer.attributes == {
        "gazette.passages": 1,
        "gazette.language": "en",
        "gazette.refused": False,
        "gazette.citations": 1,
    }
    stages = {span.name for span in collector.spans if span.parent == answer.identity}
    assert {"search", "choose", "check"} <= stages
    assert all(span.trace == TRACE for span in collector.spans if span.parent == answer.identity)
    assert len(collector.named("answer")) == 4
    assert [span.attributes["error.type"] for span in collector.named("answer") if span.is_error] == ["QuestionError"]
    found = collector.named("GET /api/search")[0]
    assert [span.name for span in collector.spans if span.parent == found.identity] == ["search"]
    for word in (b"Zanzibar", b"treaty", b"Paris"):
        assert word not in collector.raw


def test_a_question_stands_in_its_span_and_in_the_log_where_that_is_asked_for(
    archive: Path, collector: Collector, tmp_path: Path
) -> None:
    with serve_service(archive, settings="logs_questions=True", errors=tmp_path / "errors") as served:
        ask_in_every_way(served)
    told = [span.attributes["gazette.question"] for span in collector.spans if "gazette.question" in span.attributes]
    assert told.count(QUESTION) == 4
    assert b"Paris" not in collector.raw
    lines = logged(tmp_path / "errors")
    assert [(line["kind"], line["question"]) for line in lines if line["question"] == QUESTION] == [
        ("ask", QUESTION),
        ("search", QUESTION),
        ("ask", QUESTION),
        ("ask", QUESTION),
    ]


def test_no_question_is_logged_unless_asked_for(archive: Path, tmp_path: Path) -> None:
    with serve_service(archive, settings="logs_requests=True", errors=tmp_path / "errors") as served:
        ask_in_every_way(served)
    assert len(logged(tmp_path / "errors")) == 5
    assert "Zanzibar" not in (tmp_path / "errors").read_text("utf-8")


@pytest.mark.parametrize(
    ("options", "variable", "is_told"), [([], "", False), (["--log-questions"], "", True), ([], "1", True)]
)
def test_the_option_and_the_environment_let_the_tools_log_questions_too(
    archive: Path, options: list[str], variable: str, is_told: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GAZETTE_LOG_QUESTIONS", variable)
    client = {"protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": {"name": "test", "version": "1"}}
    called = {"name": "ask", "arguments": {"question": QUESTION}}
    messages = [
        {"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": client},
        {"jsonrpc": "2.0", "method": "notifications/initialized"},
        {"jsonrpc": "2.0", "id": 2, "method": "tools/call", "params": called},
    ]
    command = [sys.executable, "-m", "ui.command_line", "mcp", "--archive", str(archive), *options]
    with subprocess.Popen(command, stdin=-1, stdout=-1, stderr=-1, text=True) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        for message in messages:
            process.stdin.write(json.dumps(message) + "\n")
            process.stdin.flush()
            if "id" in message:
                assert json.loads(process.stdout.readline())["id"] == message["id"]
        _rest, errors = process.communicate(timeout=60)
    assert ("Zanzibar" in errors) == is_told


def test_a_setting_that_is_neither_on_nor_off_is_refused(
    archive: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("GAZETTE_LOG_QUESTIONS", "perhaps")
    with pytest.raises(SystemExit):
        main(["serve", "--archive", str(archive)])
    assert "GAZETTE_LOG_QUESTIONS is neither 1 nor 0: «perhaps»" in capsys.readouterr().err


def test_without_an_endpoint_nothing_of_it_is_loaded() -> None:
    code = "import sys, ui.api.service, ui.asking.spans as s; print(s.open_spans(), 'opentelemetry.sdk' in sys.modules)"
    printed = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert printed.stdout.split() == ["None", "False"]


@pytest.mark.parametrize(
    ("variables", "said"),
    [
        ({"OTEL_SDK_DISABLED": "true"}, ""),
        ({"OTEL_TRACES_EXPORTER": "none"}, ""),
        ({"OTEL_EXPORTER_OTLP_PROTOCOL": "grpc"}, "http/protobuf alone"),
    ],
)
def test_no_spans_are_sent_where_the_environment_wants_none_or_another_protocol(
    variables: dict[str, str], said: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:9")
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert open_spans() is None
    assert said in (errors := capsys.readouterr().err)
    assert bool(said) == bool(errors)


def test_where_the_package_is_missing_the_extra_is_named(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "http://127.0.0.1:9/v1/traces")
    for name in [name for name in sys.modules if name.startswith("opentelemetry.exporter")]:
        monkeypatch.delitem(sys.modules, name)
    hidden = [Without(finder, "opentelemetry.exporter") for finder in sys.meta_path]
    monkeypatch.setattr(sys, "meta_path", hidden)
    assert open_spans() is None
    assert "pip install '.[telemetry]'" in capsys.readouterr().err


def test_a_collector_that_does_not_answer_keeps_no_server_from_ending(
    archive: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:9")
    with serve_service(archive) as served:
        httpx.get(f"{served.address}/api/health", trust_env=False)
        served.process.send_signal(signal.SIGTERM)
        # Five seconds are promised; the rest is for a machine that does other things.
        assert served.process.wait(timeout=30) in (0, -signal.SIGTERM)

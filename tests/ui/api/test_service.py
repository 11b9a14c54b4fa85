"""The service as a program meets it: asked over a real socket, in JSON and in events, well and badly."""

from __future__ import annotations

import json
import signal
import socket
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import httpx
import pytest

from rag import Archive
from rag.records import (
    Answer,
    AnswerSentence,
    Article,
    Citation,
    Disagreement,
    Passage,
    Period,
    Side,
    Support,
)
from tests.ui.serving import ServedChat, serve_service
from ui.api.json_models import record_model
from ui.rendering.json_output import as_json

QUESTION = "How many troops took part in Zapad 2017?"
# A model of LangChain's own that goes on for longer than any test waits.
ENDLESS_MODEL = """
from langchain_core.language_models import FakeListChatModel
model = FakeListChatModel(responses=["The talks went on. " * 500], sleep=0.05)
"""


@pytest.fixture(scope="module")
def served(sample_archive: Path) -> Iterator[ServedChat]:
    with serve_service(sample_archive) as service:
        yield service


@pytest.fixture(scope="module")
def client(served: ServedChat) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=served.address, timeout=60, trust_env=False) as opened:
        yield opened


@pytest.fixture(scope="module")
def answer(client: httpx.Client) -> dict[str, Any]:
    response = client.post("/api/ask", json={"question": QUESTION})
    assert response.status_code == 200
    found: dict[str, Any] = response.json()
    return found


def read_events(text: str) -> list[tuple[str, Any]]:
    """The events of a stream by name, with their data."""
    blocks = [dict(line.split(": ", 1) for line in block.splitlines()) for block in text.strip().split("\n\n")]
    return [(block["event"], json.loads(block["data"])) for block in blocks]


def test_an_answer_cites_the_exact_words_of_articles(answer: dict[str, Any], sample_archive: Path) -> None:
    assert not answer["refused"]
    assert "[1]" in answer["text"]
    with Archive.open(sample_archive) as archive:
        for citation in answer["citations"]:
            article = archive.article(citation["article"]["id"])
            assert article is not None
            assert article.text[citation["start"] : citation["end"]] == citation["quote"]


def test_an_answer_has_the_form_that_the_description_gives(answer: dict[str, Any]) -> None:
    assert record_model(Answer).model_validate(answer).model_dump(mode="json") == answer


def test_every_field_of_every_record_is_described() -> None:
    article = Article("a1", "A treaty", "It was signed in Paris.", "https://example.org/a", "The Ledger", ("A. B.",))
    passage = Passage(article, 0, 6, 0.5, 1, copies=(article,))
    full = Answer(
        "Where?",
        "In Paris. [1]",
        "en",
        (Citation(1, article, 0, 6),),
        (passage,),
        sentences=(AnswerSentence("In Paris.", (1,), Support("supported", passage, "says so")),),
        nearest=(article,),
        notes=("The model failed.",),
        completed="Where was it signed?",
        period=Period("in May", date(1997, 5, 1), None),
        disagreements=(Disagreement("number", "ships", (Side("two", 1), Side("three", 1))),),
    )
    written = as_json(full)
    assert record_model(Answer).model_validate(written).model_dump(mode="json") == written


def test_a_stream_gives_passages_then_text_then_the_whole_answer(client: httpx.Client, answer: dict[str, Any]) -> None:
    response = client.post("/api/ask", json={"question": QUESTION, "stream": True})
    assert response.headers["content-type"].startswith("text/event-stream")
    events = read_events(response.text)
    assert [name for name, _ in events] == ["passages", "text", "done"]
    assert events[0][1]["passages"] == answer["passages"]
    assert events[1][1]["text"] == answer["text"]
    assert events[2][1] == answer


def test_a_stream_can_be_asked_for_by_what_is_accepted(client: httpx.Client) -> None:
    response = client.post("/api/ask", json={"question": QUESTION}, headers={"Accept": "text/event-stream"})
    assert read_events(response.text)[-1][0] == "done"


def test_a_follow_up_is_completed_from_the_history_unless_told_not_to(client: httpx.Client) -> None:
    asked = {
        "question": "And how many battalions were sent there?",
        "history": [{"role": "user", "content": "What did the Warsaw summit decide?"}],
    }
    followed = client.post("/api/ask", json=asked).json()
    alone = client.post("/api/ask", json={**asked, "settings": {"completes": False}}).json()
    assert [passage["article"]["id"] for passage in followed["passages"]] != [
        passage["article"]["id"] for passage in alone["passages"]
    ]


def test_filters_hold_for_answers_searches_and_lists(client: httpx.Client) -> None:
    filters = {"language": "fr", "since": "2010-01-01"}
    asked = client.post("/api/ask", json={"question": QUESTION, "filters": filters}).json()["passages"]
    searched = client.get("/api/search", params={"question": QUESTION, **filters}).json()["passages"]
    listed = client.get("/api/articles", params=filters).json()["articles"]
    articles = [passage["article"] for passage in asked + searched] + listed
    assert asked
    assert searched
    assert listed
    assert {article["language"] for article in articles} == {"fr"}
    assert min(article["published"] for article in articles) >= "2010-01-01"


def test_a_search_is_the_same_asked_by_either_method(client: httpx.Client) -> None:
    asked = {"question": QUESTION, "limit": 3}
    found = client.get("/api/search", params=asked).json()["passages"]
    assert [passage["rank"] for passage in found] == [1, 2, 3]
    assert client.post("/api/search", json=asked).json()["passages"] == found


def test_articles_are_listed_in_pages_that_meet(client: httpx.Client, sample_archive: Path) -> None:
    pages = [client.get("/api/articles", params={"offset": start, "limit": 20}).json() for start in (0, 20, 40)]
    with Archive.open(sample_archive) as archive:
        ids = [summary.id for summary in archive.summaries()]
    assert [article["id"] for page in pages for article in page["articles"]] == ids
    assert {page["total"] for page in pages} == {len(ids)}


def test_an_article_comes_with_its_text(client: httpx.Client, sample_archive: Path) -> None:
    with Archive.open(sample_archive) as archive:
        article = archive.articles()[0]
    assert client.get(f"/api/articles/{article.id}").json() == as_json(article, with_article_text=True)


def test_it_is_ready_once_it_has_answered(client: httpx.Client, answer: dict[str, Any]) -> None:
    assert answer
    assert client.get("/api/ready").json() == {"ready": True, "reason": ""}
    assert client.get("/api/health").json()["status"] == "ok"


@pytest.mark.parametrize(
    ("asked", "status", "code", "said"),
    [
        ({"question": ""}, 400, "question_refused", "empty"),
        ({"question": "?!"}, 400, "question_refused", "no letter"),
        ({"question": "long " * 2000}, 400, "question_refused", "4,000"),
        ({}, 422, "invalid_request", "question"),
        ({"question": QUESTION, "colour": "red"}, 422, "invalid_request", "colour"),
        ({"question": "x" * 100_001}, 422, "invalid_request", "100000"),
        ({"question": QUESTION, "history": [{"role": "user", "content": "x"}] * 201}, 422, "invalid_request", "200"),
        ({"question": QUESTION, "history": [{"role": "system", "content": "x"}]}, 422, "invalid_request", "role"),
        ({"question": QUESTION, "filters": {"since": "May"}}, 422, "invalid_request", "filters.since"),
        ({"question": QUESTION, "filters": {"since": 0}}, 422, "invalid_request", "like 2014-03-31"),
        ({"question": QUESTION, "filters": {"until": "0"}}, 422, "invalid_request", "like 2014-03-31"),
        ([QUESTION], 422, "invalid_request", "dictionary"),
    ],
)
@pytest.mark.parametrize("stream", [False, True])
def test_what_cannot_be_asked_is_refused_with_the_reason(
    client: httpx.Client, asked: Any, status: int, code: str, said: str, stream: bool
) -> None:
    headers = {"Accept": "text/event-stream"} if stream else {}
    response = client.post("/api/ask", json=asked, headers=headers)
    assert response.status_code == status
    assert response.json()["error"]["code"] == code
    assert said in response.json()["error"]["message"]


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/api/nothing", 404),
        ("GET", "/api/articles/no-such", 404),
        ("GET", "/api/articles/..%2f..%2fetc%2fpasswd", 404),
        ("GET", "/api/articles?limit=0", 422),
        ("GET", "/api/articles?offset=-1", 422),
        ("GET", "/api/articles?since=2014-13-01", 422),
        ("GET", "/api/search", 422),
        ("GET", "/api/search?question=x&limit=1000000", 422),
        ("GET", "/api/search?question=%3F", 400),
        ("GET", "/api/ask", 405),
        ("PUT", "/api/articles", 405),
        ("OPTIONS", "/api/ask", 405),
    ],
)
def test_every_refusal_has_the_one_shape(client: httpx.Client, method: str, path: str, status: int) -> None:
    response = client.send(client.build_request(method, httpx.URL(client.base_url, raw_path=path.encode())))
    assert response.status_code == status
    assert response.json().keys() == {"error"}
    assert response.json()["error"].keys() == {"code", "message"}
    assert response.json()["error"]["message"]


def test_a_body_that_is_no_json_or_too_long_is_refused_in_the_same_shape(client: httpx.Client) -> None:
    headers = {"Content-Type": "application/json"}
    broken = client.post("/api/ask", content=b'{"question": ', headers=headers)
    assert (broken.status_code, broken.json()["error"]["code"]) == (400, "bad_request")
    long = client.post("/api/ask", content=b" " * 2_000_001, headers=headers)
    assert (long.status_code, long.json()["error"]["code"]) == (413, "too_long")
    chunks = client.post("/api/ask", content=iter([b"{}"]), headers=headers)
    assert (chunks.status_code, chunks.json()["error"]["code"]) == (411, "length_missing")


def test_a_body_without_end_is_refused_whatever_length_it_claims(served: ServedChat) -> None:
    address = httpx.URL(served.address)
    with socket.create_connection((address.host, address.port or 0), timeout=60) as line:
        line.sendall(
            f"POST /api/ask HTTP/1.1\r\nHost: {address.netloc.decode()}\r\nContent-Type: application/json\r\n"
            "Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n".encode()
        )
        assert line.recv(100).split()[1] in (b"400", b"411")


def test_another_page_and_another_name_are_refused_in_the_same_shape(client: httpx.Client) -> None:
    for headers in ({"Origin": "https://attacker.example"}, {"Host": "attacker.example"}):
        response = client.post("/api/ask", json={"question": QUESTION}, headers=headers)
        assert (response.status_code, response.json()["error"]["code"]) == (403, "not_allowed")


def test_the_description_names_every_operation_and_its_page_loads_nothing(client: httpx.Client) -> None:
    description = client.get("/api/openapi.json").json()
    page = client.get("/api/docs").text
    for path, operations in description["paths"].items():
        for method in operations:
            assert f"{method.upper()} /api{path}<" in page
    assert {"/ask", "/search", "/articles", "/articles/{article_id}", "/health", "/ready"} <= description[
        "paths"
    ].keys()
    assert not any(mark in page for mark in ("<script", "src=", "<link", "@import", "url("))
    assert client.get("/", follow_redirects=True).text == page


def test_the_web_chat_answers_programs_too(sample_chat: ServedChat, answer: dict[str, Any]) -> None:
    response = httpx.post(f"{sample_chat.address}/api/ask", json={"question": QUESTION}, timeout=60, trust_env=False)
    assert response.json() == answer


def test_more_questions_than_it_takes_on_are_told_to_come_back(sample_archive: Path) -> None:
    settings = "answers_at_once=1, answers_waiting=0"
    with (
        serve_service(sample_archive, model_source=ENDLESS_MODEL, settings=settings) as service,
        httpx.Client(base_url=service.address, timeout=60, trust_env=False) as client,
    ):
        with client.stream("POST", "/api/ask", json={"question": QUESTION, "stream": True}) as first:
            pieces = first.iter_text()  # kept, because the line is closed when they go
            assert "event: passages" in next(pieces)
            for path in ("/api/ask", "/api/search"):
                refused = client.post(path, json={"question": QUESTION})
                assert (refused.status_code, refused.json()["error"]["code"]) == (429, "too_busy")
                assert int(refused.headers["retry-after"]) > 0
            assert client.get("/api/health").status_code == 200
        # Its reader gone, the first is given up, and its place is free again.
        statuses = (client.post("/api/search", json={"question": QUESTION}).status_code for _ in range(10_000))
        assert 200 in statuses


def test_who_gives_up_while_waiting_is_not_answered(sample_archive: Path) -> None:
    with (
        serve_service(sample_archive, model_source=ENDLESS_MODEL, settings="answers_at_once=1") as service,
        httpx.Client(base_url=service.address, timeout=60, trust_env=False) as client,
    ):
        with client.stream("POST", "/api/ask", json={"question": QUESTION, "stream": True}) as first:
            pieces = first.iter_text()  # kept, because the line is closed when they go
            assert "event: passages" in next(pieces)
            with pytest.raises(httpx.ReadTimeout):
                client.post("/api/ask", json={"question": QUESTION}, timeout=0.5)
            assert client.get("/api/health").status_code == 200  # so that the server has seen the other go
        # Its turn comes when the first is given up; answered, it would keep the one place for minutes.
        assert client.post("/api/search", json={"question": QUESTION}).status_code == 200
        assert 'area="/api/ask",status="499"} 1\n' in client.get("/metrics").text


def test_an_answer_in_flight_comes_to_its_end_when_the_server_is_told_to_end(sample_archive: Path) -> None:
    with serve_service(sample_archive, settings="shutdown_seconds=60") as service:
        asked = {"question": QUESTION, "stream": True}
        with httpx.stream("POST", f"{service.address}/api/ask", json=asked, timeout=60, trust_env=False) as response:
            pieces = response.iter_text()
            text = next(pieces)
            service.process.send_signal(signal.SIGTERM)
            text += "".join(pieces)
        assert read_events(text)[-1][0] == "done"
        assert service.process.wait(timeout=60) in (0, -signal.SIGTERM)


def test_an_endless_answer_does_not_keep_the_server_from_ending(sample_archive: Path) -> None:
    with serve_service(sample_archive, model_source=ENDLESS_MODEL) as service:
        asked = {"question": QUESTION, "stream": True}
        with httpx.stream("POST", f"{service.address}/api/ask", json=asked, timeout=60, trust_env=False) as response:
            pieces = response.iter_text()
            next(pieces)
            service.process.send_signal(signal.SIGTERM)
            # Five seconds are promised; the rest is for a machine that does other things.
            assert service.process.wait(timeout=30) in (0, -signal.SIGTERM)

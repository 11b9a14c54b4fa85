"""Conversations over HTTP: begun and continued by asking, listed, shown, renamed, taken away, shared, deleted."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from langchain_core.language_models import FakeListChatModel
from starlette.testclient import TestClient

from rag import Archive, Article
from rag.records import AnswerDone
from tests.ui.api.test_service import read_events
from ui.api.conversation_service import ConversationWithTurns
from ui.api.json_models import record_model
from ui.api.service import build_service
from ui.api.service_records import AskRequest
from ui.asking.desk import AnsweringDesk
from ui.asking.limits import AnswerPlaces
from ui.conversations.kept import Kept, OwnConversations
from ui.conversations.store import NOBODY, ConversationStore
from ui.server.serving import Served
from ui.server.web_guard import WebGuard

QUESTION = "Where was the treaty of the harbour signed?"


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Archive]:
    with Archive.open(tmp_path_factory.mktemp("asked") / "archive", encoder="hashing-64") as opened:
        text = "The treaty of the harbour was signed in Paris on Friday. It names 12 cranes."
        opened.add(Article("a1", "A treaty of the harbour", text, language="en"))
        yield opened


@pytest.fixture
def store(tmp_path: Path) -> ConversationStore:
    return ConversationStore(tmp_path / "c.sqlite3", allows_sharing=True)


@pytest.fixture
def client(archive: Archive, store: ConversationStore) -> TestClient:
    application = build_service(Served(archive, AnsweringDesk(archive, None), AnswerPlaces(4, 4), store))
    return TestClient(WebGuard(application, None), base_url="http://127.0.0.1")


@pytest.fixture
def conversation(client: TestClient) -> str:
    """The id of a conversation with one answer."""
    begun = uuid4().hex
    assert client.post("/api/ask", json={"question": QUESTION, "conversation": begun}).status_code == 200
    return begun


def shown(client: TestClient, conversation: str) -> Any:
    response = client.get(f"/api/conversations/{conversation}")
    assert response.status_code == 200
    return response.json()


def test_asking_begins_a_conversation_and_goes_on_with_it(client: TestClient, conversation: str) -> None:
    asked = {"question": "And how many cranes does it name?", "conversation": conversation, "stream": True}
    events = read_events(client.post("/api/ask", json=asked).text)
    found = shown(client, conversation)
    assert [turn["question"] for turn in found["turns"]] == [QUESTION, asked["question"]]
    assert [turn["state"] for turn in found["turns"]] == ["done", "done"]
    assert events[-1][1]["completed"]  # from what was said before
    assert found["turns"][1]["answer"]["text"] == events[-1][1]["text"]
    assert found["turns"][0]["answer"]["citations"][0]["quote"].startswith("The treaty")
    assert record_model(ConversationWithTurns).model_validate(found)


def test_an_answer_is_on_the_disk_when_its_end_is_told(archive: Archive, store: ConversationStore) -> None:
    begun, kept = uuid4().hex, OwnConversations(store, NOBODY)
    asked = AskRequest.model_validate({"question": QUESTION, "conversation": begun}).asked(kept)
    states = [
        (isinstance(event, AnswerDone), [turn.state for turn in kept.turns(begun)])
        for event in asked.events(AnsweringDesk(archive, None))
    ]
    assert len(states) > 1
    assert set(map(str, states[:-1])) == {str((False, ["stopped"]))}
    assert states[-1] == (True, ["done"])


def test_a_question_that_cannot_be_asked_leaves_no_trace(client: TestClient) -> None:
    begun = uuid4().hex
    assert client.post("/api/ask", json={"question": " ", "conversation": begun}).status_code == 400
    assert client.get(f"/api/conversations/{begun}").status_code == 404


def test_an_answer_whose_asker_goes_away_is_kept_as_it_stands(archive: Archive, store: ConversationStore) -> None:
    model = FakeListChatModel(responses=["The treaty was signed in Paris [1]. " * 40], sleep=0.001)
    begun, kept = uuid4().hex, OwnConversations(store, NOBODY)
    asked = AskRequest.model_validate({"question": QUESTION, "conversation": begun}).asked(kept)
    events = asked.events(AnsweringDesk(archive, model))
    for _ in range(20):
        next(events)
    assert [turn.text for turn in kept.turns(begun)] == [""]
    del events  # as when nobody reads on
    (turn,) = kept.turns(begun)
    assert turn.state == "stopped"
    assert turn.text.startswith("The treaty")


@pytest.mark.parametrize(
    "sent",
    [
        {"conversation": "x"},
        {"conversation": "A" * 32},
        {"conversation": "a" * 33},
        {"conversation": "a" * 32, "history": [{"role": "user", "content": "Who?"}]},
    ],
)
def test_a_malformed_conversation_is_refused(client: TestClient, sent: dict[str, Any]) -> None:
    refused = client.post("/api/ask", json={"question": QUESTION, **sent})
    assert (refused.status_code, refused.json()["error"]["code"]) == (422, "invalid_request")
    assert client.get("/api/conversations").json()["total"] == 0


def test_conversations_are_listed_searched_renamed_and_deleted(client: TestClient, conversation: str) -> None:
    listed = client.get("/api/conversations", params={"words": "PARIS", "limit": 1}).json()
    assert record_model(Kept).model_validate(listed)
    assert [(one["id"], one["title"], one["turn_count"]) for one in listed["conversations"]] == [
        (conversation, QUESTION, 1)
    ]
    assert client.get("/api/conversations", params={"words": "Rome"}).json()["total"] == 0
    assert client.get("/api/conversations", params={"offset": 1}).json() == {"total": 1, "conversations": []}
    for query in ({"limit": 0}, {"limit": 501}, {"offset": -1}, {"words": "x" * 201}, {"colour": "x"}):
        assert client.get("/api/conversations", params=query).status_code == 422
    address = f"/api/conversations/{conversation}"
    assert client.patch(address, json={"title": "The treaty"}).json()["title"] == "The treaty"
    for body in ({}, {"title": ""}, {"title": "x" * 1001}, {"title": "x", "owner": "me"}):
        assert client.patch(address, json=body).status_code == 422
    deleted = client.delete(address)
    assert (deleted.status_code, deleted.content) == (204, b"")
    for method in ("GET", "DELETE", "PATCH"):
        gone = client.request(method, address, json={"title": "x"} if method == "PATCH" else None)
        assert (gone.status_code, gone.json()["error"]["code"]) == (404, "not_found")


@pytest.mark.parametrize(
    ("form", "kind"), [("md", "text/markdown"), ("html", "text/html"), ("json", "application/json")]
)
def test_a_conversation_is_taken_away_with_its_quotes(
    client: TestClient, conversation: str, form: str, kind: str
) -> None:
    response = client.get(f"/api/conversations/{conversation}/export.{form}", params={"language": "fr"})
    assert response.headers["content-type"].startswith(kind)
    assert "attachment" in response.headers["content-disposition"]
    assert "The treaty of the harbour was signed in Paris" in response.text
    if form == "json":
        assert json.loads(response.text)["turns"][0]["answer"]["citations"]
    assert client.get(f"/api/conversations/{conversation}/export.exe").status_code == 422


def test_a_conversation_is_shared_and_no_longer(
    client: TestClient, conversation: str, archive: Archive, store: ConversationStore
) -> None:
    address = f"/api/conversations/{conversation}/share"
    assert client.delete(address).status_code == 404
    link = client.post(address, json={}).json()
    assert shown(client, conversation)["shared"] == link
    page = client.get(link["address"])
    assert page.status_code == 200
    assert "signed in Paris" in page.text
    assert client.delete(address).status_code == 204
    assert client.get(link["address"]).status_code == 404
    assert shown(client, conversation)["shared"] is None
    store.allows_sharing = False
    refused = client.post(address, json={})
    assert (refused.status_code, refused.json()["error"]["code"]) == (403, "sharing_off")


def test_the_description_says_what_comes_and_what_may_go_wrong(client: TestClient) -> None:
    described = client.get("/api/openapi.json").json()
    paths = {path: set(found) for path, found in described["paths"].items() if "conversations" in path}
    one = "/conversations/{conversation}"
    assert paths == {
        "/conversations": {"get"},
        one: {"get", "patch", "delete"},
        one + "/export.{form}": {"get"},
        one + "/share": {"post", "delete"},
    }
    for path, methods in paths.items():
        for method in methods:
            responses = described["paths"][path][method]["responses"]
            assert path == "/conversations" or "ErrorReport" in json.dumps(responses["404"])
            assert "204" in responses or responses["200"]["content"]
    listed = described["paths"]["/conversations"]["get"]["responses"]["200"]["content"]["application/json"]
    assert listed["schema"]["$ref"].endswith("/Kept")
    fields = set(described["components"]["schemas"]["ConversationWithTurns"]["properties"])
    assert fields == {"id", "title", "changed", "turn_count", "shared", "turns"}

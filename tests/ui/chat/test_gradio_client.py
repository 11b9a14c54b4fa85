"""The web chat asked by Gradio's own client, in one go and as it comes, with credentials and without."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import httpx
import pytest
from gradio_client import Client
from gradio_client.exceptions import AppError, AuthenticationError

from tests.ui.conftest import MODEL_REPLY
from tests.ui.hostile import QUESTIONS
from tests.ui.serving import ServedChat, serve_chat
from ui.accounts.store import Accounts
from ui.server.access import SESSION_COOKIE

QUESTION = "How many troops took part in Zapad 2017?"
ANSWER = "/answer"
PASSWORD = "three plain words"
OFFLINE: dict[str, Any] = {"trust_env": False, "timeout": 60}


def open_client(address: str, **options: Any) -> Client:
    return Client(address, verbose=False, analytics_enabled=False, httpx_kwargs=OFFLINE, **options)


@pytest.fixture(scope="module", params=["en", "fr"])
def client(request: pytest.FixtureRequest, sample_chat: ServedChat) -> Iterator[Client]:
    opened = open_client(f"{sample_chat.address}/{request.param}/")
    yield opened
    opened.close()


def plain_answer(served: ServedChat, **asked: Any) -> Any:
    asked = {"question": QUESTION, **asked}
    answer = httpx.post(f"{served.address}/api/ask", json=asked, timeout=60, trust_env=False).json()
    return without_paths(answer)


def without_paths(told: Any) -> Any:
    """To Gradio, what has a path is a file to be fetched."""
    if isinstance(told, dict):
        return {name: without_paths(value) for name, value in told.items() if name != "path"}
    return [without_paths(value) for value in told] if isinstance(told, list) else told


def test_one_event_is_named_and_described_and_all_others_are_the_pages_own(client: Client) -> None:
    described = client.view_api(return_format="dict", print_info=False)
    assert list(described["named_endpoints"]) == [ANSWER]
    assert described["unnamed_endpoints"] == {}
    names = [parameter["parameter_name"] for parameter in described["named_endpoints"][ANSWER]["parameters"]]
    assert names == ["question", "history", "language", "source", "since", "until"]


def test_a_prediction_is_the_whole_answer_with_its_citations(client: Client, sample_chat: ServedChat) -> None:
    same = plain_answer(sample_chat)
    assert client.predict(QUESTION, api_name=ANSWER) == {"text": same["text"], "answer": same}


def test_filters_and_history_hold(client: Client, sample_chat: ServedChat) -> None:
    history = [{"role": "user", "content": "What did the Warsaw summit decide?"}]
    follow_up = "And how many battalions were sent there?"
    same = plain_answer(sample_chat, question=follow_up, history=history, filters={"since": "2010-01-01"})
    asked = client.predict(follow_up, history=history, since="2010-01-01", api_name=ANSWER)
    assert asked["answer"] == same
    assert asked["answer"]["completed"]


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"question": "?!"}, "no letter"),
        ({"question": QUESTION, "since": "May"}, "since is no date"),
        ({"question": "long " * 2000}, "4,000"),
    ],
)
def test_what_cannot_be_asked_is_an_error_that_says_why(client: Client, asked: dict[str, Any], said: str) -> None:
    with pytest.raises(AppError, match=said):
        client.predict(**asked, api_name=ANSWER)


def test_an_answer_comes_in_pieces_as_it_is_written(model_chat: ServedChat) -> None:
    client = open_client(f"{model_chat.address}/en/")
    try:
        pieces = list(client.submit("Which airport does Russia open to NATO?", api_name=ANSWER))
    finally:
        client.close()
    texts = [piece["text"] for piece in pieces if piece["answer"] is None]
    assert len(texts) > 2
    assert all(later.startswith(earlier) for earlier, later in pairwise(texts))
    assert MODEL_REPLY.startswith(texts[0])
    assert pieces[-1]["answer"]["citations"]


def test_the_paths_of_hostile_articles_make_gradio_fetch_no_file(hostile_chat: ServedChat) -> None:
    client = open_client(f"{hostile_chat.address}/en/")
    try:
        answer = client.predict(QUESTIONS[0], api_name=ANSWER)["answer"]
    finally:
        client.close()
    named = [article for found in answer["passages"] for article in (found["article"], *found["copies"])]
    assert any(article["id"].startswith("h1") for article in named)
    assert "etc/passwd" not in str(answer)


def test_it_is_let_in_with_a_key_or_a_session_and_not_without(tmp_path: Path, sample_archive: Path) -> None:
    accounts = Accounts(tmp_path / "accounts.sqlite3", scrypt_cost=2**4)
    accounts.add_account("ada", PASSWORD, "reader")
    key = accounts.add_key("desk", "reader")
    with serve_chat(sample_archive, settings=f"accounts={str(accounts.path)!r}, needs_login=True") as served:
        address = f"{served.address}/en/"
        with pytest.raises((AuthenticationError, ValueError)):
            open_client(address)
        signing_in = {"name": "ada", "password": PASSWORD}
        signed_in = httpx.post(f"{served.address}/login", data=signing_in, timeout=60, trust_env=False)
        for credentials in (
            {"Authorization": f"Bearer {key}"},
            {"Cookie": f"{SESSION_COOKIE}={signed_in.cookies[SESSION_COOKIE]}"},
        ):
            client = open_client(address, headers=credentials)
            try:
                assert client.predict(QUESTION, api_name=ANSWER)["answer"]["citations"]
            finally:
                client.close()

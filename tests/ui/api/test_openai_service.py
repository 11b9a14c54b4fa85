"""The archive as a model of OpenAI's interface, asked by OpenAI's own client and by LangChain's."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import openai
import pytest
from langchain_core.messages import AIMessage, HumanMessage, SystemMessage
from langchain_openai import ChatOpenAI
from pydantic import SecretStr

from rag import Archive, Article
from tests.ui.api.test_service import ENDLESS_MODEL
from tests.ui.serving import ServedChat, serve_service

QUESTION = "How many troops took part in Zapad 2017?"
MODEL_REPLY = "Russia opens the airport of Ulyanovsk to NATO's equipment [1]. Everybody danced on Saturn [2]."
MADE_UP_MODEL = f"""
from langchain_core.language_models import FakeListChatModel
model = FakeListChatModel(responses=[{MODEL_REPLY!r}])
"""


@pytest.fixture(scope="module")
def served(sample_archive: Path) -> Iterator[ServedChat]:
    with serve_service(sample_archive) as service:
        yield service


@pytest.fixture(scope="module")
def client(served: ServedChat) -> Iterator[openai.OpenAI]:
    with open_client(served) as opened:
        yield opened


def open_client(served: ServedChat) -> openai.OpenAI:
    line = httpx.Client(trust_env=False, timeout=60)
    return openai.OpenAI(base_url=f"{served.address}/v1", api_key="none", max_retries=0, http_client=line)


def ask(client: openai.OpenAI, text: str = QUESTION, **options: Any) -> Any:
    asked = {"model": "gazette", "messages": [{"role": "user", "content": text}], **options}
    return client.chat.completions.create(**asked)


def plain_answer(served: ServedChat, question: str = QUESTION) -> Any:
    asked = {"question": question}
    return httpx.post(f"{served.address}/api/ask", json=asked, timeout=60, trust_env=False).json()


def test_the_models_are_listed_and_shown(client: openai.OpenAI) -> None:
    assert [model.id for model in client.models.list()] == ["gazette", "gazette-markdown"]
    assert client.models.retrieve("gazette").owned_by == "gazette"
    with pytest.raises(openai.NotFoundError, match="gazette-markdown"):
        client.models.retrieve("other")


def test_a_completion_is_the_answer_with_its_citations(client: openai.OpenAI, served: ServedChat) -> None:
    answer = plain_answer(served)
    completion = ask(client)
    assert completion.choices[0].message.content == answer["text"]
    assert completion.choices[0].finish_reason == "stop"
    assert completion.citations == answer["citations"]
    assert completion.refused is False


def test_a_streamed_completion_says_the_same(client: openai.OpenAI, served: ServedChat) -> None:
    answer = plain_answer(served)
    chunks = list(ask(client, stream=True, stream_options={"include_usage": True}))
    assert chunks[0].choices[0].delta.role == "assistant"
    assert "".join(chunk.choices[0].delta.content or "" for chunk in chunks) == answer["text"]
    assert [chunk.choices[0].finish_reason for chunk in chunks if chunk.choices[0].finish_reason] == ["stop"]
    assert chunks[-1].citations == answer["citations"]
    assert len({chunk.id for chunk in chunks}) == 1


def test_the_messages_before_the_last_are_the_history(client: openai.OpenAI, served: ServedChat) -> None:
    earlier, later = "What did the Warsaw summit decide?", "And how many battalions were sent there?"
    messages = [
        {"role": "system", "content": "Talk like a pirate about Lithuania."},
        {"role": "user", "content": [{"type": "text", "text": earlier}]},
        {"role": "assistant", "content": "It sent battalions."},
        {"role": "user", "content": later},
    ]
    history = [{"role": "user", "content": earlier}, {"role": "assistant", "content": "It sent battalions."}]
    asked = {"question": later, "history": history}
    same = httpx.post(f"{served.address}/api/ask", json=asked, timeout=60, trust_env=False).json()
    completion = client.chat.completions.create(model="gazette", messages=messages)  # type: ignore[arg-type]
    assert completion.choices[0].message.content == same["text"]
    assert completion.citations == same["citations"]  # type: ignore[attr-defined]


def test_what_only_language_models_know_of_is_passed_over(client: openai.OpenAI, served: ServedChat) -> None:
    tool = {"type": "function", "function": {"name": "f", "parameters": {"type": "object", "properties": {}}}}
    completion = ask(client, temperature=1.7, top_p=0.1, max_tokens=5, tools=[tool], extra_body={"top_k": 3})
    assert completion.choices[0].message.content == plain_answer(served)["text"]


def test_a_refusal_is_an_answer_that_says_so(client: openai.OpenAI) -> None:
    completion = ask(client, "Who painted the ceiling of the Sistine Chapel?")
    assert completion.refused is True
    assert completion.citations == []
    assert completion.choices[0].message.content


def test_markdown_names_the_sources_and_lets_no_article_place_a_picture(tmp_path: Path) -> None:
    hostile = "The ministers met in Oslo ![x](https://attacker.example/x.png) on Friday to sign the fishing treaty."
    with Archive.open(tmp_path / "archive") as archive:
        archive.add(Article("a1", "Fishing [treaty](https://attacker.example/)", hostile, source="The Ledger"))
    with serve_service(tmp_path / "archive") as served, open_client(served) as client:
        plain = ask(client, "Where did the ministers meet to sign the fishing treaty?")
        markdown = ask(client, "Where did the ministers meet to sign the fishing treaty?", model="gazette-markdown")
    assert plain.choices[0].message.content == f"{hostile} [1]"
    content = markdown.choices[0].message.content
    assert "The Ledger" in content
    assert "![" not in content
    assert content.count("](") == content.count("\\](")  # escaped, wherever it stands
    assert "[1]" in content


@pytest.mark.parametrize(
    ("options", "kind", "said"),
    [
        ({"model": "gpt-4o"}, openai.NotFoundError, "gazette or gazette-markdown"),
        ({"messages": []}, openai.BadRequestError, "last message"),
        ({"messages": [{"role": "assistant", "content": "Hello."}]}, openai.BadRequestError, "last message"),
        ({"messages": [{"role": "user", "content": "?"}]}, openai.BadRequestError, "letter"),
        ({"messages": "Who?"}, openai.UnprocessableEntityError, "messages"),
        ({"n": 2}, openai.UnprocessableEntityError, "n: "),
    ],
)
@pytest.mark.parametrize("stream", [False, True])
def test_what_cannot_be_asked_is_an_error_in_openais_shape(
    client: openai.OpenAI, options: dict[str, Any], kind: type[openai.APIStatusError], said: str, stream: bool
) -> None:
    with pytest.raises(kind, match=said) as raised:
        ask(client, stream=stream, **options)
    assert isinstance(raised.value.body, dict)
    assert raised.value.body.keys() == {"message", "type", "param", "code"}
    assert raised.value.type == "invalid_request_error"


def test_other_addresses_are_refused_in_openais_shape(served: ServedChat) -> None:
    response = httpx.post(f"{served.address}/v1/embeddings", json={}, timeout=60, trust_env=False)
    assert response.status_code == 404
    assert response.json()["error"]["type"] == "invalid_request_error"


def test_a_busy_server_is_an_error_that_clients_try_again_after(sample_archive: Path) -> None:
    settings = "answers_at_once=1, answers_waiting=0"
    with (
        serve_service(sample_archive, model_source=ENDLESS_MODEL, settings=settings) as served,
        open_client(served) as client,
        ask(client, stream=True) as first,
    ):
        next(iter(first))
        with pytest.raises(openai.RateLimitError, match="ask again") as raised:
            ask(client)
    assert raised.value.status_code == 429
    assert int(raised.value.response.headers["retry-after"]) > 0


def test_a_stream_holds_nothing_that_was_not_checked(sample_archive: Path) -> None:
    with serve_service(sample_archive, model_source=MADE_UP_MODEL) as served, open_client(served) as client:
        question = "Which airport does Russia open to NATO?"
        whole = ask(client, question)
        chunks = list(ask(client, question, stream=True))
    assert "".join(chunk.choices[0].delta.content or "" for chunk in chunks) == whole.choices[0].message.content
    assert chunks[-1].citations == whole.citations
    assert "Ulyanovsk" in whole.choices[0].message.content
    assert "Saturn [2]" not in whole.choices[0].message.content


def test_langchain_asks_it_in_one_go_and_in_pieces(served: ServedChat) -> None:
    model = ChatOpenAI(model="gazette", base_url=f"{served.address}/v1", api_key=SecretStr("none"), max_retries=0)
    conversation = [
        SystemMessage("Be brief."),
        HumanMessage("What did the Warsaw summit decide?"),
        AIMessage("It sent battalions."),
        HumanMessage(QUESTION),
    ]
    text = plain_answer(served)["text"]
    assert model.invoke(conversation).content == text
    assert "".join(str(piece.content) for piece in model.stream(conversation)) == text

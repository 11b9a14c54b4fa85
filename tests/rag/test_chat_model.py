"""Chat models: in time or not at all, and whatever goes wrong is one kind of error."""

from __future__ import annotations

import time
from collections.abc import Generator, Iterator
from importlib.util import find_spec
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from langchain_core.messages import HumanMessage
from langchain_core.tracers.context import _tracing_v2_is_enabled
from pydantic import SecretStr

from rag import ModelError
from rag.chat_model import ReplyLimits, messages_for, open_chat_model, stream_reply
from tests.rag.newsroom import ScriptedModel, openai_server

ASKED = [HumanMessage("Who?")]
IMPATIENT = ReplyLimits(first_piece_seconds=5, next_piece_seconds=0.5, whole_reply_seconds=10)


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    replies: list[dict[str, Any]] = [
        {"text": "The bridge is made of oak [1]."},
        {"text": "The bridge is made of oak [1].", "stalls_after": 2},
        {"text": "The bridge is made of oak [1].", "dies_after": 2},
        {"text": ""},
    ]
    with openai_server(replies) as url:
        yield url


def _served(url: str, place: int) -> Any:
    from langchain_openai import ChatOpenAI

    return ChatOpenAI(model=str(place), base_url=url, api_key=SecretStr("none"), max_retries=0)


def test_a_reply_comes_from_a_real_server_in_pieces(server: str) -> None:
    pieces = list(stream_reply(_served(server, 0), ASKED))
    assert len(pieces) > 3
    assert "".join(pieces) == "The bridge is made of oak [1]."


def test_a_server_that_stalls_is_given_up(server: str) -> None:
    begun = time.monotonic()
    with pytest.raises(ModelError, match="sent nothing"):
        list(stream_reply(_served(server, 1), ASKED, IMPATIENT))
    assert time.monotonic() - begun < 10  # the server would stall for 30 seconds


def test_a_server_that_dies_in_mid_stream_is_a_model_error(server: str) -> None:
    with pytest.raises(ModelError):
        list(stream_reply(_served(server, 2), ASKED))


def test_a_reply_without_text_is_a_model_error(server: str) -> None:
    with pytest.raises(ModelError, match="no text"):
        list(stream_reply(_served(server, 3), ASKED))


def test_a_server_that_is_not_there_is_a_model_error() -> None:
    with pytest.raises(ModelError):
        list(stream_reply(_served("http://127.0.0.1:9/v1", 0), ASKED))


def test_a_reply_that_never_ends_is_given_up() -> None:
    endless = ScriptedModel(reply="and so on " * 10_000, waits_seconds=0.05)
    with pytest.raises(ModelError):
        list(stream_reply(endless, ASKED, ReplyLimits(whole_reply_seconds=0.5)))


def test_closing_the_stream_stops_the_model() -> None:
    model = ScriptedModel(reply="and so on " * 10_000, waits_seconds=0.01)
    pieces = stream_reply(model, ASKED)
    assert next(pieces)
    assert isinstance(pieces, Generator)
    pieces.close()
    time.sleep(0.1)
    told = model.told
    time.sleep(0.3)
    assert model.told == told < 100


def test_what_a_model_thinks_is_not_part_of_its_reply() -> None:
    model = ScriptedModel(reply="<think>Oak, or cheese?</think>It is oak [1]. <thin ice>")
    assert "".join(stream_reply(model, ASKED)) == "It is oak [1]. <thin ice>"


def test_a_model_that_only_thinks_is_a_model_error() -> None:
    with pytest.raises(ModelError, match="no text"):
        list(stream_reply(ScriptedModel(reply="<think>Oak, or cheese?"), ASKED))


@settings(deadline=None)
@given(st.text(alphabet="<>/think ab", max_size=60))
def test_a_reply_without_whole_tags_comes_through_unchanged(text: str) -> None:
    if "<think>" in text or not text.strip():
        return
    assert "".join(stream_reply(ScriptedModel(reply=text), ASKED)) == text


def test_nothing_is_traced_even_where_the_environment_asks_for_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LANGSMITH_TRACING", "true")
    traced: list[bool] = []

    class Watching(ScriptedModel):
        def _stream(self, *arguments: Any, **options: Any) -> Iterator[Any]:
            traced.append(bool(_tracing_v2_is_enabled()))
            yield from super()._stream(*arguments, **options)

    assert "".join(stream_reply(Watching(reply="Oak."), ASKED)) == "Oak."
    assert traced == [False]


def test_an_unknown_provider_is_an_error_that_gives_an_example() -> None:
    with pytest.raises(ModelError, match="ollama:qwen3:8b"):
        open_chat_model("nobody:nothing")


@pytest.mark.skipif(find_spec("langchain_mistralai") is not None, reason="langchain-mistralai is installed")
def test_a_provider_without_its_package_says_what_to_install() -> None:
    with pytest.raises(ModelError, match=r"gazette\[mistralai\]"):
        open_chat_model("mistralai:mistral-small")


def test_a_model_object_is_taken_as_it_is() -> None:
    model = ScriptedModel(reply="Oak.")
    assert open_chat_model(model) is model


def test_messages_stand_in_order_and_are_never_templates() -> None:
    messages = messages_for("{system}", [("user", "{a}"), ("assistant", "{b}")], "{last}")
    assert [(message.type, message.content) for message in messages] == [
        ("system", "{system}"),
        ("human", "{a}"),
        ("ai", "{b}"),
        ("human", "{last}"),
    ]

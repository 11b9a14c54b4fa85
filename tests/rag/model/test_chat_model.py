"""Chat models: in time or not at all, and whatever goes wrong is one kind of error."""

from __future__ import annotations

import time
from collections.abc import Generator, Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from langchain_core.messages import HumanMessage
from langchain_core.tracers.context import _tracing_v2_is_enabled
from langchain_openai import ChatOpenAI
from pydantic import SecretStr

from rag import ModelError
from rag.model.chat_model import ReplyLimits, messages_for, open_chat_model, stream_reply
from rag.model.transient import is_transient
from tests.rag.model.scripted_server import Script, ScriptedServer, serve_scripts
from tests.rag.newsroom import ScriptedModel

REQUEST = httpx.Request("POST", "http://127.0.0.1/")
ASKED = [HumanMessage("Who?")]
IMPATIENT = ReplyLimits(first_piece_seconds=5, next_piece_seconds=0.5, whole_reply_seconds=10)


@pytest.fixture(scope="module")
def server() -> Iterator[ScriptedServer]:
    text = "The bridge is made of oak [1]."
    scripts = {
        "tells": Script(text),
        "stalls": Script(text, stalls_after=2),
        "dies": Script(text, dies_after=2),
        "says nothing": Script(),
        "is busy twice": Script(text, failures=2),
        "is busy": Script(text, failures=99),
    }
    with serve_scripts(scripts) as served:
        yield served


def test_a_reply_comes_from_a_real_server_in_pieces(server: ScriptedServer) -> None:
    pieces = list(stream_reply(server.model("tells"), ASKED))
    assert len(pieces) > 3
    assert "".join(pieces) == "The bridge is made of oak [1]."


def test_a_server_that_stalls_is_given_up(server: ScriptedServer) -> None:
    with pytest.raises(ModelError, match=r"sent nothing for 0\.5 seconds"):
        list(stream_reply(server.model("stalls"), ASKED, IMPATIENT))


def test_a_server_that_dies_in_mid_stream_is_a_model_error(server: ScriptedServer) -> None:
    with pytest.raises(ModelError):
        list(stream_reply(server.model("dies"), ASKED))


def test_a_reply_without_text_is_a_model_error(server: ScriptedServer) -> None:
    with pytest.raises(ModelError, match="no text"):
        list(stream_reply(server.model("says nothing"), ASKED))


def test_a_busy_server_is_asked_as_often_as_the_limits_say(server: ScriptedServer) -> None:
    server.requests.clear()
    limits = ReplyLimits(retry_seconds=0.01)
    assert "oak" in "".join(stream_reply(server.model("is busy twice"), ASKED, limits))
    with pytest.raises(ModelError, match="429"):
        list(stream_reply(server.model("is busy"), ASKED, limits))
    assert server.requests == {"is busy twice": 3, "is busy": 3}


def test_a_busy_server_is_not_waited_for_longer_than_for_the_first_piece(server: ScriptedServer) -> None:
    server.requests.clear()
    with pytest.raises(ModelError, match="429"):
        list(stream_reply(server.model("is busy"), ASKED, ReplyLimits(first_piece_seconds=20, retry_seconds=3600)))
    assert server.requests["is busy"] == 1


def test_a_server_that_is_not_there_is_a_model_error(server: ScriptedServer) -> None:
    nowhere = ChatOpenAI(model="tells", base_url="http://127.0.0.1:9/v1", api_key=SecretStr("none"), max_retries=0)
    with pytest.raises(ModelError):
        list(stream_reply(nowhere, ASKED, ReplyLimits(retry_seconds=0.01)))


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


@pytest.mark.parametrize("provider", ["anthropic", "mistralai", "ollama", "openai"])
def test_each_provider_is_made_without_a_connection_or_says_what_to_install(
    provider: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for key in ("ANTHROPIC_API_KEY", "MISTRAL_API_KEY", "OPENAI_API_KEY"):
        monkeypatch.setenv(key, "none")
    if find_spec(f"langchain_{provider}") is not None:
        assert provider in open_chat_model(f"{provider}:some-model").__module__
        return
    with pytest.raises(ModelError, match=rf"pip install langchain-{provider}`.*\.\[{provider}\]"):
        open_chat_model(f"{provider}:some-model")


@pytest.mark.skipif(find_spec("langchain_groq") is not None, reason="langchain-groq is installed")
def test_a_provider_that_is_no_extra_says_what_to_install() -> None:
    with pytest.raises(ModelError, match="pip install langchain-groq"):
        open_chat_model("groq:some-model")


def test_a_provider_without_its_key_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    with pytest.raises(ModelError, match="OPENAI_API_KEY"):
        open_chat_model("openai:some-model")


def test_a_folder_that_is_not_there_is_an_error_that_says_so(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="no folder"):
        open_chat_model(str(tmp_path / "qwen3"))


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (ConnectionResetError(), True),
        (TimeoutError(), True),
        (httpx.ConnectError("refused"), True),
        (httpx.RemoteProtocolError("peer closed connection"), True),
        (httpx.HTTPStatusError("busy", request=REQUEST, response=httpx.Response(429, request=REQUEST)), True),
        (httpx.HTTPStatusError("no key", request=REQUEST, response=httpx.Response(401, request=REQUEST)), False),
        (ValueError("no such model"), False),
    ],
)
def test_what_may_help_to_ask_again_is_told_from_what_will_not(error: Exception, expected: bool) -> None:
    wrapped = RuntimeError("the provider's own")
    wrapped.__cause__ = error
    assert is_transient(error) is is_transient(wrapped) is expected


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

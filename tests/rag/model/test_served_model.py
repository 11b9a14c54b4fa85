"""A chat model behind `transformers serve`: a real server, real tokens, and words that mean nothing."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from langchain_openai import ChatOpenAI
from pydantic import SecretStr

from rag import AnswerDone, Archive, AskSettings, Assistant, TextPiece
from rag.prompts import NOTHING_BORNE_OUT

# It loads torch first; on a busy machine that may take minutes.
_START_SECONDS = 240
COST = "How much will the bridge cost?"


@pytest.fixture(scope="module")
def url(tiny_llama: Path) -> Iterator[str]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = ["serve", str(tiny_llama), "--host", "127.0.0.1", "--port", str(port), "--device", "cpu"]
    environment = {**os.environ, "HF_HUB_OFFLINE": "1"}
    server = subprocess.Popen(
        [sys.executable, "-m", "transformers.cli.transformers", *command],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    try:
        _wait_for(f"http://127.0.0.1:{port}/health", server)
        yield f"http://127.0.0.1:{port}/v1"
    finally:
        server.terminate()
        server.communicate(timeout=30)


def _wait_for(address: str, server: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + _START_SECONDS
    while time.monotonic() < deadline and server.poll() is None:
        try:
            if httpx.get(address).is_success:
                return
        except httpx.TransportError:
            time.sleep(0.2)
    server.kill()
    raise AssertionError(f"transformers serve did not come up: {server.communicate()[0].decode()[-2000:]}")


@pytest.mark.parametrize("strict", [False, True])
def test_what_a_served_model_makes_up_is_stood_in_for_by_the_quoted_answer(
    newsroom: Archive, tiny_llama: Path, url: str, strict: bool
) -> None:
    model = ChatOpenAI(model=str(tiny_llama), base_url=url, api_key=SecretStr("none"), max_completion_tokens=60)
    events = list(Assistant(newsroom, model=model).stream(COST, settings=AskSettings(strict=strict)))
    assert isinstance(events[-1], AnswerDone)
    answer = events[-1].answer
    streamed = "".join(event.text for event in events if isinstance(event, TextPiece))
    assert answer.text == Assistant(newsroom).ask(COST).text
    assert answer.notes == (NOTHING_BORNE_OUT["en"],)
    assert streamed
    assert (streamed == answer.text) is strict

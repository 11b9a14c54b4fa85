"""A server that ends while many ask: answers under way come to their end, and what was kept stays."""

from __future__ import annotations

import json
import signal
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest

from rag import Archive
from tests.rag.invented import QUESTIONS, articles
from tests.ui.browsing import NO_CHROMIUM, Browsers
from tests.ui.serving import ServedChat, serve_chat, serve_service
from ui.conversations.kept import OwnConversations
from ui.conversations.store import NOBODY, ConversationStore

READERS = 4
# What is promised of a server that is told to end.
END_SECONDS = 5


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    """One that is asked as any other, by a process that has no model to load."""
    with Archive.open(tmp_path / "archive", encoder="hashing-64") as made:
        made.add(articles(40))
    return tmp_path / "archive"


@dataclass
class Asked:
    """What came of the questions of one reader, in order: the last words of a reply, or why there was none."""

    ends: list[str] = field(default_factory=list)

    def ask(self, client: httpx.Client, address: str, question: str, *, stream: bool) -> bool:
        """Asks on a line of its own; whether the server was still there."""
        asked = {"question": question, "stream": stream}
        try:
            with client.stream("POST", f"{address}/api/ask", json=asked) as response:
                if response.status_code == 503 and "retry-after" in response.headers:
                    self.ends.append("told")
                    return True
                self.ends.append("broken off")
                text = response.read().decode()
        except (httpx.ConnectError, httpx.ReadError, httpx.RemoteProtocolError):
            return False  # unless a reply had begun, it was never taken on
        is_whole = "\nevent: done\n" in text if stream else json.loads(text)["question"] == question
        self.ends[-1] = "answered" if response.status_code == 200 and is_whole else f"{response.status_code}: {text}"
        return True


def ask_until_it_ends(address: str, began: Callable[[], None]) -> list[Asked]:
    """Readers ask one question after the other, every other of them in streams, until the server is gone."""

    def read(place: int) -> Asked:
        asked = Asked()
        with httpx.Client(timeout=60, trust_env=False, limits=httpx.Limits(max_keepalive_connections=0)) as client:
            for number in range(1000):
                question = QUESTIONS[(place * 7 + number) % len(QUESTIONS)]
                if not asked.ask(client, address, question, stream=place % 2 == 0):
                    break
                began()
        return asked

    with ThreadPoolExecutor(READERS) as pool:
        return list(pool.map(read, range(READERS)))


def test_told_to_end_amid_questions_it_ends_in_time_and_breaks_no_answer_off(archive: Path) -> None:
    answered = threading.Semaphore(0)
    with serve_service(archive, settings="answers_at_once=2") as service, ThreadPoolExecutor(1) as pool:
        reading = pool.submit(ask_until_it_ends, service.address, answered.release)
        for _ in range(2 * READERS):
            assert answered.acquire(timeout=120)
        began = time.monotonic()
        service.process.send_signal(signal.SIGTERM)
        assert service.process.wait(timeout=60) in (0, -signal.SIGTERM)
        assert time.monotonic() - began < END_SECONDS
        ends = [end for asked in reading.result(timeout=60) for end in asked.ends]
    assert set(ends) <= {"answered", "told"}
    assert ends.count("answered") >= 2 * READERS


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
def test_however_a_chat_ends_every_finished_answer_is_kept(archive: Path, number: signal.Signals) -> None:
    """Tabs ask as the page does, each in a conversation of its own, and see their answers drawn before the end."""
    finished: dict[str, list[str]] = {f"{tab:032x}": [] for tab in range(1, 5)}
    enough = threading.Semaphore(0)

    def read(chat: ServedChat, identity: str) -> None:
        with httpx.Client(base_url=f"{chat.address}/en/gradio_api", timeout=60, trust_env=False) as client:
            ask = event_number(chat.address, "ask")
            for question in QUESTIONS * 200:
                if not ask_in_tab(client, ask, identity, question):
                    return
                finished[identity].append(question)
                enough.release()

    with serve_chat(archive) as chat, ThreadPoolExecutor(len(finished)) as pool:
        reading = [pool.submit(read, chat, identity) for identity in finished]
        for _ in range(2 * len(finished)):
            assert enough.acquire(timeout=120)
        began = time.monotonic()
        chat.process.send_signal(number)
        assert chat.process.wait(timeout=60) in (0, -number)
        assert time.monotonic() - began < END_SECONDS
        for one in reading:
            one.result(timeout=60)
    store = OwnConversations(ConversationStore(archive / "conversations.sqlite3"), NOBODY)
    for identity, questions in finished.items():
        kept = store.turns(identity)
        assert [turn.question for turn in kept[: len(questions)]] == questions
        assert all(turn.state == "done" and turn.answer is not None for turn in kept[: len(questions)])
        assert len(kept) <= len(questions) + 1  # and the one that was under way
        store.delete(identity)


@pytest.mark.skipif(bool(NO_CHROMIUM), reason=NO_CHROMIUM)
def test_a_chat_ends_in_time_though_a_page_is_open(browsers: Browsers, archive: Path) -> None:
    with serve_chat(archive) as chat:
        page = browsers.open(chat.address)
        page.ask(QUESTIONS[0])
        identity = page.driver.current_url.partition("conversation=")[2]
        page.type(QUESTIONS[1] + "\n")
        page.find("#live .turn")
        began = time.monotonic()
        chat.process.send_signal(signal.SIGTERM)
        assert chat.process.wait(timeout=60) in (0, -signal.SIGTERM)
        assert time.monotonic() - began < END_SECONDS
    kept = OwnConversations(ConversationStore(archive / "conversations.sqlite3"), NOBODY).turns(identity)
    assert [turn.state for turn in kept] == ["done", "done"]


def event_number(address: str, name: str) -> int:
    """What Gradio calls one of the page's events by."""
    events = httpx.get(f"{address}/en/config", timeout=60, trust_env=False).json()["dependencies"]
    return next(int(event["id"]) for event in events if event["api_name"] == name)


def ask_in_tab(client: httpx.Client, event: int, identity: str, question: str) -> bool:
    """Asks as the page does; whether the answer came."""
    data: list[Any] = [question, None, "all", json.dumps({"conversation": identity})]
    asked = {"fn_index": event, "data": data, "session_hash": identity[-10:]}
    try:
        if client.post("/queue/join", json=asked).status_code != 200:
            return False
        with client.stream("GET", "/queue/data", params={"session_hash": identity[-10:]}) as events:
            for line in events.iter_lines():
                if line.startswith("data:") and '"process_completed"' in line:
                    return bool(json.loads(line.removeprefix("data:"))["success"])
    except httpx.TransportError:
        pass
    return False

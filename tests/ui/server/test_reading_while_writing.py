"""Readers of a server, while another process writes to its archive: each reply tells of one state, never of a half."""

from __future__ import annotations

import re
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest

from rag import Archive, Article
from rag.locking import mark_writing, write_lock
from tests.ui.serving import ServedChat, serve_service
from ui.server.serving import LOCK_SECONDS

ARTICLES = 6
EDITIONS = 12
READERS = 3
# Each edition replaces every article, in one state; every sentence says which edition it is of.
_WRITER = """
import sys
from pathlib import Path
from rag import Archive
from tests.ui.server.test_reading_while_writing import EDITIONS, edition
with Archive.open(sys.argv[1]) as archive:
    for number in range(1, EDITIONS + 1):
        archive.add(edition(number))
"""


def edition(number: int) -> list[Article]:
    """All articles as they stand in one edition; each has one article more than the one before."""
    return [
        Article(f"a{place}", f"Plan {place}, edition{number}", _text(place, number), language="en")
        for place in range(ARTICLES + number)
    ]


def _text(place: int, number: int) -> str:
    """Three sentences that are no near copy of another article's."""
    cargo = [" ".join(f"crate{place}x{crate}" for crate in range(first, first + 9)) for first in (0, 9, 18)]
    return " ".join(f"Ship {place} brought {crates} to the harbour in edition{number}." for crates in cargo)


@pytest.fixture
def served(tmp_path: Path) -> Iterator[ServedChat]:
    with Archive.open(tmp_path / "archive", encoder="hashing-64") as archive:
        archive.add(edition(0))
    with serve_service(tmp_path / "archive") as service:
        yield service


def test_no_reply_mixes_two_states_while_another_process_writes(served: ServedChat, tmp_path: Path) -> None:
    writer = subprocess.Popen([sys.executable, "-c", _WRITER, str(tmp_path / "archive")], cwd=Path.cwd())
    with writer, ThreadPoolExecutor(READERS) as pool:
        seen = [reading.result() for reading in [pool.submit(read, served.address, writer) for _ in range(READERS)]]
    assert writer.returncode == 0
    for editions in seen:
        assert editions == sorted(editions)  # a later reply is never of an earlier state
        assert editions[-1] == EDITIONS
    assert len({edition for editions in seen for edition in editions}) > 2, "no reader read while it was written"


def test_a_server_begins_beside_a_writer_and_tells_who_would_add_to_come_back(tmp_path: Path) -> None:
    with Archive.open(tmp_path / "archive", encoder="hashing-64") as archive:
        archive.add(edition(0))
    with write_lock(archive.folder, timeout_seconds=0):
        mark_writing(archive.folder)
        with (
            serve_service(archive.folder) as service,
            httpx.Client(base_url=service.address, trust_env=False) as client,
        ):
            assert len(get(client, "/api/search?question=ship+harbour&limit=100")["passages"]) == ARTICLES
            one = {"id": "late", "title": "Late", "text": "A late article about the harbour."}
            began = time.monotonic()
            told = client.post("/api/articles", json={"articles": [one]})
            assert time.monotonic() - began >= LOCK_SECONDS
    assert (told.status_code, told.json()["error"]["code"]) == (503, "archive_locked")
    assert str(tmp_path) not in told.text  # nor who writes: that is for who sits at this machine
    assert told.headers["retry-after"]


def read(address: str, writer: subprocess.Popen[bytes]) -> list[int]:
    """The edition that each reply was of, in order, until the writer has ended and once more after that."""
    editions, is_last = [], False
    with httpx.Client(base_url=address, timeout=60, trust_env=False) as client:
        while not is_last:
            is_last = writer.poll() is not None
            found = get(client, "/api/search?question=ship+harbour&limit=100")["passages"]
            editions.append(the_edition_of([passage["text"] for passage in found]))
            # Found to the last one, so that a state's articles, words and vectors are all there.
            assert len(found) == ARTICLES + editions[-1]
            answer = client.post("/api/ask", json={"question": "Which ship came to the harbour?"}).json()
            editions.append(the_edition_of([said["text"] for said in answer["passages"]] + [answer["text"]]))
            listed = get(client, "/api/articles?limit=500")
            editions.append(the_edition_of([article["title"] for article in listed["articles"]]))
            assert listed["total"] == ARTICLES + editions[-1]
            text = client.get("/api/articles/a0").json()["text"]
            editions.append(the_edition_of([text]))
    return editions


def the_edition_of(texts: list[str]) -> int:
    numbers = {int(number) for text in texts for number in re.findall(r"edition(\d+)", text)}
    assert len(numbers) == 1, f"one reply tells of editions {sorted(numbers)}"
    return numbers.pop()


def get(client: httpx.Client, path: str) -> dict[str, list[dict[str, str]]]:
    response = client.get(path)
    assert response.status_code == 200
    found: dict[str, list[dict[str, str]]] = response.json()
    return found

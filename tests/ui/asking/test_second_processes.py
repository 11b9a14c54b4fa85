"""Questions answered in a process beside this one: alike, and whatever becomes of it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest

from eval.bench.load_server import family_of
from rag import Archive, Article, Assistant
from rag.errors import QuestionError
from rag.question import Message
from rag.records import AnswerDone, AnswerEvent, AskSettings, Filters, TextPiece
from rag.stages import timed_stages
from tests.rag.invented import QUESTIONS, articles
from tests.ui.serving import serve_service
from ui.asking.desk import AnsweringDesk
from ui.asking.second_processes import SecondProcess, SecondProcesses, SentQuestion

START_SECONDS = 120


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    with Archive.open(tmp_path / "archive", encoder="hashing-64") as made:
        made.add(articles(40))
        yield made


@pytest.fixture
def others(archive: Archive) -> Iterator[SecondProcesses]:
    made = SecondProcesses(archive.folder, 1)
    yield made
    made.close()


@pytest.fixture
def busy(others: SecondProcesses) -> Iterator[SecondProcess]:
    """The second process, started because this one is busy, as it stays."""
    under_way = others.answer(SentQuestion(QUESTIONS[0]), iter([TextPiece(""), TextPiece("")]))
    next(under_way)
    list(others.answer(SentQuestion(QUESTIONS[0]), iter([TextPiece("")])))  # the second question that starts it
    deadline = time.monotonic() + START_SECONDS
    while not others.processes():
        assert time.monotonic() < deadline
        time.sleep(0.02)
    yield others.processes()[0]
    list(under_way)


def nobody() -> Iterator[AnswerEvent]:
    raise AssertionError("This process was to leave it to the other.")
    yield


def test_it_answers_as_this_process_does(archive: Archive, others: SecondProcesses, busy: SecondProcess) -> None:
    assistant = Assistant(archive)
    for text in QUESTIONS[:12]:
        with timed_stages() as times:
            assert list(others.answer(SentQuestion(text), nobody())) == list(assistant.stream(text))
        assert "second process" in times
    history: list[Message] = [
        {"role": "user", "content": QUESTIONS[0]},
        {"role": "assistant", "content": assistant.ask(QUESTIONS[0]).text},
    ]
    asked = SentQuestion("And in 2016?", history, Filters(language="fr"), AskSettings(strict=True))
    expected = list(assistant.stream(asked.text, history, filters=asked.filters, settings=asked.settings))
    assert list(others.answer(asked, nobody())) == expected


def test_many_ask_it_at_once_and_each_gets_their_own_answer(archive: Archive, busy: SecondProcess) -> None:
    assistant = Assistant(archive)
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda text: busy.answer(SentQuestion(text)), QUESTIONS * 3))
    assert found == [list(assistant.stream(text)) for text in QUESTIONS] * 3


def test_all_who_wait_for_one_that_is_killed_are_told(busy: SecondProcess) -> None:
    with ThreadPoolExecutor(8) as pool:
        asked = [pool.submit(busy.answer, SentQuestion(text)) for text in QUESTIONS * 20]
        os.kill(busy.pid, signal.SIGKILL)
        ends = [one.exception(timeout=60) for one in asked]
    assert isinstance(ends[-1], EOFError | OSError)


def test_each_question_goes_to_whoever_has_less_to_do(
    archive: Archive, others: SecondProcesses, busy: SecondProcess
) -> None:
    here = 0

    def counted() -> Iterator[AnswerEvent]:
        nonlocal here
        here += 1
        yield from Assistant(archive).stream(QUESTIONS[0])

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda text: list(others.answer(SentQuestion(text), counted())), QUESTIONS * 4))
    assert 0 < here < 4 * len(QUESTIONS)


def test_a_lone_reader_starts_none(archive: Archive, others: SecondProcesses) -> None:
    for text in QUESTIONS[:5]:
        assert list(others.answer(SentQuestion(text), iter([TextPiece("")])))
    assert (others._starting, others.processes()) == (0, [])


def test_what_can_t_be_asked_is_told_alike(archive: Archive, others: SecondProcesses, busy: SecondProcess) -> None:
    with pytest.raises(QuestionError) as here:
        Assistant(archive).ask("?!")
    with pytest.raises(QuestionError) as there:
        list(others.answer(SentQuestion("?!"), nobody()))
    assert str(here.value) == str(there.value)
    assert list(others.answer(SentQuestion(QUESTIONS[0]), nobody()))  # it goes on


def test_it_finds_what_was_added_since(archive: Archive, others: SecondProcesses, busy: SecondProcess) -> None:
    archive.add(
        Article("new", "The lighthouse of Skerry", "The lighthouse of Skerry was lit by Ada Quill.", language="en")
    )
    (done,) = (
        event
        for event in others.answer(SentQuestion("Who lit the lighthouse of Skerry?"), nobody())
        if isinstance(event, AnswerDone)
    )
    assert [citation.article.id for citation in done.answer.citations] == ["new"]


def test_where_it_was_killed_this_process_answers_and_another_is_started(
    archive: Archive, others: SecondProcesses, busy: SecondProcess
) -> None:
    os.kill(busy.pid, signal.SIGKILL)
    events = list(Assistant(archive).stream(QUESTIONS[1]))
    assert list(others.answer(SentQuestion(QUESTIONS[1]), iter(events))) == events
    deadline = time.monotonic() + START_SECONDS
    while busy in others.processes() or not others.processes():
        assert time.monotonic() < deadline
        assert list(others.answer(SentQuestion(QUESTIONS[1]), iter(events))) == events
        time.sleep(0.02)
    assert list(others.answer(SentQuestion(QUESTIONS[1]), nobody())) == events


def test_it_ends_when_it_is_closed(others: SecondProcesses, busy: SecondProcess) -> None:
    others.close()
    deadline = time.monotonic() + 20
    while family_of(busy.pid):
        assert time.monotonic() < deadline
        time.sleep(0.02)
    assert others.processes() == []


def test_one_that_was_closed_is_not_asked(others: SecondProcesses, busy: SecondProcess) -> None:
    others.close()
    with pytest.raises((EOFError, OSError)):
        busy.answer(SentQuestion(QUESTIONS[0]))
    events: list[AnswerEvent] = [TextPiece("here")]
    assert list(others.answer(SentQuestion(QUESTIONS[0]), iter(events))) == events


@pytest.mark.parametrize(("threads", "processes"), [("1", 0), ("2", 1), ("8", 2)])
def test_there_are_no_more_processes_than_cores(
    archive: Archive, threads: str, processes: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GAZETTE_THREADS", threads)
    others = AnsweringDesk(archive, None, processes=3)._others
    assert (others.count if others else 0) == processes


def test_it_ends_with_the_process_that_started_it(archive: Archive) -> None:
    program = (
        "import os, sys; from pathlib import Path; from ui.asking.second_processes import SecondProcess;"
        "made = SecondProcess(Path(sys.argv[1]), None, 1); made.wait();"
        "print(made.pid, flush=True); os._exit(0)"
    )
    started = subprocess.run([sys.executable, "-c", program, str(archive.folder)], capture_output=True, check=True)
    deadline = time.monotonic() + 20
    while family_of(int(started.stdout)):
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_one_that_can_t_start_leaves_all_to_this_process(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    others = SecondProcesses(tmp_path / "no archive", 1)
    under_way = others.answer(SentQuestion(QUESTIONS[0]), iter([TextPiece(""), TextPiece("")]))
    next(under_way)
    deadline = time.monotonic() + START_SECONDS
    while not others._failed:
        assert time.monotonic() < deadline
        assert len(list(others.answer(SentQuestion(QUESTIONS[0]), iter([TextPiece("")])))) == 1
        time.sleep(0.02)
    told = capfd.readouterr().err
    assert "no second process answers" in told
    assert "Traceback" not in told
    assert len(list(others.answer(SentQuestion(QUESTIONS[0]), iter([TextPiece("")])))) == 1
    assert (others._starting, others._failed) == (0, 1)


@pytest.mark.parametrize(("model", "processes"), [(object(), 2), (None, 1)])
def test_with_a_chat_model_or_one_process_there_are_none(archive: Archive, model: object, processes: int) -> None:
    assert AnsweringDesk(archive, model, processes=processes)._others is None  # type: ignore[arg-type]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_server_asked_by_many_has_one_and_takes_it_along(
    archive: Archive, number: signal.Signals, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GAZETTE_THREADS", "2")  # also where there is but one core
    with serve_service(archive.folder, settings="processes=2") as service, ThreadPoolExecutor(4) as pool:
        pid = service.process.pid

        def ask(text: str) -> int:
            return httpx.post(f"{service.address}/api/ask", json={"question": text}, timeout=60).status_code

        deadline = time.monotonic() + START_SECONDS
        while len(family_of(pid)) == 1:
            assert time.monotonic() < deadline
            assert set(pool.map(ask, QUESTIONS)) == {200}
        (second,) = family_of(pid) - {pid}
        service.process.send_signal(number)
        service.process.wait(timeout=20)
        while family_of(second):
            assert time.monotonic() < deadline
            time.sleep(0.02)

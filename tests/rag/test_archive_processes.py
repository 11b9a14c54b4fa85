"""Several processes and threads on one archive: one writes, the others read or wait."""

from __future__ import annotations

import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from rag.archive import Archive
from rag.errors import ArchiveError, ArchiveLocked
from rag.records import Passage
from rag.writing import Progress
from tests.rag.invented import QUESTIONS, articles, changed
from tests.rag.kill_archive import kill_rounds

POOL = articles(60, seed=0)

_HOLD = """
import sys
from rag.archive import Archive
from tests.rag.invented import articles

def hold(step):
    if step.stage == "adding" and step.done == 1:
        print("holding", flush=True)
        sys.stdin.readline()

Archive.open(sys.argv[1]).add(articles(3, seed=7), progress=hold)
"""
_ADD_ONE_BY_ONE = """
import sys
from rag.archive import Archive
from tests.rag.invented import articles

archive = Archive.open(sys.argv[1])
print("begin", flush=True)
archive.add(articles(60), commit_seconds=0)
for number in range(0, 60, 20):
    archive.remove([article.id for article in articles(60)[number : number + 5]])
archive.reindex(encoder="hashing-32")
"""
_ADD_UNTIL_INTERRUPTED = """
import signal, sys
from rag.archive import Archive
from tests.rag.invented import articles

# A shell that starts something in the background has it ignore interrupts, and what that starts inherits it.
signal.signal(signal.SIGINT, signal.default_int_handler)

def note(step):
    if step.stage == "saved":
        print(step.done, flush=True)

try:
    Archive.open(sys.argv[1]).add(articles(5000), progress=note, commit_seconds=0.01)
except KeyboardInterrupt:
    print("interrupted", flush=True)
"""
_READ_ONLY = """
import os, stat, sys, warnings
from pathlib import Path
from rag.archive import Archive
from rag.errors import ArchiveError

folder = Path(sys.argv[1])
warm = Archive.open(sys.argv[2])  # imports everything while this process may
warm.add(warm.articles())
warm.search("treaty")
warm.verify()
warm.close()
if os.geteuid() == 0:
    os.setgid(65534)
    os.setuid(65534)
assert not os.access(folder, os.W_OK)
archive = Archive.open(folder)
print(len(archive.articles()), archive.search("Who signed the treaty?")[0].article.id, archive.verify())
try:
    archive.add(archive.articles())
except ArchiveError as error:
    print("can't be written to" in str(error))
"""

_ADD_WITHOUT_SPACE = """
import resource, sys
from rag.archive import Archive
from rag.errors import GazetteError
from tests.rag.invented import articles

archive = Archive.open(sys.argv[1])
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[2]), resource.RLIM_INFINITY))
saved = 0

def note(step):
    global saved
    if step.stage == "saved":
        saved = step.done

try:
    archive.add(articles(60), progress=note, commit_seconds=0)
except GazetteError as error:
    print(saved, error, flush=True)
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    with Archive.open(tmp_path / "archive", encoder="hashing-64") as archive:
        archive.add(POOL[0])
    return tmp_path / "archive"


@contextmanager
def _process(script: str, *arguments: Path) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(
        [sys.executable, "-c", script, *map(str, arguments)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parents[2],
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def test_a_second_writer_gives_up_in_time_and_names_the_first(folder: Path) -> None:
    with _process(_HOLD, folder) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "holding\n"
        waits: list[str] = []
        second = Archive.open(folder, lock_timeout_seconds=0.3)
        with pytest.raises(ArchiveLocked) as caught:
            second.add(POOL[1], progress=lambda step: waits.append(step.note))
        assert f"process {holder.pid}" in str(caught.value)
        assert "since 20" in str(caught.value)
        assert str(holder.pid) in waits[0]
        with pytest.raises(ArchiveLocked):
            second.remove(POOL[0].id)
        with pytest.raises(ArchiveLocked):
            second.reindex()
        assert len(second.articles()) == 1


def test_a_second_writer_waits_and_then_writes(folder: Path) -> None:
    with _process(_HOLD, folder) as holder:
        assert holder.stdout is not None
        assert holder.stdin is not None
        assert holder.stdout.readline() == "holding\n"

        def release(step: Progress) -> None:
            if step.stage == "waiting":
                assert holder.stdin is not None
                holder.stdin.write("\n")
                holder.stdin.flush()

        with Archive.open(folder, lock_timeout_seconds=60) as second:
            second.add(POOL[1], progress=release)
            assert len(second.articles()) == 5
            assert second.verify() == []


def test_an_interrupted_writer_ends_and_what_it_told_is_saved_stays(folder: Path) -> None:
    with _process(_ADD_UNTIL_INTERRUPTED, folder) as writer:
        assert writer.stdout is not None
        told = [writer.stdout.readline()]
        writer.send_signal(signal.SIGINT)
        told += writer.stdout.read().splitlines()
        assert writer.wait(timeout=60) == 0
    assert told[-1] == "interrupted"
    with Archive.open(folder) as archive:
        assert int(told[-2]) <= len(archive.articles()) < 5000
        assert archive.verify() == []
        archive.add(POOL)
        assert archive.verify() == []


def test_a_writer_s_lock_falls_free_when_it_is_killed(folder: Path) -> None:
    with _process(_HOLD, folder) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "holding\n"
        holder.send_signal(signal.SIGKILL)
        holder.wait()
        with Archive.open(folder, lock_timeout_seconds=5) as second:
            second.add(POOL[1])
            assert len(second.articles()) == 2


def test_readers_see_complete_states_while_another_process_writes(folder: Path) -> None:
    texts = {article.text for article in POOL}
    failures: list[BaseException] = []
    searches = 0
    finished = threading.Event()

    def read(archive: Archive) -> None:
        nonlocal searches
        try:
            while not finished.is_set():
                passages: list[Passage] = [hit for question in QUESTIONS for hit in archive.search(question)]
                assert passages
                assert {passage.article.text for passage in passages} <= texts
                assert all(passage.article.text[passage.start : passage.end] for passage in passages)
                searches += len(QUESTIONS)
        except BaseException as error:
            failures.append(error)

    with Archive.open(folder) as shared, Archive.open(folder) as own, _process(_ADD_ONE_BY_ONE, folder) as writer:
        assert writer.stdout is not None
        assert writer.stdout.readline() == "begin\n"
        readers = [threading.Thread(target=read, args=(archive,)) for archive in (shared, shared, own)]
        for reader in readers:
            reader.start()
        while writer.poll() is None:
            assert shared.verify() == []
        finished.set()
        for reader in readers:
            reader.join()
        assert writer.returncode == 0
        assert failures == []
        assert searches > 0
        assert shared.info().encoder == "hashing-32"
        assert len(shared.articles()) == 45
        assert own.search(QUESTIONS[0])


def test_two_threads_of_one_process_write_in_turn(folder: Path) -> None:
    with Archive.open(folder) as archive:
        parts = [POOL[1:20], POOL[20:40], [changed(article, 1) for article in POOL[40:]]]
        writers = [threading.Thread(target=archive.add, args=(part,)) for part in parts]
        for writer in writers:
            writer.start()
        for writer in writers:
            writer.join()
        assert len(archive.articles()) == 60
        assert archive.verify() == []


def test_a_read_only_archive_is_read_and_not_written() -> None:
    with tempfile.TemporaryDirectory() as place:
        Path(place).chmod(0o755)
        for name in ("archive", "warm"):
            with Archive.open(Path(place) / name, encoder="hashing-64") as archive:
                archive.add(POOL[:20])
        for path in [*Path(place, "archive").rglob("*"), Path(place, "archive")]:
            path.chmod(0o555 if path.is_dir() else 0o444)
        before = sorted(Path(place, "archive").iterdir())
        with _process(_READ_ONLY, Path(place, "archive"), Path(place, "warm")) as reader:
            printed, _ = reader.communicate(timeout=120)
        assert printed.splitlines()[0].startswith("20 article-0-")
        assert printed.splitlines()[0].endswith("[]")
        assert printed.splitlines()[1] == "True"
        assert sorted(Path(place, "archive").iterdir()) == before
        Path(place, "archive").chmod(0o755)


@pytest.mark.parametrize("largest_file_bytes", [1, 30_000, 100_000, 240_000])
def test_a_full_disk_is_a_clear_error_and_loses_nothing(folder: Path, largest_file_bytes: int) -> None:
    with _process(_ADD_WITHOUT_SPACE, folder, Path(str(largest_file_bytes))) as writer:
        printed, _ = writer.communicate(timeout=120)
    assert writer.returncode == 0
    saved, _, message = printed.partition(" ")
    assert "free some space" in message
    with Archive.open(folder) as archive:
        assert archive.verify() == []
        assert len(archive.articles()) >= int(saved)
        archive.add(POOL)
        assert len(archive.articles()) == len(POOL)
        assert archive.verify() == []


def test_an_archive_that_was_deleted_meanwhile_is_a_clear_error(folder: Path) -> None:
    archive = Archive.open(folder)
    archive.close()
    shutil.rmtree(folder)
    with pytest.raises(ArchiveError, match="no archive"):
        archive.search("Who?")
    assert not folder.exists()


@pytest.mark.timeout(300)
def test_an_archive_survives_being_killed(tmp_path: Path) -> None:
    tally = kill_rounds(tmp_path, kills=6, article_count=60, seed=int(time.time()) % 100_000)
    assert tally.kills.total() >= 6

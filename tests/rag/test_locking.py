from __future__ import annotations

import os
import threading
from pathlib import Path

import pytest

from rag.errors import ArchiveError, ArchiveLocked
from rag.locking import clear_writing, current_writer, is_unfinished, mark_writing, write_lock


def test_the_lock_is_held_by_one_thread_at_a_time(tmp_path: Path) -> None:
    inside = 0
    most = 0

    def work() -> None:
        nonlocal inside, most
        for _ in range(20):
            with write_lock(tmp_path, timeout_seconds=30):
                inside += 1
                most = max(most, inside)
                inside -= 1

    threads = [threading.Thread(target=work) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert most == 1


def test_who_waits_is_told_for_whom(tmp_path: Path) -> None:
    told: list[str] = []
    with write_lock(tmp_path, timeout_seconds=0):
        mark_writing(tmp_path)

        def wait() -> None:
            with (
                pytest.raises(ArchiveLocked, match=f"process {os.getpid()} on "),
                write_lock(tmp_path, timeout_seconds=0.1, on_wait=told.append),
            ):
                pass

        thread = threading.Thread(target=wait)
        thread.start()
        thread.join()
    assert len(told) == 1
    assert str(os.getpid()) in told[0]


def test_the_lock_falls_free_when_the_block_raises(tmp_path: Path) -> None:
    with pytest.raises(ZeroDivisionError), write_lock(tmp_path, timeout_seconds=0):
        _ = 1 / 0
    with write_lock(tmp_path, timeout_seconds=0):
        pass


def test_a_writer_leaves_word_and_takes_it_back(tmp_path: Path) -> None:
    assert not is_unfinished(tmp_path)
    assert current_writer(tmp_path) is None
    mark_writing(tmp_path)
    writer = current_writer(tmp_path)
    assert is_unfinished(tmp_path)
    assert writer is not None
    assert writer.pid == os.getpid()
    assert writer.command
    clear_writing(tmp_path)
    clear_writing(tmp_path)
    assert not is_unfinished(tmp_path)


@pytest.mark.parametrize("content", ["", "{", "[]", '{"pid": 1}', "null"])
def test_word_that_was_cut_off_names_nobody(tmp_path: Path, content: str) -> None:
    (tmp_path / "writing").write_text(content, encoding="utf-8")
    assert is_unfinished(tmp_path)
    assert current_writer(tmp_path) is None


def test_where_nothing_can_be_written_is_a_clear_error(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(ArchiveError, match="can't be written to"), write_lock(tmp_path / "file", timeout_seconds=0):
        pass

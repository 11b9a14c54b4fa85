"""What is kept in the cache: once made, whole or not at all, and never in the way."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from embeddings.cache import cache_folder, cached_bytes

ROOT = Path(__file__).parent.parent.parent


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("GAZETTE_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


def _never() -> bytes:
    raise AssertionError("made although it is in the cache")


def test_it_is_made_once() -> None:
    assert cached_bytes("table", lambda: b"one\ntwo") == b"one\ntwo"
    assert cached_bytes("table", _never) == b"one\ntwo"


def test_nothing_but_the_file_is_left(folder: Path) -> None:
    cached_bytes("table", lambda: b"one")
    assert [path.name for path in folder.iterdir()] == ["table"]


@pytest.mark.parametrize("damage", [b"", b"no checksum", b"0" * 64 + b"\none"])
def test_a_damaged_file_is_made_anew(folder: Path, damage: bytes) -> None:
    cached_bytes("table", lambda: b"one")
    (folder / "table").write_bytes(damage)
    assert cached_bytes("table", lambda: b"two") == b"two"
    assert cached_bytes("table", _never) == b"two"


def test_a_folder_that_cannot_be_made_is_no_failure(folder: Path) -> None:
    folder.write_text("a file where the folder should be")
    assert cached_bytes("table", lambda: b"one") == b"one"


def test_processes_that_make_it_at_once_leave_it_whole(folder: Path) -> None:
    code = "from embeddings.cache import cached_bytes as c; assert len(c('big', lambda: bytes(4_000_000))) == 4_000_000"
    running = [subprocess.Popen([sys.executable, "-c", code], cwd=ROOT) for _ in range(4)]
    assert [process.wait() for process in running] == [0, 0, 0, 0]
    assert len(cached_bytes("big", _never)) == 4_000_000
    assert [path.name for path in folder.iterdir()] == ["big"]


def test_the_folder_is_chosen_by_the_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("GAZETTE_CACHE")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert cache_folder() == tmp_path / "gazette"
    monkeypatch.setenv("XDG_CACHE_HOME", "")
    assert cache_folder() == Path.home() / ".cache" / "gazette"

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest
from langchain_core.embeddings import DeterministicFakeEmbedding

from rag.archive import Archive
from rag.errors import ArchiveError
from rag.locking import mark_writing
from rag.records import Article
from tests.rag.comparing import contents, findings
from tests.rag.invented import articles

POOL = articles(20, seed=6)
LATER = Article("later", "Later", "The lighthouse keeper retired in Cork.", language="en")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    with Archive.open(tmp_path / "archive", encoder="hashing-64") as archive:
        archive.add(POOL)
    return tmp_path / "archive"


def _dense(folder: Path) -> Path:
    [path] = folder.glob("dense-*.faiss")
    return path


def _lexical(folder: Path) -> Path:
    [path] = folder.glob("lexical-*")
    return path


def _truncate(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def _scramble_segments(folder: Path) -> None:
    for path in _lexical(folder).glob("*.*"):
        if path.suffix in (".term", ".idx", ".store", ".fast"):
            path.write_bytes(bytes(byte ^ 0x5A for byte in path.read_bytes()))


DAMAGE: dict[str, Callable[[Path], object]] = {
    "the dense file is missing": lambda folder: _dense(folder).unlink(),
    "the dense file is cut off": lambda folder: _truncate(_dense(folder)),
    "the dense file is empty": lambda folder: _dense(folder).write_bytes(b""),
    "the dense file is something else": lambda folder: _dense(folder).write_bytes(b"not an index " * 100),
    "the lexical folder is missing": lambda folder: shutil.rmtree(_lexical(folder)),
    "the lexical list of files is cut off": lambda folder: _truncate(_lexical(folder) / "meta.json"),
    "a lexical file is missing": lambda folder: next(_lexical(folder).glob("*.term")).unlink(),
    "lexical files are scrambled": _scramble_segments,
}


@pytest.mark.parametrize("damage", DAMAGE.values(), ids=DAMAGE.keys())
def test_a_damaged_index_is_a_clear_error_and_reindex_mends_it(folder: Path, damage: Callable[[Path], object]) -> None:
    with Archive.open(folder) as archive:
        before = contents(archive), findings(archive)
    damage(folder)
    with Archive.open(folder) as archive:
        with pytest.raises(ArchiveError, match="gazette reindex"):
            archive.search("Who signed the treaty?")
        assert archive.verify() != []
        assert len(archive.articles()) == len(POOL)
        archive.reindex()
        assert archive.verify() == []
        assert (contents(archive), findings(archive)) == before


@pytest.mark.parametrize("damage", DAMAGE.values(), ids=DAMAGE.keys())
def test_adding_mends_a_damaged_index(folder: Path, damage: Callable[[Path], object]) -> None:
    damage(folder)
    with Archive.open(folder) as archive:
        archive.add(LATER)
        assert archive.verify() == []
        assert archive.search("Where did the lighthouse keeper retire?")[0].article == LATER


def test_what_a_dead_writer_left_is_put_in_order_on_opening(folder: Path) -> None:
    (folder / "dense-99.faiss").write_bytes(b"half")
    (folder / "dense-98.faiss.part").write_bytes(b"half")
    (folder / "lexical-99").mkdir()
    mark_writing(folder)
    with Archive.open(folder) as archive:
        assert archive.verify() == []
        assert not (folder / "writing").exists()
        assert sorted(path.name for path in folder.glob("dense-*")) == [_dense(folder).name]
        assert not (folder / "lexical-99").exists()


def test_verify_names_what_is_wrong(folder: Path) -> None:
    with sqlite3.connect(folder / "gazette.db") as connection:
        connection.execute("UPDATE articles SET title = 'forged' WHERE number = 1")
        connection.execute("UPDATE articles SET copy_group = 'nonsense' WHERE number = 2")
        connection.execute("UPDATE chunks SET end = 1000000 WHERE article = 3")
        connection.execute("DELETE FROM vectors WHERE chunk = (SELECT min(id) FROM chunks)")
        connection.execute("INSERT INTO chunks (article, position, start, end) VALUES (5, 77, 0, 1)")
    connection.close()
    (folder / "dense-99.faiss").write_bytes(b"stray")
    with Archive.open(folder) as archive:
        problems = "\n".join(archive.verify())
    for expected in (
        "«article-6-0» is not what was stored",
        "«article-6-1» is in the group of copies nonsense",
        "«article-6-2»: the chunk from",
        "2 chunks have no vector",
        "1 chunks are missing from the dense index",
        "1 chunks are missing from the lexical index",
        "dense-99.faiss belongs to no state",
    ):
        assert expected in problems


def test_missing_vectors_are_encoded_again_by_reindex(folder: Path) -> None:
    with Archive.open(folder) as archive:
        before = contents(archive), findings(archive)
    with sqlite3.connect(folder / "gazette.db") as connection:
        connection.execute("DELETE FROM vectors WHERE chunk % 3 = 0")
    connection.close()
    with Archive.open(folder) as archive:
        archive.reindex()
        assert archive.verify() == []
        assert (contents(archive), findings(archive)) == before


def test_a_database_that_is_none_is_a_clear_error(folder: Path) -> None:
    (folder / "gazette.db").write_bytes(b"this was never a database " * 500)
    for name in ("gazette.db-wal", "gazette.db-shm"):
        (folder / name).unlink(missing_ok=True)
    with pytest.raises(ArchiveError, match=r"gazette\.db"):
        Archive.open(folder)


def test_another_program_s_database_is_refused(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "gazette.db") as connection:
        connection.execute("CREATE TABLE theirs (x)")
    connection.close()
    with pytest.raises(ArchiveError, match="not a Gazette archive"):
        Archive.open(tmp_path)


def test_a_newer_format_is_refused(folder: Path) -> None:
    with sqlite3.connect(folder / "gazette.db") as connection:
        connection.execute("UPDATE state SET format = 99")
    connection.close()
    with pytest.raises(ArchiveError, match="format 99"):
        Archive.open(folder)


def test_a_folder_with_other_files_is_refused_and_left_alone(tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("Dear Ada", encoding="utf-8")
    with pytest.raises(ArchiveError, match="holds other files"):
        Archive.open(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["letter.txt"]


def test_a_file_in_the_folder_s_place_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("text", encoding="utf-8")
    with pytest.raises(ArchiveError, match="is a file"):
        Archive.open(tmp_path / "file")


def test_a_missing_archive_is_not_made_when_it_should_not_be(tmp_path: Path) -> None:
    with pytest.raises(ArchiveError, match="gazette add"):
        Archive.open(tmp_path / "none", create=False)
    assert not (tmp_path / "none").exists()


def test_an_archive_whose_making_was_interrupted_is_made(tmp_path: Path) -> None:
    folder = tmp_path / "archive"
    folder.mkdir()
    (folder / "write.lock").touch()
    (folder / "gazette.db").touch()
    with Archive.open(folder, encoder="hashing-64") as archive:
        archive.add(LATER)
        assert archive.verify() == []


def test_a_damaged_index_is_mended_where_the_encoder_can_t_be_had(tmp_path: Path) -> None:
    embeddings = DeterministicFakeEmbedding(size=16)  # an object, which can't be made from the archive's name for it
    with Archive.open(tmp_path, encoder=embeddings) as archive:
        archive.add(POOL)
        before = contents(archive), findings(archive)
    _truncate(_dense(tmp_path))
    with Archive.open(tmp_path) as archive:
        archive.reindex()
        assert archive.verify() == []
    with Archive.open(tmp_path, encoder=embeddings) as archive:
        assert (contents(archive), findings(archive)) == before

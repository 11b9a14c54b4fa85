"""Archives that have grown large: another dense index, the same contents, findings and guarantees.

Every test lowers the sizes from which on an archive counts as large; FAISS, SQLite and tantivy are the real ones.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from embeddings import ClusteredIndex
from rag.archive import Archive
from rag.errors import ArchiveError
from rag.indexes import IndexSizes
from rag.records import Article, Filters
from rag.writing import Progress
from tests.rag.comparing import contents, findings
from tests.rag.invented import QUESTIONS, articles, changed
from tests.rag.kill_archive import kill_rounds

POOL = articles(40, seed=4, sentences=10)
SIZES = IndexSizes(large_from=20, loose_chunks=8)
LATER = Article("later", "Later", "The lighthouse keeper retired in Cork.", language="en")
NUMBERS = st.lists(st.integers(0, len(POOL) - 1), min_size=1, max_size=15, unique=True)
STEPS = st.tuples(st.sampled_from(["add", "change", "remove", "reopen", "reindex"]), NUMBERS)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    with Archive.open(tmp_path / "archive", encoder="hashing-64", index_sizes=SIZES) as archive:
        archive.add(POOL)
    assert _dense(tmp_path / "archive").is_dir()
    return tmp_path / "archive"


def _dense(folder: Path) -> Path:
    [path] = folder.glob("dense-*")
    return path


def _file(folder: Path, prefix: str) -> Path:
    [path] = _dense(folder).glob(f"{prefix}*")
    return path


@given(steps=st.lists(STEPS, min_size=1, max_size=7), commit_seconds=st.sampled_from([0.0, 5.0]))
@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_a_large_archive_changed_step_by_step_equals_a_small_one_built_at_once(
    steps: list[tuple[str, list[int]]], commit_seconds: float
) -> None:
    with tempfile.TemporaryDirectory() as place:
        grown = Archive.open(Path(place) / "grown", encoder="hashing-64", index_sizes=SIZES)
        grown.add(POOL[:10])
        expected = {article.id: article for article in POOL[:10]}
        for number, (kind, numbers) in enumerate(steps):
            if kind in ("add", "change"):
                chosen = [changed(POOL[one], number) if kind == "change" else POOL[one] for one in numbers]
                grown.add(chosen, commit_seconds=commit_seconds)
                expected |= {article.id: article for article in chosen}
            elif kind == "remove":
                gone = [POOL[one].id for one in numbers if POOL[one].id in expected]
                grown.remove(gone)
                expected = {id_: article for id_, article in expected.items() if id_ not in gone}
            elif kind == "reindex":
                grown.reindex()
            else:
                grown.close()
                grown = Archive.open(Path(place) / "grown", index_sizes=SIZES)
        assert grown.verify() == []
        assert _dense(grown.folder).is_dir() or grown.info().chunks <= SIZES.large_from
        with Archive.open(Path(place) / "whole", encoder="hashing-64") as whole:
            whole.add(expected.values())
            assert contents(grown) == contents(whole)
            assert findings(grown) == findings(whole)
        grown.close()


def test_growing_and_shrinking_change_the_index_while_a_reader_goes_on(tmp_path: Path) -> None:
    stages: list[str] = []
    with (
        Archive.open(tmp_path / "archive", encoder="hashing-64", index_sizes=SIZES) as writer,
        Archive.open(tmp_path / "archive") as reader,
    ):
        writer.add(POOL[:3])
        assert _dense(writer.folder).suffix == ".faiss"
        assert (reader.info().recall, reader.info().recall_chunks) == (1.0, reader.info().chunks)
        assert reader.search(QUESTIONS[0])
        writer.add(POOL, progress=lambda step: stages.append(step.stage))
        assert "indexing" in stages
        assert reader.search(QUESTIONS[0], limit=100) == writer.search(QUESTIONS[0], limit=100)
        info = reader.info()
        assert info.recall is not None
        assert info.recall >= 0.9
        assert info.recall_chunks is not None
        assert SIZES.large_from < info.recall_chunks <= info.chunks
        writer.remove([article.id for article in POOL[3:]])
        assert _dense(writer.folder).suffix == ".faiss"
        assert reader.search(QUESTIONS[0], limit=100) == writer.search(QUESTIONS[0], limit=100)
        assert reader.verify() == []


def test_a_change_leaves_lists_and_rows_where_they_are_until_many_are_loose(folder: Path) -> None:
    with Archive.open(folder, index_sizes=SIZES) as archive:
        before = _file(folder, "lists").name, _file(folder, "lists").stat().st_mtime_ns, _dense(folder).name
        rows = _file(folder, "rows").read_bytes()
        archive.add(LATER)
        archive.remove(POOL[0].id)
        assert (_file(folder, "lists").name, _file(folder, "lists").stat().st_mtime_ns, _dense(folder).name) == before
        assert _file(folder, "rows").read_bytes().startswith(rows)
        archive.add([changed(article, 1) for article in POOL[:9]])
        assert _file(folder, "lists").name != before[0]
        assert _dense(folder).name == before[2]
        assert archive.verify() == []
        assert archive.search("Where did the lighthouse keeper retire?")[0].article == LATER


@pytest.mark.parametrize("language", ["en", "fr", None])
@pytest.mark.parametrize("narrow_chunks", [0, 5, 20_000])
def test_filters_find_what_they_find_in_a_small_archive(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, language: str | None, narrow_chunks: int
) -> None:
    monkeypatch.setattr("rag.snapshot.NARROW_CHUNKS", narrow_chunks)
    outlets = [None, *{article.source for article in POOL if article.source}]
    days = [None, *sorted(article.published for article in POOL if article.published)[3::9]]
    with Archive.open(folder) as large, Archive.open(tmp_path / "small", encoder="hashing-64") as small:
        small.add(POOL)
        for question in QUESTIONS[:2]:
            for outlet in outlets:
                for since in days:
                    asked = {"language": language, "source": outlet, "since": since, "limit": 4}
                    found = large.search(question, **asked)  # type: ignore[arg-type]
                    assert found == small.search(question, **asked)  # type: ignore[arg-type]
                    expected = large.articles(Filters(language, outlet, since, None))
                    assert {passage.article.id for passage in found} <= {article.id for article in expected}
                    assert bool(found) == bool(expected)


DAMAGE: dict[str, Callable[[Path], object]] = {
    "the folder is missing": lambda folder: shutil.rmtree(_dense(folder)),
    **{
        f"{name} is missing": lambda folder, name=name: _file(folder, name).unlink()
        for name in ("rows", "lists", "state")
    },
    **{
        f"{name} is cut off": lambda folder, name=name: _file(folder, name).write_bytes(
            _file(folder, name).read_bytes()[:-20]
        )
        for name in ("ids", "lists", "order")
    },
    "the state is something else": lambda folder: _file(folder, "state").write_bytes(b"not a state " * 100),
}


@pytest.mark.parametrize("damage", DAMAGE.values(), ids=DAMAGE.keys())
def test_a_damaged_index_is_a_clear_error_and_reindex_and_adding_mend_it(
    folder: Path, damage: Callable[[Path], object]
) -> None:
    with Archive.open(folder) as archive:
        before = contents(archive), findings(archive)
    for mend in ("reindex", "add"):
        damage(folder)
        with Archive.open(folder, index_sizes=SIZES) as archive:
            with pytest.raises(ArchiveError, match="gazette reindex"):
                archive.search(QUESTIONS[0])
            assert archive.verify() != []
            assert archive.info().articles == len(POOL)
            if mend == "reindex":
                archive.reindex()
                assert (contents(archive), findings(archive)) == before
            else:
                archive.add(LATER)
                assert archive.search("Where did the lighthouse keeper retire?")[0].article == LATER
            assert archive.verify() == []
            assert _dense(folder).is_dir()


def test_verify_names_what_is_wrong(folder: Path) -> None:
    state = _file(folder, "state")
    index = ClusteredIndex.open(state)
    ids = index.ids()
    rows = np.fromfile(_dense(folder) / "rows", "<f2").reshape(-1, 64)
    rows[3] = -rows[3]
    rows.tofile(_dense(folder) / "rows")
    (_dense(folder) / "lists-99.faiss").write_bytes(b"stray")
    (_dense(folder) / "state-99").write_bytes(b"stray")
    index.remove(ids[:2])
    index.save(int(state.name.removeprefix("state-")))
    with Archive.open(folder) as archive:
        problems = "\n".join(archive.verify())
    for expected in (
        "1 vectors of the dense index are not those stored",
        "2 chunks are missing from the dense index",
        "lists-99.faiss belongs to no state",
        "state-99 belongs to no state",
    ):
        assert expected in problems


_ADD_MUCH = """
import sys
from rag.archive import Archive
from rag.indexes import IndexSizes
from tests.rag.invented import articles

archive = Archive.open(sys.argv[1], index_sizes=IndexSizes(large_from=20, loose_chunks=8))
print("begin", flush=True)
archive.add(articles(40, seed=5), commit_seconds=0)
archive.remove([article.id for article in articles(40, seed=5)[::2]])
archive.reindex()
archive.remove([article.id for article in articles(40, seed=5)[1::2]])
"""


def test_readers_with_the_index_mapped_see_complete_states_while_another_process_writes(folder: Path) -> None:
    texts = {article.text for article in [*POOL, *articles(40, seed=5)]}
    failures: list[BaseException] = []
    finished = threading.Event()
    searches = 0

    def read(archive: Archive) -> None:
        nonlocal searches
        try:
            while not finished.is_set():
                for question in QUESTIONS:
                    passages = archive.search(question)
                    assert len(passages) == 10
                    assert {passage.article.text for passage in passages} <= texts
                    searches += 1
        except BaseException as error:
            failures.append(error)

    with Archive.open(folder) as reader:
        before = findings(reader)
        with subprocess.Popen(
            [sys.executable, "-c", _ADD_MUCH, str(folder)],
            stdout=subprocess.PIPE,
            text=True,
            cwd=Path(__file__).parents[2],
        ) as writer:
            assert writer.stdout is not None
            assert writer.stdout.readline() == "begin\n"
            readers = [threading.Thread(target=read, args=(reader,)) for _ in range(2)]
            for thread in readers:
                thread.start()
            while writer.poll() is None:
                assert reader.info().recall is not None
                time.sleep(0.2)
            finished.set()
            for thread in readers:
                thread.join()
        assert writer.returncode == 0
        assert failures == []
        assert searches > 0
        assert reader.verify() == []
    with Archive.open(folder) as reader:
        assert findings(reader) == before


def test_a_crash_while_the_index_is_made_leaves_the_old_one(tmp_path: Path) -> None:
    path = tmp_path / "archive"
    with Archive.open(path, encoder="hashing-64") as archive:  # still small by its own sizes
        archive.add(POOL)
        before = contents(archive), findings(archive)

    class Stopped(Exception):
        """Stands for the death of the process, at the moment when the new index is about to be made."""

    def stop(step: Progress) -> None:
        if step.stage == "indexing":
            (path / "dense-99").mkdir()
            (path / "dense-99" / "rows").write_bytes(b"half")
            raise Stopped

    with Archive.open(path, index_sizes=SIZES) as archive, pytest.raises(Stopped):
        archive.add(LATER, progress=stop)
    assert (path / "dense-99").exists()
    assert (path / "writing").exists()
    with Archive.open(path, index_sizes=SIZES) as archive:
        assert sorted(found.suffix for found in path.glob("dense-*")) == [".faiss"]
        assert archive.verify() == []
        assert archive.article("later") == LATER
        archive.remove("later")
        assert _dense(path).is_dir()
        assert (contents(archive), findings(archive)) == before


@pytest.mark.timeout(300)
def test_a_large_archive_survives_being_killed(tmp_path: Path) -> None:
    sizes = IndexSizes(large_from=30, loose_chunks=10)
    tally = kill_rounds(tmp_path, kills=6, article_count=60, seed=int(time.time()) % 100_000, sizes=sizes)
    assert tally.kills.total() >= 6

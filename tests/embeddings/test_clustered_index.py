"""The clustered index against the exact one: searches, adds, removals, folds, files."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import faiss
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from embeddings import ClusteredIndex, DenseIndex, clustered_index
from embeddings.clustered_files import stray_files
from embeddings.errors import IndexFileError
from embeddings.row_file import RowFile

DIMENSION = 16


def _unit_rows(count: int, dimension: int = DIMENSION, seed: int = 0) -> np.ndarray:
    """Rows in clouds, as vectors of texts are."""
    chance = np.random.default_rng(seed)
    centres = chance.normal(size=(max(1, count // 20), dimension))
    rows = centres[chance.integers(0, len(centres), count)] + 0.5 * chance.normal(size=(count, dimension))
    return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), np.float16).astype(np.float32)


def _exact(ids: np.ndarray, vectors: np.ndarray) -> DenseIndex:
    index = DenseIndex(vectors.shape[1])
    index.add(ids, vectors)
    return index


def _built(folder: Path, vectors: np.ndarray, first_id: int = 0) -> ClusteredIndex:
    ids = np.arange(len(vectors)) + first_id
    index = ClusteredIndex.build(folder / "dense-1", vectors.shape[1], [(ids, vectors)], generation=1)
    index.save(1)
    return index


def _sorted_hits(index: DenseIndex, query: np.ndarray, limit: int) -> list[tuple[int, float]]:
    hits = [(hit.id, hit.score) for hit in index.search(query, len(index))]
    return sorted(hits, key=lambda hit: (-hit[1], hit[0]))[:limit]


def _hits(index: ClusteredIndex, query: np.ndarray, limit: int) -> list[tuple[int, float]]:
    return [(hit.id, hit.score) for hit in index.search(query, limit)]


def test_nearly_all_of_the_nearest_are_found_with_the_scores_of_exact_search(tmp_path: Path) -> None:
    vectors = _unit_rows(6_000)
    queries, vectors = vectors[:100], vectors[100:]
    index, exact = _built(tmp_path, vectors), _exact(np.arange(5_900), vectors)
    found = [dict(_hits(index, query, 10)) for query in queries]
    expected = [dict(_sorted_hits(exact, query, 10)) for query in queries]
    assert sum(len(one.keys() & other.keys()) for one, other in zip(found, expected, strict=True)) >= 990
    for one, other in zip(found, expected, strict=True):
        assert all(other[id_] == score for id_, score in one.items() if id_ in other)
    assert index.state.recall >= 0.99
    assert index.state.recall_count == 5_900


def test_two_threads_find_what_one_finds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    vectors = _unit_rows(3_000)
    index = _built(tmp_path, vectors)
    index.remove(np.arange(0, 3_000, 3))
    expected = [_hits(index, query, 40) for query in vectors[:60]]
    monkeypatch.setattr(clustered_index, "SHARED_PROBES", 2)
    assert [_hits(index, query, 40) for query in vectors[:60]] == expected
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(lambda query: _hits(index, query, 40), vectors[:60])) == expected


def test_vectors_without_clouds_are_sought_in_no_more_lists_than_it_takes(tmp_path: Path) -> None:
    vectors = np.random.default_rng(0).normal(size=(4_000, 48)).astype(np.float32)
    index = _built(tmp_path, vectors / np.linalg.norm(vectors, axis=1, keepdims=True))
    probes, trial = index.state.probes, index._trial()
    assert clustered_index.LEAST_PROBES < probes < index._lists.nlist
    assert index.state.recall >= clustered_index.LEAST_RECALL
    assert index._recall(trial, probes - probes // 8) < clustered_index.LEAST_RECALL


def test_lists_of_an_earlier_version_are_searched_and_folded_as_they_are(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    vectors = _unit_rows(600)
    monkeypatch.setattr(clustered_index, "trained_lists", _earlier_lists)
    index = _built(tmp_path, vectors[:500])
    index.add(np.arange(500, 600), vectors[500:])
    folded = index.fold(2)
    index = ClusteredIndex.open(folded.save(2))
    assert index._lists.by_residual
    exact = _exact(np.arange(600), vectors)
    for query in vectors[::10]:
        assert _hits(index, query, 10) == _sorted_hits(exact, query, 10)


def _earlier_lists(rows: RowFile) -> faiss.IndexIVFScalarQuantizer:
    """As earlier versions made them: the way from the centre, in bytes that each dimension scales on its own."""
    lists = faiss.IndexIVFScalarQuantizer(
        faiss.IndexFlatIP(DIMENSION), DIMENSION, 20, faiss.ScalarQuantizer.QT_8bit, faiss.METRIC_INNER_PRODUCT
    )
    lists.cp.min_points_per_centroid = 1
    lists.train(rows[np.arange(len(rows))].astype(np.float32))
    return lists


@settings(max_examples=25, deadline=None)
@given(
    first=st.integers(1, 40),
    steps=st.lists(
        st.tuples(st.sampled_from(["add", "remove", "fold", "reopen", "unsaved"]), st.sets(st.integers(0, 60))),
        max_size=12,
    ),
)
def test_adds_removals_and_folds_in_any_order_equal_exact_search(first: int, steps: list[tuple[str, set[int]]]) -> None:
    vectors = _unit_rows(61)
    with tempfile.TemporaryDirectory() as place:
        index, held = _built(Path(place), vectors[:first]), set(range(first))
        saved, saved_held = Path(place) / "dense-1" / "state-1", set(held)
        for generation, (kind, numbers) in enumerate(steps, start=2):
            if kind in ("add", "unsaved"):
                added = np.array(sorted(numbers - held), np.int64)
                index.add(added, vectors[added])
                held |= numbers
            elif kind == "remove":
                assert index.remove(np.array(sorted(numbers), np.int64)) == len(numbers & held)
                held -= numbers
            if kind == "unsaved":  # a writer that died after it wrote, before its state was the archive's
                index.save(generation)
                index, held = ClusteredIndex.open(saved), set(saved_held)
            elif kind == "fold":
                index = index.fold(generation)
                assert index.loose_count == 0
                saved, saved_held = index.save(generation), set(held)
            else:
                saved, saved_held = index.save(generation), set(held)
            if kind == "reopen":
                index = ClusteredIndex.open(saved)
            assert len(index) == len(held)
        ids = np.array(sorted(held), np.int64)
        assert index.ids().tolist() == ids.tolist()
        assert list(index.problems()) == []
        if len(ids):
            assert index.differing(ids, vectors[ids]).tolist() == []
            assert set(index.differing(ids, -vectors[ids]).tolist()) == held
            exact = _exact(ids, vectors[ids])
            for query in _unit_rows(5, seed=9):
                for limit in (1, 7, 61):
                    assert _hits(index, query, limit) == _sorted_hits(exact, query, limit)
        else:
            assert index.search(vectors[0], 5) == []


@settings(max_examples=20, deadline=None)
@given(allowed=st.sets(st.integers(0, 700), max_size=50), limit=st.integers(1, 60))
def test_among_allowed_ids_none_is_missed(allowed: set[int], limit: int) -> None:
    vectors = _unit_rows(600)
    with tempfile.TemporaryDirectory() as place:
        index = _built(Path(place), vectors[:500])
        index.add(np.arange(500, 600), vectors[500:])
        index.remove(np.arange(0, 600, 7))
        live = np.array([id_ for id_ in sorted(allowed) if id_ < 600 and id_ % 7], np.int64)
        found = [(hit.id, hit.score) for hit in index.search(vectors[3], limit, np.array(sorted(allowed), np.int64))]
    assert found == (_sorted_hits(_exact(live, vectors[live]), vectors[3], limit) if len(live) else [])


def test_the_same_id_twice_is_refused(tmp_path: Path) -> None:
    index = _built(tmp_path, _unit_rows(30))
    with pytest.raises(ValueError, match="twice"):
        index.add(np.array([50, 50]), _unit_rows(2))
    with pytest.raises(ValueError, match="remove it first"):
        index.add(np.array([7]), _unit_rows(1))
    index.remove(np.array([7]))
    index.add(np.array([7]), _unit_rows(1))
    with pytest.raises(ValueError, match="remove it first"):
        index.add(np.array([7]), _unit_rows(1))
    with pytest.raises(ValueError, match="shape"):
        index.add(np.array([99]), _unit_rows(1, dimension=8))


def test_adding_leaves_alone_what_earlier_states_show(tmp_path: Path) -> None:
    vectors = _unit_rows(400)
    writer = _built(tmp_path, vectors[:300])
    folder = tmp_path / "dense-1"
    first, query = ClusteredIndex.open(folder / "state-1"), vectors[5]
    before = first.search(query, 300)
    lists = (folder / "lists-1.faiss").stat().st_mtime_ns
    writer.add(np.arange(300, 350), vectors[300:350])
    writer.remove(np.arange(10))
    state = writer.save(2)
    assert (folder / "lists-1.faiss").stat().st_mtime_ns == lists
    writer = ClusteredIndex.open(state)
    writer.add(np.arange(350, 400), vectors[350:])
    writer = writer.fold(3)
    writer.save(3)
    for path in stray_files(folder / "state-3"):
        path.unlink()
    assert first.search(query, 300) == before  # its lists are mapped, whatever became of their name
    assert writer.ids().tolist() == list(range(10, 400))
    assert sorted(path.name for path in folder.iterdir()) == ["ids", "lists-3.faiss", "order-3", "rows", "state-3"]
    with pytest.raises(FileNotFoundError):
        ClusteredIndex.open(folder / "state-1")


def test_a_search_for_many_finds_all_there_are_however_short_the_lists(tmp_path: Path) -> None:
    vectors = _unit_rows(3_000)
    index = _built(tmp_path, vectors)
    index.remove(np.arange(2_990))
    assert [hit.id for hit in index.search(vectors[0], 10)] != []
    assert {hit.id for hit in index.search(vectors[0], 3_000)} == set(range(2_990, 3_000))
    assert {hit.id for hit in index.search(vectors[0], 10)} == set(range(2_990, 3_000))


def test_what_is_removed_leaves_the_lists_when_they_are_folded(tmp_path: Path) -> None:
    vectors = _unit_rows(2_000)
    index = _built(tmp_path, vectors)
    size = (tmp_path / "dense-1" / "lists-1.faiss").stat().st_size
    index.remove(np.arange(1_500))
    folded = index.fold(2)
    assert (tmp_path / "dense-1" / "lists-2.faiss").stat().st_size < size - 1_500 * DIMENSION
    assert folded.state.listed_count == len(folded) == 500
    assert list(folded.problems()) == []


@pytest.mark.parametrize("name", ["rows", "ids", "lists-1.faiss", "order-1", "state-1"])
@pytest.mark.parametrize("damage", ["missing", "empty", "cut off"])
def test_a_damaged_or_missing_file_is_one_clear_error(tmp_path: Path, name: str, damage: str) -> None:
    _built(tmp_path, _unit_rows(500))
    path = tmp_path / "dense-1" / name
    content = path.read_bytes()
    if damage == "missing":
        path.unlink()
    else:
        path.write_bytes(b"" if damage == "empty" else content[: len(content) // 2])
    with pytest.raises(FileNotFoundError if damage == "missing" else IndexFileError):
        ClusteredIndex.open(tmp_path / "dense-1" / "state-1")


def test_lists_of_other_rows_are_a_problem(tmp_path: Path) -> None:
    vectors = _unit_rows(500)
    _built(tmp_path, vectors)
    ClusteredIndex.build(tmp_path / "other", DIMENSION, [(np.arange(499), vectors[:499])], generation=1)
    (tmp_path / "other" / "lists-1.faiss").replace(tmp_path / "dense-1" / "lists-1.faiss")
    [problem] = ClusteredIndex.open(tmp_path / "dense-1" / "state-1").problems()
    assert "hold other vectors" in problem


_GROW = """
import sys
from pathlib import Path
import numpy as np
from embeddings import ClusteredIndex
folder = Path(sys.argv[1])
generation = int(sys.argv[2])
index = ClusteredIndex.open(folder / f"state-{generation}")
chance = np.random.default_rng(generation)
while True:
    vectors = chance.normal(size=(20, 16))
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    index.add(np.arange(20) + 1000 * generation, vectors.astype(np.float32))
    generation += 1
    index = index if generation % 3 else index.fold(generation)
    index.save(generation)
    print(generation, flush=True)
"""


def test_a_writer_killed_at_any_moment_leaves_the_states_before_as_they_were(tmp_path: Path) -> None:
    _built(tmp_path, _unit_rows(100))
    folder, generation = tmp_path / "dense-1", 1
    for _ in range(6):
        reader = ClusteredIndex.open(folder / f"state-{generation}")
        ids, query = reader.ids().tolist(), _unit_rows(1, seed=generation)[0]
        before = reader.search(query, 50)
        with subprocess.Popen(
            [sys.executable, "-c", _GROW, str(folder), str(generation)],
            stdout=subprocess.PIPE,
            text=True,
            cwd=Path(__file__).parents[2],
            env={**os.environ, "OMP_NUM_THREADS": "1"},
        ) as writer:
            assert writer.stdout is not None
            for _ in range(1 + generation % 4):
                reached = int(writer.stdout.readline())
                assert reader.search(query, 50) == before
            writer.send_signal(signal.SIGKILL)
        again = ClusteredIndex.open(folder / f"state-{generation}")
        assert again.ids().tolist() == ids
        assert again.search(query, 50) == before
        assert list(again.problems()) == []
        generation = reached
        assert len(ClusteredIndex.open(folder / f"state-{generation}")) > len(ids)

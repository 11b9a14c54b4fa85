"""The dense index against plain numpy: exact search, adds, removals, files."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from embeddings import DenseIndex
from embeddings.errors import IndexFileError


def _unit_rows(count: int, dimension: int = 16, seed: int = 0) -> np.ndarray:
    rows = np.random.default_rng(seed).normal(size=(count, dimension)).astype(np.float32)
    return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), np.float32)


def test_search_is_exact_up_to_half_precision() -> None:
    vectors, queries = _unit_rows(500), _unit_rows(20, seed=1)
    index = DenseIndex(16)
    index.add(np.arange(500) + 1000, vectors)
    for query in queries:
        hits = index.search(query, 10)
        scores = vectors @ query
        np.testing.assert_allclose([hit.score for hit in hits], np.sort(scores)[::-1][:10], atol=2e-3)
        np.testing.assert_allclose([scores[hit.id - 1000] for hit in hits], [hit.score for hit in hits], atol=2e-3)


def test_only_allowed_ids_are_found() -> None:
    index = DenseIndex(16)
    index.add(np.arange(50), _unit_rows(50))
    assert {hit.id for hit in index.search(_unit_rows(1)[0], 50, np.array([3, 7, 99]))} == {3, 7}
    assert index.search(_unit_rows(1)[0], 5, np.array([], np.int64)) == []


@pytest.mark.parametrize("limit", [0, -1])
def test_nothing_asked_for_gives_nothing(limit: int) -> None:
    index = DenseIndex(16)
    index.add(np.array([1]), _unit_rows(1))
    assert index.search(_unit_rows(1)[0], limit) == []


def test_an_empty_index_finds_nothing() -> None:
    assert DenseIndex(16).search(_unit_rows(1)[0], 5) == []


def test_the_same_id_twice_is_refused() -> None:
    index = DenseIndex(16)
    with pytest.raises(ValueError, match="twice"):
        index.add(np.array([1, 1]), _unit_rows(2))
    index.add(np.array([1]), _unit_rows(1))
    with pytest.raises(ValueError, match="remove it first"):
        index.add(np.array([1]), _unit_rows(1))


def test_vectors_of_another_dimension_are_refused() -> None:
    with pytest.raises(ValueError, match="shape"):
        DenseIndex(16).add(np.array([1]), _unit_rows(1, dimension=8))


@settings(max_examples=30, deadline=None)
@given(st.lists(st.tuples(st.booleans(), st.integers(0, 30)), max_size=40))
def test_adds_and_removals_in_any_order_equal_an_index_built_at_once(steps: list[tuple[bool, int]]) -> None:
    vectors = _unit_rows(31)
    index, held = DenseIndex(16), set[int]()
    for is_add, id_ in steps:
        if is_add and id_ not in held:
            index.add(np.array([id_]), vectors[[id_]])
            held.add(id_)
        elif not is_add:
            assert index.remove(np.array([id_])) == (1 if id_ in held else 0)
            held.discard(id_)
    at_once = DenseIndex(16)
    at_once.add(np.array(sorted(held), np.int64), vectors[sorted(held)])
    assert index.ids().tolist() == sorted(held)
    query = _unit_rows(1, seed=9)[0]
    assert index.search(query, 31) == at_once.search(query, 31)


def test_saved_and_loaded_it_finds_the_same(tmp_path: Path) -> None:
    index = DenseIndex(16)
    index.add(np.arange(40), _unit_rows(40))
    index.save(tmp_path / "dense.faiss")
    query = _unit_rows(1, seed=5)[0]
    for to_change in (True, False):
        loaded = DenseIndex.load(tmp_path / "dense.faiss", to_change=to_change)
        assert loaded.search(query, 10) == index.search(query, 10)
        assert loaded.ids().tolist() == list(range(40))
    assert [path.name for path in tmp_path.iterdir()] == ["dense.faiss"]


@pytest.mark.parametrize("content", [b"", b"garbage", b"\x00" * 1000])
@pytest.mark.parametrize("to_change", [True, False])
def test_a_damaged_file_is_one_clear_error(tmp_path: Path, content: bytes, to_change: bool) -> None:
    (tmp_path / "dense.faiss").write_bytes(content)
    with pytest.raises(IndexFileError, match="reindex"):
        DenseIndex.load(tmp_path / "dense.faiss", to_change=to_change)


@pytest.mark.parametrize("to_change", [True, False])
def test_a_truncated_file_is_one_clear_error(tmp_path: Path, to_change: bool) -> None:
    index = DenseIndex(16)
    index.add(np.arange(40), _unit_rows(40))
    index.save(tmp_path / "dense.faiss")
    whole = (tmp_path / "dense.faiss").read_bytes()
    (tmp_path / "dense.faiss").write_bytes(whole[: len(whole) // 2])
    with pytest.raises(IndexFileError, match="damaged"):
        DenseIndex.load(tmp_path / "dense.faiss", to_change=to_change)


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="the system does not tell a process's threads")
def test_readers_who_search_at_once_start_no_threads_beside_their_own() -> None:
    code = """
import threading, numpy as np
from pathlib import Path
from embeddings import DenseIndex
index = DenseIndex(4)
index.add(np.arange(100), np.eye(100, 4, dtype=np.float32))
def read():
    index.search(np.ones(4, np.float32), 5)
    met.wait()
    met.wait()
def count():
    return len(list(Path("/proc/self/task").iterdir()))
met = threading.Barrier(4)
before = count()
for _ in range(3):
    threading.Thread(target=read).start()
met.wait()
print(count() - before)
met.wait()
"""
    environment = os.environ | {"OMP_NUM_THREADS": "2"}
    printed = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
    assert printed.stdout.strip() == "3"

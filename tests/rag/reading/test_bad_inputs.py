"""Broken, empty, encrypted, binary, enormous and misnamed inputs: each is listed with why, none raises."""

from __future__ import annotations

from pathlib import Path

import pytest

from rag.reading import Input, find_inputs, read_input
from rag.records import Record
from tests.rag.reading.bad_inputs import REASON_BY_NAME, write_bad_inputs


@pytest.fixture(scope="module")
def records(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[object]]:
    """What came of each bad file, by its name."""
    folder = tmp_path_factory.mktemp("bad")
    write_bad_inputs(folder)
    results: dict[str, list[object]] = {}
    for item in find_inputs([folder]):
        results[Path(item.origin).name] = [item] if isinstance(item, Record) else list(read_input(item))
    return results


def test_there_are_at_least_forty_kinds() -> None:
    assert len(REASON_BY_NAME) >= 40


def test_every_file_is_listed(records: dict[str, list[object]]) -> None:
    assert set(records) == set(REASON_BY_NAME)


@pytest.mark.parametrize("name", REASON_BY_NAME)
def test_bad_input_fails_with_its_reason_in_one_line(name: str, records: dict[str, list[object]]) -> None:
    (record,) = records[name]
    assert isinstance(record, Record)
    assert REASON_BY_NAME[name] in record.reason
    assert "\n" not in record.reason
    assert len(record.reason) < 300
    assert record.article_id is None


def test_a_file_that_vanishes_before_it_is_read_fails(tmp_path: Path) -> None:
    (record,) = read_input(Input("gone.txt", tmp_path / "gone.txt"))
    assert isinstance(record, Record)
    assert "No such file" in record.reason


def test_a_file_that_became_a_folder_fails(tmp_path: Path) -> None:
    (record,) = read_input(Input("folder.txt", tmp_path))
    assert isinstance(record, Record)
    assert record.reason

"""`gazette eval speed` on small archives: every part gives figures that can be true, and they are kept."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from eval.bench.adding import measure_adding
from eval.bench.limit import measure_limit
from eval.bench.measuring import ratio
from ui.command_line import main


@pytest.fixture(autouse=True)
def _in_an_empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def test_asking_and_growth_are_measured_saved_and_shown(capsys: pytest.CaptureFixture[str]) -> None:
    status = main(["eval", "speed", "--part", "ask,growth", "--sizes", "100,200", "--count", "5", "--out", "speed"])
    printed = capsys.readouterr()
    assert status == 0
    assert "CPU ms a chunk added" in printed.out
    assert "speed/speed.html" in printed.err
    asked = json.loads(Path("speed/ask.json").read_text("utf-8"))
    assert asked["surroundings"]["versions"]["python"]
    assert list(asked["sizes"]) == ["100", "200"]
    for size, one in asked["sizes"].items():
        assert 0 < one["wall_ms"]["p50"] <= one["wall_ms"]["p95"] <= one["wall_ms"]["p99"]
        assert one["archive"]["chunks"] >= int(size)
        assert sum(times["mean"] for times in one["stages_ms"].values()) <= one["wall_ms"]["mean"] + 1
        assert one["peak_memory_mb"] > 50
    grown = json.loads(Path("speed/growth.json").read_text("utf-8"))
    assert [row["chunks"] for row in grown["rows"]] == [100, 200]
    assert all(row["chunk_cpu_ms"] > 0 for row in grown["rows"])
    page = Path("speed/speed.html").read_text("utf-8")
    assert "<svg" in page
    assert "(foretold)" in page


def test_adding_is_measured_alone_and_a_peer_that_is_not_installed_is_named(tmp_path: Path) -> None:
    bare = tmp_path / "python"
    bare.write_text(f'#!/bin/sh\nexec {sys.executable} -S "$@"\n')  # a Python without any package
    bare.chmod(0o755)
    figures = measure_adding(150, bare, tmp_path)
    assert set(figures["rates"]) == {"gazette"}
    assert set(figures["missing"]) == {"langchain", "llamaindex", "txtai", "txtai-split"}
    added = sum(turn["articles"] for turn in figures["turns"]["gazette"])
    assert figures["articles"] - 3 <= added <= figures["articles"]
    assert figures["spent"]["embed"] > figures["spent"]["index"] > 0
    assert max(figures["rates"]["gazette"]["articles_per_second"]) < figures["limit"]["articles_per_second"]


def test_encoding_stays_below_the_processor_s_limit() -> None:
    figures = measure_limit(chunk_count=60, turns=2)
    assert 0 < figures["share_of_peak"]["ratio"] < 1.1
    assert figures["share_of_peak"]["low"] <= figures["share_of_peak"]["ratio"] <= figures["share_of_peak"]["high"]


def test_a_ratio_is_the_geometric_mean_of_the_turns() -> None:
    found = ratio([2.0, 8.0], [1.0, 1.0])
    assert found["ratio"] == pytest.approx(4.0)
    assert found["low"] <= 4.0 <= found["high"]


def test_an_unknown_part_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["eval", "speed", "--part", "adding"]) == 1
    assert "no part «adding»" in capsys.readouterr().err

"""Times by stage: counted for who asks, and for nobody else."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from rag import Archive, Assistant
from rag.stages import stage, timed_stages
from tests.rag.newsroom import ARTICLES


def test_a_stage_that_is_passed_twice_is_added_up() -> None:
    with timed_stages() as times:
        for _ in range(2):
            with stage("sleep"):
                time.sleep(0.01)
    assert times["sleep"].wall_ms >= 20


def test_a_stage_that_fails_is_counted_and_nothing_after_the_block() -> None:
    with timed_stages() as times, pytest.raises(ZeroDivisionError), stage("fail"):
        raise ZeroDivisionError
    with stage("later"):
        pass
    assert list(times) == ["fail"]


def test_an_answer_passes_search_choice_check_and_comparison(tmp_path: Path) -> None:
    with Archive.open(tmp_path, encoder="hashing-512") as archive:
        archive.add(ARTICLES)
        with timed_stages() as times:
            answer = Assistant(archive).ask("What will the bridge of Marlowe cost?")
    assert not answer.refused
    assert answer.confidence is not None
    assert list(times) == ["search", "choose", "check", "compare"]

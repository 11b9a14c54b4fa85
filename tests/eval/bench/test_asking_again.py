"""What an answer costs: every stage is there, and no more than the whole."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from eval.bench.asking_again import WHOLE, main, measure_asking
from rag import Archive, Article

ARTICLE = Article("quay", "A quay", "The quay was closed on Monday. The mayor was away.", language="en")


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    archive = Archive.open(tmp_path / "archive")
    archive.add(ARTICLE)
    return archive


def test_every_stage_is_told_and_takes_no_longer_than_the_answer(archive: Archive) -> None:
    times = measure_asking(archive, ["When was the quay closed?"])
    assert times.questions == 1
    for spreads in (times.first, times.again):
        whole = {one.stage: one for one in spreads}[WHOLE]
        stages = [one for one in spreads if one.stage != WHOLE]
        assert {one.stage for one in stages} >= {"search", "choose"}
        assert sum(one.wall_ms.p50 for one in stages) <= whole.wall_ms.p50 + 0.1
        assert all(one.cpu_ms.p50 <= one.cpu_ms.p95 <= one.cpu_ms.p99 for one in spreads)


def test_the_command_asks_every_wording_once_up_to_the_limit(
    archive: Archive, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = [
        {"id": "a", "q_en": "When was the quay closed?", "q_fr": "Quand le quai a-t-il fermé ?", "articles": ["quay"]},
        {"id": "b", "q_en": "Who was away?", "articles": ["quay"]},
    ]
    questions = tmp_path / "questions.jsonl"
    questions.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    for limit, expected in (([], 3), (["--limit", "2"], 2)):
        main([str(archive.folder), str(questions), "--json", *limit])
        assert json.loads(capsys.readouterr().out)["questions"] == expected
    main([str(archive.folder), str(questions), "--limit", "1"])
    assert capsys.readouterr().out.startswith("1 questions")

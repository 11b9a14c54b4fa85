"""What all who ask over the network share."""

from __future__ import annotations

from pathlib import Path

import pytest

from rag import Archive, Article
from rag.records import AskSettings
from tests.rag.newsroom import ScriptedModel
from ui.asking.desk import AnsweringDesk

SIGNED = "The treaty of the harbour was signed in Paris on Friday"


@pytest.mark.parametrize("settings", [None, AskSettings(strict=False)])
def test_a_strict_server_answers_every_question_strictly(tmp_path: Path, settings: AskSettings | None) -> None:
    model = ScriptedModel(reply=f"{SIGNED} [1]. The harbour has a school for 900 pilots.")
    with Archive.open(tmp_path / "archive", encoder="hashing-64") as archive:
        archive.add(Article("a1", "A treaty of the harbour", f"{SIGNED}. It names 12 cranes.", language="en"))
        question = "Where was the treaty of the harbour signed?"
        told = AnsweringDesk(archive, model).assistant().ask(question, settings=settings)
        told_strictly = AnsweringDesk(archive, model, strict=True).assistant().ask(question, settings=settings)
    assert "pilots" in told.text
    assert told_strictly.text == f"{SIGNED}. [1]"

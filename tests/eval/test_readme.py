"""The README of evaluation quotes what is in the committed results, and its example lines can be read."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from eval.answers import ANSWERING_SYSTEMS
from eval.evaluations import ANSWERS
from eval.question_sets import read_questions
from eval.retrieval import SYSTEMS

FOLDER = Path(__file__).parent.parent.parent / "eval"
README = (FOLDER / "README.md").read_text("utf-8")
BLOCKS = re.findall(r"^```\w*\n(.*?)^```$", README, re.DOTALL | re.MULTILINE)


@pytest.mark.parametrize(
    ("results", "first", "quoted"), [("sample", "hybrid", 15), ("sample-answers", "extractive", 6)]
)
def test_the_readmes_figures_are_those_of_the_committed_results(results: str, first: str, quoted: int) -> None:
    (group,) = json.loads((FOLDER / "results" / results / "report.json").read_text("utf-8"))["groups"]
    (block,) = (block for block in BLOCKS if f"\n  {first} " in block)
    table = [re.split(r" {2,}", line.strip()) for line in block.splitlines() if line.startswith("  ")]
    checked = 0
    for run in group["runs"]:
        figures = next(cells for cells in table if cells[0] == run["label"])
        means = group["slices"][0]["means"][run["label"]]
        for name, figure in zip(table[0], figures, strict=True):
            if name in means:
                assert figure == f"{means[name]['value']:.3f}"
                checked += 1
    assert checked == quoted


def test_the_readmes_question_can_be_read(tmp_path: Path) -> None:
    example = re.findall(r"```json\n(.*?)```", README, re.DOTALL)
    path = tmp_path / "questions.jsonl"
    path.write_text("".join(example), "utf-8")
    (row,) = read_questions(path)
    assert row.id_by_language == {"en": "su-24.en", "fr": "su-24.fr"}


def test_the_readme_names_every_system_and_every_measure_of_answers() -> None:
    assert all(name in README for name in (*SYSTEMS, *ANSWERING_SYSTEMS))
    named = README.replace("Citation recall, precision", "Citation recall, Citation precision")
    assert [name for name in ANSWERS.measures if name not in named] == []

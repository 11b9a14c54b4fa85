"""The README of evaluation quotes what is in the committed results, and its example lines can be read."""

from __future__ import annotations

import json
import re
from pathlib import Path

from eval.question_sets import read_questions
from eval.retrieval import SYSTEMS

FOLDER = Path(__file__).parent.parent.parent / "eval"
README = (FOLDER / "README.md").read_text("utf-8")


def test_the_readmes_figures_are_those_of_the_committed_results() -> None:
    (group,) = json.loads((FOLDER / "results" / "sample" / "report.json").read_text("utf-8"))["groups"]
    heads = next(line.split() for line in README.splitlines() if line.startswith("  run "))[1:]
    quoted = 0
    for run in group["runs"]:
        figures = next(line.split() for line in README.splitlines() if line.startswith(f"  {run['label']} "))[1:]
        means = group["slices"][0]["means"][run["label"]]
        for name, figure in zip(heads, figures, strict=False):
            if name in means:
                assert figure == f"{means[name]['value']:.3f}"
                quoted += 1
    assert quoted == 15


def test_the_readmes_question_can_be_read(tmp_path: Path) -> None:
    example = re.findall(r"```json\n(.*?)```", README, re.DOTALL)
    path = tmp_path / "questions.jsonl"
    path.write_text("".join(example), "utf-8")
    (row,) = read_questions(path)
    assert row.id_by_language == {"en": "su-24.en", "fr": "su-24.fr"}


def test_the_readme_names_every_system() -> None:
    assert all(name in README for name in SYSTEMS)

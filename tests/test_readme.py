"""What the README shows is what happens."""

from __future__ import annotations

import contextlib
import io
import re
import shlex
from pathlib import Path

import pytest

from rag.sample import sample_folder
from ui.command_line import main

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text("utf-8")


def _block(label: str) -> str:
    found = re.search(rf"<!-- {label} -->\n```\w*\n(.*?)```", README, re.DOTALL)
    assert found, label
    return found.group(1)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the README's commands are run, one after the other."""
    return tmp_path_factory.mktemp("readme")


def test_the_commands_print_what_the_readme_shows(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(folder)
    printed = ""
    for line in _block("commands").splitlines():
        if line.startswith("$ "):
            printed += f"{line}\n"
            assert main(shlex.split(line.removeprefix("$ .venv/bin/gazette "))) == 0
            printed += capsys.readouterr().out.replace(f"{sample_folder()}/", "…/")
    assert _without_ages(printed) == _without_ages(_block("commands"))


def _without_ages(printed: str) -> str:
    """Ages grow every year, and the README stays."""
    return re.sub(r"\b\d+ years ago\b", "… years ago", printed)


def test_the_python_example_prints_what_the_readme_shows(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder)
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(_block("example"), {})
    assert printed.getvalue() == _block("prints")


@pytest.mark.parametrize("name", re.findall(r"\]\(([^)#:]+)\)", README))
def test_files_that_the_readme_names_exist(name: str) -> None:
    assert (ROOT / name).exists()

"""The shape that the design gives the code: imports one way, light entry points, complete lists of names."""

from __future__ import annotations

import ast
import importlib
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
# What each package may import of the others. The command line alone starts evaluation runs.
MAY_IMPORT = {
    "embeddings": {"embeddings"},
    "rag": {"rag", "embeddings"},
    "ui": {"ui", "rag"},
    "eval": {"eval", "rag", "embeddings"},
}
EXCEPTIONS = {("ui/cli/evaluation_commands.py", "eval.command")}
HEAVY = (
    "torch",
    "sentence_transformers",
    "gradio",
    "transformers",
    "trafilatura",
    "faiss",
    "langchain",
    "langchain_core",
)


def _modules(package: str) -> list[Path]:
    return sorted((ROOT / package).rglob("*.py"))


def _imported(path: Path) -> list[str]:
    names: list[str] = []
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            names += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path} imports relatively"
            names.append(node.module or "")
    return names


@pytest.mark.parametrize("package", MAY_IMPORT)
def test_imports_go_one_way(package: str) -> None:
    wrong = [
        (str(path.relative_to(ROOT)), name)
        for path in _modules(package)
        for name in _imported(path)
        if name.split(".")[0] in MAY_IMPORT.keys() - MAY_IMPORT[package]
        and (str(path.relative_to(ROOT)), name) not in EXCEPTIONS
    ]
    assert wrong == []


def test_no_two_modules_import_each_other_in_a_ring() -> None:
    imports = {
        ".".join(path.relative_to(ROOT).with_suffix("").parts): set(_imported_at_load(path))
        for package in MAY_IMPORT
        for path in _modules(package)
        if path.name != "__init__.py"
    }
    assert _in_rings(imports) == []


@pytest.mark.parametrize("package", MAY_IMPORT)
def test_no_two_folders_import_each_other_in_a_ring(package: str) -> None:
    """Imports in functions and for types count too; a module that is in no folder stands for itself."""
    imports: dict[str, set[str]] = {}
    for path in _modules(package):
        here = _folder(".".join(path.relative_to(ROOT).with_suffix("").parts))
        imports.setdefault(here, set()).update(set(map(_folder, _imported(path))) - {here})
    assert _in_rings(imports) == []


def test_each_folder_of_ui_imports_only_from_those_above_it_in_the_map() -> None:
    part = (ROOT / "CONTRIBUTING.md").read_text("utf-8").partition("\nui/")[2].partition("\neval/")[0]
    above: set[str] = {"ui.settings"}
    for name in re.findall(r"^  (\w+)/", part, re.MULTILINE):
        folder = f"ui.{name}"
        imported = {_folder(module) for path in _modules(f"ui/{name}") for module in _imported(path)}
        assert {module for module in imported if module.startswith("ui.")} <= above | {folder}
        above.add(folder)
    assert above - {"ui.settings"} == {f"ui.{path.parent.name}" for path in (ROOT / "ui").glob("*/*.py")}


def _folder(module: str) -> str:
    return ".".join(module.split(".")[:2])


def _in_rings(imports: dict[str, set[str]]) -> list[str]:
    """Those that import each other in a ring, or one that does."""
    settled: set[str] = set()
    while ready := {
        name for name, needs in imports.items() if name not in settled and needs & imports.keys() <= settled
    }:
        settled |= ready
    return sorted(imports.keys() - settled)


def _imported_at_load(path: Path) -> list[str]:
    """Imports that run when the module is imported: not those in functions or for types alone."""
    return [
        node.module
        for node in ast.parse(path.read_text("utf-8")).body
        if isinstance(node, ast.ImportFrom) and node.module
    ]


@pytest.mark.parametrize("module", ["rag", "embeddings", "ui.command_line", "ui.cli.asking_commands", "ui.api.service"])
def test_importing_loads_no_heavy_library(module: str) -> None:
    code = f"import json, sys, {module}; print(json.dumps([m for m in {HEAVY!r} if m in sys.modules]))"
    printed = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT).stdout
    assert json.loads(printed) == []


def test_help_loads_neither_numpy_nor_the_archive() -> None:
    code = (
        "import sys, ui.command_line as c; c.build_parser().format_help();"
        "print('numpy' in sys.modules, 'rag' in sys.modules)"
    )
    printed = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT).stdout
    assert printed.split() == ["False", "False"]


@pytest.mark.parametrize("package", ["embeddings", "rag", "eval"])
def test_public_names_are_listed_and_exist(package: str) -> None:
    module = importlib.import_module(package)
    assert sorted(module.__all__) == list(dict.fromkeys(sorted(module.__all__)))
    tree = ast.parse(Path(str(module.__file__)).read_text("utf-8"))
    late = [node for node in tree.body if isinstance(node, ast.If)]  # loaded when it is first asked for
    nodes = [*tree.body, *(node for block in late for node in block.body)]
    imported = {
        alias.name
        for node in nodes
        if isinstance(node, ast.ImportFrom) and node.module not in ("__future__", "typing")
        for alias in node.names
    }
    assert imported == set(module.__all__)
    assert all(getattr(module, name) is not None for name in module.__all__)


def test_who_lists_and_searches_loads_nothing_that_answers() -> None:
    code = (
        "import sys, ui.cli.asking_commands;"
        "print([name for name in ('rag.assistant', 'rag.extractive') if name in sys.modules])"
    )
    printed = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT).stdout
    assert printed.strip() == "[]"


@pytest.mark.parametrize("package", MAY_IMPORT)
def test_every_module_says_what_it_is_for_and_what_is_public(package: str) -> None:
    for path in _modules(package):
        tree = ast.parse(path.read_text("utf-8"))
        assert ast.get_docstring(tree), f"{path.relative_to(ROOT)} has no docstring"

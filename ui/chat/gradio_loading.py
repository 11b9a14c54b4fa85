"""Gradio, imported and asked for pages without the work that it does for editors and for servers of its own.

Importing it writes a stub file beside each of its components, so that editors know their events: all components are
parsed and rendered anew each time, which takes longer than the import itself. It also loads the package of the Model
Context Protocol where that is installed, for a server that Gazette does not use. And a set of blocks makes two whole
applications while it is built, which those that it makes when it is queued and mounted take the place of.

Whoever has imported Gradio before keeps it as it is.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder, SourceFileLoader
from types import ModuleType
from typing import Any

__all__ = ["gr", "unserved"]

_WRITES_STUBS = "gradio.component_meta"
_PROTOCOL = "mcp"


class _WithoutStubs(SourceFileLoader):
    """Loads the module that writes the stubs, and leaves it nothing to write."""

    def exec_module(self, module: ModuleType) -> None:
        super().exec_module(module)
        if hasattr(module, "create_or_modify_pyi"):
            vars(module)["create_or_modify_pyi"] = _write_nothing


class _Finder(MetaPathFinder):
    """Finds that one module, where it is an ordinary file."""

    def find_spec(self, name: str, path: Sequence[str] | None, target: ModuleType | None = None) -> ModuleSpec | None:
        if name != _WRITES_STUBS:
            return None
        spec = PathFinder.find_spec(name, path, target)
        if spec is not None and isinstance(spec.loader, SourceFileLoader):
            spec.loader = _WithoutStubs(spec.loader.name, spec.loader.path)
        return spec


@contextmanager
def _lightly() -> Iterator[None]:
    finder = _Finder()
    sys.meta_path.insert(0, finder)
    is_protocol_hidden = _PROTOCOL not in sys.modules
    if is_protocol_hidden:
        sys.modules[_PROTOCOL] = None  # type: ignore[assignment]  # how Python is told that it can't be imported
    try:
        yield
    finally:
        sys.meta_path.remove(finder)
        if is_protocol_hidden:
            del sys.modules[_PROTOCOL]


def _write_nothing(component: type, name: str, events: list[Any]) -> None:
    pass


with _lightly():
    import gradio as gr


@contextmanager
def unserved() -> Iterator[None]:
    """While blocks are built that are queued and mounted afterwards, they make no application of their own."""
    from gradio import blocks

    whole = blocks.App
    blocks.App = _NoApplication
    try:
        yield
    finally:
        blocks.App = whole


class _NoApplication:
    """Stands in for Gradio's application where another will take its place before anything is served."""

    @staticmethod
    def create_app(_blocks: Any, **_options: Any) -> None:
        return None

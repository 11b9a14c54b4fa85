"""What every test runs under: no hub, no telemetry, no network but this machine's own; and what doctests may name."""

from __future__ import annotations

import ipaddress
import os
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

os.environ["HF_HUB_OFFLINE"] = "1"
os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
os.environ["TOKENIZERS_PARALLELISM"] = "false"
os.environ.pop("GAZETTE_ARCHIVE", None)
os.environ.pop("GAZETTE_MODEL", None)
os.environ.pop("GAZETTE_ENCODER", None)
os.environ.pop("GAZETTE_ACCOUNTS", None)
os.environ.pop("GAZETTE_SHARING", None)
os.environ.pop("GAZETTE_LOG_QUESTIONS", None)
for _name in [name for name in os.environ if name.startswith("OTEL_")]:
    del os.environ[_name]


@pytest.fixture(autouse=True, scope="session")
def _loopback_only() -> Iterator[None]:
    """Makes every connection to another machine fail, whichever library tries it."""
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: Any) -> None:
        if self.family in (socket.AF_INET, socket.AF_INET6) and not ipaddress.ip_address(address[0]).is_loopback:
            raise PermissionError(f"A test tried to reach {address[0]}.")
        connect(self, address)

    patch = pytest.MonkeyPatch()
    patch.setattr(socket.socket, "connect", guarded)
    yield
    patch.undo()


@pytest.fixture(autouse=True)
def _doctest_names(doctest_namespace: dict[str, object], request: pytest.FixtureRequest) -> None:
    """`folder`, an empty folder, and `archive`, one article in an archive, for the examples in docstrings."""
    if not isinstance(request.node, pytest.DoctestItem):
        return
    from rag import Archive, Article

    folder: Path = request.getfixturevalue("tmp_path")
    archive = Archive.open(folder / "example", encoder="hashing-64")
    archive.add(Article("a1", "A treaty", "The treaty was signed in Paris.", language="en"))
    doctest_namespace |= {"folder": folder / "new", "archive": archive, "Article": Article, "Archive": Archive}

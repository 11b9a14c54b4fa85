"""What is costly and never changed, once for all tests of `rag`: an archive of invented articles, a tiny model."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from rag import Archive
from rag.sample import sample_folder
from tests.rag.model.tiny_llama import make_tiny_llama
from tests.rag.newsroom import ARTICLES, INJECTED_IN_FRENCH


@pytest.fixture(scope="session")
def newsroom(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Archive]:
    """The articles of `tests.rag.newsroom`, with the shipped encoder."""
    with Archive.open(tmp_path_factory.mktemp("newsroom") / "archive") as archive:
        archive.add([*ARTICLES, INJECTED_IN_FRENCH])
        yield archive


@pytest.fixture(scope="session")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Archive]:
    """The sample archive, with the shipped encoder."""
    with Archive.open(tmp_path_factory.mktemp("sample") / "archive") as archive:
        archive.add([sample_folder()])
        yield archive


@pytest.fixture(scope="session")
def tiny_llama(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a model of random weights, which a test must not change."""
    return make_tiny_llama(tmp_path_factory.mktemp("models") / "tiny-llama")

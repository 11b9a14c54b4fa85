"""Archives to chat with, each served once for all tests: the sample, a hostile one, an empty one."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from rag import Archive, Article
from rag.sample import sample_folder
from tests.ui.browsing import Browsers
from tests.ui.hostile import hostile_articles
from tests.ui.serving import ServedChat, serve_chat

# A model of LangChain's own that says what it is told to, one character at a time.
_SLOW_MODEL = """
from langchain_core.language_models import FakeListChatModel
model = FakeListChatModel(responses=[{reply!r}], sleep={sleep})
"""
MODEL_REPLY = (
    "Russia opens the airport of Ulyanovsk to NATO's equipment [1]. " + "The talks went on for a long time. " * 12
)


@pytest.fixture(scope="session")
def sample_archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return _archive(tmp_path_factory.mktemp("sample") / "sample-archive", [sample_folder()])


@pytest.fixture(scope="session")
def sample_chat(sample_archive: Path) -> Iterator[ServedChat]:
    with serve_chat(sample_archive) as chat:
        yield chat


@pytest.fixture(scope="session")
def model_chat(sample_archive: Path) -> Iterator[ServedChat]:
    """A chat whose model takes some 20 seconds for its reply."""
    with serve_chat(sample_archive, model_source=_SLOW_MODEL.format(reply=MODEL_REPLY, sleep=0.04)) as chat:
        yield chat


@pytest.fixture(scope="session")
def hostile_chat(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServedChat]:
    with serve_chat(_archive(tmp_path_factory.mktemp("hostile") / "<img src=x>", hostile_articles())) as chat:
        yield chat


@pytest.fixture(scope="session")
def empty_chat(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServedChat]:
    with serve_chat(_archive(tmp_path_factory.mktemp("empty") / "my archive", [])) as chat:
        yield chat


@pytest.fixture(scope="session")
def browsers() -> Iterator[Browsers]:
    """Use only where `NO_CHROMIUM` is empty."""
    opened = Browsers()
    yield opened
    opened.close()


def _archive(folder: Path, sources: list[Path] | list[Article]) -> Path:
    with Archive.open(folder) as archive:
        report = archive.add(sources)
    assert not report.failed
    return folder

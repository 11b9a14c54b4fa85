"""The service does what its OpenAPI description says: schemathesis asks it, well and badly, over a real socket."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis import GenerationMode

from rag import Archive, Article
from tests.ui.serving import ServedChat, serve_service

ARTICLES = [
    Article("a1", "A treaty", "The treaty of Zanzibar was signed in Paris.", source="The Quay", language="en"),
    Article("a2", "Un traité", "Le traité de Zanzibar a été signé à Paris.", language="fr"),
]

# Those that take fields are also asked with what the description forbids; any string is an id.
WITH_FIELDS = [
    ("POST", "/ask"),
    ("GET", "/search"),
    ("POST", "/search"),
    ("GET", "/articles"),
    ("POST", "/articles"),
    ("GET", "/conversations"),
    ("PATCH", "/conversations/{conversation}"),
]
OTHERS = [
    ("GET", "/articles/{article_id}"),
    ("DELETE", "/articles/{article_id}"),
    ("GET", "/conversations/{conversation}"),
    ("DELETE", "/conversations/{conversation}"),
    ("GET", "/conversations/{conversation}/export.{form}"),
    ("POST", "/conversations/{conversation}/share"),
    ("DELETE", "/conversations/{conversation}/share"),
    ("GET", "/health"),
    ("GET", "/ready"),
]
GOOD, BAD = GenerationMode.POSITIVE, GenerationMode.NEGATIVE
ASKED = [(*asked, GOOD) for asked in WITH_FIELDS + OTHERS] + [(*asked, BAD) for asked in WITH_FIELDS]
# Drawn the same way at every run.
EXAMPLES = 25


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServedChat]:
    folder = tmp_path_factory.mktemp("described") / "archive"
    with Archive.open(folder, encoder="hashing-256") as archive:
        archive.add(ARTICLES)
    with serve_service(folder) as service:
        yield service


@pytest.fixture(scope="module")
def description(served: ServedChat) -> Any:
    return schemathesis.openapi.from_url(f"{served.address}/api/openapi.json")


@pytest.mark.parametrize(("method", "path", "mode"), ASKED)
def test_every_answer_is_one_that_the_description_gives(
    description: Any, method: str, path: str, mode: GenerationMode
) -> None:
    operation = description[path][method]

    @given(case=operation.as_strategy(generation_mode=mode))
    @settings(
        max_examples=EXAMPLES, derandomize=True, deadline=None, database=None, suppress_health_check=list(HealthCheck)
    )
    def ask(case: schemathesis.Case) -> None:
        case.call_and_validate()

    ask()


def test_every_operation_that_is_described_is_asked(description: Any) -> None:
    described = {(found.ok().method.upper(), found.ok().path) for found in description.get_all_operations()}
    assert described == set(WITH_FIELDS + OTHERS)

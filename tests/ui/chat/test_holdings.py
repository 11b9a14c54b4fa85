"""What the page says of an archive before anything is asked."""

from __future__ import annotations

import json
from datetime import date
from importlib import resources
from pathlib import Path

import pytest

from rag import Archive, Article, Assistant
from ui.chat.holdings import describe


def test_an_archive_is_counted_by_articles_languages_and_years(sample_archive: Path) -> None:
    with Archive.open(sample_archive) as archive:
        assert describe(archive, "en").counts == ("37 articles", "19 French, 18 English", "1997–2020")
        assert describe(archive, "fr").counts == ("37 articles", "19 français, 18 anglais", "1997–2020")
        assert describe(archive, "en").name == "sample-archive"


@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_samples_examples_are_answered_with_what_is_right(sample_archive: Path, language: str) -> None:
    rows = resources.files("rag.sample").joinpath("questions.jsonl").read_text(encoding="utf-8").splitlines()
    right_by_question = {row[f"q_{language}"]: row["answer_en"] + row["answer_fr"] for row in map(json.loads, rows)}
    with Archive.open(sample_archive) as archive:
        examples = describe(archive, language).examples
        assert len(examples) == 4
        for question in examples:
            answer = Assistant(archive).ask(question)
            assert any(right in answer.text for right in right_by_question[question]), answer.text


def test_another_archive_offers_its_latest_articles(tmp_path: Path) -> None:
    with Archive.open(tmp_path / "mine", encoder="hashing-64") as archive:
        archive.add(
            [Article(f"a{year}", f"News of {year}", "It rained.", published=date(year, 1, 1)) for year in (1999, 2003)]
        )
        held = describe(archive, "en")
    assert held.examples == ()
    assert [article.title for article in held.latest] == ["News of 2003", "News of 1999"]
    assert held.counts == ("2 articles", "1999–2003")


def test_one_article_is_counted_as_one(tmp_path: Path) -> None:
    with Archive.open(tmp_path / "mine", encoder="hashing-64") as archive:
        archive.add(Article("a", "Rain", "It rained.", language="en", published=date(2001, 1, 1)))
        assert describe(archive, "fr").counts == ("1 article", "2001")


def test_an_empty_archive_names_the_command_that_fills_it(tmp_path: Path) -> None:
    with Archive.open(tmp_path / "my news") as archive:
        held = describe(archive, "en")
    assert held.counts == ("no articles yet",)
    assert held.fill_command == f"gazette add --archive '{tmp_path}/my news' …"

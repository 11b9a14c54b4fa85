"""The sample archive: its table and questions agree with its files, and reading finds what a person would."""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from rag.reading import Input, find_inputs, read_input
from rag.records import Article, Record
from rag.sample import sample_folder

SAMPLE = sample_folder().parent
MANIFEST: list[dict[str, Any]] = json.loads((SAMPLE / "manifest.json").read_text(encoding="utf-8"))
with (SAMPLE / "questions.jsonl").open(encoding="utf-8") as lines:
    QUESTIONS: list[dict[str, Any]] = [json.loads(line) for line in lines]

each_article = pytest.mark.parametrize(
    "expected", MANIFEST, ids=lambda expected: f"{expected['file']}#{expected['entry'] or ''}".rstrip("#")
)


@cache
def sample_articles() -> tuple[Article, ...]:
    inputs = find_inputs([sample_folder()])
    read_entries = [entry for source in inputs if isinstance(source, Input) for entry in read_input(source)]
    assert [entry for entry in (*inputs, *read_entries) if isinstance(entry, Record)] == []
    return tuple(entry for entry in read_entries if isinstance(entry, Article))


def articles_of(file: str) -> list[Article]:
    return [article for article in sample_articles() if Path(article.path or "").name.split("#")[0] == file]


def plain(text: str) -> str:
    """Apostrophes and spaces of one kind, so that typography alone makes no difference."""
    return re.sub(r"\s+", " ", text.replace("’", "'"))


def read(expected: dict[str, Any]) -> Article:
    """The article of that entry; among several in one file the one with the title, plain differences aside."""
    articles = articles_of(expected["file"])
    if expected["entry"] is None:
        assert len(articles) == 1, expected["file"]
        return articles[0]
    same_title = [article for article in articles if plain(article.title) == plain(expected["title"])]
    assert len(same_title) == 1, expected["title"]
    return same_title[0]


def test_every_file_is_in_the_manifest() -> None:
    assert {path.name for path in sample_folder().iterdir()} == {expected["file"] for expected in MANIFEST}


def test_the_readme_lists_what_the_manifest_lists() -> None:
    rows = [line for line in (SAMPLE / "README.md").read_text(encoding="utf-8").splitlines() if line.startswith("| ")]
    cells = [[cell.strip() for cell in row.strip("|").split("|")][:6] for row in rows[1:]]
    assert cells == [
        [
            expected["file"],
            expected["title"],
            expected["outlet"],
            ", ".join(expected["authors"]) or "–",
            expected["published"] or "not stated",
            expected["language"],
        ]
        for expected in MANIFEST
    ]


def test_half_the_articles_are_english_and_half_french_from_five_outlets() -> None:
    languages = [expected["language"] for expected in MANIFEST]
    assert (languages.count("en"), languages.count("fr")) == (18, 19)
    assert len({expected["outlet"] for expected in MANIFEST}) == 5


def test_every_file_gives_as_many_articles_as_the_manifest_says() -> None:
    expected_counts = {expected["file"]: 0 for expected in MANIFEST}
    for expected in MANIFEST:
        expected_counts[expected["file"]] += 1
    assert {file: len(articles_of(file)) for file in expected_counts} == expected_counts


@each_article
def test_the_title_is_read(expected: dict[str, Any]) -> None:
    assert plain(read(expected).title) == plain(expected["title"])


@each_article
def test_the_outlet_is_read(expected: dict[str, Any]) -> None:
    assert read(expected).source == expected["outlet"]


@each_article
def test_the_authors_are_read(expected: dict[str, Any]) -> None:
    assert list(read(expected).authors) == expected["authors"]


@each_article
def test_the_date_is_read(expected: dict[str, Any]) -> None:
    published = read(expected).published
    assert (published.isoformat() if published else None) == expected["published"]


@each_article
def test_the_language_is_read(expected: dict[str, Any]) -> None:
    assert read(expected).language == expected["language"]


@each_article
def test_the_body_is_kept(expected: dict[str, Any]) -> None:
    text = plain(read(expected).text)
    assert [phrase for phrase in expected["must_contain"] if plain(phrase) not in text] == []


@each_article
def test_the_clutter_is_left_out(expected: dict[str, Any]) -> None:
    text = plain(read(expected).text)
    assert [phrase for phrase in expected["must_not_contain"] if plain(phrase) in text] == []


@each_article
def test_paragraphs_survive(expected: dict[str, Any]) -> None:
    assert read(expected).text.count("\n\n") >= 2


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question["id"])
def test_the_answer_to_a_question_stands_in_its_article(question: dict[str, Any]) -> None:
    if question["kind"] == "unanswerable":
        assert (question["article"], question["answer_en"], question["answer_fr"]) == (None, [], [])
        return
    text = plain(" ".join(article.text for article in sample_articles() if question["article"] in (article.path or "")))
    answers = [*question["answer_en"], *question["answer_fr"]]
    assert [answer for answer in answers if plain(answer) not in text] == []


def test_the_wire_story_and_its_reprint_share_most_word_trigrams() -> None:
    first, second = (trigrams(read(expected).text) for expected in MANIFEST if expected["near_copy_of"])
    assert len(first & second) / len(first | second) > 0.6


def trigrams(text: str) -> set[tuple[str, ...]]:
    words = re.findall(r"\w+", text.casefold())
    return set(zip(words, words[1:], words[2:], strict=False))

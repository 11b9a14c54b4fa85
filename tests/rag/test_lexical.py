from __future__ import annotations

import math
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from embeddings import in_english
from rag.analysis import terms
from rag.chunking import lexical_text, split_article
from rag.lexical import FIELDS, K1, B, Field, LexicalEntry, LexicalIndex, lexical_terms
from tests.rag.invented import QUESTIONS, articles

CHUNKS = dict(enumerate((chunk for article in articles(60, seed=8) for chunk in split_article(article)), start=1))
LANGUAGES = {id_: chunk.article.language for id_, chunk in CHUNKS.items()}
ENTRIES = [
    LexicalEntry(number, lexical_terms(lexical_text(chunk), chunk.article.language)) for number, chunk in CHUNKS.items()
]


def _index(folder: Path, entries: list[LexicalEntry]) -> LexicalIndex:
    index = LexicalIndex.create(folder)
    index.add(entries)
    index.commit()
    index.close()
    return LexicalIndex.open(folder)


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> LexicalIndex:
    return _index(tmp_path_factory.mktemp("lexical") / "index", ENTRIES)


@pytest.mark.parametrize("field", ["en", "fr"])
@pytest.mark.parametrize("question", QUESTIONS)
def test_scores_are_bm25_as_a_share_of_what_the_question_could_give(
    index: LexicalIndex, question: str, field: Field
) -> None:
    expected: dict[int, float] = {}
    texts = {
        id_: lexical_text(chunk) if field == LANGUAGES[id_] else in_english(lexical_text(chunk), LANGUAGES[id_])
        for id_, chunk in CHUNKS.items()
    }
    documents = {id_: terms(text, field) for id_, text in texts.items() if field in ("en", LANGUAGES[id_])}
    average = sum(map(len, documents.values())) / len(documents)
    holders = {term: sum(term in document for document in documents.values()) for term in set(terms(question, field))}
    weights = {term: math.log(1 + (len(documents) - count + 0.5) / (count + 0.5)) for term, count in holders.items()}
    most = sum(weights.values()) * (K1 + 1)
    for id_, document in documents.items():
        counts = Counter(document)
        score = sum(
            weight * counts[t] * (K1 + 1) / (counts[t] + K1 * (1 - B + B * len(document) / average))
            for t, weight in weights.items()
        )
        if score:
            expected[id_] = score / most
    best = sorted(expected, key=lambda id_: (-round(expected[id_], 9), id_))[:20]
    found = index.search(question, 20, field)
    assert {hit.id: pytest.approx(hit.score) for hit in found} == {id_: expected[id_] for id_ in best}
    assert [hit.score for hit in found] == sorted((hit.score for hit in found), reverse=True)


def test_scores_do_not_depend_on_what_was_removed(tmp_path: Path) -> None:
    kept, gone = ENTRIES[::2], ENTRIES[1::2]
    index = LexicalIndex.create(tmp_path / "grown")
    for start in range(0, len(ENTRIES), 40):
        index.add(ENTRIES[start : start + 40])
        index.commit()
    index.remove(entry.id for entry in gone)
    index.commit()
    index.close()
    grown, fresh = LexicalIndex.open(tmp_path / "grown"), _index(tmp_path / "fresh", kept)
    assert grown.ids().tolist() == fresh.ids().tolist() == [entry.id for entry in kept]
    for question in QUESTIONS:
        for field in FIELDS:
            assert grown.search(question, 50, field) == fresh.search(question, 50, field)


def test_a_field_holds_its_languages(index: LexicalIndex) -> None:
    assert {LANGUAGES[hit.id] for hit in index.search("Brest Vilnius Porto", 50, "fr")} == {"fr"}
    assert {LANGUAGES[hit.id] for hit in index.search("Brest Vilnius Porto", 500, "en")} == {"en", "fr"}
    assert index.search("Brest", 50, "other") == []


@pytest.mark.parametrize("padding", [0, 5_000])
def test_allowed_ids_restrict_the_search(index: LexicalIndex, padding: int) -> None:
    everywhere = index.search("days of talks in Brest", 500, "en")
    chosen = sorted(hit.id for hit in everywhere)[::3]
    allowed = np.array([*chosen, *range(100_000, 100_000 + padding)], np.int64)
    assert index.search("days of talks in Brest", 500, "en", allowed) == [hit for hit in everywhere if hit.id in chosen]
    assert index.search("days of talks in Brest", 5, "en", np.zeros(0, np.int64)) == []


ODD_QUESTIONS = ["", " ", "the of a", "\x00\x07", "?" * 100, 'terms_en:brest OR * AND ("', "мир 世界 🛰"]


@pytest.mark.parametrize("question", [*ODD_QUESTIONS, "a" * 100_000, "brest " * 20_000])
def test_no_question_breaks_the_search(index: LexicalIndex, question: str) -> None:
    assert all(0 < hit.score <= 1 for hit in index.search(question, 10, "en"))


def test_every_language_finds_its_own(tmp_path: Path) -> None:
    index = _index(
        tmp_path / "index",
        [
            LexicalEntry(1, lexical_terms("The ministers signed the treaties.", "en")),
            LexicalEntry(2, lexical_terms("Les ministres ont signé les traités.", "fr")),
            LexicalEntry(3, lexical_terms("Die Minister unterzeichneten die Verträge.", "de")),
            LexicalEntry(4, lexical_terms("Министры подписали договоры.", None)),
        ],
    )
    assert [hit.id for hit in index.search("Which minister signs a treaty?", 4, "en")] == [1, 2]
    assert [hit.id for hit in index.search("Quel ministre signera le traité ?", 4, "fr")] == [2]
    assert [hit.id for hit in index.search("Verträge", 4, "other")] == [3]
    assert [hit.id for hit in index.search("договоры", 4, "other")] == [4]


def test_adding_an_id_again_takes_the_place_of_the_old(tmp_path: Path) -> None:
    index = LexicalIndex.create(tmp_path / "index")
    index.add([LexicalEntry(1, lexical_terms("ferry", "en")), LexicalEntry(1, lexical_terms("wheat", "en"))])
    index.commit()
    index.add([LexicalEntry(1, lexical_terms("bridge", "en"))])
    index.commit()
    index.close()
    reopened = LexicalIndex.open(tmp_path / "index")
    assert reopened.ids().tolist() == [1]
    assert [len(reopened.search(word, 5, "en")) for word in ("ferry", "wheat", "bridge")] == [0, 0, 1]


def test_an_open_index_keeps_showing_its_state(tmp_path: Path) -> None:
    before = _index(tmp_path / "index", ENTRIES[:10])
    writer = LexicalIndex.open(tmp_path / "index")
    writer.remove(before.ids().tolist())
    writer.commit()
    assert len(before) == 10
    assert len(LexicalIndex.open(tmp_path / "index")) == 0
    writer.close()


def test_what_was_not_committed_is_given_up(tmp_path: Path) -> None:
    index = _index(tmp_path / "index", ENTRIES[:3])
    index.add(ENTRIES[3:6])
    index.close()
    assert len(LexicalIndex.open(tmp_path / "index")) == 3


def test_a_commit_that_a_kill_cut_short_can_be_made_again(tmp_path: Path) -> None:
    """tantivy names a file of deletions by segment and operation, and won't write over one that a kill left."""
    _index(tmp_path / "index", ENTRIES[:10])
    list_of_files = (tmp_path / "index" / "meta.json").read_bytes()
    for _ in range(2):
        index = LexicalIndex.open(tmp_path / "index")
        index.remove([1, 2])
        index.commit()
        index.close()
        assert LexicalIndex.open(tmp_path / "index").ids().tolist() == list(range(3, 11))
        (tmp_path / "index" / "meta.json").write_bytes(list_of_files)  # as if killed just before it was replaced


@settings(max_examples=15, deadline=None)
@given(limit=st.integers(0, 40))
def test_a_limit_cuts_the_same_list(index: LexicalIndex, limit: int) -> None:
    assert index.search(QUESTIONS[0], limit, "en") == index.search(QUESTIONS[0], 40, "en")[:limit]

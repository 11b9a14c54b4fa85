"""Search from question to passages, over real archives."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from rag import Archive, Article, QuestionError, SearchSettings
from rag.chunking import CHUNK_SENTENCES
from rag.retrieval import PASSAGE_CHUNKS

_FILLER = "The weather was calm and nobody spoke of anything else that day in the quiet town. "


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    archive = Archive.open(tmp_path / "archive", encoder="hashing-512")
    archive.add(
        [
            Article(
                "treaty",
                "A treaty in Paris",
                "The ministers signed the treaty in Paris on Friday.",
                source="The Ledger",
                published=date(1997, 5, 28),
                language="en",
            ),
            Article(
                "traité",
                "Un traité à Paris",
                "Les ministres ont signé le traité à Paris vendredi.",
                source="Le Fil",
                published=date(1997, 5, 29),
                language="fr",
            ),
            Article("undated", "Harvest", "Farmers brought the harvest in before the rain.", language="en"),
        ]
    )
    return archive


def test_the_article_that_says_it_comes_first(archive: Archive) -> None:
    assert archive.search("Who signed the treaty in Paris?")[0].article.id == "treaty"
    assert archive.search("Qui a signé le traité à Paris ?")[0].article.id == "traité"


def test_a_question_finds_the_article_in_the_other_language(tmp_path: Path) -> None:
    archive = Archive.open(tmp_path / "archive")  # the shipped encoder
    archive.add(
        [
            Article("en", "Harvest", "Farmers brought the wheat in before the rain.", language="en"),
            Article("fr", "Un traité", "Les ministres ont signé le traité de paix à Paris.", language="fr"),
            Article("de", "Wetter", "Es regnet seit drei Tagen in Berlin.", language="de"),
        ]
    )
    assert archive.search("Who signed the peace treaty?")[0].article.id == "fr"
    assert archive.search("Qui a rentré le blé avant la pluie ?")[0].article.id == "en"
    assert archive.search("Regnet es in Berlin?")[0].article.id == "de"


def test_without_gloss_french_is_found_by_its_own_words_alone(tmp_path: Path) -> None:
    archive = Archive.open(tmp_path / "archive", encoder="hashing-512")
    archive.add(
        [
            Article("en", "Harvest", "Farmers brought the wheat in before the rain.", language="en"),
            Article("fr", "Récolte", "Les paysans ont rentré le blé avant la pluie.", language="fr"),
        ]
    )
    words_alone = SearchSettings(dense=False)
    assert {passage.article.id for passage in archive.search("Who brought the wheat in?", settings=words_alone)} == {
        "en",
        "fr",
    }
    as_it_stands = SearchSettings(dense=False, gloss=False)
    scores = {p.article.id: p.score for p in archive.search("Who brought the wheat in?", settings=as_it_stands)}
    assert scores["en"] > 0 == scores.get("fr", 0)
    scores = {p.article.id: p.score for p in archive.search("Qui a rentré le blé ?", settings=as_it_stands)}
    assert scores["fr"] > 0 == scores.get("en", 0)


def test_ranks_count_from_one_and_scores_fall(archive: Archive) -> None:
    passages = archive.search("treaty traité harvest")
    assert [passage.rank for passage in passages] == [1, 2, 3]
    assert sorted((passage.score for passage in passages), reverse=True) == [passage.score for passage in passages]


def test_a_passage_is_its_slice_of_the_article(archive: Archive) -> None:
    for passage in archive.search("treaty"):
        assert passage.text == passage.article.text[passage.start : passage.end]


@pytest.mark.parametrize(
    ("filters", "ids"),
    [
        ({"language": "fr"}, {"traité"}),
        ({"source": "The Ledger"}, {"treaty"}),
        ({"since": date(1997, 5, 29)}, {"traité"}),
        ({"until": date(1997, 5, 28)}, {"treaty"}),
        ({"since": date(1997, 5, 28), "until": date(1997, 5, 28)}, {"treaty"}),
        ({"language": "fr", "source": "The Ledger"}, set()),
        ({"language": "de"}, set()),
    ],
)
def test_filters_leave_only_articles_that_pass(archive: Archive, filters: dict[str, object], ids: set[str]) -> None:
    found = archive.search("treaty traité harvest", **filters)  # type: ignore[arg-type]
    assert {passage.article.id for passage in found} == ids


def test_the_limit_is_kept(archive: Archive) -> None:
    assert len(archive.search("treaty", limit=1)) == 1


def test_neighbouring_chunks_become_one_passage(tmp_path: Path) -> None:
    subject = "The treaty of Paris was signed by the ministers of the alliance. " * (PASSAGE_CHUNKS * CHUNK_SENTENCES)
    filler = _FILLER * (7 * CHUNK_SENTENCES)
    archive = Archive.open(tmp_path / "archive", encoder="hashing-512")
    archive.add(Article("long", "Treaty", filler + subject + filler, language="en"))
    passage = archive.search("treaty of Paris signed by the ministers of the alliance", limit=1)[0]
    assert passage.text == subject.strip()


def test_a_near_copy_counts_as_one_source(tmp_path: Path) -> None:
    text = " ".join(f"The ministers of country {number} met in Paris to sign the treaty." for number in range(12))
    archive = Archive.open(tmp_path / "archive", encoder="hashing-512")
    archive.add(
        [Article("one", "Treaty", text, source="A"), Article("two", "A treaty", text + " Rain fell.", source="B")]
    )
    passages = archive.search("Who signed the treaty?")
    assert len({passage.article.id for passage in passages}) == 1
    assert [copy.source for copy in passages[0].copies] in (["A"], ["B"])


def test_an_empty_archive_finds_nothing(tmp_path: Path) -> None:
    assert Archive.open(tmp_path / "new").search("Anything?") == []


@pytest.mark.parametrize("question", ["", "  \n", "\x00\x1b", "?!…", "a" * 100_000])
def test_what_is_no_question_is_refused(archive: Archive, question: str) -> None:
    with pytest.raises(QuestionError):
        archive.search(question)


@pytest.mark.parametrize(
    "question",
    [
        "' OR 1=1 --",
        'id:treaty AND "',
        "привет мир",
        "条約は?",
        "treaty\u202egnitset",
        "treaty*:*",
        "a\ud800b",
        "🕊️ peace 7",
    ],
)
def test_odd_questions_are_searched_as_text(archive: Archive, question: str) -> None:
    assert len(archive.search(question)) <= 10

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from embeddings import HashingEncoder
from rag.archive import Archive
from rag.errors import ArchiveError, EncoderMismatch
from rag.records import Article, Filters
from tests.rag.comparing import contents, findings
from tests.rag.invented import QUESTIONS, articles, changed, near_copy

TREATY = Article("treaty", "A treaty", "The treaty was signed in Paris by nineteen ministers.", language="en")
PORT = Article(
    "port",
    "Le port",
    "Le port de Brest rouvre lundi après quatre mois de travaux.",
    source="Gazette du Port",
    published=date(2019, 5, 6),
    language="fr",
)


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    with Archive.open(tmp_path / "archive", encoder="hashing-64") as archive:
        yield archive


def test_an_article_comes_out_as_it_went_in(archive: Archive) -> None:
    odd = Article(
        id="odd/1 «é»",
        title="Un titre — avec «guillemets»",
        text="First paragraph\twith a tab.\n\nSecond, with \u00a0 no-break, an emoji 🛰 and a NUL \x00 in it.",
        url="https://example.org/a?b=c",
        source="L’Outlet",
        authors=("Ada Quill", "Émile Encre"),
        published=date(1999, 3, 24),
        language="fr",
        path="/tmp/some where.txt",
    )
    archive.add(odd)
    assert archive.article(odd.id) == odd
    assert archive.articles() == [odd]
    assert archive.verify() == []


def test_what_was_added_is_found_after_opening_again(archive: Archive) -> None:
    archive.add([TREATY, PORT])
    archive.close()
    reopened = Archive.open(archive.folder)
    passage = reopened.search("Where was the treaty signed?", limit=1)[0]
    assert passage.article == TREATY
    assert passage.text == TREATY.text[passage.start : passage.end]
    assert reopened.info().encoder == "hashing-64"


def test_the_same_article_again_is_unchanged(archive: Archive) -> None:
    first = archive.add([TREATY, PORT])
    generation = archive.info().generation
    again = archive.add([TREATY, PORT])
    assert [record.article_id for record in first.added] == ["treaty", "port"]
    assert [record.article_id for record in again.unchanged] == ["treaty", "port"]
    assert again.added == again.updated == again.duplicates == again.failed == []
    assert archive.info().generation == generation


def test_a_moved_article_is_unchanged_and_its_new_place_noted(archive: Archive) -> None:
    archive.add(Article("a", "T", "Some text here.", path="/old.txt"))
    report = archive.add(Article("a", "T", "Some text here.", path="/new.txt"))
    assert len(report.unchanged) == 1
    assert archive.articles()[0].path == "/new.txt"


def test_a_changed_article_takes_the_place_of_the_old_one(archive: Archive) -> None:
    archive.add([TREATY, PORT])
    later = Article("treaty", "A treaty", "The accord was rejected in Oslo.", language="en")
    report = archive.add(later)
    assert [record.article_id for record in report.updated] == ["treaty"]
    assert archive.article("treaty") == later
    assert all("nineteen" not in passage.text for passage in archive.search("nineteen ministers Paris", limit=10))
    assert archive.verify() == []


def test_an_article_of_the_same_url_and_another_id_takes_the_place_of_the_old_one(archive: Archive) -> None:
    archive.add(Article("old", "T", "The first version.", url="https://example.org/1"))
    report = archive.add(Article("new", "T", "The second version.", url="https://example.org/1"))
    assert [record.article_id for record in report.updated] == ["new"]
    assert [article.id for article in archive.articles()] == ["new"]


def test_the_same_id_twice_in_one_run_with_other_text_fails(archive: Archive) -> None:
    report = archive.add(
        [Article("a", "T", "One text.", path="/one.txt"), Article("a", "T", "Another text.", path="/two.txt")]
    )
    assert [record.origin for record in report.added] == ["/one.txt"]
    assert [record.origin for record in report.failed] == ["/two.txt"]
    assert "/one.txt" in report.failed[0].reason
    assert archive.articles()[0].text == "One text."


def test_the_same_article_twice_in_one_run_is_kept_once(archive: Archive) -> None:
    report = archive.add([TREATY, TREATY])
    assert (len(report.added), len(report.unchanged)) == (1, 1)
    assert len(archive.articles()) == 1


@pytest.mark.parametrize("text", ["", "   \n\n ", "\u200b"])
def test_an_article_without_text_fails_and_the_rest_is_kept(archive: Archive, text: str) -> None:
    report = archive.add([Article("empty", "T", text), TREATY])
    assert [record.article_id for record in report.failed] == ["empty"]
    assert report.failed[0].reason
    assert [article.id for article in archive.articles()] == ["treaty"]


def test_broken_unicode_fails_and_the_rest_is_kept(archive: Archive) -> None:
    report = archive.add([Article("broken", "T", "Half a pair \ud83d of surrogates."), TREATY])
    assert [record.article_id for record in report.failed] == ["broken"]
    assert "Unicode" in report.failed[0].reason
    assert archive.verify() == []


def test_a_near_copy_is_kept_reported_and_grouped(archive: Archive) -> None:
    [wire] = articles(1, seed=5, sentences=20)
    copy = near_copy(wire, "copy")
    archive.add([wire, TREATY])
    report = archive.add(copy)
    assert report.added == []
    assert report.duplicates[0].article_id == "copy"
    assert wire.title in report.duplicates[0].reason
    groups = {summary.id: summary.copy_group for summary in archive.summaries()}
    assert groups[wire.id] == groups["copy"] is not None
    assert groups["treaty"] is None
    found = archive.search(wire.text.split(".")[0])
    assert len({passage.article.id for passage in found} & {wire.id, "copy"}) == 1  # one source, not two
    assert len(found[0].copies) == 1


def test_an_updated_article_that_became_a_near_copy_is_listed_as_updated(archive: Archive) -> None:
    [wire] = articles(1, seed=5, sentences=20)
    archive.add([wire, PORT])
    failing = Article("port", "Other", "Another text under the same id.", path="/other.txt")
    report = archive.add([near_copy(wire, "port"), failing])
    assert report.duplicates == []
    assert "near copy of" in report.updated[0].reason
    assert "has the id" in report.failed[0].reason


def test_groups_of_near_copies_fall_apart_when_what_joined_them_goes(archive: Archive) -> None:
    words = [f"word{number}" for number in range(300)]
    # Each overlaps the next by half, the first and the last not at all.
    chain = [
        Article(name, name, " ".join(words[start : start + 140]) + ".")
        for name, start in zip("abc", (0, 50, 100), strict=True)
    ]
    archive.add(chain)
    assert {summary.copy_group for summary in archive.summaries()} == {"a"}
    archive.remove("b")
    assert {summary.copy_group for summary in archive.summaries()} == {None}
    archive.add(chain[1])
    assert {summary.copy_group for summary in archive.summaries()} == {"a"}
    archive.remove("a")
    assert {summary.copy_group for summary in archive.summaries()} == {"b"}
    assert archive.verify() == []


def test_removing_leaves_no_trace(archive: Archive) -> None:
    kept = articles(20, seed=1)
    archive.add(kept)
    before = contents(archive), findings(archive)
    archive.add([TREATY, PORT, *articles(10, seed=2)])
    removed = archive.remove(["treaty", "port", *(article.id for article in articles(10, seed=2))])
    assert [record.article_id for record in removed][:2] == ["treaty", "port"]
    assert (contents(archive), findings(archive)) == before
    assert archive.verify() == []
    archive.close()
    leftovers = [path for path in archive.folder.rglob("*") if path.is_file() and b"nineteen" in path.read_bytes()]
    assert all(path.name.startswith("gazette.db") for path in leftovers)  # SQLite reuses its free pages


def test_an_unknown_id_removes_nothing(archive: Archive) -> None:
    archive.add([TREATY, PORT])
    with pytest.raises(ArchiveError, match="«nobody»"):
        archive.remove(["treaty", "nobody"])
    assert len(archive.articles()) == 2
    assert archive.verify() == []


def test_removing_everything_leaves_an_archive_that_can_be_used(archive: Archive) -> None:
    archive.add([TREATY, PORT])
    archive.remove(["treaty", "port"])
    assert archive.articles() == []
    assert archive.search("Where was the treaty signed?") == []
    archive.add(PORT)
    assert archive.search("Quand rouvre le port ?")[0].article == PORT
    assert archive.verify() == []


def test_filters_restrict_listing_and_search(archive: Archive) -> None:
    archive.add([TREATY, PORT])
    assert [summary.id for summary in archive.summaries(Filters(language="fr"))] == ["port"]
    assert [article.id for article in archive.articles(Filters(source="gazette DU port"))] == ["port"]
    for filters in (
        {"language": "fr"},
        {"source": "Gazette du Port"},
        {"since": date(2019, 5, 6)},
        {"until": date(2019, 5, 6)},
    ):
        found = archive.search("treaty port", **filters)
        assert [passage.article.id for passage in found] == ["port"]
    assert archive.search("treaty port", since=date(2019, 5, 7)) == []


def test_a_page_of_summaries_is_part_of_the_list_and_knows_its_length(archive: Archive) -> None:
    archive.add([TREATY, PORT, replace(PORT, id="port-2", title="Another port", url=None)])
    listed = archive.summaries()
    for offset, limit in ((0, 2), (1, 1), (2, 5), (9, 5), (0, 0)):
        page = archive.summary_page(offset=offset, limit=limit)
        assert (page.total, page.summaries) == (3, listed[offset : offset + limit])
    french = archive.summary_page(Filters(language="fr"), offset=1, limit=5)
    assert (french.total, [summary.id for summary in french.summaries]) == (2, ["port-2"])


def test_the_latest_are_the_newest_of_the_list_and_of_one_day_those_added_first(archive: Archive) -> None:
    days = [date(2019, 5, 6), None, date(2020, 1, 1), date(2019, 5, 6), date(2018, 2, 3)]
    archive.add([replace(TREATY, id=f"t{place}", published=day) for place, day in enumerate(days)])
    dated = [summary for summary in archive.summaries() if summary.published]
    newest = sorted(dated, key=lambda summary: summary.published or date.min, reverse=True)
    for limit in (0, 1, 3, 9):
        assert archive.latest(limit) == newest[:limit]
    info = archive.info()
    assert (info.first_published, info.last_published) == (date(2018, 2, 3), date(2020, 1, 1))


def test_files_are_known_by_the_folder_they_came_from(archive: Archive, tmp_path: Path) -> None:
    inside, beside = tmp_path / "news" / "deep", tmp_path / "news-2"
    for folder, text in ((inside, "The bridge was opened on Monday."), (beside, "The harbour was closed on Tuesday.")):
        folder.mkdir(parents=True)
        (folder / "one.txt").write_text(text)
    archive.add(beside)
    assert [archive.has_file_in(folder) for folder in (beside, inside, inside.parent, tmp_path)] == [
        True, False, False, True,
    ]  # fmt: skip
    archive.add(inside)
    assert archive.has_file_in(inside.parent)


def test_an_empty_archive_answers_everything(archive: Archive) -> None:
    assert archive.latest(5) == []
    assert not archive.has_file_in(Path("/"))
    assert archive.articles() == []
    assert archive.summaries() == []
    assert archive.article("none") is None
    assert archive.search("Who?") == []
    assert archive.verify() == []
    assert archive.info().articles == 0
    assert archive.info().recall is None
    archive.reindex()
    assert archive.verify() == []


def test_info_counts_what_is_there(archive: Archive) -> None:
    archive.add([TREATY, PORT])
    info = archive.info()
    assert (info.articles, info.chunks, info.near_copies) == (2, 2, 0)
    assert info.articles_by_language == {"en": 1, "fr": 1}
    assert info.articles_by_source == {None: 1, "Gazette du Port": 1}
    assert (info.first_published, info.last_published) == (date(2019, 5, 6), date(2019, 5, 6))
    assert (info.encoder, info.dimension) == ("hashing-64", 64)
    assert (info.recall, info.recall_chunks) == (1.0, 2)
    assert min(info.store_bytes, info.dense_bytes, info.lexical_bytes) > 0


def test_another_encoder_is_refused_with_the_way_out(archive: Archive) -> None:
    archive.add(TREATY)
    with pytest.raises(EncoderMismatch) as caught:
        Archive.open(archive.folder, encoder="hashing-32")
    assert "'hashing-64' (64 dimensions)" in str(caught.value)
    assert "gazette reindex --encoder hashing-32" in str(caught.value)


def test_an_empty_archive_takes_any_encoder(archive: Archive) -> None:
    other = Archive.open(archive.folder, encoder=HashingEncoder(32))
    other.add(TREATY)
    assert other.info().dimension == 32


def test_a_new_archive_remembers_the_encoder_it_was_made_for(archive: Archive) -> None:
    assert archive.articles() == []
    reopened = Archive.open(archive.folder)
    reopened.add(TREATY)
    assert reopened.info().encoder == "hashing-64"


def test_reindexing_changes_nothing_that_is_found(archive: Archive) -> None:
    archive.add(articles(30, seed=3))
    before = contents(archive), findings(archive)
    archive.reindex()
    assert (contents(archive), findings(archive)) == before
    assert archive.verify() == []


def test_reindexing_with_another_encoder_equals_an_archive_built_with_it(archive: Archive, tmp_path: Path) -> None:
    made = articles(30, seed=3)
    archive.add(made)
    archive.reindex(encoder="hashing-32")
    fresh = Archive.open(tmp_path / "fresh", encoder="hashing-32")
    fresh.add(made)
    assert contents(archive) == contents(fresh)
    assert findings(archive) == findings(fresh)
    assert archive.verify() == []
    assert Archive.open(archive.folder, encoder="hashing-32").info().dimension == 32


def test_a_reader_follows_a_reindex_by_another(archive: Archive) -> None:
    archive.add([TREATY, PORT])
    reader = Archive.open(archive.folder)
    assert reader.search("treaty")
    archive.reindex(encoder="hashing-32")
    assert reader.search("Where was the treaty signed?")[0].article == TREATY


def test_the_shipped_encoder_finds_by_meaning(tmp_path: Path) -> None:
    archive = Archive.open(tmp_path / "archive")
    archive.add([TREATY, Article("cats", "Cats", "Kittens sleep most of the day.", language="en")])
    assert archive.info().encoder == "all-MiniLM-L6-v2"
    assert archive.search("Where was the agreement concluded?")[0].article == TREATY
    assert archive.verify() == []


def test_progress_tells_what_is_saved(archive: Archive) -> None:
    told: list[tuple[str, int, int | None]] = []
    archive.add(articles(5), progress=lambda step: told.append((step.stage, step.done, step.total)), commit_seconds=0)
    assert [done for stage, done, _ in told if stage == "adding"] == [1, 2, 3, 4, 5]
    saved = [done for stage, done, _ in told if stage == "saved"]
    assert saved == sorted(saved)
    assert saved[-1] == 5
    assert {total for *_, total in told} == {5}


@pytest.mark.parametrize("question", QUESTIONS)
def test_every_passage_is_a_slice_of_its_article(archive: Archive, question: str) -> None:
    archive.add(articles(40, seed=4))
    for rank, passage in enumerate(archive.search(question), start=1):
        assert passage.rank == rank
        assert passage.article.text[passage.start : passage.end] == passage.text != ""


def test_a_changed_article_leaves_its_group(archive: Archive) -> None:
    [wire] = articles(1, seed=5, sentences=20)
    archive.add([wire, near_copy(wire, "copy")])
    archive.add(changed(near_copy(wire, "copy"), 1))
    assert [summary.copy_group for summary in archive.summaries()] == [None, None]
    assert archive.verify() == []


def test_an_archive_prepared_beforehand_finds_alike(tmp_path: Path) -> None:
    with Archive.open(tmp_path / "archive", encoder="hashing-64") as archive:
        archive.prepare()  # nothing was added yet
        archive.add(articles(3))
        before = archive.search("ferry")
    with Archive.open(tmp_path / "archive", encoder="hashing-64") as archive:
        archive.prepare()
        assert archive.search("ferry") == before != []

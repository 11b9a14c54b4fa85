from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from embeddings import HashingEncoder
from embeddings.errors import EncoderError
from rag.archive import Archive
from rag.records import AddReport, Record
from rag.writing import Progress
from tests.rag.invented import articles

FIRST = "The ferry to Brest was cancelled on Monday because of the storm, the harbour master said."
SECOND = "Wheat prices fell for the third week, and farmers in the region asked for help."


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    with Archive.open(tmp_path / "archive", encoder="hashing-64") as archive:
        yield archive


@pytest.fixture
def news(tmp_path: Path) -> Path:
    folder = tmp_path / "news"
    folder.mkdir()
    return folder


def _page(url: str, text: str) -> str:
    return (
        f'<html><head><title>News</title><link rel="canonical" href="{url}"></head>'
        f"<body><article><h1>News of the day</h1><p>{text}</p><p>{text} It was said twice.</p></article></body></html>"
    )


def _lines(*records: tuple[str, str]) -> str:
    return "".join(json.dumps({"id": id_, "title": f"Title {id_}", "text": text}) + "\n" for id_, text in records)


def _outcomes(report: AddReport) -> dict[str, int]:
    lists: dict[str, list[Record]] = {
        name: getattr(report, name) for name in ("added", "updated", "unchanged", "duplicates", "failed")
    }
    return {name: len(records) for name, records in lists.items() if records}


def test_a_folder_is_read_and_what_fails_is_listed(archive: Archive, news: Path) -> None:
    (news / "one.txt").write_text(FIRST, encoding="utf-8")
    (news / "two.md").write_text(f"# Wheat\n\n{SECOND}", encoding="utf-8")
    (news / "three.pdf").write_bytes(b"%PDF-1.4 cut off")
    report = archive.add([news, news / "missing.txt"])
    assert _outcomes(report) == {"added": 2, "failed": 2}
    assert [Path(record.origin).name for record in report.added] == ["one.txt", "two.md"]
    assert all(record.reason for record in report.failed)
    assert _outcomes(archive.add(news)) == {"unchanged": 2, "failed": 1}


def test_a_changed_file_is_updated_and_nothing_of_the_old_one_is_found(archive: Archive, news: Path) -> None:
    (news / "one.txt").write_text(FIRST, encoding="utf-8")
    archive.add(news)
    (news / "one.txt").write_text(SECOND, encoding="utf-8")
    assert _outcomes(archive.add(news)) == {"updated": 1}
    assert [article.text for article in archive.articles()] == [SECOND]
    assert all("ferry" not in passage.text for passage in archive.search("ferry storm"))
    assert archive.verify() == []


def test_a_page_that_gets_another_address_in_the_same_file_is_updated(archive: Archive, news: Path) -> None:
    (news / "page.html").write_text(_page("https://example.org/ferry-cancelled", FIRST), encoding="utf-8")
    archive.add(news)
    (news / "page.html").write_text(_page("https://example.org/wheat-prices", SECOND), encoding="utf-8")
    assert _outcomes(archive.add(news)) == {"updated": 1}
    assert [article.url for article in archive.articles()] == ["https://example.org/wheat-prices"]


def test_a_vanished_file_stays_in_the_archive(archive: Archive, news: Path) -> None:
    (news / "one.txt").write_text(FIRST, encoding="utf-8")
    (news / "two.txt").write_text(SECOND, encoding="utf-8")
    archive.add(news)
    (news / "two.txt").unlink()
    assert _outcomes(archive.add(news)) == {"unchanged": 1}
    assert len(archive.articles()) == 2


def test_a_page_moved_to_another_file_is_unchanged(archive: Archive, news: Path) -> None:
    (news / "a.html").write_text(_page("https://example.org/ferry-cancelled", FIRST), encoding="utf-8")
    archive.add(news)
    (news / "a.html").rename(news / "b.html")
    (news / "a.html").write_text(_page("https://example.org/wheat-prices", SECOND), encoding="utf-8")
    archive.add(news)
    found = {article.url: Path(article.path or "").name for article in archive.articles()}
    assert found == {"https://example.org/ferry-cancelled": "b.html", "https://example.org/wheat-prices": "a.html"}
    assert archive.verify() == []


def test_lines_are_told_apart_by_id_wherever_they_stand(archive: Archive, news: Path) -> None:
    (news / "all.jsonl").write_text(_lines(("a", FIRST)), encoding="utf-8")
    archive.add(news)
    (news / "all.jsonl").write_text(_lines(("b", SECOND), ("a", FIRST)), encoding="utf-8")
    assert _outcomes(archive.add(news)) == {"added": 1, "unchanged": 1}
    (news / "all.jsonl").write_text(_lines(("c", FIRST + SECOND)), encoding="utf-8")
    archive.add(news)
    assert sorted(article.id for article in archive.articles()) == ["a", "b", "c"]


def test_one_article_in_two_files_is_kept_once_and_stays_so(archive: Archive, news: Path) -> None:
    for name in ("a.html", "b.html"):
        (news / name).write_text(_page("https://example.org/ferry-cancelled", FIRST), encoding="utf-8")
    assert _outcomes(archive.add(news)) == {"added": 1, "unchanged": 1}
    generation = archive.info().generation
    assert _outcomes(archive.add(news)) == {"unchanged": 2}
    assert Path(archive.articles()[0].path or "").name == "a.html"
    assert archive.info().generation == generation


def test_a_feed_s_entry_and_its_page_live_side_by_side(archive: Archive, news: Path) -> None:
    (news / "feed.xml").write_text(
        '<?xml version="1.0"?><rss version="2.0"><channel><title>Wire</title><item><guid>g-1</guid>'
        f"<title>Ferry</title><link>https://example.org/ferry-cancelled</link><description>{SECOND}</description>"
        "</item></channel></rss>",
        encoding="utf-8",
    )
    (news / "page.html").write_text(_page("https://example.org/ferry-cancelled", FIRST), encoding="utf-8")
    archive.add(news)
    ids = sorted(article.id for article in archive.articles())
    assert len(ids) == 2
    assert _outcomes(archive.add(news)) == {"unchanged": 2}
    assert sorted(article.id for article in archive.articles()) == ids


def test_the_sources_may_mix_paths_and_articles(archive: Archive, news: Path) -> None:
    (news / "one.txt").write_text(FIRST, encoding="utf-8")
    other = archive.add(news / "one.txt")
    assert _outcomes(other) == {"added": 1}
    [article] = archive.articles()
    assert _outcomes(archive.add([str(news), article])) == {"unchanged": 2}


def test_nothing_to_add_is_an_empty_report(archive: Archive) -> None:
    assert archive.add([]) == AddReport()
    assert archive.info().generation == 0


def test_whatever_is_told_to_be_saved_can_be_read_by_others_at_once(archive: Archive, tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []

    def look(step: Progress) -> None:
        if step.stage == "saved":
            with Archive.open(tmp_path / "archive", create=False) as other:
                told.append((step.done, other.info().articles))

    archive.add(articles(150), progress=look, commit_seconds=0)
    assert len(told) > 1
    assert all(there >= done for done, there in told)
    assert told[-1] == (150, 150)
    assert archive.verify() == []


class _Failing(HashingEncoder):
    """Fails on the third window it is given."""

    windows = 0

    def encode_passages(self, texts: Sequence[str]) -> NDArray[np.float32]:
        self.windows += 1
        if self.windows > 2:
            raise EncoderError("The model is gone.")
        return super().encode_passages(texts)


def test_when_the_encoder_fails_who_adds_is_told_and_what_was_saved_stays(tmp_path: Path) -> None:
    saved: list[int] = []

    def note(step: Progress) -> None:
        if step.stage == "saved":
            saved.append(step.done)

    with Archive.open(tmp_path / "failing", encoder=_Failing()) as archive:
        archive.add(articles(20), commit_seconds=0)  # one window, one batch
        with pytest.raises(EncoderError, match="gone"):
            archive.add(articles(300, seed=1), progress=note, commit_seconds=0)
    with Archive.open(tmp_path / "failing", create=False) as archive:
        assert archive.info().articles >= 20 + (saved[-1] if saved else 0)
        assert archive.verify() == []
        archive.add(articles(300, seed=1))
        assert archive.info().articles == 320


def test_the_last_step_tells_what_each_part_of_the_work_took(archive: Archive) -> None:
    told: list[Progress] = []
    archive.add(articles(50), progress=told.append)
    assert told[-1].stage == "spent"
    assert set(told[-1].seconds_by_stage) == {"read", "compare", "split", "gloss", "embed", "index"}
    assert told[-1].seconds_by_stage["index"] > 0
    assert all(seconds >= 0 for seconds in told[-1].seconds_by_stage.values())

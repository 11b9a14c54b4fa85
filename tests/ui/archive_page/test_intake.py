"""Files and addresses that a page sends: what is kept of them, and what is refused."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from rag import Archive
from rag.errors import ArchiveLocked
from rag.locking import write_lock
from ui.archive_page.intake import Intake, Taken, safe_name
from ui.archive_page.intake_html import taken_html

STORY = (
    "Ferry to Lutz resumes after the storm\n\nThe ferry to Lutz resumed on Monday after three days, the harbour "
    "company said. Its director, Ida Moll, counted 412 passengers on the first crossing, more than on any day of "
    "the year before.\n"
)


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    with Archive.open(tmp_path / "archive", encoder="hashing-64", lock_timeout_seconds=0) as opened:
        yield opened


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("story.txt", "story.txt"),
        ("../../../etc/passwd", "passwd"),
        ("C:\\Users\\me\\News, 3 May.html", "News, 3 May.html"),
        ("..", "article"),
        ("", "article"),
        (".bashrc", "bashrc"),
        ("a\x00b\u202egpj.exe", "abgpj.exe"),
        ("<img src=x onerror=alert(1)>.md", "_img src_x onerror_alert(1)_.md"),
        ("é" * 300 + ".txt", "é" * 80 + ".txt"),
    ],
)
def test_a_name_becomes_one_that_leads_nowhere(written: str, name: str) -> None:
    assert safe_name(written) == name


def test_a_file_is_kept_and_known_again_and_leaves_nothing_behind(archive: Archive) -> None:
    intake = Intake(archive)
    before = {path.name for path in archive.folder.iterdir()}
    first = intake.take_file("../../story.txt", STORY.encode())
    assert [taken.outcome for taken in first] == ["added"]
    assert "Ferry to Lutz" in first[0].title
    assert [taken.outcome for taken in intake.take_file("story.txt", STORY.encode())] == ["unchanged"]
    # Another file of the same name is another article.
    other = intake.take_file("story.txt", b"Harvest ends early\n\nThe harvest of Zubrowka ended two weeks early. " * 3)
    assert [taken.outcome for taken in other] == ["added"]
    assert len(archive.articles()) == 2
    left = {path.name for path in archive.folder.iterdir()} - before
    assert "uploads" not in left
    assert not list(archive.folder.parent.rglob("*story*"))
    assert archive.verify() == []


def test_what_cannot_be_read_says_why_without_a_place_on_the_disk(archive: Archive) -> None:
    intake = Intake(archive)
    for name, data in (("bad.pdf", b"%PDF-1.7 nothing more"), ("tool.exe", b"MZ\x00"), ("empty.txt", b"")):
        (taken,) = intake.take_file(name, data)
        assert taken.outcome == "failed"
        assert taken.why is not None
        assert str(archive.folder) not in taken.why.said()
    assert archive.articles() == []


@pytest.mark.parametrize(
    "address",
    [
        "/etc/passwd",
        "file:///etc/passwd",
        "story.txt",
        "ftp://example.org/x",
        "",
        "http://127.0.0.1:9/x",
        "http://[::1]/",
        "http://169.254.169.254/latest/",
        "http://10.0.0.1/",
    ],
)
def test_neither_the_disk_nor_a_private_address_is_read(archive: Archive, address: str) -> None:
    (taken,) = Intake(archive).take_address(address)
    assert taken.outcome == "failed"
    assert archive.articles() == []


def test_an_article_is_removed_once(archive: Archive) -> None:
    intake = Intake(archive)
    (taken,) = intake.take_file("story.txt", STORY.encode())
    assert intake.remove(taken.article_id) is True
    assert intake.remove(taken.article_id) is False
    assert archive.articles() == []


def test_another_writer_is_told_of_and_nothing_is_left_lying(archive: Archive) -> None:
    with write_lock(archive.folder, timeout_seconds=0), pytest.raises(ArchiveLocked):
        Intake(archive).take_file("story.txt", STORY.encode())
    assert not (archive.folder / "uploads").exists()


def test_results_are_escaped_and_the_many_are_cut() -> None:
    shown = taken_html([Taken("added", "<script>x</script>")] * 25, "fr")
    assert "<script>" not in shown
    assert shown.count("Ajouté") == 20
    assert "et 5 autres" in shown
    assert "Aucun article" in taken_html([], "fr")

"""Files, folders and addresses that a user names."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from rag.reading import Input, find_inputs, read_input
from rag.records import Article, Record

STORY = (
    "Harbour opens again after the ice\n\nThe harbour opened again on Monday, and forty ships left it before noon.\n"
)


def write(path: Path, text: str = STORY) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def names(found: list[Input | Record]) -> list[str]:
    return [Path(item.origin).name for item in found if isinstance(item, Input)]


def reasons(found: list[Input | Record]) -> list[str]:
    return [item.reason for item in found if isinstance(item, Record)]


def test_a_folder_gives_its_files_recursively_in_order(tmp_path: Path) -> None:
    for name in ("b.txt", "a.md", "deep/er/c.HTML", "deep/d.jsonl"):
        write(tmp_path / name)
    assert names(find_inputs([tmp_path])) == ["a.md", "b.txt", "d.jsonl", "c.HTML"]


def test_other_files_in_a_folder_are_passed_over_in_silence(tmp_path: Path) -> None:
    for name in ("a.txt", "photo.jpg", "style.css", ".hidden.txt", ".git/config.txt", "README.md", "LICENSE.txt"):
        write(tmp_path / name)
    found = find_inputs([tmp_path])
    assert names(found) == ["a.txt"]
    assert reasons(found) == []


def test_files_saved_with_a_page_are_passed_over(tmp_path: Path) -> None:
    for name in ("Story.html", "Story_files/advert.html", "Storia_files/kept.html"):
        write(tmp_path / name)
    assert names(find_inputs([tmp_path])) == ["kept.html", "Story.html"]


def test_a_file_of_another_kind_fails_when_it_is_named(tmp_path: Path) -> None:
    found = find_inputs([write(tmp_path / "photo.jpg"), write(tmp_path / "README.md")])
    assert names(found) == ["README.md"]
    assert "is a .jpg file" in reasons(found)[0]


def test_a_file_without_a_suffix_is_read_when_it_is_named(tmp_path: Path) -> None:
    (item,) = find_inputs([write(tmp_path / "story")])
    assert isinstance(item, Input)
    (article,) = read_input(item)
    assert isinstance(article, Article)


def test_a_folder_without_any_file_that_is_read_fails(tmp_path: Path) -> None:
    write(tmp_path / "photo.jpg")
    assert "holds no file that is read" in reasons(find_inputs([tmp_path]))[0]


def test_a_missing_path_fails_and_the_rest_is_found(tmp_path: Path) -> None:
    found = find_inputs([tmp_path / "nothing.txt", write(tmp_path / "a.txt")])
    assert reasons(found) == ["does not exist"]
    assert names(found) == ["a.txt"]


@pytest.mark.parametrize("source", ["", "  ", "a\x00b.txt", "x" * 5000])
def test_what_is_no_path_fails(source: str) -> None:
    found = find_inputs([source])
    assert len(reasons(found)) == 1


def test_the_same_file_named_twice_comes_once(tmp_path: Path) -> None:
    story = write(tmp_path / "a.txt")
    (tmp_path / "link.txt").symlink_to(story)
    found = find_inputs(
        [story, str(story), tmp_path / "." / "a.txt", tmp_path, "http://one.example/x", "http://one.example/x"]
    )
    assert [item.origin for item in found] == [str(story), "http://one.example/x"]


def test_links_out_of_a_folder_are_not_followed(tmp_path: Path) -> None:
    secret = write(tmp_path / "outside" / "secret.txt")
    inside = tmp_path / "inside"
    write(inside / "a.txt")
    (inside / "link.txt").symlink_to(secret)
    (inside / "folder").symlink_to(secret.parent)
    found = find_inputs([inside])
    assert names(found) == ["a.txt"]
    assert "link out of the folder" in reasons(found)[0]


def test_folders_linked_in_a_ring_end(tmp_path: Path) -> None:
    write(tmp_path / "a.txt")
    (tmp_path / "ring").symlink_to(tmp_path)
    assert names(find_inputs([tmp_path])) == ["a.txt"]


def test_a_link_to_itself_fails(tmp_path: Path) -> None:
    (tmp_path / "ring.txt").symlink_to(tmp_path / "ring.txt")
    assert len(reasons(find_inputs([tmp_path]))) == 1
    assert len(reasons(find_inputs([tmp_path / "ring.txt"]))) == 1


def test_markdown_that_starts_with_a_picture_in_html_is_still_markdown(tmp_path: Path) -> None:
    text = '<p align="center"><img src="x.png"></p>\n\n# Harbour opens\n\nThe harbour opened again on **Monday**.\n'
    (article,) = read_input(Input("a.md", write(tmp_path / "a.md", text)))
    assert isinstance(article, Article)
    assert (article.title, article.text) == ("Harbour opens", "The harbour opened again on Monday.")


def test_pipes_are_not_opened(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.txt")
    assert reasons(find_inputs([tmp_path / "pipe.txt"])) == ["is a named pipe, not a file"]
    assert reasons(find_inputs(["/dev/zero"])) == ["is a device, not a file"]


def test_names_that_are_no_utf8_are_shown_and_read(tmp_path: Path) -> None:
    path = os.path.join(os.fsencode(tmp_path), b"caf\xe9.txt")  # noqa: PTH118  pathlib takes no bytes
    with open(path, "w", encoding="utf-8") as file:  # noqa: PTH123
        file.write(STORY)
    (item,) = find_inputs([tmp_path])
    assert isinstance(item, Input)
    assert item.origin.endswith("caf\ufffd.txt")
    (article,) = read_input(item)
    assert isinstance(article, Article)
    assert article.path is not None
    article.path.encode("utf-8")


@pytest.mark.parametrize(
    "address", ["file:///etc/passwd", "ftp://one.example/a", "javascript://x", "gopher://one.example"]
)
def test_other_schemes_than_http_fail(address: str) -> None:
    assert "only http and https" in reasons(find_inputs([address]))[0]


@pytest.mark.parametrize("address", ["http://", "https:///path", "http://[::1"])
def test_addresses_without_a_host_fail(address: str) -> None:
    assert "names no host" in reasons(find_inputs([address]))[0]


def test_an_article_is_named_after_its_path_and_keeps_it(tmp_path: Path) -> None:
    story = write(tmp_path / "a.txt")
    (first,) = read_input(Input("a.txt", story))
    (tmp_path / "deep").mkdir()
    (again,) = read_input(Input("other", tmp_path / "deep" / ".." / "a.txt"))
    assert isinstance(first, Article)
    assert isinstance(again, Article)
    assert first.id == again.id
    assert len(first.id) == 12
    assert first.path == str(story.resolve())
    assert first.language == "en"

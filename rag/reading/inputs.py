"""What the user named (files, folders, addresses) → the inputs to read, each once, in a settled order.

A folder gives the files in it whose kind is read, without hidden ones, without what a browser saved beside a
page, and without notes about the folder itself (README and the like). Nothing is opened here, so a pipe or a
device cannot hang the run; what can't be read is named.
"""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from rag.reading.kinds import SUFFIXES
from rag.reasons import reason
from rag.records import Record

__all__ = ["Input", "find_inputs", "storable_path"]

_SCHEME = re.compile(r"([a-zA-Z][a-zA-Z0-9+.-]*)://")
_PAGE_SUFFIXES = (".html", ".htm", ".xhtml")
# «Page.html» is saved with its pictures, scripts and framed adverts in a folder called so.
_SAVED_PAGE_FOLDER = re.compile(r"(.+)(?:_files|_fichiers|-Dateien|_archivos|_file)")

# Notes about a folder are no article in it; named itself, such a file is read.
_FOLDER_NOTES = re.compile(r"(?:readme|licen[cs]e|changelog|contributing|sources)\.\w+", re.IGNORECASE)

_UNREADABLE_KINDS = (
    (stat.S_ISFIFO, "a named pipe"),
    (stat.S_ISSOCK, "a socket"),
    (stat.S_ISCHR, "a device"),
    (stat.S_ISBLK, "a device"),
)


@dataclass(frozen=True, slots=True)
class Input:
    """One file or address to read; exactly one of `path` and `url` is set, `origin` is how to show it."""

    origin: str
    path: Path | None = None
    url: str | None = None


def find_inputs(sources: Iterable[str | Path]) -> list[Input | Record]:
    """The inputs in `sources`, in their order, a folder's files sorted by name; each file and address once.

    What can't be read is in its place as a `Record` with the reason: a missing path, a file of another kind that was
    named itself, a folder without any file that is read, a link that leads out of its folder.
    """
    found: list[Input | Record] = []
    seen: set[str] = set()
    for source in sources:
        for item in _inputs_of(source):
            key = item.origin
            if isinstance(item, Input):
                key = item.url or os.path.realpath(item.path or "")
            if key not in seen:
                seen.add(key)
                found.append(item)
    return found


def storable_path(path: Path) -> str:
    """`path` as text that a database takes: bytes of a name that are no UTF-8 are replaced."""
    return os.fsencode(path).decode("utf-8", "replace")


def _shown(path: Path) -> str:
    """`path` as one line that can be printed, whatever characters are in it."""
    return "".join(character if character.isprintable() else "\ufffd" for character in storable_path(path))


def _inputs_of(source: str | Path) -> Iterator[Input | Record]:
    if isinstance(source, str):
        scheme = _SCHEME.match(source.strip())
        if scheme:
            yield _address(source.strip(), scheme.group(1).lower())
            return
        if not source.strip():
            yield Record(repr(source), why=reason("nothing_named"))
            return
    path = Path(source)
    try:
        mode = path.stat().st_mode
        if stat.S_ISDIR(mode):
            yield from _folder(path)
        else:
            yield _file(path, mode)
    except FileNotFoundError:
        yield Record(_shown(path), why=reason("broken_link" if path.is_symlink() else "missing"))
    except ValueError:
        yield Record(repr(source), why=reason("no_path"))
    except OSError as error:
        yield Record(_shown(path), why=reason("unopened", error=str(error.strerror)))


def _address(url: str, scheme: str) -> Input | Record:
    try:
        host = urlsplit(url).hostname
    except ValueError:
        host = None
    if scheme not in ("http", "https"):
        return Record(url, why=reason("other_scheme", scheme=scheme))
    if not host:
        return Record(url, why=reason("no_host"))
    return Input(origin=url, url=url)


def _file(path: Path, mode: int) -> Input | Record:
    """A file that was named itself; one without a suffix is judged by its content."""
    for is_kind, name in _UNREADABLE_KINDS:
        if is_kind(mode):
            return Record(_shown(path), why=reason("special_file", what=name))
    suffix = path.suffix.lower()
    if suffix and suffix not in SUFFIXES:
        return Record(_shown(path), why=reason("other_suffix", suffix=suffix, read=", ".join(SUFFIXES)))
    return Input(origin=_shown(path), path=path)


def _folder(folder: Path) -> Iterator[Input | Record]:
    found_any = False
    for item in _walk(folder, folder.resolve()):
        found_any = True
        yield item
    if not found_any:
        yield Record(_shown(folder), why=reason("empty_folder", read=", ".join(SUFFIXES)))


def _walk(folder: Path, root: Path) -> Iterator[Input | Record]:
    try:
        entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
    except OSError as error:
        yield Record(_shown(folder), why=reason("unopened", error=str(error.strerror)))
        return
    pages = {Path(entry.name).stem for entry in entries if entry.name.lower().endswith(_PAGE_SUFFIXES)}
    for entry in entries:
        saved_with = _SAVED_PAGE_FOLDER.fullmatch(entry.name)
        if entry.name.startswith(".") or (saved_with and saved_with.group(1) in pages):
            continue
        if entry.is_dir(follow_symlinks=False):
            yield from _walk(folder / entry.name, root)
        elif Path(entry.name).suffix.lower() in SUFFIXES and not _FOLDER_NOTES.fullmatch(entry.name):
            yield _entry(folder / entry.name, entry, root)


def _entry(path: Path, entry: os.DirEntry[str], root: Path) -> Input | Record:
    try:
        if entry.is_symlink():
            target = Path(os.path.realpath(path))  # unlike `resolve`, it ends on links in a ring
            if not target.is_relative_to(root):
                return Record(_shown(path), why=reason("outside_link"))
            if not target.exists():
                return Record(_shown(path), why=reason("broken_link"))
        mode = entry.stat().st_mode
    except OSError as error:
        return Record(_shown(path), why=reason("unopened", error=str(error.strerror)))
    if stat.S_ISDIR(mode):
        return Record(_shown(path), why=reason("folder_link"))
    return _file(path, mode)

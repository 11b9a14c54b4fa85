"""What a page sends becomes articles of the archive: one file or address at a time, each with what came of it.

A file lies in the archive's folder while it is read, under a name that no client chose, and is gone afterwards. That
name is made of the file's content, so the same file sent twice is known again, and another of the same name is not
taken for it.
"""

from __future__ import annotations

import hashlib
import re
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from rag import Archive
from rag.errors import ArchiveLocked
from rag.reasons import Reason, reason
from rag.records import AddReport, Record
from rag.words import seen_only
from rag.writing import clear_disk_errors

__all__ = ["Intake", "Taken", "safe_name"]

_FOLDER = "uploads"
# Who sends a file waits so long for another who does, then is told.
_WAIT_SECONDS = 10.0
_LONGEST_NAME_CHARACTERS = 80  # 4 bytes each at most, with room for the suffix in the 255 bytes of a file name
_NOT_IN_A_NAME = re.compile(r"[^\w .,()'’–-]+")


@dataclass(frozen=True, slots=True)
class Taken:
    """What came of one article; `title` and `article_id` are empty where there is none, `why` says the reason.

    `entry` is what one of several in a file or a feed is called there («line 3»).
    """

    outcome: Literal["added", "updated", "unchanged", "duplicate", "failed"]
    title: str = ""
    why: Reason | None = None
    entry: str = ""
    article_id: str = ""


class Intake:
    """Adds to one archive, and removes from it. Safe to use from several threads: one writes, the others wait.

    All raise `ArchiveLocked` when somebody else writes for too long, and `ArchiveError` where the folder can't be
    written to.
    """

    def __init__(self, archive: Archive) -> None:
        self._archive = archive
        self._lock = threading.Lock()

    def take_file(self, name: str, data: bytes) -> list[Taken]:
        """Reads a file of this name, which may be any text, and keeps the articles in it."""
        shown = safe_name(name)
        uploads = self._archive.folder.resolve() / _FOLDER
        path = uploads / hashlib.sha256(data).hexdigest()[:32] / shown
        with self._writing():
            try:
                with clear_disk_errors(self._archive.folder):
                    path.parent.mkdir(parents=True, exist_ok=True)
                    path.write_bytes(data)
                return _taken(self._archive.add(path), path, shown)
            finally:
                shutil.rmtree(uploads, ignore_errors=True)

    def take_address(self, address: str) -> list[Taken]:
        """Fetches a page or a feed from the open web, never from a private address, and keeps the articles in it."""
        if not re.match(r"https?://", address.strip(), re.IGNORECASE):  # anything else would be a path on this disk
            return [Taken("failed", why=reason("no_page_address"))]
        with self._writing():
            return _taken(self._archive.add(address.strip()), Path(address), address)

    def remove(self, article_id: str) -> bool:
        """Removes an article and every trace of it; whether it was there."""
        with self._writing():
            if self._archive.article(article_id) is None:
                return False
            self._archive.remove(article_id)
            return True

    @contextmanager
    def _writing(self) -> Iterator[None]:
        if not self._lock.acquire(timeout=_WAIT_SECONDS):
            raise ArchiveLocked("Somebody else is adding to this archive: try again when they have finished.")
        try:
            yield
        finally:
            self._lock.release()


def safe_name(written: str) -> str:
    """The last part of a path, with letters, figures and a few signs alone: a name for a file wherever it is put.

    >>> safe_name("../../etc/Le Môle <b>.TXT")
    'Le Môle _b_.TXT'
    >>> safe_name("C:\\\\news\\\\..")
    'article'
    """
    last = re.split(r"[/\\]", seen_only(written))[-1]
    cleared = _NOT_IN_A_NAME.sub("_", " ".join(last.split())).strip(" .")
    stem, dot, suffix = cleared.rpartition(".")
    if not dot or len(suffix) > 10:
        stem, dot, suffix = cleared, "", ""
    return f"{stem[:_LONGEST_NAME_CHARACTERS].strip() or 'article'}{dot}{suffix}"


def _taken(report: AddReport, path: Path, shown: str) -> list[Taken]:
    """What was reported, without the place on this disk."""

    def of(outcome: Literal["added", "updated", "unchanged", "duplicate", "failed"], record: Record) -> Taken:
        entry = record.origin.rpartition("#")[2] if "#" in record.origin and record.origin != str(path) else ""
        values = (
            {name: value.replace(str(path), shown) for name, value in record.why.values.items()} if record.why else {}
        )
        why = replace(record.why, values=values) if record.why else None
        return Taken(outcome, record.title or "", why, entry, record.article_id or "")

    return [
        *(of("added", record) for record in report.added),
        *(of("updated", record) for record in report.updated),
        *(of("unchanged", record) for record in report.unchanged),
        *(of("duplicate", record) for record in report.duplicates),
        *(of("failed", record) for record in report.failed),
    ]

"""Bytes → files that a crash leaves as they were, or whole."""

from __future__ import annotations

import os
from pathlib import Path

__all__ = ["append_durably", "sync_file", "sync_folder", "write_durably"]


def write_durably(path: Path, data: bytes) -> None:
    """Writes a file so that after a crash `path` holds the old content or the new one, whole and on disk."""
    part = path.with_name(f"{path.name}.part")
    with part.open("wb") as stream:
        stream.write(data)
        stream.flush()
        os.fsync(stream.fileno())
    part.replace(path)
    sync_folder(path.parent)


def append_durably(path: Path, size: int, data: bytes) -> None:
    """Puts `data` behind the first `size` bytes of a file, which stay as they are, in place of what followed them."""
    with path.open("r+b" if path.exists() else "wb") as stream:
        stream.truncate(size)
        stream.seek(size)
        stream.write(data)
        stream.flush()
        os.fsync(stream.fileno())


def sync_file(path: Path) -> None:
    """Brings a file that was written by others to disk."""
    with path.open("rb") as stream:
        os.fsync(stream.fileno())


def sync_folder(folder: Path) -> None:
    """Brings renames and removals in a folder to disk."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)

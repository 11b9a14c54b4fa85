"""Bytes and FAISS indexes → files that a crash leaves as they were, or whole.

FAISS is given Python's own file to write to: its own goes on when the disk is full, and has no place for `fsync`.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO

__all__ = ["append_durably", "read_index", "sync_folder", "write_durably", "write_index"]


def write_durably(path: Path, data: bytes) -> None:
    """Writes a file so that after a crash `path` holds the old content or the new one, whole and on disk."""
    with _replacing(path) as stream:
        stream.write(data)


def append_durably(path: Path, size: int, data: bytes) -> None:
    """Puts `data` behind the first `size` bytes of a file, which stay as they are, in place of what followed them."""
    with path.open("r+b" if path.exists() else "wb") as stream:
        stream.truncate(size)
        stream.seek(size)
        stream.write(data)
        stream.flush()
        os.fsync(stream.fileno())


def write_index(path: Path, index: Any) -> None:
    """Writes a FAISS index as `write_durably` writes bytes, without holding it in memory once more."""
    import faiss

    untyped: Any = faiss  # its stubs know no callbacks
    with _replacing(path) as stream:
        faiss.write_index(index, untyped.PyCallbackIOWriter(stream.write))


def read_index(path: Path, *, to_change: bool) -> Any:
    """The FAISS index in a file: `to_change` in memory, else mapped, read when it is used.

    A mapped one that is changed ends the process. Raises `FileNotFoundError`, or `RuntimeError` where it is damaged.
    """
    import faiss

    if not path.exists():
        raise FileNotFoundError(path)
    return faiss.read_index(str(path), 0 if to_change else faiss.IO_FLAG_MMAP_IFC)


def sync_folder(folder: Path) -> None:
    """Brings renames and removals in a folder to disk."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def _replacing(path: Path) -> Iterator[BinaryIO]:
    part = path.with_name(f"{path.name}.part")
    with part.open("wb") as stream:
        yield stream
        stream.flush()
        os.fsync(stream.fileno())
    part.replace(path)
    sync_folder(path.parent)

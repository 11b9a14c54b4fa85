"""What takes long to make and can be made again: kept in the user's cache folder, each file with its checksum.

The checksum is the file's first line, so that file and checksum are replaced as one, whichever process comes last.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Callable
from pathlib import Path

__all__ = ["cache_folder", "cached_bytes"]


def cache_folder() -> Path:
    """`$GAZETTE_CACHE`, else `gazette` in `$XDG_CACHE_HOME`, else `~/.cache/gazette`; it may not exist yet."""
    if chosen := os.environ.get("GAZETTE_CACHE"):
        return Path(chosen)
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "gazette"


def cached_bytes(name: str, make: Callable[[], bytes]) -> bytes:
    """What `make` gives, from the cache where it is there and whole; where the cache can't be written, made each time.

    Example:
        >>> import os
        >>> os.environ["GAZETTE_CACHE"] = str(folder)
        >>> cached_bytes("squares", lambda: bytes([1, 4, 9])), cached_bytes("squares", lambda: b"not made again")
        (b'\\x01\\x04\\t', b'\\x01\\x04\\t')
    """
    path = cache_folder() / name
    content = _read(path)
    if content is None:
        content = make()
        _write(path, content)
    return content


def _read(path: Path) -> bytes | None:
    """The content, None where the file is missing, unreadable or not what was written."""
    try:
        with path.open("rb") as stream:
            checksum = stream.readline().strip()
            content = stream.read()
    except OSError:
        return None
    return content if hashlib.sha256(content).hexdigest().encode() == checksum else None


def _write(path: Path, content: bytes) -> None:
    """Replaces the file at once; a folder or disk that refuses is no failure: the content is at hand."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor, waiting = tempfile.mkstemp(prefix=f"{path.name}.", dir=path.parent)
    except OSError:
        return
    try:
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(hashlib.sha256(content).hexdigest().encode() + b"\n")
            stream.write(content)
        Path(waiting).replace(path)
    except OSError:
        Path(waiting).unlink(missing_ok=True)

"""What a run was made with: versions of libraries, the commit, and a fingerprint of the code that finds."""

from __future__ import annotations

import platform
import subprocess
from functools import cache
from hashlib import sha256
from importlib import metadata
from pathlib import Path

__all__ = ["code_fingerprint", "commit", "versions"]

_ROOT = Path(__file__).parent.parent
_LIBRARIES = ("gazette", "faiss-cpu", "ir-measures", "numpy", "sentence-transformers", "tantivy", "torch")


def versions() -> dict[str, str]:
    """Versions of Python and of the libraries that results rest on, those that are installed."""
    found = {"python": platform.python_version()}
    for name in _LIBRARIES:
        try:
            found[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            continue
    return found


@cache
def code_fingerprint(*more: str) -> str:
    """Identifies the source and data of `embeddings` and `rag`, the sample archive left out, and `more` files' source.

    These are named from the folder that holds the packages.
    """
    digest = sha256()
    for package in ("embeddings", "rag"):
        for path in sorted((_ROOT / package).rglob("*")):
            within = path.relative_to(_ROOT)
            if path.is_file() and "__pycache__" not in within.parts and within.parts[:2] != ("rag", "sample"):
                digest.update(f"{within.as_posix()}\0".encode() + sha256(path.read_bytes()).digest())
    for name in more:
        digest.update(f"{name}\0".encode() + sha256((_ROOT / name).read_bytes()).digest())
    return digest.hexdigest()[:16]


def commit() -> str | None:
    """The git commit that the code lies at, with `+` behind it where files were changed since; None without git."""
    if not (_ROOT / ".git").exists():
        return None
    try:
        head = _git("rev-parse", "--short=12", "HEAD")
        return f"{head}+" if _git("status", "--porcelain", "--untracked-files=no") else head
    except (OSError, subprocess.CalledProcessError):
        return None


def _git(*arguments: str) -> str:
    command = ["git", "-C", str(_ROOT), *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=True, timeout=30).stdout.strip()

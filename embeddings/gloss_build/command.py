"""The builder's one command, as a function: a folder of pairs in, the table and what it took out."""

from __future__ import annotations

import time
from dataclasses import dataclass
from importlib.resources import as_file, files
from pathlib import Path

from embeddings.gloss_build.alignment import align
from embeddings.gloss_build.pairs import read_corpus
from embeddings.gloss_build.table import build_entries, read_hand_list, write_table

__all__ = ["BuildReport", "build"]


@dataclass(frozen=True, slots=True)
class BuildReport:
    """What went into a table and what it took."""

    pairs_by_source: dict[str, int]
    words: int
    phrases: int
    bytes: int
    seconds: float


def build(pairs_folder: Path, table_path: Path, *, with_hand_list: bool = True) -> BuildReport:
    """Learn the table from all files of pairs in the folder and write it; the same pairs give the same bytes.

    Raises FileNotFoundError when the folder holds no file of pairs.
    """
    started = time.monotonic()
    corpus = read_corpus(pairs_folder)
    links = align(corpus)
    with as_file(files("embeddings.gloss_build") / "hand_list.txt") as path:
        hand_list = read_hand_list(path) if with_hand_list else []
    entries = build_entries(corpus, links, hand_list)
    write_table(entries, table_path)
    phrases = sum(" " in entry.french for entry in entries)
    return BuildReport(
        pairs_by_source=corpus.pairs_by_source,
        words=len(entries) - phrases,
        phrases=phrases,
        bytes=table_path.stat().st_size,
        seconds=time.monotonic() - started,
    )

"""What an archive holds, put into words for the head of the page and the empty conversation."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from rag import Archive
from ui.texts import language_name, text

__all__ = ["Holdings", "describe"]


@dataclass(frozen=True, slots=True)
class Holdings:
    """What the page says of the archive: its name, what it holds, its languages, and what to ask of it.

    `languages` are codes, the most frequent first. `fill_command` is set for an empty archive: the command
    that adds articles to it.
    """

    name: str
    counts: tuple[str, ...]
    languages: tuple[str, ...]
    examples: tuple[str, ...]
    fill_command: str | None = None


def describe(archive: Archive, folder: Path, language: str) -> Holdings:
    articles = list(archive.articles())
    c = Counter(a.language for a in articles if a.language)
    years = sorted(a.published.year for a in articles if a.published)
    counts = (text("articles", language, count=len(articles)), ", ".join(f"{language_name(k, language)} {v}" for k, v in c.most_common()), f"{years[0]}–{years[-1]}" if years else "")
    return Holdings(folder.name, tuple(filter(None, counts)), tuple(k for k, _ in c.most_common()), ("Where will the liaison offices open?", "Combien de personnes travailleront dans chaque bureau ?", "What is the weather on Mars?"), None if articles else f"gazette add --archive {folder} PATH")

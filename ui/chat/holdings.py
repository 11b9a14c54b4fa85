"""What an archive holds, put into words for the head of the page and the empty conversation.

The sample archive offers questions that its articles answer. Of any other archive nobody knows what can be
asked, and an invented question that gets a poor answer is a bad welcome: it offers its latest articles.
"""

from __future__ import annotations

import json
import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources

from rag import Archive, ArchiveInfo, ArticleSummary
from rag.sample import sample_folder
from ui.rendering.languages import language_name
from ui.rendering.texts import text

__all__ = ["Holdings", "describe"]

# Of the questions written for the sample, those whose article is in the language of the question.
_SAMPLE_QUESTIONS = {
    "en": ("transit-airport", "fighter-pilot", "crimea-vote", "munich-treaty"),
    "fr": ("rescue-submarine", "shield-cost", "macedonia-veto", "transponders"),
}
_LATEST_ARTICLES = 5
# More than this nobody reads through.
_OUTLETS_OFFERED = 200


@dataclass(frozen=True, slots=True)
class Holdings:
    """What the page says of the archive: its name, what it holds, its languages, and where one may begin.

    `languages` are codes and `outlets` names, the most frequent first. `fill_command` is set for an empty archive:
    the command that adds articles to it.
    """

    name: str
    counts: tuple[str, ...]
    languages: tuple[str, ...]
    examples: tuple[str, ...] = ()
    latest: tuple[ArticleSummary, ...] = ()
    fill_command: str | None = None
    outlets: tuple[str, ...] = ()


def describe(archive: Archive, language: str) -> Holdings:
    """The holdings in the interface's language, as they are now."""
    info = archive.info()
    name = archive.folder.resolve().name
    languages = _ranked(info.articles_by_language)
    if info.articles == 0:
        command = f"gazette add --archive {shlex.quote(str(archive.folder.resolve()))} …"
        return Holdings(name, (text("no_articles", language),), (), fill_command=command)
    examples = _sample_questions(language) if archive.has_file_in(sample_folder()) else ()
    outlets = _ranked(info.articles_by_source)[:_OUTLETS_OFFERED]
    latest = () if examples else tuple(archive.latest(_LATEST_ARTICLES))
    return Holdings(name, _counts(info, language), languages, examples, latest, outlets=outlets)


def _ranked(count_by_name: Mapping[str | None, int]) -> tuple[str, ...]:
    """The names that are known, the most frequent first."""
    return tuple(sorted(filter(None, count_by_name), key=lambda name: (-count_by_name[name], name)))


def _counts(info: ArchiveInfo, language: str) -> tuple[str, ...]:
    """«37 articles», «19 French, 18 English», «1997–2020», each where it is known."""
    number = text("one_article", language) if info.articles == 1 else text("articles", language, count=info.articles)
    by_language = sorted(info.articles_by_language.items(), key=lambda pair: -pair[1])
    named = [f"{count} {language_name(code, language)}" for code, count in by_language[:3] if code]
    years = [day.year for day in (info.first_published, info.last_published) if day]
    span = "–".join(str(year) for year in dict.fromkeys(years))
    return tuple(filter(None, (number, ", ".join(named) if len(by_language) > 1 else "", span)))


def _sample_questions(language: str) -> tuple[str, ...]:
    """The examples for the interface's language."""
    lines = resources.files("rag.sample").joinpath("questions.jsonl").read_text(encoding="utf-8").splitlines()
    row_by_id = {row["id"]: row for row in map(json.loads, lines)}
    return tuple(str(row_by_id[identity][f"q_{language}"]) for identity in _SAMPLE_QUESTIONS[language])

"""A conversation becomes a file to take away, with every source: Markdown, HTML or JSON."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from ui.conversations.answer_markdown import turn_markdown
from ui.conversations.document import conversation_document
from ui.conversations.turns import Turn
from ui.rendering.json_output import as_json

__all__ = ["EXPORTS", "Export"]


@dataclass(frozen=True, slots=True)
class Export:
    """A form that a conversation is taken away in; `write` is given its title, its turns and the language."""

    media_type: str
    write: Callable[[str, Sequence[Turn], str], str]


def _markdown(title: str, turns: Sequence[Turn], language: str) -> str:
    heading = turn_markdown(Turn(title, "done"), language).split("**")[1] if title else ""
    return "\n---\n\n".join((f"# {heading}\n", *(turn_markdown(turn, language) for turn in turns)))


def _json(title: str, turns: Sequence[Turn], language: str) -> str:
    return json.dumps(as_json({"title": title, "turns": list(turns)}), ensure_ascii=True, indent=2) + "\n"


EXPORTS: Mapping[str, Export] = {
    "md": Export("text/markdown; charset=utf-8", _markdown),
    "html": Export("text/html; charset=utf-8", conversation_document),
    "json": Export("application/json", _json),
}

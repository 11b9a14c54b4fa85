"""A turn becomes Markdown that reads as plain text too: its question, the answer, and every source in full.

The words of articles and models are escaped, so that wherever it is pasted nothing of theirs becomes a picture,
a link or a tag.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from rag.records import Answer, Article, Citation
from rag.words import seen_only
from ui.conversations.turns import Turn
from ui.rendering.markup import web_host
from ui.rendering.texts import text

__all__ = ["answer_markdown", "turn_markdown"]

_MARKDOWN = re.compile(r"([\\`*_\[\]<>])")
_ESCAPED_NUMBER = re.compile(r"\\\[(\d{1,3})\\\]")


def turn_markdown(turn: Turn, language: str) -> str:
    """The turn's question, then what came of it, in the interface's language."""
    return "\n".join((f"**{_escaped(turn.question)}**", "", *_outcome(turn, language))).rstrip() + "\n"


def answer_markdown(answer: Answer, language: str) -> str:
    """The answer alone, with its sources, in the interface's language."""
    return "\n".join(_outcome(Turn(answer.question, "done", answer=answer), language)).rstrip() + "\n"


def _outcome(turn: Turn, language: str) -> Iterator[str]:
    answer = turn.answer
    if answer is None:
        yield _escaped(turn.error or turn.text) or text("stopped_at_once", language)
        return
    if answer.completed is not None:
        yield from (f"({text('understood_as', language)} {_escaped(answer.completed)})", "")
    yield _answer_text(answer)
    for note in answer.notes:
        yield from ("", f"({_escaped(note)})")
    if answer.citations:
        yield from ("", text("sources", language), "")
        for citation in answer.citations:
            yield from _source(citation, language)
    if answer.refused and answer.nearest:
        yield from ("", text("nearest", language), "")
        yield from (f"- {_described(article, language)}" for article in answer.nearest)


def _answer_text(answer: Answer) -> str:
    """The answer with its own markers left as they are, and what is to be doubted said behind each sentence."""
    written = _ESCAPED_NUMBER.sub(r"[\1]", _escaped(answer.text, keeps_lines=True))
    doubts = [
        f"({text(sentence.support.verdict, answer.language)}: «{_escaped(sentence.text)}» "
        f"— {_escaped(sentence.support.reason)})"
        for sentence in answer.sentences
        if sentence.support.verdict != "supported"
    ]
    return "\n\n".join((written, *doubts))


def _source(citation: Citation, language: str) -> Iterator[str]:
    yield f"{citation.number}. {_described(citation.article, language)}"
    yield f"   > {_escaped(citation.quote)}"


def _described(article: Article, language: str) -> str:
    title = _escaped(article.title) or text("untitled", language)
    day = article.published.isoformat() if article.published else text("undated", language)
    address = (
        f" <{article.url}>" if article.url and web_host(article.url) and not re.search("[<>]", article.url) else ""
    )
    return ", ".join(filter(None, (title, _escaped(article.source or ""), day))) + address


def _escaped(words: str, *, keeps_lines: bool = False) -> str:
    """The words on one line, or on their own lines, with what Markdown would act on escaped."""
    shown = seen_only(words)
    joined = "  \n".join(line.strip() for line in shown.splitlines()) if keeps_lines else " ".join(shown.split())
    return _MARKDOWN.sub(r"\\\1", joined)

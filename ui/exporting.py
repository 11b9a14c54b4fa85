"""A conversation becomes a file to take away, with every source: Markdown, HTML or JSON."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from rag.records import Answer, Citation
from ui.answer_markdown import turn_markdown
from ui.article_html import day_and_age
from ui.conversation import Turn
from ui.json_output import as_json
from ui.markup import language_attribute, lines, plain, web_host
from ui.texts import text

__all__ = ["EXPORTS", "Export"]

_STYLE = (
    "body{max-width:42rem;margin:2rem auto;padding:0 1rem;font:1.05rem/1.6 Georgia,serif;color:#201d19}"
    "h2{margin-top:2.5rem}blockquote{margin:.2rem 0 1rem;padding-left:.8rem;border-left:3px solid #e4dccd}"
    ".quiet{color:#655e54;font:.9rem/1.5 sans-serif}"
)


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


def _html(title: str, turns: Sequence[Turn], language: str) -> str:
    body = "".join(_turn(turn, language) for turn in turns)
    return (
        f'<!doctype html><html lang="{language}"><head><meta charset="utf-8"><title>{plain(title)}</title>'
        f"<style>{_STYLE}</style></head><body><h1>{plain(title)}</h1>{body}</body></html>\n"
    )


EXPORTS: Mapping[str, Export] = {
    "md": Export("text/markdown; charset=utf-8", _markdown),
    "html": Export("text/html; charset=utf-8", _html),
    "json": Export("application/json", _json),
}


def _turn(turn: Turn, language: str) -> str:
    answer = turn.answer
    if answer is None:
        outcome = f"<p>{lines(turn.error or turn.text or text('stopped_at_once', language))}</p>"
    else:
        outcome = _answer(answer, language)
    return f'<h2 dir="auto">{lines(turn.question)}</h2>{outcome}'


def _answer(answer: Answer, language: str) -> str:
    completed = (
        f'<p class="quiet">{text("understood_as", language)} {plain(answer.completed)}</p>' if answer.completed else ""
    )
    notes = "".join(f'<p class="quiet">{plain(note)}</p>' for note in answer.notes)
    doubts = "".join(
        f'<p class="quiet">{text(sentence.support.verdict, language)}: «{plain(sentence.text)}» '
        f"{plain(sentence.support.reason)}</p>"
        for sentence in answer.sentences
        if sentence.support.verdict != "supported"
    )
    sources = "".join(_source(citation, language) for citation in answer.citations)
    heading = f"<h3>{text('sources', language)}</h3>" if sources else ""
    spoken = language_attribute(answer.language)
    return f'{completed}<p dir="auto"{spoken}>{lines(answer.text)}</p>{notes}{doubts}{heading}{sources}'


def _source(citation: Citation, language: str) -> str:
    article = citation.article
    facts = [article.source or "", day_and_age(article.published, language)]
    host = web_host(article.url or "")
    link = f' · <a href="{plain(article.url or "")}" rel="noreferrer">{plain(host)}</a>' if host else ""
    return (
        f"<p>[{citation.number}] <strong>{plain(article.title)}</strong> "
        f'<span class="quiet">{" · ".join(plain(fact) for fact in facts if fact)}{link}</span></p>'
        f'<blockquote dir="auto"{language_attribute(article.language)}>{lines(citation.quote)}</blockquote>'
    )

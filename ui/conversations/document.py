"""A conversation becomes one HTML page that stands alone: no script, nothing loaded, every quote and source in it.

It is what one takes away as a file, and what a shared link shows.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from rag.records import Answer, Article, Citation, Disagreement
from rag.words import seen_only
from ui.conversations.turns import Turn
from ui.rendering.answer_html import CITATION_MARKER
from ui.rendering.article_html import day_and_age, outlet_of
from ui.rendering.languages import language_name
from ui.rendering.markup import cut, language_attribute, lines, plain, web_host
from ui.rendering.texts import text

__all__ = ["conversation_document", "document_page"]

_STYLE = """
:root { color-scheme: light dark; --ink: light-dark(#201d19, #ebe5da); --soft: light-dark(#655e54, #a79e90);
  --rule: light-dark(#e4dccd, #37322b); --accent: light-dark(#8a2d20, #e8a08d); }
body { max-width: 42rem; margin: 2rem auto; padding: 0 1.2rem; overflow-wrap: anywhere;
  font: 1.05rem/1.6 Georgia, "Liberation Serif", serif; color: var(--ink); background: light-dark(#faf7f1, #161513); }
h1 { margin-top: 1.6rem; font-size: 1.6rem; line-height: 1.25; }
h2 { margin-top: 3rem; font-size: 1.25rem; line-height: 1.35; }
h3 { margin: 1.6rem 0 .4rem; font: 600 .8rem/1.4 system-ui, sans-serif; letter-spacing: .06em;
  text-transform: uppercase; color: var(--soft); }
a { color: var(--accent); text-underline-offset: 3px; } .quiet a { color: inherit; }
:is(a, h2):focus-visible, :target { outline: 2px solid var(--accent); outline-offset: 3px; border-radius: 3px; }
blockquote { margin: .2rem 0 1.2rem; padding-left: .9rem; border-left: 3px solid var(--rule); }
.source { margin: 0; } .marker { font: .85em system-ui, sans-serif; text-decoration: none; }
.quiet { font: .9rem/1.5 system-ui, sans-serif; color: var(--soft); }
.differs { margin: 1.4rem 0; padding: .1rem 1rem .6rem; border: 1px solid var(--rule); border-radius: 8px; }
.differs p { margin: .3rem 0; }
header { display: flex; flex-wrap: wrap; gap: .2rem 1rem; padding-bottom: .8rem; border-bottom: 3px double var(--rule);
  font: .9rem/1.5 system-ui, sans-serif; color: var(--soft); }
header strong { font: 700 1.4rem/1.2 Georgia, serif; color: var(--ink); } header p { flex: 1 1 100%; margin: 0; }
header nav { margin-left: auto; } header nav a { padding: .3rem; } [aria-current="true"] { font-weight: 700; }
"""


def conversation_document(title: str, turns: Sequence[Turn], language: str, *, head: str = "") -> str:
    """The whole page; `head` is HTML to stand above it."""
    is_named = not turns or not _is_title_of(title, turns[0])
    name = f'<h1 dir="auto">{plain(title)}</h1>' if is_named else ""
    body = "".join(
        _turn(turn, number, "h2" if is_named or number else "h1", language) for number, turn in enumerate(turns)
    )
    return document_page(title, f"{head}<main>{name}{body}</main>", language)


def document_page(title: str, body: str, language: str) -> str:
    """A page in the looks of a conversation taken away; `body` is HTML."""
    return (
        f'<!doctype html><html lang="{language}"><head><meta charset="utf-8"><title>{plain(title)}</title>'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<meta name="referrer" content="no-referrer"><meta name="robots" content="noindex">'
        f"<style>{_STYLE}</style></head><body>{body}</body></html>\n"
    )


def _is_title_of(title: str, turn: Turn) -> bool:
    """Whether the conversation is still called by its first question, which would stand there twice."""
    return " ".join(seen_only(turn.question).split()).startswith(title.removesuffix("…"))


def _turn(turn: Turn, number: int, heading: str, language: str) -> str:
    answer = turn.answer
    if answer is None:
        outcome = f"<p>{lines(turn.error or turn.text or text('stopped_at_once', language))}</p>"
    else:
        outcome = _answer(answer, number, language)
    return f'<{heading} dir="auto">{lines(turn.question)}</{heading}>{outcome}'


def _answer(answer: Answer, number: int, language: str) -> str:
    completed = (
        f'<p class="quiet">{text("understood_as", language)} {plain(answer.completed)}</p>' if answer.completed else ""
    )
    refused = f"<h3>{text('refused', language)}</h3>" if answer.refused else ""
    notes = "".join(f'<p class="quiet">{plain(note)}</p>' for note in answer.notes)
    doubts = "".join(
        f'<p class="quiet">{text(sentence.support.verdict, language)}: «{plain(sentence.text)}» '
        f"{plain(sentence.support.reason)}</p>"
        for sentence in answer.sentences
        if sentence.support.verdict != "supported"
    )
    citation_by_number = {citation.number: citation for citation in answer.citations}
    differs = "".join(_disagreement(one, citation_by_number, number, language) for one in answer.disagreements)
    sources = "".join(_source(citation, number, language) for citation in answer.citations)
    heading = f"<h3>{text('sources', language)}</h3>" if sources else ""
    spoken = language_attribute(answer.language)
    said = _linked(answer.text, citation_by_number, number)
    return (
        f'{completed}{refused}<p dir="auto"{spoken}>{said}</p>{notes}{doubts}{differs}{heading}{sources}'
        f"{_nearest(answer, language)}"
    )


def _linked(written: str, citation_by_number: Mapping[int, Citation], number: int) -> str:
    """The text, with each marker that has a source leading to it."""
    parts = CITATION_MARKER.split(written)
    shown = ""
    for index, part in enumerate(parts):
        if index % 2 == 0:
            shown += lines(part)
        elif part.isdecimal() and int(part) in citation_by_number:
            shown += f' <a class="marker" href="#{_place(number, int(part))}">[{part}]</a>'
        else:
            shown += f" [{plain(part)}]"
    return shown


def _disagreement(
    disagreement: Disagreement, citation_by_number: Mapping[int, Citation], number: int, language: str
) -> str:
    sides = [
        (side, citation_by_number[side.citation]) for side in disagreement.sides if side.citation in citation_by_number
    ]
    is_within = len({citation.article.id for _, citation in sides}) == 1
    about = f" <bdi>({plain(cut(disagreement.about, 120))})</bdi>" if disagreement.about else ""
    rows = "".join(
        f"<p><strong{language_attribute(citation.article.language)}><bdi>{plain(cut(side.said, 120))}</bdi></strong> "
        f'<a class="marker" href="#{_place(number, citation.number)}">[{citation.number}]</a> '
        f'<span class="quiet">{_facts(citation.article, language)}</span></p>'
        for side, citation in sides
    )
    heading = text("disagreement_within" if is_within else "disagreement", language)
    return f'<section class="differs"><h3>{heading}{about}</h3>{rows}</section>'


def _source(citation: Citation, number: int, language: str) -> str:
    article = citation.article
    host = web_host(article.url or "")
    link = f' · <a href="{plain(article.url or "")}" rel="noreferrer">{plain(host)}</a>' if host else ""
    return (
        f'<p class="source" id="{_place(number, citation.number)}">[{citation.number}] '
        f"<strong{language_attribute(article.language)}>{_title(article, language)}</strong> "
        f'<span class="quiet">{_facts(article, language)}{link}</span></p>'
        f'<blockquote dir="auto"{language_attribute(article.language)}>{lines(citation.quote)}</blockquote>'
    )


def _nearest(answer: Answer, language: str) -> str:
    if not answer.refused or not answer.nearest:
        return ""
    rows = "".join(
        f'<li>{_title(article, language)} <span class="quiet">{_facts(article, language)}</span></li>'
        for article in answer.nearest
    )
    return f"<h3>{text('nearest', language)}</h3><ul>{rows}</ul>"


def _title(article: Article, language: str) -> str:
    return plain(cut(article.title, 300).strip() or text("untitled", language))


def _facts(article: Article, language: str) -> str:
    facts = [
        outlet_of(article),
        day_and_age(article.published, language),
        language_name(article.language, language) if article.language else "",
    ]
    return " · ".join(f"<bdi>{plain(fact)}</bdi>" for fact in facts if fact)


def _place(number: int, citation: int) -> str:
    return f"turn-{number}-source-{citation}"

"""Answers, conversations and articles become HTML in which nothing an article says can act.

Titles, texts, addresses, names, questions and model output are hostile: each passes through `_plain`, which
escapes it and drops the invisible characters that reorder or hide text. The page sets the result with
innerHTML and by no template, so `${…}` and `{{…}}` stay the words they are.
"""

from __future__ import annotations

import hashlib
import html
import re
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import PurePath
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from rag.records import Answer, AnswerSentence, Article, Citation
from ui.conversation import Turn
from ui.texts import language_name, text, written_date

if TYPE_CHECKING:
    from rag.store_view import ArticleSummary

__all__ = [
    "conversation_html",
    "empty_archive_html",
    "masthead_html",
    "notice_html",
    "quote_check",
    "source_html",
    "turn_html",
    "welcome_html",
]

# Longer titles are cut: 300 characters are three lines of the widest column.
_TITLE_CHARACTERS = 300
# Enough of a quote to recognise it by in the card over a chip.
_CARD_CHARACTERS = 280

# Control characters but tab and newline; the bidirectional and invisible ones; lone surrogates.
_UNSEEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"
    "\ud800-\udfff\U000e0000-\U000e007f]"
)
# As chat models write them, [1] or [1, 2] or 【1】, and the beginning of one at the end of what has come so far.
_MARKER = re.compile(r"\s*[\[【]\s*(\d{1,3}(?:\s*[,;]\s*\d{1,3})*)\s*[\]】]")
_UNFINISHED_MARKER = re.compile(r"\s*[\[【][\d\s,;]*$")


def conversation_html(turns: Sequence[Turn], language: str) -> str:
    """All turns, oldest first."""
    return "".join(turn_html(turn, number, language) for number, turn in enumerate(turns))


def turn_html(turn: Turn, number: int, language: str) -> str:
    """One turn as an article element; `number` counts from 0 and makes the ids of its chips unique."""
    question = _lines(turn.question)
    return (
        f'<article class="turn {turn.state}" id="turn-{number}">'
        f'<h2 class="question"><span class="unseen">{text("you_asked", language)} </span>'
        f'<bdi dir="auto">{question}</bdi></h2>'
        f'<div class="answer">{_outcome(turn, number, language)}</div></article>'
    )


def masthead_html(name: str, counts: Sequence[str], language: str) -> str:
    """The name of the archive and what it holds, beside the page's own name and its two languages."""
    switch = "".join(
        f'<a href="../{code}/" hreflang="{code}" lang="{code}" class="language" '
        f'aria-current="{"true" if code == language else "false"}" '
        f'aria-label="{label}">{code.upper()}</a>'
        for code, label in (("en", "English"), ("fr", "Français"))
    )
    held = " · ".join(_plain(count) for count in counts)
    return (
        f'<a class="skip" href="#question-box">{text("skip_to_question", language)}</a>'
        f'<div class="masthead-line"><h1>Gazette</h1>'
        f'<p class="archive"><bdi class="archive-name">{_plain(name)}</bdi><span>{held}</span></p>'
        f'<nav class="languages" aria-label="{text("switch_language", language)}">{switch}</nav></div>'
    )


def welcome_html(examples: Sequence[str], latest: Sequence[ArticleSummary], language: str) -> str:
    """What stands where the conversation will: questions to click, or else the latest articles to open."""
    questions = "".join(
        f'<li><button type="button" class="example" dir="auto">{_plain(example)}</button></li>' for example in examples
    )
    articles = "".join(f"<li>{_opener(article, '', language)}</li>" for article in latest)
    offered = (
        f'<h3>{text("examples", language)}</h3><ul class="examples">{questions}</ul>'
        if questions
        else f'<h3>{text("latest", language)}</h3><ul class="nearest">{articles}</ul>'
        if articles
        else ""
    )
    return (
        f'<section class="welcome"><h2>{text("welcome", language)}</h2>'
        f"<p>{text('welcome_detail', language)}</p>{offered}</section>"
    )


def empty_archive_html(fill_command: str, language: str) -> str:
    """What stands there while the archive has no articles: how to add some."""
    return (
        f'<section class="welcome"><h2>{text("empty_title", language)}</h2>'
        f"<p>{text('empty_detail', language)}</p>"
        f'<pre class="command" tabindex="0"><code>{_plain(fill_command)}</code></pre>'
        f'<p class="quiet">{text("empty_formats", language)}</p></section>'
    )


def source_html(
    article: Article,
    quote: tuple[int, int] | None,
    copies: Sequence[Article],
    language: str,
    *,
    changed: bool,
) -> str:
    """The whole article, its paragraphs kept, the characters from `quote[0]` to `quote[1]` marked.

    `changed` says that the article is another than the one quoted: a line tells so, and `quote` is None.
    """
    spoken = _lang(article.language)
    notice = f'<p class="notice" role="status">{text("source_changed", language)}</p>' if changed else ""
    paragraphs = "".join(
        f'<p dir="auto">{_marked(article.text, start, end, quote)}</p>' for start, end in _paragraphs(article.text)
    )
    return (
        f'<header class="source-head"><p class="outlet"><bdi>{_plain(_outlet(article))}</bdi></p>'
        f'<h2 tabindex="-1" id="source-title" dir="auto"{spoken}>{_title(article, language)}</h2>'
        f'<p class="byline">{_byline(article, language)}</p>{_also_in(copies, language)}'
        f"{_original(article, language)}</header>{notice}"
        f'<div class="article-text"{spoken}>{paragraphs}</div>'
    )


def notice_html(words: str) -> str:
    """What the panel shows in place of an article."""
    return f'<p class="notice" id="source-title" tabindex="-1">{_lines(words)}</p>'


def quote_check(quote: str) -> str:
    """A short digest of a quote: whether an article still says it at the same place."""
    return hashlib.sha256(quote.encode("utf-8", "surrogatepass")).hexdigest()[:12]


def _outcome(turn: Turn, number: int, language: str) -> str:
    if turn.answer is not None:
        return _refusal(turn.answer, language) if turn.answer.refused else _cited(turn.answer, number, language)
    written = _streamed(turn.text) if turn.text else ""
    if turn.state == "failed":
        return (
            f'{written}<div class="failure" role="alert"><strong>{text("failed", language)}</strong>'
            f"<p>{_lines(turn.error)}</p>{_again(turn, language)}</div>"
        )
    if turn.state == "stopped":
        note = text("stopped" if written else "stopped_at_once", language)
        return f'{written}<p class="stopped-note">{note}</p>{_again(turn, language)}'
    return written or f'<p class="progress">{_progress(turn, language)}</p>'


def _again(turn: Turn, language: str) -> str:
    label = text("again", language)
    return f'<button type="button" class="again" data-question="{_plain(turn.question)}">{label}</button>'


def _progress(turn: Turn, language: str) -> str:
    if turn.state == "reading":
        key = "reading_one" if turn.passage_count == 1 else "reading"
        return text(key, language, count=turn.passage_count) if turn.passage_count else text("searching", language)
    return text("loading" if turn.state == "loading" else "searching", language)


def _streamed(written: str) -> str:
    """Text still being written: its markers are not checked yet, so they show but can't be opened."""
    shown = _UNFINISHED_MARKER.sub("", written)
    parts = _MARKER.split(shown)
    pieces = [
        f'<span class="citation pending">{part}</span>' if index % 2 else _plain(part)
        for index, part in enumerate(parts)
    ]
    body = "".join(pieces).replace("\n", "<br>")
    return f'<div class="paragraph" dir="auto">{body}</div>'


def _cited(answer: Answer, number: int, language: str) -> str:
    citation_by_number = {citation.number: citation for citation in answer.citations}
    body = "".join(
        f'<div class="paragraph{" listed" if is_listed else ""}" dir="auto"{_lang(answer.language)}>'
        + " ".join(
            _sentence(answer.sentences[position], citation_by_number, f"turn-{number}-{position}", language)
            for position in positions
        )
        + "</div>"
        for is_listed, positions in _answer_paragraphs(answer)
    )
    return f"{body}{_notes(answer, language)}{_sources(answer, number, language)}"


def _answer_paragraphs(answer: Answer) -> Iterator[tuple[bool, list[int]]]:
    """The positions of its sentences, divided where the answer's own text breaks the line; whether a dash leads."""
    is_listed = False
    positions: list[int] = []
    reached = 0
    for position, sentence in enumerate(answer.sentences):
        found = answer.text.find(sentence.text, reached)
        lead = answer.text[reached:found] if found >= 0 else ""
        if positions and "\n" in lead:
            yield is_listed, positions
            positions = []
        if not positions:
            is_listed = lead.endswith("- ")
        positions.append(position)
        reached = max(reached, found + len(sentence.text))
    if positions:
        yield is_listed, positions


def _sentence(sentence: AnswerSentence, citation_by_number: dict[int, Citation], identity: str, language: str) -> str:
    chips = "".join(
        _chip(citation_by_number[number], f"{identity}-{number}", language)
        for number in sentence.citations
        if number in citation_by_number
    )
    words = _lines(sentence.text.strip())
    mark = _support(sentence, identity, language)
    return f'<span class="sentence {sentence.support.verdict}">{words}{chips}{mark}</span>'


def _chip(citation: Citation, identity: str, language: str) -> str:
    article = citation.article
    facts = [_cut(article.title, 120), _outlet(article), _day(article.published, language)]
    label = text("source_label", language, number=citation.number, facts=", ".join(filter(None, facts)))
    card = " · ".join(filter(None, [_outlet(article), _day(article.published, language)]))
    return (
        f'<button type="button" class="citation" id="{identity}" aria-expanded="false" aria-controls="source" '
        f'aria-label="{_plain(label)}" data-number="{citation.number}" data-card="{_plain(card)}" '
        f'data-quote="{_plain(_cut(citation.quote, _CARD_CHARACTERS))}" {_place(article, citation)}>'
        f"{citation.number}</button>"
    )


def _place(article: Article | ArticleSummary, citation: Citation | None = None) -> str:
    """The attributes by which the page asks for an article, and for the quote in it."""
    place = f'data-article="{html.escape(article.id)}"'
    if citation is None:
        return place
    return f'{place} data-start="{citation.start}" data-end="{citation.end}" data-check="{quote_check(citation.quote)}"'


def _support(sentence: AnswerSentence, identity: str, language: str) -> str:
    verdict = sentence.support.verdict
    if verdict == "supported":
        return ""
    reason = _plain(sentence.support.reason)
    return (
        f'<button type="button" class="support {verdict}" aria-expanded="false" aria-controls="{identity}-why">'
        f'{text(verdict, language)}</button><span class="why" id="{identity}-why" hidden>{reason}</span>'
    )


def _notes(answer: Answer, language: str) -> str:
    notes = [_plain(note) for note in answer.notes]
    quoted = {citation.article.language for citation in answer.citations if citation.article.language}
    others = [language_name(code, language) for code in sorted(quoted - {answer.language})]
    if others:
        key = "partly_other_language_note" if answer.language in quoted else "other_language_note"
        notes.insert(0, _plain(text(key, language, languages=text("and", language).join(others))))
    return "".join(f'<p class="note">{note}</p>' for note in notes)


def _sources(answer: Answer, number: int, language: str) -> str:
    copies_by_id = {passage.article.id: passage.copies for passage in answer.passages}
    rows = "".join(
        f'<li><span class="source-number" aria-hidden="true">{citation.number}</span><div>'
        f"{_opener(citation.article, f'turn-{number}-source-{citation.number}', language, citation)}"
        f"{_also_in(copies_by_id.get(citation.article.id, ()), language)}</div></li>"
        for citation in answer.citations
    )
    return f'<section class="sources"><h3>{text("sources", language)}</h3><ol>{rows}</ol></section>' if rows else ""


def _refusal(answer: Answer, language: str) -> str:
    nearest = "".join(f"<li>{_opener(article, '', language)}</li>" for article in answer.nearest)
    offered = f'<h3>{text("nearest", language)}</h3><ul class="nearest">{nearest}</ul>' if nearest else ""
    return (
        f'<section class="refusal"><h3 class="refusal-title">{text("refused", language)}</h3>'
        f"<p{_lang(answer.language)}>{_lines(answer.text)}</p>{_notes(answer, language)}{offered}</section>"
    )


def _opener(article: Article | ArticleSummary, identity: str, language: str, citation: Citation | None = None) -> str:
    """The title as a button that opens the article, its outlet, date and language under it."""
    number = f' id="{identity}" data-number="{citation.number}"' if citation else ""
    return (
        f'<button type="button" class="open-article"{number} {_place(article, citation)} dir="auto"'
        f"{_lang(article.language)}>{_title(article, language)}</button>"
        f'<span class="byline">{_facts(article, language)}</span>'
    )


def _facts(article: Article | ArticleSummary, language: str) -> str:
    facts = [
        _outlet(article),
        _day(article.published, language) or text("undated", language),
        language_name(article.language, language) if article.language else "",
    ]
    return " · ".join(f"<bdi>{_plain(fact)}</bdi>" for fact in facts if fact)


def _byline(article: Article, language: str) -> str:
    facts = [
        ", ".join(article.authors),
        _day(article.published, language) or text("undated", language),
        language_name(article.language, language) if article.language else "",
    ]
    return " · ".join(f"<bdi>{_plain(_cut(fact, 200))}</bdi>" for fact in facts if fact)


def _also_in(copies: Sequence[Article], language: str) -> str:
    if not copies:
        return ""
    named = [
        " · ".join(filter(None, [_outlet(copy) or _cut(copy.title, 80), _day(copy.published, language)]))
        for copy in copies
    ]
    outlets = _plain(text("also_in", language, outlets="; ".join(named)))
    return f'<p class="also-in">{outlets[:1].upper()}{outlets[1:]}</p>'


def _original(article: Article, language: str) -> str:
    """A link for http and https alone, under the host's ASCII name: what looks like another letter shows."""
    host = _web_host(article.url or "")
    if article.url and host:
        return (
            f'<p class="original"><a href="{html.escape(article.url)}" target="_blank" '
            f'rel="noopener noreferrer">{_plain(text("original", language, host=host))}'
            f'<span class="unseen"> {text("opens_tab", language)}</span></a></p>'
        )
    if article.path:
        name = _cut(PurePath(article.path).name, 120)
        return f'<p class="original">{_plain(text("file", language, name=name))}</p>'
    return ""


def _web_host(url: str) -> str:
    """The host of a link that may be offered, else empty: no other scheme, no user name, nothing unseen."""
    if _UNSEEN.search(url) or any(character.isspace() for character in url):
        return ""
    try:
        parts = urlsplit(url)
        host = (parts.hostname or "").encode("idna").decode("ascii")
    except ValueError:
        return ""
    return host if parts.scheme in ("http", "https") and "@" not in parts.netloc else ""


def _paragraphs(article_text: str) -> Iterator[tuple[int, int]]:
    start = 0
    for gap in re.finditer(r"\n\s*\n", article_text):
        if gap.start() > start:
            yield start, gap.start()
        start = gap.end()
    if start < len(article_text):
        yield start, len(article_text)


def _marked(article_text: str, start: int, end: int, quote: tuple[int, int] | None) -> str:
    """The characters from `start` to `end`, those of the quote among them in a mark element."""
    if quote is None or quote[1] <= start or quote[0] >= end:
        return _lines(article_text[start:end])
    first, last = max(start, quote[0]), min(end, quote[1])
    before, cited, after = article_text[start:first], article_text[first:last], article_text[last:end]
    return f"{_lines(before)}<mark>{_lines(cited)}</mark>{_lines(after)}"


def _title(article: Article | ArticleSummary, language: str) -> str:
    return _plain(_cut(article.title, _TITLE_CHARACTERS).strip() or text("untitled", language))


def _outlet(article: Article | ArticleSummary) -> str:
    return _cut(article.source or "", 80)


def _day(day: date | None, language: str) -> str:
    return written_date(day, language) if day else ""


def _lang(code: str | None) -> str:
    """The attribute that tells a screen reader how to speak, and the browser how to hyphenate."""
    return f' lang="{code}"' if code and re.fullmatch("[A-Za-z]{2,3}", code) else ""


def _cut(words: str, characters: int) -> str:
    return words if len(words) <= characters else words[: characters - 1].rstrip() + "…"


def _lines(words: str) -> str:
    return _plain(words).replace("\n", "<br>")


def _plain(words: str) -> str:
    return html.escape(_UNSEEN.sub("", words))

"""A conversation becomes HTML: questions, answers with their citations and marks, refusals, failures."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from rag.records import Answer, AnswerSentence, Citation
from ui.article_html import also_in_html, day_of, opener_html, outlet_of, place_attributes
from ui.conversation import Turn
from ui.markup import cut, language_attribute, lines, plain
from ui.texts import language_name, text

__all__ = ["conversation_html", "turn_html"]

# A question may be as long as a page; the whole of it stays in the turn.
_QUESTION_CHARACTERS = 600
# Enough of a quote to recognise it by in the card over a chip.
_CARD_CHARACTERS = 280
_LAST_WORD_CHARACTERS = 24

# As chat models write them, [1] or [1, 2] or 【1】, and the beginning of one at the end of what has come so far.
_MARKER = re.compile(r"\s*[\[【]\s*(\d{1,3}(?:\s*[,;]\s*\d{1,3})*)\s*[\]】]")
_UNFINISHED_MARKER = re.compile(r"\s*[\[【][\d\s,;]*$")


def conversation_html(turns: Sequence[Turn], language: str) -> str:
    """All turns, oldest first."""
    return "".join(turn_html(turn, number, language) for number, turn in enumerate(turns))


def turn_html(turn: Turn, number: int, language: str) -> str:
    """One turn as an article element; `number` counts from 0 and makes the ids of its chips unique."""
    question = lines(cut(turn.question, _QUESTION_CHARACTERS))
    return (
        f'<article class="turn {turn.state}" id="turn-{number}">'
        f'<h2 class="question"><span class="unseen">{text("you_asked", language)} </span>'
        f'<bdi dir="auto">{question}</bdi></h2>'
        f'<div class="answer">{_outcome(turn, number, language)}</div></article>'
    )


def _outcome(turn: Turn, number: int, language: str) -> str:
    if turn.answer is not None:
        return _refusal(turn.answer, language) if turn.answer.refused else _cited(turn.answer, number, language)
    written = _streamed(turn.text) if turn.text else ""
    if turn.state == "failed":
        return (
            f'{written}<div class="failure" role="alert"><strong>{text("failed", language)}</strong>'
            f"<p>{lines(turn.error)}</p>{_again(turn, language)}</div>"
        )
    if turn.state == "stopped":
        note = text("stopped" if written else "stopped_at_once", language)
        return f'{written}<p class="stopped-note">{note}</p>{_again(turn, language)}'
    return written or f'<p class="progress">{_progress(turn, language)}</p>'


def _refusal(answer: Answer, language: str) -> str:
    nearest = "".join(f"<li>{opener_html(article, '', language)}</li>" for article in answer.nearest)
    offered = f'<h3>{text("nearest", language)}</h3><ul class="nearest">{nearest}</ul>' if nearest else ""
    return (
        f'<section class="refusal"><h3 class="refusal-title">{text("refused", language)}</h3>'
        f"<p{language_attribute(answer.language)}>{lines(answer.text)}</p>{_notes(answer, language)}{offered}</section>"
    )


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
        f'<span class="citation pending">{part}</span>' if index % 2 else plain(part)
        for index, part in enumerate(parts)
    ]
    body = "".join(pieces).replace("\n", "<br>")
    return f'<div class="paragraph" dir="auto">{body}</div>'


def _again(turn: Turn, language: str) -> str:
    label = text("again", language)
    return f'<button type="button" class="again" data-question="{plain(turn.question)}">{label}</button>'


def _cited(answer: Answer, number: int, language: str) -> str:
    citation_by_number = {citation.number: citation for citation in answer.citations}
    body = "".join(
        f'<div class="paragraph{" listed" if is_listed else ""}" dir="auto"{language_attribute(answer.language)}>'
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
    words = sentence.text.strip()
    # The last word and its chips stay on one line, unless the word is a line of its own.
    beginning, space, last = words.rpartition(" ")
    if len(last) <= _LAST_WORD_CHARACTERS:
        ending = f'{lines(beginning + space)}<span class="unbroken">{lines(last)}{chips}</span>'
    else:
        ending = lines(words) + chips
    mark = _support(sentence, identity, language)
    return f'<span class="sentence {sentence.support.verdict}">{ending}{mark}</span>'


def _chip(citation: Citation, identity: str, language: str) -> str:
    article = citation.article
    facts = [cut(article.title, 120), outlet_of(article), day_of(article.published, language)]
    label = text("source_label", language, number=citation.number, facts=", ".join(filter(None, facts)))
    card = " · ".join(filter(None, [outlet_of(article), day_of(article.published, language)]))
    return (
        f'<button type="button" class="citation" id="{identity}" aria-expanded="false" aria-controls="source" '
        f'aria-label="{plain(label)}" data-number="{citation.number}" data-card="{plain(card)}" '
        f'data-quote="{plain(cut(citation.quote, _CARD_CHARACTERS))}" {place_attributes(article, citation)}>'
        f"{citation.number}</button>"
    )


def _support(sentence: AnswerSentence, identity: str, language: str) -> str:
    verdict = sentence.support.verdict
    if verdict == "supported":
        return ""
    reason = plain(sentence.support.reason)
    return (
        f'<button type="button" class="support {verdict}" aria-expanded="false" aria-controls="{identity}-why">'
        f'{text(verdict, language)}</button><span class="why" id="{identity}-why" hidden>{reason}</span>'
    )


def _notes(answer: Answer, language: str) -> str:
    notes = [plain(note) for note in answer.notes]
    quoted = {citation.article.language for citation in answer.citations if citation.article.language}
    others = [language_name(code, language) for code in sorted(quoted - {answer.language})]
    if others:
        key = "partly_other_language_note" if answer.language in quoted else "other_language_note"
        notes.insert(0, plain(text(key, language, languages=text("and", language).join(others))))
    return "".join(f'<p class="note">{note}</p>' for note in notes)


def _sources(answer: Answer, number: int, language: str) -> str:
    """The articles cited, each once, under the numbers of its citations."""
    citations_by_id: dict[str, list[Citation]] = {}
    for citation in answer.citations:
        citations_by_id.setdefault(citation.article.id, []).append(citation)
    copies_by_id = {passage.article.id: passage.copies for passage in answer.passages}
    rows = ""
    for article_id, cited in citations_by_id.items():
        first = cited[0]
        numbers = " ".join(str(citation.number) for citation in cited)
        opener = opener_html(first.article, f"turn-{number}-source-{first.number}", language, first)
        also_in = also_in_html(copies_by_id.get(article_id, ()), language)
        rows += f'<li><span class="source-numbers">{numbers}</span><div>{opener}{also_in}</div></li>'
    return f'<section class="sources"><h3>{text("sources", language)}</h3><ul>{rows}</ul></section>' if rows else ""

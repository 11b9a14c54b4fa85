"""An answer becomes HTML: its sentences with citations and marks, where sources differ, what it rests on; a refusal."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from rag.records import Answer, AnswerSentence, Citation, Disagreement, Side
from ui.rendering.article_html import also_in_html, day_and_age, opener_html, outlet_of, place_attributes
from ui.rendering.languages import language_name
from ui.rendering.markup import cut, language_attribute, lines, plain
from ui.rendering.texts import colon, text
from ui.rendering.timeline import timeline_html

__all__ = ["CITATION_MARKER", "answer_html"]

# As chat models write them, [1] or [1, 2] or 【1】.
CITATION_MARKER = re.compile(r"\s*[\[【]\s*(\d{1,3}(?:\s*[,;]\s*\d{1,3})*)\s*[\]】]")
# Enough of a quote to recognise it by in the card over a chip.
_CARD_CHARACTERS = 280
_LAST_WORD_CHARACTERS = 24


def answer_html(answer: Answer, number: int, language: str) -> str:
    """The answer of the turn with this number, which makes the ids of its chips unique."""
    if answer.refused:
        return _refusal(answer, language) + timeline_html(answer, number, language)
    label = f'<p class="from-archive">{text("about_archive", language)}</p>' if answer.about_archive else ""
    citation_by_number = {citation.number: citation for citation in answer.citations}
    differences = "".join(
        _disagreement(disagreement, citation_by_number, f"turn-{number}-differ-{position}", answer.language, language)
        for position, disagreement in enumerate(answer.disagreements)
    )
    body = _sentences(answer, citation_by_number, number, language) if answer.sentences else _paragraphs(answer)
    sources = _sources(answer, number, language) + timeline_html(answer, number, language)
    return f"{label}{body}{differences}{_notes(answer, language)}{sources}"


def _refusal(answer: Answer, language: str) -> str:
    nearest = "".join(f"<li>{opener_html(article, '', language)}</li>" for article in answer.nearest)
    offered = f'<h3>{text("nearest", language)}</h3><ul class="nearest">{nearest}</ul>' if nearest else ""
    return (
        f'<section class="refusal"><h3 class="refusal-title">{text("refused", language)}</h3>'
        f"<p{language_attribute(answer.language)}>{lines(answer.text)}</p>{_notes(answer, language)}{offered}</section>"
    )


def _sentences(answer: Answer, citation_by_number: Mapping[int, Citation], number: int, language: str) -> str:
    return "".join(
        f'<div class="paragraph{" listed" if is_listed else ""}" dir="auto"{language_attribute(answer.language)}>'
        + " ".join(
            _sentence(answer, position, citation_by_number, f"turn-{number}-{position}", language)
            for position in positions
        )
        + "</div>"
        for is_listed, positions in _answer_paragraphs(answer)
    )


def _paragraphs(answer: Answer) -> str:
    """An answer that is not made of sentences of articles: what the archive says of itself."""
    return f'<div class="paragraph" dir="auto"{language_attribute(answer.language)}>{lines(answer.text)}</div>'


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


def _sentence(
    answer: Answer, position: int, citation_by_number: Mapping[int, Citation], identity: str, language: str
) -> str:
    sentence = answer.sentences[position]
    cited = [citation_by_number[number] for number in sentence.citations if number in citation_by_number]
    chips = "".join(_chip(citation, f"{identity}-{citation.number}", language) for citation in cited)
    words = sentence.text.strip()
    # The last word and its chips stay on one line, unless the word is a line of its own.
    beginning, space, last = words.rpartition(" ")
    if len(last) <= _LAST_WORD_CHARACTERS:
        ending = f'{lines(beginning + space)}<span class="unbroken">{lines(last)}{chips}</span>'
    else:
        ending = lines(words) + chips
    # A sentence that is the article's own, in another language than the question's, says which.
    own = next((citation for citation in cited if citation.quote.strip() == words), None)
    spoken = own.article.language if own and own.article.language != answer.language else None
    mark = _support(sentence, identity, language)
    return (
        f'<span class="sentence {sentence.support.verdict}"><span{language_attribute(spoken)}>{ending}</span>'
        f"{_tongue(spoken, language)}{mark}</span>"
    )


def _tongue(code: str | None, language: str) -> str:
    return f'<span class="tongue">{_in_language(code, language)}</span>' if code else ""


def _in_language(code: str, language: str) -> str:
    return plain(text("in_language", language, name=language_name(code, language)))


def _chip(citation: Citation, identity: str, language: str) -> str:
    article = citation.article
    published = day_and_age(article.published, language)
    facts = [cut(article.title, 120), outlet_of(article), published]
    label = text("source_label", language, number=citation.number, facts=", ".join(filter(None, facts)))
    spoken = language_name(article.language, language) if article.language else ""
    card = " · ".join(filter(None, [outlet_of(article), published, spoken]))
    return (
        f'<button type="button" class="citation" id="{identity}" aria-expanded="false" aria-controls="source" '
        f'aria-label="{plain(label)}" data-number="{citation.number}" data-card="{plain(card)}" '
        f'data-quote="{plain(cut(citation.quote, _CARD_CHARACTERS))}" {place_attributes(article, citation)}>'
        f"{citation.number}</button>"
    )


def _support(sentence: AnswerSentence, identity: str, language: str) -> str:
    """The verdict as a button that shows its reason; what is supported says so by a sign alone."""
    verdict = sentence.support.verdict
    said = text(verdict, language)
    seen = f'<span class="unseen">{said}</span>' if verdict == "supported" else said
    if not sentence.support.reason:
        return f'<span class="support {verdict}">{seen}</span>'
    return (
        f'<button type="button" class="support {verdict}" aria-expanded="false" aria-controls="{identity}-why" '
        f'title="{said}">{seen}</button>'
        f'<span class="why" id="{identity}-why" hidden>{said}{colon(language)} {plain(sentence.support.reason)}</span>'
    )


def _disagreement(
    disagreement: Disagreement,
    citation_by_number: Mapping[int, Citation],
    identity: str,
    asked_in: str,
    language: str,
) -> str:
    """A card with each side's words, its quote, and a chip that opens its source there."""
    sides = "".join(
        _side(side, citation_by_number[side.citation], f"{identity}-{place}", asked_in, language)
        for place, side in enumerate(disagreement.sides)
        if side.citation in citation_by_number
    )
    articles = {
        citation_by_number[side.citation].article.id
        for side in disagreement.sides
        if side.citation in citation_by_number
    }
    about = f"{colon(language)} <bdi>{plain(cut(disagreement.about, 120))}</bdi>" if disagreement.about else ""
    title = text("disagreement_within" if len(articles) == 1 else "disagreement", language) + about
    return (
        f'<section class="disagreement" aria-labelledby="{identity}">'
        f'<h3 id="{identity}">{title}</h3><ul>{sides}</ul></section>'
    )


def _side(side: Side, citation: Citation, identity: str, asked_in: str, language: str) -> str:
    article = citation.article
    spoken = language_attribute(article.language)
    is_other = article.language is not None and article.language != asked_in
    source = " · ".join(
        f"<bdi>{plain(fact)}</bdi>"
        for fact in (outlet_of(article) or cut(article.title, 80), day_and_age(article.published, language))
        if fact
    )
    return (
        f'<li><p class="said"><strong{spoken}><bdi>{plain(cut(side.said, 120))}</bdi></strong>'
        f"{_chip(citation, identity, language)}</p>"
        f'<p class="byline">{source}{" · " + _in_language(str(article.language), language) if is_other else ""}</p>'
        f'<blockquote dir="auto"{spoken}>{lines(cut(citation.quote, _CARD_CHARACTERS))}</blockquote></li>'
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

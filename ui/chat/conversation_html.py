"""A conversation becomes HTML: questions and how they were understood, answers as they come, failures."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence

from rag.records import Filters, Period
from ui.chat.repeating import LeftOut
from ui.conversations.answer_markdown import turn_markdown
from ui.conversations.feedback import LONGEST_NOTE_CHARACTERS
from ui.conversations.turns import Turn
from ui.rendering.answer_html import CITATION_MARKER, answer_html
from ui.rendering.dating import written_period
from ui.rendering.json_output import as_json
from ui.rendering.languages import language_name
from ui.rendering.markup import cut, lines, plain
from ui.rendering.texts import text

__all__ = ["conversation_html", "note_html", "turn_html"]

# A question may be as long as a page; the whole of it stays in the turn.
_QUESTION_CHARACTERS = 600
# A thumb up; the page turns it round for down.
_THUMB = "M2 9h3v9H2z M6.5 9l3.6-7c1.6 0 2.3 1 2 2.5L11.4 8h5c1.2 0 1.9 1 1.6 2.1l-1.7 6.4c-.2.9-.9 1.5-1.9 1.5H6.5z"
# The beginning of a marker at the end of what has come so far.
_UNFINISHED_MARKER = re.compile(r"\s*[\[【][\d\s,;]*$")


def conversation_html(turns: Sequence[Turn], language: str, first: int = 0) -> str:
    """The turns, oldest first, numbered from `first`."""
    return "".join(turn_html(turn, number, language) for number, turn in enumerate(turns, start=first))


def turn_html(turn: Turn, number: int, language: str) -> str:
    """One turn as an article element; `number` counts from 0 and makes the ids of its chips unique."""
    question = lines(cut(turn.question, _QUESTION_CHARACTERS))
    said = f' data-feedback="{plain(json.dumps(as_json(turn.feedback)))}"' if turn.answer else ""
    return (
        f'<article class="turn {turn.state}" id="turn-{number}"{said}>'
        f'<h2 class="question" tabindex="-1"><span class="unseen">{text("you_asked", language)} </span>'
        f'<bdi dir="auto">{question}</bdi></h2>{_understood(turn, number, language)}'
        f'<div class="answer">{_outcome(turn, number, language)}</div>{_actions(turn, number, language)}</article>'
    )


def _understood(turn: Turn, number: int, language: str) -> str:
    """What was read into the question, each with a button that asks again without it; what was so left out is said."""
    answer = turn.answer
    chips = [_chip(*chip, number, language) for chip in _filter_chips(turn.filters, language)]
    if answer is not None and answer.completed is not None:
        completed = cut(answer.completed, _QUESTION_CHARACTERS)
        chips.append(_chip("understood_as", completed, "completes", "leave_completion", number, language))
    if answer is not None and answer.period is not None:
        period = written_period(answer.period, language)
        chips.append(_chip("preferred", period, "reads_dates", "leave_dates", number, language))
    left_out = [
        key
        for key, is_kept in (("as_written", turn.settings.completes), ("without_dates", turn.settings.reads_dates))
        if not is_kept
    ]
    chips += [f'<li class="left-out">{text(key, language)}</li>' for key in left_out]
    return f'<ul class="understood" aria-label="{text("understood", language)}">{"".join(chips)}</ul>' if chips else ""


def _filter_chips(filters: Filters, language: str) -> Iterator[tuple[str, str, LeftOut, str]]:
    """For each filter set: its label's key, its words, what leaves it out, and the key of what that is called."""
    if filters.language:
        name = language_name(filters.language, language)
        yield "only", text("only_language", language, name=name), "language", "leave_language"
    if filters.source:
        yield "only", cut(filters.source, 80), "source", "leave_source"
    if filters.since or filters.until:
        period = written_period(Period("", filters.since, filters.until), language)
        yield "only", period, "dates", "leave_filter_dates"


def _chip(label_key: str, words: str, leave_out: LeftOut, said_key: str, number: int, language: str) -> str:
    label, said = text(label_key, language), text(said_key, language)
    return (
        f'<li><span><span class="understood-label">{label}</span> <bdi dir="auto">{plain(words)}</bdi></span>'
        f'<button type="button" class="leave-out" data-position="{number}" data-leave-out="{leave_out}" '
        f'aria-label="{said}" title="{said}"><span aria-hidden="true">×</span></button></li>'
    )


def _outcome(turn: Turn, number: int, language: str) -> str:
    if turn.answer is not None:
        return answer_html(turn.answer, number, language)
    written = _streamed(turn.text) if turn.text else ""
    if turn.state == "failed":
        return (
            f'{written}<div class="failure" role="alert"><strong>{text("failed", language)}</strong>'
            f"<p>{lines(turn.error)}</p></div>"
        )
    if turn.state == "stopped":
        note = text("stopped" if written else "stopped_at_once", language)
        return f'{written}<p class="stopped-note">{note}</p>'
    return written or f'<p class="progress">{_progress(turn, language)}</p>'


def _progress(turn: Turn, language: str) -> str:
    if turn.state == "reading":
        key = "reading_one" if turn.passage_count == 1 else "reading"
        return text(key, language, count=turn.passage_count) if turn.passage_count else text("searching", language)
    return text("loading" if turn.state == "loading" else "searching", language)


def _streamed(written: str) -> str:
    """Text still being written: its markers are not checked yet, so they show but can't be opened."""
    shown = _UNFINISHED_MARKER.sub("", written)
    parts = CITATION_MARKER.split(shown)
    pieces = [
        f'<span class="citation pending">{part}</span>' if index % 2 else plain(part)
        for index, part in enumerate(parts)
    ]
    body = "".join(pieces).replace("\n", "<br>")
    return f'<div class="paragraph" dir="auto">{body}</div>'


def _actions(turn: Turn, number: int, language: str) -> str:
    """What can be done with a turn that has come to its end."""
    if not turn.has_ended:
        return ""
    question = f'data-position="{number}" data-question="{plain(turn.question)}"'
    buttons = [
        f'<button type="button" class="retry" data-position="{number}">{text("retry", language)}</button>',
        f'<button type="button" class="edit" {question}>{text("edit", language)}</button>',
    ]
    if turn.answer is not None:
        markdown = plain(turn_markdown(turn, language))
        buttons.append(
            f'<button type="button" class="copy" data-markdown="{markdown}" data-copied="{text("copied", language)}" '
            f'data-failed="{text("copy_failed", language)}">{text("copy", language)}</button>'
        )
        buttons += [_judge(verdict, number, language) for verdict in ("up", "down")]
    note = note_html(f"turn-{number}-note", language) if turn.answer is not None else ""
    return f'<div class="actions" role="group" aria-label="{text("actions", language)}">{"".join(buttons)}</div>{note}'


def _judge(verdict: str, number: int, language: str) -> str:
    said = text(f"answer_{verdict}", language)
    return (
        f'<button type="button" class="judge {verdict}" data-position="{number}" data-verdict="{verdict}" '
        f'aria-pressed="false" title="{said}">'
        f'<svg viewBox="0 0 20 20" aria-hidden="true"><path d="{_THUMB}"></path></svg>'
        f'<span class="unseen">{said}</span></button>'
    )


def note_html(identity: str, language: str) -> str:
    """Where a reader says more of an answer or a citation; shown by the page once they have judged it."""
    label = text("feedback_note", language)
    return (
        f'<div class="judge-note" id="{identity}" hidden><input type="text" maxlength="{LONGEST_NOTE_CHARACTERS}" '
        f'aria-label="{label}" placeholder="{label}"><button type="button" class="save-note">'
        f'{text("save_note", language)}</button><span class="note-state" role="status" '
        f'data-saved="{text("note_saved", language)}" data-failed="{text("unreachable", language)}"></span></div>'
    )

"""A question and what was said before it → the question completed, where it can't stand alone.

A short question («And in 2016?») is put in place of its like in the question before; any other is searched together
with the question before it, in full, and with the person that «he» stands for where the last answer shows who it is.
Leaving the words of the question before out, or putting its names alone in the place of pronouns, found fewer of the
development follow-ups: an encoder reads two whole questions better than a heap of names. The reader is shown the
completed question and can turn it off.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from embeddings import in_english
from rag.expected import Kind, expected_kind
from rag.figures import find_figures
from rag.followups.antecedents import find_person
from rag.followups.pointing import asks_in_words, find_pointer, new_subject, without_opener
from rag.language import detect_language
from rag.prompts import REFUSAL
from rag.words import content_stems, fold, is_content, names, words

__all__ = ["Completion", "Turn", "complete"]

# Questions before this one that are read: a thread is rarely longer, and each is read anew.
THREAD_QUESTIONS = 4
# Of what was asked before, so many characters at most are searched by, and shown: an encoder reads no more.
CONTEXT_CHARACTERS = 600
SHOWN_CHARACTERS = 200


@dataclass(frozen=True, slots=True)
class Turn:
    """One message of a conversation; `role` is "user" or "assistant"."""

    role: str
    text: str


@dataclass(frozen=True, slots=True)
class Completion:
    """A follow-up completed: `query` to search by, `shown` to the reader, `kind` the kind of answer it asks for.

    `thread` is the question, complete in itself, that it follows.
    """

    query: str
    shown: str
    kind: Kind
    thread: str


def complete(text: str, language: str, history: Sequence[Turn]) -> Completion | None:
    """The question completed from the conversation before it, oldest first; None where it stands alone."""
    place = next((place for place in reversed(range(len(history))) if _is_question(history[place])), None)
    if place is None or new_subject(text):
        return None
    previous = history[place].text
    answer = _answer_text(history[place + 1 :])
    pointer = find_pointer(text, language, f"{previous} {answer}")
    if pointer is None:
        return None
    before = _before(previous, history[:place])
    thread_language = detect_language(before.thread) or language
    kind = expected_kind(text, language)
    if pointer.kind == "ellipsis":
        replaced = _put_in_place(without_opener(text).rstrip(" ?!."), language, before.thread, thread_language)
        if replaced:
            query = _in_language(replaced, thread_language, language)
            return Completion(query, replaced, before.kind, replaced)
        kind = before.kind if kind == "other" else kind
    person = find_person(before.thread, thread_language, answer) if pointer.kind in ("he", "she") else None
    context = _in_language(before.query, thread_language, language)[-CONTEXT_CHARACTERS:]
    is_new = person is not None and person not in context
    query = f"{context} {person} {text}" if is_new else f"{context} {text}"
    told = " — ".join(filter(None, (person, _quoted(before.thread, language))))
    return Completion(query, f"{text} ({told})", kind, before.thread)


def _is_question(turn: Turn) -> bool:
    """Whether a reader's message asks something: «thanks» and «hello» begin no thread."""
    return turn.role == "user" and (
        "?" in turn.text or asks_in_words(turn.text) or len(content_stems(turn.text, None)) > 2
    )


def _before(previous: str, history: Sequence[Turn]) -> Completion:
    """The question before, itself completed; only so many are read back."""
    language = detect_language(previous) or "en"
    recent = history[-2 * THREAD_QUESTIONS :]
    completed = complete(previous, language, recent) if recent else None
    alone = new_subject(previous) or previous
    return completed or Completion(alone, alone, expected_kind(alone, language), alone)


def _answer_text(turns: Sequence[Turn]) -> str:
    """What was answered, a sentence a line, without citation numbers; nothing of a refusal."""
    replies = [
        turn.text for turn in turns if turn.role == "assistant" and not turn.text.startswith(tuple(REFUSAL.values()))
    ]
    return "\n".join(re.sub(r"\s*(?:\[\d+\])+", "\n", reply) for reply in replies)


def _in_language(text: str, written: str, wanted: str) -> str:
    """Words of one language for a query in the other; English words pass a French reading as they are."""
    if written == wanted:
        return text
    if written == "fr":
        return in_english(text, "fr")
    return " ".join(word.surface for word in words(text) if is_content(word.surface, written))


def _quoted(question: str, language: str) -> str:
    short = question if len(question) <= SHOWN_CHARACTERS else f"{question[:SHOWN_CHARACTERS].rstrip()}…"
    return f"« {short} »" if language == "fr" else f"“{short}”"


_PREPOSITION = re.compile(
    r"^(?:in|on|at|to|from|by|for|of|under|with|about|since|during|before|after|en|a|au|aux|dans|pour|de|du|des|chez|sur|"
    r"depuis|pendant|avant|apres|par|avec|contre|l'|le|la|les|the)\b"
)


def _put_in_place(short: str, language: str, previous: str, previous_language: str) -> str | None:
    """The previous question with its date, or its name, replaced by the one in `short`; None where nothing fits."""
    if expected_kind(short, language) != "other":
        return None
    # A name that a short question opens with counts: «Toyota?» is all there is.
    places = (
        (_date_spans(short, language), _date_spans(previous, previous_language)),
        (_name_spans(short, language, is_whole=True), _name_spans(previous, previous_language)),
    )
    for new, old in places:
        if len(new) != 1 or not old:
            continue
        start, end = new[0]
        before, after = short[:start].strip(), short[end:].strip()
        if after or (before and not _PREPOSITION.match(fold(before))) or len(before.split()) > 2:
            continue
        slot = _slot(before, previous, old, language == previous_language)
        if slot:
            old_start, old_end = slot
            if before and language == previous_language:
                start, old_start = 0, old_start - len(_leading_preposition(previous[:old_start]))
            return f"{previous[:old_start]}{short[start:end]}{previous[old_end:]}"
    return None


def _date_spans(text: str, language: str) -> list[tuple[int, int]]:
    return [(figure.start, figure.end) for figure in find_figures(text, language) if figure.kind == "date"]


def _name_spans(text: str, language: str, is_whole: bool = False) -> list[tuple[int, int]]:
    spans, start = [], 0
    for name in names(f"the {text}" if is_whole else text, language):
        start = text.find(name, start)
        if start < 0:
            break
        spans.append((start, start + len(name)))
        start += len(name)
    return spans


_PLACE_PREPOSITIONS = frozenset("in at en a au aux dans".split())


def _leading_preposition(before: str) -> str:
    """The preposition, with its article and spaces, that a text ends with."""
    match = re.search(r"(?:^|(?<=\s))(?:[\w]+ )?(?:the |la |le |les |l'|l’)?$", before)
    found = match.group() if match else ""
    return found if found and _PREPOSITION.match(fold(found)) else ""


def _slot(before: str, previous: str, old: Sequence[tuple[int, int]], is_same_language: bool) -> tuple[int, int] | None:
    """Which of the old spans is meant: the one behind the same preposition, or the only one."""
    if before and is_same_language:
        wanted = fold(before).split()[0]
        for start, end in old:
            lead = fold(_leading_preposition(previous[:start])).split()[:1]
            if lead and (lead[0] == wanted or {lead[0], wanted} <= _PLACE_PREPOSITIONS):
                return start, end
        return None
    return old[0] if len(old) == 1 else None

"""What readers said of answers in the web chat → lines of a questions file.

    a good answer            a question that the articles cited answer, those cited wrongly left out
    a good refusal           a question that no article answers
    a bad answer, or one     a line to be edited: its kind, «to edit», is passed over by a run until somebody has
    whose citations are all  named the right articles and made it «answerable»
    wrong

The conversations are read from the file that the chat keeps beside the archive, where a turn is JSON as the chat
exports it. Whose a conversation is, is not looked at: what is asked about is the answer.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

from eval.errors import EvaluationError
from eval.question_sets import ANSWERABLE, FOLLOWUP, UNANSWERABLE
from rag import Archive
from rag.words import normalise

__all__ = ["TO_EDIT", "feedback_lines"]

TO_EDIT = "to edit"
_CONVERSATIONS_FILE = "conversations.sqlite3"


def feedback_lines(archive: Archive) -> list[dict[str, Any]]:
    """One line for each answer that somebody has said something of, oldest conversation first.

    Raises `EvaluationError` where nobody has, or the conversations can't be read.
    """
    path = archive.folder / _CONVERSATIONS_FILE
    if not path.exists():
        raise EvaluationError(f"There are no conversations in '{archive.folder}': ask in `gazette chat` first.")
    try:
        lines = [
            _line(f"feedback-{conversation[:8]}-{position}", turn, before, archive)
            for conversation, position, turn, before in _turns(path)
            if turn.get("feedback") and turn.get("answer")
        ]
    except (sqlite3.Error, ValueError, KeyError, TypeError) as error:
        raise EvaluationError(f"The conversations in '{path}' can't be read ({error}).") from error
    if not lines:
        raise EvaluationError(f"Nobody has said what they think of an answer in '{archive.folder}' yet.")
    return lines


def _turns(path: Path) -> Iterator[tuple[str, int, dict[str, Any], dict[str, Any] | None]]:
    """The conversation's id, the position, the turn and the one before it."""
    with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as database:
        is_by_owner = database.execute("PRAGMA user_version").fetchone()[0] >= 1
        owner, same_owner = ("turns.owner", "AND turns.owner = conversations.owner") if is_by_owner else ("''", "")
        rows = database.execute(
            f"SELECT {owner}, conversation, position, turn FROM turns JOIN conversations ON id = conversation "
            f"{same_owner} ORDER BY changed, 1, conversation, position"
        ).fetchall()
    before: tuple[tuple[str, str], dict[str, Any]] | None = None
    for owner_found, conversation, position, written in rows:
        turn, here = json.loads(written), (owner_found, conversation)
        yield conversation, position, turn, before[1] if before and before[0] == here else None
        before = here, turn


def _line(identity: str, turn: Mapping[str, Any], before: Mapping[str, Any] | None, archive: Archive) -> dict[str, Any]:
    answer, said = turn["answer"], {one["citation"]: one for one in turn["feedback"]}
    wrong = {number for number, one in said.items() if one["verdict"] == "wrong"}
    cited = [citation for citation in answer["citations"] if citation["number"] not in wrong]
    right = [citation for citation in cited if archive.article(citation["article"]["id"])]
    is_good = said.get(0, {}).get("verdict") == "up"
    line: dict[str, Any] = {"id": identity, **_asked(turn, before)}
    if is_good and answer["refused"]:
        line["kind"] = UNANSWERABLE
    elif not is_good or not right:
        line["kind"] = TO_EDIT
    if line["kind"] != UNANSWERABLE:
        line["articles"] = _distinct(citation["article"]["id"] for citation in right)
        # A quote from before its article changed bears nothing out any more.
        for citation in right if is_good else ():
            article = archive.article(citation["article"]["id"])
            quote = normalise(citation["quote"])
            if article and quote and quote in normalise(article.text):
                line.setdefault(f"evidence_{article.language or 'en'}", []).append(quote)
    if wrong:
        line["wrong"] = _distinct(
            citation["article"]["id"] for citation in answer["citations"] if citation["number"] in wrong
        )
    line["answer_given"] = answer["text"]
    if notes := [one["note"] for one in turn["feedback"] if one["note"]]:
        line["notes"] = notes
    return line


def _asked(turn: Mapping[str, Any], before: Mapping[str, Any] | None) -> dict[str, Any]:
    """The kind and the question, in the language that it was answered in; a follow-up with what it follows."""
    answer = turn["answer"]
    language = answer["language"]
    if not answer.get("completed"):
        return {"kind": ANSWERABLE, f"q_{language}": turn["question"]}
    if before is None:
        return {"kind": ANSWERABLE, f"q_{language}": answer["completed"]}
    return {
        "kind": FOLLOWUP,
        f"q_{language}": turn["question"],
        f"first_{language}": before["question"],
        f"standalone_{language}": answer["completed"],
    }


def _distinct(ids: Iterator[str]) -> list[str]:
    return list(dict.fromkeys(ids))

"""What readers said in the web chat becomes a questions file that a run reads."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from eval.errors import EvaluationError
from eval.feedback import TO_EDIT, feedback_lines
from eval.question_sets import ANSWER_KINDS, read_questions
from rag import Archive, Article
from rag.records import Answer, Citation
from ui.command_line import main
from ui.conversations.feedback import Feedback
from ui.conversations.kept import OwnConversations
from ui.conversations.store import NOBODY, ConversationStore
from ui.conversations.turns import Turn

HARBOUR = Article("h1", "The harbour", "It has 12 cranes. It reopens on Monday.", language="en")
SCHOOL = Article("s1", "L’école", "L’école d’Évry compte 300 élèves.", language="fr")
GONE = Article("g1", "Gone", "It was here.", language="en")


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    with Archive.open(tmp_path / "archive", encoder="hashing-16") as opened:
        opened.add([HARBOUR, SCHOOL])
        yield opened


@pytest.fixture
def store(archive: Archive) -> OwnConversations:
    return OwnConversations(ConversationStore(archive.folder / "conversations.sqlite3"), NOBODY)


def answered(question: str, *articles: Article, completed: str | None = None) -> Turn:
    citations = tuple(Citation(number, article, 0, 17) for number, article in enumerate(articles, start=1))
    answer = Answer(question, "So it is.", "en", citations, (), refused=not articles, completed=completed)
    return Turn(question, "done", answer.text, answer=answer)


def keep(store: OwnConversations, conversation: str, *turns: tuple[Turn, tuple[Feedback, ...]]) -> None:
    for turn, said in turns:
        position = store.append(conversation, turn)
        for one in said:
            assert store.judge(conversation, position, one)


def test_liked_answers_become_questions_without_the_citations_marked_wrong(
    archive: Archive, store: OwnConversations
) -> None:
    up, wrong = Feedback("up", note="Yes"), Feedback("wrong", 2, "Not about cranes")
    keep(
        store,
        "a" * 32,
        (answered("How many cranes?", HARBOUR, SCHOOL), (up, wrong)),
        (answered("When does it reopen?", HARBOUR, completed="When does the harbour reopen?"), (up,)),
        (answered("Who won in 1962?"), (Feedback("up"),)),
        (answered("Nobody judged this?", HARBOUR), ()),
    )
    first, second, third = feedback_lines(archive)
    assert first == {
        "id": "feedback-aaaaaaaa-0",
        "kind": "answerable",
        "q_en": "How many cranes?",
        "articles": ["h1"],
        "evidence_en": ["It has 12 cranes."],
        "wrong": ["s1"],
        "answer_given": "So it is.",
        "notes": ["Yes", "Not about cranes"],
    }
    assert (second["kind"], second["first_en"]) == ("followup", "How many cranes?")
    assert second["standalone_en"] == "When does the harbour reopen?"
    assert third["kind"] == "unanswerable"
    assert "articles" not in third


def test_what_is_bad_wrong_or_gone_is_to_be_edited(archive: Archive, store: OwnConversations) -> None:
    keep(
        store,
        "b" * 32,
        (answered("How many cranes?", HARBOUR), (Feedback("down", note="It has 13"),)),
        (answered("How many pupils?", HARBOUR), (Feedback("up"), Feedback("wrong", 1))),
        (answered("What was here?", GONE), (Feedback("up"),)),
        (answered("Who won?"), (Feedback("down"),)),
    )
    lines = feedback_lines(archive)
    assert [line["kind"] for line in lines] == [TO_EDIT] * 4
    assert [line["articles"] for line in lines] == [["h1"], [], [], []]
    assert not any("evidence_en" in line for line in lines)


def test_quotes_of_an_article_that_has_changed_are_no_evidence(archive: Archive, store: OwnConversations) -> None:
    keep(store, "c" * 32, (answered("How many cranes?", HARBOUR), (Feedback("up"),)))
    archive.add(replace(HARBOUR, text="It has 13 cranes by now."))
    (line,) = feedback_lines(archive)
    assert line["articles"] == ["h1"]
    assert "evidence_en" not in line


def test_the_command_writes_a_file_that_a_run_reads(
    archive: Archive, store: OwnConversations, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    keep(
        store,
        "d" * 32,
        (answered("How many cranes?", HARBOUR), (Feedback("up"),)),
        (answered("Who won?", HARBOUR), (Feedback("down"),)),
    )
    file = tmp_path / "q.jsonl"
    command = ["eval", "questions", str(file), "--archive", str(archive.folder), "--from-feedback"]
    assert main(command) == 0
    assert "2 answers that readers judged" in capsys.readouterr().out
    (row,) = read_questions(file, ANSWER_KINDS)
    assert (row.articles, row.text_by_language) == (("h1",), {"en": "How many cranes?"})
    assert [json.loads(line)["kind"] for line in file.read_text("utf-8").splitlines()] == ["answerable", TO_EDIT]
    assert main(command) == 1  # what may have been edited is not written over
    out = str(tmp_path / "out")
    assert main(["eval", "retrieval", str(archive.folder), "--questions", str(file), "--out", out]) == 0


def test_without_any_feedback_that_is_said(archive: Archive, store: OwnConversations) -> None:
    with pytest.raises(EvaluationError, match="Nobody has said"):
        feedback_lines(archive)


def test_without_any_conversation_that_is_said(archive: Archive) -> None:
    with pytest.raises(EvaluationError, match="no conversations"):
        feedback_lines(archive)

"""Drafted questions: marked, answerable, the same for the same seed, and read again as a questions file."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from langchain_core.language_models import FakeListChatModel

from eval import EvaluationError, draft_questions, open_collection, run_retrieval, write_questions
from eval.drafting import GAP
from rag import Archive, Article
from rag.sample import sample_folder
from rag.words import normalise

TEXT = "The ministers signed the treaty in Paris on Friday. Nobody wished to say more about it."


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Archive]:
    with Archive.open(tmp_path_factory.mktemp("drafting") / "archive", encoder="hashing-64") as archive:
        archive.add(sample_folder())
        yield archive


def one_article(folder: Path) -> Archive:
    archive = Archive.open(folder / "one", encoder="hashing-16")
    archive.add(Article("a1", "Treaty", TEXT, language="en"))
    return archive


def test_a_cloze_question_is_a_sentence_of_its_article_with_the_answer_left_out(sample: Archive) -> None:
    cloze = [question for question in draft_questions(sample, count=30) if question.kind == "cloze"]
    assert len(cloze) == 15
    for question in cloze:
        (text,) = question.text_by_language.values()
        assert text.count(GAP) == 1
        assert text.replace(GAP, str(question.answer)) == question.evidence
        assert str(question.evidence) in normalise(question.article.text)
        assert str(question.answer) not in text


def test_title_questions_are_titles(sample: Archive) -> None:
    titles = [question for question in draft_questions(sample, count=30) if question.kind == "title"]
    assert titles
    assert all(list(q.text_by_language.values()) == [normalise(q.article.title)] for q in titles)


def test_no_question_is_drafted_twice_however_many_are_asked_for(sample: Archive) -> None:
    texts = [next(iter(question.text_by_language.values())) for question in draft_questions(sample, count=1000)]
    assert len(texts) > len(sample.articles())
    assert len(set(texts)) == len(texts)


def test_the_same_seed_drafts_the_same(sample: Archive) -> None:
    assert draft_questions(sample, count=10, seed=2) == draft_questions(sample, count=10, seed=2)
    assert draft_questions(sample, count=10, seed=2) != draft_questions(sample, count=10, seed=3)


def test_drafted_questions_are_marked_and_can_be_asked_at_once(sample: Archive, tmp_path: Path) -> None:
    path = tmp_path / "questions.jsonl"
    write_questions(draft_questions(sample, count=20), path)
    lines = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    assert all(line["synthetic"] is True for line in lines)
    assert len({line["id"] for line in lines}) == 20

    (run,) = run_retrieval(open_collection(sample.folder, path), systems=["lexical"])

    assert run.notes == ("20 of 20 questions are synthetic: no person wrote them.",)
    assert sum(question.values["Success@5"] for question in run.questions) >= 18
    assert {question.type for question in run.questions} == {"cloze", "title"}
    assert [question.values["Evidence@5"] for question in run.questions if question.type == "cloze"].count(1) >= 8


def test_a_file_that_may_have_been_edited_is_not_overwritten(sample: Archive, tmp_path: Path) -> None:
    path = tmp_path / "questions.jsonl"
    path.write_text("mine")
    with pytest.raises(EvaluationError, match="is there already"):
        write_questions(draft_questions(sample, count=1), path)
    assert path.read_text() == "mine"


def test_a_model_asks_in_both_languages(tmp_path: Path) -> None:
    reply = {"q_en": "Where did they sign?", "q_fr": "Où ont-ils signé ?", "answer": "Paris"}
    model = FakeListChatModel(responses=[f"Here it is:\n```json\n{json.dumps(reply)}\n```"])
    with one_article(tmp_path) as archive:
        (question,) = draft_questions(archive, count=1, model=model)
    assert question.text_by_language == {"en": "Where did they sign?", "fr": "Où ont-ils signé ?"}
    assert question.evidence == "The ministers signed the treaty in Paris on Friday."


@pytest.mark.parametrize(
    "reply",
    [
        "I would rather not.",
        "{not json}",
        '{"q_en": "Where?", "answer": "Paris"}',
        '{"q_en": "Where?", "q_fr": "Où ?", "answer": "Vienna"}',
        '{"q_en": "Where?", "q_fr": "Où ?", "answer": ""}',
    ],
)
def test_a_reply_that_cannot_be_used_is_left_out(tmp_path: Path, reply: str) -> None:
    with one_article(tmp_path) as archive, pytest.raises(EvaluationError, match="could be made a question of"):
        draft_questions(archive, count=1, model=FakeListChatModel(responses=[reply]))


def test_an_empty_archive_has_nothing_to_ask(tmp_path: Path) -> None:
    with Archive.open(tmp_path / "empty") as archive, pytest.raises(EvaluationError, match="has no article"):
        draft_questions(archive)

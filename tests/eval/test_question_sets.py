"""Questions files and BEIR folders: what is read, and which line is wrong and why."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from eval import EvaluationError, open_collection
from eval.beir import read_beir
from eval.question_sets import ANSWER_KINDS, read_questions
from eval.resolving import resolve_questions
from rag import Article
from tests.eval.small import write_beir

ARTICLES = [
    Article(
        "bbc.1.en", "Vote", "Elin Jones is to submit a bill. Nobody else may.", language="en", path="/x/vote.jsonl"
    ),
    Article("bbc.1.fr", "Vote", "Elin Jones doit déposer une «\u00a0loi\u00a0». Personne d’autre.", language="fr"),
    Article("bbc.11.en", "Other", "Another article.", language="en", path="/x/2014-04-02-other.html"),
]


def questions_file(folder: Path, *records: object) -> Path:
    path = folder / "questions.jsonl"
    path.write_text("".join((r if isinstance(r, str) else json.dumps(r)) + "\n" for r in records), encoding="utf-8")
    return path


def test_a_question_is_asked_in_each_of_its_languages(tmp_path: Path) -> None:
    path = questions_file(
        tmp_path,
        {"id": "a", "q_en": "Who?", "q_fr": "Qui ?", "story": "bbc.1", "type": "person"},
        {"id": "b", "q_fr": "Quoi ?", "article": "2014-04-02"},
    )
    questions = resolve_questions(path, read_questions(path), ARTICLES)
    assert [(q.id, q.language, sorted(q.relevance), q.type) for q in questions] == [
        ("a.en", "en", ["bbc.1.en", "bbc.1.fr"], "person"),
        ("a.fr", "fr", ["bbc.1.en", "bbc.1.fr"], "person"),
        ("b", "fr", ["bbc.11.en"], None),
    ]


def test_evidence_is_found_in_the_articles_own_language_whatever_its_quotation_marks(tmp_path: Path) -> None:
    path = questions_file(
        tmp_path,
        {
            "id": "a",
            "q_en": "Who?",
            "articles": ["bbc.1.en", "bbc.1.fr"],
            "evidence_en": ["Elin Jones is to submit a bill."],
            "evidence_fr": ['elin jones doit deposer une "loi".', "Cela n’y est pas."],
        },
    )
    (question,) = resolve_questions(path, read_questions(path), ARTICLES)
    texts = {article.id: article.text for article in ARTICLES}
    found = {place.article_id: texts[place.article_id][place.start : place.end] for place in question.evidence}
    assert found == {
        "bbc.1.en": "Elin Jones is to submit a bill",
        "bbc.1.fr": "Elin Jones doit déposer une «\u00a0loi",
    }


def test_questions_without_an_answer_are_left_out(tmp_path: Path) -> None:
    path = questions_file(
        tmp_path, {"id": "a", "kind": "unanswerable", "q_en": "Who?"}, {"id": "b", "q_en": "What?", "articles": ["x"]}
    )
    assert [row.id for row in read_questions(path)] == ["b"]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("{", "line 2 is no JSON: "),
        ("[1]", "line 2 is no JSON object"),
        ('{"q_en": "Who?", "articles": ["x"]}', "line 2: the id None is no word"),
        ('{"id": "b c", "q_en": "Who?", "articles": ["x"]}', "line 2: the id 'b c' is no word"),
        ('{"id": "b", "articles": ["x"]}', "line 2: «b» has no question"),
        ('{"id": "b", "q_en": 7, "articles": ["x"]}', "line 2: q_en of «b» is no text"),
        ('{"id": "b", "q_en": "Who?"}', "line 2: «b» names no article"),
        ('{"id": "b", "q_en": "Who?", "articles": [3]}', "line 2: «b» names no article"),
        ('{"id": "a", "q_en": "Who?", "articles": ["x"]}', "line 2: the id «a» stands in line 1 too"),
    ],
)
def test_a_bad_line_is_named_with_the_reason(tmp_path: Path, line: str, reason: str) -> None:
    path = questions_file(tmp_path, {"id": "a", "q_en": "Who?", "articles": ["x"]}, line)
    with pytest.raises(EvaluationError) as raised:
        read_questions(path)
    assert reason in str(raised.value)


def test_a_file_in_another_encoding_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "questions.jsonl"
    path.write_bytes('{"id": "a", "q_fr": "Où ?", "articles": ["x"]}\n'.encode("cp1252"))
    with pytest.raises(EvaluationError, match="is not UTF-8 after line"):
        read_questions(path)


def test_an_article_that_nobody_has_is_named_with_the_line(tmp_path: Path) -> None:
    path = questions_file(tmp_path, {"id": "a", "q_en": "Who?", "articles": ["bbc.2"]})
    with pytest.raises(EvaluationError, match=r"line 1: no article is called «bbc\.2»"):
        resolve_questions(path, read_questions(path), ARTICLES)


def test_an_empty_file_holds_no_question(tmp_path: Path) -> None:
    with pytest.raises(EvaluationError, match="holds no answerable question"):
        read_questions(questions_file(tmp_path))


def test_what_answers_and_what_should_be_refused_is_read(tmp_path: Path) -> None:
    path = questions_file(
        tmp_path,
        {"id": "a", "q_en": "Who?", "articles": ["bbc.1"], "a_en": ["Ann"], "answer_fr": "Anne", "answer": []},
        {"id": "u", "kind": "unanswerable", "q_en": "Who?", "article": None, "answer_en": []},
        {
            "id": "f",
            "kind": "followup",
            "first_en": "Who came?",
            "q_en": "And when?",
            "standalone_en": "When did Ann come?",
            "article": "bbc.1",
        },
    )
    rows = read_questions(path, ANSWER_KINDS)
    assert [row.accepted for row in rows] == [{"en": ("Ann",), "fr": ("Anne",)}, {}, {}]
    answerable, refusable, followup, alone = resolve_questions(path, rows, ARTICLES)
    assert answerable.accepted == ({"en": ("Ann",), "fr": ("Anne",)},)
    assert (refusable.relevance, refusable.has_answer) == ({}, False)
    assert (followup.id, followup.text, followup.after) == ("f", "And when?", "Who came?")
    assert (alone.id, alone.text, alone.after, alone.kind) == ("f.alone", "When did Ann come?", None, "standalone")
    assert [row.id for row in read_questions(path)] == ["a"]


@pytest.mark.parametrize(
    ("record", "reason"),
    [
        ({"q_en": "Who?", "articles": ["bbc.1"], "a_en": 3}, "a_en of «x» is no list of texts"),
        ({"q_en": "Who?", "articles": ["bbc.1"], "a_fr": ["Ann", " "]}, "a_fr of «x» is no list of texts"),
        (
            {"q_en": "Who?", "articles": ["bbc.1"], "kind": "followup"},
            "the follow-up «x» needs first_… and standalone_…",
        ),
        (
            {"kind": "followup", "q_en": "Who?", "first_en": "Why?", "standalone_fr": "Qui ?", "articles": ["bbc.1"]},
            "the follow-up «x» needs first_… and standalone_…",
        ),
        ({"q_en": "Who?", "kind": "followup", "first_en": 3, "articles": ["bbc.1"]}, "first_en of «x» is no text"),
    ],
)
def test_a_bad_line_about_answers_is_named(tmp_path: Path, record: dict[str, object], reason: str) -> None:
    good = {"id": "a", "q_en": "Who?", "articles": ["bbc.1"]}
    path = questions_file(tmp_path, good, {"id": "x", **record})
    with pytest.raises(EvaluationError) as raised:
        read_questions(path, ANSWER_KINDS)
    assert f"line 2: {reason}" in str(raised.value)


def test_a_beir_folder_is_read(tmp_path: Path) -> None:
    questions = read_beir(write_beir(tmp_path / "small"))
    assert [question.id for question in questions] == ["q1", "q2", "q3"]
    assert (questions[0].language, questions[0].relevance) == ("en", {"treaty": 1})


def test_a_query_judged_irrelevant_alone_is_left_out(tmp_path: Path) -> None:
    folder = write_beir(tmp_path / "small")
    judgements = folder / "qrels" / "test.tsv"
    judgements.write_text(judgements.read_text().replace("q2\tbridge\t1", "q2\tbridge\t0"))
    assert [question.id for question in read_beir(folder)] == ["q1", "q3"]


@pytest.mark.parametrize(
    ("file", "line", "reason"),
    [
        ("qrels/test.tsv", "q1 treaty 1\n", "test.tsv' line 5 is no «query-id, corpus-id, score»"),
        ("qrels/test.tsv", "q1\ttreaty\tyes\n", "test.tsv' line 5 is no «query-id, corpus-id, score»"),
        ("qrels/test.tsv", "q9\ttreaty\t1\n", "judges the query «q9», which queries.jsonl lacks"),
        ("queries.jsonl", '{"_id": "q4"}\n', "queries.jsonl' line 4 holds no _id and text"),
        ("queries.jsonl", '{"_id": "q1", "text": "Who?"}\n', "queries.jsonl' line 4: the _id «q1» stands twice"),
        ("queries.jsonl", "oops\n", "queries.jsonl' line 4 is no JSON"),
    ],
)
def test_a_bad_line_of_a_beir_folder_is_named(tmp_path: Path, file: str, line: str, reason: str) -> None:
    folder = write_beir(tmp_path / "small")
    with (folder / file).open("a") as stream:
        stream.write(line)
    with pytest.raises(EvaluationError) as raised:
        read_beir(folder)
    assert reason in str(raised.value)


@pytest.mark.parametrize("missing", ["corpus.jsonl", "queries.jsonl", "qrels/test.tsv"])
def test_what_a_beir_folder_lacks_is_named(tmp_path: Path, missing: str) -> None:
    folder = write_beir(tmp_path / "small")
    (folder / missing).unlink()
    with pytest.raises(EvaluationError, match=missing.split("/")[0].replace(".", r"\.")):
        open_collection(folder)


def test_articles_without_questions_are_no_collection(tmp_path: Path) -> None:
    (tmp_path / "article.txt").write_text("A title\n\nA text of some length that can be read.")
    with pytest.raises(EvaluationError, match="give its questions with --questions FILE"):
        open_collection(tmp_path)

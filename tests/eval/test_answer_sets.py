"""Question sets of the field, in files of their formats written by hand."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from eval import EvaluationError, open_collection, run_answers, run_retrieval
from eval.answer_sets import is_answer_set, read_answer_set

RIGHT = "Mara Quill opened the lighthouse of Port Ellery in 1911."
FURTHER = "The lighthouse of Port Ellery, the work of Mara Quill, is of granite."
NOISE = [f"The market hall number {number} sells cloth and copper pans." for number in range(1, 7)]
ASQA = {
    "question": "Who opened the lighthouse of Port Ellery, and when?",
    "qa_pairs": [
        {"question": "Who?", "short_answers": ["Mara Quill", "M. Quill"]},
        {"question": "When?", "short_answers": ["1911"]},
    ],
    "docs": [{"title": "Port Ellery", "text": RIGHT}, *({"title": "Market", "text": text} for text in NOISE)],
}
NOISY = {
    "id": 7,
    "query": "Who opened the lighthouse of Port Ellery?",
    "answer": [["Mara Quill", "M. Quill"]],
    "positive": [RIGHT, FURTHER],
    "negative": NOISE,
}
INTEGRATED = {
    "id": 8,
    "query": "Who opened the lighthouse of Port Ellery, and what is it made of?",
    "answer": [["Mara Quill"], ["granite"]],
    "positive": [[RIGHT], [FURTHER, "Granite was brought by ship to Port Ellery."]],
    "negative": NOISE,
}


def alce_file(folder: Path, *records: object) -> Path:
    (folder / "asqa.json").write_text(json.dumps(records))
    return folder / "asqa.json"


def rgb_file(folder: Path, *records: object) -> Path:
    (folder / "en.json").write_text("".join(json.dumps(record) + "\n" for record in records))
    return folder / "en.json"


def test_a_question_of_alce_is_asked_of_its_first_five_documents(tmp_path: Path) -> None:
    (posed,) = read_answer_set(alce_file(tmp_path, ASQA))
    assert [article.text for article in posed.articles] == [RIGHT, *NOISE[:4]]
    assert [article.title for article in posed.articles[:2]] == ["Port Ellery", "Market"]
    assert posed.question.accepted == ({"any": ("Mara Quill", "M. Quill")}, {"any": ("1911",)})


def test_the_list_answers_of_qampari_are_parts(tmp_path: Path) -> None:
    record = {"question": "Which?", "answers": [["a", "b"], ["c"]], "docs": [{"title": "", "text": "a and c"}]}
    (posed,) = read_answer_set(alce_file(tmp_path, record))
    assert posed.question.accepted == ({"any": ("a", "b")}, {"any": ("c",)})


def test_a_question_of_rgb_is_asked_with_more_and_more_noise_and_of_noise_alone(tmp_path: Path) -> None:
    posed = {one.question.id: one for one in read_answer_set(rgb_file(tmp_path, NOISY))}
    # Two documents answer, so at least three others fill the five up.
    counts = {id_: (len(one.question.relevance), len(one.articles)) for id_, one in posed.items()}
    assert counts == {
        "q7.noise0": (2, 5),
        "q7.noise0.2": (2, 5),
        "q7.noise0.4": (2, 5),
        "q7.noise0.6": (2, 5),
        "q7.noise0.8": (1, 5),
        "q7.negative": (0, 5),
    }
    assert [one.question.type for one in posed.values()][:2] == ["noise 0", "noise 0.2"]
    assert posed["q7.negative"].question.kind == "unanswerable"
    assert {article.text for article in posed["q7.negative"].articles} == set(NOISE[:5])


def test_integration_takes_some_of_each_part(tmp_path: Path) -> None:
    posed = read_answer_set(rgb_file(tmp_path, INTEGRATED))
    assert [one.question.id for one in posed] == ["q8.integration0", "q8.integration0.2", "q8.integration0.4"]
    for one in posed:
        assert [article.text for article in one.articles[:2]] == [RIGHT, FURTHER]
        assert len(one.articles) == 5
        assert len(one.question.accepted) == 2


def test_answers_given_as_texts_are_read(tmp_path: Path) -> None:
    single, several = ({**NOISY, "answer": answer} for answer in ("Mara Quill", ["Mara Quill", "1911"]))
    assert read_answer_set(rgb_file(tmp_path, single))[0].question.accepted == ({"any": ("Mara Quill",)},)
    assert len(read_answer_set(rgb_file(tmp_path, several))[0].question.accepted) == 2


def test_such_files_are_measured_each_question_on_its_own_documents(tmp_path: Path) -> None:
    collection = open_collection(rgb_file(tmp_path, {**NOISY, "negative": NOISE[:1]}))
    (run,) = run_answers(collection, encoder="hashing-512")
    values = {question.id: question.values for question in run.questions}
    assert values["q7.noise0"]["Right answer"] == values["q7.noise0"]["Right article"] == 1
    assert "Refused" in values["q7.negative"]
    assert all(article.id.startswith(question.id) for question in run.questions for article in question.found)
    (run,) = run_answers(open_collection(alce_file(tmp_path, ASQA)), encoder="hashing-512")
    assert run.questions[0].values["Right answer"] == run.questions[0].values["Whole answer"] == 1


def test_such_a_file_is_no_question_set_for_searching(tmp_path: Path) -> None:
    with pytest.raises(EvaluationError, match="measure it with `gazette eval answers`"):
        run_retrieval(open_collection(alce_file(tmp_path, ASQA)))


def test_other_files_are_not_taken_for_one(tmp_path: Path) -> None:
    (tmp_path / "articles.jsonl").write_text('{"_id": "a", "title": "A", "text": "B"}\n')
    (tmp_path / "list.json").write_text('[{"title": "A"}]')
    (tmp_path / "broken.jsonl").write_text("{oops\n")
    assert not any(is_answer_set(path) for path in [tmp_path, *tmp_path.iterdir()])


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"docs": []}, "question 2: it has no document"),
        ({"docs": [{"title": "no text"}]}, "question 2: it has no 'text'"),
        ({"question": " "}, "question 2: it asks nothing"),
        ({"qa_pairs": [{"short_answers": []}]}, "question 2: an answer is no text"),
    ],
)
def test_a_bad_question_of_alce_is_named(tmp_path: Path, change: dict[str, object], said: str) -> None:
    with pytest.raises(EvaluationError) as raised:
        read_answer_set(alce_file(tmp_path, ASQA, {**ASQA, **change}))
    assert said in str(raised.value)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ({**NOISY, "answer": [3]}, "line 2: an answer is no text"),
        ({key: value for key, value in NOISY.items() if key != "query"}, "line 2: it has no 'query'"),
        ("oops", "line 2 is no JSON object"),
    ],
)
def test_a_bad_line_of_rgb_is_named(tmp_path: Path, line: object, said: str) -> None:
    with pytest.raises(EvaluationError) as raised:
        read_answer_set(rgb_file(tmp_path, NOISY, line))
    assert said in str(raised.value)

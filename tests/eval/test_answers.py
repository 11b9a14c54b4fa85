"""Whole runs of the assistant over a small archive: what is asked, measured, saved, resumed."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from eval import (
    ANSWER_KINDS,
    Asking,
    Collection,
    EvaluationError,
    QuestionResult,
    Run,
    compare,
    load_run,
    open_collection,
    run_answers,
    run_retrieval,
)
from eval.archives import draw_hidden
from eval.asking import run_folder
from eval.question_sets import Question
from tests.eval.small import CORPUS, write_news
from tests.rag.newsroom import ScriptedModel

ENCODER = "all-MiniLM-L6-v2"


@pytest.fixture(scope="module")
def news(tmp_path_factory: pytest.TempPathFactory) -> Collection:
    articles, questions = write_news(tmp_path_factory.mktemp("news"))
    return open_collection(articles, questions, kinds=ANSWER_KINDS)


@pytest.fixture(scope="module")
def saved(news: Collection, tmp_path_factory: pytest.TempPathFactory) -> tuple[Run, Path]:
    folder = tmp_path_factory.mktemp("saved")
    return run_answers(news, encoder=ENCODER, folder=folder)[0], folder


def without_times(run: Run) -> Run:
    questions = tuple(
        replace(question, latency_ms=None, answer=question.answer and replace(question.answer, stages={}))
        for question in run.questions
    )
    return replace(run, questions=questions, created="", costs=replace(run.costs, index_seconds=None, archive_bytes=0))


def by_id(run: Run) -> dict[str, QuestionResult]:
    return {question.id: question for question in run.questions}


def test_every_question_is_asked_in_its_languages_and_follow_ups_on_their_own_too(saved: tuple[Run, Path]) -> None:
    kinds = {question.id: question.answer.kind for question in saved[0].questions if question.answer}
    assert kinds == {
        "signed.en": "answerable",
        "signed.fr": "answerable",
        "harvest": "answerable",
        "price": "unanswerable",
        "lent": "followup",
        "lent.alone": "standalone",
    }


def test_a_right_answer_is_measured_and_kept(saved: tuple[Run, Path]) -> None:
    found = by_id(saved[0])["signed.en"]
    assert found.answer is not None
    assert CORPUS["treaty"] in found.answer.text
    assert found.answer.expected == ("Paris",)
    assert found.values["Right answer"] == found.values["Right article"] == found.values["Verbatim"] == 1
    assert found.found[0].passage == CORPUS["treaty"]
    assert list(found.answer.stages) == ["search", "choose", "check", "compare", "rest", "total"]
    *stages, total = (computed for _, computed in found.answer.stages.values())
    assert sum(stages) == pytest.approx(total, abs=0.01)
    assert found.article_language == "en"


def test_a_follow_up_is_asked_with_what_was_said_before(saved: tuple[Run, Path]) -> None:
    """«And in which city is it?» finds nothing by itself."""
    found = by_id(saved[0])["lent"]
    assert found.values["Follow-up"] == by_id(saved[0])["lent.alone"].values["Stand-alone"] == 1


def test_the_systems_differ_where_they_should(news: Collection) -> None:
    extractive, uncompleted = run_answers(news, systems=["extractive", "uncompleted"], encoder=ENCODER)
    differ = {
        question.id
        for question, other in zip(extractive.questions, uncompleted.questions, strict=True)
        if question.answer and other.answer and question.answer.text != other.answer.text
    }
    assert differ == {"lent"}
    differences = compare([extractive, uncompleted]).groups[0].differences
    assert {one.measure: one.value for one in differences if one.value} == {"Follow-up": -1}


def test_a_chat_model_is_asked_and_its_citations_judged(news: Collection) -> None:
    model = ScriptedModel(reply="The ministers signed it in Paris [1]. They flew to Lima [1].")
    (run,) = run_answers(news, systems=["model"], asking=Asking(model, strict=False), encoder=ENCODER)
    assert run.settings.options == ("model ScriptedModel",)
    found = by_id(run)["signed.en"]
    assert found.values["Right answer"] == 1
    assert found.values["Citation recall"] < 1
    assert found.answer is not None
    assert found.answer.confidence is None
    assert len(model.asked) == 8  # six questions, the one that the follow-up comes after, and its completion


def test_hidden_stories_are_to_be_refused(news: Collection, tmp_path: Path) -> None:
    asking = Asking(hidden_share=1 / 3, seed=1)
    (run,) = run_answers(news, asking=asking, encoder=ENCODER, folder=tmp_path)
    kinds = {question.id: question.answer.kind for question in run.questions if question.answer}
    absent = {id_ for id_, kind in kinds.items() if kind == "absent"}
    assert absent in ({"signed.en", "signed.fr"}, {"harvest"})  # the museum's has no answerable question
    assert run.costs.articles == len(CORPUS) - 1
    hidden = "treaty" if "signed.en" in absent else "harvest"
    assert all(article.id != hidden for question in run.questions for article in question.found)
    assert all("Refused" in question.values for question in run.questions if question.id in absent)
    assert run.settings.collection == "news.hidden33.3333"
    assert [path.name for path in tmp_path.iterdir()] == [run_folder(tmp_path, run.settings).name]


def test_stories_are_hidden_whole_and_the_same_for_the_same_seed() -> None:
    asked = [
        Question(f"q{number}", "Who?", "en", {f"a{number // 2}.en": 1, f"a{number // 2}.fr": 1}) for number in range(20)
    ]
    hidden = draw_hidden(asked, 0.4, 7)
    assert len(hidden) == 8
    assert {id_[:-3] + ".en" for id_ in hidden} == {id_ for id_ in hidden if id_.endswith(".en")}
    assert hidden == draw_hidden(list(reversed(asked)), 0.4, 7)
    assert len({draw_hidden(asked, 0.4, seed) for seed in range(5)}) > 1


def test_stories_that_share_an_article_are_one() -> None:
    asked = [
        Question("q1", "Who?", "en", {"a": 1, "b": 1}),
        Question("q2", "Who?", "en", {"c": 1, "d": 1}),
        Question("q3", "Who?", "en", {"b": 1, "c": 1}),
    ]
    assert draw_hidden(asked, 0.9, 0) == {"a", "b", "c", "d"}


def test_a_saved_run_loads_as_it_was_and_is_not_made_again(news: Collection, saved: tuple[Run, Path]) -> None:
    run, folder = saved
    assert load_run(run_folder(folder, run.settings)) == run
    assert run_answers(news, encoder=ENCODER, folder=folder) == [run]
    assert [path.name for path in run_folder(folder, run.settings).iterdir()] == ["run.json"]


def test_a_run_that_was_killed_goes_on_and_ends_as_one_that_was_not(
    news: Collection, saved: tuple[Run, Path], tmp_path: Path
) -> None:
    run, folder = saved
    partial = run_folder(tmp_path, run.settings) / "partial.jsonl"
    partial.parent.mkdir()
    record = json.loads((run_folder(folder, run.settings) / "run.json").read_text("utf-8"))
    told = {**record["questions"][0], "latency_ms": 123456.0}
    partial.write_text(json.dumps(told) + '\n{"id": "torn', "utf-8")

    (resumed,) = run_answers(news, encoder=ENCODER, folder=tmp_path)

    assert resumed.questions[0].latency_ms == 123456.0  # not asked again
    assert without_times(resumed) == without_times(run)


@pytest.mark.parametrize(
    ("systems", "asking", "said"),
    [
        (["magic"], Asking(), "There is no system 'magic'"),
        (["model"], Asking(), "'model' and --model go together"),
        (["extractive"], Asking("ollama:any"), "'model' and --model go together"),
        (["extractive"], Asking(hidden_share=1.0), "1 of the stories can't be hidden"),
    ],
)
def test_what_cant_be_asked_is_said(news: Collection, systems: list[str], asking: Asking, said: str) -> None:
    with pytest.raises(EvaluationError, match=said):
        run_answers(news, systems=systems, asking=asking)


def test_a_search_is_measured_by_the_same_file(tmp_path: Path) -> None:
    articles, questions = write_news(tmp_path)
    (run,) = run_retrieval(open_collection(articles, questions), encoder=ENCODER)
    assert [question.id for question in run.questions] == ["signed.en", "signed.fr", "harvest"]

"""Whole runs over real archives: what is measured, saved, loaded, resumed."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import ir_measures
import pytest

from embeddings import DEFAULT_ENCODER, PLAIN_ENCODER
from eval import (
    Collection,
    EvaluationError,
    Run,
    compare,
    load_run,
    open_collection,
    run_from_rankings,
    run_retrieval,
)
from eval.asking import run_folder
from eval.measures import MEASURES
from eval.retrieval import SYSTEMS
from eval.runs import read_trec_run
from rag import Archive, SearchSettings
from rag.sample import sample_folder
from tests.eval.small import write_beir

FRENCH = "Les paysans ont rentré le blé avant la pluie et les granges sont pleines jusqu’au toit."
ENGLISH = "Fog lay over the harbour on Sunday, and the ferries waited for the wind to lift it."
SAMPLE_QUESTIONS = sample_folder().parent / "questions.jsonl"


@pytest.fixture(scope="module")
def sample() -> Collection:
    return open_collection(sample_folder(), SAMPLE_QUESTIONS, name="sample")


@pytest.fixture(scope="module")
def saved(sample: Collection, tmp_path_factory: pytest.TempPathFactory) -> tuple[list[Run], Path]:
    folder = tmp_path_factory.mktemp("saved")
    return run_retrieval(sample, systems=list(SYSTEMS), encoder="hashing-64", folder=folder), folder


def without_latencies(run: Run) -> Run:
    questions = tuple(replace(question, latency_ms=None) for question in run.questions)
    return replace(
        run, questions=questions, created="", costs=replace(run.costs, index_seconds=None, archive_bytes=None)
    )


def test_a_collection_whose_words_are_its_own_is_answered_without_fault(tmp_path: Path) -> None:
    (run,) = run_retrieval(open_collection(write_beir(tmp_path / "small")), encoder="hashing-512")
    assert [question.values["nDCG@10"] for question in run.questions] == [1, 1, 1]
    assert [question.relevant[0].rank for question in run.questions] == [1, 1, 1]
    assert run.questions[0].found[0].passage.startswith("The ministers signed")
    assert run.questions[0].article_language == "en"
    assert run.costs.articles == 4
    assert run.costs.index_seconds is not None


def test_each_question_of_the_sample_is_asked_in_both_languages(saved: tuple[list[Run], Path]) -> None:
    run = saved[0][0]
    assert len(run.questions) == 48
    assert {question.language for question in run.questions} == {"en", "fr"}
    assert all(question.latency_ms is not None for question in run.questions)
    assert run.notes == ()


def test_a_system_finds_what_the_archives_search_finds(saved: tuple[list[Run], Path], tmp_path: Path) -> None:
    with Archive.open(tmp_path / "archive", encoder="hashing-64") as archive:
        archive.add(sample_folder())
        for run in saved[0]:
            settings = {
                "dense": SearchSettings(lexical=False),
                "lexical": SearchSettings(dense=False),
                "no-gloss": SearchSettings(gloss=False),
            }
            for question in run.questions[:6]:
                passages = archive.search(question.text, limit=1, settings=settings.get(run.settings.system))
                assert question.found[0].id == passages[0].article.id


def test_systems_differ(saved: tuple[list[Run], Path]) -> None:
    found = [[question.found for question in run.questions] for run in saved[0]]
    assert len(found) == len(SYSTEMS)
    assert all(one != other for place, one in enumerate(found) for other in found[:place])


def test_without_gloss_the_articles_are_encoded_by_the_plain_model(tmp_path: Path) -> None:
    (tmp_path / "articles.jsonl").write_text(
        json.dumps({"_id": "blé", "title": "Récolte", "text": FRENCH, "metadata": {"language": "fr"}})
        + "\n"
        + json.dumps({"_id": "fog", "title": "Weather", "text": ENGLISH, "metadata": {"language": "en"}})
        + "\n"
    )
    question = {"id": "q", "q_en": "Who brought the wheat in before the rain?", "articles": ["blé"]}
    (tmp_path / "questions.jsonl").write_text(json.dumps(question))
    collection = open_collection(tmp_path / "articles.jsonl", tmp_path / "questions.jsonl")
    plain, whole = run_retrieval(collection, systems=["no-gloss", "hybrid"], folder=tmp_path / "runs")
    assert (plain.settings.system, plain.settings.encoder) == ("no-gloss", PLAIN_ENCODER)
    assert (whole.settings.system, whole.settings.encoder) == ("hybrid", DEFAULT_ENCODER)
    assert plain.settings.encoder_fingerprint != whole.settings.encoder_fingerprint
    assert [run.questions[0].values["Success@1"] for run in (plain, whole)] == [0, 1]


def test_a_saved_run_loads_as_it_was(saved: tuple[list[Run], Path]) -> None:
    runs, folder = saved
    for run in runs:
        assert load_run(run_folder(folder, run.settings)) == run


def test_the_saved_trec_run_measures_the_same(saved: tuple[list[Run], Path]) -> None:
    runs, folder = saved
    rankings = read_trec_run(run_folder(folder, runs[0].settings) / "run.trec")
    read_back = run_from_rankings("theirs", rankings, runs[0])
    for ours, theirs in zip(runs[0].questions, read_back.questions, strict=True):
        assert theirs.values == {name: value for name, value in ours.values.items() if name in theirs.values}
        assert theirs.relevant == ours.relevant


def test_the_saved_trec_run_measured_by_trec_eval_gives_the_same_figures(saved: tuple[list[Run], Path]) -> None:
    runs, folder = saved
    judged = [
        ir_measures.Qrel(question.id, article.id, article.grade)
        for question in runs[0].questions
        for article in question.relevant
    ]
    read = list(ir_measures.read_trec_run(str(run_folder(folder, runs[0].settings) / "run.trec")))
    names = [name for name in MEASURES if name != "Judged@10"]
    measures = [ir_measures.parse_measure(name) for name in names]
    by_trec_eval = ir_measures.pytrec_eval.calc_aggregate(measures, judged, read)
    means = compare(runs[:1]).groups[0].whole.means[0]
    assert {str(name): value for name, value in by_trec_eval.items()} == pytest.approx(
        {name: means[name].value for name in names}
    )


def test_nothing_but_the_runs_is_left_behind(saved: tuple[list[Run], Path]) -> None:
    runs, folder = saved
    assert sorted(path.name for path in folder.iterdir()) == sorted(
        run_folder(folder, run.settings).name for run in runs
    )
    assert {path.name for path in folder.glob("*/*")} == {"run.json", "run.trec"}


def test_a_finished_run_is_not_made_again(saved: tuple[list[Run], Path], sample: Collection) -> None:
    runs, folder = saved
    assert run_retrieval(sample, systems=["dense"], encoder="hashing-64", folder=folder) == [runs[1]]


def test_the_same_run_twice_differs_in_its_latencies_alone(saved: tuple[list[Run], Path], sample: Collection) -> None:
    (again,) = run_retrieval(sample, systems=["hybrid"], encoder="hashing-64")
    assert without_latencies(again) == without_latencies(saved[0][0])


def test_a_killed_run_goes_on_where_it_stopped(
    saved: tuple[list[Run], Path], sample: Collection, tmp_path: Path
) -> None:
    code = (
        "import sys; from pathlib import Path; from eval import open_collection, run_retrieval\n"
        f"run_retrieval(open_collection(Path({str(sample.source)!r}), Path({str(SAMPLE_QUESTIONS)!r}), name='sample'),"
        f" systems=['hybrid'], encoder='hashing-64', folder=Path({str(tmp_path)!r}))"
    )
    process = subprocess.Popen([sys.executable, "-c", code])
    partial: list[Path] = []
    while process.poll() is None and not (partial and partial[0].read_bytes().count(b"\n") >= 5):
        time.sleep(0.005)
        partial = list(tmp_path.glob("sample.hybrid.*/partial.jsonl"))
    process.send_signal(signal.SIGKILL)
    process.wait()
    assert partial[0].exists(), "it was over before it was killed"
    with partial[0].open("ab") as stream:
        stream.write(b'{"id": "torn')
    first = json.loads(partial[0].read_text("utf-8").split("\n")[0])

    (run,) = run_retrieval(sample, systems=["hybrid"], encoder="hashing-64", folder=tmp_path)

    assert without_latencies(run) == without_latencies(saved[0][0])
    assert run.questions[0].latency_ms == first["latency_ms"]  # not asked a second time
    assert run.costs.index_seconds is not None  # the articles were all in
    assert [path.name for path in tmp_path.iterdir()] == [run_folder(tmp_path, run.settings).name]


def test_an_archive_is_measured_where_it_is(saved: tuple[list[Run], Path], tmp_path: Path) -> None:
    with Archive.open(tmp_path / "archive", encoder="hashing-64") as archive:
        archive.add(sample_folder())
    collection = open_collection(tmp_path / "archive", SAMPLE_QUESTIONS)
    assert collection.is_archive
    (own,) = run_retrieval(collection)
    assert [question.values for question in own.questions] == [question.values for question in saved[0][0].questions]
    assert own.costs.index_seconds is None

    (other,) = run_retrieval(collection, systems=["dense"], encoder="hashing-16")
    assert other.settings.encoder == "hashing-16"
    assert [q.values for q in other.questions] != [q.values for q in saved[0][1].questions]
    with Archive.open(tmp_path / "archive") as archive:
        assert archive.encoder.name == "hashing-64"


def test_evidence_is_looked_for_in_the_first_five_passages(tmp_path: Path) -> None:
    source = write_beir(tmp_path / "small") / "corpus.jsonl"
    asked = {"q_en": "Who signed the treaty?", "articles": ["treaty"]}
    rows = [
        {"id": "in", **asked, "evidence_en": ["ministers signed the treaty in Paris"]},
        {"id": "lost", **asked, "evidence_en": ["Nobody wrote this."]},
        {"id": "none", **asked},
    ]
    questions = tmp_path / "questions.jsonl"
    questions.write_text("".join(json.dumps(row) + "\n" for row in rows))
    (run,) = run_retrieval(open_collection(source, questions), encoder="hashing-512")
    assert [question.values.get("Evidence@5") for question in run.questions] == [1.0, None, None]
    assert run.notes == ("The evidence of 1 questions stands in none of their articles as they were read.",)


def test_half_a_sentence_is_no_evidence(tmp_path: Path) -> None:
    sentence = " ".join(f"word{number}" for number in range(300))  # longer than a chunk, so that it is cut
    article = {"_id": "long", "title": "Long", "text": f"{sentence}.", "metadata": {"language": "en"}}
    (tmp_path / "articles.jsonl").write_text(json.dumps(article))
    rows = [
        {"id": "whole", "q_en": "word3 word4", "articles": ["long"], "evidence_en": ["word3 word4 word5"]},
        {"id": "cut", "q_en": "word299", "articles": ["long"], "evidence_en": [sentence]},
    ]
    (tmp_path / "questions.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    collection = open_collection(tmp_path / "articles.jsonl", tmp_path / "questions.jsonl")
    (run,) = run_retrieval(collection, encoder="hashing-512")
    assert [question.values["Evidence@5"] for question in run.questions] == [1.0, 0.0]


def test_another_text_or_encoder_gives_another_folder(saved: tuple[list[Run], Path]) -> None:
    settings = saved[0][0].settings
    changed = [
        settings,
        replace(settings, articles_fingerprint="other"),
        replace(settings, questions_fingerprint="other"),
        replace(settings, encoder_fingerprint="other"),
        replace(settings, code_fingerprint="other"),
        replace(settings, system="dense"),
    ]
    assert len({run_folder(Path(), one) for one in changed}) == len(changed)


def test_a_system_that_is_not_known_is_refused(sample: Collection) -> None:
    with pytest.raises(EvaluationError, match="There is no system 'magic': choose among hybrid, dense, lexical"):
        run_retrieval(sample, systems=["magic"], encoder="hashing-64")


def test_a_corpus_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    folder = write_beir(tmp_path / "small")
    with (folder / "corpus.jsonl").open("a") as stream:
        stream.write("oops\n")
    with pytest.raises(EvaluationError, match=r"corpus\.jsonl.* can't be read"):
        run_retrieval(open_collection(folder), encoder="hashing-64")


def test_a_run_of_another_program_is_judged_by_ours(saved: tuple[list[Run], Path]) -> None:
    ours = saved[0][0]
    first = ours.questions[0]
    right = next(iter(first.relevant))
    theirs = run_from_rankings("peer", {first.id: {"unknown": 2.0, right.id: 1.0}}, ours)
    assert theirs.questions[0].values["RR"] == 0.5
    assert theirs.questions[0].found[1].title == right.title
    assert all(question.values["nDCG@10"] == 0 for question in theirs.questions[1:])
    with pytest.raises(EvaluationError, match="answers no question of 'sample'"):
        run_from_rankings("peer", {"q-unknown": {"x": 1.0}}, ours)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("q Q0 a 1 0.5 x\nq Q0 b 2\n", "line 2 is no «question Q0 article rank score tag»"),
        ("q Q0 a 1 high x\n", "line 1 is no «question"),
        ("q Q0 a 1 0.5 x\nq Q0 a 2 0.4 x\n", "line 2 lists «a» for «q» a second time"),
        ("\n", "is empty"),
    ],
)
def test_a_bad_trec_run_is_named_with_its_line(tmp_path: Path, text: str, reason: str) -> None:
    path = tmp_path / "run.trec"
    path.write_text(text)
    with pytest.raises(EvaluationError) as raised:
        read_trec_run(path)
    assert reason in str(raised.value)


@pytest.mark.parametrize("text", ["", "{", "[]", '{"format": 99}', '{"format": 1, "settings": {}}'])
def test_a_damaged_run_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "run.json").write_text(text)
    with pytest.raises(EvaluationError, match="run the evaluation again"):
        load_run(tmp_path)


def test_the_shipped_encoder_finds_what_other_words_ask_for(tmp_path: Path) -> None:
    asked = {"q1": "Which city hosted the conclusion of the accord?", "q2": "Which road over a river was inaugurated?"}
    folder = write_beir(tmp_path / "small")
    queries = [{"_id": id_, "text": text} for id_, text in asked.items()]
    (folder / "queries.jsonl").write_text("".join(json.dumps(query) + "\n" for query in queries))
    (folder / "qrels" / "test.tsv").write_text("query-id\tcorpus-id\tscore\nq1\ttreaty\t1\nq2\tbridge\t1\n")
    (run,) = run_retrieval(open_collection(folder), systems=["dense"])
    assert [question.values["Success@1"] for question in run.questions] == [1, 1]
    assert run.settings.encoder == "all-MiniLM-L6-v2"

"""`gazette eval …` as it is typed: what it prints, saves and returns."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from eval import save_run
from rag import Archive
from rag.sample import sample_folder
from tests.eval.small import CORPUS, made_answers, write_beir, write_news
from ui.command_line import main


@pytest.fixture(autouse=True)
def _in_an_empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def saved_run(folder: str, system: str) -> str:
    (found,) = Path(folder).glob(f"*.{system}.*")
    return str(found)


def test_retrieval_prints_a_table_and_saves_runs_and_a_report(capsys: pytest.CaptureFixture[str]) -> None:
    write_beir(Path("small"))
    status = main(["eval", "retrieval", "small", "--system", "hybrid,lexical", "--encoder", "hashing-512"])
    printed = capsys.readouterr()
    assert status == 0
    assert printed.out.startswith("small: 3 questions\n  run ")
    assert "lexical against hybrid: nDCG@10 0.000" in printed.out
    assert "evaluation/report.html" in printed.err
    assert {path.name for path in Path("evaluation").iterdir() if path.is_file()} == {
        "report.html",
        "report.json",
        "report.csv",
        "report.md",
    }
    assert Path(saved_run("evaluation", "hybrid"), "run.trec").is_file()


def test_saved_runs_and_runs_of_others_are_compared(capsys: pytest.CaptureFixture[str]) -> None:
    write_beir(Path("small"))
    main(["eval", "retrieval", "small", "--encoder", "hashing-512,hashing-16"])
    runs = [str(path) for path in Path("evaluation").glob("small.hybrid.*")]
    Path("peer.trec").write_text("q1 Q0 treaty 1 2.0 x\nq1 Q0 bridge 2 1.0 x\n")
    capsys.readouterr()
    assert main(["eval", "compare", *runs, "peer.trec", "--json"]) == 0
    (group,) = json.loads(capsys.readouterr().out)["groups"]
    assert sorted(run["label"].split(" ")[0] for run in group["runs"]) == ["hybrid", "hybrid", "peer"]
    (peer,) = [run for run in group["runs"] if run["system"] == "peer"]
    assert [values["Success@1"] for values in peer["values_by_question"].values()] == [1, 0, 0]
    assert Path("evaluation/comparison/report.html").is_file()


def test_a_trec_run_beside_a_new_run_is_compared(capsys: pytest.CaptureFixture[str]) -> None:
    write_beir(Path("small"))
    Path("peer.trec").write_text("q1 Q0 treaty 1 2.0 x\n")
    assert main(["eval", "retrieval", "small", "--encoder", "hashing-512", "--with", "peer.trec"]) == 0
    assert "peer against hybrid" in capsys.readouterr().out


def test_the_gate_is_passed_by_the_same_and_not_by_a_worse_run(capsys: pytest.CaptureFixture[str]) -> None:
    questions = str(sample_folder().parent / "questions.jsonl")
    with Archive.open("archive", encoder="hashing-512") as archive:
        archive.add(sample_folder())
    asked = ["eval", "retrieval", "archive", "--questions", questions, "--system", "dense"]
    assert main([*asked, "--out", "good"]) == 0
    good = saved_run("good", "dense")
    assert main([*asked, "--out", "again", "--gate", good]) == 0
    assert "The gate is passed" in capsys.readouterr().err
    assert main([*asked, "--encoder", "hashing-2", "--out", "bad", "--gate", good]) == 1
    assert "gazette: worse than the gate on archive: " in capsys.readouterr().err
    assert main(["eval", "compare", saved_run("bad", "dense"), "--gate", good]) == 1


def test_a_gate_of_another_system_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    write_beir(Path("small"))
    main(["eval", "retrieval", "small", "--encoder", "hashing-64", "--system", "lexical", "--out", "old"])
    gate = saved_run("old", "lexical")
    assert main(["eval", "retrieval", "small", "--encoder", "hashing-64", "--gate", gate]) == 1
    assert "is a run of lexical on 'small', and nothing here is" in capsys.readouterr().err


def test_answers_are_measured_and_saved(capsys: pytest.CaptureFixture[str]) -> None:
    write_news(Path("news"))
    asked = ["eval", "answers", "news/news.jsonl", "--questions", "news/questions.jsonl", "--encoder", "hashing-512"]
    assert main([*asked, "--system", "extractive,uncompleted"]) == 0
    printed = capsys.readouterr().out
    assert printed.startswith("news: 6 questions\n  run ")
    assert "uncompleted against extractive: Right answer 0.000" in printed
    assert " of 6 questions answered, median " in printed
    assert "unanswerable" in printed
    assert "How well answering works" in Path("evaluation/report.html").read_text("utf-8")
    assert main([*asked, "--hide-stories", "0.5", "--json"]) == 0
    (group,) = json.loads(capsys.readouterr().out)["groups"]
    assert {one["kind"] for one in group["refusals"]} == {"absent", "unanswerable"}


def test_the_judge_is_measured_on_labelled_claims(capsys: pytest.CaptureFixture[str]) -> None:
    write_news(Path("news"))
    cited = {"story": "treaty", "passage_language": "en", "claim_language": "en", "sentences": [1]}
    claims = [
        {"id": "c1", "claim": CORPUS["treaty"], "label": "supported", **cited},
        {"id": "c2", "claim": "The ministers signed the treaty in Lima.", "label": "contradicted", **cited},
    ]
    Path("claims.jsonl").write_text("".join(json.dumps(claim) + "\n" for claim in claims))
    asked = ["eval", "answers", "news/news.jsonl", "--claims", "claims.jsonl"]
    assert main(asked) == 0
    assert "supported or not: accuracy 1.000" in capsys.readouterr().out
    assert json.loads(Path("evaluation/claims.json").read_text("utf-8"))["claims"] == 2
    assert main([*asked, "--questions", "news/questions.jsonl", "--encoder", "hashing-64", "--json"]) == 0
    printed = json.loads(capsys.readouterr().out)
    assert printed["claims"]["accuracy"] == 1
    assert len(printed["groups"]) == 1


def test_the_gate_for_answers_is_passed_by_the_same_and_not_by_a_worse_run(capsys: pytest.CaptureFixture[str]) -> None:
    right = [("answerable", 0.9, True)] * 20 + [("absent", 0.1, True)] * 5
    wrong = [("answerable", 0.9, number % 2 == 0) for number in range(20)] + [("absent", 0.9, False)] * 5
    save_run(made_answers(right), Path("good"))
    save_run(made_answers(wrong), Path("bad"))
    assert main(["eval", "compare", "good", "--gate", "good"]) == 0
    assert "The gate is passed" in capsys.readouterr().err
    assert main(["eval", "compare", "bad", "--gate", "good"]) == 1
    assert "gazette: worse than the gate on made: Right answer −0.500" in capsys.readouterr().err


def test_a_run_of_answers_is_no_gate_for_finding(capsys: pytest.CaptureFixture[str]) -> None:
    write_news(Path("news"))
    asked = ["news/news.jsonl", "--questions", "news/questions.jsonl", "--encoder", "hashing-64"]
    main(["eval", "answers", *asked, "--out", "answers"])
    gate = saved_run("answers", "extractive")
    assert main(["eval", "retrieval", *asked, "--gate", gate]) == 1
    assert "is a run of extractive on 'news', and nothing here is" in capsys.readouterr().err
    Path("peer.trec").write_text("signed.en Q0 treaty 1 2.0 x\n")
    assert main(["eval", "compare", gate, "peer.trec"]) == 1
    assert "is a TREC run without judgements" in capsys.readouterr().err


def test_questions_are_drafted_and_can_be_asked(capsys: pytest.CaptureFixture[str]) -> None:
    with Archive.open("archive", encoder="hashing-64") as archive:
        archive.add(sample_folder())
    assert main(["eval", "questions", "drafted.jsonl", "--archive", "archive", "--count", "8"]) == 0
    assert "8 questions drafted, all marked synthetic" in capsys.readouterr().out
    assert main(["eval", "retrieval", "archive", "--questions", "drafted.jsonl"]) == 0
    assert "8 questions" in capsys.readouterr().out
    assert "synthetic" in Path("evaluation/report.html").read_text("utf-8")


@pytest.mark.parametrize(
    ("arguments", "status", "said"),
    [
        (["retrieval"], 2, "nothing to measure: give folders, or --sample"),
        (["retrieval", "missing"], 1, "'missing' is missing"),
        (["compare", "missing"], 1, "'missing' can't be read"),
        (["retrieval", "small", "--questions", "q.jsonl"], 1, "is a BEIR folder with queries of its own"),
        (["retrieval", "small", "--system", "magic"], 1, "There is no system 'magic'"),
        (["answers"], 2, "nothing to measure: give folders, or --sample"),
        (["answers", "small", "--system", "magic"], 1, "There is no system 'magic'"),
        (["answers", "small", "--system", "model"], 1, "'model' and --model go together"),
        (["answers", "small", "--hide-stories", "1.5"], 1, "1.5 of the stories can't be hidden"),
        (["answers", "small/corpus.jsonl", "--claims", "missing"], 1, "'missing' can't be read"),
        (["questions", "new.jsonl", "--archive", "missing"], 1, "There is no archive in 'missing'"),
    ],
)
def test_a_mistake_is_one_line(
    capsys: pytest.CaptureFixture[str], arguments: list[str], status: int, said: str
) -> None:
    write_beir(Path("small"))
    assert main(["eval", *arguments]) == status
    printed = capsys.readouterr()
    assert said in printed.err
    assert printed.err.count("\n") == 1
    assert printed.out == ""

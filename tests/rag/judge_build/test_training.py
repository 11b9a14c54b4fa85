"""What the answer model learns from, and a training run from the folder of data to a file that the product reads."""

from __future__ import annotations

import gzip
import json
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from embeddings import ShippedEncoder
from rag import Article, Passage
from rag.extractive.candidates import Candidate, find_candidates
from rag.extractive.evidence import describe, read_candidates
from rag.extractive.wording import read_wording
from rag.judge_build.__main__ import main
from rag.judge_build.answer_reader import NOT_READ, AnswerReader
from rag.judge_build.command import ANSWER_SETTINGS, CLAIM_SETTINGS, build_answers, build_claims
from rag.judge_build.questions import ANSWERING_WORDS, make_groups
from rag.judge_build.sources import AskedOf, held_out
from rag.question import read_question

SUBJECTS = [
    ("bridge", "oak", "Ney"),
    ("tower", "granite", "Vauban"),
    ("ferry", "steel", "Brunel"),
    ("mill", "brick", "Arkwright"),
    ("windmill", "oak", "Nash"),  # this one and the next are held out
    ("castle", "granite", "Wren"),
]


def _asked(thing: str, material: str, builder: str) -> list[AskedOf]:
    sentences = (
        f"The {thing} stands beside the old market.",
        f"The {thing} is made of {material}.",
        f"It was built by {builder} in the end.",
    )
    held = held_out(" ".join(sentences))
    return [
        AskedOf(f"What is the {thing} made of?", "en", sentences, (1,), (material,), held),
        AskedOf(f"Who built the {thing}?", "en", sentences, (2,), (builder,), held),
        AskedOf(f"How much did the {thing} cost?", "en", sentences, (), (), held),
    ]


ASKED = [one for subject in SUBJECTS for one in _asked(*subject)]


def test_no_window_but_the_answering_one_holds_an_answer() -> None:
    groups = make_groups(ASKED, ShippedEncoder(), 1)
    by_question = {one.question: one for one in ASKED}
    answered = 0
    for group in groups:
        one = by_question[group.windows[0].text.first]
        answering = [window for window in group.windows if window.answering]
        assert len(answering) <= (1 if one.answering else 0)
        answered += len(answering)
        for window in group.windows:
            assert len(window.similarities) == len(window.text.sentences)
            assert sum(len(sentence.split()) for sentence in window.text.sentences) <= ANSWERING_WORDS
            told = [sentence for i, sentence in enumerate(window.text.sentences) if i not in window.answering]
            assert not any(answer in sentence for answer in one.answers for sentence in told)
    assert 0 < answered < len(groups)


def test_the_same_seed_draws_the_same_groups_and_another_others() -> None:
    encoder = ShippedEncoder()
    assert make_groups(ASKED, encoder, 1) == make_groups(ASKED, encoder, 1)
    assert make_groups(ASKED, encoder, 1) != make_groups(ASKED, encoder, 2)


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """Open data in small: every file there, most of them empty."""
    from rag.judge_build import claims, command

    for folder, names in (
        ("reading", [*(f"{name}.jsonl" for name in (*command.PARAGRAPH_FILES, *command.SENTENCE_FILES))]),
        ("reading", [f"{name}.tsv" for name in command.SELECTION_FILES]),
        ("inference", [*(f"nli_{name}.tsv" for name in claims.INFERENCE_SHARES), "nli_wice_claim_oracle_test.tsv"]),
        ("parallel", [f"{name}.tsv" for name in claims.PARALLEL_SHARES]),
    ):
        (tmp_path / folder).mkdir(exist_ok=True)
        for name in names:
            (tmp_path / folder / f"{name}.gz").write_bytes(gzip.compress(b""))
    records = []
    for one in ASKED:
        context = " ".join(one.sentences)
        answers = [{"text": answer, "start": context.index(answer)} for answer in one.answers]
        records.append(json.dumps({"question": one.question, "context": context, "answers": answers}))
    (tmp_path / "reading" / "qa_squad2_devA.jsonl.gz").write_bytes(gzip.compress("\n".join(records).encode()))
    pairs = [f"The {t} is made of {m}.\tThe {t} is of {m}.\tentailment" for t, m, _ in SUBJECTS]
    pairs += [f"The {t} is made of {m}.\tThe {t} is of ice.\tcontradiction" for t, m, _ in SUBJECTS]
    for name in ("nli_begin_dev_wow", "nli_wice_claim_oracle_test"):
        (tmp_path / "inference" / f"{name}.tsv.gz").write_bytes(gzip.compress("\n".join(pairs).encode()))
    return tmp_path


def test_a_run_leaves_a_file_that_the_product_reads(data: Path, tmp_path: Path) -> None:
    said: list[str] = []
    build_answers(data, tmp_path / "answers.npz", replace(ANSWER_SETTINGS, epochs=1, step_pieces=400), said.append)
    assert said[-1].startswith("qa_squad2_devA: 3 questions held out, 2 with an answer; the best sentence answers ")
    wording = read_wording(
        read_question("Who built the tower?"), _candidates("Vauban built it. It rained on the hill.")
    )
    encoder = ShippedEncoder()
    features = describe(wording, read_candidates(wording.candidates, encoder, {}), encoder)
    log_odds = AnswerReader(tmp_path / "answers.npz", threads=1).read(wording, features, np.zeros(2, "f4"))
    assert np.isfinite(log_odds).all()
    assert (log_odds > NOT_READ).all()


def test_what_was_trained_is_measured_again_by_the_same_figures(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    said: list[str] = []
    target = tmp_path / "claims.npz"
    build_claims(data, target, replace(CLAIM_SETTINGS, epochs=12, step_pieces=300), said.append)
    steps = [line for line in said if line.startswith("step ")]
    assert float(steps[-1].split("loss ")[1].split(",")[0]) < 1.0  # ln 3 = 1.10 knows nothing
    monkeypatch.setattr(sys, "argv", ["judge_build", str(data), str(target), "--what", "claims", "--measure"])
    assert main() == 0
    assert capsys.readouterr().out.strip() == said[-1]
    assert said[-1].startswith("WiCE, test claims, passages of the oracle: 12 pairs; entailed or not: ")


def test_weights_that_are_not_there_are_told_in_a_line(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    arguments = ["judge_build", str(data), str(tmp_path / "none.npz"), "--what", "answers", "--measure"]
    monkeypatch.setattr(sys, "argv", arguments)
    assert main() == 1
    assert capsys.readouterr().err.startswith("Nothing was measured: The weights in ")


def _candidates(text: str) -> list[Candidate]:
    article = Article("a", "t", text, language="en")
    return find_candidates([Passage(article, 0, len(text), 1.0, 1)])

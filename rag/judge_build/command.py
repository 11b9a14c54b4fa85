"""The builder's one command, as functions: the folder of open data in, a file of weights out, and what it measures."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from embeddings import ShippedEncoder
from embeddings.bilingual import in_english
from embeddings.pair_model import PairText, write_layers
from rag.judge_build.claim_reader import LABELS
from rag.judge_build.claims import read_claims_data
from rag.judge_build.measuring import measure_answers, measure_claims
from rag.judge_build.questions import Group, make_groups
from rag.judge_build.sources import AskedOf, Premised, read_inference, read_paragraphs, read_selection
from rag.judge_build.training import AnswerJudge, Claim, ClaimJudge, Settings, train

__all__ = ["ANSWER_SETTINGS", "CLAIM_SETTINGS", "build_answers", "build_claims", "report_answers", "report_claims"]

PARAGRAPH_FILES = {"qa_squad2_devA": "en", "qa_fr_piaf_v1.0": "fr", "qa_xquad_en": "en"}
# Their texts are single sentences: two of a sentence's questions are taken, and none that is very short.
SENTENCE_FILES = ("qa_qamr_dev", "qa_qamr_test")
QUESTIONS_OF_SENTENCE = 2
QUESTION_WORDS = 5
SELECTION_FILES = ("sel_selqa_dev", "sel_selqa_test")
# There is little French: each of its groups is learnt from twice as often.
LEARNT_TWICE = ("fr",)
# Pieces in a word, near enough to tell texts of like length.
PIECES_OF_WORD = 1.35

ANSWER_SETTINGS = Settings(epochs=2, learning_rate=1e-4, step_pieces=2600, seed=1, device="cpu")
CLAIM_SETTINGS = Settings(epochs=1, learning_rate=8e-5, step_pieces=2000, seed=1, device="cpu")


def build_answers(data: Path, target: Path, settings: Settings, report: Callable[[str], None]) -> None:
    """Train which sentence answers, write its weights, and say what it does on the paragraphs held out."""
    asked = read_questions(data)
    report(f"{len(asked):,} questions; their sentences are being encoded …")
    groups = make_groups(asked, ShippedEncoder(), settings.seed)
    learnt = [group for group in groups if not group.is_held_out]
    learnt += [group for group in learnt if group.language in LEARNT_TWICE]
    model = AnswerJudge()

    def keep(line: str) -> None:  # what was learnt so far outlives a run that is stopped
        write_layers(target, model.trained())
        report(line)

    train(model, learnt, _group_pieces, settings, keep)
    report_answers(data, target, report)


def report_answers(data: Path, weights: Path, report: Callable[[str], None]) -> None:
    """Say what the answer model's weights do on the paragraphs held out."""
    for measured in measure_answers(read_questions(data), ShippedEncoder(), weights):
        report(str(measured))


def build_claims(data: Path, target: Path, settings: Settings, report: Callable[[str], None]) -> None:
    """Train what a passage says of a claim, write its weights, and say what it does on WiCE's test claims."""
    pairs = [_claim(pair) for pair in read_claims_data(data, settings.seed)]
    report(f"{len(pairs):,} pairs")
    model = ClaimJudge()

    def keep(line: str) -> None:
        write_layers(target, model.trained())
        report(line)

    train(model, pairs, _claim_pieces, settings, keep)
    report_claims(data, target, report)


def report_claims(data: Path, weights: Path, report: Callable[[str], None]) -> None:
    """Say what the inference model's weights do on claims that it did not learn from."""
    tested = read_inference(data / "inference" / "nli_wice_claim_oracle_test.tsv.gz", "en")
    report(str(measure_claims("WiCE, test claims, passages of the oracle", list(tested), weights)))


def read_questions(data: Path) -> list[AskedOf]:
    """All that the answer model is trained and measured on."""
    reading = data / "reading"
    asked = [
        one
        for name, language in PARAGRAPH_FILES.items()
        for one in read_paragraphs(reading / f"{name}.jsonl.gz", language)
    ]
    for name in SENTENCE_FILES:
        count: dict[tuple[str, ...], int] = {}
        for one in read_paragraphs(reading / f"{name}.jsonl.gz", "en"):
            is_wanted = len(one.question.split()) >= QUESTION_WORDS and not one.is_held_out
            if is_wanted and count.setdefault(one.sentences, 0) < QUESTIONS_OF_SENTENCE:
                count[one.sentences] += 1
                asked.append(one)
    return asked + [one for name in SELECTION_FILES for one in read_selection(reading / f"{name}.tsv.gz")]


def _group_pieces(group: Group) -> float:
    return PIECES_OF_WORD * sum(len(f"{w.text.first} {' '.join(w.text.sentences)}".split()) for w in group.windows)


def _claim_pieces(claim: Claim) -> float:
    return PIECES_OF_WORD * len(f"{claim.text.first} {claim.text.sentences[0]}".split())


def _claim(pair: Premised) -> Claim:
    premise = in_english(pair.premise, pair.premise_language)
    hypothesis = in_english(pair.hypothesis, pair.hypothesis_language)
    return Claim(PairText(hypothesis, (premise,)), tuple(label in pair.labels for label in LABELS))

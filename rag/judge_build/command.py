"""The builder's one command, as functions: the folder of open data in, a file of weights out, and what it measures."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch

from embeddings import ShippedEncoder
from embeddings.bilingual import in_english
from embeddings.pair_model import PairText, write_layers
from rag.judge_build.claims import read_claims_data
from rag.judge_build.questions import Group, make_groups
from rag.judge_build.sources import AskedOf, Premised, read_inference, read_paragraphs, read_selection
from rag.judge_build.training import CLAIM_LABELS, AnswerJudge, Claim, ClaimJudge, Settings, train

__all__ = ["ANSWER_SETTINGS", "CLAIM_SETTINGS", "build_answers", "build_claims"]

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


@dataclass(frozen=True, slots=True)
class _Judged:
    """Of held-out groups: how often the best sentence answers, and the areas under the curve of «does any answer»."""

    first_right: float
    first_right_by_similarity: float
    area: float
    area_by_similarity: float


def build_answers(data: Path, target: Path, settings: Settings, report: Callable[[str], None]) -> None:
    """Train which sentence answers, write its weights, and say what it does on the paragraphs held out."""
    asked = read_questions(data)
    report(f"{len(asked):,} questions; their sentences are being encoded …")
    groups = make_groups(asked, ShippedEncoder(), settings.seed)
    learnt = [group for group in groups if not group.is_held_out]
    learnt += [group for group in learnt if group.language in LEARNT_TWICE]
    model = AnswerJudge()

    def keep(line: str) -> None:  # what was learnt so far outlives a run that is stopped
        write_layers(target, model.shipped())
        report(line)

    train(model, learnt, _group_pieces, settings, keep)
    held_out = [group for group in groups if group.is_held_out]
    if not any(window.answering for group in held_out for window in group.windows):
        report("nothing was held out to measure on")
        return
    judged = _judge(held_out, model)
    report(
        f"held out: the best sentence answers {judged.first_right:.3f} "
        f"(by similarity {judged.first_right_by_similarity:.3f}); area under the curve of whether any does "
        f"{judged.area:.3f} (by similarity {judged.area_by_similarity:.3f})"
    )


def build_claims(data: Path, target: Path, settings: Settings, report: Callable[[str], None]) -> None:
    """Train what a passage says of a claim, write its weights, and say what it does on WiCE's test claims."""
    pairs = [_claim(pair) for pair in read_claims_data(data, settings.seed)]
    report(f"{len(pairs):,} pairs")
    model = ClaimJudge()
    train(model, pairs, _claim_pieces, settings, report)
    write_layers(target, model.shipped())
    tested = [_claim(pair) for pair in read_inference(data / "inference" / "nli_wice_claim_oracle_test.tsv.gz", "en")]
    entailed = _entailment(model, [claim.text for claim in tested])
    report(f"WiCE test: area under the curve {_area(entailed, [claim.labels[0] for claim in tested]):.3f}")


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
    return Claim(PairText(hypothesis, (premise,)), tuple(label in pair.labels for label in CLAIM_LABELS))


@torch.no_grad()
def _judge(groups: Sequence[Group], model: AnswerJudge) -> _Judged:
    right, right_by_similarity = [], []
    best, best_similarity, has_answer = [], [], []
    for group in groups:
        scores = np.concatenate([row.numpy() for row in model.scores(group.windows, "cpu")])
        similarities = np.concatenate([np.array(window.similarities) for window in group.windows])
        is_answer = np.array(
            [index in window.answering for window in group.windows for index in range(len(window.similarities))]
        )
        if is_answer.any():
            right.append(is_answer[scores.argmax()])
            right_by_similarity.append(is_answer[similarities.argmax()])
        best.append(scores.max())
        best_similarity.append(similarities.max())
        has_answer.append(bool(is_answer.any()))
    return _Judged(
        float(np.mean(right)),
        float(np.mean(right_by_similarity)),
        _area(best, has_answer),
        _area(best_similarity, has_answer),
    )


@torch.no_grad()
def _entailment(model: ClaimJudge, texts: Sequence[PairText]) -> list[float]:
    return [float(model.scores([text], "cpu").softmax(1)[0, 0]) for text in texts]


def _area(scores: Sequence[float], is_so: Sequence[bool]) -> float:
    from sklearn.metrics import roc_auc_score

    return float(roc_auc_score(is_so, scores))

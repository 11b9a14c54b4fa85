"""Trained weights, as they are kept → how well they do on what was held out, read without torch."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from embeddings import Encoder, in_english
from embeddings.pair_model import PairText
from rag.judge_build.answer_reader import AnswerReader
from rag.judge_build.claim_reader import ClaimReader
from rag.judge_build.questions import cut
from rag.judge_build.sources import LABELS, AskedOf, Premised

__all__ = ["Measured", "MeasuredClaims", "area_under_curve", "measure_answers", "measure_claims"]


@dataclass(frozen=True, slots=True)
class Measured:
    """Held-out questions of one source, each with the whole of its own paragraph to read.

    Shares from 0 to 1: of the questions with an answer, how often the best sentence answers; of all, where some have
    none, the area under the curve of «is there an answer?» and how often that is judged rightly (None where all have
    one). Each by the reader, and by the cosine of question and sentence alone, its threshold the best in hindsight.
    """

    source: str
    question_count: int
    answerable_count: int
    first_right: float
    first_right_by_similarity: float
    area: float | None
    area_by_similarity: float | None
    judged_right: float | None
    judged_right_by_similarity: float | None

    def __str__(self) -> str:
        said = (
            f"{self.source}: {self.question_count} questions held out, {self.answerable_count} with an answer; the "
            f"best sentence answers {self.first_right:.3f} (by similarity {self.first_right_by_similarity:.3f})"
        )
        if self.area is None:
            return said
        return (
            f"{said}; is there an answer: area under the curve {self.area:.3f} ({self.area_by_similarity:.3f}), "
            f"right {self.judged_right:.3f} ({self.judged_right_by_similarity:.3f})"
        )


def measure_answers(asked: Sequence[AskedOf], encoder: Encoder, weights: Path) -> list[Measured]:
    """What the weights do on the questions held out, by source. `encoder` is for English, French is glossed."""
    reader = AnswerReader(weights)
    held_out = [one for one in asked if one.is_held_out]
    sources = sorted({one.source for one in held_out})
    return [_measure([one for one in held_out if one.source == source], encoder, reader) for source in sources]


@dataclass(frozen=True, slots=True)
class MeasuredClaims:
    """Claims of one source, each with its passage: how well «entailed» is told from all else, from 0 to 1.

    `right` and `f1` are at the threshold .5; `always_no` is the share right of who never says «entailed».
    """

    source: str
    claim_count: int
    area: float
    right: float
    f1: float
    always_no: float

    def __str__(self) -> str:
        return (
            f"{self.source}: {self.claim_count} pairs; entailed or not: area under the curve {self.area:.3f}, right "
            f"{self.right:.3f} (always no: {self.always_no:.3f}), F1 {self.f1:.3f}"
        )


def measure_claims(source: str, pairs: Sequence[Premised], weights: Path) -> MeasuredClaims:
    """What the weights say of pairs; at least one is to be entailed, and one not."""
    texts = [
        PairText(
            in_english(pair.hypothesis, pair.hypothesis_language), (in_english(pair.premise, pair.premise_language),)
        )
        for pair in pairs
    ]
    entailed = np.array([one.entailment for one in ClaimReader(weights).infer_texts(texts)])
    is_entailed = np.array([pair.labels == LABELS["entailment"] for pair in pairs])
    said = entailed >= 0.5
    both = int((said & is_entailed).sum())
    return MeasuredClaims(
        source,
        len(pairs),
        area_under_curve(entailed.tolist(), is_entailed.tolist()),
        float((said == is_entailed).mean()),
        2 * both / max(int(said.sum() + is_entailed.sum()), 1),
        float(1 - is_entailed.mean()),
    )


def area_under_curve(scores: Sequence[float], is_so: Sequence[bool]) -> float:
    """How often a score of what is so is above one of what isn't."""
    from sklearn.metrics import roc_auc_score

    return float(roc_auc_score(is_so, scores))


def _measure(asked: Sequence[AskedOf], encoder: Encoder, reader: AnswerReader) -> Measured:
    similarities = _similarities(asked, encoder)
    read = [_read(one, values, reader) for one, values in zip(asked, similarities, strict=True)]
    has_answer = [bool(one.answering) for one in asked]
    is_mixed = len(set(has_answer)) == 2
    # Nothing has the log odds 0: there is an answer where all sentences together are likelier than that.
    sure, near = [float(np.logaddexp.reduce(odds)) for odds in read], [float(v.max()) for v in similarities]
    return Measured(
        asked[0].source,
        len(asked),
        sum(has_answer),
        _first_right(asked, read),
        _first_right(asked, similarities),
        area_under_curve(sure, has_answer) if is_mixed else None,
        area_under_curve(near, has_answer) if is_mixed else None,
        float(np.mean((np.array(sure) > 0) == has_answer)) if is_mixed else None,
        max(float(np.mean((np.array(near) >= least) == has_answer)) for least in near) if is_mixed else None,
    )


def _first_right(asked: Sequence[AskedOf], scores: Sequence[NDArray[np.float32]]) -> float:
    right = [int(of.argmax()) in one.answering for one, of in zip(asked, scores, strict=True) if one.answering]
    return float(np.mean(right)) if right else 0.0


def _similarities(asked: Sequence[AskedOf], encoder: Encoder) -> list[NDArray[np.float32]]:
    """Of each question, the cosines with its paragraph's sentences."""
    paragraphs = dict.fromkeys((one.sentences, one.language) for one in asked)
    vectors = {
        sentences: encoder.encode_passages([in_english(sentence, language) for sentence in sentences])
        for sentences, language in paragraphs
    }
    queries = encoder.encode_queries([in_english(one.question, one.language) for one in asked])
    return [np.einsum("ij,j->i", vectors[one.sentences], query) for one, query in zip(asked, queries, strict=True)]


def _read(one: AskedOf, similarities: NDArray[np.float32], reader: AnswerReader) -> NDArray[np.float32]:
    """The log odds of all sentences of the paragraph, read in windows as in training."""
    question = in_english(one.question, one.language)
    english = [in_english(sentence, one.language) for sentence in one.sentences]
    windows = cut(english)
    texts = [PairText(question, tuple(english[start:end])) for start, end in windows]
    return np.concatenate(reader.log_odds(texts, [similarities[start:end] for start, end in windows]))

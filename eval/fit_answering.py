"""Questions with known answers → `rag.extractive.weights`, and how far its refusals can be trusted.

    python -m eval.fit_answering questions.jsonl articles.mixed.jsonl:en articles.mixed.jsonl:fr \\
        articles.en.jsonl:en articles.fr.jsonl:fr [--write] [--reader answers.npz]

Three logistic regressions are fitted: which sentence answers (over the features of `rag.extractive.evidence`), whether
the archive has the story, and whether the story has the detail (over those of `rag.extractive.refusal`). A fourth
weighs what weights that `rag.judge_build` made say of the best candidates, where such are given: that is measured, and
no part of the product.
The examples are those of `eval.answering_examples`. The news questions written to be unanswerable are only measured.

What is printed, and kept as the curve, is measured by five-fold cross-validation by story, so that no question is
judged by weights that saw its story; what is written is fitted on all. Needs scikit-learn, which the `dev` extra
brings.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from embeddings import encoder_from
from eval.answering_examples import FOLD_COUNT, Example, read_news
from eval.refusal_curves import Judged, measure_refusals, write_refusals
from eval.refusals import area_under_curve
from rag.extractive.choosing import SHARPNESS, best_set, prefer_own_language
from rag.extractive.evidence import FEATURES
from rag.extractive.refusal import ANSWER_FEATURES, DETAIL_FEATURES, STORY_FEATURES, describe_answer, joint_chance
from rag.judge_build.answer_reader import AnswerReader

# Inverse strength of the regularisation, on standardised features. Of the sentences: .0005 and .001 answer up to five
# points fewer in French in cross-validation. Of the answers: from .01 to .1 the same to a point or two.
SENTENCE_C = 0.003
READING_C = 1.0
# As `rag.extractive.choosing.SHARPNESS`, of scores that the reader has part in.
READ_SHARPNESS = 0.6
STORY_C = 0.02
DETAIL_C = 0.03
# Share of the answerable questions that may be refused: what the threshold is set by.
FALSE_REFUSALS = 0.03
ROOT = Path(__file__).parents[1]
WEIGHTS_PATH = ROOT / "rag" / "extractive" / "weights.py"
REFUSALS_FOLDER = ROOT / "eval" / "results" / "refusals"

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Linear:
    """A fitted logistic regression on features as they are."""

    weights: Array
    intercept: float

    def scores(self, features: NDArray[Any]) -> NDArray[np.float32]:
        return np.asarray(features @ self.weights + self.intercept, np.float32)


@dataclass(frozen=True, slots=True)
class Fitted:
    """What is fitted: which sentence answers, without and with the reader, whether the story is there, and the detail.

    `reading` weighs the sentences' score and the reader's log odds.
    """

    sentences: Linear
    reading: Linear | None
    story: Linear
    detail: Linear

    def choose(self, example: Example) -> list[int]:
        """The places in the example of what is chosen, with the reader where it has read."""
        scores = SHARPNESS * self.sentences.scores(example.features)
        if self.reading is not None:
            scores = READ_SHARPNESS * self.reading.scores(_read_features(example, self.sentences))
        preferred = prefer_own_language(scores, example.candidates, example.setting.rpartition(":")[2])
        return [example.candidates.index(candidate) for candidate in best_set(example.candidates, preferred)]

    def confidence(self, example: Example) -> float:
        """As `rag.extractive` sees it, none where the names are strangers."""
        if example.is_about_strangers:
            return 0.0
        described = _describe(example, self.sentences)
        return joint_chance(float(self.story.scores(described)), float(self.detail.scores(described)))


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("questions", type=Path, help="questions file (JSONL)")
    parser.add_argument("settings", nargs="+", help="articles file and language asked in, as articles.jsonl:en")
    parser.add_argument("--reader", type=Path, help="weights of `rag.judge_build --what answers`, to measure with")
    parser.add_argument("--write", action="store_true", help=f"write {WEIGHTS_PATH.name} and results/refusals")
    arguments = parser.parse_args()
    if arguments.write and arguments.reader:
        parser.error("--reader measures what the product has not: write without it")
    questions = [json.loads(line) for line in arguments.questions.open(encoding="utf-8")]
    encoder = encoder_from(None)
    examples = [one for setting in arguments.settings for one in read_news(setting, questions, encoder)]
    if arguments.reader:
        examples = read_all(examples, AnswerReader(arguments.reader))
    judged = cross_validate(examples)
    threshold = least_confidence(judged)
    report(judged, threshold)
    if arguments.write:
        WEIGHTS_PATH.write_text(weights_source(examples, threshold), encoding="utf-8")
        write_refusals(REFUSALS_FOLDER, measure_refusals(judged, threshold))


def read_all(examples: Sequence[Example], reader: AnswerReader) -> list[Example]:
    """The examples with what the reader says of their best candidates, by weights that did not see their stories."""
    fitted = [fit_sentences([one for one in examples if one.fold != fold]) for fold in range(FOLD_COUNT)]
    return [
        replace(
            one,
            log_odds=reader.read(one.wording, one.features, fitted[one.fold].scores(one.features)),
        )
        for one in examples
    ]


def fit(examples: Sequence[Example]) -> Fitted:
    sentences = fit_sentences(examples)
    story = [e for e in examples if not e.is_whole and e.kind in ("answerable", "absent")]
    detail = [e for e in examples if e.is_whole and e.kind in ("answerable", "lacking")]
    return Fitted(
        sentences,
        _fit_reading(examples, sentences),
        _fit_answers(story, sentences, STORY_FEATURES, STORY_C),
        _fit_answers(detail, sentences, DETAIL_FEATURES, DETAIL_C),
    )


def fit_sentences(examples: Sequence[Example]) -> Linear:
    """Which sentence answers."""
    return _fit_sentences(examples, [example.features for example in examples])


def _fit_reading(examples: Sequence[Example], sentences: Linear) -> Linear | None:
    """Which sentence answers, by its score and by the reader; None where it has not read."""
    read = [example for example in examples if example.log_odds is not None]
    if not read:
        return None
    return _fit_sentences(read, [_read_features(example, sentences) for example in read], READING_C)


def _read_features(example: Example, sentences: Linear) -> NDArray[np.float32]:
    """(candidates, 2): score and log odds."""
    assert example.log_odds is not None
    return np.stack([sentences.scores(example.features), example.log_odds], axis=1)


def _fit_sentences(
    examples: Sequence[Example], features: Sequence[NDArray[np.float32]], strength: float = SENTENCE_C
) -> Linear:
    """Every question with an answer among its candidates weighs the same."""
    used = [
        (_targets(one), rows)
        for one, rows in zip(examples, features, strict=True)
        if one.kind == "answerable" and one.is_whole and _targets(one).any()
    ]
    weights = [np.where(targets, len(targets) / 2 / targets.sum(), 1.0) for targets, _ in used]
    all_targets = np.hstack([targets for targets, _ in used])
    return _fit(np.vstack([rows for _, rows in used]), all_targets, np.hstack(weights), strength)


def _describe(example: Example, sentences: Linear) -> NDArray[np.float32]:
    return describe_answer(example.candidates, example.features, sentences.scores(example.features))


def _fit_answers(examples: Sequence[Example], sentences: Linear, names: Sequence[str], strength: float) -> Linear:
    """Whether a question is answered; all weights but those of `names` are 0.

    The examples with an answer weigh the same together as those without.
    """
    columns = [ANSWER_FEATURES.index(name) for name in names]
    features = np.array([_describe(example, sentences)[columns] for example in examples])
    targets = np.array([example.kind == "answerable" for example in examples])
    weights = np.where(targets, 0.5 / targets.mean(), 0.5 / (1 - targets.mean()))
    fitted = _fit(features, targets, weights, strength)
    weights_of_all = np.zeros(len(ANSWER_FEATURES))
    weights_of_all[columns] = fitted.weights
    return Linear(weights_of_all, fitted.intercept)


def _targets(example: Example) -> NDArray[np.bool_]:
    if example.is_evidence.any():
        return example.is_evidence
    return np.asarray(example.is_answer & example.is_right_article)


def _fit(features: NDArray[Any], targets: NDArray[np.bool_], weights: Array, strength: float) -> Linear:
    from sklearn.linear_model import LogisticRegression

    mean, spread = features.mean(axis=0), features.std(axis=0) + 1e-6
    model = LogisticRegression(C=strength, max_iter=5000)
    model.fit((features - mean) / spread, targets, sample_weight=weights)
    fitted = np.asarray(model.coef_[0], np.float64) / spread
    return Linear(fitted, float(model.intercept_[0]) - float(fitted @ mean))


def cross_validate(examples: Sequence[Example]) -> list[Judged]:
    """Each news example with what is chosen and how sure that is, by weights that did not see its story."""
    judged = []
    for fold in range(FOLD_COUNT):
        fitted = fit([example for example in examples if example.fold != fold])
        for example in examples:
            if example.fold == fold:
                judged.append(Judged(example, fitted.choose(example), fitted.confidence(example)))
    return judged


def least_confidence(judged: Sequence[Judged]) -> float:
    """The threshold that refuses `FALSE_REFUSALS` of the answerable questions."""
    confidences = [one.confidence for one in judged if one.example.kind == "answerable"]
    return float(np.quantile(confidences, FALSE_REFUSALS))


def report(judged: Sequence[Judged], threshold: float) -> None:
    for setting in dict.fromkeys(one.example.setting for one in judged):
        here = [one for one in judged if one.example.setting == setting]
        asked = [one for one in here if one.example.kind == "answerable" and one.example.is_whole]
        kept = [one for one in asked if one.confidence >= threshold]
        print(
            f"{setting}: answered {sum(one.is_right for one in asked) / len(asked):.3f}, after refusing "
            f"{sum(one.is_right for one in kept) / len(asked):.3f}, reachable "
            f"{np.mean([one.example.is_answer.any() for one in asked]):.3f}; right article "
            f"{sum(one.has_right_article for one in kept) / len(kept):.3f} of those answered, "
            f"{sum(one.has_right_article for one in kept) / len(asked):.3f} of all; "
            f"median {np.median([one.word_count for one in kept]):.0f} words"
        )
        for kind in ("absent", "lacking", "unanswerable"):
            is_whole = kind != "absent"
            yes = [o.confidence for o in here if o.example.kind == "answerable" and o.example.is_whole == is_whole]
            no = [one.confidence for one in here if one.example.kind == kind]
            print(
                f"  {kind}: area under the curve {area_under_curve(yes, no):.3f}; refused "
                f"{np.mean(np.array(no) < threshold):.3f} at {np.mean(np.array(yes) < threshold):.3f} false refusals"
            )


def weights_source(examples: Sequence[Example], threshold: float) -> str:
    """`rag/answer_weights.py` as text."""
    fitted = fit(examples)
    counted = Counter(example.kind for example in examples)
    news = ", ".join(dict.fromkeys(example.setting for example in examples))
    # The sentences' intercept changes no order; the answers' take it in, since best_score was fitted with it.
    shift = fitted.sentences.intercept * np.eye(len(ANSWER_FEATURES))[ANSWER_FEATURES.index("best_score")]
    lines = [
        '"""What each feature of a sentence and of an answer is worth, as `eval.fit_answering` fitted it.',
        "",
        f"News: {news};",
        f"{counted['answerable']} questions with an answer, {counted['absent']} whose story the archive lacked, "
        f"{counted['lacking']} whose answer was hidden.",
        f"The threshold refuses {FALSE_REFUSALS:.0%} of the answerable ones in cross-validation by story; the curves",
        "are in eval/results/refusals.",
        '"""',
        "",
        _literal("SENTENCE_WEIGHTS", FEATURES, fitted.sentences.weights),
    ]
    for name, part, used in (("STORY", fitted.story, STORY_FEATURES), ("DETAIL", fitted.detail, DETAIL_FEATURES)):
        lines += [
            "",
            f"{name}_INTERCEPT = {part.intercept + float(shift @ part.weights):.4f}",
            _literal(f"{name}_WEIGHTS", used, part.weights[[ANSWER_FEATURES.index(feature) for feature in used]]),
        ]
    return "\n".join([*lines, "", f"LEAST_CONFIDENCE = {threshold:.4f}", ""])


def _literal(name: str, features: Sequence[str], weights: Array) -> str:
    rows = "".join(f'    "{feature}": {weight:.4f},\n' for feature, weight in zip(features, weights, strict=True))
    return f"{name} = {{\n{rows}}}"


if __name__ == "__main__":
    main()

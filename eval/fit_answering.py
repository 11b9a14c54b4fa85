"""Questions with known answers → the weights of `rag.answer_weights`.

    python -m eval.fit_answering questions.jsonl articles.en.jsonl:en articles.fr.jsonl:fr [--write]

A setting is an articles file and the language that it is asked in. Two logistic regressions are fitted: which
sentence answers (over the features of `rag.evidence`), and whether any does (over those of `rag.refusal`; a
question without an answer is an answerable one with its own story hidden). The `unanswerable` questions are
only measured.
What is printed is measured by five-fold cross-validation by story, so that no question is judged by weights
that saw its story; what is written is fitted on all.

An article is a line with `_id`, `title`, `text`, `metadata.language`, `.source` and `.story`; a question one
with `id`, `kind` (answerable or unanswerable), `q_en`, `q_fr`, `story`, `a_en`, `a_fr` and `evidence_en`,
`evidence_fr`. Needs scikit-learn, which the `dev` extra brings.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from embeddings import Encoder, encoder_from
from rag.archive import Archive
from rag.evidence import FEATURES, Candidate, describe, find_candidates
from rag.extractive import best_set
from rag.question import read_question
from rag.records import Article, Passage
from rag.refusal import ANSWER_FEATURES, describe_answer
from rag.words import normalise

FOLD_COUNT = 5
PASSAGE_COUNT = 10
# Articles in a small archive: a handful of saved pages is what many begin with.
SMALL_ARCHIVE = 6
# Inverse strength of the regularisation, on standardised features: .001 to .1 differ by two points in
# cross-validation, and by as much on the sample archive's questions, the strongest being the best in both.
SENTENCE_C = 0.001
ANSWER_C = 0.1
# Share of the answerable questions that may be refused: what the threshold is set by.
FALSE_REFUSALS = 0.06
WEIGHTS_PATH = Path(__file__).parents[1] / "rag" / "answer_weights.py"

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Example:
    """One question as asked of one archive, of all the articles or a small one.

    `kind` is "answerable", "absent" (its story hidden or elsewhere) or "unanswerable".
    `is_answer` marks the candidates that hold an accepted answer, `is_evidence` those that do and that the
    question's author named, `is_right_article` those of its story.
    """

    setting: str
    is_small: bool
    kind: str
    fold: int
    candidates: list[Candidate]
    features: NDArray[np.float32]
    is_answer: NDArray[np.bool_]
    is_evidence: NDArray[np.bool_]
    is_right_article: NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Linear:
    """A fitted logistic regression on features as they are."""

    weights: Array
    intercept: float

    def scores(self, features: NDArray[Any]) -> NDArray[np.float32]:
        return np.asarray(features @ self.weights + self.intercept, np.float32)


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("questions", type=Path, help="questions file (JSONL)")
    parser.add_argument("settings", nargs="+", help="articles file and language asked in, as articles.jsonl:en")
    parser.add_argument("--write", action="store_true", help=f"write {WEIGHTS_PATH.name}")
    arguments = parser.parse_args()
    questions = [json.loads(line) for line in arguments.questions.open(encoding="utf-8")]
    encoder = encoder_from(None)
    examples = [example for setting in arguments.settings for example in read_examples(setting, questions, encoder)]
    report(examples)
    if arguments.write:
        WEIGHTS_PATH.write_text(weights_source(examples), encoding="utf-8")


def read_examples(setting: str, questions: Sequence[dict[str, Any]], encoder: Encoder) -> Iterator[Example]:
    """Every question of the setting, the answerable ones with their story and with it hidden.

    First in one archive of all the articles, then in small ones, so that the weights fit archives of any size:
    there the questions without an answer are those about the stories of the next small archive.
    """
    path, _, language = setting.rpartition(":")
    rows = [json.loads(line) for line in Path(path).read_text(encoding="utf-8").split("\n") if line]
    story_by_id = {row["_id"]: row["metadata"]["story"] for row in rows}
    asked = [_Asked(setting, False, language, question, story_by_id) for question in questions]
    answerable = [one for one in asked if one.question["kind"] == "answerable"]
    with _archive(rows, encoder) as archive:
        for one in asked:
            if one.question["kind"] in ("answerable", "unanswerable"):
                yield _example(one, one.question["kind"], one.find(archive), encoder)
        for one in answerable:
            yield _example(one, "absent", one.find_elsewhere(archive), encoder)
    for start in range(0, len(rows), SMALL_ARCHIVE):
        here = {row["metadata"]["story"] for row in rows[start : start + SMALL_ARCHIVE]}
        following = (rows[start + SMALL_ARCHIVE :] or rows)[:SMALL_ARCHIVE]
        there = {row["metadata"]["story"] for row in following}
        with _archive(rows[start : start + SMALL_ARCHIVE], encoder) as archive:
            for one in answerable:
                if one.question["story"] in here | there:
                    kind = "answerable" if one.question["story"] in here else "absent"
                    small = replace(one, setting=f"{setting} in {SMALL_ARCHIVE} articles", is_small=True)
                    yield _example(small, kind, one.find(archive), encoder)


@contextmanager
def _archive(rows: Sequence[dict[str, Any]], encoder: Encoder) -> Iterator[Archive]:
    with tempfile.TemporaryDirectory() as folder, Archive.open(folder, encoder=encoder) as archive:
        archive.add([_article(row) for row in rows])
        yield archive


@dataclass(frozen=True, slots=True)
class _Asked:
    """A question in one setting."""

    setting: str
    is_small: bool
    language: str
    question: dict[str, Any]
    story_by_id: dict[str, str]

    @property
    def text(self) -> str:
        return str(self.question[f"q_{self.language}"])

    def find(self, archive: Archive) -> list[Passage]:
        return archive.search(self.text, limit=PASSAGE_COUNT)

    def find_elsewhere(self, archive: Archive) -> list[Passage]:
        """As `find`, had the archive not held the question's own story."""
        found = archive.search(self.text, limit=3 * PASSAGE_COUNT)
        others = [passage for passage in found if self.story_by_id[passage.article.id] != self.question["story"]]
        return [replace(passage, rank=rank) for rank, passage in enumerate(others[:PASSAGE_COUNT], start=1)]


def _article(row: dict[str, Any]) -> Article:
    about = row["metadata"]
    return Article(row["_id"], row["title"], row["text"], source=about["source"], language=about["language"])


def _example(asked: _Asked, kind: str, passages: list[Passage], encoder: Encoder) -> Example:
    question = asked.question
    candidates = find_candidates(passages)
    story = question.get("story", question["id"])
    is_right = np.array([asked.story_by_id[candidate.passage.article.id] == story for candidate in candidates])
    is_answer = np.array([_holds_answer(candidate, question) for candidate in candidates])
    is_evidence = is_answer & np.array([_is_evidence(candidate, question) for candidate in candidates])
    return Example(
        asked.setting,
        asked.is_small,
        kind,
        int(hashlib.sha256(story.encode()).hexdigest(), 16) % FOLD_COUNT,
        candidates,
        describe(read_question(asked.text), candidates, encoder),
        is_answer,
        is_evidence,
        is_right,
    )


def _holds_answer(candidate: Candidate, question: dict[str, Any]) -> bool:
    accepted = question.get(f"a_{candidate.passage.article.language}", [])
    text = normalise(candidate.text).lower()
    return any(normalise(answer).lower() in text for answer in accepted)


def _is_evidence(candidate: Candidate, question: dict[str, Any]) -> bool:
    text = normalise(candidate.text)
    named = (normalise(sentence) for sentence in question.get(f"evidence_{candidate.passage.article.language}", []))
    return any(sentence in text or text in sentence for sentence in named)


def fit_sentences(examples: Sequence[Example]) -> Linear:
    """Which sentence answers: every question with an answer among its candidates weighs the same.

    Small archives are left out: there the right article stands out so far that little else is learnt.
    """
    answerable = [example for example in examples if example.kind == "answerable" and not example.is_small]
    used = [example for example in answerable if _targets(example).any()]
    targets = [_targets(example) for example in used]
    weights = [np.where(target, len(target) / 2 / target.sum(), 1.0) for target in targets]
    return _fit(np.vstack([e.features for e in used]), np.hstack(targets), np.hstack(weights), SENTENCE_C)


def fit_answers(examples: Sequence[Example], sentences: Linear) -> Linear:
    """Whether the question is answered, told from questions whose story is hidden.

    The `unanswerable` ones are left out: their wording is nearer to their article than that of questions that
    it answers, so a model learns from them that nearness speaks against an answer.
    """
    used = [example for example in examples if example.kind != "unanswerable"]
    features = np.array([describe_answer(e.features, sentences.scores(e.features)) for e in used])
    return _fit(features, np.array([e.kind == "answerable" for e in used]), np.ones(len(used)), ANSWER_C)


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


def cross_validate(examples: Sequence[Example]) -> list[tuple[Example, NDArray[np.float32], float]]:
    """Each example with its sentences' scores and its confidence, by weights that did not see its story."""
    judged = []
    for fold in range(FOLD_COUNT):
        seen = [example for example in examples if example.fold != fold]
        sentences = fit_sentences(seen)
        answers = fit_answers(seen, sentences)
        for example in examples:
            if example.fold == fold:
                scores = sentences.scores(example.features)
                margin = float(answers.scores(describe_answer(example.features, scores)))
                judged.append((example, scores, float(1 / (1 + np.exp(-margin)))))
    return judged


def report(examples: Sequence[Example]) -> None:
    judged = cross_validate(examples)
    threshold = least_confidence(judged)
    for setting in dict.fromkeys(example.setting for example in examples):
        here = [one for one in judged if one[0].setting == setting]
        chosen = [(e, best_set_of(e, scores), confidence) for e, scores, confidence in here if e.kind == "answerable"]
        right = [bool(e.is_answer[indices].any()) for e, indices, _ in chosen]
        kept = [
            is_right and confidence >= threshold for is_right, (_, _, confidence) in zip(right, chosen, strict=True)
        ]
        articles = [bool(e.is_right_article[indices].any()) for e, indices, _ in chosen]
        words = [sum(len(e.candidates[i].text.split()) for i in indices) for e, indices, _ in chosen]
        reach = [bool(e.is_answer.any()) for e, _, _ in chosen]
        print(
            f"{Path(setting).name}: answered {np.mean(right):.3f} (after refusing {np.mean(kept):.3f}, reachable "
            f"{np.mean(reach):.3f}), right article {np.mean(articles):.3f}, median {np.median(words):.0f} words"
        )
        for kind in dict.fromkeys(e.kind for e, _, _ in here if e.kind != "answerable"):
            yes = np.array([c for e, _, c in here if e.kind == "answerable"])
            no = np.array([c for e, _, c in here if e.kind == kind])
            print(
                f"  {kind}: area under the curve {area_under_curve(yes, no):.3f}; "
                f"refused {np.mean(no < threshold):.3f} "
                f"at {np.mean(yes < threshold):.3f} false refusals"
            )


def best_set_of(example: Example, scores: NDArray[np.float32]) -> list[int]:
    return [example.candidates.index(candidate) for candidate in best_set(example.candidates, scores)]


def area_under_curve(positives: Array, negatives: Array) -> float:
    """The chance that a random positive scores above a random negative, ties counting half."""
    above = (positives[:, None] > negatives[None, :]).mean()
    return float(above + (positives[:, None] == negatives[None, :]).mean() / 2)


def least_confidence(judged: Sequence[tuple[Example, NDArray[np.float32], float]]) -> float:
    """The threshold that refuses `FALSE_REFUSALS` of the answerable questions."""
    confidences = [confidence for example, _, confidence in judged if example.kind == "answerable"]
    return float(np.quantile(confidences, FALSE_REFUSALS))


def weights_source(examples: Sequence[Example]) -> str:
    """`rag/answer_weights.py` as text."""
    sentences = fit_sentences(examples)
    answers = fit_answers(examples, sentences)
    # The sentences' intercept changes no order; the answers' takes it in, since best_score was fitted with it.
    shift = sentences.intercept * float(answers.weights[ANSWER_FEATURES.index("best_score")])
    settings = ", ".join(dict.fromkeys(Path(e.setting).name for e in examples if not e.is_small))
    return "\n".join(
        [
            '"""What each feature of a sentence and of an answer is worth, as `eval.fit_answering` fitted it.',
            "",
            f"Fitted on {settings},",
            f"each in one archive and in archives of {SMALL_ARCHIVE} articles: {len(examples)} questions, those",
            f"whose story was hidden included. The threshold refuses {FALSE_REFUSALS:.0%} of the answerable ones",
            "in cross-validation.",
            '"""',
            "",
            _literal("SENTENCE_WEIGHTS", FEATURES, sentences.weights),
            "",
            f"ANSWER_INTERCEPT = {answers.intercept + shift:.4f}",
            _literal("ANSWER_WEIGHTS", ANSWER_FEATURES, answers.weights),
            f"LEAST_CONFIDENCE = {least_confidence(cross_validate(examples)):.4f}",
            "",
        ]
    )


def _literal(name: str, features: Sequence[str], weights: Array) -> str:
    rows = "".join(f'    "{feature}": {weight:.4f},\n' for feature, weight in zip(features, weights, strict=True))
    return f"{name} = {{\n{rows}}}"


if __name__ == "__main__":
    main()

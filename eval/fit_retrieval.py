"""Questions with known articles → the weights of `rag.retrieval_weights`.

    python -m eval.fit_retrieval questions.jsonl articles.en.jsonl:en articles.fr.jsonl:fr [--write]

A setting is an articles file and the language that it is asked in; a questions file is as `eval.question_sets`
says. For each question the chunks that the archive's indexes propose are gathered with their evidence, as in a
search. An article scores by its best chunk, a chunk by its cosine and the weighed lexical shares, and the weights
are those that make the right article likeliest in a softmax over the articles, drawn towards one common weight
(ridge). A likelihood counts by how much an article wins or loses; nDCG, counted in places, jumps by half a point
when one question of a hundred changes its second place for its first, and a search for its maximum finds noise.

What is printed first is measured by five-fold cross-validation by article, so that no question is judged by
weights that saw its story in any language; then by the weights fitted on all, which `--write` writes, and by those
that are written now. Needs scipy, which the `dev` extra brings.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import math
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from embeddings import encoder_from
from eval.question_sets import QuestionRow, read_questions
from eval.resolving import resolve_questions
from rag.archive import Archive
from rag.lexical import Field
from rag.question import read_question
from rag.records import Filters
from rag.retrieval import ChunkEvidence, SearchSettings, gather_evidence
from rag.retrieval_weights import LEXICAL_WEIGHTS
from rag.snapshot import Snapshots
from rag.store import STORE_FILE, Store

FOLD_COUNT = 5
# What is fitted: a weight for each pair of languages (question, chunk) and field. One for French words in French
# chunks, beside their gloss, came out as 0.
WEIGHTS: tuple[tuple[str, str, Field], ...] = (
    ("en", "en", "en"),
    ("en", "fr", "en"),
    ("fr", "en", "en"),
    ("fr", "fr", "en"),
)
# Where nothing speaks for another weight.
COMMON_WEIGHTS = np.array([0.25, 0.25, 0.25, 0.25])
# Strength of the ridge, for weights beside a cosine of weight 1.
RIDGE = 0.25
# The softmax is over scores times this; fitted along.
FIRST_SHARPNESS = 20.0
WEIGHTS_PATH = Path(__file__).parents[1] / "rag" / "retrieval_weights.py"

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Example:
    """One question as asked of one archive.

    Chunks lie by article, whose first ones are at `starts`; `shares` has a column for each of `WEIGHTS`.
    `right` is the place of the right article among them, None where no chunk of it was proposed.
    """

    setting: str
    fold: int
    dense: Array
    shares: Array
    starts: NDArray[np.intp]
    right: int | None
    is_other_language: bool

    def best_chunks(self, weights: Array) -> tuple[NDArray[np.intp], Array]:
        """The place and the score of each article's best chunk."""
        scores = self.dense + self.shares @ weights
        best = np.maximum.reduceat(scores, self.starts)
        sizes = np.diff(np.append(self.starts, len(scores)))
        places = np.flatnonzero(scores == np.repeat(best, sizes))
        _, firsts = np.unique(np.searchsorted(self.starts, places, side="right"), return_index=True)
        return places[firsts], best

    def rank(self, weights: Array) -> int | None:
        """Of the right article, from 1."""
        if self.right is None:
            return None
        _, best = self.best_chunks(weights)
        return 1 + int((best > best[self.right]).sum())


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("questions", type=Path, help="questions file (JSONL)")
    parser.add_argument("settings", nargs="+", help="articles file and language asked in, as articles.jsonl:en")
    parser.add_argument("--write", action="store_true", help=f"write {WEIGHTS_PATH.name}")
    arguments = parser.parse_args()
    rows = read_questions(arguments.questions)
    examples = [
        example for setting in arguments.settings for example in read_examples(setting, arguments.questions, rows)
    ]
    weights = fit(examples)
    report("cross-validated", examples, cross_validate(examples))
    report("fitted on all", examples, [example.rank(weights) for example in examples])
    report("as written now", examples, [example.rank(current_weights()) for example in examples])
    print(weights_source(examples, weights))
    if arguments.write:
        WEIGHTS_PATH.write_text(weights_source(examples, weights), encoding="utf-8")


def read_examples(setting: str, questions_file: Path, rows: Sequence[QuestionRow]) -> Iterator[Example]:
    """Every question that the setting's language has, asked of an archive of its articles."""
    path, _, language = setting.rpartition(":")
    encoder = encoder_from()
    with tempfile.TemporaryDirectory() as folder, Archive.open(folder, encoder=encoder) as archive:
        archive.add([path])
        language_by_id = {summary.id: summary.language for summary in archive.summaries()}
        questions = [
            question
            for question in resolve_questions(questions_file, rows, archive.articles())
            if question.language == language
        ]
        store = Store(Path(folder) / STORE_FILE)
        with Snapshots(Path(folder), store).current() as snapshot:
            for question in questions:
                asked = read_question(question.text)
                evidence = gather_evidence(snapshot, encoder, asked, Filters(), SearchSettings())
                right = next(iter(question.relevance))
                is_other = language_by_id[right] != language
                yield _example(Path(setting).name, asked.language, evidence, right, is_other)
        store.close()


def _example(
    setting: str, question_language: str, evidence: Sequence[ChunkEvidence], right: str, is_other_language: bool
) -> Example:
    by_article = sorted(evidence, key=lambda one: (one.place.article_id, one.place.position))
    article_ids = [one.place.article_id for one in by_article]
    distinct, starts = np.unique(article_ids, return_index=True)
    shares = [
        [
            one.lexical.get(field, 0.0) if (question_language, one.place.language) == (asked, written) else 0.0
            for asked, written, field in WEIGHTS
        ]
        for one in by_article
    ]
    found = np.flatnonzero(distinct == right)
    return Example(
        setting,
        _fold(right),
        np.array([one.dense for one in by_article], np.float64),
        np.array(shares, np.float64),
        starts,
        int(found[0]) if len(found) else None,
        is_other_language,
    )


def _fold(article_id: str) -> int:
    """The same for an article and its translation, whose ids differ in the ending: «bbc.381790.en» and «.fr»."""
    story = article_id.removesuffix(".en").removesuffix(".fr")
    return int(hashlib.sha256(story.encode()).hexdigest(), 16) % FOLD_COUNT


def fit(examples: Sequence[Example]) -> Array:
    """The weights, in the order of `WEIGHTS`, to two decimals."""
    from scipy.optimize import minimize

    used = [example for example in examples if example.right is not None]
    start = np.append(COMMON_WEIGHTS, math.log(FIRST_SHARPNESS))
    bounds = [(0.0, None)] * len(COMMON_WEIGHTS) + [(None, None)]  # a shared word speaks for a chunk, never against it
    found = minimize(_loss, start, args=(used,), jac=True, method="L-BFGS-B", bounds=bounds)
    return np.asarray(found.x[:-1].round(2), np.float64)


def _loss(parameters: Array, examples: Sequence[Example]) -> tuple[float, Array]:
    """Mean negative log-likelihood of the right articles and the ridge, and its gradient."""
    weights, sharpness = parameters[:-1], math.exp(parameters[-1])
    loss, gradient = 0.0, np.zeros_like(parameters)
    for example in examples:
        places, best = example.best_chunks(weights)
        margins = sharpness * (best - best.max())
        shares = np.exp(margins)
        shares /= shares.sum()
        loss -= math.log(max(float(shares[example.right]), 1e-300))
        shares[example.right] -= 1
        gradient[:-1] += sharpness * (shares @ example.shares[places])
        gradient[-1] += shares @ margins
    away = weights - COMMON_WEIGHTS
    gradient /= len(examples)
    gradient[:-1] += 2 * RIDGE * away
    return loss / len(examples) + RIDGE * float(away @ away), gradient


def cross_validate(examples: Sequence[Example]) -> list[int | None]:
    """The rank of each example's right article, by weights that saw nothing of it."""
    weights_by_fold = {
        fold: fit([example for example in examples if example.fold != fold])
        for fold in sorted({example.fold for example in examples})
    }
    return [example.rank(weights_by_fold[example.fold]) for example in examples]


def report(title: str, examples: Sequence[Example], ranks: Sequence[int | None]) -> None:
    print(f"{title}:")
    for setting in dict.fromkeys(example.setting for example in examples):
        here = [(example, rank) for example, rank in zip(examples, ranks, strict=True) if example.setting == setting]
        across = [rank for example, rank in here if example.is_other_language]
        line = f"  {setting}: nDCG@10 {np.mean([_ndcg(rank) for _, rank in here]):.4f}"
        line += f", first {np.mean([rank == 1 for _, rank in here]):.3f}"
        if across:
            line += (
                f"; article in the other language: among the first five {np.mean([_is_near(r) for r in across]):.3f}"
            )
        print(line)


def _ndcg(rank: int | None) -> float:
    """nDCG@10 of the one right article (Järvelin and Kekäläinen 2002)."""
    return 0.0 if rank is None or rank > 10 else 1 / math.log2(1 + rank)


def _is_near(rank: int | None) -> bool:
    return rank is not None and rank <= 5


def current_weights() -> Array:
    """Those of `rag.retrieval_weights`."""
    return np.array([LEXICAL_WEIGHTS[asked, written].get(field, 0.0) for asked, written, field in WEIGHTS])


def weights_source(examples: Sequence[Example], weights: Array) -> str:
    """`rag/retrieval_weights.py` as text."""
    weight_by_field: dict[tuple[str, str], dict[Field, float]] = {}
    for (asked, written, field), weight in zip(WEIGHTS, weights, strict=True):
        weight_by_field.setdefault((asked, written), {})[field] = float(weight)
    rows = [f"    {json.dumps(pair)}: {json.dumps(fields)}," for pair, fields in weight_by_field.items()]
    rows = [row.replace("[", "(").replace("]", ")") for row in rows]
    settings = ", ".join(dict.fromkeys(example.setting for example in examples))
    return "\n".join(
        [
            '"""What a lexical share (0 to 1) weighs beside the cosine, as `eval.fit_retrieval` fitted it.',
            "",
            "By the languages of question and chunk, then by the field. Fitted on",
            f"{settings}: {len(examples)} questions.",
            '"""',
            "",
            "from rag.lexical import Field",
            "",
            "LEXICAL_WEIGHTS: dict[tuple[str, str], dict[Field, float]] = {",
            *rows,
            "}",
            "",
        ]
    )


if __name__ == "__main__":
    main()

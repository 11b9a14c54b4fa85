"""Fitting what words weigh beside meaning: the loss, what is learnt from made examples, and what is written."""

from __future__ import annotations

import ast
import json
from pathlib import Path

import numpy as np
import pytest
from scipy.optimize import check_grad

from eval.fit_retrieval import (
    COMMON_WEIGHTS,
    WEIGHTS,
    Example,
    _loss,
    cross_validate,
    current_weights,
    fit,
    main,
    weights_source,
)
from rag.retrieval_weights import LEXICAL_WEIGHTS


def made_examples(count: int = 60, *, words_tell: bool) -> list[Example]:
    """Questions over four articles of three chunks; the right one stands out by its words, or else by its meaning."""
    random = np.random.default_rng(5)
    examples = []
    for number in range(count):
        dense, shares = random.normal(0.4, 0.1, 12), random.uniform(0, 0.5, (12, len(WEIGHTS)))
        right = number % 4
        if words_tell:
            shares[3 * right] += 0.2
        else:
            dense[3 * right] += 0.15
        examples.append(Example("made:en", number % 5, dense, shares, np.array([0, 3, 6, 9]), right, False))
    return examples


def test_an_article_scores_by_its_best_chunk() -> None:
    shares = np.zeros((4, len(WEIGHTS)))
    shares[2, 0] = 1.0
    example = Example("made:en", 0, np.array([0.1, 0.5, 0.4, 0.2]), shares, np.array([0, 2]), 1, False)
    nothing, all_words = np.zeros(len(WEIGHTS)), np.ones(len(WEIGHTS))
    assert example.best_chunks(nothing)[0].tolist() == [1, 2]
    assert (example.rank(nothing), example.rank(all_words)) == (2, 1)


def test_chunks_that_tie_count_once() -> None:
    example = Example("m:en", 0, np.full(4, 0.5), np.zeros((4, len(WEIGHTS))), np.array([0, 2]), 0, False)
    assert example.best_chunks(COMMON_WEIGHTS)[0].tolist() == [0, 2]
    assert example.rank(COMMON_WEIGHTS) == 1


def test_the_gradient_is_that_of_the_loss() -> None:
    examples = made_examples(words_tell=True)
    parameters = np.array([0.1, 0.2, 0.3, 0.4, 2.0])
    assert check_grad(lambda p: _loss(p, examples)[0], lambda p: _loss(p, examples)[1], parameters) < 1e-4


def test_words_that_tell_weigh_more_than_words_that_do_not() -> None:
    telling, silent = (fit(made_examples(words_tell=words_tell)) for words_tell in (True, False))
    assert telling.sum() > COMMON_WEIGHTS.sum() > silent.sum()
    assert (silent >= 0).all()


def test_a_question_is_judged_by_weights_that_did_not_see_it() -> None:
    examples = made_examples(words_tell=True)
    ranks = cross_validate(examples)
    first = [example for example in examples if example.fold == 0]
    weights = fit([example for example in examples if example.fold != 0])
    assert [rank for rank, example in zip(ranks, examples, strict=True) if example.fold == 0] == [
        example.rank(weights) for example in first
    ]


def test_what_is_written_is_what_was_fitted() -> None:
    source = weights_source(made_examples(5, words_tell=True), current_weights())
    (assigned,) = [node for node in ast.parse(source).body if isinstance(node, ast.AnnAssign)]
    assert assigned.value is not None
    assert ast.literal_eval(assigned.value) == LEXICAL_WEIGHTS


def test_the_command_prints_cross_validated_figures_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    subjects = ("treaty", "bridge", "harvest", "museum", "ferry", "school", "strike")
    articles = [
        {
            "_id": f"{subject}.en",
            "title": subject.title(),
            "text": f"The {subject} was the talk of the town. Nobody had foreseen what the {subject} would bring.",
            "metadata": {"language": "en"},
        }
        for subject in subjects
    ]
    questions = [{"id": s, "q_en": f"Who spoke of the {s}?", "q_fr": "Qui ?", "story": s} for s in subjects]
    for name, rows in (("articles", articles), ("questions", questions)):
        (tmp_path / f"{name}.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    monkeypatch.setattr(
        "sys.argv", ["fit_retrieval", str(tmp_path / "questions.jsonl"), f"{tmp_path / 'articles.jsonl'}:en"]
    )
    main()
    lines = capsys.readouterr().out.splitlines()
    assert lines[:2] == ["cross-validated:", "  articles.jsonl:en: nDCG@10 1.0000, first 1.000"]
    assert "LEXICAL_WEIGHTS" in "".join(lines)

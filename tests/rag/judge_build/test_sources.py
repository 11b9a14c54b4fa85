"""Open data in the forms that it comes in, and pairs made by rule."""

from __future__ import annotations

import gzip
import json
import random
from pathlib import Path

import pytest

from rag.judge_build.claims import changed, make_pairs
from rag.judge_build.sources import LABELS, read_inference, read_paragraphs, read_selection


def _written(path: Path, *lines: str) -> Path:
    path.write_bytes(gzip.compress("\n".join([*lines, ""]).encode()))
    return path


def test_a_question_knows_the_sentences_that_hold_its_answers(tmp_path: Path) -> None:
    context = "The treaty was signed in 1815. Ney signed it for France. It rained."
    asked = {"question": "Who signed?", "context": context, "answers": [{"text": "Ney", "start": 31}]}
    nobody = {"question": "Who refused?", "context": context, "answers": [], "unanswerable": True}
    path = _written(tmp_path / "qa.jsonl.gz", json.dumps(asked), json.dumps(nobody))
    one, other = read_paragraphs(path, "en")
    assert (len(one.sentences), one.answering, one.answers) == (3, (1,), ("Ney",))
    assert other.answering == ()
    assert one.is_held_out == other.is_held_out


def test_questions_on_sentences_are_read_by_group_and_those_without_answer_left_out(tmp_path: Path) -> None:
    path = _written(tmp_path / "sel.tsv.gz", "Who?\tNey.\t1", "Who?\tRain.\t0", "Where?\tRain.\t0", "a row cut short")
    (asked,) = read_selection(path)
    assert (asked.question, asked.sentences, asked.answering) == ("Who?", ("Ney.", "Rain."), (0,))


def test_tokenised_text_is_joined_and_unknown_labels_left_out(tmp_path: Path) -> None:
    path = _written(tmp_path / "nli.tsv.gz", "He did n't -LRB- yet -RRB- go .\tHe went .\tcontradiction", "a\tb\tmaybe")
    (pair,) = read_inference(path, "en", is_tokenised=True)
    assert (pair.premise, pair.hypothesis, pair.labels) == ("He didn't (yet) go.", "He went.", {"contradiction"})


@pytest.mark.parametrize(
    ("sentence", "language", "expected"),
    [
        ("They are here.", "en", "They are not here."),
        ("Ils étaient là.", "fr", "Ils n'étaient pas là."),
        ("Ils peuvent partir.", "fr", "Ils ne peuvent pas partir."),
        ("Nothing to change", "en", None),
    ],
)
def test_a_denial_is_made_where_no_figure_or_name_can_change(
    sentence: str, language: str, expected: str | None
) -> None:
    assert changed(sentence, language, [], random.Random(1)) == expected


def test_a_changed_figure_differs_in_one_digit() -> None:
    altered = changed("In all 4521 came", "en", [], random.Random(3))
    assert altered is not None
    assert sum(one != other for one, other in zip(altered, "In all 4521 came", strict=True)) == 1


def test_a_translation_follows_and_a_changed_one_does_not() -> None:
    english, french = (
        "The mayor of Paris was seen with 40 guests.",
        "Le maire de Paris était avec 40 convives hier soir.",
    )
    pairs = make_pairs([(english, french)] * 30, 40, random.Random(1))
    assert len(pairs) == 40
    for pair in pairs:
        is_whole = pair.hypothesis in (english, french) and pair.premise in (english, french)
        assert pair.labels == (LABELS["entailment"] if is_whole else LABELS["not_entailment"])

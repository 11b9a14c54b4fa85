"""Labelled claims read, judged and counted, on a set small enough to count by hand."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import pytest

from eval.claims import LabelledClaim, as_record, as_text, change_of, judge_claims, read_claims
from eval.errors import EvaluationError
from rag import Support

ARTICLE = {
    "_id": "ferry.en",
    "title": "The ferry of Marlowe stops",
    "text": "The ferry of Marlowe stopped on Sunday.\nThe repair will cost 4,000 crowns, Ada Linden said.\n"
    "Fishermen did not oppose the plan.",
    "metadata": {"language": "en", "story": "ferry"},
}
ARTICLE_FR = {
    "_id": "ferry.fr",
    "title": "Le bac de Marlowe s'arrête",
    "text": "Le bac de Marlowe est à l'arrêt depuis dimanche.",
    "metadata": {"language": "fr", "story": "ferry"},
}
CLAIMS = [
    ("The repair of the ferry will cost four thousand crowns.", "en", [0, 2], "supported", ""),
    ("The ferry has been at a stop since Sunday.", "fr", [1], "supported", ""),
    ("The repair will cost 400 crowns, Ada Linden said.", "en", [2], "contradicted", "4,000 -> 400"),
    ("The repair will cost 4,000 crowns, Piet Haas said.", "en", [2], "contradicted", "Ada Linden -> Piet Haas"),
    ("Fishermen opposed the plan.", "en", [3], "contradicted", "did not"),
    ("The ferry of Marlowe stopped on Sunday, and the harbour bell rang all night.", "en", [1], "partly", "bell"),
    ("Plums grow slowly in cold valleys.", "en", [1], "not stated", "nothing of it"),
]


def write_lines(path: Path, records: Sequence[object]) -> Path:
    path.write_text("".join(json.dumps(record) + "\n" for record in records), encoding="utf-8")
    return path


def write_set(folder: Path) -> tuple[Path, list[Path]]:
    claims = [
        {
            "id": f"c{number}",
            "claim": claim,
            "claim_language": "en",
            "story": "ferry",
            "passage_language": language,
            "sentences": sentences,
            "label": label,
            "why": why,
        }
        for number, (claim, language, sentences, label, why) in enumerate(CLAIMS)
    ]
    articles = [write_lines(folder / "en.jsonl", [ARTICLE]), write_lines(folder / "fr.jsonl", [ARTICLE_FR])]
    return write_lines(folder / "claims.jsonl", claims), articles


def test_claims_get_the_sentences_that_they_cite(tmp_path: Path) -> None:
    claims = read_claims(*write_set(tmp_path))
    assert claims[0].passage == f"{ARTICLE['title']} The repair will cost 4,000 crowns, Ada Linden said."
    assert claims[1].passage == ARTICLE_FR["text"]
    assert [claim.change for claim in claims] == [None, None, "figure", "name", "negation", None, None]


def test_the_check_judges_the_small_set_right(tmp_path: Path) -> None:
    report = judge_claims(read_claims(*write_set(tmp_path)))
    assert (report.accuracy, report.precision, report.recall) == (1, 1, 1)
    assert {one.name: one.caught for one in report.by_change} == {"figure": 1, "name": 1, "negation": 1}
    by_label = {one.name: one.count_by_verdict for one in report.by_label}
    assert by_label["partly"] == {"supported": 0, "partly": 1, "unsupported": 0, "unchecked": 0}
    assert report.accuracy_by_pair == {"en claim, en passage": (6, 1), "en claim, fr passage": (1, 1)}


def test_what_is_unchecked_counts_as_not_supported_and_catches_nothing(tmp_path: Path) -> None:
    def never_know(sentence: str, passages: Sequence[str]) -> Support:
        return Support("unchecked", None, f"{len(passages)} passage, not read")

    report = judge_claims(read_claims(*write_set(tmp_path)), never_know)
    assert report.accuracy == 5 / 7
    assert (report.precision, report.recall) == (0, 0)
    assert all(one.caught == 0 for one in report.by_change)


def test_the_report_is_told_as_a_record_and_as_text(tmp_path: Path) -> None:
    report = judge_claims(read_claims(*write_set(tmp_path)))
    record = json.loads(json.dumps(as_record(report)))
    assert (record["claims"], record["accuracy"], record["by_change"]["figure"]["caught"]) == (7, 1, 1)
    assert record["judged"][2]["reason"] == "the passage does not give «400 crowns»"
    text = as_text(report)
    assert "supported or not: accuracy 1.000" in text
    assert [line.split()[0] for line in text.splitlines() if line.endswith("100%")] == ["figure", "name", "negation"]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"label": "true"}, "the label «true» is none of"),
        ({"story": "bridge"}, "no article in «en» is called «bridge»"),
        ({"sentences": [9]}, "the article has no sentence 9"),
        ({"claim": None, "id": None, "label": None}, "the label «None»"),
    ],
)
def test_a_line_that_can_t_be_used_is_named(tmp_path: Path, change: dict[str, object], said: str) -> None:
    path, articles = write_set(tmp_path)
    first = json.loads(path.read_text("utf-8").splitlines()[0]) | change
    write_lines(path, [first])
    with pytest.raises(EvaluationError, match=said) as raised:
        read_claims(path, articles)
    assert "line 1" in str(raised.value)


def test_a_missing_key_is_named(tmp_path: Path) -> None:
    path, articles = write_set(tmp_path)
    write_lines(path, [{"id": "c0", "claim": "It sank."}])
    with pytest.raises(EvaluationError, match="line 1: 'label' is missing"):
        read_claims(path, articles)


@pytest.mark.parametrize(
    ("why", "change"),
    [
        ("month -> year", "figure"),
        ("2030 -> 2035", "figure"),
        ("who beat whom reversed", "role"),
        ("quote belongs to another", "speaker"),
        ("Linden -> Ada", "role"),
        ("daughter -> son", "other"),
    ],
)
def test_the_change_is_told_from_the_note(why: str, change: str) -> None:
    claim = LabelledClaim("c", "Ada Linden paid.", "en", "Ada Linden was paid.", "en", "contradicted", "ferry")
    assert change_of(claim, why) == change

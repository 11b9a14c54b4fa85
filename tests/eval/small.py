"""A collection small enough to work its measures out by hand, and runs over it."""

from __future__ import annotations

import json
from pathlib import Path

from eval import FoundArticle, QuestionResult, RelevantArticle, Run, RunSettings
from eval.measures import measure_questions

__all__ = ["CORPUS", "made_run", "write_beir"]

CORPUS = {
    "treaty": "The ministers signed the treaty in Paris on Friday after months of talks.",
    "bridge": "Engineers opened the longest bridge of the province before a crowd of thousands.",
    "harvest": "Farmers brought the barley harvest in before the heavy rain of September.",
    "museum": "The museum of glass lends forty vases to a gallery in Vienna this winter.",
}
_QUERIES = {
    "q1": "Who signed the treaty in Paris?",
    "q2": "What opened before a crowd of thousands?",
    "q3": "When did farmers bring the barley harvest in?",
}
_JUDGEMENTS = {"q1": {"treaty": 1}, "q2": {"bridge": 1}, "q3": {"harvest": 1}}


def write_beir(folder: Path) -> Path:
    """A BEIR folder of four articles and three queries."""
    (folder / "qrels").mkdir(parents=True)
    corpus = [
        {"_id": id_, "title": id_.title(), "text": text, "metadata": {"language": "en"}} for id_, text in CORPUS.items()
    ]
    queries = [{"_id": id_, "text": text} for id_, text in _QUERIES.items()]
    for name, records in (("corpus", corpus), ("queries", queries)):
        (folder / f"{name}.jsonl").write_text("".join(json.dumps(record) + "\n" for record in records))
    lines = [f"{query}\t{id_}\t{grade}\n" for query, grades in _JUDGEMENTS.items() for id_, grade in grades.items()]
    (folder / "qrels" / "test.tsv").write_text("query-id\tcorpus-id\tscore\n" + "".join(lines))
    return folder


def made_run(ranks: list[int | None], *, system: str = "hybrid", collection: str = "made", texts: str = "Who?") -> Run:
    """A run whose n-th question finds its one right article at the n-th rank, None for not at all."""
    relevance = {f"q{number}": {"right": 1} for number in range(len(ranks))}
    rankings = {
        f"q{number}": {("right" if place == rank else f"wrong{place}"): 1 / place for place in range(1, 101)}
        for number, rank in enumerate(ranks)
    }
    values = measure_questions(relevance, rankings)
    questions = tuple(
        QuestionResult(
            id_,
            f"{texts} {id_}",
            "en" if number % 2 else "fr",
            "person" if number % 3 else "place",
            (RelevantArticle("right", 1, rank, "en", "The right article"),),
            tuple(FoundArticle(name, name.title(), "A passage.") for name in list(rankings[id_])[:5]),
            values[id_],
            10.0 + number,
        )
        for number, (id_, rank) in enumerate(zip(relevance, ranks, strict=True))
    )
    settings = RunSettings(collection, system, f"{collection}-{len(ranks)}", "hashing-64", "h", "articles", "code")
    return Run(settings, "2020-01-02T03:04:05+00:00", questions, {"python": "3"}, "0123456789ab")

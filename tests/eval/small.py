"""A collection small enough to work its measures out by hand, and runs over it."""

from __future__ import annotations

import json
from pathlib import Path

from eval import AnswerGiven, FoundArticle, QuestionResult, RelevantArticle, Run, RunSettings
from eval.measures import measure_questions

__all__ = ["CORPUS", "QUESTIONS", "made_answers", "made_run", "write_beir", "write_news"]

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

QUESTIONS: list[dict[str, object]] = [
    {
        "id": "signed",
        "type": "place",
        "q_en": "Where did the ministers sign the treaty?",
        "q_fr": "Où les ministres ont-ils signé le traité ?",
        "a_en": ["Paris"],
        "a_fr": ["Paris"],
        "article": "treaty",
    },
    {"id": "harvest", "type": "date", "q_en": "When did the rain come?", "a_en": ["September"], "article": "harvest"},
    {"id": "price", "kind": "unanswerable", "q_en": "What did the barley of the farmers cost?"},
    {
        "id": "lent",
        "kind": "followup",
        "first_en": "What does the museum of glass lend to a gallery?",
        "q_en": "And in which city is it?",
        "standalone_en": "In which city is the gallery that the museum lends vases to?",
        "a_en": ["Vienna"],
        "article": "museum",
    },
    {"id": "other", "kind": "a kind of somebody else's"},
]


def write_news(folder: Path) -> tuple[Path, Path]:
    """The four articles as one file that can be added, and `QUESTIONS` about them as another."""
    folder.mkdir(parents=True, exist_ok=True)
    articles = [{"_id": id_, "title": id_.title(), "text": text, "language": "en"} for id_, text in CORPUS.items()]
    paths = folder / "news.jsonl", folder / "questions.jsonl"
    for path, records in zip(paths, (articles, QUESTIONS), strict=True):
        path.write_text("".join(json.dumps(record) + "\n" for record in records))
    return paths


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


def made_answers(
    answers: list[tuple[str, float | None, bool]], *, system: str = "extractive", collection: str = "made"
) -> Run:
    """A run of answers: of each its kind, how sure it was, and whether it was right.

    Kinds are "answerable" and any that should be refused, which is right when refused; an answerable question is
    wrong by another answer when sure by half at least, else by a refusal.
    """
    questions = []
    for number, (kind, confidence, is_right) in enumerate(answers):
        is_answerable = kind == "answerable"
        refused = is_right if not is_answerable else not is_right and (confidence or 0) < 0.5
        values = {"Answered": float(not refused), "Right answer": float(is_right)} if is_answerable else {}
        values |= {} if is_answerable else {"Refused": float(refused)}
        values |= {} if refused else {"Words": 10.0 + number, "Disagreements": 0.0}
        stages = {"search": (10.0, 4.0), "choose": (20.0, 8.0), "total": (30.0 + number, 12.0)}
        text = "No." if refused else "The bridge is blue. [1]"
        found = () if refused else (FoundArticle("right", "The right article", "The bridge is blue."),)
        questions.append(
            QuestionResult(
                f"q{number}",
                f"Which? q{number}",
                "en" if number % 2 else "fr",
                "person",
                (RelevantArticle("right", 1, 1, "en", "The right article"),) if is_answerable else (),
                found,
                values,
                30.0 + number,
                answer=AnswerGiven(kind, text, refused, confidence, ("blue",) if is_answerable else (), stages),
            )
        )
    settings = RunSettings(
        collection, system, f"{collection}-{len(answers)}", "hashing-64", "h", "articles", "code", "answers"
    )
    return Run(settings, "2020-01-02T03:04:05+00:00", tuple(questions), {"python": "3"}, "0123456789ab")

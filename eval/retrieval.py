"""A collection → runs of the archive's own search, one for each system. Nothing here finds: it asks and counts."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from embeddings import PLAIN_ENCODER, encoder_from
from eval.archives import archive_for
from eval.asking import WARM_UP_QUESTIONS, ask_all, finished_run, forget_partial, notes_on, now, run_folder
from eval.collection import Collection, questions_fingerprint
from eval.errors import EvaluationError
from eval.measures import EVIDENCE, measure_questions
from eval.question_sets import Question
from eval.runs import (
    Costs,
    FoundArticle,
    QuestionResult,
    Ranking,
    RelevantArticle,
    Run,
    RunSettings,
    save_run,
)
from eval.surroundings import code_fingerprint, commit, versions
from rag import Archive, Passage, SearchSettings
from rag.writing import ProgressCallback

__all__ = ["RANKING_DEPTH", "SYSTEMS", "run_from_rankings", "run_retrieval"]

# What the product's search can be told to leave out. The first is what everybody gets.
SYSTEMS = {
    "hybrid": SearchSettings(),
    "dense": SearchSettings(lexical=False),
    "lexical": SearchSettings(dense=False),
    "no-gloss": SearchSettings(gloss=False),
}
# Articles kept of each ranking; R@100 needs so many.
RANKING_DEPTH = 100
# More passages than a search weighs, so that all of them come: several may be of one article.
_PASSAGE_LIMIT = 1000
_EVIDENCE_DEPTH = 5
_FOUND_KEPT = 5
_PASSAGE_CHARACTERS = 300


@dataclass(frozen=True, slots=True)
class _Asked:
    """What a search gave for one question."""

    id: str
    ranking: tuple[str, ...]
    found: tuple[FoundArticle, ...]
    evidence_rank: int | None
    latency_ms: float


def run_retrieval(
    collection: Collection,
    *,
    systems: Sequence[str] = ("hybrid",),
    encoder: str | None = None,
    folder: Path | None = None,
    progress: ProgressCallback | None = None,
) -> list[Run]:
    """A run for each system of `SYSTEMS` named, each question asked once after a few that warm up.

    The runs are saved in folders in `folder`, `run_folder` says which; those that are there already, made by the
    same code on the same data, are loaded. Without a `folder` nothing is kept. `encoder` None means that of the
    archive, or the shipped one where the articles are yet to be read; a system without gloss gets that one's model
    alone, and an archive made by it.

    Raises:
        EvaluationError: a system is not known, or a question's article or an input can't be read.
    """
    for system in systems:
        if system not in SYSTEMS:
            raise EvaluationError(f"There is no system '{system}': choose among {', '.join(SYSTEMS)}.")
    if collection.posed:
        raise EvaluationError(f"'{collection.source}' asks for answers: measure it with `gazette eval answers`.")
    with tempfile.TemporaryDirectory(prefix="gazette-eval-") as scratch:
        base = folder or Path(scratch)
        run_by_system: dict[str, Run] = {}
        for needed, group in _systems_by_encoder(systems, collection, encoder).items():
            with archive_for(collection, needed, base, progress) as (archive, costs):
                questions = collection.questions(archive)
                for system in group:
                    run = _run_system(system, collection, archive, costs, questions, base, progress)
                    run_by_system[system] = run
    return [run_by_system[system] for system in systems]


def run_from_rankings(system: str, rankings: dict[str, Ranking], like: Run) -> Run:
    """The run of another program, judged by the questions of a run of ours; questions it lacks count as 0.

    Raises `EvaluationError` where it answers none of them.
    """
    if not rankings.keys() & {question.id for question in like.questions}:
        raise EvaluationError(
            f"The run '{system}' answers no question of '{like.settings.collection}' "
            f"(it has «{next(iter(rankings))}», they are called like «{like.questions[0].id}»)."
        )
    titles = {article.id: article.title for question in like.questions for article in question.found}
    titles |= {article.id: article.title for question in like.questions for article in question.relevant}
    results = []
    for question in like.questions:
        ranked = list(rankings.get(question.id, {}))
        ranks = {id_: rank for rank, id_ in enumerate(ranked, start=1)}
        relevant = tuple(replace(article, rank=ranks.get(article.id)) for article in question.relevant)
        found = tuple(FoundArticle(id_, titles.get(id_, "")) for id_ in ranked[:_FOUND_KEPT])
        results.append(
            replace(question, relevant=relevant, found=found, latency_ms=None, has_evidence=False, evidence_rank=None)
        )
    settings = RunSettings(like.settings.collection, system, like.settings.questions_fingerprint)
    measured = _with_values(results, rankings)
    return Run(settings, now(), measured, {}, notes=("made by another program",))


def _run_system(
    system: str,
    collection: Collection,
    archive: Archive,
    costs: Costs,
    questions: tuple[Question, ...],
    base: Path,
    progress: ProgressCallback | None,
) -> Run:
    encoder = archive.encoder
    settings = RunSettings(
        collection.name,
        system,
        questions_fingerprint(questions),
        encoder.name,
        encoder.fingerprint,
        collection.articles_fingerprint,
        code_fingerprint(),
    )
    if run := finished_run(base, settings):
        return run
    folder = run_folder(base, settings)
    for question in questions[:WARM_UP_QUESTIONS]:
        archive.search(question.text, settings=SYSTEMS[system])
    asked = ask_all(
        questions,
        lambda question: _ask(archive, SYSTEMS[system], question),
        folder,
        written=(_as_record, _from_record),
        progress=progress,
    )
    rankings = {id_: {article: 1 / rank for rank, article in enumerate(one.ranking, 1)} for id_, one in asked.items()}
    summaries = archive.summaries()
    languages = {summary.id: summary.language for summary in summaries}
    titles = {summary.id: summary.title for summary in summaries}
    results = [_result(question, asked[question.id], languages, titles) for question in questions]
    measured = _with_values(results, rankings)
    run = Run(settings, now(), measured, versions(), commit(), costs, notes_on(collection, questions))
    save_run(run, folder, rankings)
    forget_partial(folder)
    return run


def _ask(archive: Archive, settings: SearchSettings, question: Question) -> _Asked:
    started = time.perf_counter()
    passages = archive.search(question.text, limit=_PASSAGE_LIMIT, settings=settings)
    latency_ms = 1000 * (time.perf_counter() - started)
    # Near copies stand right behind the article they were merged into.
    found: dict[str, FoundArticle] = {}
    for passage in passages:
        for article in (passage.article, *passage.copies):
            text = " ".join(passage.text.split())
            shown = text if len(text) <= _PASSAGE_CHARACTERS else f"{text[:_PASSAGE_CHARACTERS].rstrip()}…"
            found.setdefault(article.id, FoundArticle(article.id, article.title, shown))
    evidence_rank = next((p.rank for p in passages if _holds_evidence(p, question)), None)
    kept = tuple(found.values())[:_FOUND_KEPT]
    return _Asked(question.id, tuple(found)[:RANKING_DEPTH], kept, evidence_rank, round(latency_ms, 3))


def _holds_evidence(passage: Passage, question: Question) -> bool:
    return any(
        place.article_id == passage.article.id and passage.start <= place.start and place.end <= passage.end
        for place in question.evidence
    )


def _result(
    question: Question, asked: _Asked, languages: dict[str, str | None], titles: dict[str, str]
) -> QuestionResult:
    ranks = {id_: rank for rank, id_ in enumerate(asked.ranking, start=1)}
    return QuestionResult(
        question.id,
        question.text,
        question.language,
        question.type,
        tuple(
            RelevantArticle(id_, grade, ranks.get(id_), languages.get(id_), titles.get(id_, ""))
            for id_, grade in question.relevance.items()
        ),
        asked.found,
        {},
        asked.latency_ms,
        bool(question.evidence),
        asked.evidence_rank,
        question.is_synthetic,
    )


def _with_values(results: list[QuestionResult], rankings: dict[str, Ranking]) -> tuple[QuestionResult, ...]:
    """The results with their measures."""
    relevance = {result.id: {article.id: article.grade for article in result.relevant} for result in results}
    values_by_id = measure_questions(relevance, {id_: rankings.get(id_, {}) for id_ in relevance})
    measured = []
    for result in results:
        values = values_by_id[result.id]
        if result.has_evidence:
            is_near = result.evidence_rank is not None and result.evidence_rank <= _EVIDENCE_DEPTH
            values = {**values, EVIDENCE: float(is_near)}
        measured.append(replace(result, values=values))
    return tuple(measured)


def _systems_by_encoder(
    systems: Sequence[str], collection: Collection, encoder: str | None
) -> dict[str | None, list[str]]:
    """The systems by the encoder that their archive needs, None being the collection's own or the shipped one."""
    grouped: dict[str | None, list[str]] = {}
    for system in systems:
        needed = encoder
        if not SYSTEMS[system].gloss and _fingerprint(collection, encoder) == encoder_from().fingerprint:
            needed = PLAIN_ENCODER
        grouped.setdefault(needed, []).append(system)
    return grouped


def _fingerprint(collection: Collection, encoder: str | None) -> str:
    if encoder is None and collection.is_archive:
        with Archive.open(collection.source, create=False) as own:
            return own.encoder.fingerprint
    return encoder_from(encoder).fingerprint


def _as_record(one: _Asked) -> dict[str, Any]:
    return asdict(one)


def _from_record(record: dict[str, Any]) -> _Asked:
    found = tuple(FoundArticle(**article) for article in record["found"])
    return _Asked(**{**record, "ranking": tuple(record["ranking"]), "found": found})

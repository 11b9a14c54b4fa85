"""A collection → runs of the archive's own search, one for each system. Nothing here finds: it asks and counts.

Each question's result is written down as it comes, so a run that was killed goes on where it stopped.
"""

from __future__ import annotations

import json
import shutil
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

from embeddings import PLAIN_ENCODER, encoder_from
from eval.collection import Collection, questions_fingerprint
from eval.errors import EvaluationError
from eval.measures import EVIDENCE, measure_questions
from eval.question_sets import Question
from eval.runs import (
    RUN_FILE,
    Costs,
    FoundArticle,
    QuestionResult,
    Ranking,
    RelevantArticle,
    Run,
    RunSettings,
    load_run,
    save_run,
)
from eval.surroundings import code_fingerprint, commit, versions
from rag import Archive, Passage, SearchSettings
from rag.writing import Progress, ProgressCallback

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
_WARM_UP_QUESTIONS = 3
_PARTIAL_FILE = "partial.jsonl"
_ARCHIVES_FOLDER = ".archives"
_BUILT_FILE = "built.json"


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
    with tempfile.TemporaryDirectory(prefix="gazette-eval-") as scratch:
        base = folder or Path(scratch)
        run_by_system: dict[str, Run] = {}
        for needed, group in _systems_by_encoder(systems, collection, encoder).items():
            with _archive_for(collection, needed, base, progress) as (archive, costs):
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
    return Run(settings, _now(), measured, {}, notes=("made by another program",))


def run_folder(base: Path, settings: RunSettings) -> Path:
    """Where the run with these settings is saved: another setting, text or line of code gives another folder."""
    digest = sha256(json.dumps([getattr(settings, name) for name in settings.__slots__]).encode()).hexdigest()
    return base / f"{settings.collection}.{settings.system}.{digest[:10]}"


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
    folder = run_folder(base, settings)
    if (folder / RUN_FILE).exists():
        return load_run(folder)
    folder.mkdir(parents=True, exist_ok=True)
    asked = _ask_all(archive, SYSTEMS[system], questions, folder / _PARTIAL_FILE, progress)
    rankings = {id_: {article: 1 / rank for rank, article in enumerate(one.ranking, 1)} for id_, one in asked.items()}
    languages = {summary.id: summary.language for summary in archive.summaries()}
    titles = {summary.id: summary.title for summary in archive.summaries()}
    results = [_result(question, asked[question.id], languages, titles) for question in questions]
    run = Run(
        settings, _now(), _with_values(results, rankings), versions(), commit(), costs, _notes(collection, questions)
    )
    save_run(run, rankings, folder)
    (folder / _PARTIAL_FILE).unlink()
    return run


def _ask_all(
    archive: Archive,
    settings: SearchSettings,
    questions: tuple[Question, ...],
    partial: Path,
    progress: ProgressCallback | None,
) -> dict[str, _Asked]:
    """Every question's result, in the order of the questions; what `partial` has is not asked again."""
    done = _read_partial(partial)
    waiting = [question for question in questions if question.id not in done]
    for question in waiting[:_WARM_UP_QUESTIONS]:
        archive.search(question.text, settings=settings)
    with partial.open("a", encoding="utf-8") as stream:
        for question in waiting:
            one = _ask(archive, settings, question)
            done[question.id] = one
            stream.write(json.dumps(_as_dict(one), ensure_ascii=False) + "\n")
            stream.flush()
            if progress:
                progress(Progress(f"asking {partial.parent.name}", len(done), len(questions), "questions"))
    return {question.id: done[question.id] for question in questions}


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


@contextmanager
def _archive_for(
    collection: Collection, encoder: str | None, base: Path, progress: ProgressCallback | None
) -> Iterator[tuple[Archive, Costs]]:
    """The collection's own archive where it has the encoder, else one made for the run and removed when it is over.

    Killed on the way, the next one goes on with what is there; the time it took is then not known.
    """
    own = Archive.open(collection.source, create=False) if collection.is_archive else None
    try:
        if own and (encoder is None or encoder_from(encoder).fingerprint == own.encoder.fingerprint):
            yield own, _costs(own, None)
            return
        wanted = encoder_from(encoder)
        key = json.dumps([collection.articles_fingerprint, wanted.fingerprint, code_fingerprint()])
        folder = base / _ARCHIVES_FOLDER / sha256(key.encode()).hexdigest()[:16]
        sources = own.articles() if own else [collection.source]
        with Archive.open(folder / "archive", encoder=encoder) as archive:
            seconds = _build(archive, sources, folder / _BUILT_FILE, progress)
            yield archive, _costs(archive, seconds)
        shutil.rmtree(folder)
        if not any(folder.parent.iterdir()):
            folder.parent.rmdir()
    finally:
        if own:
            own.close()


def _build(archive: Archive, sources: Sequence[Any], built: Path, progress: ProgressCallback | None) -> float | None:
    """Adds the articles; seconds taken, None where that was done in several goes."""
    if built.exists():
        seconds: float | None = json.loads(built.read_text("utf-8"))
        return seconds
    is_resumed = archive.info().articles > 0
    started = time.perf_counter()
    report = archive.add(sources, progress=progress)
    seconds = time.perf_counter() - started
    if report.failed:
        failure = report.failed[0]
        raise EvaluationError(
            f"'{failure.origin}' can't be read: {failure.reason}. Mend it, or `gazette add` what can be read to an "
            "archive, and give that."
        )
    built.write_text(json.dumps(None if is_resumed else seconds), encoding="utf-8")
    return None if is_resumed else seconds


def _costs(archive: Archive, index_seconds: float | None) -> Costs:
    info = archive.info()
    size = info.store_bytes + info.dense_bytes + info.lexical_bytes
    return Costs(info.articles, info.chunks, index_seconds, size)


def _notes(collection: Collection, questions: tuple[Question, ...]) -> tuple[str, ...]:
    synthetic = sum(question.is_synthetic for question in questions)
    known = {question.id for question in questions if question.evidence}
    lost = sum(
        any(row.evidence_by_language.values()) and known.isdisjoint(row.id_by_language.values())
        for row in collection.rows
    )
    notes = []
    if synthetic:
        notes.append(f"{synthetic} of {len(questions)} questions are synthetic: no person wrote them.")
    if lost:
        notes.append(f"The evidence of {lost} questions stands in none of their articles as they were read.")
    return tuple(notes)


def _as_dict(one: _Asked) -> dict[str, object]:
    found = [[article.id, article.title, article.passage] for article in one.found]
    return {
        "id": one.id,
        "ranking": one.ranking,
        "found": found,
        "evidence_rank": one.evidence_rank,
        "latency_ms": one.latency_ms,
    }


def _read_partial(path: Path) -> dict[str, _Asked]:
    """What a killed run has written; its last line may be torn, and is cut off."""
    if not path.exists():
        return {}
    done: dict[str, _Asked] = {}
    whole = path.read_bytes().rpartition(b"\n")[0]
    path.write_bytes(whole + b"\n" if whole else b"")
    for line in whole.decode("utf-8").split("\n") if whole else ():
        record = json.loads(line)
        found = tuple(FoundArticle(*article) for article in record["found"])
        done[record["id"]] = _Asked(
            record["id"], tuple(record["ranking"]), found, record["evidence_rank"], record["latency_ms"]
        )
    return done


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")

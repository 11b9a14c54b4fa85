"""`gazette eval …`: options in; runs and a report saved, a table or JSON printed."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager
from functools import partial
from pathlib import Path
from typing import Protocol

from eval.answer_tables import REFUSAL_HEADS, answers_said, refusal_rows
from eval.answers import Asking, run_answers
from eval.claims import ClaimReport, as_record, as_text, judge_claims, read_claims
from eval.collection import Collection, open_collection
from eval.comparison import Comparison, Group, compare, worse_than
from eval.drafting import draft_questions, write_lines, write_questions
from eval.errors import EvaluationError
from eval.evaluations import RETRIEVAL
from eval.feedback import TO_EDIT, feedback_lines
from eval.question_sets import ANSWER_KINDS, ANSWERABLE
from eval.report import write_report
from eval.report_tables import COST_HEADS, as_json, cost_cells, mean_text, p_text, signed_text, verdict_text
from eval.retrieval import run_from_rankings, run_retrieval
from eval.runs import Run, load_run, read_trec_run, write_file
from rag import Archive, check_support
from rag.support.inference_model import InferenceModel
from rag.writing import Progress

__all__ = ["ProgressDisplay", "run"]


class ProgressDisplay(Protocol):
    """Draws progress while it is entered."""

    def show(self, progress: Progress) -> None:
        """Draws one step."""


def run(options: argparse.Namespace, display: AbstractContextManager[ProgressDisplay]) -> int:
    """Runs what was asked for and prints it; returns the exit status: 1 where a gate is not passed."""
    if options.evaluation == "speed":
        return _speed(options)
    if options.evaluation == "questions":
        return _from_feedback(options) if options.from_feedback else _draft(options, display)
    judged = _judge(options) if getattr(options, "claims", None) else None
    if judged and not options.questions and not options.sample:
        print(json.dumps(as_record(judged), ensure_ascii=False, indent=1) if options.json else as_text(judged))
        return 0
    if options.evaluation == "compare":
        runs = _with_others([], options.runs)
    else:
        if not options.folders and not options.sample:
            print("gazette: nothing to measure: give folders, or --sample.", file=sys.stderr)
            return 2
        with display as shown:
            runs = _measure(options, shown)
        runs = _with_others(runs, options.others)
    comparison = compare(runs, seed=options.seed)
    page = write_report(comparison, Path(options.out))
    print(_as_json(comparison, judged) if options.json else _as_text(comparison, judged), end="")
    print(f"The report is in {page}", file=sys.stderr)
    return _gate(Path(options.gate), runs, options.seed) if options.gate else 0


def _judge(options: argparse.Namespace) -> ClaimReport:
    """How well the support check judges the claims, about the articles in the files given."""
    model = InferenceModel.open(options.support_model) if options.support_model else None
    claims = read_claims(Path(options.claims), [Path(folder) for folder in options.folders])
    report = judge_claims(claims, partial(check_support, model=model))
    folder = Path(options.out)
    folder.mkdir(parents=True, exist_ok=True)
    write_file(folder / "claims.json", json.dumps(as_record(report), ensure_ascii=False, indent=1) + "\n")
    return report


def _measure(options: argparse.Namespace, display: ProgressDisplay) -> list[Run]:
    """A run for each collection, encoder and system, in that order."""
    questions = Path(options.questions) if options.questions else None
    kinds = (ANSWERABLE,) if options.evaluation == RETRIEVAL.name else ANSWER_KINDS
    collections = [open_collection(Path(folder), questions, kinds=kinds) for folder in options.folders]
    if options.sample:
        collections.append(_sample(kinds))
    encoders = options.encoder.split(",") if options.encoder else [None]
    measure = _run_retrieval if options.evaluation == RETRIEVAL.name else _run_answers
    return [
        run
        for collection in collections
        for encoder in encoders
        for run in measure(collection, encoder, options, display)
    ]


def _run_retrieval(
    collection: Collection, encoder: str | None, options: argparse.Namespace, display: ProgressDisplay
) -> list[Run]:
    return run_retrieval(
        collection,
        systems=list(dict.fromkeys(options.system.split(","))),
        encoder=encoder,
        folder=Path(options.out),
        progress=display.show,
    )


def _run_answers(
    collection: Collection, encoder: str | None, options: argparse.Namespace, display: ProgressDisplay
) -> list[Run]:
    systems = options.system or ("model" if options.model else "extractive")
    return run_answers(
        collection,
        systems=list(dict.fromkeys(systems.split(","))),
        asking=Asking(options.model, options.strict, options.hide_stories, options.seed, options.support_model),
        encoder=encoder,
        folder=Path(options.out),
        progress=display.show,
    )


def _sample(kinds: Sequence[str]) -> Collection:
    from rag.sample import sample_folder

    return open_collection(sample_folder(), sample_folder().parent / "questions.jsonl", name="sample", kinds=kinds)


def _with_others(runs: list[Run], paths: Sequence[str]) -> list[Run]:
    """The runs, and behind them those saved in folders, and those of other programs in TREC files."""
    saved = [load_run(Path(path)) for path in paths if Path(path).is_dir()]
    ours = [*runs, *saved]
    others = []
    for path in paths:
        if not Path(path).is_dir():
            rankings = read_trec_run(Path(path))
            others.append(run_from_rankings(Path(path).stem, rankings, _judging(Path(path), rankings.keys(), ours)))
    return [*ours, *others]


def _judging(path: Path, question_ids: Iterable[str], runs: Sequence[Run]) -> Run:
    """The first run of the one question set that has these questions."""
    if not any(run.evaluation is RETRIEVAL for run in runs):
        raise EvaluationError(f"'{path}' is a TREC run without judgements: name a saved run of finding beside it.")
    asked = set(question_ids)
    fits = {
        (run.settings.collection, run.settings.questions_fingerprint): run
        for run in reversed(runs)
        if run.evaluation is RETRIEVAL and not asked.isdisjoint(question.id for question in run.questions)
    }
    if len(fits) > 1:
        names = ", ".join(run.settings.collection for run in fits.values())
        raise EvaluationError(f"The questions of '{path}' are in several collections ({names}): measure one at a time.")
    return next(iter(fits.values()), next(run for run in runs if run.evaluation is RETRIEVAL))


def _gate(folder: Path, runs: Sequence[Run], seed: int) -> int:
    """Status 1, and a line for each measure, where a run of the gate's system is significantly worse."""
    gate = load_run(folder)
    held = [
        run
        for run in runs
        if (run.evaluation, run.settings.collection, run.settings.system)
        == (gate.evaluation, gate.settings.collection, gate.settings.system)
    ]
    if not held:
        raise EvaluationError(
            f"The gate '{folder}' is a run of {gate.settings.system} on '{gate.settings.collection}', and nothing "
            "here is: give a gate of the same system and collection."
        )
    status = 0
    for run in held:
        for one in worse_than(gate, run, seed=seed):
            status = 1
            print(
                f"gazette: worse than the gate on {run.settings.collection}: {one.measure} {signed_text(one.value)} "
                f"(p {p_text(one.p_corrected)}, {one.wins} better, {one.losses} worse)",
                file=sys.stderr,
            )
    if not status:
        print("The gate is passed: no measure is significantly worse.", file=sys.stderr)
    return status


def _draft(options: argparse.Namespace, display: AbstractContextManager[ProgressDisplay]) -> int:
    with display as shown, Archive.open(options.archive, create=False) as archive:
        drafted = draft_questions(
            archive, count=options.count, model=options.model, seed=options.seed, progress=shown.show
        )
    write_questions(drafted, Path(options.file))
    print(f"{len(drafted)} questions drafted, all marked synthetic: look them over in {options.file}, then run")
    print(f"  gazette eval retrieval {options.archive} --questions {options.file}")
    return 0


def _speed(options: argparse.Namespace) -> int:
    from eval.bench.speed import PAGE, PARTS, SpeedSettings, measure_speed
    from eval.bench.speed_page import as_rows

    parts = list(PARTS) if options.part is None else list(dict.fromkeys(options.part.split(",")))
    unknown = [part for part in parts if part not in PARTS]
    if unknown:
        raise EvaluationError(f"There is no part «{unknown[0]}»: there are {', '.join(PARTS)}.")
    settings = SpeedSettings(
        tuple(dict.fromkeys(options.sizes)),
        options.rounds,
        options.count,
        Path(options.archives),
        Path(options.peers_python) if options.peers_python else None,
    )
    for part, figures in measure_speed(parts, settings, Path(options.out)):
        if options.json:
            print(json.dumps({part: figures}, ensure_ascii=False))
        else:
            print("\n".join([part, *_table_lines(as_rows(part, figures))]), flush=True)
    print(f"The report is in {Path(options.out) / PAGE}", file=sys.stderr)
    return 0


def _from_feedback(options: argparse.Namespace) -> int:
    with Archive.open(options.archive, create=False) as archive:
        lines = feedback_lines(archive)
    write_lines(lines, Path(options.file))
    to_edit = sum(line["kind"] == TO_EDIT for line in lines)
    print(
        f"{len(lines)} answers that readers judged are in {options.file}; {to_edit} of them are «{TO_EDIT}»: name the"
    )
    print("right articles there and make them «answerable». Then run")
    print(f"  gazette eval answers {options.archive} --questions {options.file}")
    return 0


def _as_json(comparison: Comparison, judged: ClaimReport | None) -> str:
    if judged is None:
        return as_json(comparison)
    record = {**json.loads(as_json(comparison)), "claims": as_record(judged)}
    return json.dumps(record, ensure_ascii=False, indent=1) + "\n"


def _as_text(comparison: Comparison, judged: ClaimReport | None) -> str:
    tables = "\n".join(line for group in comparison.groups for line in _group_lines(group)) + "\n"
    return f"{tables}\nThe support check on {len(judged.judged)} claims:\n{as_text(judged)}\n" if judged else tables


def _group_lines(group: Group) -> list[str]:
    """A table, what differences are worth, and of answers what the table doesn't say."""
    names = [name for name in group.evaluation.printed if name in group.measures]
    rows = [["run", *names, *COST_HEADS]]
    for label, means, run in zip(group.labels, group.whole.means, group.runs, strict=True):
        rows.append([label, *(mean_text(means[name]) for name in names), *cost_cells(run)])
    lines = [f"{group.collection}: {group.whole.count} questions", *_table_lines(rows)]
    for one in group.differences:
        if one.measure == group.headline:
            lines.append(
                f"  {group.labels[one.run]} against {group.labels[0]}: {one.measure} {signed_text(one.value)} "
                f"[{signed_text(one.interval.low)}, {signed_text(one.interval.high)}], p {p_text(one.p_corrected)}: "
                f"{verdict_text(one)}"
            )
    refusals = [[group.labels[place], *cells] for place, cells in refusal_rows(group)]
    if refusals:
        lines += _table_lines([["run", *REFUSAL_HEADS], *refusals])
    return lines + [f"  {said}" for said in answers_said(group)]


def _table_lines(rows: Sequence[Sequence[str]]) -> list[str]:
    """The rows with their columns in line, the first to the left."""
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    return [
        "  ".join(
            ["", f"{label:{widths[0]}}", *(f"{cell:>{width}}" for cell, width in zip(cells, widths[1:], strict=True))]
        )
        for label, *cells in rows
    ]

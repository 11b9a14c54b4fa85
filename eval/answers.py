"""A collection → runs of the assistant, one for each system: the same `ask` as everybody's, measured.

A follow-up is asked after its first question was asked and answered. What questions are asked of is said in
`eval.grounds`.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from eval.answer_measures import measure_answer
from eval.asking import WARM_UP_QUESTIONS, ask_all, finished_run, forget_partial, notes_on, now, run_folder
from eval.collection import Collection, questions_fingerprint
from eval.errors import EvaluationError
from eval.evaluations import ANSWERS
from eval.grounds import Ground, Hidden, ground_for
from eval.question_sets import ANY_LANGUAGE, Accepted, Question
from eval.runs import (
    AnswerGiven,
    FoundArticle,
    QuestionResult,
    RelevantArticle,
    Run,
    RunSettings,
    question_from,
    save_run,
)
from eval.surroundings import code_fingerprint, commit, versions
from rag import Answer, AskSettings, Assistant, check_support
from rag.model.chat_model import open_chat_model
from rag.stages import StageTime, timed_stages
from rag.support.inference_model import InferenceModel
from rag.writing import ProgressCallback

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

__all__ = ["ANSWERING_SYSTEMS", "Asking", "run_answers"]

# What the assistant can be told to leave out, and `model`, which answers with the chat model asked for.
ANSWERING_SYSTEMS = {
    "extractive": AskSettings(),
    "model": AskSettings(),
    "uncompleted": AskSettings(completes=False),
    "undated": AskSettings(reads_dates=False),
}


@dataclass(frozen=True, slots=True)
class Asking:
    """How the questions are asked: by which model the system `model` answers, strictly or not, and with what share of
    the stories hidden, drawn by the seed. `support_model` is the folder of an inference model, which the support check
    asks in answering and in judging."""

    model: str | BaseChatModel | None = None
    strict: bool = False
    hidden_share: float = 0.0
    seed: int = 0
    support_model: str | None = None


def run_answers(
    collection: Collection,
    *,
    systems: Sequence[str] = ("extractive",),
    asking: Asking | None = None,
    encoder: str | None = None,
    folder: Path | None = None,
    progress: ProgressCallback | None = None,
) -> list[Run]:
    """A run for each system of `ANSWERING_SYSTEMS` named, each question asked once after a few that warm up.

    The runs are saved in folders in `folder`, as those of `run_retrieval` are.

    Raises:
        EvaluationError: a system is not known, or a question's article or an input can't be read.
        ModelError: the chat model can't be made.
    """
    asking = asking or Asking()
    _check(systems, asking, collection)
    with tempfile.TemporaryDirectory(prefix="gazette-eval-") as scratch:
        base = folder or Path(scratch)
        hidden = Hidden(asking.hidden_share, asking.seed)
        with ground_for(collection, hidden, encoder, base, progress) as ground:
            return [_run_system(system, collection, asking, ground, base, progress) for system in systems]


def _check(systems: Sequence[str], asking: Asking, collection: Collection) -> None:
    for system in systems:
        if system not in ANSWERING_SYSTEMS:
            raise EvaluationError(f"There is no system '{system}': choose among {', '.join(ANSWERING_SYSTEMS)}.")
    if ("model" in systems) != (asking.model is not None):
        raise EvaluationError("The system 'model' and --model go together: give both, or neither.")
    if not 0 <= asking.hidden_share < 1:
        raise EvaluationError(
            f"{asking.hidden_share:g} of the stories can't be hidden: give a share from 0 to below 1."
        )
    if asking.hidden_share and collection.posed:
        raise EvaluationError(f"'{collection.source}' has no stories to hide: its questions bring their own articles.")


def _run_system(
    system: str,
    collection: Collection,
    asking: Asking,
    ground: Ground,
    base: Path,
    progress: ProgressCallback | None,
) -> Run:
    settings = RunSettings(
        ground.name,
        system,
        questions_fingerprint(ground.questions, with_answers=True),
        ground.encoder.name,
        ground.encoder.fingerprint,
        collection.articles_fingerprint,
        code_fingerprint("eval/answers.py", "eval/answer_measures.py"),
        ANSWERS.name,
        _options(system, asking),
    )
    if run := finished_run(base, settings):
        return run
    folder = run_folder(base, settings)
    model = open_chat_model(asking.model) if system == "model" and asking.model else None
    told = replace(ANSWERING_SYSTEMS[system], strict=asking.strict)
    support_model = InferenceModel.open(asking.support_model) if asking.support_model else None
    check = partial(check_support, model=support_model)

    def ask(question: Question) -> QuestionResult:
        with ground.archive_for(question) as archive:
            assistant = Assistant(archive, model=model, support_model=support_model)
            answer, stages = _ask(assistant, question, told)
            values = measure_answer(question, answer, archive.article, check)
        return _result(question, answer, values, stages, ground)

    for question in ground.questions[:WARM_UP_QUESTIONS] if model is None else ():
        ask(question)
    written = (asdict, question_from)
    asked = ask_all(ground.questions, ask, folder, written=written, progress=progress)
    notes = notes_on(collection, ground.questions) + _notes(ground.questions)
    run = Run(settings, now(), tuple(asked.values()), versions(), commit(), ground.costs, notes)
    save_run(run, folder)
    forget_partial(folder)
    return run


def _options(system: str, asking: Asking) -> tuple[str, ...]:
    options = []
    if system == "model":
        options.append(f"model {asking.model if isinstance(asking.model, str) else type(asking.model).__name__}")
    if asking.support_model:
        options.append(f"support model {Path(asking.support_model).name}")
    if asking.strict:
        options.append("strict")
    if asking.hidden_share:
        options.append(f"{asking.hidden_share:.0%} of the stories hidden, seed {asking.seed}")
    return tuple(options)


def _notes(questions: Sequence[Question]) -> tuple[str, ...]:
    silent = sum(question.has_answer and not question.accepted for question in questions)
    if not silent:
        return ()
    return (f"Of {silent} questions it is not known what an answer may say: whether it is right is not measured.",)


def _ask(assistant: Assistant, question: Question, told: AskSettings) -> tuple[Answer, dict[str, tuple[float, float]]]:
    """The answer, and the milliseconds by stage as `AnswerGiven` has them."""
    history = []
    if question.after is not None:
        first = assistant.ask(question.after, settings=told)
        history = [{"role": "user", "content": question.after}, {"role": "assistant", "content": first.text}]
    with timed_stages() as times:
        wall, cpu = time.perf_counter(), time.process_time()
        answer = assistant.ask(question.text, history, settings=told)
        total = StageTime(1000 * (time.perf_counter() - wall), 1000 * (time.process_time() - cpu))
    rest = StageTime(
        total.wall_ms - sum(one.wall_ms for one in times.values()),
        total.cpu_ms - sum(one.cpu_ms for one in times.values()),
    )
    by_name = times | {"rest": rest, "total": total}
    stages = {name: (round(one.wall_ms, 3), round(one.cpu_ms, 3)) for name, one in by_name.items()}
    return answer, stages


def _result(
    question: Question,
    answer: Answer,
    values: dict[str, float],
    stages: dict[str, tuple[float, float]],
    ground: Ground,
) -> QuestionResult:
    ranks: dict[str, int] = {}
    for place, citation in enumerate(answer.citations, start=1):
        ranks.setdefault(citation.article.id, place)
    relevant = tuple(
        RelevantArticle(
            id_, grade, ranks.get(id_), ground.language_by_article.get(id_), ground.title_by_article.get(id_, "")
        )
        for id_, grade in question.relevance.items()
    )
    cited = tuple(FoundArticle(one.article.id, one.article.title, one.quote) for one in answer.citations)
    expected = tuple(_shown(part, question.language) for part in question.accepted)
    given = AnswerGiven(
        question.kind, answer.text, answer.refused, answer.confidence, expected, stages, answer.completed, answer.notes
    )
    return QuestionResult(
        question.id,
        question.text,
        question.language,
        question.type,
        relevant,
        cited,
        values,
        stages["total"][0],
        is_synthetic=question.is_synthetic,
        answer=given,
    )


def _shown(accepted: Accepted, language: str | None) -> str:
    """What is accepted first, in the question's language where it is known in it."""
    strings = accepted.get(language or ANY_LANGUAGE) or next(iter(accepted.values()))
    return strings[0]

"""A group of runs → the questions to look at, as parts of the report's page: those that went wrong, or changed most."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape
from itertools import zip_longest

from eval.comparison import Group
from eval.drawing import SERIES_COLOURS
from eval.evaluations import Evaluation
from eval.runs import AnswerGiven, QuestionResult

__all__ = ["run_label", "shown_questions"]

_SHOWN_QUESTIONS = 12
_SHOWN_ARTICLES = 3


def shown_questions(group: Group) -> Iterable[str]:
    """The questions that changed most against the baseline, or with one run, those that found or answered worst."""
    by_id = [{question.id: question for question in run.questions} for run in group.runs]
    first = group.runs[0].questions
    answers = any(question.answer for question in first)
    if len(group.runs) == 1:
        score = group.evaluation.score
        chosen = sorted((q for q in first if score(q.values) < 1), key=lambda q: score(q.values))
        title = "Questions answered wrongly" if answers else "Questions that found least"
        none = "Every question was answered rightly." if answers else "Every question found its articles first."
    else:
        chosen = _most_changed(group.evaluation, first, by_id[1:])
        title, none = "Questions that changed most", "No question changed."
    chosen = _in_turn_by_kind(chosen) if answers else chosen
    yield f"<h3>{title}</h3>"
    if not chosen:
        yield f"<p>{none}</p>"
    elif len(chosen) > _SHOWN_QUESTIONS:
        yield f"<p>{_SHOWN_QUESTIONS} of {len(chosen)}; the rest is in the saved runs.</p>"
    for question in chosen[:_SHOWN_QUESTIONS]:
        yield _question_card(question, [found[question.id] for found in by_id], group)


def run_label(place: int, name: str) -> str:
    """A run's name behind its colour."""
    return f"<span class='run'><i class='series-{place % SERIES_COLOURS}'></i>{escape(name)}</span>"


def _most_changed(
    evaluation: Evaluation, baseline: Sequence[QuestionResult], others: Sequence[dict[str, QuestionResult]]
) -> list[QuestionResult]:
    """Questions by how much they changed: of each other run in turn the largest loss, then the largest gain."""
    turns: list[list[QuestionResult]] = []
    for found in others:
        change = {
            question.id: evaluation.score(found[question.id].values) - evaluation.score(question.values)
            for question in baseline
        }
        for sign in (-1, 1):
            changed = [question for question in baseline if sign * change[question.id] > 0]
            turns.append(sorted(changed, key=lambda question, of=change: -abs(of[question.id])))  # type: ignore[misc]
    return _in_turn(turns)


def _in_turn_by_kind(questions: Sequence[QuestionResult]) -> list[QuestionResult]:
    """One of each kind and language by turns, so that one look shows what goes wrong with each."""
    turns: dict[tuple[str, str | None], list[QuestionResult]] = {}
    for question in questions:
        kind = question.answer.kind if question.answer else ""
        turns.setdefault((kind, question.language), []).append(question)
    return _in_turn(list(turns.values()))


def _in_turn(turns: Sequence[Sequence[QuestionResult]]) -> list[QuestionResult]:
    in_turn = [question for row in zip_longest(*turns) for question in row if question]
    return list({question.id: question for question in in_turn}.values())


def _question_card(question: QuestionResult, results: Sequence[QuestionResult], group: Group) -> str:
    right = {article.id: article for article in question.relevant if article.grade > 0}
    kind = question.answer.kind if question.answer else None
    marks = (question.language, question.type, kind)
    tags = "".join(f"<span class='tag'>{escape(tag)}</span>" for tag in marks if tag and tag != "answerable")
    columns = [
        f"<div><p>{run_label(place, name)} <span class='stands'>{_stand(group.evaluation, result)}</span></p>"
        f"{_said(result.answer)}<ol>{_articles(result, set(right)) or '<li>nothing</li>'}</ol></div>"
        for place, (result, name) in enumerate(zip(results, group.labels, strict=True))
    ]
    return (
        f"<article class='question'><h4>{escape(question.text)} {tags}</h4><p class='sought'>{_sought(question)}</p>"
        f"<div class='columns'>{''.join(columns)}</div></article>"
    )


def _sought(question: QuestionResult) -> str:
    """What would answer: an accepted answer where one is known, and the articles."""
    articles = "; ".join(
        escape(article.title or article.id)
        + (f" <span class='tag'>{escape(article.language)}</span>" if article.language else "")
        for article in question.relevant
        if article.grade > 0
    )
    accepted = "; ".join(map(escape, question.answer.expected)) if question.answer else ""
    sought = [f"Accepted: «{accepted}»"] if accepted else []
    sought += [f"Answered by: {articles}"] if articles else []
    return ". ".join(sought) or "No article answers: it should be refused."


def _stand(evaluation: Evaluation, result: QuestionResult) -> str:
    """How the run did, in words."""
    if result.answer is None:
        ranks = [article.rank for article in result.relevant if article.grade > 0 and article.rank]
        return f"right article at {min(ranks)}" if ranks else "right article not found"
    sure = "" if result.answer.confidence is None else f", {result.answer.confidence:.0%} sure of an answer"
    if result.answer.refused:
        return f"refused{sure}"
    return f"{'answered' if evaluation.score(result.values) else 'answered wrongly'}{sure}"


def _said(answer: AnswerGiven | None) -> str:
    if answer is None:
        return ""
    completed = f"<p class='stands'>Asked as: {escape(answer.completed)}</p>" if answer.completed else ""
    return f"{completed}<p>{escape(answer.text)}</p>"


def _articles(result: QuestionResult, right: set[str]) -> str:
    """The first articles found with the best passage of the first, or all that were cited with their quotes."""
    items = []
    for index, article in enumerate(result.found if result.answer else result.found[:_SHOWN_ARTICLES]):
        shows_passage = article.passage and not result.answer and not index
        items.append(
            f"<li{' class=right' if article.id in right else ''}><span>{escape(article.title or article.id)}</span>"
            f"{f'<q>{escape(article.passage)}</q>' if shows_passage else ''}</li>"
        )
    return "".join(items)

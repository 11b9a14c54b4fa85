"""Labelled claims and the articles they are about → how well the support check judges them.

A claims file is JSONL, one claim a line:

    id                an id
    claim             the sentence to check; `claim_language` its language
    story             the article it cites: its id, or the `story` of its metadata
    passage_language  which language's article, where there is one in each
    sentences         what it cites of the article: 0 is the title, then the lines of its text from 1
    label             «supported», «contradicted», «not stated» or «partly»
    change            optional: what was changed to make a supported claim a contradicted one
    why               optional: the annotator's note, from which the change is told where `change` is missing

A claim counts as called supported by the verdict «supported» alone: «partly», «unchecked» and «unsupported»
all say that it is not. A change is caught by «unsupported» or «partly»; «unchecked» catches nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, get_args

from eval.errors import EvaluationError
from eval.question_sets import read_lines
from rag import Support, Verdict, check_support
from rag.figures import find_figures
from rag.support.names import missing_names
from rag.support.told import Told

__all__ = [
    "LABELS",
    "ClaimReport",
    "ClaimSlice",
    "JudgedClaim",
    "LabelledClaim",
    "as_record",
    "as_text",
    "change_of",
    "judge_claims",
    "read_claims",
]

LABELS = ("supported", "partly", "not stated", "contradicted")
VERDICTS: tuple[Verdict, ...] = get_args(Verdict)
CAUGHT = ("unsupported", "partly")


@dataclass(frozen=True, slots=True)
class LabelledClaim:
    """A claim with the passage it cites and what a person says of it; `change` where it is known and contradicted."""

    id: str
    text: str
    language: str
    passage: str
    passage_language: str
    label: str
    story: str
    change: str | None = None

    @property
    def pair(self) -> str:
        return f"{self.language} claim, {self.passage_language} passage"


@dataclass(frozen=True, slots=True)
class JudgedClaim:
    claim: LabelledClaim
    support: Support

    @property
    def is_right(self) -> bool:
        return (self.support.verdict == "supported") == (self.claim.label == "supported")


@dataclass(frozen=True, slots=True)
class ClaimSlice:
    """Some of the claims: how many got each verdict."""

    name: str
    count_by_verdict: dict[str, int]

    @property
    def size(self) -> int:
        return sum(self.count_by_verdict.values())

    @property
    def caught(self) -> float:
        """The share, from 0 to 1, that was called unsupported or partly supported."""
        return sum(self.count_by_verdict[verdict] for verdict in CAUGHT) / self.size if self.size else 0.0


@dataclass(frozen=True, slots=True)
class ClaimReport:
    """All claims judged. `accuracy`, `precision` and `recall` are of «supported», from 0 to 1."""

    judged: tuple[JudgedClaim, ...]
    by_label: tuple[ClaimSlice, ...]
    by_change: tuple[ClaimSlice, ...]
    accuracy_by_pair: dict[str, tuple[int, float]]

    @property
    def accuracy(self) -> float:
        return sum(one.is_right for one in self.judged) / len(self.judged)

    @property
    def precision(self) -> float:
        called = [one for one in self.judged if one.support.verdict == "supported"]
        return sum(one.is_right for one in called) / len(called) if called else 0.0

    @property
    def recall(self) -> float:
        supported = [one for one in self.judged if one.claim.label == "supported"]
        return sum(one.is_right for one in supported) / len(supported) if supported else 0.0


def read_claims(path: Path, articles_paths: Iterable[Path]) -> list[LabelledClaim]:
    """The claims of a file, in its order, with the passages that they cite.

    Raises `EvaluationError` naming the line and why.
    """
    articles = _read_articles(articles_paths)
    claims = []
    for line, record in read_lines(path):
        try:
            claims.append(_claim(record, articles))
        except (KeyError, ValueError, TypeError, IndexError) as error:
            reason = f"{error} is missing" if isinstance(error, KeyError) else error
            raise EvaluationError(f"'{path}' line {line}: {reason}.") from error
    if not claims:
        raise EvaluationError(f"'{path}' holds no claim: write one a line, with its label.")
    return claims


def judge_claims(
    claims: Sequence[LabelledClaim], check: Callable[[str, Sequence[str]], Support] = check_support
) -> ClaimReport:
    """Each claim checked against its passage; `check` is called as `check_support` is."""
    judged = tuple(JudgedClaim(claim, check(claim.text, [claim.passage])) for claim in claims)
    changes = dict.fromkeys(claim.change for claim in claims if claim.change)
    pairs = {pair: [one for one in judged if one.claim.pair == pair] for pair in sorted({c.pair for c in claims})}
    return ClaimReport(
        judged,
        tuple(_slice(label, [one for one in judged if one.claim.label == label]) for label in LABELS),
        tuple(_slice(change, [one for one in judged if one.claim.change == change]) for change in sorted(changes)),
        {pair: (len(ones), sum(one.is_right for one in ones) / len(ones)) for pair, ones in pairs.items()},
    )


def as_record(report: ClaimReport) -> dict[str, Any]:
    """The report as JSON takes it: the measures, the tables, and every claim with its verdict and reason."""
    return {
        "claims": len(report.judged),
        "accuracy": report.accuracy,
        "precision": report.precision,
        "recall": report.recall,
        "by_label": {one.name: one.count_by_verdict for one in report.by_label},
        "by_change": {one.name: {**one.count_by_verdict, "caught": one.caught} for one in report.by_change},
        "by_pair": {
            pair: {"claims": size, "accuracy": accuracy} for pair, (size, accuracy) in report.accuracy_by_pair.items()
        },
        "judged": [
            {
                "id": one.claim.id,
                "label": one.claim.label,
                "change": one.claim.change,
                "verdict": one.support.verdict,
                "reason": one.support.reason,
            }
            for one in report.judged
        ],
    }


def as_text(report: ClaimReport) -> str:
    """The tables as lines of text."""
    lines = [_row("label", VERDICTS, "claims")]
    lines += [_row(one.name, [one.count_by_verdict[v] for v in VERDICTS], one.size) for one in report.by_label]
    if report.by_change:
        lines += ["", _row("contradicted by", VERDICTS, "claims", "caught")]
        lines += [
            _row(one.name, [one.count_by_verdict[v] for v in VERDICTS], one.size, f"{one.caught:.0%}")
            for one in report.by_change
        ]
    lines += ["", f"{'languages':32}{'claims':>8}{'accuracy':>10}"]
    lines += [f"{pair:32}{size:>8}{accuracy:>10.3f}" for pair, (size, accuracy) in report.accuracy_by_pair.items()]
    lines += [
        "",
        f"supported or not: accuracy {report.accuracy:.3f}; of «supported» precision {report.precision:.3f}, "
        f"recall {report.recall:.3f}",
    ]
    return "\n".join(lines)


def _row(name: str, counts: Sequence[object], *more: object) -> str:
    return f"{name:24}" + "".join(f"{count!s:>13}" for count in (*counts, *more))


def _slice(name: str, judged: Sequence[JudgedClaim]) -> ClaimSlice:
    verdicts = [one.support.verdict for one in judged]
    return ClaimSlice(name, {verdict: verdicts.count(verdict) for verdict in VERDICTS})


def _read_articles(paths: Iterable[Path]) -> dict[tuple[str, str], list[str]]:
    """Title and lines of each article, by its id or story and its language."""
    found: dict[tuple[str, str], list[str]] = {}
    for path in paths:
        for _, record in read_lines(path):
            about = record.get("metadata") or {}
            told = [str(record.get("title", "")), *str(record.get("text", "")).split("\n")]
            for name in (record.get("_id", record.get("id")), about.get("story")):
                if name is not None:
                    found.setdefault((str(name), str(about.get("language", record.get("language")))), told)
    return found


def _claim(record: dict[str, Any], articles: dict[tuple[str, str], list[str]]) -> LabelledClaim:
    if record["label"] not in LABELS:
        raise ValueError(f"the label «{record['label']}» is none of {', '.join(LABELS)}")
    story, language = str(record["story"]), str(record["passage_language"])
    if (story, language) not in articles:
        raise ValueError(f"no article in «{language}» is called «{story}»: name the articles file that holds it")
    told = articles[story, language]
    outside = [place for place in record["sentences"] if not 0 <= place < len(told)]
    if outside:
        raise ValueError(f"the article has no sentence {outside[0]}")
    passage = " ".join(told[place] for place in record["sentences"])
    claim = LabelledClaim(
        str(record["id"]), record["claim"], record["claim_language"], passage, language, record["label"], story
    )
    return replace(claim, change=record.get("change") or change_of(claim, str(record.get("why", ""))))


_ARROW = re.compile(r"(?P<before>.+?)\s*->\s*(?P<after>.+)")
_UNITS = re.compile(r"\b(?:days?|weeks?|months?|years?|per cent|million|billion)\b", re.IGNORECASE)
_NEGATION = re.compile(r"\bnegation|\b(?:did|does|do|would|was|were|is|could|has|have) not\b|n't\b", re.IGNORECASE)
_SPEAKER = re.compile(r"\bquotes?\b|\bsaid (?:it|so|this)\b|\bspeaker\b", re.IGNORECASE)
_ROLES = re.compile(r"\b(?:revers|swapp|roles?|order\b|instead|replac|belongs|older|more open)", re.IGNORECASE)


def change_of(claim: LabelledClaim, why: str) -> str | None:
    """What was changed in a contradicted claim, told from the annotator's note («ten -> twelve»); else None.

    «figure», «name» (that the passage lacks), «negation», «speaker», «role» (another of the passage's names, or
    two exchanged) or «other».
    """
    if claim.label != "contradicted":
        return None
    arrow = _ARROW.search(why)
    if _NEGATION.search(why):
        return "negation"
    if arrow and (find_figures(arrow["after"], "en") or _UNITS.search(arrow["after"])):
        return "figure"
    if missing_names(Told(claim.text, claim.language), Told(claim.passage, claim.passage_language)):
        return "name"
    if _SPEAKER.search(why):
        return "speaker"
    if _ROLES.search(why) or (arrow and arrow["after"][:1].isupper()):
        return "role"
    return "other"

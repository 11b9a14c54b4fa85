"""Judged answers → what refusing them costs and saves: risk–coverage curves, as JSON and as a page to read.

Coverage is the share of the answerable questions that are answered at a threshold; risk is the share of wrong answers
among all that are given, to answerable and unanswerable questions alike. (El-Yaniv and Wiener 2010, «On the
Foundations of Noise-free Selective Classification».)
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from eval.answering_examples import Example
from eval.refusals import area_under_curve

__all__ = ["Curve", "CurvePoint", "Judged", "measure_refusals", "write_refusals"]

# The shares of answerable questions refused that a curve has a point for.
FALSE_REFUSALS = (0.0, 0.02, 0.04, 0.06, 0.08, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5)
_MEANINGS = {
    "absent": "story absent: three archives that lack two fifths of the stories, all questions asked",
    "event absent": "of these, the questions whose event no article that is there tells of either",
    "lacking": "answer hidden: all stories there, every sentence with an accepted answer taken out",
    "unanswerable": "detail absent: questions written so that no article answers, on stories that are there",
}


@dataclass(frozen=True, slots=True)
class Judged:
    """An example, the places of the candidates chosen for it, and from 0 to 1 how likely they are to answer."""

    example: Example
    chosen: list[int]
    confidence: float

    @property
    def is_right(self) -> bool:
        return self.example.kind == "answerable" and bool(self.example.is_answer[self.chosen].any())

    @property
    def has_right_article(self) -> bool:
        return bool(self.example.is_right_article[self.chosen].any())

    @property
    def word_count(self) -> int:
        return sum(len(self.example.candidates[place].text.split()) for place in self.chosen)


@dataclass(frozen=True, slots=True)
class CurvePoint:
    """What refusing below `threshold` does; all others are shares."""

    threshold: float
    false_refusals: float
    refused: float
    coverage: float
    risk: float


@dataclass(frozen=True, slots=True)
class Curve:
    """One setting and one kind of question without an answer; `shipped` is the point of the product's threshold."""

    setting: str
    kind: str
    answerable_count: int
    other_count: int
    area_under_curve: float
    shipped: CurvePoint
    points: list[CurvePoint]


def measure_refusals(judged: Sequence[Judged], threshold: float) -> list[Curve]:
    """A curve for each setting and kind of question without an answer."""
    curves = []
    for setting in dict.fromkeys(one.example.setting for one in judged):
        for kind in _MEANINGS:
            here = [one for one in judged if one.example.setting == setting]
            is_whole = not kind.endswith("absent")
            answerable = [o for o in here if o.example.kind == "answerable" and o.example.is_whole == is_whole]
            others = [one for one in here if _is_of(kind, one.example)]
            if answerable and others:
                curves.append(_curve(setting, kind, answerable, others, threshold))
    return curves


def _is_of(kind: str, example: Example) -> bool:
    if kind == "event absent":
        return example.kind == "absent" and not example.is_told_elsewhere
    return example.kind == kind


def _curve(setting: str, kind: str, answerable: list[Judged], others: list[Judged], threshold: float) -> Curve:
    yes = np.array([one.confidence for one in answerable])
    no = np.array([one.confidence for one in others])
    is_right = np.array([one.is_right for one in answerable])

    def point(at: float) -> CurvePoint:
        kept = yes >= at
        given = int(kept.sum() + (no >= at).sum())
        risk = 1 - float((kept & is_right).sum()) / given if given else 0.0
        values = (at, float(np.mean(~kept)), float(np.mean(no < at)), float(np.mean(kept)), risk)
        return CurvePoint(*(round(value, 4) for value in values))

    points = [point(float(np.quantile(yes, share)) if share else 0.0) for share in FALSE_REFUSALS]
    area = round(area_under_curve(list(yes), list(no)), 4)
    return Curve(setting, kind, len(answerable), len(others), area, point(threshold), points)


def write_refusals(folder: Path, curves: Sequence[Curve]) -> None:
    """`curves.json`, and `README.md` with the same as tables."""
    folder.mkdir(parents=True, exist_ok=True)
    text = json.dumps([asdict(curve) for curve in curves], indent=1)
    (folder / "curves.json").write_text(text + "\n", encoding="utf-8")
    (folder / "README.md").write_text(_page(curves), encoding="utf-8")


def _page(curves: Sequence[Curve]) -> str:
    lines = [
        "# What is refused, and what that costs",
        "",
        "Made by `python -m eval.fit_answering … --write`; every figure is cross-validated by story. Coverage is the",
        "share of the answerable questions that get an answer; risk the share of wrong ones among all answers given.",
        "",
        "With the threshold of the product:",
        "",
        "| asked of | without an answer | area under the curve | refused | false refusals | coverage | risk |",
        "| --- | --- | --- | --- | --- | --- | --- |",
    ]
    lines += [
        f"| {curve.setting} | {curve.kind} ({curve.other_count}) | {curve.area_under_curve:.3f} | "
        f"{curve.shipped.refused:.1%} | {curve.shipped.false_refusals:.1%} | {curve.shipped.coverage:.1%} | "
        f"{curve.shipped.risk:.1%} |"
        for curve in curves
    ]
    lines += ["", *(f"- {meaning}" for meaning in _MEANINGS.values())]
    for curve in curves:
        lines += [
            "",
            f"## {curve.setting}, {curve.kind}",
            "",
            "| false refusals | refused | coverage | risk |",
            "| --- | --- | --- | --- |",
        ]
        lines += [
            f"| {p.false_refusals:.1%} | {p.refused:.1%} | {p.coverage:.1%} | {p.risk:.1%} |" for p in curve.points
        ]
    return "\n".join([*lines, ""])

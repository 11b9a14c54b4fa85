"""What is evaluated, finding or answering, and by which measures: what comparisons and reports read.

Nothing here measures: `eval.measures` does for finding, `eval.answer_measures` for answering.
"""

from __future__ import annotations

from collections.abc import Container, Mapping
from dataclasses import dataclass

from eval.measures import EVIDENCE, MEASURES

__all__ = ["ANSWERS", "EVALUATIONS", "RETRIEVAL", "Evaluation"]


@dataclass(frozen=True, slots=True)
class Evaluation:
    """`measures` in the order of reports, the first of them that a group of runs has being what it is judged by.

    `gated` are those where higher is better whatever the questions: differences in them are tested. `printed`,
    `charted` and `sliced` are those in the printed table, in the picture, and by type and language.
    """

    name: str
    title: str
    measures: tuple[str, ...]
    gated: tuple[str, ...]
    printed: tuple[str, ...]
    charted: tuple[str, ...]
    sliced: tuple[str, ...]
    meaning_by_measure: dict[str, str]

    def headline(self, names: Container[str]) -> str:
        """What runs that have these measures are judged by."""
        return next((name for name in self.measures if name in names), self.measures[0])

    def score(self, values: Mapping[str, float]) -> float:
        """What a question with these values is judged by: its first measure."""
        return values[self.headline(values)]


RETRIEVAL = Evaluation(
    "retrieval",
    "How well finding works",
    (*MEASURES, EVIDENCE),
    # An unjudged article is no mistake, so Judged@10 is not among them.
    ("nDCG@10", "R@5", "R@10", "R@100", "RR", "AP", "Success@1", "Success@5", EVIDENCE),
    ("nDCG@10", "R@5", "R@10", "RR", "Success@1", EVIDENCE),
    ("nDCG@10", "RR", "R@5", "R@10", "Success@1", EVIDENCE),
    ("nDCG@10", "Success@5", EVIDENCE),
    {
        "nDCG@10": "how high the right articles stand among the first ten, a lower place counting logarithmically less",
        "R@5": "share of the right articles that are among the first five",
        "R@10": "share of the right articles that are among the first ten",
        "R@100": "share of the right articles that are among the first hundred",
        "RR": "one divided by the rank of the first right article",
        "AP": "mean of the precision at each right article",
        "Success@1": "whether the first article is right",
        "Success@5": "whether a right article is among the first five",
        "Judged@10": "share of the first ten that anybody has judged; where it is low, so is what the rest can say",
        EVIDENCE: "whether one of the first five passages holds, whole, a sentence that bears the answer out",
    },
)

_ANSWER_MEANINGS = {
    "Right answer": "share of the parts of the answer of which something accepted stands in the text; refused: 0",
    "Whole answer": "whether every part does, of questions whose answer has several",
    "Follow-up": "right answer to follow-ups, asked after their first question",
    "Stand-alone": "right answer to the same questions, asked so that they need no other",
    "Right article": "whether an article that answers, or a near copy of one, is cited; refused: 0",
    "Answered": "share of the questions with an answer that were not refused: one less the false refusals",
    "Refused": "share of the questions without an answer that were refused",
    "Citation recall": "share of an answer’s sentences that what they cite bears out, as far as the check can tell",
    "Citation precision": "share of its citations that bear their sentence out, alone or together with others",
    "Unchecked": "share of its sentences of which the check can’t tell",
    "Verbatim": "share of its quotes that stand in their articles at their offsets to the letter",
    "Language": "whether what is not quoted is in the question’s language",
    "Words": "words of the answer",
    "Disagreements": "disagreements between sources that the answer names",
}
ANSWERS = Evaluation(
    "answers",
    "How well answering works",
    tuple(_ANSWER_MEANINGS),
    tuple(name for name in _ANSWER_MEANINGS if name not in ("Unchecked", "Words", "Disagreements")),
    ("Right answer", "Right article", "Answered", "Refused", "Citation recall", "Citation precision", "Follow-up",
     "Stand-alone"),
    ("Right answer", "Whole answer", "Right article", "Answered", "Refused", "Citation recall", "Citation precision",
     "Follow-up", "Stand-alone"),
    ("Right answer", "Right article", "Answered", "Refused", "Follow-up", "Stand-alone"),
    _ANSWER_MEANINGS,
)  # fmt: skip
EVALUATIONS = {evaluation.name: evaluation for evaluation in (RETRIEVAL, ANSWERS)}

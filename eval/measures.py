"""Judgements and a ranking → measures for each question, by ir-measures.

`Evidence@5` is ours: whether one of the first five passages holds, whole, a sentence that bears the answer out. It is
known only for questions whose file names such sentences.
"""

from __future__ import annotations

from collections.abc import Mapping

__all__ = ["EVIDENCE", "GATED_MEASURES", "MEASURES", "MEASURE_MEANINGS", "RECALL_DEPTHS", "measure_questions"]

MEASURES = ("nDCG@10", "R@5", "R@10", "R@100", "RR", "AP", "Success@1", "Success@5", "Judged@10")
EVIDENCE = "Evidence@5"
# Those where higher is better, whatever the judgements: an unjudged article is no mistake.
GATED_MEASURES = ("nDCG@10", "R@5", "R@10", "R@100", "RR", "AP", "Success@1", "Success@5", EVIDENCE)
RECALL_DEPTHS = (1, 2, 3, 5, 10, 20, 50, 100)
MEASURE_MEANINGS = {
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
}


def measure_questions(
    relevance: Mapping[str, Mapping[str, int]], run: Mapping[str, Mapping[str, float]]
) -> dict[str, dict[str, float]]:
    """Values by question id, then measure, in the order of `MEASURES`; a question without results gets zeros.

    `relevance` is a grade by question and article id, `run` a score, higher is better; equal scores are ordered
    as trec_eval does, by article id, the greater first.
    """
    import ir_measures

    parsed = {name: ir_measures.parse_measure(name) for name in MEASURES}
    values: dict[str, dict[str, float]] = {id_: dict.fromkeys(MEASURES, 0.0) for id_ in relevance}
    name_by_measure = {measure: name for name, measure in parsed.items()}
    answered = {
        id_: dict(ranking) for id_, ranking in run.items() if ranking
    }  # of an empty one, Judged@10 divides by 0
    for found in ir_measures.iter_calc(list(parsed.values()), relevance, answered):
        values[found.query_id][name_by_measure[found.measure]] = float(found.value)
    return values

"""Judgements and a ranking → measures for each question, by ir-measures.

`Evidence@5` is ours: whether one of the first five passages holds, whole, a sentence that bears the answer out. It is
known only for questions whose file names such sentences.
"""

from __future__ import annotations

from collections.abc import Mapping

__all__ = ["EVIDENCE", "MEASURES", "RECALL_DEPTHS", "measure_questions"]

MEASURES = ("nDCG@10", "R@5", "R@10", "R@100", "RR", "AP", "Success@1", "Success@5", "Judged@10")
EVIDENCE = "Evidence@5"
RECALL_DEPTHS = (1, 2, 3, 5, 10, 20, 50, 100)


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

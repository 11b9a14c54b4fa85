"""How well finding and answering work: questions in; measures, comparisons and reports out.

>>> from eval import compare, open_collection, run_retrieval
>>> from rag.sample import sample_folder
>>> sample = open_collection(sample_folder(), sample_folder().parent / "questions.jsonl")
>>> runs = run_retrieval(sample, systems=["lexical", "hybrid"], encoder="hashing-64")
>>> [difference.measure for difference in compare(runs).groups[0].differences][:2]
['nDCG@10', 'R@5']
"""

from eval.answers import ANSWERING_SYSTEMS, Asking, run_answers
from eval.collection import Collection, open_collection
from eval.comparison import Comparison, Difference, Group, Mean, Slice, compare, worse_than
from eval.drafting import DraftedQuestion, draft_questions, write_questions
from eval.errors import EvaluationError
from eval.question_sets import ANSWER_KINDS, Evidence, Question
from eval.refusals import Refusals
from eval.report import write_report
from eval.retrieval import SYSTEMS, run_from_rankings, run_retrieval
from eval.runs import (
    AnswerGiven,
    Costs,
    FoundArticle,
    QuestionResult,
    RelevantArticle,
    Run,
    RunSettings,
    load_run,
    read_trec_run,
    save_run,
)
from eval.significance import Interval

__all__ = [
    "ANSWERING_SYSTEMS",
    "ANSWER_KINDS",
    "SYSTEMS",
    "AnswerGiven",
    "Asking",
    "Collection",
    "Comparison",
    "Costs",
    "Difference",
    "DraftedQuestion",
    "EvaluationError",
    "Evidence",
    "FoundArticle",
    "Group",
    "Interval",
    "Mean",
    "Question",
    "QuestionResult",
    "Refusals",
    "RelevantArticle",
    "Run",
    "RunSettings",
    "Slice",
    "compare",
    "draft_questions",
    "load_run",
    "open_collection",
    "read_trec_run",
    "run_answers",
    "run_from_rankings",
    "run_retrieval",
    "save_run",
    "worse_than",
    "write_questions",
    "write_report",
]

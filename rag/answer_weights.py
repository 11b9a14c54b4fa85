"""What each feature of a sentence and of an answer is worth, as `eval.fit_answering` fitted it.

Fitted on articles.en.jsonl:en, articles.fr.jsonl:fr, articles.mixed.jsonl:en, articles.mixed.jsonl:fr,
each in one archive and in archives of 6 articles: 2088 questions, those
whose story was hidden included. The threshold refuses 6% of the answerable ones
in cross-validation.
"""

SENTENCE_WEIGHTS = {
    "similarity": 2.2611,
    "similarity_lead": 4.0122,
    "window_similarity": 0.7703,
    "article_similarity": 0.9182,
    "overlap": 0.6218,
    "window_overlap": 1.1566,
    "article_overlap": 0.4503,
    "name_share": 0.3566,
    "names_missing": -0.0865,
    "figure_share": 0.5243,
    "gives_person": 1.2409,
    "gives_place": 1.6421,
    "gives_date": 1.0356,
    "gives_number": 1.3212,
    "gives_reason": 1.2533,
    "gives_quote": 0.8978,
    "gives_name": 0.7314,
    "gives_other": 0.5861,
    "gives_unit": 1.0054,
    "lacks_unit": -0.4120,
    "new_words": 0.0190,
    "new_names": -0.0496,
    "new_figures": -0.0930,
    "length": -0.0509,
    "is_question": -0.9899,
    "is_opening": -0.9723,
    "passage_rank": 1.5700,
    "passage_score": 1.3315,
}

ANSWER_INTERCEPT = -6.8007
ANSWER_WEIGHTS = {
    "best_score": 0.0574,
    "score_lead": 0.4666,
    "best_similarity": 1.5306,
    "best_window_similarity": 2.6475,
    "best_article_similarity": 5.7216,
    "best_window_overlap": -1.1133,
    "best_article_overlap": 2.6318,
    "best_name_share": 0.8040,
    "best_names_missing": -0.3501,
    "best_figure_share": -0.0091,
    "best_gives_kind": 0.4587,
    "any_gives_kind": -0.8714,
    "lacks_unit": -0.3691,
}
LEAST_CONFIDENCE = 0.4086

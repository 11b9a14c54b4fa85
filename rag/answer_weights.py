"""What each feature of a sentence and of an answer is worth, as `eval.fit_answering` fitted it.

Fitted on articles.en.jsonl:en, articles.fr.jsonl:fr, articles.mixed.jsonl:en, articles.mixed.jsonl:fr,
each in one archive and in archives of 6 articles: 2088 questions, those whose story
was hidden included. The threshold refuses 6% of the answerable ones in cross-validation.
"""

SENTENCE_WEIGHTS = {
    "similarity": 2.2631,
    "similarity_lead": 4.0112,
    "window_similarity": 0.7700,
    "article_similarity": 0.9188,
    "overlap": 0.6167,
    "window_overlap": 1.1425,
    "article_overlap": 0.4554,
    "name_share": 0.3665,
    "names_missing": -0.0881,
    "figure_share": 0.5230,
    "gives_person": 1.2407,
    "gives_place": 1.6373,
    "gives_date": 1.0327,
    "gives_number": 1.3214,
    "gives_reason": 1.2538,
    "gives_quote": 0.8987,
    "gives_name": 0.7310,
    "gives_other": 0.5872,
    "gives_unit": 1.0025,
    "lacks_unit": -0.4121,
    "new_words": 0.0184,
    "new_names": -0.0507,
    "new_figures": -0.0942,
    "length": -0.0509,
    "is_question": -0.9897,
    "is_opening": -0.9727,
    "passage_rank": 1.5707,
    "passage_score": 1.3252,
    "is_own_language": -0.0820,
}

ANSWER_INTERCEPT = -6.7930
ANSWER_WEIGHTS = {
    "best_score": 0.0628,
    "score_lead": 0.4589,
    "best_similarity": 1.5576,
    "best_window_similarity": 2.7091,
    "best_article_similarity": 5.6083,
    "best_window_overlap": -1.0180,
    "best_article_overlap": 2.5959,
    "best_name_share": 0.7949,
    "best_names_missing": -0.3540,
    "best_figure_share": -0.0851,
    "best_gives_kind": 0.5354,
    "any_gives_kind": -0.9143,
    "lacks_unit": -0.3719,
}
LEAST_CONFIDENCE = 0.4128

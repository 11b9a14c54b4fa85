"""What each feature of a sentence and of an answer is worth, as `eval.fit_answering` fitted it.

Fitted on articles.en.jsonl:en, articles.fr.jsonl:fr: 552 questions, those whose story was hidden included. The threshold
refuses 7% of the answerable ones in five-fold cross-validation by story.
"""

SENTENCE_WEIGHTS = {
    "similarity": -1.5588,
    "similarity_lead": 6.8067,
    "window_similarity": 2.1041,
    "article_similarity": 1.1920,
    "overlap": 3.0470,
    "window_overlap": 0.8743,
    "article_overlap": -0.0118,
    "name_share": -0.0990,
    "names_missing": -0.0137,
    "figure_share": 0.7164,
    "gives_person": 2.0270,
    "gives_place": 2.6570,
    "gives_date": 2.0345,
    "gives_number": 2.8574,
    "gives_reason": 2.2046,
    "gives_quote": 1.7593,
    "gives_name": 1.4537,
    "gives_other": 1.5544,
    "gives_unit": 0.3830,
    "lacks_unit": -0.7331,
    "new_words": 0.4185,
    "new_names": -0.0378,
    "new_figures": -0.2573,
    "length": -0.5058,
    "is_question": -3.0725,
    "is_opening": -1.0650,
    "passage_rank": 0.7842,
    "passage_score": 6.3865,
    "is_own_language": 0.5,
}

ANSWER_INTERCEPT = -7.3464
ANSWER_WEIGHTS = {
    "best_score": 0.6056,
    "score_lead": 0.2526,
    "best_similarity": -1.1360,
    "best_window_similarity": 2.1014,
    "best_article_similarity": 3.5697,
    "best_window_overlap": -0.2863,
    "best_article_overlap": 1.1743,
    "best_name_share": 0.5233,
    "best_names_missing": -0.4063,
    "best_figure_share": -0.6721,
    "best_gives_kind": 0.4854,
    "any_gives_kind": -2.5147,
    "lacks_unit": -0.5508,
}
LEAST_CONFIDENCE = 0.3725

"""What each feature of a sentence and of an answer is worth, as `eval.fit_answering` fitted it.

News: articles.mixed.jsonl:en, articles.mixed.jsonl:fr, articles.en.jsonl:en, articles.fr.jsonl:fr;
1352 questions with an answer, 616 whose story the archive lacked, 492 whose answer was hidden.
The threshold refuses 3% of the answerable ones in cross-validation by story; the curves
are in eval/results/refusals.
"""

SENTENCE_WEIGHTS = {
    "similarity": 1.0655,
    "similarity_lead": 3.3725,
    "window_similarity": 0.5307,
    "article_similarity": 1.0067,
    "overlap": -0.5153,
    "window_overlap": 0.8331,
    "article_overlap": 0.3835,
    "name_share": 0.4294,
    "names_missing": -0.0744,
    "figure_share": 0.4970,
    "gives_person": 1.1411,
    "gives_place": 1.6841,
    "gives_date": 0.5330,
    "gives_number": 1.0263,
    "gives_reason": 1.1502,
    "gives_quote": 1.0389,
    "gives_name": 0.7159,
    "gives_other": 0.6405,
    "gives_unit": 0.8929,
    "lacks_unit": -0.3888,
    "new_words": -0.1767,
    "new_names": -0.0839,
    "new_figures": -0.1196,
    "length": -0.1714,
    "is_question": -0.9029,
    "is_opening": -1.0078,
    "passage_rank": 1.3035,
    "passage_score": 1.1339,
    "words_met_own": 2.0651,
    "words_met_window": 0.9578,
    "words_met_article": 1.2607,
    "least_met_own": -1.6436,
    "least_met_window": 0.8897,
    "least_met_article": -0.6394,
    "rest_met_own": 2.8248,
    "rest_met_window": -0.1856,
    "rest_met_article": -0.3979,
    "least_rest_met_own": 0.9016,
    "least_rest_met_window": 0.8496,
    "least_rest_met_article": -1.2965,
    "focus_met_own": 1.3734,
    "focus_met_window": 0.1913,
    "focus_met_article": -0.5688,
}

STORY_INTERCEPT = -8.8693
STORY_WEIGHTS = {
    "best_score": 0.1822,
    "score_lead": 0.3336,
    "best_similarity": 1.6501,
    "best_window_similarity": 1.1689,
    "best_article_similarity": 3.1262,
    "best_window_overlap": 0.0481,
    "best_article_overlap": 0.8534,
    "best_name_share": 0.1040,
    "best_names_missing": -0.1558,
    "best_figure_share": 0.7008,
    "best_words_met_own": 0.0329,
    "best_words_met_window": 0.6769,
    "best_words_met_article": 4.0002,
    "best_least_met_own": -2.2053,
    "best_least_met_window": -0.4640,
    "best_least_met_article": 0.9795,
    "best_rest_met_own": -0.7491,
    "best_rest_met_window": 1.5790,
    "best_rest_met_article": 0.8935,
    "best_least_rest_met_own": -0.1806,
    "best_least_rest_met_window": 1.0009,
    "best_least_rest_met_article": -0.9283,
    "best_focus_met_own": -0.0619,
    "best_focus_met_window": 0.1030,
    "best_focus_met_article": -0.0308,
    "best_gives_kind": -0.0583,
    "any_gives_kind": 0.0568,
    "lacks_unit": -0.3591,
}

DETAIL_INTERCEPT = -3.4570
DETAIL_WEIGHTS = {
    "best_window_similarity": 3.0033,
    "best_least_rest_met_own": 1.5023,
    "best_least_rest_met_window": 1.9449,
    "best_focus_met_own": 0.2981,
    "best_focus_met_window": 0.2430,
    "best_focus_met_article": 0.1876,
    "best_gives_kind": 0.7130,
    "any_gives_kind": 0.1361,
    "lacks_unit": -0.2331,
    "rest_met_lost": -0.8737,
}

LEAST_CONFIDENCE = 0.0871

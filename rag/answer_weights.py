"""What each feature of a sentence and of an answer is worth, as `eval.fit_answering` fitted it.

News: articles.mixed.jsonl:en, articles.mixed.jsonl:fr, articles.en.jsonl:en, articles.fr.jsonl:fr;
1352 questions with an answer, 616 whose story the archive lacked, 492 whose answer was hidden.
The threshold refuses 3% of the answerable ones in cross-validation by story; the curves
are in eval/results/refusals.
"""

SENTENCE_WEIGHTS = {
    "similarity": 1.0412,
    "similarity_lead": 3.3515,
    "window_similarity": 0.5019,
    "article_similarity": 0.9886,
    "overlap": -0.5106,
    "window_overlap": 0.8242,
    "article_overlap": 0.3721,
    "name_share": 0.4302,
    "names_missing": -0.0737,
    "figure_share": 0.5025,
    "gives_person": 1.1444,
    "gives_place": 1.6779,
    "gives_date": 0.5291,
    "gives_number": 1.0235,
    "gives_reason": 1.1368,
    "gives_quote": 1.0203,
    "gives_name": 0.7195,
    "gives_other": 0.6471,
    "gives_unit": 0.8882,
    "lacks_unit": -0.3895,
    "new_words": -0.1767,
    "new_names": -0.0827,
    "new_figures": -0.1146,
    "length": -0.1681,
    "is_question": -0.9035,
    "is_opening": -1.0131,
    "passage_rank": 1.2916,
    "passage_score": 1.1299,
    "words_met_own": 2.1325,
    "words_met_window": 1.0042,
    "words_met_article": 1.3028,
    "least_met_own": -1.6804,
    "least_met_window": 0.8545,
    "least_met_article": -0.6396,
    "rest_met_own": 2.8740,
    "rest_met_window": -0.1797,
    "rest_met_article": -0.3493,
    "least_rest_met_own": 0.8113,
    "least_rest_met_window": 0.8780,
    "least_rest_met_article": -1.3363,
    "focus_met_own": 1.3652,
    "focus_met_window": 0.1704,
    "focus_met_article": -0.5516,
}

STORY_INTERCEPT = -8.9746
STORY_WEIGHTS = {
    "best_score": 0.1882,
    "score_lead": 0.3328,
    "best_similarity": 1.6029,
    "best_window_similarity": 1.1293,
    "best_article_similarity": 3.0757,
    "best_window_overlap": 0.1318,
    "best_article_overlap": 0.7809,
    "best_name_share": 0.1182,
    "best_names_missing": -0.1597,
    "best_figure_share": 0.7132,
    "best_words_met_own": 0.0074,
    "best_words_met_window": 0.8950,
    "best_words_met_article": 4.0220,
    "best_least_met_own": -2.4341,
    "best_least_met_window": -0.0633,
    "best_least_met_article": 0.8354,
    "best_rest_met_own": -0.6325,
    "best_rest_met_window": 1.6529,
    "best_rest_met_article": 1.0041,
    "best_least_rest_met_own": -0.3070,
    "best_least_rest_met_window": 0.8990,
    "best_least_rest_met_article": -1.0414,
    "best_focus_met_own": -0.1680,
    "best_focus_met_window": 0.1627,
    "best_focus_met_article": -0.0383,
    "best_gives_kind": -0.0861,
    "any_gives_kind": 0.0818,
    "lacks_unit": -0.3326,
}

DETAIL_INTERCEPT = -3.4012
DETAIL_WEIGHTS = {
    "best_window_similarity": 2.8692,
    "best_least_rest_met_own": 1.3305,
    "best_least_rest_met_window": 2.2404,
    "best_focus_met_own": 0.2801,
    "best_focus_met_window": 0.2169,
    "best_focus_met_article": 0.1938,
    "best_gives_kind": 0.7770,
    "any_gives_kind": 0.0603,
    "lacks_unit": -0.2087,
    "rest_met_lost": -0.9406,
}

LEAST_CONFIDENCE = 0.1006

"""What each feature of a sentence and of an answer is worth, as `eval.fit_answering` fitted it.

Fitted on articles.en.jsonl:en, articles.fr.jsonl:fr: 552 questions, those whose story was hidden included. The threshold
refuses 7% of the answerable ones in five-fold cross-validation by story.
"""

SENTENCE_WEIGHTS = {
    "similarity": -1.2248,
    "similarity_lead": 6.6228,
    "window_similarity": 1.6624,
    "article_similarity": 1.1346,
    "overlap": 3.1439,
    "window_overlap": 0.7581,
    "article_overlap": -0.1292,
    "name_share": -0.1056,
    "names_missing": 0.0080,
    "figure_share": 0.6887,
    "gives_person": 2.1249,
    "gives_place": 2.7779,
    "gives_date": 2.1439,
    "gives_number": 2.5961,
    "gives_reason": 2.2830,
    "gives_quote": 1.8185,
    "gives_name": 1.5443,
    "gives_other": 1.6331,
    "new_words": 0.3493,
    "new_names": -0.0509,
    "new_figures": -0.2277,
    "length": -0.3782,
    "is_question": -3.0255,
    "is_opening": -1.1404,
    "passage_rank": 0.8970,
    "passage_score": 6.7174,
}

ANSWER_INTERCEPT = -7.7290
ANSWER_WEIGHTS = {
    "best_score": 0.5703,
    "score_lead": 0.2304,
    "best_similarity": -0.8003,
    "best_window_similarity": 2.2838,
    "best_article_similarity": 3.5602,
    "best_window_overlap": -0.1244,
    "best_article_overlap": 1.2086,
    "best_name_share": 0.5168,
    "best_names_missing": -0.3718,
    "best_figure_share": -0.6294,
    "best_gives_kind": 0.3931,
    "any_gives_kind": -2.3854,
}
LEAST_CONFIDENCE = 0.3748

"""What a lexical share (0 to 1) weighs beside the cosine, as `eval.fit_retrieval` fitted it.

By the languages of question and chunk, then by the field. Fitted on
articles.en.jsonl:en, articles.fr.jsonl:fr, articles.mixed.jsonl:en, articles.mixed.jsonl:fr: 492 questions.
"""

from rag.lexical import Field

LEXICAL_WEIGHTS: dict[tuple[str, str], dict[Field, float]] = {
    ("en", "en"): {"en": 0.2},
    ("en", "fr"): {"en": 0.25},
    ("fr", "en"): {"en": 0.29},
    ("fr", "fr"): {"en": 0.27},
}

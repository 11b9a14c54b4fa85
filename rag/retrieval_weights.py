"""What a lexical share (0 to 1) weighs beside the cosine, as `eval.fit_retrieval` fitted it.

By the languages of question and chunk, then by the field.
"""

from rag.lexical import Field

LEXICAL_WEIGHTS: dict[tuple[str, str], dict[Field, float]] = {
    ("en", "en"): {"en": 0.2},
    ("en", "fr"): {"en": 0.3},
    ("fr", "en"): {"en": 0.3},
    ("fr", "fr"): {"en": 0.3, "fr": 0.2},
}

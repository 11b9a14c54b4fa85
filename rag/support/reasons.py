"""Why the support check says what it says, in one line, in the reader's language."""

from __future__ import annotations

__all__ = ["REASONS", "reason"]

# By what was found, then by language; `{what}` is the claim's own word or clause.
REASONS = {
    "nothing cited": {"en": "no passage is cited for it", "fr": "aucun passage n'est cité à l'appui"},
    "verbatim": {"en": "quoted word for word", "fr": "cité mot pour mot"},
    "same order": {"en": "the same words in the same order", "fr": "les mêmes mots dans le même ordre"},
    "agrees": {
        "en": "told in other words; figures and names agree",
        "fr": "dit en d'autres termes ; les chiffres et les noms concordent",
    },
    "agrees across": {
        "en": "told in another language; figures and names agree",
        "fr": "dit dans une autre langue ; les chiffres et les noms concordent",
    },
    "no words": {"en": "the sentence holds no word to compare by", "fr": "la phrase n'a aucun mot à comparer"},
    "figure": {"en": "the passage does not give «{what}»", "fr": "le passage ne donne pas « {what} »"},
    "name": {"en": "the passage does not name «{what}»", "fr": "le passage ne nomme pas « {what} »"},
    "denial": {
        "en": "one of them denies what the other says of «{what}»",
        "fr": "l'un nie ce que l'autre dit de « {what} »",
    },
    "ungrounded": {"en": "nothing in the passage denies this", "fr": "rien dans le passage ne nie cela"},
    "opposite": {
        "en": "the passage says the opposite of «{what}»",
        "fr": "le passage dit le contraire de « {what} »",
    },
    "another": {
        "en": "the passage speaks of another than «{what}»",
        "fr": "le passage parle d'autre chose que « {what} »",
    },
    "other subject": {"en": "the passage speaks of something else", "fr": "le passage parle d'autre chose"},
    "clause": {"en": "the passage says nothing of «{what}»", "fr": "le passage ne dit rien de « {what} »"},
    "elsewhere": {
        "en": "the passage tells this in a sentence that does not name «{what}»",
        "fr": "le passage le dit dans une phrase qui ne nomme pas « {what} »",
    },
    "speaker": {
        "en": "the passage gives these words to another than «{what}»",
        "fr": "le passage prête ces paroles à quelqu'un d'autre que « {what} »",
    },
    "swapped": {
        "en": "the passage has «{what}» in another order, so their parts can't be told",
        "fr": "dans le passage, « {what} » sont dans un autre ordre : leurs rôles ne peuvent être vérifiés",
    },
    "other order": {
        "en": "the same words in another order, so who did what can't be told",
        "fr": "les mêmes mots dans un autre ordre : les rôles ne peuvent être vérifiés",
    },
    "scope": {"en": "the passage does not say «{what}»", "fr": "le passage ne dit pas « {what} »"},
    "counted": {
        "en": "the passage gives «{what}» of something else",
        "fr": "le passage donne « {what} » pour autre chose",
    },
    "other words": {
        "en": "told in words too different to compare",
        "fr": "dit en des termes trop différents pour être comparés",
    },
    "entailed": {
        "en": "the inference model finds that the passage says it",
        "fr": "le modèle d'inférence trouve que le passage le dit",
    },
    "contradicted": {
        "en": "the inference model finds that the passage contradicts it",
        "fr": "le modèle d'inférence trouve que le passage le contredit",
    },
    "not entailed": {
        "en": "the inference model does not find it in the passage",
        "fr": "le modèle d'inférence ne le trouve pas dans le passage",
    },
}


def reason(found: str, what: str, language: str) -> str:
    """The line for what was found; another language than English or French gets English."""
    line = REASONS[found]
    return line.get(language, line["en"]).format(what=what)

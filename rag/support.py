"""A sentence and the passages it cites → whether they bear it out, without a language model.

What can be known from the words is said: a sentence quoted word for word is supported; one with a figure or
a name that the passage lacks is not; nor is one that denies what the passage says, or says what it denies.
Words in another order, other words for the same thing, another language: there the check can't know, and says
«unchecked», never «supported».
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from rag.figures import Figure, find_figures, same_figure
from rag.language import detect_language
from rag.records import Passage, Support, Verdict
from rag.sentences import split_sentences
from rag.words import content_stems, fold, is_content, names, normalise, words

__all__ = ["check_support"]

# Of the sentence's stems, the share that must stand in one sentence of the passage in the same order to be
# called the same wording, and the share below which the passage speaks of something else.
SAME_WORDING = 0.9
OTHER_SUBJECT = 0.2
# From this share on, a «not» on one side alone is taken to be about the same thing.
SAME_SUBJECT = 0.6
# Names are compared by so many first letters: «France» and «French», «Otan» and «Otan's».
NAME_LETTERS = 4

_MARKER = re.compile(r"\s*\[\d+(?:\s*,\s*\d+)*\]")
_NEGATIONS = {
    "en": re.compile(r"\b(?:not|never|no|none|nobody|nothing|neither|nor|without|cannot)\b|n't\b|\b(?:fail|refus|den)(?:s|ed|es|ied|ies|ing)?\b"),
    "fr": re.compile(r"\b(?:pas|jamais|aucune?|rien|personne ne|ni|sans|non)\b|\b(?:refus|ni)(?:e|ent|ait|é|er)\b"),
}
_ORDER: tuple[Verdict, ...] = ("supported", "partly", "unchecked", "unsupported")


@dataclass(frozen=True, slots=True)
class _Told:
    """A text with what is compared of it."""

    text: str
    language: str
    figures: list[Figure]

    @classmethod
    def of(cls, text: str, language: str | None) -> _Told:
        language = language or detect_language(text) or "en"
        return cls(text, language, find_figures(text, language))


def check_support(sentence: str, passages: Sequence[str | Passage]) -> Support:
    """Whether one of the passages bears the sentence out, and which; the best verdict of all counts.

    Markers such as `[1]` in the sentence are left out of account. Without passages, "unsupported".

    Example:
        >>> check_support("The bridge cost four million.", ["The bridge cost 5 million, the mayor said."]).reason
        'the passage does not give «four million»'
    """
    bare = _MARKER.sub("", sentence).strip()
    claim = _Told.of(bare, detect_language(bare))
    best = Support("unsupported", None, "no passage is cited for it")
    for index, passage in enumerate(passages):
        verdict, reason = _compare(claim, passage)
        if index == 0 or _ORDER.index(verdict) < _ORDER.index(best.verdict):
            best = Support(verdict, None if verdict == "unsupported" else passage, reason)
    return best


def _compare(claim: _Told, passage: str | Passage) -> tuple[Verdict, str]:
    if isinstance(passage, Passage):
        told = _Told.of(passage.text, passage.article.language)
        context = f"{passage.article.title}\n{passage.text}"
    else:
        told = _Told.of(passage, detect_language(passage))
        context = passage
    if _plain(claim.text) and _plain(claim.text) in _plain(told.text):
        return "supported", "quoted word for word"
    is_same_language = claim.language == told.language
    if missing := _missing_figures(claim, told):
        return "unsupported", f"the passage does not give «{missing[0]}»"
    if missing := _missing_names(claim, context):
        if not is_same_language:
            return "unchecked", f"the passage, in another language, does not name «{missing[0]}» in this spelling"
        return "unsupported", f"the passage does not name «{missing[0]}»"
    if not is_same_language:
        return "unchecked", "told in another language; figures and names agree"
    return _compare_wording(claim, told)


def _compare_wording(claim: _Told, told: _Told) -> tuple[Verdict, str]:
    stems = content_stems(claim.text, claim.language)
    if not stems:
        return "unchecked", "the sentence holds no word to compare by"
    nearest, share = _nearest_sentence(stems, told)
    known = set(content_stems(told.text, told.language))
    covered = sum(stem in known for stem in stems) / len(stems)
    if covered < OTHER_SUBJECT:
        return "unsupported", "the passage speaks of something else"
    if share >= SAME_SUBJECT and _is_denied(claim.text, claim.language) != _is_denied(nearest, told.language):
        return "unsupported", "one of them denies what the other says"
    in_order = _longest_common(stems, content_stems(nearest, told.language)) / len(stems)
    if in_order >= SAME_WORDING:
        return "supported", "the same words in the same order"
    return "unchecked", "told in other words; figures and names agree"


def _plain(text: str) -> str:
    """`text` for comparing word for word: without case, quotation marks and the marks at its ends."""
    return " ".join(normalise(text).replace('"', " ").casefold().split()).strip(" .!?;:,…'")


def _missing_figures(claim: _Told, told: _Told) -> list[str]:
    return [
        claim.text[figure.start : figure.end]
        for figure in claim.figures
        if not any(same_figure(figure, other) for other in told.figures)
    ]


def _missing_names(claim: _Told, context: str) -> list[str]:
    """The names of the claim of which no word stands in the context, at least by its first letters."""
    heads = {fold(word.surface)[:NAME_LETTERS] for word in words(context)}
    figures = [claim.text[figure.start : figure.end] for figure in claim.figures]
    missing = []
    for name in names(claim.text, claim.language):
        parts = [word.surface for word in words(name) if is_content(word.surface, claim.language)]
        if parts and not any(name in figure for figure in figures):
            if not any(fold(part)[:NAME_LETTERS] in heads for part in parts):
                missing.append(name)
    return missing


def _nearest_sentence(stems: list[str], told: _Told) -> tuple[str, float]:
    """The sentence of the passage that holds most of the stems, and their share in it."""
    wanted = set(stems)
    sentences = [told.text[span.start : span.end] for span in split_sentences(told.text, told.language)]
    shares = [len(wanted & set(content_stems(sentence, told.language))) / len(wanted) for sentence in sentences]
    best = max(range(len(sentences)), key=shares.__getitem__)
    return sentences[best], shares[best]


def _is_denied(text: str, language: str) -> bool:
    """Whether a sentence denies: an odd number of negations, since two cancel out."""
    pattern = _NEGATIONS.get(language, _NEGATIONS["en"])
    return len(pattern.findall(normalise(text).casefold())) % 2 == 1


def _longest_common(one: list[str], other: list[str]) -> int:
    """Length of the longest run of stems that both have in the same order, gaps allowed."""
    lengths = [0] * (len(other) + 1)
    for stem in one:
        previous = 0
        for column, candidate in enumerate(other, start=1):
            previous, lengths[column] = (
                lengths[column],
                previous + 1 if stem == candidate else max(lengths[column], lengths[column - 1]),
            )
    return lengths[-1]

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

from embeddings import in_english
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
# So many stems in common, as a number and as a share of the shorter, and a «not» on one side alone is taken to
# be about the same thing.
SAME_SUBJECT_STEMS = 2
SAME_SUBJECT_SHARE = 0.4
AGREES = "figures and names agree"
SMALL_COUNT = 3
SMALL_NUMBER = 12
# Names that begin with at least so many same letters, and end otherwise by two at most, are one.
NAME_LETTERS = 4

_MARKER = re.compile(r"\s*\[\d+(?:\s*,\s*\d+)*\]")
# What denies the words behind it, and what only looks so («not only», «no doubt»).
_DENIALS = {
    "en": re.compile(
        r"\b(?:not|never|no|none of|nobody|neither|nor|without|cannot|"
        r"(?:fail|refus|doubt)(?:s|es|ed|ing)?(?: to)?)\b(?! (?:only|just|"
        r"doubt|longer|later|fewer|less|more than))|n't\b"
    ),
    "fr": re.compile(
        r"\b(?:pas|jamais|aucune?|ni|sans|non|refus(?:e|ent|ait|é|er) (?:de|d'))\b"
        r"(?! (?:seulement|moins|que|doute|plus))"
    ),
}
# In French the verb stands before its «pas»: «ne votera pas».
_VERB_BEFORE = re.compile(r"\bn(?:e |')(?P<verb>[^.,;:]{1,40}?)$")
# How many content words behind a denial are taken to be denied.
DENIED_WORDS = 1
# One body under several names; compared without accents, in lower case.
_SAME_NAMES = (
    ("un", "onu", "united nations", "nations unies"),
    ("eu", "ue", "european union", "union europeenne", "brussels", "bruxelles"),
    ("nato", "otan", "alliance", "atlantic alliance", "alliance atlantique"),
    ("us", "usa", "united states", "etats-unis", "america", "american", "americain", "washington"),
    (
        "uk",
        "united kingdom",
        "royaume-uni",
        "britain",
        "great britain",
        "grande-bretagne",
        "british",
        "britannique",
        "london",
        "londres",
    ),
    ("russia", "russie", "russian", "russe", "moscow", "moscou", "kremlin"),
    ("china", "chine", "chinese", "chinois", "beijing", "pekin"),
    ("germany", "allemagne", "german", "allemand", "berlin"),
    ("france", "french", "francais", "paris"),
    ("spain", "espagne", "spanish", "espagnol", "madrid"),
    ("wales", "galles", "welsh", "gallois"),
    ("netherlands", "pays-bas", "dutch", "neerlandais"),
)
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

    def in_english(self) -> _Told:
        """French by its gloss, good enough to tell what is spoken of; anything else as it is."""
        return _Told(in_english(self.text, self.language), "en", self.figures) if self.language == "fr" else self


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
    if missing := _missing_names(claim, context if is_same_language else f"{context}\n{told.in_english().text}"):
        if is_same_language:
            return "unsupported", f"the passage does not name «{missing[0]}»"
        return "unchecked", f"the passage, in another language, does not name «{missing[0]}» in this spelling"
    if is_same_language:
        return _compare_wording(claim, told)
    verdict, reason = _compare_wording(claim.in_english(), told.in_english())
    # The gloss is word for word: it can show that something else is said, never that the same is.
    return ("unsupported", reason) if verdict == "unsupported" else ("unchecked", "told in another language; " + AGREES)


def _compare_wording(claim: _Told, told: _Told) -> tuple[Verdict, str]:
    stems = content_stems(claim.text, claim.language)
    if not stems:
        return "unchecked", "the sentence holds no word to compare by"
    known = set(content_stems(told.text, told.language))
    if sum(stem in known for stem in stems) < OTHER_SUBJECT * len(stems):
        return "unsupported", "the passage speaks of something else"
    if denied := _denied_on_one_side(claim, told):
        return "unsupported", f"one of them denies what the other says of «{denied}»"
    nearest = _nearest_sentence(stems, told)
    if _longest_common(stems, content_stems(nearest, told.language)) >= SAME_WORDING * len(stems):
        return "supported", "the same words in the same order"
    return "unchecked", "told in other words; " + AGREES


def _plain(text: str) -> str:
    """`text` for comparing word for word: without case, quotation marks and the marks at its ends."""
    return " ".join(normalise(text).replace('"', " ").casefold().split()).strip(" .!?;:,…'")


def _missing_figures(claim: _Told, told: _Told) -> list[str]:
    """The figures of the claim that the passage lacks.

    A count as small as «two women» may be told by naming them: it is missed only where the passage counts too.
    """
    counts = any(figure.kind == "number" and figure.value <= SMALL_NUMBER for figure in told.figures)
    return [
        claim.text[figure.start : figure.end]
        for figure in claim.figures
        if not any(same_figure(figure, other) for other in told.figures)
        and (counts or figure.kind != "number" or figure.value > SMALL_COUNT)
    ]


def _missing_names(claim: _Told, context: str) -> list[str]:
    """The names of the claim of which no word stands in the context, in some form or under another name."""
    plain = fold(normalise(context))
    known = {fold(word.surface) for word in words(context) if word.is_capitalised}
    figures = [claim.text[figure.start : figure.end] for figure in claim.figures]
    missing = []
    for name in names(claim.text, claim.language):
        parts = [
            fold(word.surface.replace(".", "")) for word in words(name) if is_content(word.surface, claim.language)
        ]
        if not parts or any(name in figure for figure in figures):
            continue
        is_there = any(part in plain if len(part) > 3 else part in known for part in parts)
        is_akin = any(_is_akin(part, other) for part in parts for other in known)
        if not is_there and not is_akin and not _is_there_otherwise(" ".join(parts), plain):
            missing.append(name)
    return missing


def _is_akin(one: str, other: str) -> bool:
    """Whether two names begin alike: «France» and «French», «Chine» and «Chinese», not «Iran» and «Iraq»."""
    letters = max(NAME_LETTERS, min(len(one), len(other)) - 2)
    return min(len(one), len(other)) > NAME_LETTERS and one[:letters] == other[:letters]


def _is_there_otherwise(name: str, plain: str) -> bool:
    for group in _SAME_NAMES:
        if name in group or any(part in group for part in name.split()):
            return any(re.search(rf"\b{other}", plain) for other in group)
    return False


def _nearest_sentence(stems: list[str], told: _Told) -> str:
    """The sentence of the passage that holds most of the stems."""
    wanted = set(stems)
    sentences = [told.text[span.start : span.end] for span in split_sentences(told.text, told.language)]
    return max(sentences, key=lambda sentence: len(wanted & set(content_stems(sentence, told.language))))


def _denied_on_one_side(claim: _Told, told: _Told) -> str | None:
    """A stem that one of the two denies and the other says, about the same thing, without denying anything."""
    for one, other in ((claim, told), (told, claim)):
        for sentence in _sentences(one):
            subject = set(content_stems(sentence, one.language))
            for stem in _denied_stems(sentence, one.language):
                said = [text for text in _sentences(other) if stem in content_stems(text, other.language)]
                is_near = any(_share_subject(subject, set(content_stems(text, other.language))) for text in said)
                if is_near and not any(_denied_stems(text, other.language) for text in said):
                    return stem
    return None


def _share_subject(one: set[str], other: set[str]) -> bool:
    return len(one & other) >= max(SAME_SUBJECT_STEMS, SAME_SUBJECT_SHARE * min(len(one), len(other)))


def _sentences(told: _Told) -> list[str]:
    return [told.text[span.start : span.end] for span in split_sentences(told.text, told.language)]


def _denied_stems(sentence: str, language: str) -> list[str]:
    """The stems of the words that a sentence denies, in order."""
    plain = normalise(sentence)
    denied: list[str] = []
    for match in _DENIALS.get(language, _DENIALS["en"]).finditer(plain.casefold()):
        behind = re.split(r"[.,;:]", plain[match.end() :], maxsplit=1)[0]
        denied += content_stems(behind, language)[:DENIED_WORDS]
        if language == "fr" and (before := _VERB_BEFORE.search(plain[: match.start()].casefold())):
            denied += content_stems(before["verb"], language)
    return denied


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

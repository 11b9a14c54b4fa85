"""A sentence and the passages it cites → whether they bear it out, without a language model.

What can be known from the words is said: a figure, a time or a name that the passage lacks, a denial or an
opposite on one side alone, a clause that it has no words for. A sentence that nothing speaks against is supported
when enough of its words stand in the passage, as they are or in gloss; where roles may be swapped, or the words
are too different, the check says «unchecked», never «supported». An inference model, where a user has one,
decides what the rules leave open. In order, for each passage:

    quoted word for word                          supported
    missing_figures, missing_times, missing_names unsupported, or partly where another clause is borne out
    denied_on_one_side, opposed, and their like   unsupported
    the inference model, where there is one       supported, unsupported or unchecked
    without_clause                                partly
    compare_roles, counted_otherwise              unchecked
    coverage                                      supported, unchecked or unsupported
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rag.records import Passage, Support, Verdict
from rag.support.clauses import Clause, clauses, coverage, without_clause
from rag.support.denial import added_scope, denied_on_one_side, denied_without_ground, excluded, opposed, turned
from rag.support.figures import counted_otherwise, missing_figures
from rag.support.names import missing_names, name_stems
from rag.support.reasons import reason
from rag.support.roles import compare_roles
from rag.support.times import missing_times
from rag.support.told import Told, without_markers
from rag.words import content_stems

if TYPE_CHECKING:
    from rag.support.inference_model import InferenceModel

__all__ = ["SupportCheck", "check_support"]

# `check_support`, or the same with some of its options given.
SupportCheck = Callable[[str, Sequence[str | Passage]], Support]

# Of the sentence's content words, the share that must stand in the passage to call it supported when nothing
# speaks against it, and the share below which the passage speaks of something else. On 120 labelled claims, of
# which half are paraphrases, .25 to .40 judge alike (.77 to .79 right), .50 less well (.69).
SUPPORTING_COVERAGE = 0.35
OTHER_SUBJECT = 0.2
# Share of the words that must stand in one sentence to be the same wording; then, of these, the share in the same
# order that makes it the same statement, and the share below which roles may be swapped.
SAME_WORDS = 0.85
SAME_ORDER = 0.9
OTHER_ORDER = 0.75
# A clause is borne out, though another is not, when the passage has so many of its words.
BORNE = 0.5
# The inference model is taken at its word above these probabilities.
ENTAILED = 0.5
CONTRADICTED = 0.5
NEUTRAL = 0.8

# Strength of what is quoted, and of the same words in the same order; of other words it is their share, up to 1.
VERBATIM = 3.0
SAME = 2.0

_CONTRADICTIONS = (
    ("denial", denied_on_one_side),
    ("opposite", opposed),
    ("opposite", turned),
    ("another", excluded),
    ("ungrounded", denied_without_ground),
)
_ORDER: tuple[Verdict, ...] = ("supported", "partly", "unchecked", "unsupported")


@dataclass(frozen=True, slots=True)
class _Finding:
    """A verdict with what was found, a key of `rag.support.reasons`, and the words it was found in.

    `strength` tells which of two passages of one verdict bears the sentence out better.
    """

    verdict: Verdict
    found: str
    what: str = ""
    strength: float = 0.0

    @property
    def rank(self) -> tuple[int, float]:
        """Lower is better."""
        return _ORDER.index(self.verdict), -self.strength


def check_support(
    sentence: str,
    passages: Sequence[str | Passage],
    *,
    language: str = "en",
    model: InferenceModel | None = None,
) -> Support:
    """Whether one of the passages bears the sentence out, and which; the best of all counts.

    Markers such as `[1]` in the sentence are left out of account. Without passages, "unsupported". The reason is
    in `language`, the reader's ("en" or "fr"), whatever the languages of sentence and passages.

    Example:
        >>> check_support("The bridge cost four million.", ["The bridge cost 5 million, the mayor said."]).reason
        'the passage does not give «four million»'
    """
    if passages and _is_quoted(sentence, passages[0]):  # before anybody asks which language it is in
        return _told(_Finding("supported", "verbatim"), passages[0], language)
    claim = Told.of_sentence(sentence)
    best: tuple[_Finding, str | Passage | None] = (_Finding("unsupported", "nothing cited"), None)
    for index, passage in enumerate(passages):
        finding = _compare(claim, Told.of_passage(passage), model)
        if index == 0 or finding.rank < best[0].rank:
            best = (finding, passage)
    return _told(*best, language)


def _told(finding: _Finding, passage: str | Passage | None, language: str) -> Support:
    return Support(
        finding.verdict,
        None if finding.verdict == "unsupported" else passage,
        reason(finding.found, finding.what, language),
    )


def _is_quoted(sentence: str, passage: str | Passage) -> bool:
    """Whether the passage holds the sentence, its markers left out, letter for letter."""
    bare = without_markers(sentence)
    return any(map(str.isalnum, bare)) and bare in (passage if isinstance(passage, str) else passage.text)


def _compare(claim: Told, told: Told, model: InferenceModel | None) -> _Finding:
    if claim.plain and claim.plain in told.plain:
        return _Finding("supported", "verbatim", strength=VERBATIM)
    if missing := _missing(claim, told):
        return missing
    if against := _against(claim, told):
        return against
    if model is not None:
        return _inferred(claim, told, model)
    if not claim.stems:
        return _Finding("unchecked", "no words")
    if clause := without_clause(claim, told):
        return _Finding("partly", "clause", clause)
    return _compare_wording(claim, told)


def _missing(claim: Told, told: Told) -> _Finding | None:
    """A figure, a time or a name that the passage lacks; «partly» where what another clause says is there."""
    figures = [*missing_figures(claim, told), *missing_times(claim, told)]
    lacking = [("figure", what) for what in figures] + [("name", what) for what in missing_names(claim, told)]
    if not lacking:
        return None
    found, what = lacking[0]
    parts = clauses(claim)
    whole = [part for part in parts if not any(_holds(part, claim, what) for _, what in lacking)]
    is_partly = 0 < len(whole) < len(parts) and coverage(whole, claim, told) >= BORNE
    return _Finding("partly" if is_partly else "unsupported", found, what.strip(" .,"))


def _holds(part: Clause, claim: Told, what: str) -> bool:
    at = claim.text.find(what)
    return part.start < at + len(what) and at < part.end


def _against(claim: Told, told: Told) -> _Finding | None:
    """A word on which claim and passage contradict each other."""
    for found, find in _CONTRADICTIONS:
        if word := find(claim, told):
            return _Finding("unsupported", found, _written(word, claim, told))
    return None


def _written(found: str, claim: Told, told: Told) -> str:
    return claim.as_written(found) or told.as_written(found) or found.replace("_", " ")


def _inferred(claim: Told, told: Told, model: InferenceModel) -> _Finding:
    inference = model.infer(claim, [told])[0]
    if inference.entailment >= ENTAILED:
        return _Finding("supported", "entailed", strength=inference.entailment)
    if inference.contradiction >= CONTRADICTED:
        return _Finding("unsupported", "contradicted")
    is_sure = 1 - inference.entailment - inference.contradiction >= NEUTRAL
    return _Finding("unsupported" if is_sure else "unchecked", "not entailed")


def _compare_wording(claim: Told, told: Told) -> _Finding:
    """Nothing is missing and nothing is denied: whether the words are the passage's, and in the same parts."""
    # The names are all there, in some form: they count as the passage's own words.
    share = coverage(clauses(claim), claim, told, name_stems(claim))
    if share < OTHER_SUBJECT:
        return _Finding("unsupported", "other subject")
    order = _same_order(claim, told)
    roles = compare_roles(claim, told)
    if roles.turned:
        return _Finding("unchecked", "swapped", _all_written(roles.turned, claim, told))
    if figure := counted_otherwise(claim, told):
        return _Finding("unchecked", "counted", figure)
    if scope := added_scope(claim, told):
        return _Finding("unchecked", "scope", _written(scope, claim, told))
    if order is not None and order >= SAME_ORDER:
        return _Finding("supported", "same order", strength=SAME)
    if roles.speaker:
        return _Finding("unchecked", "speaker", _written(roles.speaker, claim, told))
    if roles.elsewhere:
        return _Finding("unchecked", "elsewhere", _written(roles.elsewhere, claim, told))
    if roles.swapped:
        return _Finding("unchecked", "swapped", _all_written(roles.swapped, claim, told))
    if order is not None and order < OTHER_ORDER and not roles.is_free_order:
        return _Finding("unchecked", "other order")
    if share < SUPPORTING_COVERAGE:
        return _Finding("unchecked", "other words")
    found = "agrees" if claim.language == told.language else "agrees across"
    return _Finding("supported", found, strength=share)


def _all_written(found: tuple[str, str], claim: Told, told: Told) -> str:
    return ", ".join(_written(one, claim, told) for one in found)


def _same_order(claim: Told, told: Told) -> float | None:
    """Where one sentence of the passage has the claim's words: the share of them in the same order; else None."""
    stems = content_stems(claim.text, claim.language)
    if claim.language != told.language or not stems:
        return None
    sentences = [content_stems(sentence, told.language) for sentence in told.sentences]
    nearest = max(sentences, key=lambda sentence: len(set(stems) & set(sentence)), default=[])
    if len([stem for stem in stems if stem in nearest]) < SAME_WORDS * len(stems):
        return None
    return _longest_common(stems, nearest) / len(stems)


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

"""Who does what in a claim → where the passage gives it to somebody else, as far as words in place can tell.

There is no parser: a name is taken to go with the words that share its sentence. What is told of one name in the
claim, and in the passage only in sentences of another name, is suspect; so are two names in the other order, and
a speaker whose words are attributed to another. All three are reasons to doubt, none to be sure.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from embeddings import in_english
from rag.support.irregular_verbs import english_stems
from rag.support.names import TITLES, claimed_names
from rag.support.told import Told
from rag.words import fold, names, words

__all__ = ["Roles", "compare_roles"]

_SAYING = (
    r"(?:(?:has|have|had|was|is) )?(?:also |then |later )?(?:sa(?:id|ys?)|t(?:old|ells?)|add(?:s|ed)?|explain(?:s|ed)?|"
    r"not(?:es|ed)|point(?:s|ed) out|insist(?:s|ed)?|warn(?:s|ed)?|claim(?:s|ed)?|argue[sd]?|recall(?:s|ed)?|"
    r"declare[sd]?|announce[sd]?|state[sd]|believe[sd]?|think(?:s)?|thought|wr(?:ote|ites?)|tweeted|admit(?:s|ted)?|"
    r"testified|suggest(?:s|ed)?|confirm(?:s|ed)?|affirm(?:s|ed)?|indicat(?:es|ed)|repl(?:ies|ied)|congratulated|"
    r"praised|paid tribute|described?s?|emphasi[sz]ed|stressed|underlined|assured|estimate[sd]?)\b"
)
_NAME = r"(?P<name>[^\W\d_a-z][\w'’.-]*(?: [^\W\d_a-z][\w'’.-]*){0,3})"
_SPEAKERS = tuple(
    re.compile(pattern)
    for pattern in (
        rf"(?<!of )(?<!from )(?<!in )\b{_NAME}(?:, [^,.;]{{2,60}},)? {_SAYING}",
        rf"\b{_SAYING} (?:(?:the |a )?[a-z]+ ){{0,2}}{_NAME}",
        rf"\b(?:[Aa]ccording to|[Ff]or|[Ii]n) (?:(?:the |mr |mrs )?[a-z]+ )?{_NAME}"
        r"(?:['’]s (?:view|words|opinion))?(?:,|:)",
    )
)

# Between two names of one list: a comma or an «and», and the other's first names.
_LIST = re.compile(r"(?:['’]s)?\s*(?:,|,? and|,? or|,? et|,? ou)\s*(?:[\w.-]+ ){0,2}")
_PASSIVE = re.compile(
    r"\b(?:is|are|was|were|be|been|being|got|gets)(?: \w+ly)? "
    r"\w+(?:d|t|n|ne|de|ung|un)(?: \w+)? by\b"
)


@dataclass(frozen=True, slots=True)
class Roles:
    """What is suspect of a claim against a passage; each None where nothing is.

    `elsewhere`: a name of the claim whose words the passage tells of another; `swapped`: two names of the claim
    that stand in the other order; `speaker`: the speaker of the claim where the passage names another; `turned`:
    who does it and whom it is done to, where a passive on one side says the reverse of the other;
    `is_free_order`: names in a list, or a passive on one side alone, so that another order is no sign.
    """

    elsewhere: str | None
    swapped: tuple[str, str] | None
    speaker: str | None
    turned: tuple[str, str] | None
    is_free_order: bool


def compare_roles(claim: Told, told: Told) -> Roles:
    mine = [key for name in claimed_names(claim) if (key := _key(name))]
    sentences = _sentences_with_names(told)
    has_other_voice = bool(_passives(claim.english)) != bool(_passives(told.english))
    return Roles(
        _told_elsewhere(claim, mine, sentences),
        None if has_other_voice else _swapped(claim, mine, sentences),
        _other_speaker(claim, told),
        _turned(claim, told) if has_other_voice else None,
        has_other_voice or any(_are_listed(one, other, claim.text) for one, other in pairwise(mine)),
    )


@dataclass(frozen=True, slots=True)
class _Sentence:
    """One sentence of a passage: its stems in English, its own names, and those it speaks of without naming any."""

    text: str
    stems: frozenset[str]
    names: tuple[str, ...]
    present: frozenset[str]


def _sentences_with_names(told: Told) -> list[_Sentence]:
    found: list[_Sentence] = []
    for sentence, english in zip(told.sentences, told.english_sentences, strict=True):
        own = tuple(key for name in names(f". {sentence}", told.language) if (key := _key(name)))
        opening = words(sentence)[:1]
        if opening and opening[0].is_capitalised and _key(opening[0].surface) in _keys(told):
            own = (_key(opening[0].surface), *own)
        inherited = found[-1].present if found and not own else frozenset[str]()
        found.append(_Sentence(sentence, frozenset(english_stems(english)), own, inherited | set(own)))
    return found


@lru_cache(maxsize=64)
def _keys(told: Told) -> frozenset[str]:
    return frozenset(_key(name) for name in names(told.text, told.language))


def _key(name: str) -> str:
    """The last word of a name, folded: «Todd Palin» and «Palin» are one, as far as can be told."""
    parts = [fold(word.surface) for word in words(name) if word.surface not in ("s", "S") and len(word.surface) > 1]
    parts = [part for part in parts if part not in TITLES]
    return parts[-1] if parts else ""


def _told_elsewhere(claim: Told, mine: list[str], sentences: list[_Sentence]) -> str | None:
    """The name before the words of the claim that the passage has in sentences of other names alone."""
    told_names = {name for sentence in sentences for name in sentence.names}
    name_stems = {stem for name in (*mine, *told_names) for stem in english_stems(name)}
    agreeing, differing = 0, []
    for name, stem in _words_behind_names(claim, mine):
        places = [one for one in sentences if stem in one.stems]
        if name not in told_names or stem in name_stems or not places:
            continue
        if any(name in one.present for one in places):
            agreeing += 1
        elif all(set(one.names) - set(mine) for one in places):
            differing.append(name)
    return differing[0] if differing and not agreeing else None


def _words_behind_names(claim: Told, mine: list[str]) -> list[tuple[str, str]]:
    """Each content word of the claim, as a stem in English, with the name that stands before it."""
    pairs = []
    name, behind = "", ""
    for word in words(claim.text):
        if fold(word.surface) in mine:
            pairs += [(name, stem) for stem in _english_stems(behind, claim.language) if name]
            name, behind = fold(word.surface), ""
        else:
            behind += f" {word.surface}"
    return pairs + [(name, stem) for stem in _english_stems(behind, claim.language) if name]


def _english_stems(text: str, language: str) -> list[str]:
    return english_stems(in_english(text, language))


def _swapped(claim: Told, mine: list[str], sentences: list[_Sentence]) -> tuple[str, str] | None:
    ordered = list(dict.fromkeys(mine))
    for first, second in pairwise(ordered):
        places = [(_place(first, one.text), _place(second, one.text), one.text) for one in sentences]
        both = [(mine_at, other_at, text) for mine_at, other_at, text in places if mine_at >= 0 and other_at >= 0]
        is_listed = any(_are_listed(first, second, text) for text in (claim.text, *(text for *_, text in both)))
        if both and not is_listed and all(mine_at > other_at for mine_at, other_at, _ in both):
            return first, second
    return None


def _place(name: str, sentence: str) -> int:
    """Where a name's word stands first in a sentence, capitalised, its plural too; -1 where it doesn't."""
    return next(
        (word.start for word in words(sentence) if word.is_capitalised and fold(word.surface) in (name, f"{name}s")), -1
    )


def _are_listed(one: str, other: str, text: str) -> bool:
    """Whether two names stand in one list, where their order says nothing: «Anna and Bert», «Anna, Bert»."""
    plain = fold(text)
    first, second = sorted((plain.find(one), plain.find(other)))
    between = plain[first + len(one if plain.find(one) == first else other) : second]
    return bool(_LIST.fullmatch(between))


def _turned(claim: Told, told: Told) -> tuple[str, str] | None:
    """Patient and agent of a passive on one side that stand in this order in an active sentence of the other."""
    for passive, active in ((claim, told), (told, claim)):
        for patient, agent in _passives(passive.english):
            for sentence in active.english_sentences:
                stems = english_stems(sentence)
                if patient in stems and agent in stems and stems.index(patient) < stems.index(agent):
                    return patient, agent
    return None


def _passives(english: str) -> list[tuple[str, str]]:
    """The stems of whom it is done to and of who does it: «the dog was bitten by the man» gives dog and man."""
    found = []
    for match in _PASSIVE.finditer(english):
        before = english_stems(english[: match.start()])[-1:]
        behind = english_stems(english[match.end() :])[:1]
        if before and behind:
            found.append((before[0], behind[0]))
    return found


def _other_speaker(claim: Told, told: Told) -> str | None:
    said = _speakers(claim.english)
    if not said:
        return None
    speaker, stems = said[0], claim.stem_set - set(english_stems(said[0]))
    nearest, best = "", 0
    for sentence in told.english_sentences:
        shared = len(stems & set(english_stems(sentence)))
        if shared > best:
            nearest, best = sentence, shared
    others = _speakers(nearest)
    return speaker if best >= 2 and others and speaker not in others and speaker in told.folded else None


def _speakers(english: str) -> list[str]:
    found = [(match.start(), _key(match["name"])) for pattern in _SPEAKERS for match in pattern.finditer(english)]
    return [name for _, name in sorted(found) if name]

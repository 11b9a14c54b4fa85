"""What a claim and a passage deny, or say the opposite of → the word on which they contradict each other.

All in English words, French by its gloss. A denial reaches the next few content words of its clause; «reject» is
read as a denied «accept». A contradiction is only seen between two sentences about the same thing: they share
other words too.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from rag.support.irregular_verbs import english_stem
from rag.support.opposites import INVERSE, TURNING_PAIRS, exclusive_groups, opposite_signs
from rag.support.told import Told
from rag.words import is_content, normalise, words

__all__ = ["added_scope", "denied_on_one_side", "denied_without_ground", "excluded", "opposed", "turned"]

# So many stems in common beside the one in question, as a number and as a share of the claim's, and two
# sentences are taken to be about the same thing.
SAME_SUBJECT_STEMS = 2
SAME_SUBJECT_SHARE = 0.34
# How many content words behind a denial are taken to be denied.
DENIED_WORDS = 3

_DENIAL = re.compile(
    r"\b(?:(?:not|never|no|none|nobody|nothing|neither|nor|without|cannot|hardly|unable|"
    r"(?:fail|refus|den(?:y|ie)|doubt)(?:e?s|e?d|ing|al)?)\b"
    r"(?! (?:only|just|doubt|later|more than|least|fewer than|less than|surprising))|\w+n't\b)"
)
# What may stand for a denial, so that a claim that denies has a ground: «only», «unchanged», «rejected», «too».
_NEGATIVE = re.compile(
    r"\b(?:only|except|but|un(?:able|likely|willing|chang|certain|clear|harm|hurt|injur|happy|safe|fair|true|done|known|"
    r"convinc|paid|beat|easy|necessary|usual|touch|answer|resolv|settl|prov)\w*|im(?:possib|perfect|partial)\w*|"
    r"in(?:complet|capab|sufficien|abilit|effectiv|correct|accurat|visib|activ|valid)\w*|"
    r"dis(?:agre|approv|lik|appear|continu|put|satisf|appoint)\w*|[a-z]+less|less|lack\w*|reject\w*|declin\w*|avoid\w*|"
    r"prevent\w*|stop\w*|end(?:s|ed)?|los[te]\w*|miss\w*|ban(?:s|ned)?|far from|instead|rather|too|oppos\w*|against|"
    r"hard(?:ly|er)?|few(?:er)?|little|ruled out|lone|ceas\w*|halt\w*|cancel\w*|absent|empty|secret|still|yet|zero|"
    r"last|free|alone|out of|forbid\w*|block\w*|leav\w*|left|gone|withdr\w*)\b"
)
# «Only two» and «only a week» are no limit, but smallness.
_LIMIT = re.compile(
    r"\b(?:only(?! (?:\d|an?\b|one|two|three|four|five|six|seven|eight|nine|ten|\w+teen|\w+ty|weeks?|days?|months?|"
    r"years?|hours?|minutes?|half|just))|solely|exclusively|entirely|always|never|nobody|everyone|everybody|unanimously)\b"
)
_LIMITED = re.compile(
    _LIMIT.pattern + r"|\b(?:sole|just|merely|alone|unique|every|each|all|whole|full|fully|any|no|none|not|limited|but|"
    r"unless|until|without|constant(?:ly)?|ever|unanimous|purely|complete(?:ly)?|total(?:ly)?|except)\b"
)
_PHRASES = re.compile(r"\b(?P<verb>ruled?|turn(?:ed)?) (?P<particle>out|down)\b")
_CLAUSE_END = re.compile(r"[.,;:!?\"()]|\b(?:but|and|while|although|because|which|who)\b")


@dataclass(frozen=True, slots=True)
class _Said:
    """A sentence's content stems and those of them that it denies."""

    stems: frozenset[str]
    denied: frozenset[str]


def denied_on_one_side(claim: Told, told: Told) -> str | None:
    """A stem that one of the two denies and the other says, about the same thing, without denying it."""
    mine, theirs = _all_said(claim), _all_said(told)
    for ones, others in ((mine, theirs), (theirs, mine)):
        for one in ones:
            for word in sorted(one.denied):
                near = [
                    said
                    for said in others
                    if word in said.stems and _same_subject(one, said, word) and not _agree_otherwise(one, said)
                ]
                if near and not any(said.denied for said in near):
                    return word
    return None


def denied_without_ground(claim: Told, told: Told) -> str | None:
    """What the claim denies, where nothing at all in the passage is denied or negative."""
    if _DENIAL.search(told.english.casefold()) or _NEGATIVE.search(told.english.casefold()):
        return None
    match = _DENIAL.search(claim.english.casefold())
    return match.group() if match else None


def added_scope(claim: Told, told: Told) -> str | None:
    """The «only» of a claim, or its like, where the passage sets no limit at all."""
    match = _LIMIT.search(claim.english.casefold())
    return match.group() if match and not _LIMITED.search(told.english.casefold()) else None


def opposed(claim: Told, told: Told) -> str | None:
    """A stem of the claim of which the passage says the opposite about the same thing, and nowhere the same."""
    theirs = _all_said(told)
    given = {sign for said in theirs for sign in _signs(said)}
    for one in _all_said(claim):
        for (row, sign), word in _signs(one).items():
            if (row, sign) in given or (row, -sign) not in given:
                continue
            if any((row, -sign) in _signs(said) and _same_subject(one, said, word) for said in theirs):
                return word
    return None


def excluded(claim: Told, told: Told) -> str | None:
    """A stem of the claim that the passage lacks, while it has another of which only one can be true."""
    groups = exclusive_groups()
    theirs = _all_said(told)
    given = {groups[word] for said in theirs for word in said.stems if word in groups}
    for one in _all_said(claim):
        for word in sorted(one.stems):
            row, place = groups.get(word, (-1, -1))
            others = {other for other in given if other[0] == row and not _is_inverse(row, place, other[1])}
            if others and (row, place) not in others and any(
                _same_subject(one, said, word) and any(groups.get(w) in others for w in said.stems) for said in theirs
            ):  # fmt: skip
                return word
    return None


@lru_cache(maxsize=1_000)
def _is_inverse(row: int, one: int, other: int) -> bool:
    """Whether two words of a row name one relation from either end: the father of a son is no contradiction."""
    groups = exclusive_groups()
    pairs = [[groups[english_stem(word)] for word in inverse] for inverse in INVERSE]
    return any({(row, one), (row, other)} == set(pair) for pair in pairs)


def turned(claim: Told, told: Told) -> str | None:
    """«Before the vote» where the passage has «after the vote» alone; as the claim's words in English."""
    mine, theirs = _turning_words(claim.english), _turning_words(told.english)
    for one, other in (*TURNING_PAIRS, *((b, a) for a, b in TURNING_PAIRS)):
        for word in sorted(mine.get(one, set())):
            if word in theirs.get(other, set()) and word not in theirs.get(one, set()):
                return one
    return None


def _turning_words(english: str) -> dict[str, set[str]]:
    """Each preposition of the table → the stems of the content words that it stands before."""
    table = {word for pair in TURNING_PAIRS for word in pair}
    found: dict[str, set[str]] = {}
    for match in re.finditer(r"[^\W\d_]+", english):
        if (word := match.group().lower()) in table:
            behind = _CLAUSE_END.split(english[match.end() :], maxsplit=1)[0]
            found.setdefault(word, set()).update(english_stem(one) for one in _content_words(behind)[:1])
    return found


def _all_said(told: Told) -> list[_Said]:
    is_glossed = told.language == "fr"
    return [_said(sentence, is_glossed) for sentence in told.english_sentences]


@lru_cache(maxsize=2_000)
def _said(sentence: str, is_glossed: bool) -> _Said:
    plain = _PHRASES.sub(lambda match: f"{match['verb']}_{match['particle']}", normalise(sentence))
    denied: list[str] = []
    for match in _DENIAL.finditer(plain.casefold()):
        behind = _CLAUSE_END.split(plain[match.end() :], maxsplit=1)[0]
        # A name is denied only right behind the denial: «not China».
        denied += [
            english_stem(word) for place, word in enumerate(_content_words(behind)[:DENIED_WORDS])
            if not place or not word[0].isupper()
        ]  # fmt: skip
        # French puts its «pas» behind the verb, and so does its gloss: «would vote not for».
        if is_glossed and match.group() in ("not", "never"):
            before = _content_words(_CLAUSE_END.split(plain[: match.start()])[-1])[-1:]
            denied += [english_stem(word) for word in before if not word[0].isupper()]
    stems = [english_stem(word) for word in _content_words(plain)]
    # A word that the sentence says elsewhere too, undenied, is not denied by it.
    return _Said(frozenset(stems), frozenset(word for word in denied if denied.count(word) >= stems.count(word)))


def _content_words(text: str) -> list[str]:
    signs = opposite_signs()
    found = [word.surface for word in words(text)] if "_" not in text else re.findall(r"[\w]+", text)
    return [word for word in found if is_content(word, "en") or english_stem(word) in signs]


@lru_cache(maxsize=2_000)
def _signs(said: _Said) -> dict[tuple[int, int], str]:
    """What of the table of opposites a sentence says: row and sign, a denial turning the sign → the stem."""
    table = opposite_signs()
    found = {}
    for word in sorted(said.stems):
        if word in table:
            row, sign = table[word]
            found[row, -sign if word in said.denied else sign] = word
    return found


def _agree_otherwise(one: _Said, other: _Said) -> bool:
    """Whether they say one thing by opposite words, one of them denied: «rejected», «not accepted»."""
    mine, theirs = _signs(one), _signs(other)
    return any(mine[key] != theirs[key] for key in mine.keys() & theirs.keys())


def _same_subject(one: _Said, other: _Said, word: str) -> bool:
    shared = (one.stems & other.stems) - {word}
    others = max(1, min(len(one.stems), len(other.stems)) - 1)
    return len(shared) >= max(1, min(SAME_SUBJECT_STEMS, others // 2), SAME_SUBJECT_SHARE * others)

"""Does a question stand alone, or point back to what was said before it? Told by rules, in English and French.

Three things point back: a pronoun that nothing in the question itself can stand for («How old was he?»), a
question without a verb or a subject of its own («And in 2016?», «Pourquoi ?»), and «the factory» where a factory
was spoken of and the question names nothing. A pronoun is the question's own where a name stands before it
(«What did Elin Jones say about her bill?»), but not as the object of the same verb («What did Elin Jones say
about him?»).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from rag.words import content_stems, fold_in_place, names, stems_in_english, words

__all__ = ["Pointer", "asks_in_words", "find_pointer", "new_subject", "without_opener"]

PointerKind = Literal["he", "she", "it", "they", "there", "ellipsis", "definite"]


@dataclass(frozen=True, slots=True)
class Pointer:
    """What points back: `kind` is the pronoun's sort, "ellipsis" or "definite"; `words` are the question's own."""

    kind: PointerKind
    words: str


# What cuts the thread: what follows it stands alone.
_NEW_SUBJECT = re.compile(
    r"^\W*(?:(?:a |one )?(?:new|another|different|unrelated|next) (?:question|subject|topic)|"
    r"(?:on|about) (?:another|a different|something else)(?: subject| topic| matter| note)?|"
    r"(?:to )?chang(?:e|ing) (?:of |the )?(?:subject|topic)|something (?:else|different)|by the way|unrelated(?:ly)?|"
    r"(?:une )?(?:autre|nouvelle|nouveau) (?:question|sujet)|(?:(?:pour |en )?chang\w+ de|changement de) sujet|"
    r"(?:sur|a propos d') ?un (?:tout )?autre sujet|(?:rien|sans) (?:a voir|rapport)|parlons d'autre chose|au fait|"
    r"autre chose)\s*(?:[:,;.!–—-]+\s*|(?=\b(?:who|what|when|where|why|how|which|qui|que|quand|ou|pourquoi|comment|"
    r"combien|quel)))"
)
_OPENER = re.compile(r"^\W*(?:and|but|so|then|also|ok(?:ay)?|et|mais|alors|donc|ensuite|puis|ok)\b[\s,]*")
_ABOUT = re.compile(
    r"^\W*(?:what about|how about|(?:and )?(?:the )?same (?:for|in)|qu'en est-il (?:de |du |des |d')|quid (?:de "
    r"|du |des |d')"
    r"|(?:et )?pour ce qui est (?:de |du |des |d'))"
)
# A verb that needs no list of verbs: without one, and without the words of a full question, it is an ellipsis.
_VERB = {
    "en": re.compile(
        r"\b(?:is|are|was|were|be|been|do|does|did|has|have|had|will|would|can|could|should|may|might|must|shall)\b"
        r"|\b(?:who|what|which(?: \w+)?)\s+\w+(?:ed|s)\b|n't\b"
    ),
    "fr": re.compile(
        r"\b(?:est|sont|etait|etaient|sera|seront|fut|furent|a|ont|avait|avaient|aura|auront|serait|aurait|va"
        r"|vont|peut|"
        r"peuvent|doit|fait|faut)\b|-(?:t-)?(?:il|elle|on|ils|elles|ce)\b|\bqui (?:\w+ )?\w+(?:e|it|ait|ent|ra"
        r"|a)\b|est-ce"
    ),
}
_QUESTION_WORD = {
    "en": re.compile(r"\b(?:who|whom|whose|what|when|where|why|how|which)\b"),
    "fr": re.compile(
        r"\b(?:qui|que|qu'|quoi|quand|ou|pourquoi|comment|combien|quell?e?s?|lequel|laquelle|lesquell?e?s)\b"
    ),
}

_TIMES = {
    "en": "years?|weeks?|months?|days?|mornings?|evenings?|afternoons?|summer|winter|spring|autumn|century|decade|"
    "time|moment|weekend",
    "fr": "annees?|semaines?|mois|jours?|jour-la|matin|soir|ete|hiver|printemps|automne|siecle|fois|moment|temps|"
    "week-end|ans?",
}
# Sought in lower case without accents. «It», «il» and «there» that stand for nothing are taken out before.
_EMPTY = {
    "en": re.compile(
        r"\b(?:is|was|will|has|would) (?:it|there)(?: be| been)? (?:true|possible|likely|known|legal|necessary"
        r"|that|any|a|an)\b"
        r"|\b(?:is|are|was|were|be|been|will|has|have|had) there\b(?=[\s\w]*\w)"
        r"|\bhow long (?:did|does|will|would) it take\b"
        rf"|\b(?:this|these|that|those) (?:{_TIMES['en']})\b|\bthose (?:who|that|which|in|of)\b|\bthere (?:is"
        rf"|are|was|were)\b(?= an?\b)"
    ),
    "fr": re.compile(
        r"\bil (?:n')?y (?:a|avait|aura|eut|aurait)\b|\by (?:a|avait|aura|eut|aurait)-(?:t-)?il\b|"
        r"\b(?:faut|faudra|faudrait|fallait|vaut|valait|vaudrait|s'agit|s'agissait|existe|existait|pleut"
        r"|semble)-(?:t-)?il\b|"
        r"\bil (?:faut|faudra|faudrait|fallait|vaut|s'agit|existe)\b|\best-ce\b|\bqu'est-ce\b|\bc'est\b|"
        r"\best-il (?:vrai|possible|exact|legal|interdit|question)\b|"
        rf"\bc(?:e|et|ette|es) (?:{_TIMES['fr']})\b|\b(?:celui|celle|ceux|celles) (?:qui|que|dont|de|du|des|d')"
    ),
}
_PRONOUNS: dict[str, tuple[tuple[PointerKind, str], ...]] = {
    "en": (
        ("he", r"\b(?:he|his|him|himself)\b"),
        ("she", r"\b(?:she|her|hers|herself)\b"),
        ("they", r"\b(?:they|them|their|theirs)\b"),
        ("it", r"\b(?:it|its)\b"),
        ("there", r"\bthere\b"),
        ("it", r"\b(?:this|these|those)\b"),
        (
            "it",
            r"\b(?:would|did|does|do|was|is|could|will|has|said|say|about|after|before|of|for|with|by|to"
            r"|than) that\b",
        ),
        ("it", r"\bthat(?=\W*$)"),
        ("it", r"\bwhich (?:one|ones|other)\b|\bthe others?\b(?=\W*$)"),
    ),
    "fr": (
        ("she", r"-(?:t-)?elle\b|(?<!-)\belle\b"),
        ("he", r"-(?:t-)?il\b|(?<!-)\bil\b"),
        ("they", r"-(?:t-)?(?:ils|elles)\b|(?<!-)\b(?:ils|elles|eux)\b"),
        ("it", r"\b(?:lui|leurs?)\b"),
        ("it", r"\b(?:l'|les |la |le )(?=(?:a|ont|avait|avaient|aura|auront|aurait)\b)"),
        ("it", r"\ben(?= (?:n')?(?:a|ont|est|sont|avait|avaient|aura|reste|etait|etaient)\b)"),
        ("there", r"(?<!il )(?<!n')\by\b"),
        ("it", r"\b(?:son|sa|ses)\b(?= \w)"),
        ("it", r"\b(?:lequel|laquelle|lesquels|lesquelles)\b(?! d)"),
        ("it", r"\b(?:cela|ca|ceci|celui-ci|celle-ci|ceux-ci|celles-ci|celui-la|celle-la)\b"),
        ("it", r"\b(?:ce|cet|cette|ces)(?= \w{3})"),
    ),
}
# A pronoun that can't stand for a name before it in the same clause.
_OBJECT = {
    "en": re.compile(
        r"(?:him|them|it|her|this|these|those|that|there)(?=\W*$|\W+(?:in|on|at|for|with|to|from|by|after|during)\b)"
    ),
    "fr": re.compile(r"(?:lui|eux|cela|ca|ceci|y|l'|les |la |le |en)$"),
}
# «The factory», not followed by what says which: «the mayor of Marlowe» stands alone.
_DEFINITE = {
    "en": re.compile(r"\b(?:the|this|that|these|those) ((?:[\w'-]+ ?){1,3})"),
    "fr": re.compile(r"\b(?:le |la |les |l'|du |des |au |aux |cet? |cette |ces )((?:[\w-]+ ?){1,3})"),
}
_ENOUGH_WORDS = 3


def new_subject(text: str) -> str | None:
    """What is asked behind «New question: …», «Changing the subject, …», «Autre sujet : …»; None without such words."""
    match = _NEW_SUBJECT.match(_plain(text))
    rest = text[match.end() :].strip() if match else ""
    return rest if any(character.isalnum() for character in rest) else None


def without_opener(text: str) -> str:
    """`text` without the «and», «but», «what about», «et» that it opens with."""
    plain = _plain(text)
    start = match.end() if (match := _OPENER.match(plain)) else 0
    about = _ABOUT.match(plain[start:])
    return text[start + (about.end() if about else 0) :].strip()


def asks_in_words(text: str) -> bool:
    """Whether a question word, of either language, stands in it: «why», «pourquoi»."""
    plain = _plain(text)
    return any(pattern.search(plain) for pattern in _QUESTION_WORD.values())


def find_pointer(text: str, language: str, said: str = "") -> Pointer | None:
    """What in a question points back, None where it stands alone; `said` is what was said before, for «the factory»."""
    plain = _plain(text)
    has_opener = bool(_OPENER.match(plain) or _ABOUT.match(plain))
    own_names = names(text, language)
    pronoun = _open_pronoun(text, plain, language, own_names)
    if pronoun:
        return pronoun
    stems = content_stems(text, language)
    has_verb = bool(_VERB[language].search(plain))
    is_full = has_verb and bool(_QUESTION_WORD[language].search(plain)) and bool(stems)
    if _ABOUT.match(plain) or (has_opener and not is_full):
        return Pointer("ellipsis", text)
    if own_names:
        return None
    if not stems or (len(stems) < _ENOUGH_WORDS and not is_full):
        return Pointer("ellipsis", text)
    return _definite(text, plain, language, said, len(stems))


def _open_pronoun(text: str, plain: str, language: str, own_names: list[str]) -> Pointer | None:
    searched = _EMPTY[language].sub(lambda match: " " * len(match.group()), plain)
    found = [
        (match.start(), order, kind, match.group())
        for order, (kind, pattern) in enumerate(_PRONOUNS[language])
        for match in re.finditer(pattern, searched)
        if not _is_own(text, searched, match, language, own_names)
    ]
    if not found:
        return None
    _, _, kind, surface = min(found)
    return Pointer(kind, surface.strip())


def _is_own(text: str, plain: str, match: re.Match[str], language: str, own_names: list[str]) -> bool:
    """Whether something in the question itself is what a pronoun stands for: a name or a clause's noun before it, or
    its own subject in French inversion."""
    before, surface = text[: match.start()], match.group()
    if language == "fr" and surface.startswith("-"):
        return _has_own_subject(before, plain[: match.start()], own_names)
    if surface in ("there", "y"):
        return False
    if _RELATIVE.search(plain[: match.start()]):
        return True
    has_name_before = any(name in before for name in own_names)
    if _POSSESSIVE.fullmatch(surface) and _is_noun_behind(plain, match.end()):
        opens = _BEFORE_OPEN_POSSESSIVE.search(plain[: match.start()])
        return has_name_before or _has_own_inversion(before, own_names) or bool(own_names and not opens)
    is_object = _OBJECT["fr"].fullmatch(surface) if language == "fr" else _OBJECT["en"].match(plain, match.start())
    return not is_object and has_name_before


# «The driver who was refused entry to his flat»: not the question word, which opens.
_RELATIVE = re.compile(r"(?<!^et)(?<!^and)(?<!^but)(?<!^mais)\w,? (?:a |to |of |with )?(?:who|whom|whose|qui|dont)\b")
_POSSESSIVE = re.compile("his|her|its|their|son|sa|ses|leurs?")
_BEFORE_OPEN_POSSESSIVE = re.compile(
    r"(?:^|\b(?:is|are|was|were|did|does|do|has|have|had|will|would|can|could|and|but|of|to|with|by|from|who"
    r"|what|which|"
    r"est|sont|etait|etaient|et|mais|de|a|avec|par|quand|pourquoi|ou|comment))\W*$"
)


def _is_noun_behind(plain: str, end: int) -> bool:
    """Whether «her» is followed by a noun: by a word that is no preposition."""
    return bool(re.match(r" (?!(?:in|on|at|for|with|to|from|by|after|before|during|about|and)\b)\w", plain[end:]))


_CLITICS = frozenset("ne n se s y en le la les l lui leur me te nous vous".split())
_NOT_SUBJECT = frozenset("de d du des a au aux en dans sur sous pour par avec".split())
_DETERMINERS = frozenset("le la les l un une ce cet cette ces son sa ses leur leurs".split())
_ADVERBS = frozenset("pourquoi quand ou comment".split())


def _has_own_inversion(before: str, own_names: list[str]) -> bool:
    """Whether a French inversion with its own subject stands in it: «les bars ont-ils vu leurs»."""
    plain = _plain(before)
    inversion = re.search(r"-(?:t-)?(?:il|elle)s?\b", plain)
    return bool(inversion and _has_own_subject(before[: inversion.start()], plain[: inversion.start()], own_names))


def _has_own_subject(before: str, plain: str, own_names: list[str]) -> bool:
    """Whether the verb that ends `before` has a noun or name for its subject: «Elin Jones a» -t-elle, «le pont
    coûtera» -t-il. Behind «combien de» and «quel» a noun is no subject without its article."""
    folded = [word.surface for word in words(plain)][:-1]
    while folded and folded[-1] in _CLITICS:
        folded.pop()
    if not folded or folded[-1] in _ADVERBS:
        return False
    if any(word in _ADVERBS for word in folded):
        return True
    subject = re.sub(r"(?:\W+(?:n'|ne|s'|se|y|en|l'|le|la|les|lui|leur))*\W+\w+$", "", before)
    for name in own_names:
        if subject.endswith(name):
            preposition = re.search(r"(\w+)\W+$", subject[: -len(name)])
            if not (preposition and _plain(preposition[1]) in _NOT_SUBJECT and preposition[1].islower()):
                return True
    return any(
        word in _DETERMINERS and folded[index - 1] not in _NOT_SUBJECT
        for index, word in enumerate(folded[:-1])
        if index > 0
    )


def _definite(text: str, plain: str, language: str, said: str, stem_count: int) -> Pointer | None:
    spoken_of = {*stems_in_english(said, "en"), *stems_in_english(said, "fr")} if said else set()
    matches = list(_DEFINITE[language].finditer(plain))
    for match in matches:
        if spoken_of & set(stems_in_english(text[match.start(1) : match.end(1)], language)):
            return Pointer("definite", match.group().strip())
    return Pointer("definite", matches[0].group().strip()) if matches and stem_count < _ENOUGH_WORDS else None


def _plain(text: str) -> str:
    return fold_in_place(text).replace("’", "'").replace("‑", "-")

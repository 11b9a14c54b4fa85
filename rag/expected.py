"""A question → the kind of answer it asks for, and whether a sentence holds one.

Told from question words, from the noun behind «which», and in a sentence from capitals, figures and a few cue
words. None of it is sure; what each kind is worth as evidence is fitted in `rag.extractive.weights`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Literal

from rag.figures import Figure
from rag.words import fold, normalise

__all__ = ["KINDS", "PEOPLE", "Kind", "behind_figures", "expected_kind", "expected_unit", "gives_kind"]

Kind = Literal["person", "place", "date", "number", "reason", "quote", "name", "other"]
KINDS: tuple[Kind, ...] = ("person", "place", "date", "number", "reason", "quote", "name", "other")

# The noun behind «which» or «what» that tells the kind of answer; people are also told by the ending of the noun.
PEOPLE = (
    r"minister|president|chancellor|politician|mp|mep|man|woman|king|queen|pope|chief|boss|people|person|"
    r"ministre|presidente?|chancelier|elue?|depute|dirigeante?|chef|patron|patronne|homme|femme|joueuse|roi|reine|"
    r"pape|juge|judge|medecin|avocate?|personne|enfants?|children|son|daughter|wife|husband|fils|fille|mari|epouse|"
    r"expert|general|prince|priest|pretre|specialiste|scientifique|figure|head of state|journalist|"
    r"(?![a-z]*(?:paper|number|river|weather|matter|order|letter|power|tower|summer|winter|offer|error|carrier)\b)[a-z]{3,}"
    r"(?:er|or|ist|ian|eur|euse|iste|ien|ienne|trice)"
)
_PLACES = (
    r"country|countries|city|cities|towns?|villages?|places?|states?|regions?|provinces?|county|islands?|streets?|"
    r"capital|venue|grounds?|stadium|airport|continent|districts?|part of|pays|villes?|lieu|endroit|etats?|comte|ile|"
    r"rue|capitale|stade|aeroport|quartier|departement|domaine|estate|zone|area"
)
_FIGURES = (
    r"share|percentage|proportion|number|price|sum|amount|score|age|distance|rate|salary|wage|fine|sentence|frequency|"
    r"pourcentage|nombre|prix|somme|montant|taux|profondeur|hauteur|longueur|taille|poids|duree|indemnite|salaire|"
    r"amende|peine|chiffre|vitesse|part|audience|frequence|numero"
)
_DATES = (
    r"years?|dates?|days?|months?|time|century|season|annees?|jours?|mois|heures?|epoque|siecle|saison|moment|echeance"
)
_SAYING = r"say|says|said|tell|told|call|calls|claim|describe|argue|think|compare|warn|suggest|explain|talk|liken"
_SAYING_FRENCH = r"dit|disait|pense|declare|affirme|repondu|qualifi|decri|appel|parl|jug|estim|expliqu|compar"
_PHRASES = r"words?|expressions?|adjectives?|nickname|term|phrase|name did|mots?|adjectifs?|surnom|termes?|formule"
_WHICH = r"\b(?:which|what|quell?e?s?)\b"
# A question word, and what it asks for. The one that stands first in the question decides; of two in the same
# place, the first in this list. Matched on lower case without accents, apostrophes straight.
_KINDS: dict[str, tuple[tuple[Kind, str], ...]] = {
    "en": (
        (
            "reason",
            r"\bwhy\b|\bwhat (?:[a-z]+ reason|made|makes|caused|prompted|led|drove|reason|(?:is|was) the reason)\b",
        ),
        (
            "number",
            r"\bhow (?:many|much|old|long|frequently|far|deep|tall|high|big|large|often|fast|heavy|wide|late|soon)\b",
        ),
        ("number", rf"{_WHICH}(?: [a-z]+){{0,2}}? (?:{_FIGURES})\b"),
        ("date", rf"(?:\bsince |^(?:[a-z]+ )?)when\b|{_WHICH} (?:[a-z]+ )?(?:{_DATES})\b"),
        ("place", rf"\bwhere\b|{_WHICH}(?: [a-z]+)?? (?:{_PLACES})\b"),
        ("quote", rf"{_WHICH} (?:[a-z]+ )?(?:{_PHRASES})\b"),
        (
            "quote",
            rf"\b(?:what|how) (?:did|does|do|has|had|was|were)\b(?=.*\b(?:{_SAYING})\b)",
        ),
        ("person", r"\bwho(?:m|se)?\b"),
        ("person", rf"\bwhich(?: (?!of\b)[a-z]+)??[ -](?:{PEOPLE})\b"),
        ("name", r"\bwhich\b|\bwhat (?:is|was|were|are) the names?\b|\bin whose\b"),
        ("other", r"\bwhat\b|\bhow\b"),
    ),
    "fr": (
        (
            "reason",
            r"\bpourquoi\b|\bqu'est-ce qui\b|\bquell?e?s? (?:[a-z]+ )?(?:raisons?|motifs?)\b|\bgrace a quoi\b",
        ),
        ("number", r"\b(?:de )?combien\b"),
        ("number", rf"\bquell?e?s? (?:est |etait |sera )?(?:l'|la |le |les )?(?:[a-z]+ )?(?:{_FIGURES})\b"),
        ("date", rf"\bquand\b|\bquell?e?s? (?:[a-z]+ )?(?:{_DATES})\b"),
        (
            "place",
            r"^(?:et |d')?ou\b|(?<=[ ,])(?:d')?ou (?=[a-z-]+(?:-t)?-(?:il|elle|on|ils|elles)\b)"
            rf"|\bquell?e?s? (?:[a-z]+ )??(?:{_PLACES})\b",
        ),
        ("name", r"\bcomment s'appel"),
        ("quote", rf"{_WHICH} (?:[a-z]+ )?(?:{_PHRASES})\b"),
        ("quote", rf"\b(?:qu'|que |comment )(?=.*\b(?:{_SAYING_FRENCH}))|\ben quels termes\b"),
        ("person", r"\bqui\b|\blequel des\b|\blaquelle des\b"),
        ("person", rf"\bquell?e?s? (?:[a-z]+[ -])??(?:{PEOPLE})\b"),
        ("name", r"\bquell?e?s?\b|\blaquelle\b|\blequel\b"),
        ("other", r"\bque\b|\bqu'|\bcomment\b|\bquoi\b"),
    ),
}


def expected_kind(text: str, language: str) -> Kind:
    """The kind of answer a question asks for, from its first question word and the noun behind «which»."""
    plain = fold(normalise(text))
    found = [
        (match.start(), order, kind)
        for order, (kind, pattern) in enumerate(_KINDS[language])
        if (match := re.search(pattern, plain))
    ]
    return min(found)[2] if found else "other"


_MONEY_ASKED = re.compile(
    r"\bhow much\b(?! (?:of|time|longer|more|bigger|water))|\b(?:costs?|price|salary|wage|fine|budget|bail|"
    r"compensation)\b|\bcombien (?:[a-z'-]+ ){0,3}(?:cout|vaut|valai|rapport|gagn|pay|vers|depens)|"
    r"\b(?:prix|somme|montant|salaire|amende|indemnit|caution)"
)
_SHARE_ASKED = re.compile(
    r"\b(?:what|quelle?) (?:share|percentage|proportion|part|pourcentage)\b|\bhow much of\b|\bpercent|\bpourcent"
)
_COUNTED = re.compile(r"\bhow many (?:of the |more |other )?(\w+)|\bcombien (?:de |d')(\w+)", re.IGNORECASE)


def expected_unit(text: str) -> str | None:
    """What the figure asked for is one of: "money", "share", the noun counted as it is written, or None."""
    counted = _COUNTED.search(normalise(text))
    if counted:
        return counted[1] or counted[2]
    plain = fold(normalise(text))
    if _SHARE_ASKED.search(plain):
        return "share"
    return "money" if _MONEY_ASKED.search(plain) else None


_REASON = re.compile(
    r"\b(?:because|since|due to|owing to|so that|in order to|as a result|thanks to|reasons?|caused?|after|over|"
    r"for fear|amid|parce qu|car|afin|en raison|a cause|grace a|faute de|puisqu|pour|suite a|raisons?|motifs?|"
    r"etant donne)\b"
)
_SPEECH = re.compile(
    r"[\"“”«»]|\b(?:said|says|told|added|called|claimed|described|according|warned|wrote|tweeted|insisted|dit|"
    r"declare|affirme|ajoute|explique|selon|precise|qualifie|ecrit|estime|indique|annonce|confie)\b"
)
_BEFORE_PLACE = re.compile(
    r"\b(?:in|at|from|near|to|of|outside|a|au|aux|en|dans|de|du|vers|chez) (?:the |la |le |l'|les )?$"
)
# How far behind a figure the thing it counts may stand, and before a place its preposition, in characters.
_COUNTED_WITHIN = 40
_PREPOSITION_WITHIN = 12


def gives_kind(kind: Kind, text: str, names: Sequence[str], figures: Sequence[Figure]) -> bool:
    """Whether a sentence holds an answer of this kind; `names` and `figures` are those it adds to the question."""
    plain = fold(normalise(text))
    match kind:
        case "person":
            return any(" " in name for name in names)
        case "place":
            before = (plain.partition(fold(normalise(name)))[0] for name in names)
            return any(_BEFORE_PLACE.search(words[-_PREPOSITION_WITHIN:]) for words in before)
        case "date":
            return any(figure.kind in ("date", "weekday") for figure in figures)
        case "number":
            return any(figure.kind not in ("date", "weekday") for figure in figures)
        case "reason":
            return bool(_REASON.search(plain))
        case "quote":
            return bool(_SPEECH.search(plain))
        case "name":
            return bool(names)
        case "other":
            return bool(names or figures)


def behind_figures(text: str, figures: Sequence[Figure]) -> list[str]:
    """What stands right behind each number: the thing it counts is there."""
    return [text[figure.end : figure.end + _COUNTED_WITHIN] for figure in figures if figure.kind == "number"]

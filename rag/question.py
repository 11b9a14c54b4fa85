"""What somebody typed → a `Question`: clean text, its language, what it asks for, what it is about.

A follow-up that can't stand alone («And how old was he?») is completed with the names and content words of
the question before it; what is sent to the indexes is `query`, what is shown and answered is `text`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from rag.errors import QuestionError
from rag.language import detect_language
from rag.words import content_stems, fold, names, normalise, words

__all__ = ["QUESTION_CHARACTERS", "Kind", "Message", "Question", "Turn", "clean_text", "expected_kind", "read_history", "read_question"]

# Longer than any question; pasted articles are turned away before they cost an encoding.
QUESTION_CHARACTERS = 4000

Kind = Literal["person", "place", "date", "number", "reason", "quote", "name", "other"]


# A message of a conversation: `{"role": "user" | "assistant", "content": text}` or a LangChain message.
Message = Any
_ROLES = {"user": "user", "human": "user", "assistant": "assistant", "ai": "assistant"}


@dataclass(frozen=True, slots=True)
class Turn:
    """One message of a conversation; `role` is "user" or "assistant"."""

    role: str
    text: str


@dataclass(frozen=True, slots=True)
class Question:
    """A question ready to be searched for and answered.

    `language` is "en" or "fr". `kind` is the kind of answer expected. `query` is the text, completed from the
    conversation where it needs it; `is_completed` says so.
    """

    text: str
    language: str
    kind: Kind
    query: str
    is_completed: bool = False


def read_question(text: str, history: Sequence[Turn] = ()) -> Question:
    """The question in `text`, asked after `history` (oldest first).

    Raises:
        QuestionError: nothing is left of it, it is longer than `QUESTION_CHARACTERS`, or it holds no
            letter or figure.

    Example:
        >>> read_question("Who is Russia's defence minister?").kind
        'person'
    """
    cleaned = clean_text(text)
    if not cleaned:
        raise QuestionError("The question is empty: ask something, for instance «Who met in Brussels?».")
    if len(cleaned) > QUESTION_CHARACTERS:
        raise QuestionError(
            f"The question has {len(cleaned):,} characters, more than the {QUESTION_CHARACTERS:,} that are read: "
            "ask something shorter."
        )
    if not any(character.isalnum() for character in cleaned):
        raise QuestionError(f"The question «{cleaned[:40]}» holds no letter or figure: ask in words.")
    language = detect_language(cleaned) or "en"
    query = _completed(cleaned, language, history)
    return Question(cleaned, language, expected_kind(cleaned, language), query, query != cleaned)


def read_history(history: Sequence[Message] | None) -> list[Turn]:
    """The turns of a conversation given as `{"role", "content"}` or LangChain messages; others' turns are left out.

    Raises:
        QuestionError: an item is neither.
    """
    turns = []
    for message in history or ():
        if isinstance(message, Mapping):
            role, content = str(message.get("role", "")), message.get("content", "")
        elif hasattr(message, "type") and hasattr(message, "content"):
            role, content = str(message.type), message.content
        else:
            raise QuestionError(
                f"The history holds {type(message).__name__!r}: give {{'role': 'user' or 'assistant', 'content': text}} "
                "or LangChain messages, oldest first."
            )
        if role in _ROLES:
            turns.append(Turn(_ROLES[role], clean_text(_content_text(content))))
    return [turn for turn in turns if turn.text]


def _content_text(content: object) -> str:
    """A message's text: a string, or the text blocks of a list."""
    if isinstance(content, str):
        return content
    blocks = content if isinstance(content, list) else []
    texts = (block.get("text", "") if isinstance(block, Mapping) else block for block in blocks)
    return " ".join(text for text in texts if isinstance(text, str))


def clean_text(text: str) -> str:
    """`text` on one line, without control, formatting and bidirectional characters and broken surrogates."""
    composed = unicodedata.normalize("NFC", text.encode("utf-8", "ignore").decode("utf-8"))
    spaced = (" " if character.isspace() else character for character in composed)
    kept = (character for character in spaced if unicodedata.category(character) not in ("Cc", "Cf", "Co", "Cn"))
    return " ".join("".join(kept).split())


# The noun behind «which» or «what» that tells the kind of answer; people are also told by the ending of the noun.
_PEOPLE = (
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
_DATES = r"years?|dates?|days?|months?|time|century|season|annees?|jours?|mois|heures?|epoque|siecle|saison|moment|echeance"
_SAYING = r"say|says|said|tell|told|call|calls|claim|describe|argue|think|compare|warn|suggest|explain|talk|liken"
_SAYING_FRENCH = r"dit|disait|pense|declare|affirme|repondu|qualifi|decri|appel|parl|jug|estim|expliqu|compar"
_PHRASES = r"words?|expressions?|adjectives?|nickname|term|phrase|name did|mots?|adjectifs?|surnom|termes?|formule"
_WHICH = r"\b(?:which|what|quell?e?s?)\b"
# A question word, and what it asks for. The one that stands first in the question decides; of two in the same
# place, the first in this list. Matched on lower case without accents, apostrophes straight.
_KINDS: dict[str, tuple[tuple[Kind, str], ...]] = {
    "en": (
        ("reason", r"\bwhy\b|\bwhat (?:[a-z]+ reason|made|makes|caused|prompted|led|drove|reason|is the reason|was the reason)\b"),
        ("number", r"\bhow (?:many|much|old|long|frequently|far|deep|tall|high|big|large|often|fast|heavy|wide|late|soon)\b"),
        ("number", rf"{_WHICH}(?: [a-z]+){{0,2}}? (?:{_FIGURES})\b"),
        ("date", rf"(?:\bsince |^(?:[a-z]+ )?)when\b|{_WHICH} (?:[a-z]+ )?(?:{_DATES})\b"),
        ("place", rf"\bwhere\b|{_WHICH}(?: [a-z]+)?? (?:{_PLACES})\b"),
        ("quote", rf"{_WHICH} (?:[a-z]+ )?(?:{_PHRASES})\b"),
        ("quote", rf"\bwhat (?:did|does|do|has|had|was|were)\b(?=.*\b(?:{_SAYING})\b)|\bhow (?:did|does|do|has)\b(?=.*\b(?:{_SAYING})\b)"),
        ("person", r"\bwho(?:m|se)?\b"),
        ("person", rf"\bwhich(?: (?!of\b)[a-z]+)??[ -](?:{_PEOPLE})\b"),
        ("name", r"\bwhich\b|\bwhat (?:is|was|were|are) the names?\b|\bin whose\b"),
        ("other", r"\bwhat\b|\bhow\b"),
    ),
    "fr": (
        ("reason", r"\bpourquoi\b|\bpour quelles? raisons?\b|\bqu'est-ce qui\b|\bquelles? (?:[a-z]+ )?raisons?\b|\bgrace a quoi\b|\bpour quel motif\b"),
        ("number", r"\b(?:de )?combien\b"),
        ("number", rf"\bquell?e?s? (?:est |etait |sera )?(?:l'|la |le |les )?(?:[a-z]+ )?(?:{_FIGURES})\b"),
        ("date", rf"\bquand\b|\bquell?e?s? (?:[a-z]+ )?(?:{_DATES})\b"),
        ("place", rf"^(?:et |d')?ou\b|(?<=[ ,])(?:d')?ou (?=[a-z-]+(?:-t)?-(?:il|elle|on|ils|elles)\b)|\bquell?e?s? (?:[a-z]+ )??(?:{_PLACES})\b"),
        ("name", r"\bcomment s'appel"),
        ("quote", rf"{_WHICH} (?:[a-z]+ )?(?:{_PHRASES})\b"),
        ("quote", rf"\b(?:qu'|que |comment )(?=.*\b(?:{_SAYING_FRENCH}))|\ben quels termes\b"),
        ("person", r"\bqui\b|\blequel des\b|\blaquelle des\b"),
        ("person", rf"\bquell?e?s? (?:[a-z]+[ -])??(?:{_PEOPLE})\b"),
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


# Words that point back to what was said before.
_POINTERS = {
    "en": frozenset("he she it they him her them his hers its their theirs this that these those there".split()),
    "fr": frozenset("il elle ils elles lui leur leurs son sa ses y en celui celle ceux celles cela ça ce cette ces".split()),
}
_OPENERS = re.compile(r"^(?:and|but|so|then|et|mais|alors)\b", re.IGNORECASE)
# A question with fewer content words than this has nothing to search by.
_OWN_WORDS = 2


def _completed(text: str, language: str, history: Sequence[Turn]) -> str:
    asked = [turn.text for turn in history if turn.role == "user"]
    if not asked or not _needs_completing(text, language):
        return text
    previous = clean_text(asked[-1])[: QUESTION_CHARACTERS - len(text) - 1]
    return f"{previous} {text}"


def _needs_completing(text: str, language: str) -> bool:
    own = content_stems(text, language)
    pointing = {word.surface.lower() for word in words(text)} & _POINTERS[language]
    return len(own) < _OWN_WORDS or bool(_OPENERS.match(text)) or bool(pointing and not names(text, language))

"""The conversation before a question → the person whom «he» or «she» in it most likely is.

Persons are told from what stands beside a name: a role or a title before it, an age, an apposition or a verb of saying
behind it. Where nothing shows that a name is a person's, none is given: a wrong name searched for is worse than none.
"""

from __future__ import annotations

import re

from rag.expected import PEOPLE, expected_kind
from rag.language import detect_language
from rag.words import fold, names, normalise, words

__all__ = ["find_person"]

# Sentences of the last answer in which names are sought, best first.
ANSWER_SENTENCES = 3
# Letters beside a name in which a role or a verb of saying is sought.
BESIDE = 30
_NO_PERSON = re.compile(
    r"\b(?:ventures|universit\w+|nations|universit\w+|church|eglise|council|conseil|house|chambre|courts?|cour"
    r"|street|rue|party|parti|union|war|guerre|"
    r"commit\w+|comite|minist\w+|department|departement|united|states|etats|saint|north|south|east|west|nord|sud|new|"
    r"world|national|international|times|post|news|group|company|bank|club|league|cup|prize|day|night|live|troopers|"
    r"assembl\w+|valley|city|county|island|act|acte|treaty|traite|summit|sommet|agency|agence|association|alliance|"
    r"january|february|march|april|june|july|august|september|october|november|december)\b"
)
# What stands beside a person's name, in lower case without accents: a role or title before it, an age, an apposition
# or a verb of saying behind it.
_ROLE_BEFORE = re.compile(
    rf"(?:\b(?:{PEOPLE}|mr|mrs|ms|dr|sir|lord|lady|mm?|mme|mlle|senator|senateur|captain|capitaine|colonel|major"
    rf"|secretary|"
    r"suspect|singer|actress|actor|author|auteure?|manager|coach|treasurer|maire|mayor|boss|ceo|widow|veuve"
    r"|sister|brother|"
    r"soeur|frere)(?: [a-z]+)?,?\.? |\b(?:named|called|appelee?|nommee?) )$"
)
_PERSON_BEHIND = re.compile(
    r"^(?:,? (?:said|says|told|added|wrote|tweeted|a declare|a dit|a affirme|a explique|declare|dit|who|qui"
    r"|was born|died|"
    r"est nee?|est morte?)\b|, (?:\d\d\b|agee? de|aged|a |an |the |his |her |un |une |le |la |l'|son |sa |who"
    r"|whom|whose|qui|"
    r"dont|\w+(?:er|or|ist|eur|trice|ien|ienne)\b))"
)


def find_person(previous: str, language: str, answer: str) -> str | None:
    """The person spoken of; `previous` is the question before in its language, `answer` has a sentence a line.

    When the question before asked who, it is the first person whom the answer brought, else the first it named itself.
    """
    if expected_kind(previous, language) in ("person", "name"):
        return next(iter(_persons_brought(previous, answer)), None)
    own = [name for name in names(previous, language) if 2 <= len(words(name)) <= 4 and _may_be_person(name)]
    return next(iter(own), None)


def _persons_brought(previous: str, answer: str) -> list[str]:
    """The persons in an answer whom the question did not name."""
    known = {fold(word.surface) for word in words(previous)}
    found = []
    for sentence in [line for line in answer.split("\n") if line.strip()][:ANSWER_SENTENCES]:
        for name in names(sentence, detect_language(sentence)):
            before, _, behind = sentence.partition(name)
            if not {fold(word.surface) for word in words(name)} & known and _is_person(name, before, behind):
                found.append(name)
    return found


def _is_person(name: str, before: str, behind: str) -> bool:
    has_cue = _ROLE_BEFORE.search(_plain(before[-BESIDE:])) or _PERSON_BEHIND.match(_plain(behind[:BESIDE]))
    return len(words(name)) > 1 and bool(has_cue) and _may_be_person(name)


def _may_be_person(name: str) -> bool:
    return not _NO_PERSON.search(fold(normalise(name))) and not name.isupper()


def _plain(text: str) -> str:
    return fold(text.replace("’", "'").replace("\u00a0", " "))

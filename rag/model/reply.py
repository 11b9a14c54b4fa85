"""A chat model's reply → its sentences, each with the numbers it cites; and what a reply as a whole is.

Models write more than they are asked for: Markdown, «Answer:», a list of sources at the end, one sentence over and
over. What is not a sentence is left out here, so that what follows has only claims to check.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from rag.language import detect_language
from rag.prompts import REFUSAL
from rag.question import clean_text
from rag.sentences import split_sentences
from rag.words import normalise

__all__ = ["Claim", "declines", "is_refusal", "read_claims", "reply_language", "without_markers", "without_rest"]

# [1], [1, 2], [1-3], [article 2], [^1] and 【1†source】: how models write that a passage says it.
_NUMBERS = r"\d{1,3}(?:\s*(?:[,;&–-]|and|et)\s*\d{1,3})*"
_MARK = rf"\s*[\[【]\s*\^?(?:(?:articles?|passages?|sources?|n[°o]\.?)\s*)?{_NUMBERS}\s*(?:†[^\]】]*)?[\]】]"
_MARKER = re.compile(_MARK, re.IGNORECASE)
_RANGE = re.compile(r"(\d{1,3})\s*[–-]\s*(\d{1,3})")
# A marker behind the full stop belongs to the sentence before it.
_MARKERS_BEHIND_STOP = re.compile(rf"([.!?…]+[\s\u00a0\u202f]*[»”\"]?)((?:{_MARK})+)", re.IGNORECASE)
_BULLET = re.compile(r"^\s*(?:[-*•–]|\d{1,2}[.)])\s+")
_DECORATION = re.compile(r"\*\*|__|^\s*#{1,6}\s+|^\s*>\s+|`")
_LABEL = re.compile(r"^\s*(?:(?:short |final )?answer|réponse(?: courte)?)\s*:\s*", re.IGNORECASE)
# From here on a reply lists what it has cited.
_SOURCE_LIST = re.compile(r"^\W*(?:sources?|references?|références?|citations?)\s*(?::|\W*$)", re.IGNORECASE)
# A shorter reply, a name or a figure, may be of any language.
LANGUAGE_LETTERS = 20

# That the articles don't tell, in a model's own words; «the text» or «sources» alone may be a treaty or a ministry.
_DECLINES = {
    "en": re.compile(
        r"\b(?:articles?(?! \d)|passages?|archive|context|(?:provided|given|available) (?:texts?|sources?|documents?|"
        r"information)|(?:texts?|sources?|documents?|information) (?:provided|given|available|above))\b[^.]{0,40}?"
        r"\b(?:do(?:es)? not|don't|doesn't|cannot|can't|never)\b[^.]{0,30}?"
        r"\b(?:mention|say|state|answer|contain|provide|specify|give|tell|address|include|indicate|discuss)"
        r"|^\W*(?:no|none of the) (?:articles?|passages?)\b"
        r"|^i (?:do not|don't|cannot|can't|am unable to|could not|couldn't) (?:know|answer|find|determine)",
        re.IGNORECASE,
    ),
    "fr": re.compile(
        r"\b(?:articles?(?! \d)|passages?|extraits?|archives?|(?:textes?|sources?|documents?|informations?) "
        r"(?:fourni|donné|disponible)\w*)\b[^.]{0,40}?"
        r"\b(?:ne |n')[^.]{0,20}?(?:mentionn|di[ts]|répond|contien|fourni|précis|indiqu|donn|permet|parl|évoqu)"
        r"[^.]{0,20}?\b(?:pas|aucune?|rien)\b"
        r"|^\W*aucun (?:article|passage|extrait)\b"
        r"|^je ne (?:sais|peux|trouve|suis) pas\b",
        re.IGNORECASE,
    ),
}
# Behind these such a sentence goes on to tell something after all.
_GOES_ON = re.compile(r"\b(?:but|however|although|though|except|mais|cependant|toutefois|sauf|sinon)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Claim:
    """One sentence of a reply without its markers, the numbers it cites as written, and what parts it from the last.

    `lead` is empty, a space, or a line break, with the dash of a list item where it is one.
    """

    text: str
    numbers: tuple[int, ...]
    lead: str


def read_claims(reply: str, language: str) -> list[Claim]:
    """The sentences of a reply in order, each once; a list of sources at its end is left out."""
    claims: dict[str, Claim] = {}
    for raw in reply.strip().splitlines():
        line = _LABEL.sub("", clean_text(_DECORATION.sub("", raw)))
        if claims and _SOURCE_LIST.match(line):
            break
        lead = "\n" if claims else ""
        if bullet := _BULLET.match(line):
            line, lead = line[bullet.end() :], f"{lead}- "
        line = _MARKERS_BEHIND_STOP.sub(r"\2\1", line)
        for span in split_sentences(line, language):
            marked = line[span.start : span.end]
            bare = without_markers(marked)
            key = normalise(bare).casefold()
            if any(character.isalnum() for character in bare) and key not in claims:
                claims[key] = Claim(bare, _numbers(marked), lead)
                lead = " "
    return list(claims.values())


def without_markers(text: str) -> str:
    """`text` without the numbers in brackets that cite."""
    return _MARKER.sub("", text).strip()


def without_rest(reply: str, language: str) -> str:
    """A reply that was cut, up to its last whole sentence; all of it where it has but one."""
    spans = split_sentences(reply, language)
    return reply[: spans[-1].start].rstrip() if len(spans) > 1 else reply


def reply_language(reply: str, asked: str) -> str:
    """The language a reply is written in, of all there are; `asked` where it is too short to tell."""
    bare = without_markers(reply)
    if sum(character.isalpha() for character in bare) < LANGUAGE_LETTERS:
        return asked
    return detect_language(bare, among=()) or asked


def is_refusal(reply: str) -> bool:
    """Whether a reply is, or opens with, the refusal that the model was told to give, in either language."""
    said = _plain(reply)
    return any(said.startswith(_plain(sentence).rstrip(".")) for sentence in REFUSAL.values())


def declines(sentence: str) -> bool:
    """Whether a sentence says, in a model's own words, that the articles don't tell: it is about them."""
    said = _plain(sentence)
    return any(pattern.search(said) for pattern in _DECLINES.values()) and not _GOES_ON.search(said)


def _plain(text: str) -> str:
    return normalise(_DECORATION.sub("", text)).strip().casefold()


def _numbers(marked: str) -> tuple[int, ...]:
    """The numbers cited, in order, each once; a range stands for all between its ends."""
    found: list[int] = []
    for match in _MARKER.finditer(marked):
        written = match.group().partition("†")[0]
        for first, last in _RANGE.findall(written):
            found += range(int(first), int(last) + 1)
        found += map(int, re.findall(r"\d+", written))
    return tuple(dict.fromkeys(found))

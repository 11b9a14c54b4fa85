"""A chat model's reply → sentences with exact citations.

The model is asked to name passages by number; what it says about them is not taken on trust. Markers without
a passage are dropped; each sentence is checked against the passages it names, and against the others where
those don't bear it out; and what is cited is not the passage but the one sentence in it that comes nearest.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from embeddings import Encoder
from rag.records import AnswerSentence, Citation, Passage, Support
from rag.sentences import split_sentences
from rag.support import check_support
from rag.words import content_stems

__all__ = ["CitedText", "cite_reply"]

_MARKER = re.compile(r"\s*[\[【]\s*(\d+(?:\s*[,;]\s*\d+)*)\s*[\]】]")
# A marker behind the full stop belongs to the sentence before it.
_MARKERS_BEHIND_STOP = re.compile(r"([.!?…]+[»”\"]?)((?:\s*[\[【]\s*\d+(?:\s*[,;]\s*\d+)*\s*[\]】])+)")
_BULLET = re.compile(r"^\s*(?:[-*•–]|\d{1,2}[.)])\s+")


@dataclass(frozen=True, slots=True)
class CitedText:
    """An answer's text with its `[n]` markers, and what they stand for, numbered in order of appearance."""

    text: str
    sentences: tuple[AnswerSentence, ...]
    citations: tuple[Citation, ...]


@dataclass(frozen=True, slots=True)
class _Claim:
    """A sentence of the reply without markers, the passages it names, and what stands before it in the text."""

    text: str
    named: tuple[Passage, ...]
    lead: str


def cite_reply(reply: str, passages: Sequence[Passage], language: str, encoder: Encoder) -> CitedText:
    """The reply with its sentences checked and cited anew; `passages` in the order the model was given them.

    A sentence that no passage bears out keeps its place, without a number.
    """
    numbers: dict[tuple[str, int, int], int] = {}
    citations: list[Citation] = []
    sentences: list[AnswerSentence] = []
    text = ""
    for claim in _claims(reply, passages, language):
        support, bearing = _check(claim, passages)
        cited = []
        for passage in bearing:
            start, end = _nearest_sentence(claim.text, language, passage, encoder)
            key = (passage.article.id, start, end)
            if key not in numbers:
                numbers[key] = len(numbers) + 1
                citations.append(Citation(numbers[key], passage.article, start, end))
            cited.append(numbers[key])
        cited = list(dict.fromkeys(cited))
        text += claim.lead + claim.text + "".join(f" [{number}]" for number in cited)
        sentences.append(AnswerSentence(claim.text, tuple(cited), support))
    return CitedText(text, tuple(sentences), tuple(citations))


def _claims(reply: str, passages: Sequence[Passage], language: str) -> list[_Claim]:
    claims: list[_Claim] = []
    for line in reply.strip().splitlines():
        line = _MARKERS_BEHIND_STOP.sub(r"\2\1", line)
        bullet = _BULLET.match(line)
        lead = "\n" if claims else ""
        if bullet:
            line, lead = line[bullet.end() :], lead + "- "
        for span in split_sentences(line, language):
            marked = line[span.start : span.end]
            bare = _MARKER.sub("", marked).strip()
            if any(character.isalnum() for character in bare):
                claims.append(_Claim(bare, _named(marked, passages), lead))
                lead = " "
    return claims


def _named(marked: str, passages: Sequence[Passage]) -> tuple[Passage, ...]:
    asked = [int(number) for match in _MARKER.finditer(marked) for number in re.findall(r"\d+", match[1])]
    return tuple(passages[number - 1] for number in dict.fromkeys(asked) if 1 <= number <= len(passages))


def _check(claim: _Claim, passages: Sequence[Passage]) -> tuple[Support, tuple[Passage, ...]]:
    """How the sentence is supported, and by which passages it is to be cited."""
    named = check_support(claim.text, claim.named)
    if named.verdict in ("supported", "partly"):
        return named, tuple(p for p in claim.named if check_support(claim.text, [p]).verdict == named.verdict)
    others = check_support(claim.text, [passage for passage in passages if passage not in claim.named])
    if others.verdict == "supported" and isinstance(others.passage, Passage):
        return others, (others.passage,)
    if named.verdict == "unchecked":
        return named, tuple(p for p in claim.named if check_support(claim.text, [p]).verdict == "unchecked")
    return named, ()


def _nearest_sentence(text: str, language: str, passage: Passage, encoder: Encoder) -> tuple[int, int]:
    """Where in its article the passage's sentence stands that comes nearest to `text`, in meaning and words."""
    spans = split_sentences(passage.text, passage.article.language)
    quotes = [passage.text[span.start : span.end] for span in spans]
    read = [encoder.as_read(quote, passage.article.language) for quote in quotes]
    meaning = encoder.encode_passages(read) @ encoder.encode_passages([encoder.as_read(text, language)])[0]
    stems = set(content_stems(text, language))
    scores = [
        float(near) + len(stems & set(content_stems(quote, passage.article.language))) / max(1, len(stems))
        for near, quote in zip(meaning, quotes, strict=True)
    ]
    best = spans[max(range(len(spans)), key=scores.__getitem__)]
    return passage.start + best.start, passage.start + best.end

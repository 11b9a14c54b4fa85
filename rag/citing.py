"""A chat model's sentences → the same with exact citations.

The model is asked to name passages by number; what it says about them is not taken on trust. Numbers without
a passage are dropped; each sentence is checked against the passages it names, and against the others where
those don't bear it out; and what is cited is not the passage but the one sentence in it that comes nearest.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from embeddings import Encoder
from rag.language import detect_language
from rag.orders import orders_a_model
from rag.records import AnswerSentence, Citation, Passage, Support, Verdict
from rag.reply import Claim
from rag.sentences import split_sentences
from rag.support import check_support
from rag.words import content_stems

__all__ = ["CitedText", "cite_claims"]

_ORDER: tuple[Verdict, ...] = ("supported", "partly", "unchecked", "unsupported")
_NOT_SAID = Support("unsupported", None, "no passage is cited for it, and none found says it")
_ONLY_ORDERED = Support("unsupported", None, "stands in an article only as an order to a chat model")


@dataclass(frozen=True, slots=True)
class CitedText:
    """An answer's text with its `[n]` markers, and what they stand for, numbered in order of appearance."""

    text: str
    sentences: tuple[AnswerSentence, ...]
    citations: tuple[Citation, ...]


@dataclass(frozen=True, slots=True)
class _Quote:
    """The sentence of a passage that is cited, at its place in the article."""

    passage: Passage
    start: int
    end: int

    @property
    def text(self) -> str:
        return self.passage.article.text[self.start : self.end]


def cite_claims(
    claims: Sequence[Claim],
    given: Sequence[Passage],
    found: Sequence[Passage],
    encoder: Encoder,
    *,
    strict: bool = False,
) -> CitedText:
    """The sentences of a reply, checked and cited anew.

    `given` are the passages that its numbers stand for, from 1; `found` are all that a sentence may be cited to
    instead. A sentence that no passage bears out keeps its place, without a number, or is left out when `strict`.
    """
    quotes = _Quotes(encoder)
    citation_by_place: dict[tuple[str, int, int], Citation] = {}
    sentences: list[AnswerSentence] = []
    text = held = ""
    for claim in claims:
        support, bearing = _check(claim, given, found, quotes)
        lead = held if held and claim.lead == " " else claim.lead
        if strict and support.verdict == "unsupported":
            held = lead  # what comes next takes its line
            continue
        numbers = [_number(quote, citation_by_place) for quote in bearing]
        numbers = list(dict.fromkeys(numbers))
        text += (lead if text else lead.lstrip()) + claim.text + "".join(f" [{number}]" for number in numbers)
        sentences.append(AnswerSentence(claim.text, tuple(numbers), support))
        held = ""
    return CitedText(text, tuple(sentences), tuple(citation_by_place.values()))


def _number(quote: _Quote, citation_by_place: dict[tuple[str, int, int], Citation]) -> int:
    """The number of a quote's citation, a new one where it is cited for the first time."""
    article = quote.passage.article
    citation = Citation(len(citation_by_place) + 1, article, quote.start, quote.end)
    return citation_by_place.setdefault((article.id, quote.start, quote.end), citation).number


def _check(
    claim: Claim, given: Sequence[Passage], found: Sequence[Passage], quotes: _Quotes
) -> tuple[Support, list[_Quote]]:
    """How a sentence is supported, and what it is cited by: what the model named, unless another does better."""
    named = [given[number - 1] for number in claim.numbers if 1 <= number <= len(given)]
    by_named = _borne_out(claim.text, named, quotes)
    if len(named) > 1 and by_named[0].verdict != "supported":
        by_named = min(by_named, _borne_out_together(claim.text, named, quotes), key=_rank)
    if by_named[0].verdict == "supported":
        return by_named
    places = {(passage.article.id, passage.start) for passage in named}
    others = [passage for passage in found if (passage.article.id, passage.start) not in places]
    by_others = _borne_out(claim.text, others, quotes)
    if by_others[0].verdict == "supported":
        return by_others[0], by_others[1][:1]
    if _is_ordered(claim.text, found):
        return _ONLY_ORDERED, []
    if by_named[0].verdict != "unsupported":
        return by_named
    if by_others[0].verdict == "partly":
        return by_others[0], by_others[1][:1]
    # Words that other passages happen to share with it («unchecked») are no reason to cite one of them.
    return (by_named[0] if named else _NOT_SAID), []


def _borne_out(text: str, passages: Sequence[Passage], quotes: _Quotes) -> tuple[Support, list[_Quote]]:
    """The best that any of the passages does for a sentence, and the quotes of all that do as well."""
    best = _NOT_SAID
    bearing: list[_Quote] = []
    for passage in passages:
        support = check_support(text, [passage])
        quote = None
        if support.verdict != "unsupported":
            quote = quotes.nearest(text, passage)
            if orders_a_model(quote.text):
                support, quote = _ONLY_ORDERED, None
        if best is _NOT_SAID or _rank((support, [])) < _rank((best, [])):
            best, bearing = support, []
        if quote is not None and support.verdict == best.verdict:
            bearing.append(quote)
    return best, bearing


def _borne_out_together(text: str, passages: Sequence[Passage], quotes: _Quotes) -> tuple[Support, list[_Quote]]:
    """What several passages say of a sentence between them, and a quote of each."""
    support = check_support(text, ["\n\n".join(passage.text for passage in passages)])
    if support.verdict == "unsupported":
        return support, []
    bearing = [quotes.nearest(text, passage) for passage in passages]
    if any(orders_a_model(quote.text) for quote in bearing):
        return _ONLY_ORDERED, []
    return replace(support, passage=passages[0]), bearing


def _rank(borne_out: tuple[Support, list[_Quote]]) -> int:
    """0 for the best verdict."""
    return _ORDER.index(borne_out[0].verdict)


def _is_ordered(text: str, passages: Sequence[Passage]) -> bool:
    """Whether an article orders a model to say this: then it is no news, whatever it is cited to."""
    orders = [
        sentence
        for passage in passages
        for span in split_sentences(passage.text, passage.article.language)
        if orders_a_model(sentence := passage.text[span.start : span.end])
    ]
    return bool(orders) and check_support(text, orders).verdict == "supported"


class _Quotes:
    """The sentences of passages, each passage encoded once."""

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder
        self._sentences_by_place: dict[tuple[str, int, int], tuple[list[_Quote], NDArray[np.float32]]] = {}
        self._vector_by_text: dict[str, NDArray[np.float32]] = {}

    def nearest(self, text: str, passage: Passage) -> _Quote:
        """The passage's sentence that comes nearest to `text`, in meaning and words."""
        sentences, vectors = self._sentences(passage)
        language = detect_language(text)
        if text not in self._vector_by_text:
            self._vector_by_text[text] = self._encoder.encode_passages([self._encoder.as_read(text, language)])[0]
        stems = set(content_stems(text, language))
        scores = [
            float(near) + len(stems & set(content_stems(quote.text, passage.article.language))) / max(1, len(stems))
            for near, quote in zip(vectors @ self._vector_by_text[text], sentences, strict=True)
        ]
        return sentences[max(range(len(sentences)), key=scores.__getitem__)]

    def _sentences(self, passage: Passage) -> tuple[list[_Quote], NDArray[np.float32]]:
        place = (passage.article.id, passage.start, passage.end)
        if place not in self._sentences_by_place:
            language = passage.article.language
            quotes = [
                _Quote(passage, passage.start + span.start, passage.start + span.end)
                for span in split_sentences(passage.text, language)
            ]
            read = [self._encoder.as_read(quote.text, language) for quote in quotes]
            self._sentences_by_place[place] = quotes, self._encoder.encode_passages(read)
        return self._sentences_by_place[place]

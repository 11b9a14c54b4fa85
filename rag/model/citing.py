"""A chat model's sentences → the same with exact citations.

The model is asked to name passages by number; what it says about them is not taken on trust. Numbers without
a passage are dropped; each sentence is checked against the passages it names, and against the others where
those don't bear it out; and what is cited is not the passage but the one sentence in it that comes nearest.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from operator import attrgetter

import numpy as np
from numpy.typing import NDArray

from embeddings import Encoder
from rag.extractive.candidates import Candidate
from rag.language import detect_language
from rag.model.reply import Claim, declines
from rag.orders import orders_a_model
from rag.prompts import ABOUT_THE_ARTICLES, ONLY_ORDERED
from rag.records import AnswerSentence, Citation, Passage, Support, Verdict
from rag.sentences import split_sentences
from rag.support import SupportCheck, check_support
from rag.words import content_stems

__all__ = ["CitedText", "cite_claims"]

_ORDER: tuple[Verdict, ...] = ("supported", "partly", "unchecked", "unsupported")


@dataclass(frozen=True, slots=True)
class CitedText:
    """An answer's text with its `[n]` markers, and what they stand for, numbered in order of appearance."""

    text: str
    sentences: tuple[AnswerSentence, ...]
    citations: tuple[Citation, ...]


def cite_claims(
    claims: Sequence[Claim],
    given: Sequence[Passage],
    found: Sequence[Passage],
    encoder: Encoder,
    *,
    language: str = "en",
    check: SupportCheck = check_support,
    strict: bool = False,
) -> CitedText:
    """The sentences of a reply, checked and cited anew.

    `given` are the passages that its numbers stand for, from 1; `found` are all that a sentence may be cited to
    instead. A sentence that no passage bears out keeps its place, without a number, or is left out when `strict`.
    Reasons are given in `language`.
    """
    bench = _Bench(found, encoder, check, language)
    citation_by_place: dict[tuple[str, int, int], Citation] = {}
    sentences: list[AnswerSentence] = []
    text = held = ""
    for claim in claims:
        finding = bench.judge(claim, given)
        lead = held if held and claim.lead == " " else claim.lead
        if strict and finding.support.verdict == "unsupported":
            held = lead  # what comes next takes its line
            continue
        numbers = list(dict.fromkeys(_number(quote, citation_by_place) for quote in finding.quotes))
        text += (lead if text else lead.lstrip()) + claim.text + "".join(f" [{number}]" for number in numbers)
        sentences.append(AnswerSentence(claim.text, tuple(numbers), finding.support))
        held = ""
    return CitedText(text, tuple(sentences), tuple(citation_by_place.values()))


def _number(quote: Candidate, citation_by_place: dict[tuple[str, int, int], Citation]) -> int:
    """The number of a quote's citation, a new one where it is cited for the first time."""
    article = quote.passage.article
    citation = Citation(len(citation_by_place) + 1, article, quote.start, quote.end)
    return citation_by_place.setdefault((article.id, quote.start, quote.end), citation).number


@dataclass(frozen=True, slots=True)
class _Finding:
    """How a sentence is supported, and by which quotes."""

    support: Support
    quotes: tuple[Candidate, ...] = ()

    @property
    def rank(self) -> int:
        """0 for the best verdict."""
        return _ORDER.index(self.support.verdict)


class _Bench:
    """Judges sentences one after the other; what is needed again and again is worked out once."""

    def __init__(self, found: Sequence[Passage], encoder: Encoder, check: SupportCheck, language: str) -> None:
        self._found = found
        self._check = check
        self._quotes = _Quotes(encoder)
        self._only_ordered = _Finding(Support("unsupported", None, ONLY_ORDERED[language]))
        self._about_articles = _Finding(Support("unchecked", None, ABOUT_THE_ARTICLES[language]))
        self._orders = [
            sentence
            for passage in found
            for span in split_sentences(passage.text, passage.article.language)
            if orders_a_model(sentence := passage.text[span.start : span.end])
        ]

    def judge(self, claim: Claim, given: Sequence[Passage]) -> _Finding:
        """What a sentence is cited by: what the model named, unless another passage does better."""
        if declines(claim.text):
            return self._about_articles
        named = [given[number - 1] for number in claim.numbers if 1 <= number <= len(given)]
        by_named = self._borne_out(claim.text, named)
        if len(named) > 1 and by_named.support.verdict != "supported":
            by_named = min(by_named, self._borne_out_together(claim.text, named), key=attrgetter("rank"))
        if by_named.support.verdict == "supported":
            return by_named
        places = {(passage.article.id, passage.start) for passage in named}
        others = [passage for passage in self._found if (passage.article.id, passage.start) not in places]
        by_others = self._borne_out(claim.text, others)
        by_other = _Finding(by_others.support, by_others.quotes[:1])
        if by_other.support.verdict == "supported":
            return by_other
        if self._orders and self._check(claim.text, self._orders).verdict == "supported":
            return self._only_ordered  # whatever else it may be cited to
        if by_named.support.verdict != "unsupported":
            return by_named
        if by_other.support.verdict == "partly":
            return by_other
        # Words that other passages happen to share with it («unchecked») are no reason to cite one of them.
        return _Finding(by_named.support)

    def _borne_out(self, text: str, passages: Sequence[Passage]) -> _Finding:
        """The best that any of the passages does for a sentence, and the quotes of all that do as well."""
        findings = [self._borne_out_by(text, passage) for passage in passages]
        if not findings:
            return _Finding(self._check(text, ()))
        best = min(findings, key=attrgetter("rank"))
        as_good = [finding for finding in findings if finding.rank == best.rank]
        return _Finding(best.support, tuple(quote for finding in as_good for quote in finding.quotes))

    def _borne_out_by(self, text: str, passage: Passage) -> _Finding:
        support = self._check(text, [passage])
        if support.verdict == "unsupported":
            return _Finding(support)
        quote = self._quotes.nearest(text, passage)
        return self._only_ordered if orders_a_model(quote.text) else _Finding(support, (quote,))

    def _borne_out_together(self, text: str, passages: Sequence[Passage]) -> _Finding:
        """What several passages say of a sentence between them, and a quote of each."""
        support = self._check(text, ["\n\n".join(passage.text for passage in passages)])
        if support.verdict == "unsupported":
            return _Finding(support)
        quotes = tuple(self._quotes.nearest(text, passage) for passage in passages)
        if any(orders_a_model(quote.text) for quote in quotes):
            return self._only_ordered
        return _Finding(replace(support, passage=passages[0]), quotes)


class _Quotes:
    """The sentences of passages, each passage encoded once."""

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder
        self._sentences_by_place: dict[tuple[str, int, int], tuple[list[Candidate], NDArray[np.float32]]] = {}
        self._vector_by_text: dict[str, NDArray[np.float32]] = {}

    def nearest(self, text: str, passage: Passage) -> Candidate:
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

    def _sentences(self, passage: Passage) -> tuple[list[Candidate], NDArray[np.float32]]:
        place = (passage.article.id, passage.start, passage.end)
        if place not in self._sentences_by_place:
            language = passage.article.language
            quotes = [
                Candidate(passage, passage.start + span.start, passage.start + span.end)
                for span in split_sentences(passage.text, language)
            ]
            read = [self._encoder.as_read(quote.text, language) for quote in quotes]
            self._sentences_by_place[place] = quotes, self._encoder.encode_passages(read)
        return self._sentences_by_place[place]

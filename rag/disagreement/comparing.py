"""An answer and the passages it was drawn from → what the sources differ on, told beside the answer.

Sources differ where two sentences give figures that can't both be right for one and the same thing. Told is what
matters to the question: one side is a sentence that the answer cites; the others stand in the passages found, or
anywhere in the articles cited. What is one and the same is the hard part, and missing a difference does less harm
than making one up, so two sentences are taken to speak of the same thing only where

- both give the figure that the question asks for, and speak of all that it names (`_other_answers`), or
- they say nearly the same in nearly the same words (`same_wording`), or
- two articles count the dead, wounded, arrested … of what is told in like words, with a name in common (`same_toll`),

and neither names what the other doesn't, nor another date, nor looks back at another time, nor gives the other's
figure as well. Of dates, days that are near each other are compared, between articles that tell of them in the same
wording. Who said or did something is not compared: of that, words alone can't tell.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from embeddings import Encoder
from rag.alignment import read_sentences
from rag.disagreement.same_thing import (
    Asked,
    Said,
    answers,
    differ,
    matters,
    named_apart,
    read_asked,
    same_toll,
    same_wording,
)
from rag.disagreement.statements import counted_stems, read_told
from rag.extractive.candidates import find_candidates
from rag.prompts import disagreement_sentence
from rag.question import Question
from rag.records import Answer, Article, Citation, Disagreement, Passage, Side, Span
from rag.sentences import split_once
from rag.words import stems_in_english, words

__all__ = ["add_disagreements"]

# Told at most, and sides of each: a list of every figure ever given would hide the answer.
DISAGREEMENT_COUNT = 2
SIDE_COUNT = 4
ABOUT_WORDS = 4
# Least cosine of a sentence and the question that it is to answer.
ANSWER_SIMILARITY = 0.35


def add_disagreements(
    answer: Answer,
    question: Question,
    encoder: Encoder,
    kept_spans: Callable[[Article], Sequence[Span]] | None = None,
) -> Answer:
    """The answer, with what its sources differ on told at the end of its text and in `disagreements`.

    Citations are added for the sides that the answer doesn't cite yet, numbered on from its own; its sentences stay
    as they are. The same answer where nothing differs, and a refusal always.

    `kept_spans` tells where an article's sentences lie (`Archive.kept_spans`); where it tells nothing, they are found.
    """
    sentences = _Sentences(kept_spans)
    asked = read_asked(question)
    cited = [
        said
        for citation in answer.citations
        for said in _read(citation.article, citation.start, citation.end, sentences)
        if matters(said.statement, asked)
    ]
    if answer.refused or not cited:
        return answer
    others = list(_others(answer, sentences))
    citations = list(answer.citations)
    told: list[Disagreement] = []
    used: set[tuple[str, int]] = set()
    for one in cited:
        sides = _sides(one, others, asked, question, encoder)
        if len(sides) < 2 or used & {(side.article.id, side.start) for side in sides}:
            continue
        used |= {(side.article.id, side.start) for side in sides}
        numbered = tuple(Side(side.words, _number(side, citations)) for side in sides)
        told.append(Disagreement(one.statement.kind, _about(sides, answer.language), numbered))
        if len(told) == DISAGREEMENT_COUNT:
            break
    telling = (disagreement_sentence(one, citations, answer.language) for one in told)
    text = " ".join([answer.text, *telling])
    return replace(answer, text=text, citations=tuple(citations), disagreements=tuple(told)) if told else answer


@dataclass(frozen=True, slots=True)
class _Sentences:
    """Where the sentences of articles lie, asked for once each."""

    kept_spans: Callable[[Article], Sequence[Span]] | None
    _by_id: dict[str, tuple[Span, ...]] = field(default_factory=dict)

    def of(self, article: Article) -> tuple[Span, ...]:
        return self._kept(article) or split_once(article.text, article.language)

    def of_passage(self, passage: Passage) -> tuple[Span, ...]:
        """Those that are kept."""
        kept = self._kept(passage.article)
        return tuple(span for span in kept if passage.start <= span.start and span.end <= passage.end)

    def _kept(self, article: Article) -> tuple[Span, ...]:
        if article.id not in self._by_id:
            self._by_id[article.id] = tuple(self.kept_spans(article)) if self.kept_spans else ()
        return self._by_id[article.id]


def _others(answer: Answer, sentences: _Sentences) -> Iterator[Said]:
    """What the sentences found, and all those of the articles cited and their near copies, state; each once."""
    copies = {passage.article.id: passage.copies for passage in answer.passages}
    seen: set[tuple[str, int]] = set()
    spans = {(one.article.id, one.start, one.end): sentences.of_passage(one) for one in answer.passages}
    for candidate in find_candidates(answer.passages, spans):
        seen.add((candidate.passage.article.id, candidate.start))
        yield from _read(candidate.passage.article, candidate.start, candidate.end, sentences)
    cited = {citation.article.id: citation.article for citation in answer.citations}
    for article in cited.values():
        for whole in (article, *copies.get(article.id, ())):
            for span in sentences.of(whole):
                if (whole.id, span.start) not in seen:
                    seen.add((whole.id, span.start))
                    yield from _read(whole, span.start, span.end, sentences)


def _read(article: Article, start: int, end: int, sentences: _Sentences) -> Iterator[Said]:
    told = read_told(article.text[start:end], article.language)
    return (Said(article, start, end, told, statement, sentences.of) for statement in told.statements)


def _sides(one: Said, others: Sequence[Said], asked: Asked, question: Question, encoder: Encoder) -> list[Said]:
    """`one`, and those that differ from it and from each other, in the order found; `one` alone where none does."""
    alike = [other for other in others if same_wording(one, other) or same_toll(one, other)]
    sides = [one]
    for other in [*alike, *_other_answers(one, others, asked, question, encoder)]:
        if len(sides) < SIDE_COUNT and all(differ(side, other) for side in sides):
            sides.append(other)
    return sides


def _other_answers(one: Said, others: Sequence[Said], asked: Asked, question: Question, encoder: Encoder) -> list[Said]:
    """Where `one` answers best of its article, what best answers in each of the others; else nothing."""
    if asked.kind in (None, "date") or not answers(one, asked):
        return []
    given = [one, *(other for other in others if answers(other, asked))]
    rivals = {other.article.id for other in given if not named_apart(one, other) and differ(one, other)}
    if not rivals - {one.article.id}:  # before anything is encoded
        return []
    given = [answer for answer in given if answer.article.id in rivals | {one.article.id}]
    texts = [(answer.text, answer.article.language) for answer in given]
    query, *read = read_sentences(encoder, [(question.query, question.language), *texts])
    nearness = [float(sentence.vector @ query.vector) for sentence in read]
    best: dict[str, Said] = {}
    # In one sentence the largest figure is the whole, of which the others are parts.
    for place in sorted(range(len(given)), key=lambda place: (-nearness[place], -given[place].statement.high)):
        if nearness[place] >= ANSWER_SIMILARITY:
            best.setdefault(given[place].article.id, given[place])
    own = best.pop(one.article.id, None)
    if own is None or (own.start, own.statement) != (one.start, one.statement):
        return []
    return [other for other in best.values() if not named_apart(one, other)]


def _about(sides: Sequence[Said], language: str) -> str:
    """What they differ on, as a side in the answer's language writes it, or else the first.

    The noun counted; where the figure stands alone, the first words that all sides have in common.
    """
    own = [side for side in sides if side.article.language == language and side.statement.noun]
    one = (own or sides)[0]
    counted = frozenset[str]().union(*(side.statement.unit for side in sides if side is not one))
    noun: list[str] = []
    for word in one.statement.noun.split():
        noun.append(word)
        if counted_stems(word, one.article.language) & counted:
            break
    return " ".join(noun) or _common_words(one, sides)


def _common_words(one: Said, sides: Sequence[Said]) -> str:
    common = frozenset.intersection(*(side.told.context for side in sides))
    told = [
        word.surface
        for word in words(one.text)
        if common.intersection(stems_in_english(word.surface, one.article.language))
    ]
    return " ".join(told[:ABOUT_WORDS])


def _number(side: Said, citations: list[Citation]) -> int:
    """The number of the citation that holds the side's sentence, added where there is none."""
    for citation in citations:
        if citation.article.id == side.article.id and citation.start <= side.start and side.end <= citation.end:
            return citation.number
    citations.append(Citation(len(citations) + 1, side.article, side.start, side.end))
    return citations[-1].number

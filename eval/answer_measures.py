"""A question and the answer it was given → the answer's measures.

Citation recall and precision are ALCE's (Gao et al. 2023, section 3.3), with `rag.check_support` as the judge of
whether passages bear a sentence out. A sentence's recall is 1 where it has a citation and all it cites, taken
together, bear it out. A citation's precision is 1 where its sentence's recall is 1 and it is not irrelevant: it
bears the sentence out alone, or the others don't without it. Recall is the mean over the answer's sentences,
precision over its citations.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from functools import cache, partial

from eval.question_sets import ANSWERABLE, ANY_LANGUAGE, FOLLOWUP, STANDALONE, Accepted, Question
from rag import Answer, AnswerSentence, Article, Citation, Passage, check_support
from rag.language import detect_language
from rag.support import SupportCheck
from rag.words import normalise

__all__ = ["citation_scores", "holds_accepted", "measure_answer", "right_parts"]

_MARKER = re.compile(r"\s*\[\d+\]")
# Whether passages, taken together, bear a sentence out.
Judge = Callable[[str, Sequence[Passage | str]], bool]


def measure_answer(
    question: Question, answer: Answer, stored: Callable[[str], Article | None], check: SupportCheck = check_support
) -> dict[str, float]:
    """Values by measure, of those in `eval.evaluations.ANSWERS` that the question is for.

    `stored` gives an article as the archive holds it; `check` judges the citations.
    """
    values: dict[str, float] = {}
    if not question.has_answer:
        values["Refused"] = float(answer.refused)
    elif question.kind == ANSWERABLE:
        values["Answered"] = float(not answer.refused)
        if question.relevance:
            values["Right article"] = float(_cites_right(question, answer))
    if question.has_answer and question.accepted:
        parts = right_parts(question, answer)
        name = {FOLLOWUP: "Follow-up", STANDALONE: "Stand-alone"}.get(question.kind, "Right answer")
        values[name] = sum(parts) / len(parts)
        if len(parts) > 1 and question.kind == ANSWERABLE:
            values["Whole answer"] = float(all(parts))
    if question.language:
        values["Language"] = float(_is_in_language(question.language, answer))
    if not answer.refused:
        values |= citation_scores(answer, partial(_bears_out, check))
        values["Words"] = float(len(_MARKER.sub("", answer.text).split()))
        values["Disagreements"] = float(len(answer.disagreements))
        if answer.citations:
            values["Verbatim"] = _verbatim_share(answer, stored)
    return values


def right_parts(question: Question, answer: Answer) -> list[bool]:
    """Of each part of the answer, whether something accepted for it stands in the text.

    What counts is accepted in the question's language, in that of an article cited, or in any.
    """
    if answer.refused:
        return [False] * len(question.accepted)
    languages = {ANY_LANGUAGE, question.language, *(citation.article.language for citation in answer.citations)}
    text = _MARKER.sub("", answer.text)
    return [holds_accepted(text, part, languages) for part in question.accepted]


def holds_accepted(text: str, accepted: Accepted, languages: Iterable[str | None]) -> bool:
    """Whether a text holds something accepted, whatever the case, apostrophes, quotation marks and kinds of spaces.

    A figure is not held by a longer one: «20» does not stand in «2018» or «20,000».

    >>> holds_accepted("L’accord prévoit 4 000 soldats.", {"fr": ("4 000 SOLDATS",)}, ["fr"])
    True
    """
    plain = normalise(text).casefold()
    wanted = {one for language in languages if language for one in accepted.get(language, ())}
    return any(_stands_in(normalise(one).casefold(), plain) for one in wanted)


def citation_scores(answer: Answer, judge: Judge) -> dict[str, float]:
    """`Citation recall`, `Citation precision` where anything is cited, and `Unchecked`; none without sentences."""
    if not answer.sentences:
        return {}
    by_number = {citation.number: _passage_of(citation, answer.passages) for citation in answer.citations}
    recalls, precisions = [], []
    for sentence in answer.sentences:
        cited = [by_number[number] for number in sentence.citations]
        is_borne_out = bool(cited) and judge(sentence.text, cited)
        recalls.append(is_borne_out)
        precisions += [is_borne_out and _is_relevant(sentence, place, cited, judge) for place in range(len(cited))]
    unchecked = [sentence.support.verdict == "unchecked" for sentence in answer.sentences]
    scores = {"Citation recall": _mean(recalls), "Unchecked": _mean(unchecked)}
    return scores | ({"Citation precision": _mean(precisions)} if precisions else {})


def _bears_out(check: SupportCheck, sentence: str, passages: Sequence[Passage | str]) -> bool:
    """The check's judgement: of one of them, or of several by their texts together."""
    if check(sentence, passages).verdict == "supported":
        return True
    texts = [passage if isinstance(passage, str) else passage.text for passage in passages]
    return len(texts) > 1 and check(sentence, ["\n\n".join(texts)]).verdict == "supported"


def _is_relevant(sentence: AnswerSentence, place: int, cited: Sequence[Passage | str], judge: Judge) -> bool:
    """Whether a citation of a sentence that is borne out does anything for it."""
    if len(cited) == 1 or judge(sentence.text, [cited[place]]):
        return True
    return not judge(sentence.text, [*cited[:place], *cited[place + 1 :]])


def _passage_of(citation: Citation, passages: Sequence[Passage]) -> Passage | str:
    """The passage that the quote was taken from; the quote itself where none holds it."""
    for passage in passages:
        is_within = passage.start <= citation.start and citation.end <= passage.end
        if passage.article.id == citation.article.id and is_within:
            return passage
    return citation.quote


def _cites_right(question: Question, answer: Answer) -> bool:
    copies = {passage.article.id: passage.copies for passage in answer.passages}
    cited = {
        article.id
        for citation in answer.citations
        for article in (citation.article, *copies.get(citation.article.id, ()))
    }
    return not cited.isdisjoint(question.relevance)


def _verbatim_share(answer: Answer, stored: Callable[[str], Article | None]) -> float:
    """Of each quote, whether it is what the archive's own copy of the article says there."""
    is_verbatim = []
    for citation in answer.citations:
        article = stored(citation.article.id)
        is_verbatim.append(
            article is not None
            and 0 <= citation.start < citation.end
            and article.text[citation.start : citation.end] == citation.quote
        )
    return _mean(is_verbatim)


def _is_in_language(language: str, answer: Answer) -> bool:
    """Whether the answer knows the question's language, and what it says in words of its own is in it."""
    quotes = {normalise(citation.quote) for citation in answer.citations}
    own = [sentence.text for sentence in answer.sentences if normalise(sentence.text) not in quotes]
    said = answer.text if answer.refused else " ".join(own)
    return answer.language == language and (not said or detect_language(said) == language)


@cache
def _whole(wanted: str) -> re.Pattern[str]:
    """The text, not within a longer figure where it begins or ends with one."""
    before = r"(?<!\d)(?<!\d[.,])" if wanted[:1].isdigit() else ""
    behind = r"(?!\d)(?![.,]\d)" if wanted[-1:].isdigit() else ""
    return re.compile(before + re.escape(wanted) + behind)


def _stands_in(wanted: str, plain: str) -> bool:
    return bool(wanted) and _whole(wanted).search(plain) is not None


def _mean(values: Sequence[bool]) -> float:
    return sum(values) / len(values)

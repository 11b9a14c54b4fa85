"""Measures of answers, worked out by hand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from eval.answer_measures import citation_scores, holds_accepted, measure_answer
from eval.question_sets import Question
from rag import Answer, AnswerSentence, Article, Citation, Passage, Support

BRIDGE = Article("bridge", "A bridge", "The bridge cost 4,000 crowns. It is made of oak.", language="en")
FERRY = Article("ferry", "Le bac", "Le bac a coûté 4 000 couronnes. Il traverse l’Aube.", language="fr")
ASKED = Question(
    "q", "What is the bridge made of?", "en", {"bridge": 1}, accepted=({"en": ("oak",), "fr": ("chêne",)},)
)
STORED = {article.id: article for article in (BRIDGE, FERRY)}.get


def quoting(*places: tuple[Article, int, int], language: str = "en") -> Answer:
    """An extractive answer of these quotes, each from a passage that is its whole article."""
    citations = tuple(Citation(number, *place) for number, place in enumerate(places, start=1))
    passages = tuple(
        Passage(article, 0, len(article.text), 1.0, rank) for rank, (article, _, _) in enumerate(places, start=1)
    )
    sentences = tuple(AnswerSentence(c.quote, (c.number,), Support("supported", None, "")) for c in citations)
    text = " ".join(f"{citation.quote} [{citation.number}]" for citation in citations)
    return Answer("What?", text, language, citations, passages, sentences=sentences)


OAK = quoting((BRIDGE, 30, 48))
REFUSED = Answer("What?", "No article in the archive answers that.", "en", refused=True)


def test_a_right_answer_has_full_marks() -> None:
    assert OAK.citations[0].quote == "It is made of oak."
    assert measure_answer(ASKED, OAK, STORED) == {
        "Answered": 1,
        "Right article": 1,
        "Right answer": 1,
        "Language": 1,
        "Citation recall": 1,
        "Citation precision": 1,
        "Unchecked": 0,
        "Verbatim": 1,
        "Words": 5,
        "Disagreements": 0,
    }


def test_a_refusal_where_there_is_an_answer_is_wrong_and_has_no_citations_to_judge() -> None:
    assert measure_answer(ASKED, REFUSED, STORED) == {
        "Answered": 0,
        "Right article": 0,
        "Right answer": 0,
        "Language": 1,
    }


def test_a_question_without_an_answer_is_rightly_refused() -> None:
    unanswerable = replace(ASKED, kind="unanswerable", relevance={}, accepted=())
    assert measure_answer(unanswerable, REFUSED, STORED) == {"Refused": 1, "Language": 1}
    assert measure_answer(unanswerable, OAK, STORED)["Refused"] == 0


def test_what_is_accepted_in_the_articles_language_counts_too() -> None:
    asked = replace(ASKED, accepted=({"en": ("the Aube",), "fr": ("l'Aube",)},), relevance={"ferry": 1})
    values = measure_answer(asked, quoting((FERRY, 32, 51)), STORED)
    assert (values["Right answer"], values["Right article"]) == (1, 1)
    assert measure_answer(asked, OAK, STORED)["Right answer"] == 0


def test_an_answer_of_several_parts_is_whole_when_all_stand_there() -> None:
    asked = replace(ASKED, accepted=({"any": ("oak", "chêne")}, {"any": ("iron",)}))
    values = measure_answer(asked, OAK, STORED)
    assert (values["Right answer"], values["Whole answer"]) == (0.5, 0)
    whole = replace(ASKED, accepted=({"any": ("oak",)}, {"any": ("made",)}))
    assert measure_answer(whole, OAK, STORED)["Whole answer"] == 1


def test_follow_ups_and_stand_alone_forms_are_measured_by_themselves() -> None:
    for kind, name in (("followup", "Follow-up"), ("standalone", "Stand-alone")):
        values = measure_answer(replace(ASKED, kind=kind), OAK, STORED)
        assert values[name] == 1
        assert "Right answer" not in values
        assert "Answered" not in values


def test_a_near_copy_of_the_right_article_is_right() -> None:
    copy = replace(BRIDGE, id="copy")
    answer = replace(OAK, passages=(replace(OAK.passages[0], copies=(copy,)),))
    asked = replace(ASKED, relevance={"copy": 1})
    assert measure_answer(asked, answer, STORED)["Right article"] == 1
    assert measure_answer(asked, OAK, STORED)["Right article"] == 0


def test_a_quote_that_the_archives_article_lacks_is_not_verbatim() -> None:
    changed = {"bridge": replace(BRIDGE, text=BRIDGE.text.replace("oak", "elm"))}.get
    both = quoting((BRIDGE, 30, 48), (BRIDGE, 0, 29))
    assert measure_answer(ASKED, both, changed)["Verbatim"] == 0.5
    assert measure_answer(ASKED, both, lambda _: None)["Verbatim"] == 0


@pytest.mark.parametrize(
    ("answer", "right"),
    [
        (quoting((FERRY, 0, 31)), 1),  # a quote may be in the other language
        (replace(OAK, language="fr"), 0),  # the question was taken for a French one
        (replace(REFUSED, text="Aucun article de l’archive ne répond à cette question."), 0),
        (replace(OAK, sentences=(AnswerSentence("Le pont est fait de chêne.", (1,), OAK.sentences[0].support),)), 0),
    ],
)
def test_what_is_not_quoted_is_in_the_questions_language(answer: Answer, right: float) -> None:
    assert measure_answer(ASKED, answer, STORED)["Language"] == right


@pytest.mark.parametrize(
    ("text", "accepted", "is_held"),
    [
        ("He is 20 years older.", "20", True),
        ("It happened in 2018.", "20", False),
        ("There were 20,000 of them.", "20", False),
        ("There were 1.20 of them.", "20", False),
        ("It was number 20.", "20", True),
        ("Some 4\u202f000 soldats.", "4 000 Soldats", True),
        ("L’OTAN et l'Alliance", "l’alliance", True),
        ("He called it « un échec ».", '"un échec"', False),
        ("the ministers", "minister", True),
    ],
)
def test_accepted_answers_are_found_whatever_the_typography(text: str, accepted: str, is_held: bool) -> None:
    assert holds_accepted(text, {"en": (accepted,)}, ["en"]) is is_held


def judged_by(*pairs: tuple[str, set[str]]) -> Answer:
    """An answer of sentences and the letters they cite; the passage of a letter is the letter."""
    letters = sorted({letter for _, cited in pairs for letter in cited})
    articles = {letter: Article(letter, letter, letter) for letter in letters}
    citations = tuple(Citation(number, articles[letter], 0, 1) for number, letter in enumerate(letters, start=1))
    sentences = tuple(
        AnswerSentence(said, tuple(1 + letters.index(one) for one in sorted(cited)), Support("unchecked", None, ""))
        for said, cited in pairs
    )
    return Answer("What?", " ".join(said for said, _ in pairs), "en", citations, sentences=sentences)


def needs(sentence: str, passages: Sequence[Passage | str]) -> bool:
    """A judge by whom a sentence is borne out by passages that have all its letters."""
    return set(sentence) <= {letter for passage in passages for letter in str(passage)}


@pytest.mark.parametrize(
    ("answer", "recall", "precision"),
    [
        (judged_by(("a", {"a"})), 1, 1),
        (judged_by(("a", {"b"})), 0, 0),
        (judged_by(("a", set()), ("b", {"b"})), 1 / 2, 1),  # uncited: no recall, nothing to be precise of
        (judged_by(("ab", {"a", "b"})), 1, 1),  # only together do they bear it out: both are needed
        (judged_by(("a", {"a", "b"})), 1, 1 / 2),  # b does nothing for it
        (judged_by(("ab", {"a", "c"})), 0, 0),  # of a sentence not borne out, no citation is precise
        (judged_by(("a", {"a", "b"}), ("c", {"d"}), ("d", {"d"})), 2 / 3, 2 / 4),
    ],
)
def test_citations_are_scored_as_in_alce(answer: Answer, recall: float, precision: float) -> None:
    scores = citation_scores(answer, needs)
    assert scores["Citation recall"] == pytest.approx(recall)
    assert scores["Citation precision"] == pytest.approx(precision)
    assert scores["Unchecked"] == 1


def test_the_check_is_the_judge_of_passages_alone_and_together() -> None:
    mill = Article("mill", "A mill", "A baker has bought the mill and repaired its wheel.", language="en")
    quoted = AnswerSentence("The bridge cost 4,000 crowns.", (1, 2), Support("supported", None, ""))
    answer = replace(quoting((mill, 0, 51), (BRIDGE, 0, 29)), sentences=(quoted,))
    values = measure_answer(ASKED, answer, STORED)
    assert (values["Citation recall"], values["Citation precision"]) == (1, 0.5)
    wrong = replace(quoted, text="The bridge cost 5,000 crowns.")
    values = measure_answer(ASKED, replace(answer, sentences=(wrong,)), STORED)
    assert (values["Citation recall"], values["Citation precision"]) == (0, 0)

"""What a terminal shows of an answer: all that its records say, in the question's language."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from rag.prompts import disagreement_sentence
from rag.records import Answer, AnswerSentence, Article, Citation, Disagreement, Period, Side, Support, Verdict
from ui.cli.answer_text import answer_lines

TODAY = date(2026, 11, 25)
ENGLISH = Article(
    "a1", "The harbour reopens", "The harbour has 12 cranes. It reopens on Monday.", source="The Quay", language="en",
    published=date(2017, 9, 14), url="https://quay.example/harbour",
)  # fmt: skip
FRENCH = Article(
    "a2", "Le port rouvre", "Le port compte dix grues.", source="Le Môle", language="fr", published=date(2025, 9, 15)
)


def answer(language: str = "en", verdict: Verdict = "supported") -> Answer:
    said, dit = "The harbour has 12 cranes.", FRENCH.text
    support = Support(verdict, None, "the passage says thirteen")
    return Answer(
        "How many cranes?", f"{said} [1] {dit} [2]", language,
        citations=(Citation(1, ENGLISH, 0, len(said)), Citation(2, FRENCH, 0, len(dit))),
        sentences=(AnswerSentence(said, (1,), support), AnswerSentence(dit, (2,), Support("supported", None, ""))),
    )  # fmt: skip


def printed(shown: Answer) -> str:
    return "\n".join(answer_lines(shown, TODAY)).replace("\u00a0", " ")


def test_each_source_carries_its_date_and_age_in_the_questions_language() -> None:
    assert " [1] The harbour reopens — The Quay, 2017-09-14, 9 years ago, en" in printed(answer())
    assert " [1] The harbour reopens — The Quay, 2017-09-14, il y a 9 ans, en" in printed(answer("fr"))
    assert "2025-09-15, 1 year ago, fr" in printed(answer())


def test_a_quote_in_another_language_is_labelled_as_such() -> None:
    assert "     in French: “Le port compte dix grues.”" in printed(answer())
    assert "     “The harbour has 12 cranes.”" in printed(answer())
    assert "     en anglais : « The harbour has 12 cranes. »" in printed(answer("fr"))
    assert "     « Le port compte dix grues. »" in printed(answer("fr"))


@pytest.mark.parametrize(
    ("verdict", "line"),
    [
        ("partly", "! [1] partly supported: «The harbour has 12 cranes.» — the passage says thirteen"),
        ("unsupported", "! [1] not supported: «The harbour has 12 cranes.» — the passage says thirteen"),
        ("unchecked", "? [1] not checked: «The harbour has 12 cranes.» — the passage says thirteen"),
    ],
)
def test_a_sentence_to_doubt_is_marked_with_the_reason(verdict: Verdict, line: str) -> None:
    assert line in printed(answer(verdict=verdict)).splitlines()


def test_supported_sentences_carry_no_mark() -> None:
    assert "supported" not in printed(answer())


def test_what_was_understood_comes_first_and_dates_can_be_left_out() -> None:
    understood = replace(
        answer(), completed="How many cranes does the harbour have?",
        period=Period("in September 2017", date(2017, 9, 1), date(2017, 9, 30)),
    )  # fmt: skip
    lines = printed(understood).splitlines()
    assert lines[0] == "Understood as: How many cranes does the harbour have?"
    assert lines[1] == "Preferred: articles of September 2017 (--ignore-dates leaves the date out)"
    assert lines[2] == ""


def test_a_disagreement_names_each_side_with_outlet_and_date() -> None:
    differing = replace(answer(), disagreements=(Disagreement("number", "cranes", (Side("12", 1), Side("dix", 2))),))
    assert (
        "≠ The sources disagree: cranes\n"
        "    12 — The Quay, 2017-09-14, 9 years ago, en [1]\n"
        "    dix — Le Môle, 2025-09-15, 1 year ago, fr [2]"
    ) in printed(differing)


def test_a_disagreement_is_told_once() -> None:
    disagreement = Disagreement("number", "cranes", (Side("12", 1), Side("dix", 2)))
    sentence = disagreement_sentence(disagreement, answer().citations, "en")
    told = replace(answer(), text=f"{answer().text} {sentence}", disagreements=(disagreement,))
    assert printed(told).splitlines()[0] == answer().text
    assert sentence not in printed(told)


def test_an_article_that_differs_from_itself_is_said_to() -> None:
    differing = replace(answer(), disagreements=(Disagreement("number", "", (Side("12", 1), Side("dix", 1))),))
    assert "≠ One article says different things\n    12 — The Quay" in printed(differing)


def test_a_refusal_looks_like_one_and_offers_the_nearest_articles() -> None:
    refused = Answer("Who?", "The articles do not say.", "en", refused=True, nearest=(ENGLISH,), notes=("So it is.",))
    assert printed(refused).splitlines() == [
        "∅ No answer in the archive",
        "The articles do not say.",
        "(So it is.)",
        "",
        "The nearest articles",
        " - The harbour reopens — The Quay, 2017-09-14, 9 years ago, en",
        "   https://quay.example/harbour",
    ]


def test_an_answer_from_the_archives_own_records_says_so() -> None:
    about = Answer("Which outlets do you have?", "Two outlets.", "en", about_archive=True)
    assert printed(about).splitlines() == ["▤ From the archive’s own records", "Two outlets."]


def test_nothing_a_terminal_obeys_is_printed() -> None:
    hostile = "red \x1b[31m\x07\u202eevil"
    article = replace(ENGLISH, title=hostile, source=hostile, url=hostile, text=hostile)
    shown = Answer(
        hostile, hostile, "en", (Citation(1, article, 0, 8),), refused=True, nearest=(article,), notes=(hostile,),
        sentences=(AnswerSentence(hostile, (1,), Support("partly", None, hostile)),), completed=hostile,
        period=Period(hostile, None, None), disagreements=(Disagreement("name", hostile, (Side(hostile, 1),)),),
    )  # fmt: skip
    assert not {"\x1b", "\x07", "\u202e"} & set(printed(shown))

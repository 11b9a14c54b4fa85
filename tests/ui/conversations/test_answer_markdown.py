"""A turn as Markdown: everything it rests on is there, and nothing of an article's words acts in it."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from rag.records import Answer, AnswerSentence, Article, Citation, Support
from ui.conversations.answer_markdown import turn_markdown
from ui.conversations.turns import Turn

ARTICLE = Article(
    "a1", "The harbour [re]opens", "It has 12 cranes.", source="The Quay", published=date(2017, 9, 14), language="en",
    url="https://quay.example/harbour",
)  # fmt: skip
ANSWER = Answer(
    "How many cranes?", "It has 12 cranes. [1]", "en", citations=(Citation(1, ARTICLE, 0, 17),),
    sentences=(AnswerSentence("It has 12 cranes.", (1,), Support("supported", None, "")),),
)  # fmt: skip


def markdown(answer: Answer, language: str = "en") -> str:
    return turn_markdown(Turn(answer.question, "done", answer=answer), language)


def test_an_answer_comes_with_all_it_rests_on() -> None:
    assert markdown(ANSWER) == (
        "**How many cranes?**\n\nIt has 12 cranes. [1]\n\nSources\n\n"
        "1. The harbour \\[re\\]opens, The Quay, 2017-09-14 <https://quay.example/harbour>\n"
        "   > It has 12 cranes.\n"
    )


def test_what_was_understood_and_what_is_to_be_doubted_is_said() -> None:
    doubt = AnswerSentence("It has 13 cranes.", (1,), Support("unsupported", None, "the passage says 12"))
    said = markdown(
        replace(
            ANSWER,
            completed="How many cranes has the harbour?",
            sentences=(doubt,),
            notes=("The model failed.",),
        )
    )
    assert "(Understood as: How many cranes has the harbour?)" in said
    assert "(not supported: «It has 13 cranes.» — the passage says 12)" in said
    assert "(The model failed.)" in said


def test_a_refusal_offers_its_nearest_articles() -> None:
    said = markdown(Answer("Who?", "Ils ne disent rien.", "fr", refused=True, nearest=(ARTICLE,)), "fr")
    assert "Les articles les plus proches\n\n- The harbour" in said


def test_what_came_to_no_answer_says_why() -> None:
    assert turn_markdown(Turn("Who?", "failed", error="The model is away"), "en") == "**Who?**\n\nThe model is away\n"
    assert turn_markdown(Turn("Who?", "stopped"), "en") == "**Who?**\n\nStopped.\n"


@given(st.text("![](<>`*_\\ a\n\u202e", min_size=1))
def test_nothing_of_an_articles_words_is_a_picture_a_link_or_a_tag(words: str) -> None:
    article = Article("a", words, words, url=words, source=words)
    shown = markdown(
        Answer(
            words,
            words,
            "en",
            (Citation(1, article, 0, len(words)),),
            completed=words,
            notes=(words,),
        )
    )
    assert not re.search(r"(?<!\\)(?:\\\\)*(\]\(|<\w|`)", shown)
    assert "\u202e" not in shown

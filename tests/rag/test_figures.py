"""Figures: what they are worth, however they are written."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.figures import find_figures, same_figure


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("4,000 soldiers", "en"),
        ("4000 soldiers", "en"),
        ("4 000 soldats", "fr"),
        ("4\u202f000 soldats", "fr"),
        ("4\u00a0000 soldats", "fr"),
        ("4.000 soldats", "fr"),
        ("four thousand soldiers", "en"),
        ("Quatre mille soldats", "fr"),
        ("4k soldiers", "en"),
    ],
)
def test_four_thousand_is_four_thousand_however_written(text: str, language: str) -> None:
    assert [(figure.kind, figure.value) for figure in find_figures(text, language)] == [("number", 4000)]


@pytest.mark.parametrize(
    ("text", "language", "kind", "value"),
    [
        ("4.5 million people", "en", "number", 4_500_000),
        ("4,5 millions d'habitants", "fr", "number", 4_500_000),
        ("$4bn", "en", "money", 4e9),
        ("11 milliards de dollars", "fr", "money", 11e9),
        ("£120 million", "en", "money", 120e6),
        ("90%", "en", "percent", 90),
        ("90 pour cent", "fr", "percent", 90),
        ("2,7 %", "fr", "percent", 2.7),
        ("quatre-vingt-dix-sept", "fr", "number", 97),
        ("soixante et onze", "fr", "number", 71),
        ("two hundred and five", "en", "number", 205),
        ("deux cent mille", "fr", "number", 200_000),
        ("vingt et un", "fr", "number", 21),
        ("cinq millions et demi", "fr", "number", 5_500_000),
        ("five and a half million", "en", "number", 5_500_000),
        ("half a million", "en", "number", 500_000),
        ("un demi-million", "fr", "number", 500_000),
        ("the 36th", "en", "ordinal", 36),
        ("la 36e", "fr", "ordinal", 36),
        ("the third", "en", "ordinal", 3),
        ("16 April 2004", "en", "date", 20040416),
        ("April 16, 2004", "en", "date", 20040416),
        ("le 16 avril 2004", "fr", "date", 20040416),
        ("le 1er août 2004", "fr", "date", 20040801),
        ("2004-04-16", None, "date", 20040416),
        ("juillet 2016", "fr", "date", 20160700),
        ("in 2016", "en", "date", 20160000),
        ("on Sunday", "en", "weekday", 7),
        ("dimanche", "fr", "weekday", 7),
        ("il y a deux ans", "fr", "number", 2),
        ("une quarantaine de milliers", "fr", "number", 40_000),
        ("nine out of ten", "en", "percent", 90),
        ("neuf sur dix", "fr", "percent", 90),
        ("at 7:55", "en", "time", 7 + 55 / 60),
        ("5.30pm", "en", "time", 17.5),
        ("à 19h30", "fr", "time", 19.5),
    ],
)
def test_a_figure_is_read(text: str, language: str | None, kind: str, value: float) -> None:
    assert [(figure.kind, figure.value) for figure in find_figures(text, language)] == [(kind, value)]


@pytest.mark.parametrize(
    "text", ["one of them", "un homme", "Theresa May", "they march", "la planète Mars", "no figure"]
)
def test_words_that_look_like_figures_are_none(text: str) -> None:
    assert find_figures(text) == ()


@pytest.mark.parametrize(
    ("one", "other", "is_same"),
    [
        ("July 2016", "13 juillet 2016", True),
        ("2016", "13 juillet 2016", True),
        ("July 2016", "June 2016", False),
        ("nearly five per cent", "4.8%", True),
        ("five per cent", "4.8%", False),
        ("près d'un demi-million", "480 350", True),
        ("400", "4000", False),
        ("90%", "90", False),
        ("Sunday", "dimanche", True),
        ("Sunday", "lundi", False),
        ("5.30pm", "17h30", True),
        ("shortly before eight o'clock", "07h55", True),
        ("nine o'clock", "07h55", False),
    ],
)
def test_figures_are_compared_by_worth(one: str, other: str, is_same: bool) -> None:
    assert same_figure(find_figures(one)[0], find_figures(other)[0]) is is_same


@settings(deadline=None)
@given(st.integers(min_value=1000, max_value=9_999_999))
def test_grouped_digits_are_worth_what_plain_ones_are(number: int) -> None:
    english = find_figures(f"some {number:,} people", "en")
    french = find_figures(f"quelque {number:,} personnes".replace(",", "\u202f"), "fr")
    assert [figure.value for figure in english] == [figure.value for figure in french] == [number]


@settings(deadline=None)
@given(st.text(max_size=80))
def test_offsets_lie_in_any_text_and_do_not_overlap(text: str) -> None:
    end = 0
    for figure in find_figures(text):
        assert end <= figure.start < figure.end <= len(text)
        end = figure.end


@pytest.mark.parametrize("text", ["I'm A Celebrity", "des comptes à M.\xa0Trump", "M. Blair left"])
def test_a_letter_that_stands_for_a_million_behind_digits_is_none_by_itself(text: str) -> None:
    assert find_figures(text) == ()

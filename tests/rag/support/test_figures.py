"""Figures of a claim against those of a passage: units, shares, counts, directions."""

from __future__ import annotations

import pytest

from rag.support.figures import counted_otherwise, missing_figures
from rag.support.measures import find_measures, find_shares
from rag.support.times import missing_times
from rag.support.told import Told


@pytest.mark.parametrize(
    ("claim", "passage"),
    [
        ("The mill stood still for a year.", "The mill stood still for a month."),
        ("Le moulin s'est arrêté un an.", "Le moulin s'est arrêté un mois."),
        ("The fine was 10 euros.", "The fine was 10 dollars."),
        ("The walk is ten miles long.", "The walk is ten kilometres long."),
        ("A third of the houses burnt.", "A quarter of the houses burnt."),
        ("Half of the staff left.", "Un tiers du personnel est parti."),
        ("It costs more than 20 crowns.", "It costs fewer than 20 crowns."),
        ("It costs over 48 crowns.", "It costs more than 52 crowns."),
        ("Il a marqué un seul but.", "Il a marqué deux buts."),
        ("She has two sons.", "She has a son, who lives in Oslo."),
        ("The tower is from 1890.", "The chapel dates from 1870 and the tower was built a decade later."),
        ("About five and a half million left.", "About 4.5 million left."),
    ],
)
def test_a_changed_figure_is_missed(claim: str, passage: str) -> None:
    languages = ["fr" if " s'" in text or text.startswith(("Il ", "Un ")) else "en" for text in (claim, passage)]
    assert missing_figures(Told(claim, languages[0]), Told(passage, languages[1]))


@pytest.mark.parametrize(
    ("claim", "passage"),
    [
        (("The mill stood still for half a year.", "en"), ("Le moulin s'est arrêté six mois.", "fr")),
        (("The war lasted a decade.", "en"), ("The war lasted ten years.", "en")),
        (("The walk is ten miles long.", "en"), ("La promenade fait 16 km.", "fr")),
        (("Two-thirds of voters agreed.", "en"), ("Les deux tiers des électeurs étaient d'accord.", "fr")),
        (("A third of the houses burnt.", "en"), ("33% of the houses burnt.", "en")),
        (("The tower is from 1880.", "en"), ("The chapel is from 1870, the tower was built a decade later.", "en")),
        (("Cinq millions et demi de gens sont partis.", "fr"), ("Some 5.5 million people left.", "en")),
        (("Two women opened it.", "en"), ("Ada Linden and Eva Haas opened it.", "en")),
        (("Sales fell 1.8 per cent.", "en"), ("Sales fell from 2.4 to 1.8 and then by 3 per cent.", "en")),
        (("He scored one goal.", "en"), ("He scored a goal, his second.", "en")),
    ],
)
def test_a_figure_told_otherwise_is_not_missed(claim: tuple[str, str], passage: tuple[str, str]) -> None:
    assert missing_figures(Told(*claim), Told(*passage)) == []


def test_a_figure_of_something_else_is_seen() -> None:
    passage = Told("Fourteen people were treated for burns in the harbour.", "en")
    assert counted_otherwise(Told("Fourteen policemen were burnt.", "en"), passage) == "Fourteen"
    assert counted_otherwise(Told("Quatorze personnes ont été brûlées.", "fr"), passage) is None
    assert counted_otherwise(Told("It is 14 metres long.", "en"), Told("It is 14 meters long.", "en")) is None


@pytest.mark.parametrize(
    ("claim", "passage", "missing"),
    [
        (("Le pont date des années 1990.", "fr"), ("The bridge was built in 1994.", "en"), []),
        (("The bridge is of the 1980s.", "en"), ("The bridge was built in 1994.", "en"), ["1980"]),
    ],
)
def test_a_decade_holds_its_years(claim: tuple[str, str], passage: tuple[str, str], missing: list[str]) -> None:
    assert missing_figures(Told(*claim), Told(*passage)) == missing


def test_measures_are_worth_days_and_metres() -> None:
    told = Told("It took half a year and three weeks to build the two-mile road.", "en")
    assert [(m.dimension, round(m.worth)) for m in find_measures(told.text, told.figures)] == [
        ("time", 183),
        ("time", 21),
        ("length", 3219),
    ]


def test_shares_in_words_are_per_cents() -> None:
    assert [round(share.value) for share in find_shares("half of them, a quarter of us, la moitié des autres")] == [
        50,
        25,
        50,
    ]
    assert find_shares("a third goal, the third quarter") == []


def test_a_time_told_from_today_is_missed_where_the_passage_gives_none() -> None:
    claim = Told("The results come out next spring.", "en")
    assert missing_times(claim, Told("The results will show which barns are used.", "en")) == ["next spring"]
    assert missing_times(claim, Told("Les résultats sortiront au printemps.", "fr")) == []
    assert missing_times(claim, Told("The results come out in April 2031.", "en")) == []

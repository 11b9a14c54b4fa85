"""Names of a claim against those of a passage, in two languages and under other names."""

from __future__ import annotations

import pytest

from rag.support.names import missing_names
from rag.support.same_names import known_bodies
from rag.support.told import Told


@pytest.mark.parametrize(
    ("claim", "passage"),
    [
        (("Londres a signé.", "fr"), ("The British minister signed.", "en")),
        (("The Germans left Copenhagen.", "en"), ("Les Allemands ont quitté Copenhague.", "fr")),
        (("North Korea tested a rocket.", "en"), ("Pyongyang a testé une fusée.", "fr")),
        (("L'ONU et l'Otan se taisent.", "fr"), ("The United Nations and NATO are silent.", "en")),
        (("The National Ferry Board met.", "en"), ("The NFB met.", "en")),
        (("The NFB met.", "en"), ("The National Ferry Board met.", "en")),
        (("Linesman Calum Orr fell.", "en"), ("Calum Orr est tombé.", "fr")),
        (("Mr Linden spoke.", "en"), ("Karl Linden spoke.", "en")),
        (("Poutine a parlé.", "fr"), ("Putin spoke.", "en")),
        (("Colombia won.", "en"), ("La Colombie a gagné.", "fr")),
        (("A Labour Assembly member left.", "en"), ("Un élu travailliste est parti.", "fr")),
    ],
)
def test_one_name_in_two_forms_is_not_missed(claim: tuple[str, str], passage: tuple[str, str]) -> None:
    assert missing_names(Told(*claim), Told(*passage)) == []


@pytest.mark.parametrize(
    ("claim", "passage", "missing"),
    [
        ("South Korea tested a rocket.", "North Korea tested a rocket.", "South Korea"),
        ("Austria won the game.", "Australia won the game.", "Austria"),
        ("Eva Linden spoke in the hall.", "Karl Linden spoke in the hall.", "Eva Linden"),
        ("Scottish players won.", "The players of Wales won.", "Scottish"),
        ("Dunmore lost the game.", "The game was lost by Marlowe.", "Dunmore"),
        ("The ferry sails to Dover.", "Le bac va à Ostende.", "Dover"),
        ("The ICE met.", "The ice met the shore.", "ICE"),
    ],
)
def test_a_name_that_the_passage_lacks_is_missed(claim: str, passage: str, missing: str) -> None:
    assert missing_names(Told(claim, "en"), Told(passage, "fr" if "Le " in passage else "en")) == [missing]


def test_an_ordinary_word_that_opens_a_sentence_is_no_name() -> None:
    assert missing_names(Told("Fishermen met.", "en"), Told("Men met.", "en")) == []


def test_a_name_in_the_title_counts_as_given() -> None:
    assert (
        missing_names(Told("The ferry of Dunmore sank.", "en"), Told("The ferry sank.", "en", "Storm at Dunmore")) == []
    )


def test_the_longest_known_form_wins_and_initials_need_capitals() -> None:
    assert len(known_bodies("North Korea")) == 1
    assert known_bodies("Korea du Nord and who, us, eu") == {}
    assert set(known_bodies("the United States")) == set(known_bodies("les Américaines"))

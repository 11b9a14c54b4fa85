"""Denials, opposites and words of which only one can be true."""

from __future__ import annotations

import pytest

from rag.support.denial import added_scope, denied_on_one_side, denied_without_ground, excluded, opposed, turned
from rag.support.told import Told


@pytest.mark.parametrize(
    ("claim", "passage"),
    [
        (("Ada Linden did not sign the contract.", "en"), ("Ada Linden signed the contract on Monday.", "en")),
        (("Ada Linden refused to sign the contract.", "en"), ("Ada Linden a signé le contrat lundi.", "fr")),
        (("Ada Linden n'a jamais signé le contrat.", "fr"), ("Ada Linden signed the contract on Monday.", "en")),
        (("Il est parti sans payer le loyer.", "fr"), ("Il est parti après avoir payé le loyer.", "fr")),
        (("The ferry still sails.", "en"), ("The ferry no longer sails.", "en")),
    ],
)
def test_a_denial_on_one_side_is_seen(claim: tuple[str, str], passage: tuple[str, str]) -> None:
    assert denied_on_one_side(Told(*claim), Told(*passage))


@pytest.mark.parametrize(
    ("claim", "passage"),
    [
        (("Ada Linden did not sign the contract.", "en"), ("Ada Linden n'a pas signé le contrat.", "fr")),
        (("Ada Linden not only signed but paid.", "en"), ("Ada Linden signed and paid.", "en")),
        (("The plan was rejected by the council.", "en"), ("Le plan n'a pas été accepté par le conseil.", "fr")),
    ],
)
def test_the_same_said_twice_is_no_contradiction(claim: tuple[str, str], passage: tuple[str, str]) -> None:
    one, other = Told(*claim), Told(*passage)
    assert denied_on_one_side(one, other) is None
    assert opposed(one, other) is None


@pytest.mark.parametrize(
    ("claim", "passage"),
    [
        (("Le maire a refusé l'offre.", "fr"), ("Le maire a accepté l'offre.", "fr")),
        (("The mayor ruled out the offer.", "en"), ("The mayor did not reject the offer.", "en")),
        (("Les ventes ont augmenté en mai.", "fr"), ("Sales fell in May in the shops.", "en")),
        (("He came to buy fifteen pigs.", "en"), ("Il est venu vendre quinze porcs.", "fr")),
        (("Ghent won the match in Bruges.", "en"), ("Ghent lost the match in Bruges.", "en")),
    ],
)
def test_the_opposite_is_seen(claim: tuple[str, str], passage: tuple[str, str]) -> None:
    assert opposed(Told(*claim), Told(*passage))


def test_one_of_a_family_excludes_another() -> None:
    passage = Told("She shared the hotel room with her husband and her daughter.", "en")
    assert excluded(Told("She shared the hotel room with her husband and her son.", "en"), passage) == "son"
    assert excluded(Told("Elle partageait la chambre d'hôtel avec sa fille.", "fr"), passage) is None


def test_one_relation_told_from_either_end_excludes_nothing() -> None:
    passage = Told("Laurent Morvan est le fils d'Albert Morvan.", "fr")
    assert excluded(Told("Albert Morvan is the father of Laurent Morvan.", "en"), passage) is None


def test_before_is_not_after() -> None:
    assert turned(Told("He left before the vote.", "en"), Told("He left after the vote.", "en")) == "before"
    assert turned(Told("He left before the vote.", "en"), Told("Il est parti avant le vote.", "fr")) is None


def test_a_denial_or_a_limit_needs_a_ground_in_the_passage() -> None:
    claim = Told("The driver never voted for the mayor.", "en")
    assert denied_without_ground(claim, Told("The driver voted for the mayor.", "en")) == "never"
    assert denied_without_ground(claim, Told("The driver refused the mayor his vote.", "en")) is None
    limited = Told("Only the mayor has a key.", "en")
    assert added_scope(limited, Told("The mayor has a key.", "en")) == "only"
    assert added_scope(limited, Told("Nobody but the mayor has a key.", "en")) is None

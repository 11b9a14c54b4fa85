"""Irregular verbs: all forms of one have one stem."""

from __future__ import annotations

from rag.support.irregular_verbs import english_stem, english_stems


def test_all_forms_of_a_verb_have_one_stem() -> None:
    for forms in ("pay paid pays paying", "win won wins winning", "write wrote written", "fall fell fallen falling"):
        assert len({english_stem(form) for form in forms.split()}) == 1


def test_other_words_keep_their_stem() -> None:
    assert english_stems("The bridges sold") == ["bridg", "sell"]

from __future__ import annotations

import random

from hypothesis import given
from hypothesis import strategies as st

from rag.near_copies import THRESHOLD, near_copy_keys, shingles, similarity

WORDS = [f"word{number}" for number in range(3000)]


def _edited(text: str, share: float, chance: random.Random) -> str:
    """The text with this share of its words exchanged."""
    return " ".join(chance.choice(WORDS) if chance.random() < share else word for word in text.split())


def test_runs_are_three_words_without_case_accents_and_marks() -> None:
    assert shingles("L’Écosse vote, demain !") == {"l ecosse vote", "ecosse vote demain"}
    assert shingles("Two words") == {"two words"}
    assert shingles(" … ") == frozenset()


def test_similarity_is_the_share_of_common_runs() -> None:
    one, other = shingles("a b c d e"), shingles("a b c d x")
    assert similarity(one, other) == 2 / 4  # abc and bcd, out of those with cde and cdx
    assert similarity(one, one) == 1
    assert similarity(one, shingles("v w x y z")) == 0
    assert similarity(frozenset(), frozenset()) == 0


def test_near_copies_share_a_key_and_strangers_do_not() -> None:
    chance = random.Random(1)
    found = alike = strangers = 0
    for _ in range(200):
        text = " ".join(chance.choices(WORDS, k=250))
        copy = shingles(_edited(text, chance.uniform(0, 0.2), chance))
        stranger = shingles(" ".join(chance.choices(WORDS, k=250)))
        runs = shingles(text)
        if similarity(runs, copy) >= THRESHOLD:
            alike += 1
            found += bool(set(near_copy_keys(runs)) & set(near_copy_keys(copy)))
        strangers += bool(set(near_copy_keys(runs)) & set(near_copy_keys(stranger)))
    assert alike > 100
    assert found / alike > 0.97
    assert strangers == 0


def test_keys_are_for_ever() -> None:
    """They are stored: whoever changes how they are made must raise the archive's format."""
    assert near_copy_keys(shingles("The treaty was signed in Paris by nineteen ministers."))[:3] == KEYS


KEYS = [4938654111527879868, 1867127492717432443, 7703592219443056806]


@given(st.text(max_size=300))
def test_any_text_has_keys_that_sqlite_can_hold(text: str) -> None:
    keys = near_copy_keys(shingles(text))
    assert len(keys) in (0, 42)
    assert all(-(2**63) <= key < 2**63 for key in keys)


def test_a_text_of_any_length_has_keys() -> None:
    long = " ".join(f"w{number}" for number in range(20_000))
    assert set(near_copy_keys(shingles(long))) & set(near_copy_keys(shingles(long + " end")))

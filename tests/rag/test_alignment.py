"""Question words against sentence words, by meaning."""

from __future__ import annotations

import numpy as np

from embeddings import HashingEncoder, encoder_from
from rag.alignment import how_well_met, read_sentences

ENCODER = encoder_from(None)
BRIDGE = "The bridge will cost 4,000 crowns, the treasurer said."


def _met(question: str, *sentences: str) -> dict[str, list[float]]:
    asked = read_sentences(ENCODER, [(question, "en")])[0]
    said = read_sentences(ENCODER, [(sentence, "en") for sentence in sentences])
    return dict(zip(asked.words, how_well_met(asked, said).tolist(), strict=True))


def test_a_word_is_met_by_one_that_means_the_same_better_than_by_others() -> None:
    met = _met("Which vessel sank?", "The ship went down off Harrow.", "The mayor spoke in Harrow.")
    assert met["vessel"][0] > met["vessel"][1]
    assert met["sank"][0] > met["sank"][1]


def test_the_word_that_nothing_comes_near_is_the_least_met() -> None:
    met = _met("Which architect drew the bridge?", BRIDGE)
    assert min(met, key=lambda word: met[word][0]) in ("architect", "drew")
    assert max(met, key=lambda word: met[word][0]) == "bridge"


def test_french_is_read_in_english() -> None:
    asked, said = read_sentences(ENCODER, [("Combien coûtera le pont ?", "fr"), (BRIDGE, "en")])
    assert "bridge" in asked.words
    met = dict(zip(asked.words, how_well_met(asked, [said])[:, 0].tolist(), strict=True))
    assert met["bridge"] > 0.5


def test_small_words_count_for_nothing() -> None:
    asked = read_sentences(ENCODER, [("Who is the mayor of it?", "en")])[0]
    assert asked.words == ("mayor",)
    assert asked.word_vectors.shape == (1, 384)


def test_a_sentence_without_words_meets_none() -> None:
    asked, empty, bridge = read_sentences(ENCODER, [("Which bridge?", "en"), ("…", "en"), (BRIDGE, "en")])
    met = how_well_met(asked, [empty, bridge, empty])
    assert met.shape == (1, 3)
    assert met[0, 0] == met[0, 2] == 0 < met[0, 1]


def test_sentences_are_read_alike_together_and_again() -> None:
    texts = [(f"The number {count} ferry left at {count}.", "en") for count in range(2, 9)]
    first = read_sentences(ENCODER, texts)
    for text, one in zip(texts, first, strict=True):
        again = read_sentences(ENCODER, [text])[0]
        assert again.words == one.words
        np.testing.assert_allclose(again.word_vectors, one.word_vectors, atol=1e-3)


def test_an_encoder_without_words_of_its_own_reads_each_alone() -> None:
    asked, said = read_sentences(HashingEncoder(64), [("Which bridge?", "en"), ("The bridge fell.", "en")])
    assert float(how_well_met(asked, [said])[0, 0]) > 0.99

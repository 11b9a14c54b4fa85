"""Two bits a value: what comes back is compared as what went in."""

from __future__ import annotations

import numpy as np
import pytest

from embeddings import encoder_from
from embeddings.two_bits import bytes_per_row, from_two_bits, to_two_bits


@pytest.mark.parametrize("dimension", [1, 6, 384])
def test_a_vector_takes_a_quarter_of_a_byte_a_value_and_comes_back_as_long(dimension: int) -> None:
    vectors = np.random.default_rng(0).standard_normal((5, dimension)).astype(np.float32)
    codes = to_two_bits(vectors)
    assert codes.shape == (5, bytes_per_row(dimension)) == (5, -(-dimension // 4))
    back = from_two_bits(codes, dimension)
    assert back.shape == vectors.shape
    assert (np.sign(back) == np.sign(vectors)).all()


def test_large_values_come_back_larger_than_small_ones() -> None:
    back = from_two_bits(to_two_bits(np.array([[0.9, -0.9, 0.1, -0.1]], np.float32)), 4)[0]
    assert back[0] == -back[1] > back[2] == -back[3] > 0


def test_no_vectors_give_no_codes() -> None:
    assert from_two_bits(to_two_bits(np.zeros((0, 8), np.float32)), 8).shape == (0, 8)


def test_an_inner_product_with_what_comes_back_is_the_cosine_to_a_few_hundredths() -> None:
    read = encoder_from(None).encode_words(
        [
            "The council of Marlowe voted on Tuesday for a new bridge over the Tarn, to be built of oak.",
            "A late frost has taken nine tenths of the plums, said a grower who met the minister in Dunmore.",
        ]
    )
    vectors = np.concatenate([one.word_vectors for one in read]).astype(np.float32)
    off = vectors @ from_two_bits(to_two_bits(vectors), 384).T - vectors @ vectors.T
    assert float(np.sqrt((off**2).mean())) < 0.03
    assert abs(float(off.mean())) < 0.02

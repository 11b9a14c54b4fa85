"""French through the English encoder: glossed, and English untouched."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import numpy as np

from embeddings import (
    DEFAULT_ENCODER,
    PLAIN_ENCODER,
    GlossingEncoder,
    SentenceTransformerEncoder,
    encoder_from,
    in_english,
)

FRENCH = "Les ministres ont signé le traité à Paris."


def test_only_french_is_glossed() -> None:
    assert "ministers" in in_english(FRENCH, "fr")
    for language in ("en", "de", None):
        assert in_english(FRENCH, language) == FRENCH


def test_the_default_encoder_reads_french_near_its_english() -> None:
    encoder = encoder_from()
    assert isinstance(encoder, GlossingEncoder)
    glossed = encoder.as_read(FRENCH, "fr")
    english = encoder.as_read("The ministers signed the treaty in Paris.", "en")
    french_vector, english_vector, raw = encoder.encode_passages([glossed, english, FRENCH])
    assert french_vector @ english_vector > 0.9 > raw @ english_vector


def test_other_encoders_read_texts_as_they_are() -> None:
    assert encoder_from("hashing-64").as_read(FRENCH, "fr") == FRENCH


def test_the_fingerprint_names_encoder_and_table() -> None:
    english = SentenceTransformerEncoder()
    fingerprint = GlossingEncoder(english).fingerprint
    assert fingerprint.startswith(f"{english.fingerprint}+gloss@")
    assert len(fingerprint.rpartition("@")[2]) == 8


def test_threads_may_gloss_at_once() -> None:
    texts = [f"{FRENCH} Le {number} mai, les alliés se rencontrent." for number in range(200)]
    alone = [in_english(text, "fr") for text in texts]
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(lambda text: in_english(text, "fr"), texts)) == alone


def test_english_vectors_are_those_of_the_reference() -> None:
    texts = ["The ministers met in Brussels.", "Who signed the treaty?", "4,000 troops"]
    ours, reference = encoder_from().encode_passages(texts), SentenceTransformerEncoder().encode_passages(texts)
    assert np.min(np.sum(ours * reference, axis=1)) >= 0.999


def test_the_plain_encoder_is_the_same_model_without_the_gloss() -> None:
    plain, glossing = encoder_from(PLAIN_ENCODER), encoder_from(DEFAULT_ENCODER)
    assert encoder_from(plain.name).fingerprint == plain.fingerprint != glossing.fingerprint
    assert encoder_from(glossing.name).fingerprint == glossing.fingerprint == encoder_from().fingerprint
    french = "Les ministres ont signé le traité."
    assert plain.as_read(french, "fr") == french != glossing.as_read(french, "fr")
    np.testing.assert_array_equal(plain.encode_queries([french]), glossing.encode_queries([french]))

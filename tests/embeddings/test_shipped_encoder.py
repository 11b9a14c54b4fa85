"""The shipped model without torch: both runtimes against sentence-transformers, in many threads, from a cold start."""

from __future__ import annotations

import json
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from embeddings import SentenceTransformerEncoder, ShippedEncoder, shipped_encoder
from embeddings.errors import EncoderError
from embeddings.shipped_encoder import installed_runtimes, thread_count
from embeddings.shipped_weights import read_shipped_weights, shipped_model_folder

ROOT = Path(__file__).parent.parent.parent
ENGLISH = "The ministers of the Alliance met in Brussels on 4 December 2008 and spoke of Georgia, Ukraine and Kosovo. "
FRENCH = "L’ambassadeur a déclaré que « la Russie n’a pas l’intention de céder », malgré l’avis des vingt-six. "
TEXTS = [
    "",
    " \n\t ",
    "a",
    "Who signed the treaty?",
    "Où sera installé le centre de transit vers l’Afghanistan ?",
    ENGLISH,
    FRENCH,
    ENGLISH * 3,
    (ENGLISH + FRENCH) * 4,
    ENGLISH * 40,
    FRENCH * 40,
    "🙂🚀 déjà‑vu №7 €5,3 bn — 12/05/1997",
    "Donaudampfschifffahrtsgesellschaftskapitän" * 12,
    "Россия и НАТО подписали договор",
    "北约与俄罗斯",
    "a\x00b\u200bc\ufffd",
    "[CLS] [MASK] [PAD] [SEP]",
    *(" ".join(ENGLISH.split()[:count]) for count in range(1, 18)),
]


@pytest.fixture(scope="module")
def reference() -> np.ndarray:
    return SentenceTransformerEncoder().encode_passages(TEXTS)


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("cache")


@pytest.fixture(params=["openvino", "onnxruntime"])
def runtime(request: pytest.FixtureRequest, cache: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    if request.param not in installed_runtimes():
        pytest.skip(f"{request.param} is not installed: its vectors can't be compared")
    monkeypatch.setenv("GAZETTE_CACHE", str(cache))
    return str(request.param)


def test_vectors_are_those_of_sentence_transformers(runtime: str, reference: np.ndarray) -> None:
    vectors = ShippedEncoder(runtime).encode_passages(TEXTS)
    assert vectors.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    assert (vectors * reference).sum(axis=1).min() >= 0.999


def test_a_text_read_with_its_words_has_the_same_vector(runtime: str, reference: np.ndarray) -> None:
    read = ShippedEncoder(runtime).encode_words(TEXTS)
    assert (np.stack([one.vector for one in read]) * reference).sum(axis=1).min() >= 0.999
    for text, one in zip(TEXTS, read, strict=True):
        assert one.word_vectors.shape == (len(one.words), 384)
        assert all(text[start:end].isalnum() or "_" in text[start:end] for start, end in one.words)
        np.testing.assert_allclose(np.linalg.norm(one.word_vectors.astype(float), axis=1), 1, atol=2e-3)


def test_words_are_read_as_sentence_transformers_reads_them(runtime: str) -> None:
    texts = [ENGLISH, FRENCH, "", "déjà vu"]
    reference = SentenceTransformerEncoder().encode_words(texts)
    for one, other in zip(ShippedEncoder(runtime).encode_words(texts), reference, strict=True):
        assert one.words == other.words
        assert float(one.vector @ other.vector) >= 0.999
        cosines = (one.word_vectors.astype(float) * other.word_vectors.astype(float)).sum(axis=1)
        assert cosines.min(initial=1) >= 0.99


def test_a_word_s_vector_depends_on_the_words_around_it(runtime: str) -> None:
    river, money, other_money = ShippedEncoder(runtime).encode_words(
        ["We fished from the bank of the river.", "She paid it in at the bank.", "A clerk of the bank lent money."]
    )
    bank = [one.word_vectors[place].astype(float) for one, place in ((river, 4), (money, 6), (other_money, 4))]
    assert bank[1] @ bank[2] > bank[1] @ bank[0]


def test_an_archive_of_the_one_is_read_by_the_other() -> None:
    shipped, reference = ShippedEncoder(), SentenceTransformerEncoder()
    assert (shipped.name, shipped.dimension) == (reference.name, reference.dimension)
    assert shipped.fingerprint == reference.fingerprint == "all-MiniLM-L6-v2@53aa51172d142c89"


def test_a_vector_does_not_depend_on_the_texts_beside_it(runtime: str) -> None:
    encoder = ShippedEncoder(runtime)
    together = encoder.encode_passages(TEXTS)
    alone = np.concatenate([encoder.encode_passages([text]) for text in TEXTS])
    assert (together * alone).sum(axis=1).min() >= 0.9999


def test_no_text_gives_no_row(runtime: str) -> None:
    assert ShippedEncoder(runtime).encode_passages([]).shape == (0, 384)


def test_half_a_character_is_read_as_a_question_mark(runtime: str) -> None:
    broken, mended = ShippedEncoder(runtime).encode_queries(["NATO \ud83d summit", "NATO ? summit"])
    np.testing.assert_allclose(broken, mended, atol=1e-3)


def test_threads_may_share_an_encoder(runtime: str) -> None:
    encoder = ShippedEncoder(runtime, threads=2)
    expected = encoder.encode_queries(TEXTS)
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda text: encoder.encode_queries([text])[0], TEXTS))
        whole = list(pool.map(lambda _: encoder.encode_passages(TEXTS), range(3)))
    assert (np.stack(found) * expected).sum(axis=1).min() >= 0.9999
    assert min((vectors * expected).sum(axis=1).min() for vectors in whole) >= 0.9999


@pytest.mark.parametrize("batch_texts", [1, 3, 64])
def test_batches_and_threads_change_no_vector(runtime: str, batch_texts: int, reference: np.ndarray) -> None:
    vectors = ShippedEncoder(runtime, threads=1, batch_texts=batch_texts).encode_passages(TEXTS)
    assert (vectors * reference).sum(axis=1).min() >= 0.999


def test_an_encoder_prepared_beforehand_gives_the_same_vectors() -> None:
    prepared, plain = ShippedEncoder(), ShippedEncoder()
    prepared.prepare()
    prepared.prepare()
    np.testing.assert_array_equal(prepared.encode_passages(TEXTS[:6]), plain.encode_passages(TEXTS[:6]))


def test_what_fails_while_preparing_is_told_to_whoever_encodes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shipped_encoder, "shipped_model_folder", lambda: None)
    encoder = ShippedEncoder()
    encoder.prepare()
    with pytest.raises(EncoderError, match="not installed"):
        encoder.encode_queries(["Who signed the treaty?"])


def test_a_damaged_graph_in_the_cache_is_exported_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if "onnxruntime" not in installed_runtimes():
        pytest.skip("onnxruntime with onnx is not installed: nothing is exported")
    monkeypatch.setenv("GAZETTE_CACHE", str(tmp_path))
    expected = ShippedEncoder("onnxruntime").encode_queries(["a treaty"])
    (graph,) = tmp_path.iterdir()
    whole = graph.read_bytes()
    graph.write_bytes(whole[: len(whole) // 2] + b"\xff" + whole[len(whole) // 2 + 1 :])
    np.testing.assert_array_equal(ShippedEncoder("onnxruntime").encode_queries(["a treaty"]), expected)
    assert graph.read_bytes() == whole


@pytest.mark.parametrize("content", [b"", b"other weights"])
def test_weights_that_are_not_the_published_ones_are_refused(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "model.safetensors").write_bytes(content)
    with pytest.raises(EncoderError, match="Reinstall the package"):
        read_shipped_weights(tmp_path)


def test_the_weights_are_read_as_safetensors_reads_them() -> None:
    from safetensors.numpy import load_file

    folder = shipped_model_folder()
    assert folder is not None
    expected = load_file(str(folder / "model.safetensors"))
    found = read_shipped_weights(folder)
    assert found.keys() == expected.keys()
    assert all(np.array_equal(found[name], expected[name]) for name in expected)


def test_the_number_of_threads_is_a_setting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GAZETTE_THREADS", "3")
    assert thread_count() == 3
    monkeypatch.delenv("GAZETTE_THREADS")
    assert thread_count() >= 1
    for wrong in ("0", "two", "-1"):
        monkeypatch.setenv("GAZETTE_THREADS", wrong)
        with pytest.raises(EncoderError, match="GAZETTE_THREADS"):
            thread_count()


def test_a_question_asked_of_the_sample_loads_neither_torch_nor_anything_that_reports(tmp_path: Path) -> None:
    """From nothing to an answer in a new process that notes each import and each address reached."""
    code = f"""
import json, sys
reached = []
outward = ("socket.connect", "socket.getaddrinfo", "os.fork")
sys.addaudithook(lambda event, details: reached.append(str(details)) if event in outward else None)
from rag import Archive, Assistant
from rag.sample import sample_folder
with Archive.open({str(tmp_path / "archive")!r}) as archive:
    archive.add([path for path in sorted(sample_folder().iterdir()) if path.suffix == ".txt"][:4])
    answer = Assistant(archive).ask("Who met the ministers?")
    print(json.dumps([reached, bool({"openvino", "onnxruntime"} & sys.modules.keys()), sorted(
        name for name in ("torch", "transformers", "sentence_transformers", "openvino_telemetry", "onnx")
        if name in sys.modules
    )]))
"""
    finished = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False, cwd=ROOT)
    assert finished.returncode == 0, finished.stderr
    assert json.loads(finished.stdout) == [[], True, []]


def test_a_question_asked_again_is_read_once_and_alike() -> None:
    encoder = ShippedEncoder(threads=2)
    question = "Who signed the treaty?"
    vector = encoder.encode_queries([question])[0]
    read = encoder.encode_words([question])[0]
    np.testing.assert_array_equal(read.vector, vector)
    assert read is encoder.encode_words([question])[0]
    np.testing.assert_allclose(vector, encoder.encode_passages([question])[0], atol=1e-3)


def test_questions_of_many_threads_get_their_own_vectors() -> None:
    encoder = ShippedEncoder(threads=2)
    questions = [f"Who signed treaty number {count}?" for count in range(24)]
    with ThreadPoolExecutor(12) as pool:
        together = list(pool.map(lambda question: encoder.encode_queries([question])[0], questions))
    np.testing.assert_allclose(together, encoder.encode_passages(questions), atol=1e-2)

"""Cross-encoders without torch: what is written and read again, against transformers, and at the limits of length."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from embeddings.errors import EncoderError
from embeddings.pair_model import LONGEST_PIECES, PairModel, PairText, lay_out, read_layers, write_layers
from embeddings.shipped_encoder import installed_model_folder, installed_runtimes, open_tokenizer
from embeddings.shipped_weights import read_shipped_weights

PAIRS = [
    PairText("Who signed the treaty?", ("The treaty was signed by Ney in Paris.", "It rained all day.")),
    PairText("How many?", ("",)),
    PairText("Where did the ministers of the Alliance meet, and why?", ("They met in Brussels.",) * 3),
    PairText("", ()),
]


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The encoder's own layers as a pair model, with a head."""
    weights = read_shipped_weights(installed_model_folder())
    layers = {name: values for name, values in weights.items() if name.startswith("encoder.")}
    path = tmp_path_factory.mktemp("layers") / "pairs.npz"
    write_layers(path, {**layers, "sum.weight": np.ones((1, 384)), "sum.bias": np.zeros(1)})
    return path


@pytest.fixture(params=["openvino", "onnxruntime"])
def model(request: pytest.FixtureRequest, path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> PairModel:
    if request.param not in installed_runtimes():
        pytest.skip(f"{request.param} is not installed")
    monkeypatch.setenv("GAZETTE_CACHE", str(tmp_path))
    return PairModel(path, runtime=request.param, threads=1)


def test_layers_are_kept_to_a_part_in_two_hundred_of_each_rows_greatest(path: Path) -> None:
    weights = read_shipped_weights(installed_model_folder())
    layers, _ = read_layers(path)
    for name, values in layers.items():
        if name.startswith("encoder.") and values.ndim == 2:
            error = np.abs(values - weights[name]).max(axis=1)
            assert (error <= np.abs(weights[name]).max(axis=1) / 250).all(), name
    assert path.stat().st_size < 12_000_000


def test_pairs_are_read_as_transformers_reads_them(model: PairModel) -> None:
    import torch
    from transformers import BertModel

    reference = BertModel.from_pretrained(installed_model_folder(), add_pooling_layer=False).eval()
    tokenizer = open_tokenizer(installed_model_folder())
    for pair, read in zip(PAIRS, model.read(PAIRS), strict=True):
        laid_out = lay_out(tokenizer, pair)
        types = [0] * laid_out.second + [1] * (len(laid_out.pieces) - laid_out.second)
        with torch.no_grad():
            values = reference(torch.tensor([laid_out.pieces]), token_type_ids=torch.tensor([types]))[0][0].numpy()
        assert _cosine(read.whole, values[0]) > 0.99
        for row, at in enumerate(laid_out.sentences):
            assert read.is_read[row] == (at is not None)
            if at is not None:
                assert _cosine(read.sentences[row], values[slice(*at)].mean(axis=0)) > 0.99


def test_what_a_pair_gives_does_not_depend_on_the_others(model: PairModel) -> None:
    together, alone = model.read(PAIRS), [model.read([pair])[0] for pair in PAIRS]
    for one, other in zip(together, alone, strict=True):
        np.testing.assert_allclose(one.whole, other.whole, atol=0.06)
        np.testing.assert_allclose(one.sentences, other.sentences, atol=0.06)


def test_the_second_text_matters_to_the_first(model: PairModel) -> None:
    one, other = model.read([PairText("Who?", ("Ney.",)), PairText("Who?", ("The price of oil fell.",))])
    assert not np.allclose(one.whole, other.whole, atol=0.1)


def test_a_sentence_without_room_is_told_and_those_after_it_may_still_be_read() -> None:
    tokenizer = open_tokenizer(installed_model_folder())
    long, short = "word " * 140, "It rained."
    laid_out = lay_out(tokenizer, PairText("q " * 500, (long, long, short)))
    assert [at is not None for at in laid_out.sentences] == [True, False, True]
    assert len(laid_out.pieces) <= LONGEST_PIECES


def test_half_a_character_is_read_as_any_other(model: PairModel) -> None:
    (read,) = model.read([PairText("Who \ud800?", ("It was \udfff.",))])
    assert read.is_read.all()


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 not an archive", b"word"])
def test_a_damaged_file_is_told_with_its_name(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "answers.npz"
    path.write_bytes(content)
    with pytest.raises(EncoderError, match=r"answers\.npz can't be read"):
        PairModel(path).read(PAIRS)


def _cosine(one: np.ndarray, other: np.ndarray) -> float:
    return float(one @ other / np.linalg.norm(one) / np.linalg.norm(other))

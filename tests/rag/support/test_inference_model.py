"""An inference model from a folder: a tiny cross-encoder is made here and run for real."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from rag import Archive, Assistant, ModelError, check_support
from rag.support.inference_model import InferenceModel
from rag.support.told import Told

WORDS = "the bridge cost four crowns and mayor said a new mill of stone burnt".split()
PASSAGE = "The mayor said the new mill burnt."
CLAIM = "The mill of stone burnt and the mayor said a new bridge cost crowns."


def save_model(folder: Path, labels: list[str]) -> Path:
    """A random BERT of one layer that reads a few words, with the given labels."""
    from tokenizers import Tokenizer, models, pre_tokenizers, processors
    from transformers import BertConfig, BertForSequenceClassification, PreTrainedTokenizerFast

    vocabulary = {word: place for place, word in enumerate(["[PAD]", "[UNK]", "[CLS]", "[SEP]", *WORDS])}
    tokenizer = Tokenizer(models.WordLevel(vocabulary, unk_token="[UNK]"))
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    tokenizer.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]", pair="[CLS] $A [SEP] $B:1 [SEP]:1", special_tokens=[("[CLS]", 2), ("[SEP]", 3)]
    )
    config = BertConfig(
        vocab_size=len(vocabulary),
        hidden_size=8,
        num_hidden_layers=1,
        num_attention_heads=1,
        intermediate_size=8,
        max_position_embeddings=64,
        id2label=dict(enumerate(labels)),
        label2id={label: place for place, label in enumerate(labels)},
    )
    BertForSequenceClassification(config).save_pretrained(folder)
    PreTrainedTokenizerFast(
        tokenizer_object=tokenizer, pad_token="[PAD]", unk_token="[UNK]", cls_token="[CLS]", sep_token="[SEP]"
    ).save_pretrained(folder)
    return folder


def bias(folder: Path, label: int, labels: list[str]) -> Path:
    """The same model, sure of one label whatever it reads."""
    from transformers import BertForSequenceClassification

    save_model(folder, labels)
    model = BertForSequenceClassification.from_pretrained(folder)
    model.classifier.bias.data[label] = 9.0
    model.save_pretrained(folder)
    return folder


def test_the_labels_are_read_in_whatever_order_they_stand(tmp_path: Path) -> None:
    one = InferenceModel.open(bias(tmp_path / "a", 2, ["CONTRADICTION", "neutral", "Entailment"]))
    other = InferenceModel.open(bias(tmp_path / "b", 0, ["contradiction", "entailment", "neutral"]))
    claim, passages = Told(CLAIM, "en"), [Told(PASSAGE, "en"), Told("A mill.", "en")]
    entailed, contradicted = one.infer(claim, passages), other.infer(claim, passages)
    assert all(inference.entailment > 0.9 > inference.contradiction for inference in entailed)
    assert all(inference.contradiction > 0.9 > inference.entailment for inference in contradicted)
    assert one.infer(claim, []) == []


def test_one_logit_is_that_of_entailment(tmp_path: Path) -> None:
    model = InferenceModel.open(bias(tmp_path / "a", 0, ["LABEL_0"]))
    inference = model.infer(Told(CLAIM, "en"), [Told(PASSAGE, "en")])[0]
    assert inference.entailment > 0.9
    assert inference.contradiction == 0


def test_the_model_decides_what_the_rules_leave_open_and_no_more(tmp_path: Path) -> None:
    labels = ["contradiction", "neutral", "entailment"]
    models = [InferenceModel.open(bias(tmp_path / label, place, labels)) for place, label in enumerate(labels)]
    verdicts = [check_support(CLAIM, [PASSAGE], model=model).verdict for model in models]
    assert verdicts == ["unsupported", "unsupported", "supported"]
    assert all(check_support("The mill burnt twice.", ["«The mill burnt twice.»"], model=m).passage for m in models)
    figures = [check_support("The mill cost 90 crowns.", ["The mill cost 40 crowns."], model=m) for m in models]
    assert {support.reason for support in figures} == {"the passage does not give «90 crowns»"}


def test_french_is_given_to_an_english_model_by_its_gloss(tmp_path: Path) -> None:
    model = InferenceModel.open(save_model(tmp_path, ["entailment", "neutral", "contradiction"]))
    glossed = model.infer(Told("Le maire a dit.", "fr"), [Told("Le pont.", "fr")])
    assert glossed == model.infer(Told("the mayor has said.", "en"), [Told("the bridge.", "en")])


@pytest.mark.parametrize(
    ("config", "said"),
    [
        (None, "holds no inference model"),
        ({"id2label": {"0": "positive", "1": "negative"}}, "none of which is «entailment»"),
        ({"id2label": {"0": "entailment", "1": "neutral"}}, "can't be loaded"),
    ],
)
def test_a_folder_without_such_a_model_is_refused_with_the_way_out(
    tmp_path: Path, config: dict[str, object] | None, said: str
) -> None:
    if config is not None:
        (tmp_path / "config.json").write_text(json.dumps(config))
    with pytest.raises(ModelError, match=said) as raised:
        InferenceModel.open(tmp_path)
    assert str(tmp_path) in str(raised.value)


def test_the_assistant_takes_a_folder(tmp_path: Path) -> None:
    with Archive.open(tmp_path / "archive") as archive:
        with pytest.raises(ModelError, match="holds no inference model"):
            Assistant(archive, support_model=tmp_path / "nothing")
        folder = save_model(tmp_path / "model", ["entailment", "neutral", "contradiction"])
        assert Assistant(archive, support_model=folder).ask("Who built the mill?").refused

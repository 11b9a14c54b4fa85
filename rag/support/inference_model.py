"""A natural-language-inference model that a user has → whether a passage entails a sentence, or contradicts it.

Any sentence-transformers CrossEncoder folder: with the labels entailment, contradiction and neutral (or not), in
whatever order its configuration names them, or with one logit, which is read as that of entailment. Never
needed, so everything heavy is imported when a folder is opened.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from rag.errors import ModelError
from rag.support.told import Told

if TYPE_CHECKING:
    from sentence_transformers import CrossEncoder

__all__ = ["Inference", "InferenceModel", "inference_of"]

MAX_TOKENS = 512
# Vocabularies of models that read French as well as English have at least so many words (XLM-R and mDeBERTa
# 250,000), but for multilingual BERT, whose two have these; the largest English one (DeBERTa v3) has 128,100.
MULTILINGUAL_VOCABULARY = 150_000
MULTILINGUAL_BERT = (105_879, 119_547)


@dataclass(frozen=True, slots=True)
class Inference:
    """Probabilities from 0 to 1 that a passage entails a sentence and that it contradicts it; the rest is neutral."""

    entailment: float
    contradiction: float


class InferenceModel:
    """A cross-encoder for inference. Made by `open`; used from one thread at a time."""

    def __init__(self, model: CrossEncoder, labels: Sequence[str], is_multilingual: bool) -> None:
        self._model = model
        self._labels = labels
        self._is_multilingual = is_multilingual

    @classmethod
    def open(cls, folder: str | Path) -> InferenceModel:
        """The model in a folder; nothing is downloaded.

        Raises:
            ModelError: the folder holds no such model, or its labels say nothing of entailment.
        """
        path = Path(folder)
        try:
            config = json.loads((path / "config.json").read_text("utf-8"))
        except (OSError, ValueError) as error:
            raise ModelError(
                f"'{folder}' holds no inference model ({error.__class__.__name__} at its config.json): name the folder "
                "of a sentence-transformers CrossEncoder for natural-language inference."
            ) from error
        labels = _read_labels(config, str(folder))
        from sentence_transformers import CrossEncoder

        try:
            model = CrossEncoder(str(path), device="cpu", max_length=_max_tokens(config), local_files_only=True)
        except Exception as error:  # weights and tokenizers each raise their own
            reason = (str(error).strip() or type(error).__name__).splitlines()[0]
            raise ModelError(
                f"The inference model in '{folder}' can't be loaded: {reason}. Name the folder of a "
                "sentence-transformers CrossEncoder, with its tokenizer and weights."
            ) from error
        vocabulary = int(config.get("vocab_size", 0))
        return cls(model, labels, vocabulary >= MULTILINGUAL_VOCABULARY or vocabulary in MULTILINGUAL_BERT)

    def infer(self, claim: Told, passages: Sequence[Told]) -> list[Inference]:
        """What each passage says of the claim, in order. An English model is given French by its gloss."""
        pairs = [(self._read(told), self._read(claim)) for told in passages]
        if not pairs:
            return []
        from torch.nn import Identity

        logits = np.asarray(
            self._model.predict(pairs, activation_fn=Identity(), show_progress_bar=False, convert_to_numpy=True)
        )
        return [inference_of(row, self._labels) for row in logits.reshape(len(pairs), -1)]

    def _read(self, told: Told) -> str:
        return told.text if self._is_multilingual else told.english


def _read_labels(config: dict[str, Any], folder: str) -> list[str]:
    """The labels in the order of the logits; one logit is entailment."""
    by_number = {int(number): str(label).lower() for number, label in (config.get("id2label") or {}).items()}
    labels = [by_number[number] for number in sorted(by_number)]
    count = len(labels) or int(config.get("num_labels", 0))
    if count == 1:
        return ["entailment"]
    if sum(_is_entailment(label) for label in labels) == 1:
        return labels
    raise ModelError(
        f"The model in '{folder}' has the labels {labels or 'label_0, label_1'}, none of which is «entailment»: name "
        "a cross-encoder for natural-language inference, or put its labels into id2label of its config.json."
    )


def _is_entailment(label: str) -> bool:
    return label.startswith("entail")


def _max_tokens(config: dict[str, Any]) -> int:
    return min(MAX_TOKENS, int(config.get("max_position_embeddings", MAX_TOKENS)))


def inference_of(logits: np.ndarray[Any, Any], labels: Sequence[str]) -> Inference:
    """What a model's logits, (labels,), say; a single one is entailment's."""
    if len(logits) == 1:
        return Inference(float(1 / (1 + np.exp(-logits[0]))), 0.0)
    powers = np.exp(logits - logits.max())
    shares = powers / powers.sum()
    entailment = sum(float(share) for share, label in zip(shares, labels, strict=True) if _is_entailment(label))
    contradiction = sum(
        float(share) for share, label in zip(shares, labels, strict=True) if label.startswith("contradict")
    )
    return Inference(entailment, contradiction)

"""A claim and a passage → whether the passage entails it or contradicts it, by trained weights, without torch.

It infers as `rag.support.inference_model` does, so that the support check can be given it.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from embeddings.pair_model import PairModel, PairText
from rag.support.inference_model import Inference, inference_of
from rag.support.told import Told

__all__ = ["LABELS", "ClaimReader"]

# In the order of the model's logits.
LABELS = ("entailment", "neutral", "contradiction")


class ClaimReader:
    """Reads claims with passages. Several threads may use one; loads nothing until it first reads.

    Raises `EncoderError` when it first reads, where its weights are damaged.
    """

    def __init__(self, weights: Path, *, threads: int | None = None) -> None:
        """As `PairModel`."""
        self._model = PairModel(weights, threads=threads)

    def infer(self, claim: Told, passages: Sequence[Told]) -> list[Inference]:
        """What each passage says of the claim, in order; French is read by its gloss."""
        return self.infer_texts([PairText(claim.english, (told.english,)) for told in passages])

    def infer_texts(self, texts: Sequence[PairText]) -> list[Inference]:
        """What the one sentence of each text says of its first part."""
        if not texts:
            return []
        weights, bias = self._model.head("inference")
        return [
            inference_of(weights @ np.concatenate([read.whole, read.sentences[0]]) + bias, LABELS)
            for read in self._model.read(texts)
        ]

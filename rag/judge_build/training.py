"""Groups and pairs → trained weights: the layers of the shipped encoder, taught to read two texts together.

The word vectors stay as they are, so that only the layers have to be kept, and French goes through the gloss as it
does everywhere. Matrix products are in bfloat16: on a processor that has it, half the time, and no worse.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import nn
from torch.nn import functional

from embeddings.pair_model import LaidOut, PairText, lay_out
from embeddings.shipped_encoder import installed_model_folder, open_tokenizer
from embeddings.shipped_weights import Weights
from rag.judge_build.claim_reader import LABELS
from rag.judge_build.questions import Group, Window

__all__ = ["AnswerJudge", "ClaimJudge", "Settings", "Tensors", "train"]

WIDTH = 384
DROPOUT = 0.1
# Share of the steps over which the learning rate rises.
WARM_UP = 0.05
# Batches are made of texts of like length, from so many shuffled ones.
SORTED_TEXTS = 2000
# The windows of a step are read in so many parts, by length: as one, a third of what is read would be padding.
READINGS = 3
MASKED = -1e4
REPORT_EVERY_STEPS = 100


@dataclass(frozen=True, slots=True)
class Settings:
    """Passes over the data, the greatest learning rate, and the pieces of text read in a step."""

    epochs: int
    learning_rate: float
    step_pieces: int
    seed: int
    device: str


@dataclass(frozen=True, slots=True)
class Tensors:
    """Texts laid out for the model: pieces, types and mask (n, length), and each sentence's share of its pieces."""

    pieces: torch.Tensor
    types: torch.Tensor
    mask: torch.Tensor
    pooling: torch.Tensor
    is_read: torch.Tensor

    @classmethod
    def of(cls, laid_out: Sequence[LaidOut], device: str) -> Tensors:
        length = max(len(one.pieces) for one in laid_out)
        most = max(len(one.sentences) for one in laid_out)
        pieces = torch.zeros(len(laid_out), length, dtype=torch.long)
        types, mask = torch.zeros_like(pieces), torch.zeros(len(laid_out), length)
        pooling = torch.zeros(len(laid_out), most, length)
        is_read = torch.zeros(len(laid_out), most, dtype=torch.bool)
        for row, one in enumerate(laid_out):
            pieces[row, : len(one.pieces)] = torch.tensor(one.pieces)
            types[row, one.second : len(one.pieces)] = 1
            mask[row, : len(one.pieces)] = 1
            for index, at in enumerate(one.sentences):
                if at is not None:
                    pooling[row, index, at[0] : at[1]] = 1 / (at[1] - at[0])
                    is_read[row, index] = True
        return cls(*(tensor.to(device) for tensor in (pieces, types, mask, pooling, is_read)))


class _PairReader(nn.Module):
    """The shipped encoder's layers, reading pairs."""

    def __init__(self) -> None:
        from transformers import BertModel

        super().__init__()
        self.body = BertModel.from_pretrained(
            installed_model_folder(),
            add_pooling_layer=False,
            attn_implementation="eager",
            attention_probs_dropout_prob=0.0,  # drawing it takes a third of a step on a processor
        )
        self.body.embeddings.requires_grad_(False)
        self.dropout = nn.Dropout(DROPOUT)
        self.tokenizer = open_tokenizer(installed_model_folder())

    def read(self, pairs: Sequence[PairText], device: str) -> tuple[Tensors, torch.Tensor, torch.Tensor]:
        """The tensors, the pairs' vectors (n, 384), and their sentences' (n, most, 384)."""
        tensors = Tensors.of([lay_out(self.tokenizer, pair) for pair in pairs], device)
        with torch.autocast(device, dtype=torch.bfloat16):
            values = self.body(
                input_ids=tensors.pieces, token_type_ids=tensors.types, attention_mask=tensors.mask
            ).last_hidden_state
        values = self.dropout(values.float())
        return tensors, values[:, 0], torch.einsum("nsl,nlw->nsw", tensors.pooling, values)

    def kept_weights(self, heads: Iterable[str]) -> Weights:
        """What is kept: the layers, by BERT's names, and the heads."""
        weights: Weights = {
            name: values.cpu().numpy() for name, values in self.body.state_dict().items() if name.startswith("encoder.")
        }
        for head in heads:
            layer = getattr(self, head)
            weights[f"{head}.weight"] = layer.weight.detach().cpu().numpy()
            weights[f"{head}.bias"] = layer.bias.detach().cpu().numpy()
        return weights


class AnswerJudge(_PairReader):
    """Which sentence of which passage answers, or none.

    It learns what the similarity of question and sentence doesn't tell: that is added to what it says.
    """

    def __init__(self) -> None:
        super().__init__()
        self.sentence = nn.Linear(WIDTH, 1)
        self.nothing = nn.Linear(WIDTH, 1)
        self.similarity = nn.Linear(1, 1)
        nn.init.constant_(self.similarity.weight, 8.0)
        nn.init.constant_(self.similarity.bias, -3.5)

    def scores(self, windows: Sequence[Window], device: str) -> list[torch.Tensor]:
        """Of each window, the log odds of its sentences against nothing's."""
        by_length = sorted(range(len(windows)), key=lambda place: sum(map(len, windows[place].text.sentences)))
        size = -(-len(windows) // READINGS)
        scores: dict[int, torch.Tensor] = {}
        for start in range(0, len(windows), size):
            places = by_length[start : start + size]
            scores.update(zip(places, self._scores_of_like([windows[p] for p in places], device), strict=True))
        return [scores[place] for place in range(len(windows))]

    def _scores_of_like(self, windows: Sequence[Window], device: str) -> list[torch.Tensor]:
        tensors, whole, sentences = self.read([window.text for window in windows], device)
        told = (self.sentence(sentences) - self.nothing(whole)[:, None])[..., 0]
        given = torch.zeros_like(told)
        for row, window in enumerate(windows):
            given[row, : len(window.similarities)] = torch.tensor(window.similarities)
        total = told + self.similarity(given[..., None])[..., 0]
        total = total.masked_fill(~tensors.is_read, MASKED)
        return [row[: len(window.similarities)] for row, window in zip(total, windows, strict=True)]

    def loss(self, groups: Sequence[Group], device: str) -> torch.Tensor:
        scores = iter(self.scores([window for group in groups for window in group.windows], device))
        losses = []
        for group in groups:
            found = torch.cat([torch.zeros(1, device=device), *(next(scores) for _ in group.windows)])
            is_answer = [
                index in window.answering for window in group.windows for index in range(len(window.similarities))
            ]
            targets = torch.tensor([not any(is_answer), *is_answer], device=device)
            losses.append(-torch.logsumexp(functional.log_softmax(found, 0)[targets], 0))
        return torch.stack(losses).mean()

    def trained(self) -> Weights:
        return self.kept_weights(("sentence", "nothing", "similarity"))


@dataclass(frozen=True, slots=True)
class Claim:
    """A claim (first) with its premise, and which of `LABELS` are right."""

    text: PairText
    labels: tuple[bool, ...]


class ClaimJudge(_PairReader):
    """What a passage says of a claim: entailment, neutral or contradiction."""

    def __init__(self) -> None:
        super().__init__()
        self.inference = nn.Linear(2 * WIDTH, len(LABELS))

    def scores(self, texts: Sequence[PairText], device: str) -> torch.Tensor:
        """(n, 3), from the pair's vector and its premise's."""
        _, whole, premises = self.read(texts, device)
        logits: torch.Tensor = self.inference(torch.cat([whole, premises[:, 0]], 1))
        return logits

    def loss(self, claims: Sequence[Claim], device: str) -> torch.Tensor:
        logs = functional.log_softmax(self.scores([claim.text for claim in claims], device), 1)
        is_right = torch.tensor([claim.labels for claim in claims], device=device)
        return -torch.logsumexp(logs.masked_fill(~is_right, MASKED), 1).mean()

    def trained(self) -> Weights:
        return self.kept_weights(("inference",))


def train(
    model: Any,
    examples: Sequence[Any],
    length: Callable[[Any], float],
    settings: Settings,
    report: Callable[[str], None],
) -> None:
    """The model trained on the examples, in place; `length` is an example's in pieces, near enough."""
    torch.manual_seed(settings.seed)
    model.to(settings.device).train()
    draw = random.Random(settings.seed)
    steps = [batch for _ in range(settings.epochs) for batch in _batches(examples, length, settings.step_pieces, draw)]
    parameters = [values for values in model.parameters() if values.requires_grad]
    optimiser = torch.optim.AdamW(parameters, lr=settings.learning_rate, weight_decay=0.01)
    rising = max(1, round(WARM_UP * len(steps)))
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimiser, lambda step: min(1.0, (step + 1) / rising) * max(0.02, 1 - step / len(steps))
    )
    started, losses = time.monotonic(), []
    for number, batch in enumerate(steps, start=1):
        loss = model.loss(batch, settings.device)
        loss.backward()
        nn.utils.clip_grad_norm_(parameters, 1.0)
        optimiser.step()
        optimiser.zero_grad()
        schedule.step()
        losses.append(float(loss.detach()))
        if number % REPORT_EVERY_STEPS == 0 or number == len(steps):
            seconds = time.monotonic() - started
            report(f"step {number} of {len(steps)}, loss {np.mean(losses[-REPORT_EVERY_STEPS:]):.3f}, {seconds:.0f} s")
    model.eval()


def _batches(
    examples: Sequence[Any], length: Callable[[Any], float], step_pieces: int, draw: random.Random
) -> list[list[Any]]:
    """All examples, shuffled, in batches of about `step_pieces` and of like length."""
    shuffled = draw.sample(list(examples), len(examples))
    batches: list[list[Any]] = []
    for start in range(0, len(shuffled), SORTED_TEXTS):
        batch: list[Any] = []
        for example in sorted(shuffled[start : start + SORTED_TEXTS], key=length):
            if batch and length(example) * (len(batch) + 1) > step_pieces:
                batches.append(batch)
                batch = []
            batch.append(example)
        batches.append(batch)
    draw.shuffle(batches)
    return batches

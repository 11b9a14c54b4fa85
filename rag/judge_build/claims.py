"""Pairs of premise and hypothesis → what the inference model learns from: of each source a share, and pairs by rule.

French has little inference data that is free, so pairs are made from sentences that stand in both languages: a
translation follows from its original, and no longer does when one figure, one name or a denial is changed in it.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from rag.judge_build.sources import LABELS, Premised, read_inference, read_parallel

__all__ = ["INFERENCE_SHARES", "changed", "make_pairs", "read_claims_data"]

# Pairs taken of each file, balanced over its labels, None for all; then whether its text is tokenised. News, facts
# and what machines write about sources in full, picture captions and made-up sentences a little.
INFERENCE_SHARES: dict[str, tuple[int | None, bool]] = {
    "fever_eraser_val": (7000, True),
    "fever_eraser_test": (5000, True),
    "fever_eraser_neutral_heuristic_val": (3500, True),
    "fever_eraser_neutral_heuristic_test": (2500, True),
    "feversym_v01_full": (None, True),
    "feversym_v02_dev": (None, True),
    "feversym_v02_test": (None, True),
    "wice_claim_oracle_dev": (None, False),
    "begin_dev_wow": (None, False),
    "begin_test_wow": (None, False),
    "begin_dev_tc": (None, False),
    "begin_dev_cmu": (None, False),
    "esnli_dev": (4500, True),
    "snli_cad_train": (6000, False),
    "conjnli_dev": (None, False),
    "conjnli_adversarial_train": (3000, False),
    "breaking_nli": (1200, False),
    "med": (1500, False),
    "help_andor": (600, True),
    "hans_generated": (2500, False),
    "scifact_abstract_train": (None, True),
    "fr_rte3_dev": (None, False),
    "fr_rte3_test": (None, False),
    "fr_daccord": (None, False),
    "fr_gqnli": (None, False),
}
# Long news pages and French are rare: these are learnt twice.
TWICE = ("wice_claim_oracle_dev", "fr_rte3_dev", "fr_rte3_test", "fr_daccord")
PARALLEL_SHARES = {"tico19": 4000, "cds_blog": 2000}
PARALLEL_WORDS = (6, 40)
# A clause that is cut off keeps so many words, and so does what is left.
CLAUSE_WORDS = 5

_FIGURE = re.compile(r"(?<![\w.,-])\d{1,4}(?:[.,]\d+)?(?![\w-])")
_NAME = re.compile(r"(?<=[a-z,] )[A-Z][a-zé]{3,}(?: [A-Z][a-zé]{2,})?")
_DENIABLE = {
    "en": re.compile(r"\b(is|are|was|were|has|have|had|will|can|could|should|would|may|must) (?!not|n't)"),
    "fr": re.compile(
        r"\b(est|sont|était|étaient|a|ont|avait|peut|peuvent|doit|doivent|sera|pourrait) (?!pas|été pas|plus)"
    ),
}
_JOINT = re.compile(r", | and | et ")


def read_claims_data(folder: Path, seed: int) -> list[Premised]:
    """All that the inference model is trained on, from the folder of open data."""
    draw = random.Random(seed)
    pairs: list[Premised] = []
    for name, (share, is_tokenised) in INFERENCE_SHARES.items():
        language = "fr" if name.startswith("fr_") else "en"
        read = list(read_inference(folder / "inference" / f"nli_{name}.tsv.gz", language, is_tokenised=is_tokenised))
        pairs += _balanced(read, share, draw) * (2 if name in TWICE else 1)
    for name, share in PARALLEL_SHARES.items():
        pairs += make_pairs(read_parallel(folder / "parallel" / f"{name}.tsv.gz"), share, draw)
    return pairs


def make_pairs(parallel: Iterable[tuple[str, str]], count: int, draw: random.Random) -> list[Premised]:
    """At most `count` pairs by rule, within and across the languages."""
    shortest, longest = PARALLEL_WORDS
    sentences = [pair for pair in parallel if shortest <= len(pair[0].split()) <= longest]
    names = [match.group() for english, _ in sentences for match in _NAME.finditer(english)]
    draw.shuffle(sentences)
    pairs: list[Premised] = []
    for english, french in sentences:
        if len(pairs) >= count:
            break
        told = [("en", english), ("fr", french)]
        ways = [(premise, hypothesis) for premise in told for hypothesis in told]
        for (language, premise), (other, hypothesis) in draw.sample(ways, 2):
            if language != other and draw.random() < 0.5:
                pairs.append(Premised(premise, language, hypothesis, other, LABELS["entailment"]))
            if altered := changed(hypothesis, other, names, draw):
                pairs.append(Premised(premise, language, altered, other, LABELS["not_entailment"]))
            if language == other and draw.random() < 0.5 and (part := _first_clause(premise)):
                pairs.append(Premised(part, language, hypothesis, other, LABELS["not_entailment"]))
    return pairs[:count]


def changed(sentence: str, language: str, names: Sequence[str], draw: random.Random) -> str | None:
    """The sentence with another figure or name, or a denial, whichever can be made; None where none can."""
    ways: list[Callable[[], str | None]] = [
        lambda: _with_figure(sentence, draw),
        lambda: _with_name(sentence, names, draw),
        lambda: _denied(sentence, language),
    ]
    for way in draw.sample(ways, len(ways)):
        if altered := way():
            return altered
    return None


def _balanced(pairs: list[Premised], share: int | None, draw: random.Random) -> list[Premised]:
    draw.shuffle(pairs)
    if share is None:
        return pairs
    by_labels: dict[frozenset[str], list[Premised]] = {}
    for pair in pairs:
        by_labels.setdefault(pair.labels, []).append(pair)
    return [pair for some in by_labels.values() for pair in some[: share // len(by_labels)]]


def _with_figure(sentence: str, draw: random.Random) -> str | None:
    figures = list(_FIGURE.finditer(sentence))
    if not figures:
        return None
    figure = draw.choice(figures)
    at = draw.choice([index for index in range(figure.start(), figure.end()) if sentence[index].isdigit()])
    other = draw.choice([digit for digit in "123456789" if digit != sentence[at]])
    return sentence[:at] + other + sentence[at + 1 :]


def _with_name(sentence: str, names: Sequence[str], draw: random.Random) -> str | None:
    found = list(_NAME.finditer(sentence))
    if not found or not names:
        return None
    old, new = draw.choice(found), draw.choice(names)
    return None if new in sentence else sentence[: old.start()] + new + sentence[old.end() :]


def _denied(sentence: str, language: str) -> str | None:
    verb = _DENIABLE[language].search(sentence)
    if verb is None:
        return None
    start, end = verb.span(1)
    if language == "en":
        return f"{sentence[:end]} not{sentence[end:]}"
    particle = "n'" if sentence[start] in "aeéo" else "ne "
    return f"{sentence[:start]}{particle}{verb[1]} pas{sentence[end:]}"


def _first_clause(sentence: str) -> str | None:
    parts = _JOINT.split(sentence, maxsplit=1)
    is_long = len(parts) == 2 and min(len(part.split()) for part in parts) >= CLAUSE_WORDS
    return f"{parts[0]}." if is_long else None

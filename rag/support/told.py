"""A text with what is compared of it: the claim that is checked, and the passage it is checked against.

Whatever can be compared within one language is; across the two, French is read by its gloss, which keeps names
and figures and puts the words into English.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property, lru_cache

from embeddings import in_english
from rag.figures import Figure, find_figures
from rag.language import detect_language
from rag.records import Passage
from rag.sentences import split_sentences
from rag.support.irregular_verbs import english_stem, english_stems
from rag.words import content_stems, fold, normalise, words

__all__ = ["Told", "without_markers"]

# Passages kept with their figures, stems and gloss: those of a few answers.
READ_PASSAGES = 64

_MARKER = re.compile(r"\s*\[\d+(?:\s*,\s*\d+)*\]")


def without_markers(sentence: str) -> str:
    """A sentence of an answer, its markers such as `[1]` left out."""
    return _MARKER.sub("", sentence).strip()


@dataclass(frozen=True)
class Told:
    """A text and its language; `title` is that of the article it stands in, where names may be met too."""

    text: str
    language: str
    title: str = ""

    @classmethod
    def of_sentence(cls, sentence: str) -> Told:
        """A sentence of an answer, without its markers."""
        bare = without_markers(sentence)
        return cls(bare, detect_language(bare) or "en")

    @staticmethod
    def of_passage(passage: str | Passage) -> Told:
        if isinstance(passage, Passage):
            language = passage.article.language or detect_language(passage.text) or "en"
            return _read(passage.text, language, passage.article.title)
        return _read(passage, detect_language(passage) or "en", "")

    @cached_property
    def english(self) -> str:
        """French by its gloss, good enough to tell what is spoken of; anything else as it is."""
        return in_english(self.text, self.language)

    @cached_property
    def sentences(self) -> list[str]:
        return [self.text[span.start : span.end] for span in split_sentences(self.text, self.language)]

    @cached_property
    def english_sentences(self) -> list[str]:
        return [in_english(sentence, self.language) for sentence in self.sentences]

    @cached_property
    def figures(self) -> tuple[Figure, ...]:
        return find_figures(self.text, self.language)

    @cached_property
    def title_figures(self) -> tuple[Figure, ...]:
        return find_figures(self.title, self.language)

    @cached_property
    def stems(self) -> list[str]:
        """The stems of its content words, in English where it is French or English."""
        if self.language in ("en", "fr"):
            return english_stems(self.english)
        return content_stems(self.text, self.language)

    @cached_property
    def stem_set(self) -> frozenset[str]:
        return frozenset(self.stems)

    @cached_property
    def own_stem_set(self) -> frozenset[str]:
        """The stems of its content words in its own language."""
        return frozenset(content_stems(self.text, self.language))

    def as_written(self, found: str) -> str | None:
        """The word that a folded word or an English stem was found in, as the text writes it; None where none was."""
        for word in words(self.text):
            glossed = english_stems(in_english(word.surface, self.language)) or [english_stem(word.surface)]
            if found in (fold(word.surface), *glossed):
                return word.surface
        return None

    @cached_property
    def plain(self) -> str:
        """For comparing word for word: without case, quotation marks and the marks at its ends."""
        return " ".join(normalise(self.text).replace('"', " ").casefold().split()).strip(" .!?;:,…'")

    @cached_property
    def folded(self) -> str:
        """Title and text in lower case, without accents."""
        return fold(normalise(f"{self.title}\n{self.text}"))

    @cached_property
    def folded_gloss(self) -> str:
        return fold(in_english(f"{self.title}\n{self.text}", self.language))

    @cached_property
    def capitalised(self) -> frozenset[str]:
        """The capitalised words of title and text, without accents, in lower case."""
        return frozenset(fold(word.surface) for word in words(f"{self.title}\n{self.text}") if word.is_capitalised)


@lru_cache(maxsize=READ_PASSAGES)
def _read(text: str, language: str, title: str) -> Told:
    """One passage, with what is worked out of it, for all the sentences that are checked against it."""
    return Told(text, language, title)

"""French text → words as the gloss table spells them, the same for the glosser and for the table's builder.

A hyphen divides words («porte-parole» and «porte parole» are the same two), an elision is a word of its
own that keeps its apostrophe («l'», «qu'»), a figure with grouped thousands is one word. Accents are kept:
«marché» and «marche» are different words, and a text that leaves accents out is the glosser's business.
"""

from __future__ import annotations

import re
import unicodedata

__all__ = ["split_words", "strip_accents", "word_key", "word_keys"]

# What stands before an apostrophe and is elided; in all else («aujourd'hui», «O'Brien») it belongs to the word.
_ELIDED = r"(?:jusqu|lorsqu|puisqu|quoiqu|quelqu|qu|[cdjlmnst])['’ʼ]"
_THOUSANDS = r"\d{1,3}(?:[ \u00a0\u202f]\d{3})+(?:,\d+)?(?![\w])"
_FIGURE = r"\d+(?:[.,]\d+)*(?![\w])"
_WORD = r"\w+(?:['’ʼ]\w+)?"
_WORDS = re.compile(rf"((?<!\w){_ELIDED}|{_THOUSANDS}|{_FIGURE}|{_WORD})", re.IGNORECASE)
_SPELLING = str.maketrans({"’": "'", "ʼ": "'", "œ": "oe", "æ": "ae"})


def split_words(text: str) -> list[str]:
    """The text cut into what stands between words and words, alternating, beginning and ending with the former.

    Joined again they give the text: of «L’accord.» it is `["", "L’", "", "accord", "."]`.
    """
    return _WORDS.split(text)


def word_key(word: str) -> str:
    """The word as the table spells it: lower case, straight apostrophe, «œ» as «oe», composed accents.

    >>> word_key("L’"), word_key("Œuvre"), word_key("ÉTAT")
    ("l'", 'oeuvre', 'état')
    """
    lower = word.lower()
    return lower if lower.isascii() else unicodedata.normalize("NFC", lower).translate(_SPELLING)


def word_keys(text: str) -> list[str]:
    """The keys of all words of a text, in order.

    >>> word_keys("Qu’est-ce que l’OTAN ?")
    ["qu'", 'est', 'ce', 'que', "l'", 'otan']
    """
    return [word_key(word) for word in split_words(unicodedata.normalize("NFC", text))[1::2]]


def strip_accents(key: str) -> str:
    """The key, or many of them in one text, without accents: «état» → «etat»."""
    if key.isascii():
        return key
    plain = unicodedata.normalize("NFD", key)
    for mark in filter(unicodedata.combining, set(plain)):
        plain = plain.replace(mark, "")
    return plain

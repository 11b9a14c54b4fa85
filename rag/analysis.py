"""Text → the terms it is found by, by the language it is in: the same for articles and questions."""

from __future__ import annotations

import re

from rag.words import is_content, stem, words

__all__ = ["terms"]

# Longer «words» are encoded data; tantivy would drop a term above 65,530 bytes.
TERM_CHARACTERS = 64

# «4,000», «4 000» and «4 000» with a no-break space are one number.
_THOUSANDS = re.compile(r"(?<![\w.,])\d{1,3}(?:([, \u00a0\u202f])\d{3})(?:\1\d{3})*(?![\w]|[.,]\d)")
_SEPARATORS = re.compile(r"[, \u00a0\u202f]")


def terms(text: str, language: str | None) -> list[str]:
    """The terms a text is found by, in order: stems of its content words, lower case, without accents.

    Words in capitals («US», «WHO») are kept even where they spell a function word.

    Example:
        >>> terms("L’Otan déploie 4 000 soldats", "fr")
        ['otan', 'deploi', '4000', 'soldat']
    """
    joined = _THOUSANDS.sub(lambda match: _SEPARATORS.sub("", match.group()), text.replace("’", "'"))
    stems = (
        stem(word.surface[:TERM_CHARACTERS], language)
        for word in words(joined)
        if is_content(word.surface, language) or (len(word.surface) > 1 and word.surface.isupper())
    )
    # A few Arabic letters come apart into a space and a mark.
    return [found for found in ("".join(stem.split()) for stem in stems) if found]

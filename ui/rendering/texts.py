"""Every word that the faces say to a reader, in English and French, in one table.

A text is asked for by its key and the interface's language; `{…}` in it are filled by name. Languages are named by
`ui.rendering.languages` and dates written out by `ui.rendering.dating`, so that a page never mixes two languages.
"""

from __future__ import annotations

import re

from ui.rendering.answer_texts import ANSWER_TEXTS
from ui.rendering.page_texts import PAGE_TEXTS

__all__ = ["TEXT_BY_KEY", "colon", "text"]

TEXT_BY_KEY = PAGE_TEXTS | ANSWER_TEXTS

# French keeps ; : ! ? and « » on the line of their word by a no-break space; it is put in when a text is asked for.
_FRENCH_SPACE = re.compile("(?<=«) | (?=[;:!?»])")


def text(key: str, language: str, **values: str | int) -> str:
    """The text under `key`, filled with `values`, in English unless `language` is "fr".

    >>> text("reading", "fr", count=8)
    'Lecture de 8 passages…'
    """
    english, french = TEXT_BY_KEY[key]
    template = _FRENCH_SPACE.sub("\u00a0", french) if language == "fr" else english
    return template.format(**values)


def colon(language: str) -> str:
    """A colon as the language writes it behind a word."""
    return "\u00a0:" if language == "fr" else ":"

"""What a PDF or Word file says about itself → what of it can be believed.

Programs fill these in: titles are file names, authors are the machine's user, and the creation date is the day
somebody printed the page, so no date is taken from them at all.
"""

from __future__ import annotations

import re

from rag.reading.bylines import is_person_name, split_authors
from rag.reading.cleaning import word_count
from rag.reading.tidy import tidy_line

__all__ = ["believable_authors", "believable_title"]

_FEWEST_TITLE_WORDS = 3
_PROGRAM_TITLE = re.compile(
    r"(?:microsoft \w+ - .*|untitled.*|sans titre.*|document ?\d*|\W*anonymous\W*|word document"
    r"|.*\.(?:docx?|pdf|indd|qxd|odt|rtf|txt|html?))",
    re.IGNORECASE,
)


def believable_title(value: object) -> str:
    """The title in `value`, or "" where it looks made by a program."""
    title = tidy_line(value) if isinstance(value, str) else ""
    return "" if word_count(title) < _FEWEST_TITLE_WORDS or _PROGRAM_TITLE.fullmatch(title) else title


def believable_authors(value: object) -> tuple[str, ...]:
    """The people named in `value`; user and program names are left out."""
    names = split_authors(tidy_line(value)) if isinstance(value, str) else ()
    return tuple(name for name in names if is_person_name(name))

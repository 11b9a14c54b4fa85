"""A PDF file → the article in it.

A PDF holds lines at places, no paragraphs. A wider gap, another letter size, or a line that stops early
ends a paragraph; the largest letters on the first page are the title; what stands on every page goes.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from io import BytesIO
from itertools import pairwise
from statistics import median
from typing import TYPE_CHECKING

from rag.errors import ReadingError
from rag.reading.cleaning import word_count
from rag.reading.drafts import Draft
from rag.reading.file_properties import believable_authors, believable_title
from rag.reading.metadata import Metadata
from rag.reading.reflow import blocks_of, page_furniture
from rag.reading.saved_text import draft_from_blocks
from rag.reading.tidy import tidy_line
from rag.reasons import reason

if TYPE_CHECKING:
    from pypdf import PageObject, PdfReader

__all__ = ["read_pdf"]

_MOST_PAGES = 1000
_MOST_CHARACTERS = 6_000_000

# A gap this much wider than the usual one between two lines divides paragraphs.
_WIDE_GAP = 1.3
# Letters this much larger than the text's make a heading.
_HEADING_SIZE = 1.15
_SAME_SIZE_POINTS = 0.6

_TITLE_WORDS = range(3, 31)


@dataclass(frozen=True, slots=True)
class _PdfLine:
    """One line of a page: its letters' size in points and how far up it stands."""

    text: str
    size: float
    height: float


def read_pdf(data: bytes, name: str = "") -> Draft:
    """The article in a PDF file; `name` is the file's, whose words may repeat the title's.

    Raises ReadingError when the file is encrypted, broken, or holds only pictures.
    """
    # Imported here: nothing else needs it.
    from pypdf import PdfReader
    from pypdf.errors import DependencyError

    logging.getLogger("pypdf").setLevel(logging.CRITICAL)  # it reports each flaw of a file to stderr
    try:
        reader = PdfReader(BytesIO(data))
        if reader.is_encrypted and not reader.decrypt(""):
            raise ReadingError(reason("encrypted_pdf"))
        pages = _pages(reader)
        properties: Mapping[str, object] = reader.metadata or {}
        title_property, author_property = properties.get("/Title"), properties.get("/Author")
    except ReadingError:
        raise
    except DependencyError as error:
        raise ReadingError(reason("encrypted_pdf")) from error
    except Exception as error:
        # Broken files make pypdf raise what its parser happens to stumble on (KeyError, TypeError,
        # RecursionError, struct.error …) besides its own errors; the list can't be known.
        raise ReadingError(reason("broken_pdf", error=f"{type(error).__name__}: {error}")) from error
    if not any(line.text for page in pages for line in page):
        raise ReadingError(reason("scanned_pdf"))
    return _draft(pages, believable_title(title_property), believable_authors(author_property), name)


def _pages(reader: PdfReader) -> list[list[_PdfLine]]:
    if len(reader.pages) > _MOST_PAGES:
        raise ReadingError(reason("long_pdf", pages=len(reader.pages), most=_MOST_PAGES))
    pages: list[list[_PdfLine]] = []
    characters = 0
    for page in reader.pages:
        pages.append(_lines(page))
        characters += sum(len(line.text) for line in pages[-1])
        if characters > _MOST_CHARACTERS:
            raise ReadingError(reason("wordy_pdf", most=f"{_MOST_CHARACTERS:,}"))
    return pages


def _lines(page: PageObject) -> list[_PdfLine]:
    lines: list[_PdfLine] = []
    pieces: list[tuple[str, float]] = []

    def end_line(height: float) -> None:
        text = tidy_line("".join(piece for piece, _ in pieces))
        if text:
            lines.append(_PdfLine(text, max(size for piece, size in pieces if piece.strip()), height))
        pieces.clear()

    def visit(text: str, page_matrix: Sequence[float], matrix: Sequence[float], _font: object, size: float) -> None:
        shown_size = abs(size * matrix[3] * page_matrix[3])
        height = matrix[4] * page_matrix[1] + matrix[5] * page_matrix[3] + page_matrix[5]
        for index, piece in enumerate(text.split("\n")):
            if index:
                end_line(height)
            pieces.append((piece, shown_size))

    page.extract_text(visitor_text=visit)
    end_line(0.0)
    return lines


def _draft(pages: Sequence[Sequence[_PdfLine]], title: str, authors: tuple[str, ...], name: str) -> Draft:
    furniture = page_furniture([[line.text for line in page] for page in pages])
    kept = [
        [line for index, line in enumerate(page) if index not in dropped]
        for page, dropped in zip(pages, furniture, strict=True)
    ]
    text_size = _text_size(kept)
    shown_title = _shown_title(kept[0], text_size)
    if shown_title:
        title = " ".join(line.text for line in shown_title)
        kept[0] = [line for line in kept[0] if line not in shown_title]
    lines = [text for page in kept for text in _with_breaks(page)]
    heads = [pages[0][index].text for index in sorted(furniture[0])]
    draft = draft_from_blocks(blocks_of(lines), Metadata(title=title), hints=(name,), heads=heads)
    return replace(draft, authors=draft.authors or authors)


def _text_size(pages: Sequence[Sequence[_PdfLine]]) -> float:
    """The size most of the letters have."""
    letters_by_size = Counter[float]()
    for page in pages:
        for line in page:
            letters_by_size[round(line.size, 1)] += len(line.text)
    return letters_by_size.most_common(1)[0][0] if letters_by_size else 0.0


def _shown_title(lines: Sequence[_PdfLine], text_size: float) -> list[_PdfLine]:
    """The lines set in the largest letters, if they stand together and are as long as a title."""
    largest = max((line.size for line in lines), default=0.0)
    large = [index for index, line in enumerate(lines) if line.size > largest - _SAME_SIZE_POINTS]
    is_together = bool(large) and large[-1] - large[0] == len(large) - 1
    words = sum(word_count(lines[index].text) for index in large)
    is_title = largest > _HEADING_SIZE * text_size and is_together and words in _TITLE_WORDS
    return [lines[index] for index in large] if is_title else []


def _with_breaks(lines: Sequence[_PdfLine]) -> list[str]:
    """The lines' texts, an empty one wherever a gap or another size divides two of them."""
    gaps = [above.height - below.height for above, below in pairwise(lines)]
    usual_gap = median([gap for gap in gaps if gap > 0] or [0.0])
    texts: list[str] = []
    for index, line in enumerate(lines):
        if index:
            is_apart = usual_gap and gaps[index - 1] > _WIDE_GAP * usual_gap
            if is_apart or abs(line.size - lines[index - 1].size) > _SAME_SIZE_POINTS:
                texts.append("")
        texts.append(line.text)
    return texts

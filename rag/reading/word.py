"""A Word file (.docx) → the article in it."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO
from typing import TYPE_CHECKING

from rag.errors import ReadingError
from rag.reading.drafts import Draft
from rag.reading.file_properties import believable_authors, believable_title
from rag.reading.metadata import Metadata
from rag.reading.saved_text import draft_from_blocks
from rag.reading.tidy import tidy_line, tidy_lines
from rag.reasons import reason

if TYPE_CHECKING:
    from docx.document import Document
    from docx.table import Table

__all__ = ["read_word"]

# A long report with its pictures unpacks to some 100 MB; a zip bomb to gigabytes.
_LARGEST_UNPACKED_BYTES = 300_000_000
# The text itself is XML, parsed as a whole.
_LARGEST_TEXT_BYTES = 60_000_000
_TEXT_PART = "word/document.xml"

_TITLE_STYLES = frozenset({"title", "titre"})
_FIRST_HEADING_STYLES = frozenset({"heading 1", "titre 1"})


def read_word(data: bytes, name: str = "") -> Draft:
    """The article in a .docx file; `name` is the file's, whose words may repeat the title's.

    Raises ReadingError when the file is broken, or unpacks to more than any article.
    """
    # Imported here: nothing else needs it.
    import docx

    _check_size(data)
    try:
        document = docx.Document(BytesIO(data))
        blocks = list(_blocks(document))
        heads = _heads(document)
        styled_title = _styled_title(document)
        properties = document.core_properties
        title_property, author_property = properties.title, properties.author
    except Exception as error:
        # python-docx checks nothing: a part that is missing or mangled ends in KeyError, AttributeError,
        # lxml's or zipfile's own errors, whichever line meets it first.
        raise ReadingError(reason("broken_word", error=f"{type(error).__name__}: {error}")) from error
    title = styled_title or believable_title(title_property)
    draft = draft_from_blocks(blocks, Metadata(title=title), hints=(name,), heads=heads)
    return replace(draft, authors=draft.authors or believable_authors(author_property))


def _check_size(data: bytes) -> None:
    try:
        with zipfile.ZipFile(BytesIO(data)) as package:
            sizes = {info.filename: info.file_size for info in package.infolist()}
    except (zipfile.BadZipFile, ValueError, OverflowError, NotImplementedError) as error:
        raise ReadingError(reason("broken_word", error=str(error))) from error
    if sum(sizes.values()) > _LARGEST_UNPACKED_BYTES or sizes.get(_TEXT_PART, 0) > _LARGEST_TEXT_BYTES:
        raise ReadingError(reason("unpacks_large", megabytes=f"{sum(sizes.values()) / 1e6:,.0f}"))


def _blocks(document: Document) -> Iterator[list[str]]:
    """The text of each paragraph and table cell in order, as lines."""
    from docx.table import Table

    for content in document.iter_inner_content():
        paragraphs = list(_cell_texts(content)) if isinstance(content, Table) else [content.text]
        for text in paragraphs:
            lines = [line for line in tidy_lines(text) if line]
            if lines:
                yield lines


def _heads(document: Document) -> list[str]:
    """The lines of the first page's head and foot."""
    section = document.sections[0]
    texts = [paragraph.text for part in (section.header, section.footer) for paragraph in part.paragraphs]
    return [line for text in texts for line in tidy_lines(text) if line]


def _cell_texts(table: Table) -> Iterator[str]:
    """Each row as one line, its cells divided by bars; merged cells once."""
    for row in table.rows:
        cells = {id(cell._tc): cell.text for cell in row.cells}
        texts = [" ".join(text.split()) for text in cells.values() if text.strip()]
        yield f"| {' | '.join(texts)} |" if texts else ""


def _styled_title(document: Document) -> str:
    """The paragraph in the style "Title", or the first in the style "Heading 1"."""
    for styles in (_TITLE_STYLES, _FIRST_HEADING_STYLES):
        for paragraph in document.paragraphs:
            name = (paragraph.style.name or "") if paragraph.style is not None else ""
            if name.lower() in styles and paragraph.text.strip():
                return tidy_line(paragraph.text)
    return ""

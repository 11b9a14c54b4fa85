"""A web page → the article on it.

trafilatura finds the article among menus and adverts. The page's whole text is read once more, as saved text is:
that gives what the tags leave out (a byline, a date), and the article itself where trafilatura finds none or takes a
layout table for it.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Container, Sequence
from typing import TYPE_CHECKING

from rag.errors import ReadingError
from rag.language import detect_language
from rag.reading.body import before_comments, chronology_headings, numbered, read_body
from rag.reading.bylines import split_authors
from rag.reading.cleaning import ends_sentence, is_prose, word_count
from rag.reading.dates import parse_date
from rag.reading.drafts import Draft, canonical_url, site_of
from rag.reading.markup import page_blocks, parse_page
from rag.reading.metadata import Metadata
from rag.reading.page_titles import meta_content, title_and_outlet
from rag.reading.saved_text import draft_from_blocks
from rag.reading.titles import same_words
from rag.reasons import reason

if TYPE_CHECKING:
    from lxml.html import HtmlElement
    from trafilatura.settings import Document

__all__ = ["read_page"]

# Articles are pages of 50 to 500 kB; parsing and weighing one this large takes a minute.
_LARGEST_PAGE_CHARACTERS = 5_000_000

# A cell with this much text is no table of figures: the page was laid out with it.
_LAYOUT_CELL_WORDS = 40

# A front page has headings that are links, and hardly a paragraph.
_FRONT_PAGE_HEADINGS = 3
_ARTICLE_PARAGRAPHS = 3
_FEWEST_SENTENCE_WORDS = 4

_TABLE_RULE = re.compile(r"[|\s:-]*---[|\s:-]*")
_SENTENCE_END = re.compile(r"[.!?…][»”\"’')\]]*(?:\s|$)")
_NO_AUTHORS = frozenset("admin administrator administrateur webmaster editor staff rédaction unknown author".split())


def read_page(text: str, url: str | None = None, name: str = "") -> Draft:
    """The article on an HTML page; `url` is where it was fetched from, `name` a file's.

    Raises ReadingError when there is no article on it.
    """
    if len(text) > _LARGEST_PAGE_CHARACTERS:
        raise ReadingError(reason("long_page", characters=f"{len(text):,}", most=f"{_LARGEST_PAGE_CHARACTERS:,}"))
    tree = parse_page(text)
    blocks = page_blocks(tree)
    copied = draft_from_blocks(blocks, hints=(name,))
    extracted = _extract(text, url)
    known = _metadata(tree, extracted, copied, url)
    links = {_letters(link.text_content()) for link in tree.iter("a")}
    found = _found_paragraphs(extracted.text or "", known, blocks, links) if extracted else ()
    paragraphs = found if _has_article(found, copied.paragraphs) else copied.paragraphs
    paragraphs = tuple(paragraph for paragraph in paragraphs if not same_words(paragraph, known.title))
    if not _is_article_page(tree, paragraphs):
        raise ReadingError(reason("no_article_on_page"))
    return Draft(
        title=known.title,
        paragraphs=paragraphs,
        url=known.url,
        source=known.source,
        authors=known.authors,
        published=known.published,
    )


def _extract(text: str, url: str | None) -> Document | None:
    # Imported here: trafilatura and what it needs take a quarter of a second.
    import trafilatura

    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)  # it reports each empty page to stderr
    # Without extensive search no date is guessed from the text; the original date is the publication's.
    date_parameters = {"original_date": True, "extensive_search": False}
    try:
        return trafilatura.bare_extraction(
            text, url=url, include_comments=False, with_metadata=True, date_extraction_params=date_parameters
        )
    except Exception as error:
        # Its heuristics meet any page and raise whatever a page provokes (ValueError, AttributeError,
        # RecursionError …); the list can't be known, and one page must not end a run over thousands.
        raise ReadingError(reason("broken_page", error=f"{type(error).__name__}: {error}")) from error


def _metadata(tree: HtmlElement, extracted: Document | None, copied: Draft, url: str | None) -> Metadata:
    """What the page's tags say, and where they are silent, its text."""
    guesses = (copied.title, (extracted.title if extracted else None) or "")
    title, outlet_beside_title = title_and_outlet(tree, guesses)
    tagged_authors = split_authors((extracted.author if extracted else None) or "")
    return Metadata(
        title=title,
        url=_trusted_url(extracted.url if extracted else None, url),
        source=meta_content(tree, "og:site_name")
        or outlet_beside_title
        or copied.source
        or (extracted.sitename if extracted else None),
        authors=tuple(name for name in tagged_authors if name.lower() not in _NO_AUTHORS and "@" not in name)
        or copied.authors,
        published=(parse_date(extracted.date) if extracted and extracted.date else None) or copied.published,
    )


def _found_paragraphs(
    text: str, known: Metadata, blocks: Sequence[Sequence[str]], links: Container[str]
) -> tuple[str, ...]:
    """The paragraphs that trafilatura found, cleaned by the rules for all readers.

    It makes every space a plain one; lines that the page's `blocks` hold as well are taken from there. Above the
    first paragraph and below the last, lines that are nothing but one of the `links` are menus.
    """
    line_by_letters = {_letters(line): line for block in blocks for line in block}
    found_lines = [
        line.removeprefix("- ") for line in text.split("\n") if line.strip() and not _TABLE_RULE.fullmatch(line)
    ]
    lines = [line_by_letters.get(_letters(line), line) for line in found_lines]
    prose = [index for index, line in enumerate(lines) if is_prose(line)] or [0]
    kept = [
        line
        for index, line in enumerate(lines)
        if not same_words(line, known.title)
        and (prose[0] <= index <= prose[-1] or ends_sentence(line) or _letters(line) not in links)
    ]
    article_lines, _ = before_comments(numbered([[line] for line in kept]))
    body = read_body(article_lines, detect_language(text, among=()), known, chronology_headings(article_lines))
    return body.paragraphs


def _letters(line: str) -> str:
    return "".join(line.split())


def _trusted_url(canonical: str | None, fetched_from: str | None) -> str | None:
    """The address a page calls its own; a fetched page is believed only about its own site.

    Else any page could claim, and so replace, another site's article.
    """
    if fetched_from and (not canonical_url(canonical) or site_of(canonical) != site_of(fetched_from)):
        return fetched_from
    return canonical_url(canonical)


def _has_article(found: Sequence[str], copied: Sequence[str]) -> bool:
    """Whether what was found is running text, if there is any, and no row of a layout table."""
    if any(paragraph.startswith("|") and word_count(paragraph) >= _LAYOUT_CELL_WORDS for paragraph in found):
        return False
    return any(map(is_prose, found)) or (bool(found) and not any(map(is_prose, copied)))


def _is_article_page(tree: HtmlElement, paragraphs: Sequence[str]) -> bool:
    sentences = sum(
        bool(_SENTENCE_END.search(text)) and word_count(text) >= _FEWEST_SENTENCE_WORDS for text in paragraphs
    )
    prose = sum(map(is_prose, paragraphs))
    linked_headings = sum(
        heading.find(".//a[@href]") is not None or heading.getparent().tag == "a"
        for heading in tree.iter("h1", "h2", "h3", "h4")
    )
    is_front_page = linked_headings >= _FRONT_PAGE_HEADINGS and prose < _ARTICLE_PARAGRAPHS
    says_article = (meta_content(tree, "og:type") or "").lower() == "article"
    return sentences > 0 and (says_article or not is_front_page)

"""A web page → the article on it.

trafilatura finds the article among menus and adverts. The page's whole text is read once more, as saved text is:
that gives what the tags leave out (a byline, a date), and the article itself where trafilatura finds none or takes a
layout table for it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from rag.errors import ReadingError
from rag.language import detect_language
from rag.reading.body import before_comments, numbered, read_body
from rag.reading.bylines import split_authors
from rag.reading.cleaning import is_prose, word_count
from rag.reading.dates import parse_date
from rag.reading.drafts import Draft, canonical_url, site_of
from rag.reading.markup import page_blocks, parse_page
from rag.reading.page_titles import meta_content, title_and_outlet
from rag.reading.saved_text import draft_from_blocks
from rag.reading.titles import same_words

if TYPE_CHECKING:
    from lxml.html import HtmlElement
    from trafilatura.settings import Document

__all__ = ["read_page"]

# Articles are pages of 50 to 500 kB; parsing and weighing one this large takes a minute.
_LARGEST_PAGE_CHARACTERS = 10_000_000

# A cell with this much text is no table of figures: the page was laid out with it.
_LAYOUT_CELL_WORDS = 40

# A front page has headings that are links, and hardly a paragraph.
_FRONT_PAGE_HEADINGS = 3
_ARTICLE_PARAGRAPHS = 3
_FEWEST_SENTENCE_WORDS = 4

_SENTENCE_END = re.compile(r"[.!?…][»”\"’')\]]*(?:\s|$)")
_NO_AUTHORS = frozenset("admin administrator administrateur webmaster editor staff rédaction unknown author".split())


def read_page(text: str, url: str | None = None, name: str = "") -> Draft:
    """The article on an HTML page; `url` is where it was fetched from, `name` a file's.

    Raises ReadingError when there is no article on it.
    """
    if len(text) > _LARGEST_PAGE_CHARACTERS:
        raise ReadingError(
            f"is a page of {len(text):,} characters, more than the {_LARGEST_PAGE_CHARACTERS:,} that are read of one"
        )
    tree = parse_page(text)
    copied = draft_from_blocks(page_blocks(tree), hints=(name,))
    extracted = _extract(text, url)
    guesses = (copied.title, (extracted.title if extracted else None) or "")
    title, outlet = title_and_outlet(tree, guesses)
    found = _found_draft(extracted, url, title) if extracted else None
    chosen = found if found and _has_article(found.paragraphs, copied.paragraphs) else copied
    paragraphs = tuple(paragraph for paragraph in chosen.paragraphs if not same_words(paragraph, title))
    if not _is_article_page(tree, paragraphs):
        raise ReadingError("holds a page without an article: only links, or hardly a sentence")
    return Draft(
        title=title,
        paragraphs=paragraphs,
        url=(found.url if found else None) or url,
        source=meta_content(tree, "og:site_name") or outlet or copied.source or (found.source if found else None),
        authors=(found.authors if found else ()) or copied.authors,
        published=(found.published if found else None) or copied.published,
    )


def _extract(text: str, url: str | None) -> Document | None:
    # Imported here: trafilatura and what it needs take a quarter of a second.
    import trafilatura

    # Without extensive search no date is guessed from the text; the original date is the publication's.
    date_parameters = {"original_date": True, "extensive_search": False}
    try:
        return trafilatura.bare_extraction(
            text, url=url, include_comments=False, with_metadata=True, date_extraction_params=date_parameters
        )
    except Exception as error:
        # Its heuristics meet any page and raise whatever a page provokes (ValueError, AttributeError,
        # RecursionError …); the list can't be known, and one page must not end a run over thousands.
        raise ReadingError(f"holds a page that can't be analysed ({type(error).__name__}: {error})") from error


def _found_draft(extracted: Document, url: str | None, title: str) -> Draft:
    """What trafilatura found, cleaned by the rules for all readers."""
    lines = [line.removeprefix("- ") for line in (extracted.text or "").split("\n")]
    numbered_lines, _ = before_comments(
        numbered([[line] for line in lines if line.strip() and not same_words(line, title)])
    )
    language = detect_language(extracted.text or "", among=())
    tagged_authors = tuple(
        author
        for author in split_authors(extracted.author or "")
        if author.lower() not in _NO_AUTHORS and "@" not in author
    )
    body = read_body(numbered_lines, language, tagged_authors)
    named_authors = tuple(author for facts in body.page_lines for author in facts.authors)
    return Draft(
        title=title,
        paragraphs=body.paragraphs,
        url=_trusted_url(extracted.url, url),
        source=extracted.sitename or body.signature.outlet,
        authors=tagged_authors or named_authors or body.signature.authors,
        published=parse_date(extracted.date) if extracted.date else None,
    )


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

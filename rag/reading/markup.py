"""HTML → its tree, and its text as blocks of lines, the way a reader would copy it.

Blocks are what the page sets apart (paragraphs, headings, list items, cells); line breaks divide lines inside one.
Two breaks in a row divide blocks: pages from before style sheets made their paragraphs so.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from rag.errors import ReadingError
from rag.reasons import reason

if TYPE_CHECKING:
    from lxml import html

__all__ = ["fragment_paragraphs", "looks_like_markup", "page_blocks", "parse_page"]

_BLOCK_TAGS = frozenset(
    "address article aside blockquote body caption center dd details div dl dt fieldset figcaption figure footer form "
    "h1 h2 h3 h4 h5 h6 header hr legend li main nav ol p pre section summary table tbody td tfoot th thead tr "
    "ul".split()
)
# Never running text; with the parts of a page that its own tags call something else than the article.
_UNREAD_TAGS = frozenset(
    "script style noscript template svg math head iframe object video audio select button textarea".split()
)
_ASIDE_TAGS = frozenset("nav footer aside figure figcaption".split())

_XML_DECLARATION = re.compile(r"^\s*<\?xml[^>]{0,200}\?>")
# Markup can't hold these, and the parser stops at the first one.
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff]")
_MARKUP = re.compile(r"</(?:p|div|h[1-6]|li|ul|ol|a|b|i|em|strong|span|blockquote)\s*>|<(?:br|p)\s*/?>", re.IGNORECASE)
_BREAK = "\x01"


def looks_like_markup(text: str) -> bool:
    """Whether `text` is an HTML fragment: it closes a tag, or breaks lines with one."""
    return bool(_MARKUP.search(text[:20_000]))


def parse_page(text: str) -> html.HtmlElement:
    """The tree of an HTML page. Raises ReadingError when it holds no element at all."""
    # Imported here, as below: text files need no parser.
    from lxml import etree, html

    try:
        tree = html.document_fromstring(_CONTROL.sub("", _XML_DECLARATION.sub("", text)))
    except (etree.ParserError, ValueError) as error:
        raise ReadingError(reason("empty_page")) from error
    return tree


def fragment_paragraphs(text: str) -> list[str]:
    """The paragraphs of an HTML fragment, as feeds and databases hold articles; plain text gives its lines."""
    if not looks_like_markup(text):
        return text.splitlines()
    return [" ".join(block) for block in page_blocks(parse_page(f"<div>{text}</div>"))]


def page_blocks(tree: html.HtmlElement) -> list[list[str]]:
    """The text of `tree` as blocks of lines; scripts, menus, footers and pictures with their captions left out."""
    from lxml import etree

    pieces: list[str] = []
    skipped_depth = 0
    for event, element in etree.iterwalk(tree, events=("start", "end", "comment", "pi")):
        tag = element.tag if isinstance(element.tag, str) else ""
        is_skipped = not tag or tag in _UNREAD_TAGS or tag in _ASIDE_TAGS
        if event == "start":
            skipped_depth += is_skipped
            if not skipped_depth:
                pieces.append("\n\n" if tag in _BLOCK_TAGS else _BREAK if tag == "br" else "")
                pieces.append(_flat(element.text))
            continue
        skipped_depth -= is_skipped and event == "end"
        if not skipped_depth:
            pieces.append("\n\n" if tag in _BLOCK_TAGS else "")
            pieces.append(_flat(element.tail))
    return _blocks("".join(pieces))


def _flat(text: str | None) -> str:
    return re.sub(r"[ \t\r\n\f]+", " ", text or "").replace(_BREAK, "")


def _blocks(text: str) -> list[list[str]]:
    separate = re.sub(rf"{_BREAK}(?:\s*{_BREAK})+", "\n\n", text)
    blocks = [[line.strip() for line in block.split(_BREAK)] for block in separate.split("\n\n")]
    return [lines for block in blocks if (lines := [line for line in block if line])]

"""Anybody's words become HTML that shows them and does nothing else.

Titles, texts, addresses, names, questions and model output are hostile: each passes through `plain`, which
escapes it and drops the invisible characters that reorder or hide text. The page sets the result with
innerHTML and by no template, so `${…}` and `{{…}}` stay the words they are.
"""

from __future__ import annotations

import html
import re
from urllib.parse import urlsplit

from rag.words import seen_only

__all__ = ["cut", "language_attribute", "lines", "plain", "web_host"]

# «␣word␣» is seldom typed with the no-break spaces it needs, and a line that ends in « reads badly.
_GUILLEMET_SPACE = re.compile("(?<=«) | (?=»)")


def plain(words: str) -> str:
    """The words as HTML text or as the value of a quoted attribute."""
    return html.escape(_GUILLEMET_SPACE.sub("\u00a0", seen_only(words)))


def lines(words: str) -> str:
    """As `plain`, line breaks kept."""
    return plain(words).replace("\n", "<br>")


def cut(words: str, characters: int) -> str:
    """The words, or as many of their `characters` as fit with an ellipsis."""
    return words if len(words) <= characters else words[: characters - 1].rstrip() + "…"


def language_attribute(code: str | None) -> str:
    """The attribute that tells a screen reader how to speak, and the browser how to hyphenate."""
    return f' lang="{code}"' if code and re.fullmatch("[A-Za-z]{2,3}", code) else ""


def web_host(url: str) -> str:
    """The host of a link that may be offered, else empty: no other scheme, no user name, nothing unseen."""
    if seen_only(url) != url or any(character.isspace() for character in url):
        return ""
    try:
        parts = urlsplit(url)
        host = (parts.hostname or "").encode("idna").decode("ascii")
    except ValueError:
        return ""
    return host if parts.scheme in ("http", "https") and "@" not in parts.netloc else ""

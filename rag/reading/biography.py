"""The signature and the author's biography at the foot of an article → who wrote it, and for whom.

Where the author is known, an article does not name him in full below its middle: what does is about him, and the
article ends above it. Where nobody is known, a biography must speak of a journalist's trade in two ways, and stand
under a person's name that the article does not mention.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from rag.reading.bylines import is_person_name
from rag.reading.cleaning import plain, word_count

__all__ = ["Signature", "outlet_in_biography", "split_signature"]

_LONGEST_BIOGRAPHY_WORDS = 130
_CUES_NEEDED = 2
_WORDS_BEFORE_FOOT = 40
_LONGEST_HEADING = 60

# The line of two hyphens that divides a text from its signature.
_RULE = re.compile(r"[–—-]{2,}")

_HEADING = re.compile(
    r"\W*(?:about the authors?|à propos de l'auteure?s?|the author|l'auteure?|who is the author|biograph(?:y|ie))\W*"
)
# The trade and the life that biographies tell, in words that seldom meet elsewhere.
_CUES = re.compile(
    r"\b(?:"
    r"editor(?:-in-chief)?|correspondent|journalist|reporter|columnist|contributor|freelance"
    r"|rédact(?:eur|rice)s?|correspondante?|journaliste|chroniqueu(?:r|se)|pigiste|grand reporter|éditorialiste"
    r"|graduat(?:e|ed)|diplômée?|studied|a étudié|degree in|licence|master's"
    r"|writes (?:about|on|for)|covers|covered|couvre|a couvert|speciali[sz]e[sd]|specialist|spécialisée?|spécialiste"
    r"|founde[rd]|co-?founde[rd]|fondat(?:eur|rice)|a fondé|author of|auteure? de|fellow|professor at|professeure? à"
    r"|lives in|based in|vit à|basée? à|since \d{4}|depuis \d{4}|former(?:ly)?|previously|ancien(?:ne)?"
    r"|auditeur|auditrice|listener"
    r")\b"
)
_ROLE = (
    r"(?:editor(?:-in-chief| in chief)?|correspondent|journalist|reporter"
    r"|rédact(?:eur|rice)(?: en chef)?|correspondante?|journaliste)"
)
_OUTLET_NAME = r"((?:[A-ZÀ-Þ][\w’'&.-]*)(?: (?:(?:de|du|des|of|the|la|le|et|and) )?[A-ZÀ-Þ][\w’'&.-]*){0,4})"
_EMPLOYED = re.compile(
    rf"\b(?i:{_ROLE})(?: \w+){{0,3}}? "
    r"(?:(?:of|at|for|with|de|du|des|à|au|pour)(?: the| la| le| les)?|d['’]|de l['’])\s?"
    rf"(?:(?:site|blog|magazine|newspaper|journal|quotidien|hebdomadaire|website) )?{_OUTLET_NAME}"
)


@dataclass(frozen=True, slots=True)
class Signature:
    """What stands under an article: how many of its last lines, the authors, the outlet they work for."""

    line_count: int = 0
    authors: tuple[str, ...] = ()
    outlet: str | None = None


def split_signature(paragraphs: Sequence[str], authors: Sequence[str], outlet: str | None = None) -> Signature:
    """The foot at the end of `paragraphs`: a signature, a biography, what the outlet says of itself, or nothing.

    `authors` and `outlet` are what is known of them from elsewhere.
    """
    words = [word_count(paragraph) for paragraph in paragraphs]
    total_words, words_before = sum(words), 0
    for index, paragraph in enumerate(paragraphs):
        is_below_middle = words_before >= max(_WORDS_BEFORE_FOOT, total_words - words_before)
        is_last = index == len(paragraphs) - 1
        if is_below_middle and (_starts_foot(paragraph, authors) or (is_last and _is_about_outlet(paragraph, outlet))):
            return _foot(paragraphs[index:], authors)
        words_before += words[index]
    return _unannounced_signature(paragraphs)


def _starts_foot(paragraph: str, authors: Sequence[str]) -> bool:
    """Whether the article ends above `paragraph`: a heading for biographies, a rule, or words about its author."""
    if _RULE.fullmatch(paragraph) or (len(paragraph) < _LONGEST_HEADING and _HEADING.fullmatch(plain(paragraph))):
        return True
    return any(_is_about(paragraph, name) for name in authors if name in paragraph)


def _is_about(paragraph: str, author: str) -> bool:
    """Whether `paragraph` is the author's name alone or short and about him, not a question of his in an interview."""
    if word_count(paragraph) > _LONGEST_BIOGRAPHY_WORDS or re.search(rf"{re.escape(author)}\s?:", paragraph):
        return False
    return paragraph.startswith(author) or bool(_CUES.search(paragraph.lower()))


def _is_about_outlet(paragraph: str, outlet: str | None) -> bool:
    """«The Courier is an agency of …», as outlets end what they send out."""
    return bool(outlet and re.match(rf"{re.escape(outlet)},? (?:is|est) (?:an?|the|une?|le|la|l['’])\b", paragraph))


def _foot(lines: Sequence[str], authors: Sequence[str]) -> Signature:
    names = (name for line in lines for name in (line if is_person_name(line) else None, _opening_name(line)) if name)
    found_outlet = next((outlet for line in lines if (outlet := outlet_in_biography(line))), None)
    author = None if authors else next(names, None)
    return Signature(len(lines), (author,) if author else (), found_outlet)


def _unannounced_signature(paragraphs: Sequence[str]) -> Signature:
    """A last line that is a name which the article does not mention, alone or above a biography."""
    last, before, body = _at(paragraphs, -1), _at(paragraphs, -2), paragraphs[:-2]
    if (
        is_person_name(before)
        and body
        and (last.startswith(before) or _is_biography(last))
        and not _is_mentioned(before, body)
    ):
        return Signature(2, (before,), outlet_in_biography(last))
    if is_person_name(last) and len(paragraphs) > 1 and not _is_mentioned(last, paragraphs[:-1]):
        return Signature(1, (last,))
    return Signature()


def outlet_in_biography(biography: str) -> str | None:
    """The outlet of which a biography calls the author editor, correspondent or the like.

    A short name is given with the long one that the text sets beside it: «KB - Kestrel Brief» → "KB (Kestrel Brief)".
    """
    found = _EMPLOYED.search(biography)
    if not found:
        return None
    name = found.group(1).strip(" .,")
    spelled_out = re.search(rf"\b{re.escape(name)}(?:\s?[-–—]\s|\s?\()([A-ZÀ-Þ][\w’'.-]+)", biography)
    return f"{name} ({spelled_out.group(1).rstrip('.')})" if spelled_out else name


def _at(paragraphs: Sequence[str], index: int) -> str:
    return paragraphs[index] if len(paragraphs) >= -index else ""


def _is_biography(paragraph: str) -> bool:
    cues = {cue.lower() for cue in _CUES.findall(paragraph.lower())}
    return word_count(paragraph) <= _LONGEST_BIOGRAPHY_WORDS and len(cues) >= _CUES_NEEDED


def _opening_name(biography: str) -> str | None:
    words = biography.replace(",", " ,").split()
    return next((name for count in (4, 3, 2) if is_person_name(name := " ".join(words[:count]))), None)


def _is_mentioned(name: str, paragraphs: Sequence[str]) -> bool:
    surname = name.split()[-1]
    return any(surname in paragraph for paragraph in paragraphs)

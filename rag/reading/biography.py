"""The signature and the author's biography at the foot of an article → who wrote it, and for whom.

An article's last paragraph is only taken for a biography on strong evidence: it speaks of a journalist's trade in
at least two ways and either stands under a heading for it, or starts with the known author's name, or
stands under a person's name that the article itself does not mention.
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


def split_signature(paragraphs: Sequence[str], known_authors: Sequence[str]) -> Signature:
    """The signature at the end of `paragraphs`: a name, or a name and a biography, or none."""
    last, before = _at(paragraphs, -1), _at(paragraphs, -2)
    body = paragraphs[:-2]
    if _is_biography(last):
        if _HEADING.fullmatch(plain(before)):
            name = _opening_name(last)
            return Signature(2, (name,) if name else (), outlet_in_biography(last))
        if is_person_name(before) and body and (before in known_authors or not _is_mentioned(before, body)):
            return Signature(2, (before,), outlet_in_biography(last))
        author = next((name for name in known_authors if last.startswith(name)), None)
        if author:
            return Signature(1, (author,), outlet_in_biography(last))
    if (
        is_person_name(last)
        and len(paragraphs) > 1
        and (last in known_authors or not _is_mentioned(last, paragraphs[:-1]))
    ):
        return Signature(1, (last,))
    return Signature()


def outlet_in_biography(biography: str) -> str | None:
    """The outlet of which a biography calls the author editor, correspondent or the like.

    A short name is given with the long one that the text sets beside it: «B2 - Bruxelles2» → "B2 (Bruxelles2)".
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

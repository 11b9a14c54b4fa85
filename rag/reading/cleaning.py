"""Which lines of a saved page are not the article: adverts, share buttons, links to other articles, footers.

The rules serve all readers, in both languages. Each asks for a whole line of its kind, so a sentence that
mentions an advertisement or a comment stays: what a reader drops can never be cited, what it leaves over is
merely untidy.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from rag.reading import clutter_phrases as phrases

__all__ = [
    "ends_sentence",
    "is_clutter",
    "is_credit",
    "is_edge_clutter",
    "is_link_label",
    "is_prose",
    "is_share_row",
    "is_statement",
    "plain",
    "starts_comments",
    "word_count",
]

# A label or a button is shorter; both limits, because a line without spaces is one word.
_LONGEST_CLUTTER_WORDS = 40
_LONGEST_CLUTTER_CHARACTERS = 400
# A title after «Lire aussi» without a colon.
_LONGEST_LINK_WORDS = 25
_LONGEST_CREDIT_WORDS = 20

# With a full stop a line of 12 words is a paragraph; without one it may be a title, up to 25 words.
_PROSE_WORDS = 12
_UNENDED_PROSE_WORDS = 25

_CLOSING = r"[\s\u00a0\u202f]*[»”\"’')\]]*$"
_ENDS_SENTENCE = re.compile(r"[.!?…]" + _CLOSING)
# Titles end in question marks, too, so alone these do not make a paragraph.
_ENDS_STATEMENT = re.compile(r"[.…]" + _CLOSING + r"|[!?][\s\u00a0\u202f]*[»”\"]$")


def _whole_line(expressions: Iterable[str]) -> re.Pattern[str]:
    return re.compile(r"\W*(?:" + "|".join(expressions) + r")\W*")


_ANYWHERE = _whole_line(
    (*phrases.ADVERTS, *phrases.PROMPTS, *phrases.COUNTERS, *phrases.TAGS, *phrases.PAGERS, *phrases.FOOTERS)
)
_EDGE = _whole_line(phrases.EDGE_LINES)
_CREDIT = _whole_line(phrases.CREDITS)
_LINK_LIST = _whole_line(phrases.LINK_LISTS)
_COMMENTS = _whole_line(phrases.COMMENT_STARTS)
_COMMENT_WORD = _whole_line(phrases.COMMENT_WORDS)
# «Pascal :», «Old Hand says: …», «- Vigilant, le 14/12 : …»
_COMMENTER = re.compile(r"\W*[^\W\d_][^:.!?]{1,40}(?: says| said| dit| a dit| écrit)?\s?:(?:\s.*)?")

_READ_ALSO = "|".join(phrases.READ_ALSO)
_LABELLED_LINK = re.compile(rf"[^\w«“\"]*(?:{_READ_ALSO})(?: sur [\w .]{{2,30}})?\s*(?:[:|>»›•→–—]|- ).*")
# Without a colon the rest must look like a title: it starts with a capital.
_BARE_LINK = re.compile(
    r"\W*(?:(?:[ÀA] )?[Ll]ire (?:aussi|également)|LIRE (?:AUSSI|ÉGALEMENT)|Voir aussi"
    r"|R(?:ead|EAD) (?:also|more|ALSO|MORE)|Also read)"
    r"\s+[«“\"‘]?\s?[A-ZÀ-ÖØ-Þ].*"
)
_AGENCY = "|".join(phrases.AGENCIES)
# «Jane Doe/AFP», «AFP / Jane Doe», «(AP Photo)»: an agency beside a slash, or the word photo.
_AGENCY_CREDIT = re.compile(
    rf"[(\[]?(?:[^.!?]{{2,60}}\s?[/|]\s?(?:{_AGENCY})(?: [Pp](?:hoto|HOTO))?"
    rf"|(?:{_AGENCY})(?: [Pp](?:hoto|HOTO))?\s?[/|]\s?[^.!?]{{2,60}}"
    rf"|(?:{_AGENCY}) [Pp](?:hoto|HOTO)|Getty Images|Photo (?:{_AGENCY}))[)\]]?"
)
# A caption that ends with its credit: «The quay at dawn. Jane Doe/AFP».
_CREDITED_CAPTION = re.compile(rf".*[^\W\d_]\s?/\s?(?:{_AGENCY})(?: [Pp](?:hoto|HOTO))?[)\]]?")
_PHOTO_BY = re.compile(r"[(\[]?(?:Photo|Image|PHOTO)s? (?:by|par|de l'|BY) ?[A-ZÀ-Þ][^!?]{1,80}[)\]]?")
_CRUMB_MARKS = re.compile(r"\s*[>›»→]\s*|\s+[/|•·]\s+")
_CRUMB_START = re.compile(r"\W*(?:home|accueil|news|actualités?|vous êtes ici|you are here)\b")


def word_count(line: str) -> int:
    return len(line.split())


def plain(line: str) -> str:
    """`line` as the phrases are written: lower case, straight apostrophes, plain single spaces."""
    return " ".join(line.casefold().replace("’", "'").split())


def ends_sentence(line: str) -> bool:
    return bool(_ENDS_SENTENCE.search(line[-10:]))


def is_statement(line: str) -> bool:
    """Whether `line` ends as a statement does, not as a question or a call."""
    return bool(_ENDS_STATEMENT.search(line[-10:]))


def is_prose(line: str) -> bool:
    """Whether `line` is a paragraph of running text rather than a title, a label or a caption."""
    words = word_count(line)
    return words >= _UNENDED_PROSE_WORDS or (words >= _PROSE_WORDS and is_statement(line))


def is_clutter(line: str) -> bool:
    """Whether the whole of `line` is page furniture, wherever in the page it stands."""
    if _is_too_long(line):
        return False
    flat = plain(line)
    return bool(
        _ANYWHERE.fullmatch(flat)
        or _LABELLED_LINK.fullmatch(flat)
        or _LINK_LIST.fullmatch(flat)
        or (_BARE_LINK.fullmatch(line) and word_count(line) <= _LONGEST_LINK_WORDS and not flat.endswith("."))
        or is_credit(line)
        or (word_count(line) > 1 and is_share_row(line))
        or _is_breadcrumb(line)
    )


def is_edge_clutter(line: str) -> bool:
    """Whether `line` is page furniture where it stands before or after the article's paragraphs."""
    return is_clutter(line) or (not _is_too_long(line) and bool(_EDGE.fullmatch(plain(line))))


def is_credit(line: str) -> bool:
    """Whether `line` belongs to a picture: «(credit: NATO)», «Jane Doe / AFP», a caption that ends so."""
    if _is_too_long(line):
        return False
    if _CREDITED_CAPTION.fullmatch(line):
        return True
    return word_count(line) <= _LONGEST_CREDIT_WORDS and bool(
        _CREDIT.fullmatch(plain(line)) or _AGENCY_CREDIT.fullmatch(line) or _PHOTO_BY.fullmatch(line)
    )


def is_share_row(line: str) -> bool:
    """Whether `line` names nothing but ways to share the page."""
    words = re.findall(r"[\w-]+", plain(line))
    names = [word for word in words if not word.isdigit()]
    return bool(names) and phrases.SHARE_WORDS.issuperset(names) and not phrases.SHARE_NETWORKS.isdisjoint(names)


def is_link_label(line: str) -> bool:
    """Whether `line` is what stands above a list of links to other articles."""
    return not _is_too_long(line) and bool(_LINK_LIST.fullmatch(plain(line)))


def starts_comments(line: str, next_line: str = "") -> bool:
    """Whether `line` can be what stands above, or closes, the readers' comments; `next_line` is the one below it."""
    if _is_too_long(line):
        return False
    flat = plain(line)
    is_answered = bool(_COMMENT_WORD.fullmatch(flat) and _COMMENTER.fullmatch(next_line[:400]))
    return is_answered or bool(_COMMENTS.fullmatch(flat))


def _is_too_long(line: str) -> bool:
    return len(line) > _LONGEST_CLUTTER_CHARACTERS or word_count(line) > _LONGEST_CLUTTER_WORDS


def _is_breadcrumb(line: str) -> bool:
    """«Home > World > Europe»: short steps, no sentence; two steps only where the first is the front page.

    Rows of tables look alike, but hold figures, or start with a bar as readers of tables set them.
    """
    if line.startswith("|") or any(character.isdigit() for character in line):
        return False
    steps = [step for step in _CRUMB_MARKS.split(line) if step]
    if len(steps) < 2 or "«" in line or ends_sentence(line) or any(word_count(step) > 5 for step in steps[:-1]):
        return False
    return len(steps) > 2 or bool(_CRUMB_START.match(plain(line)))

"""Text → sentences, as character offsets.

English goes to syntok; every other language to rules of ours, which know French abbreviations, « » and
initials. In a trial on news, rules of this kind did better than the libraries in French, and worse
than syntok in English.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from rag.records import Span

__all__ = ["split_once", "split_paragraphs", "split_sentences"]

# Of so many texts the sentences are kept.
KEPT_TEXTS = 2048
_PARAGRAPH = re.compile(r"\S(?:.*?\S)?(?=\s*\n\s*\n|\s*\Z)", re.DOTALL)
# An end mark, what may close behind it, white space, and what may open a sentence. East Asian full stops
# need no space behind them.
_END = re.compile(r"(?:(?:\.{1,3}|[!?…])+[\s\u00a0\u202f]*[»”\"’)\]]*(?=\s)|[。！？][」』”]?)")
_OPENING = re.compile(r"\s*[«“\"‘(\[—–-]*\s*(?:[^\W_a-zà-öø-ÿœ])")
_WORD_BEFORE = re.compile(r"(\S+)\Z")
_ABBREVIATIONS = frozenset(
    """m mm mme mmes mlle mlles me mgr dr drs pr st ste sts stes av apr env cf ex tél tel pp ed cie inc ltd bros jr
    sr mr mrs ms gen gal lt sgt capt adm prof hon gov rep pres vs janv févr fév avr juil déc dec j.-c""".split()
)
# Words of their own («la mer.», «l'art.») unless a figure follows («sept. 2004», «art. 5»).
_ABBREVIATIONS_BEFORE_FIGURE = frozenset(
    "p art al vol chap fig n no nos min max col cap sept oct nov jan feb aug lun mar mer jeu ven sam dim".split()
)
_QUOTES = '«“"‘([—–-'


def split_paragraphs(text: str) -> list[Span]:
    """Paragraphs in order: what lies between empty lines, without the white space around it."""
    return [Span(match.start(), match.end()) for match in _PARAGRAPH.finditer(text)]


def split_sentences(text: str, language: str | None = None) -> list[Span]:
    """Sentences in order, never across an empty line; together they hold every character but white space.

    `language` is an ISO 639-1 code; None is treated as any language other than English.

    Example:
        >>> [text[s.start : s.end] for text in ["M. Blair came. He left."] for s in split_sentences(text, "en")]
        ['M. Blair came.', 'He left.']
    """
    starts_of = _starts_english if language == "en" else _starts_by_rule
    sentences: list[Span] = []
    for paragraph in split_paragraphs(text):
        body = text[paragraph.start : paragraph.end]
        starts = [start for start in starts_of(body) if 0 < start < len(body)]
        for start, end in zip([0, *starts], [*starts, len(body)], strict=True):
            piece = body[start:end].rstrip()
            if piece.strip():
                lead = len(piece) - len(piece.lstrip())
                sentences.append(Span(paragraph.start + start + lead, paragraph.start + start + len(piece)))
    return sentences


@lru_cache(maxsize=KEPT_TEXTS)
def split_once(text: str, language: str | None) -> tuple[Span, ...]:
    """As `split_sentences`, kept: of a busy archive the same passages and articles come again."""
    return tuple(split_sentences(text, language))


def _starts_english(paragraph: str) -> Iterator[int]:
    """Where sentences start by syntok; only starts are taken, because its token values are not always the text's."""
    from syntok import segmenter

    last = 0
    for block in segmenter.analyze(paragraph):
        for sentence in block:
            start = sentence[0].offset
            # syntok leaves a closing quote at the head of the next sentence now and then.
            while start < len(paragraph) and paragraph[start] in "”»" and start > last:
                start += 1
            if start > last:
                last = start
                yield start


def _starts_by_rule(paragraph: str) -> Iterator[int]:
    for end in _END.finditer(paragraph):
        if end.group()[0] in "。！？" or (
            _OPENING.match(paragraph, end.end())
            and not _ends_in_abbreviation(paragraph[: end.start()], end.group(), paragraph[end.end() :].lstrip()[:1])
        ):
            yield end.end()


def _ends_in_abbreviation(before: str, mark: str, following: str) -> bool:
    """Whether a single full stop belongs to the word before it: an abbreviation, an initial, an ordinal."""
    if mark.strip() != ".":
        return False
    found = _WORD_BEFORE.search(before)
    if not found:
        return False
    word = found.group().lstrip(_QUOTES).lower()
    word = re.split(r"[’']", word)[-1]
    is_initial = len(word) == 1 and word.isalpha() and found.group()[-1].isupper()
    is_list_number = word.isdecimal() and before[: -len(found.group())].strip() == ""
    is_before_figure = following.isdecimal() and word in _ABBREVIATIONS_BEFORE_FIGURE
    return word in _ABBREVIATIONS or is_initial or is_list_number or is_before_figure

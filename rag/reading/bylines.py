"""Lines that say who wrote an article, when and for whom → the facts in them.

«Par Jeanne Dupont, à Bruxelles», «Publié le 13 juillet 2016 à 18h36 - Mis à jour …», «Jane Doe | 13 July 2016»,
«Mise à jour: 16-Apr-2004 11:04 Le Courrier». A line counts only when nothing is left over that such lines do
not hold, so a sentence that opens with a date or a name is not one.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from rag.reading.cleaning import is_clutter, plain, word_count
from rag.reading.dates import FoundDate, find_dates, fold

__all__ = ["PageLine", "is_person_name", "read_page_line", "split_authors"]

_LONGEST_LINE_WORDS = 30
_LONGEST_LINE_CHARACTERS = 300
_LONGEST_NAME_WORDS = 6
_LONGEST_OUTLET_WORDS = 4
_UNDATED_UPDATE_WORDS = 9

_PARTICLES = frozenset("de du des la le van von der den ter bin ben al el di da dos y af zu e".split())
# Capitalised words that do not open a name («Le Goff» may end one), and words that names do not have.
_NO_FIRST_NAME = frozenset("the a an le la les un une des du de this our notre".split())
_NO_NAME = frozenset(
    # offices and newspapers
    "agence agency agencies agences press presse news staff rédaction redaction editorial team équipe correspondent "
    "correspondant correspondante reporter service desk bureau union council conseil ministry ministère summit sommet "
    "times post journal gazette courier courrier hebdo monde weekly daily review express herald tribune observer "
    "observateur magazine today watch telegraph guardian standard wire info infos actu actus quotidien nouvelles "
    "dépêche écho échos radio télévision tv soir matin "
    # rubrics and menus
    "world politics business sport sports opinion analysis report reports special east west north south cold war "
    "stories story topics more read contact us privacy policy terms home page guerre froide économie politique société "
    "culture dossier spécial analyse reportage entretien interview editorials europe america asia africa".split()
)
_STAFF = re.compile(
    r"(?:the |la |notre |our )?(?:\w+ )?"
    r"(?:rédaction|redaction|staff|newsroom|editors?|admin|agences?|agencies|afp|reuters|ap|tass|belga|efe|dpa|ansa)"
    r"(?: (?:staff|avec agences|with agencies|\w+))?"
)

_BYLINE = re.compile(
    r"(?:(?:written |story |reporting |analysis |opinion |posted )?by|(?:écrit |propos recueillis |publié )?par"
    r"|(?:author|auteure?|autrice|texte?)s? ?:)\s*:?\s+(?P<rest>\S.*)",
    re.IGNORECASE,
)
# What may follow the names: a place, a role, a partner.
_BYLINE_TAIL = re.compile(r"\s*(?:[,(]|\s(?:à|au|aux|en|in|at|from|avec|with|for|pour)\s).*")
_AUTHOR_MARKS = re.compile(r"\s*(?:;|&|\|)\s*|\s*,?\s+(?:and|et|avec|with)\s+")

_ZONE = r"(?:gmt|utc|cest|cet|bst|est|edt|et|paris|heures? de paris)(?:\s?[+-]\s?\d+)?"
_TIME = re.compile(
    rf"(?:\b(?:à|at|a)\s+)?\b\d{{1,2}}\s?(?:[:h.]\s?\d{{2}}(?::\d{{2}})?|h)(?:\s?[ap]\.?m\b\.?)?(?:\s?\(?{_ZONE}\)?)?"
    r"|\b\d{1,2}\s?[ap]\.?m\b\.?",
    re.IGNORECASE,
)
_UPDATED = re.compile(
    r"\b(?:last |dernière )?(?:updated?|modified|mise? [àa] jour|modifiée?|modification|actualisée?|m[àa]j)"
    r"(?: on| le| at| the)?\s*:?",
    re.IGNORECASE,
)
_PUBLISHED = re.compile(
    r"\b(?:(?:first |originally )?(?:published|posted|publiée?|parue?|mis en ligne|créée?|date(?: de publication)?)"
    r"(?: on| le| at| the| in)?|publication)\s*:?",
    re.IGNORECASE,
)
# Without any of these a line can't be one, and need not be taken apart.
_WORTH_READING = re.compile(r"\d|\b(?:by|par|auth?eure?|author|autrice|texte?)s?\b", re.IGNORECASE)
_WEEKDAY = re.compile(
    r"(?:mon|tues|wednes|thurs|fri|satur|sun)day|lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche|today|yesterday|hier"
)
_DAY_RANGE = re.compile(r"\d{1,2}\s?(?:-|–|et|and|to|au)\s?\d{1,2} [a-z]{3,10}\.?(?: \d{4})?")
_PIECES = re.compile(r"\s*[|•·—–;]\s*|\s+[-/]\s+|\x00")
# Left between a date, its label and a name; a capital makes it part of a name («Le Monde»).
_FILLERS = re.compile(r"^(?:(?:le|on|à|at|the|et|and)(?:\s+|$)|[,:()\s-]+)+|[\s,:(-]+$")
_FILLER_WORDS = frozenset("le on à at the et and".split())
# «Paris, le 13 juillet 2016», as press releases open.
_PLACE_AND_DATE = re.compile(r"[^\W\d_][\w'’-]+(?: [^\W\d_][\w'’-]+)?, (?:le )?\x00", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class PageLine:
    """What one line around an article says about it.

    `published` comes from a date that the line calls so, `updated` likewise; `bare_date` from one that it
    doesn't name, which `has_time` makes likelier to be the page's own.
    """

    authors: tuple[str, ...] = ()
    outlet: str | None = None
    published: date | None = None
    updated: date | None = None
    bare_date: date | None = None
    has_time: bool = False


def read_page_line(line: str, language: str | None = None) -> PageLine | None:
    """The facts in `line` if it holds nothing but such facts, else None."""
    if (
        word_count(line) > _LONGEST_LINE_WORDS
        or len(line) > _LONGEST_LINE_CHARACTERS
        or not _WORTH_READING.search(line)
    ):
        return None
    if _DAY_RANGE.fullmatch(fold(line)):
        return PageLine()
    dates = find_dates(line, language)
    rest = _without_dates(line, dates)
    is_labelled = bool(_PUBLISHED.search(rest) or _UPDATED.search(rest))
    pieces = [
        _FILLERS.sub("", piece).strip() for piece in _PIECES.split(_UPDATED.sub("\x00", _PUBLISHED.sub("\x00", rest)))
    ]
    authors: list[str] = []
    outlet = None
    if _PLACE_AND_DATE.fullmatch(rest.strip(" .")):
        return _with_dates(line, dates, PageLine())
    for piece in pieces:
        if not piece.strip(" .)") or piece.lower() in _FILLER_WORDS:
            continue
        named = _byline_authors(piece)
        if named is not None:
            authors.extend(named)
        elif dates and is_person_name(piece):
            authors.append(piece)
        elif dates and is_labelled and outlet is None and _is_outlet_name(piece):
            outlet = piece
        elif not (is_clutter(piece) or _STAFF.fullmatch(plain(piece)) or _WEEKDAY.fullmatch(plain(piece))):
            return None
    is_byline = any(_byline_authors(piece) is not None for piece in pieces if piece)
    # «Last updated on Sunday at 18:20» tells no date, but is no text either.
    is_undated_update = bool(_UPDATED.match(line) and _TIME.search(line) and word_count(line) <= _UNDATED_UPDATE_WORDS)
    if not (dates or is_byline or is_undated_update):
        return None
    return _with_dates(line, dates, PageLine(tuple(authors), outlet, has_time=bool(_TIME.search(line))))


def is_person_name(text: str) -> bool:
    """Whether `text` has the form of a person's full name: two to six capitalised words and particles."""
    words = text.split()
    if not 2 <= len(words) <= _LONGEST_NAME_WORDS or words[0].lower() in _NO_FIRST_NAME:
        return False
    if any(word.lower() in _NO_NAME for word in words):
        return False
    is_all_capitals = text.isupper()
    return (
        _is_name_word(words[0], is_all_capitals)
        and _is_name_word(words[-1], is_all_capitals)
        and all(word.lower() in _PARTICLES or _is_name_word(word, is_all_capitals) for word in words)
    )


def split_authors(value: str) -> tuple[str, ...]:
    """The authors in a metadata value: «By Jane Doe and John Roe», «Doe, Jane; Roe, John»."""
    byline = _BYLINE.fullmatch(value.strip())
    names = [name.strip(" ,.") for name in _AUTHOR_MARKS.split(byline["rest"] if byline else value)]
    separate: list[str] = []
    for name in names:
        by_comma = [part.strip() for part in name.split(",")]
        separate.extend(by_comma if all(map(is_person_name, by_comma)) else [name])
    return tuple(dict.fromkeys(name for name in separate if name))


def _is_name_word(word: str, allows_capitals: bool) -> bool:
    letters = re.sub(r"[-'’.]", "", re.sub(r"^[dDlO]['’]", "", word))
    # «J.» and «Jr.» end in a full stop, names do not.
    if not letters.isalpha() or not letters[0].isupper() or (word.endswith(".") and len(letters) > 2):
        return False
    # «OTAN», «NATO»: an acronym among words in small letters names no person; «J.K.» does.
    return allows_capitals or len(letters) <= 2 or not letters.isupper()


def _byline_authors(piece: str) -> tuple[str, ...] | None:
    """The people a byline names, () where it names an agency or the staff, None where it is no byline."""
    byline = _BYLINE.fullmatch(piece)
    if not byline or byline["rest"].endswith((".", "?", "!", ":")):
        return None
    rest = byline["rest"]
    if _STAFF.fullmatch(plain(rest)):
        return ()
    if ":" in piece[: byline.start("rest")] and word_count(rest) <= _LONGEST_NAME_WORDS:
        return split_authors(rest)
    authors: list[str] = []
    for part in _AUTHOR_MARKS.split(rest):
        names = [part] if is_person_name(part) else [_BYLINE_TAIL.sub("", name) for name in part.split(",")]
        if not authors and not is_person_name(names[0].strip()):
            return None
        authors.extend(name.strip() for name in names if is_person_name(name.strip()))
    return tuple(authors)


def _is_outlet_name(piece: str) -> bool:
    return word_count(piece) <= _LONGEST_OUTLET_WORDS and piece[0].isupper() and not piece.endswith((".", "?", "!"))


def _without_dates(line: str, dates: list[FoundDate]) -> str:
    for found in reversed(dates):
        line = f"{line[: found.start]}\x00{line[found.end :]}"
    return _TIME.sub("\x00", line)


def _with_dates(line: str, dates: list[FoundDate], facts: PageLine) -> PageLine:
    """`facts` with each date under the label before it; of two under one label the first counts."""
    published = updated = bare = None
    position = 0
    for found in dates:
        label = line[position : found.start]
        if _UPDATED.search(label):
            updated = updated or found.day
        elif _PUBLISHED.search(label):
            published = published or found.day
        else:
            bare = bare or found.day
        position = found.end
    if bare and updated and not published:
        # «13.07.2016 à 18h36 • Mis à jour le 14.07.2016»: beside an update the date without a name is the first.
        published, bare = bare, None
    return PageLine(facts.authors, facts.outlet, published, updated, bare, facts.has_time)

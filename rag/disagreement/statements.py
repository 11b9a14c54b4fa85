"""A sentence → its figures as statements: how much, of what, and in what circumstances.

What two sentences can differ on is not a number but a number of something. A statement holds the range of worths
that its wording allows («nearly 50,000», «4,000 to 5,000»), the stems of what is counted, read in English so that
«soldats» and «soldiers» meet, and what is said beside it. Figures that are told as part, rate, addition or
comparison of another («5,500 of them», «200 a day», «500 more», «up from 300») are no statement of their own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

from embeddings import in_english
from rag.disagreement.worths import ABOUT, AT_LEAST, WIDEST_RANGE, allowed_worths, figure_opening, is_range
from rag.figures import Figure, find_figures
from rag.number_words import COLLECTIVES
from rag.words import fold_in_place, is_content, names, stem, stems_in_english, words

__all__ = ["GENERIC_UNITS", "Statement", "Told", "counted_stems", "deeds", "read_told"]

# Words of news that mean one thing when they are counted; stems, in English.
_SAME_UNIT = {
    word: group.split()[0]
    for group in (
        "soldier troop militari servicemen serviceman men personnel",
        "peopl person individu man woman women citizen inhabit resid",
        "demonstr protest protestor marcher",
        "passeng travel",
        "migrant refuge",
        "plane aircraft airplan jet",
        "ship vessel boat",
        "job post",
        "home hous household",
        "student pupil",
    )
    for word in group.split()
}
# Of these there are too many kinds for the noun to say what is counted: what befell them, or what is asked of them,
# must be the same too.
GENERIC_UNITS = frozenset(
    "peopl child children kid famili case point goal game match win victori defeat time place vote seat percent "
    "countri member state citi km kilometr mile metr meter inch foot feet tonn ton kilo euro dollar".split()
)
# What befalls those who are counted.
_DEEDS = {
    word: group.split()[0]
    for group in (
        "kill dead die death toll fatal casualti perish victim mortal bodi corps",
        "injur wound hurt injuri",
        "miss disappear",
        "arrest detain detent custodi",
        "evacu displac fled flee homeless",
        "vote elect ballot",
        "rescu save surviv survivor",
    )
    for word in group.split()
}
_TIME_UNITS = frozenset("year month week day hour minut second age centuri decad".split())

# How many words behind a figure what it counts may stand, and around it what befell them.
COUNTED_WORDS = 4
DEED_WORDS = 8

_ARTICLE = r"(?: (?:of|de|d'|the|les?|la))?"
# Right before a figure: it is an addition, or what another is compared with, or ends a span of years or a score.
_OTHERWISE_BEFORE = re.compile(
    r"(?:\d ?[-–]\s*$)|\b(?:another|additional|extra|further|other|remaining|up from|down from|from|"
    r"compared (?:to|with)|instead of|rather than|than the|by|for every|per|first|last|next|each of|only|out of|"
    r"including|of which|of whom|autres|contre|par rapport a|au lieu de|passer? de|pour|chaque|premiers?|derniers?|"
    r"dont|y compris|sur)"
    rf"(?: the| les| ses| leurs)?(?: {AT_LEAST}| {ABOUT})?{_ARTICLE}\s*[$£€]?\s*$"
)
# Behind it, in the same clause: a rate, a part, an addition.
_OTHERWISE_BEHIND = re.compile(
    r"^[^,;:.]{0,40}?\b(?:per|each|every|a (?:day|week|month|year|head|person)|daily|annually|"
    r"of (?:them|whom|which|the latter)|more|others?|extra|additional|away|ago|later|"
    r"would have|auraient|aurait|par|chacune?s?|de plus|en plus|supplementaires?|d'entre eux|plus tard)\b"
)
_NO_COUNT = re.compile(rf"\b(?:{'|'.join(COLLECTIVES)}|de|of)\b")
_SUPPOSED = re.compile(
    r"\b(?:could|might|may|feared?|fears|if|pourrai[a-z]*|craint|craignent|crain[a-z]*|risque[a-z]*)\b"
)
# It looks back, or ahead, at another time than the one told of.
_ELSEWHEN = re.compile(
    r"\b(?:last (?:year|month|season|time)|years? (?:ago|earlier|before)|the year before|previous(?:ly)?|"
    r"earlier this|in recent years|next (?:year|month)|l'an (?:dernier|passe)|l'annee (?:derniere|precedente)|il y a|"
    r"auparavant|precedent[es]*|la saison derniere|plus tot|prochaine?s?)\b"
)
_CLAUSE_END = re.compile(r"[,;:.!?()\"“”«»\n](?!\d)")
# Whoever is named here only says it.
_SAYS_BEHIND = re.compile(
    r"[^.;]{0,60}?\b(?:said|says|told|put|puts|counted|estimated?s?|announced|claim(?:s|ed)?|report(?:s|ed)?|"
    r"spoke|a dit|declare|affirme|annonce|estime|avance|compte|evalue|chiffre|parle)\b"
)
_SAYS_BEFORE = re.compile(
    r"\b(?:according to|by the count of|says?|said|told|selon|d'apres|pour) (?:the |la |le |les |l')?(?:[a-z]+ ){0,3}$"
)
_BEFORE_PLACE = re.compile(
    r"\b(?:in|at|near|to|from|of|a|au|aux|en|dans|de|du|vers|pres de) (?:the |la |le |les |l')?$"
)
_CURRENCIES = {
    "dollar": ("$", "dollar"),
    "euro": ("€", "euro"),
    "pound": ("£", "pound", "livre"),
    "rouble": ("rouble", "ruble"),
    "crown": ("crown", "couronne"),
    "franc": ("franc",),
    "yen": ("yen",),
    "yuan": ("yuan",),
}


@dataclass(frozen=True, slots=True)
class Statement:
    """One figure of a sentence, written at `[start:end]`, and what is said with it.

    `kind` is "number", "percent", "money" or, for the only date of a sentence, "date", whose worth is that of
    `Figure`; `low` and `high` are the worths that the wording allows. `unit` are the stems of what is counted, `deed`
    what befell them, `currency` a word; `noun` is the unit as it is written.
    """

    kind: str
    start: int
    end: int
    low: float
    high: float
    unit: frozenset[str]
    deed: str = ""
    currency: str = ""
    noun: str = ""


@dataclass(frozen=True)
class Told:
    """What a sentence tells: its statements, and what they can be known by, worked out when it is asked for.

    `dates` are those it names. `is_elsewhen` when it looks back at another time. `plain` and `bare` are its text
    folded, and without its figures, character for character.
    """

    statements: tuple[Statement, ...]
    dates: tuple[Figure, ...]
    is_elsewhen: bool
    plain: str
    bare: str
    language: str | None

    @cached_property
    def context(self) -> frozenset[str]:
        """The stems of its words without the figures, in English."""
        return frozenset(_SAME_UNIT.get(one, one) for one in stems_in_english(self.bare, self.language))

    @cached_property
    def names(self) -> frozenset[str]:
        """The stems of its names, in English, without whoever is only quoted."""
        return _name_stems(self.bare, self.plain, self.language)

    @cached_property
    def opening(self) -> str:
        """The stem of its first word, an article apart, in English: most often whoever does what is told."""
        return _opening(self.bare, self.plain, self.language)


@lru_cache(maxsize=8192)
def read_told(text: str, language: str | None) -> Told:
    """What a sentence states in figures; several dates, and times, are circumstances, not statements."""
    figures = find_figures(text, language)
    plain = fold_in_place(text).replace("’", "'")
    bare = list(text)
    for figure in figures:
        bare[figure.start : figure.end] = " " * (figure.end - figure.start)
    return Told(
        tuple(_statements(text, plain, figures, language)),
        tuple(figure for figure in figures if figure.kind == "date"),
        bool(_ELSEWHEN.search(plain)),
        plain,
        "".join(bare),
        language,
    )


def counted_stems(behind: str, language: str | None) -> frozenset[str]:
    """What is counted, of the text behind a figure: stems in English, one for all words that mean the same."""
    read = in_english(behind, "fr") if language == "fr" else behind
    stems: list[str] = []
    for word in words(read):
        if is_content(word.surface, "en"):
            stems.append(stem(word.surface, "en"))
        elif stems or word.surface.lower() not in ("of", "the"):
            break
    return frozenset(_SAME_UNIT.get(one, _DEEDS.get(one, one)) for one in stems[:COUNTED_WORDS])


def deeds(text: str, language: str | None) -> list[str]:
    """What befell those counted, in order: «kill» of «killed», «death toll», «morts»."""
    return [_DEEDS[one] for one in stems_in_english(text, language) if one in _DEEDS]


def _statements(text: str, plain: str, figures: Sequence[Figure], language: str | None) -> Iterator[Statement]:
    dates = [figure for figure in figures if figure.kind == "date"]
    if len(dates) == 1 and not _is_otherwise(plain, dates[0].start, dates[0].end):
        yield Statement("date", dates[0].start, dates[0].end, dates[0].value, dates[0].value, frozenset())
    last: Figure | None = None
    for place, figure in enumerate(figures):
        if figure is last or figure.kind not in ("number", "percent", "money"):
            continue
        last = figure
        low, high = allowed_worths(figure, plain)
        following = figures[place + 1] if place + 1 < len(figures) else None
        if following and following.kind == figure.kind and is_range(plain, figure, following):
            last, low, high = following, figure.value, following.value
            following = figures[place + 2] if place + 2 < len(figures) else None
        is_spread = high > WIDEST_RANGE * low if last is not figure else False
        if low > high or is_spread or _is_otherwise(plain, figure.start, last.end):
            continue
        behind = _CLAUSE_END.split(text[last.end : following.start if following else len(text)], maxsplit=1)[0]
        unit = counted_stems(behind, language)
        if unit & _TIME_UNITS:
            continue
        yield Statement(
            figure.kind,
            figure_opening(plain, figure.start),
            last.end,
            low,
            high,
            unit,
            _deed(text, behind, figure.start, language),
            _currency(plain[figure.start : last.end]) if figure.kind == "money" else "",
            _noun(behind, language),
        )


def _is_otherwise(plain: str, start: int, end: int) -> bool:
    """Whether a figure is part, rate, addition, comparison, mere fear, or no count at all («hundreds»)."""
    return not re.search(r"\d|[a-z]+", _NO_COUNT.sub("", plain[start:end])) or bool(
        _OTHERWISE_BEFORE.search(plain[:start])
        or _OTHERWISE_BEHIND.search(plain[end:])
        or _SUPPOSED.search(_CLAUSE_END.split(plain[:start])[-1])
    )


def _deed(text: str, behind: str, start: int, language: str | None) -> str:
    """What befell those counted: the first deed told behind the figure, else the last before it."""
    after = deeds(" ".join(behind.split()[:DEED_WORDS]), language)
    if after:
        return after[0]
    before = deeds(" ".join(_CLAUSE_END.split(text[:start])[-1].split()[-DEED_WORDS:]), language)
    return before[-1] if before else ""


def _noun(behind: str, language: str | None) -> str:
    """The words right behind a figure up to the first that says nothing of its own: «soldiers»."""
    start = end = 0
    for word in words(behind):
        if not is_content(word.surface, language):
            if end or word.surface.lower() not in ("of", "de", "d", "the"):
                break
            start = word.start + len(word.surface)
            continue
        if end and behind[end : word.start] not in (" ", "-"):
            break
        end = word.start + len(word.surface)
    return behind[start:end].strip(" '’-")


def _name_stems(text: str, plain: str, language: str | None) -> frozenset[str]:
    """Stems of the names, those apart who only say what is told."""
    found: list[str] = []
    reached = 0
    for name in names(text, language):
        start = text.index(name, reached)
        reached = start + len(name)
        is_speaker = _SAYS_BEHIND.match(plain[reached:]) and not _BEFORE_PLACE.search(plain[:start])
        if not (is_speaker or _SAYS_BEFORE.search(plain[:start])):
            found += stems_in_english(name, language)
    return frozenset(found)


def _opening(bare: str, plain: str, language: str | None) -> str:
    first = [word for word in words(bare)[:2] if is_content(word.surface, language)]
    if not first or _SAYS_BEHIND.match(plain[first[0].start :]):
        return ""
    return next(iter(stems_in_english(first[0].surface, language)), "")


def _currency(plain: str) -> str:
    return next((word for word, signs in _CURRENCIES.items() if any(sign in plain for sign in signs)), "")

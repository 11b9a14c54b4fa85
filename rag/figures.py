"""Text → the figures in it, told by what they are worth, not by how they are written.

«4,000», «4 000», «four thousand» and «quatre mille» are one figure; so are «90%» and «90 pour cent», and
«16 April 2004», «le 16 avril 2004» and «2004-04-16»; «et demi» counts. «One», «un» and «une» alone are left out:
they are articles and pronouns more often than figures. Where a comma or a full stop could be read either way,
the text's language decides, and three noughts are always thousands.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from rag.number_words import COLLECTIVES, MONTHS, NUMBERS, ORDINALS, SCALES, WEEKDAYS
from rag.words import fold_in_place

__all__ = ["Figure", "find_figures", "same_figure"]

# Sentences whose figures are kept, some 300 bytes each: to choose and to compare sentences asks for the same ones.
KEPT_TEXTS = 8192


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure at `text[start:end]`.

    `kind` is "number", "percent", "money", "ordinal", "date", "weekday" or "time". `value` is its worth; for a
    time, hours; for a date, year · 10,000 + month · 100 + day with 0 for what is not said, so that July 2016 is
    20160700. `is_rough` where the text says «about», «nearly», «more than».
    """

    kind: str
    value: float
    start: int
    end: int
    is_rough: bool = False


_SPACE = "[ \u00a0\u202f\u2009]"
_DIGITS = rf"\d{{1,3}}(?:{_SPACE}\d{{3}})+(?![\d])(?:[.,]\d+)?|\d+(?:[.,]\d+)*"
_SPELT = "|".join(sorted(map(re.escape, [*NUMBERS, *SCALES]), key=len, reverse=True))
_MONTH = "|".join(sorted(MONTHS, key=len, reverse=True))
_HALF = r"(?:(?<=and )|(?<=et ))(?:a half|demie?)\b"
_HALF_BEFORE = re.compile(r"\b(?:half |half an? |(?:un )?demi[- ])$")
_CURRENCY = r"[$£€]|us\$"
_PERCENT = r"%|per ?cent\b|pour ?cent\b|percent\b"
_MONEY = (
    r"[$£€]|euros?\b|dollars?\b|pounds?\b|livres?\b|roubles?\b|rubles?\b|crowns?\b|couronnes?\b|francs?\b|yens?\b|"
    r"yuans?\b"
)
_ROUGH = re.compile(
    r"(?:about|around|nearly|almost|roughly|approximately|some|over|under|more than|less than|fewer than|at least|"
    r"up to|as many as|close to|barely|"
    r"environ|pres d(?:e|')|presque|quasi(?:ment)?|pratiquement|quelque|plus d(?:e|')|moins d(?:e|')|au moins|jusqu'?a|"
    r"autour de|a peine|a peu pres|"
    r"just (?:before|after)|shortly (?:before|after)|peu (?:avant|apres)|vers) ?(?:de |d')?[$£€]?\s*$"
)

_DATE = re.compile(
    rf"\b(?P<iso>\d{{4}}-\d\d-\d\d)\b"
    rf"|\b(?:(?P<day>\d{{1,2}})(?:st|nd|rd|th|er)?(?: of)? )?(?P<month>{_MONTH})\b\.?"
    rf"(?: (?P<day_after>\d{{1,2}})(?:st|nd|rd|th)?\b(?!:))?(?:,? (?P<year>[12]\d{{3}})\b)?"
)
_NUMBER = re.compile(
    rf"(?:(?P<currency>{_CURRENCY})\s?)?(?P<number>(?<![\w.,])(?:{_DIGITS})"
    rf"(?P<ordinal>st\b|nd\b|rd\b|th\b|er\b|re\b|e\b|eme\b)?"
    rf"|\b(?:{_SPELT})\b)"
    rf"(?P<rest>(?:(?:[ -]|{_SPACE}| and | et | de (?=mill))?(?:{_HALF}|\b(?:{_SPELT})\b|(?<=\d)(?:bn|k|m)\b))*)"
    rf"(?:{_SPACE}?(?:(?P<percent>{_PERCENT})|(?:d[e'] ?)?(?P<money>{_MONEY})))?"
)
_TIME = re.compile(
    r"\b(?P<hours>\d{1,2})(?:(?::|h)(?P<minutes>[0-5]\d)\b|\.(?P<minutes_stop>[0-5]\d)(?= ?[ap]\.?m\b)"
    r"| ?h\b|(?= ?[ap]\.?m\b))"
    r"(?: ?(?P<half>[ap])\.?m\b\.?)?"
)
# Without a digit there is no figure but by one of these words: «a», «one» and «m» are none by themselves.
_DIGIT = re.compile(r"\d")
_LETTERS = re.compile(r"[a-z]+")
_FIGURE_WORDS = frozenset(
    part for word in (*NUMBERS, *SCALES, *MONTHS, *ORDINALS, *WEEKDAYS) for part in _LETTERS.findall(word)
) - {"a", "one", "un", "une", "k", "m"}
_SHARE = re.compile(r" (?:out of|sur) ")
_OTHER_WORD = re.compile("|".join([r"\b(?:" + "|".join([*ORDINALS, *WEEKDAYS]) + r")\b"]))


@lru_cache(maxsize=KEPT_TEXTS)
def find_figures(text: str, language: str | None = None) -> tuple[Figure, ...]:
    """The figures of a text, in order, none overlapping another; offsets are into `text`."""
    plain = fold_in_place(text).replace("’", "'")
    if not _DIGIT.search(plain) and _FIGURE_WORDS.isdisjoint(_LETTERS.findall(plain)):  # most sentences have none
        return ()
    found: list[Figure] = []
    taken = [False] * len(plain)
    for match in _DATE.finditer(plain):
        date = _read_date(match, text)
        if date:
            _take(found, taken, date)
    for match in _TIME.finditer(plain):
        minutes = int(match["minutes"] or match["minutes_stop"] or 0)
        hours = int(match["hours"]) % 12 + 12 if match["half"] == "p" else int(match["hours"])
        _take(
            found,
            taken,
            Figure("time", hours + minutes / 60, match.start(), match.end(), _is_rough(plain, match.start())),
        )
    for match in _NUMBER.finditer(plain):
        number = _read_number(match, plain, language)
        if number:
            _take(found, taken, number)
    for match in _OTHER_WORD.finditer(plain):
        word = match.group()
        kind, value = ("weekday", WEEKDAYS[word]) if word in WEEKDAYS else ("ordinal", ORDINALS[word])
        _take(found, taken, Figure(kind, value, match.start(), match.end()))
    return tuple(_join_shares(sorted(found, key=lambda figure: figure.start), plain))


def same_figure(one: Figure, other: Figure) -> bool:
    """Whether two figures can be the same thing said twice.

    A date agrees with a fuller one (July 2016 with 13 July 2016), a year with a date in it, and a figure
    given roughly with one within a tenth of it.
    """
    if "date" in (one.kind, other.kind):
        return _same_date(one, other)
    if "time" in (one.kind, other.kind):
        return _same_time(one, other)
    if {one.kind, other.kind} & {"weekday", "percent"} and one.kind != other.kind:
        return False
    if "ordinal" in (one.kind, other.kind) and "money" in (one.kind, other.kind):
        return False
    if one.is_rough or other.is_rough:
        return abs(one.value - other.value) <= 0.1 * max(abs(one.value), abs(other.value))
    return abs(one.value - other.value) <= 1e-6 * max(1.0, abs(one.value))


def _join_shares(figures: list[Figure], plain: str) -> list[Figure]:
    """«Nine out of ten» is one figure, 90 per cent."""
    joined: list[Figure] = []
    for figure in figures:
        last = joined[-1] if joined else None
        is_share = last is not None and last.kind == figure.kind == "number" and last.value <= figure.value
        if last and is_share and _SHARE.fullmatch(plain[last.end : figure.start]):
            joined[-1] = Figure("percent", 100 * last.value / figure.value, last.start, figure.end, last.is_rough)
        else:
            joined.append(figure)
    return joined


def _is_rough(plain: str, start: int) -> bool:
    return bool(_ROUGH.search(plain[max(0, start - 20) : start]))


def _take(found: list[Figure], taken: list[bool], figure: Figure) -> None:
    if not any(taken[figure.start : figure.end]):
        found.append(figure)
        taken[figure.start : figure.end] = [True] * (figure.end - figure.start)


def _read_date(match: re.Match[str], text: str) -> Figure | None:
    if match["iso"]:
        return Figure("date", float(match["iso"].replace("-", "")), match.start(), match.end())
    day, year = match["day"] or match["day_after"], match["year"]
    written = text[match.start("month") : match.end("month")]
    is_plain = not day and not year
    # «mars», «may», «march», «mai» alone are planets, verbs and names: a month needs its day, year or «in».
    if is_plain and match["month"] in ("mar", "mars", "march", "may", "jan", "dec", "sep", "sept", "mai"):
        before = text[: match.start()].lower().split()[-1:]
        if before not in (["in"], ["since"], ["en"], ["depuis"], ["fin"], ["until"], ["debut"], ["début"]):
            return None
    if is_plain and len(match["month"]) == 3 and match["month"] not in ("may", "mai") and written.islower():
        return None
    value = int(year or 0) * 10_000 + MONTHS[match["month"]] * 100 + int(day or 0)
    return Figure("date", value, match.start(), match.end())


def _read_number(match: re.Match[str], plain: str, language: str | None) -> Figure | None:
    in_digits = match["number"][0].isdigit()
    ordinal = match["ordinal"]
    spelt = re.split(r"[\s-]+|(?<=\d)(?=[a-z])", re.sub(_HALF, "½", match["number"] + match["rest"]))
    parts = [word for word in spelt if word in NUMBERS or word in SCALES or word == "½"]
    value = 0.0
    if in_digits:
        digits = match["number"][: -len(ordinal)] if ordinal else match["number"]
        parts = [
            word for word in re.split(r"[\s-]+", re.sub(_HALF, "½", match["rest"])) if word in SCALES or word == "½"
        ]
        value = _spelt_value(parts, _digits_value(digits, language))
    start, end = match.start(), match.end()
    if not in_digits:
        # «Il y a deux ans», «un six»: an article or a verb before the figure is no part of it.
        if len(parts) > 1 and parts[0] in ("a", "un", "une") and parts[1] in NUMBERS:
            start, parts = plain.index(parts[1], start + len(parts[0])), parts[1:]
        if parts in (["one"], ["un"], ["une"], ["a"], ["k"], ["m"], ["cents"]):
            return None
        value = _spelt_value(parts)
        if parts[-1] in SCALES and (half := _HALF_BEFORE.search(plain[: match.start("number")])):
            value, start = value / 2, half.start()
    while plain[start : start + 1].isspace():
        start += 1
    kind = "percent" if match["percent"] else "money" if match["money"] or match["currency"] else "number"
    if kind == "number" and ordinal:
        kind = "ordinal"
    is_year = kind == "number" and in_digits and re.fullmatch(r"(?:1[0-9]|20)\d\d", match["number"]) and not parts
    if is_year:
        return Figure("date", value * 10_000, start, end)
    is_rough = _is_rough(plain, start) or (not in_digits and bool(COLLECTIVES & {*parts}))
    return Figure(kind, value, start, end, is_rough)


def _digits_value(digits: str, language: str | None) -> float:
    digits = re.sub(r"\s", "", digits)
    groups = re.split(r"[.,]", digits)
    marks = re.findall(r"[.,]", digits)
    thousands = "," if language != "fr" else "."
    is_grouped = all(len(group) == 3 for group in groups[1:])
    if len(marks) > 1 and len(set(marks)) == 1:
        return float("".join(groups)) if is_grouped else float(groups[0] + "." + "".join(groups[1:]))
    if len(marks) == 1 and is_grouped and (marks[0] == thousands or groups[1] == "000"):
        return float("".join(groups))
    return float("".join(groups[:-1]) + "." + groups[-1]) if marks else float(digits)


def _spelt_value(parts: list[str], current: float = 0.0) -> float:
    """What a run of number words is worth, behind a figure in digits or not.

    «quatre-vingt-dix-sept» is 97, «two hundred thousand» 200,000, «five and a half million» 5,500,000.
    """
    total, last_scale = 0.0, 1.0
    for word in parts:
        if word == "½":
            current, total = (current + 0.5, total) if current else (0.0, total + last_scale / 2)
        elif word in NUMBERS:
            value = NUMBERS[word]
            current = current * value if value == 20 and current == 4 else current + value
        elif SCALES[word] < 1000:
            current = (current or 1) * SCALES[word]
        else:
            last_scale = SCALES[word]
            total, current = total + (current or 1) * last_scale, 0.0
    return total + current


def _same_date(one: Figure, other: Figure) -> bool:
    if one.kind != other.kind:
        year, number = (one, other) if one.kind == "date" else (other, one)
        return number.kind == "number" and year.value == number.value * 10_000
    pairs = zip(_date_parts(one.value), _date_parts(other.value), strict=True)
    return all(mine == theirs or not mine or not theirs for mine, theirs in pairs)


def _same_time(one: Figure, other: Figure) -> bool:
    """Times agree on a clock of twelve hours, with a plain number too («eight o'clock»)."""
    if {one.kind, other.kind} - {"time", "number"} or max(one.value, other.value) > 24:
        return False
    apart = abs(one.value - other.value) % 12
    return min(apart, 12 - apart) <= (0.25 if one.is_rough or other.is_rough else 0.001)


def _date_parts(value: float) -> tuple[int, int, int]:
    whole = int(value)
    return whole // 10_000, whole // 100 % 100, whole % 100

"""The figures of a claim → those that the passage does not bear out.

Beyond what `rag.figures` reads as one worth: measures with their unit (half a year is six months, a month is no
year, 10 dollars are no 10 euros), years counted from another («a decade later»), a rate beside another whose sign
is left out, and «more than» against «less than».
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from rag.figures import Figure, same_figure
from rag.told import Told
from rag.words import fold_in_place, stem

__all__ = ["Measure", "find_measures", "missing_figures"]

# A count as small may be told by naming what it counts («two women»): it is missed only where the passage
# counts too, with a figure no greater than the second.
SMALL_COUNT = 3
SMALL_NUMBER = 12
# Two measures are one within so much of the greater: half a year is 182 days, six months 183.
SAME_MEASURE = 0.04
SAME_ROUGH_MEASURE = 0.15

# «The past decade» is one, without an article.
LONG_DAYS = 3_000

_UNITS = {
    "time": {
        "second seconds seconde secondes": 1 / 86_400, "minute minutes": 1 / 1_440, "hour hours heure heures": 1 / 24,
        "day days jour jours journee journees": 1, "week weeks semaine semaines": 7, "fortnight fortnights": 14,
        "month months mois": 30.44, "year years an ans annee annees": 365.25,
        "decade decades decennie decennies": 3_652.5, "century centuries siecle siecles": 36_525,
    },
    "length": {
        "centimetre centimetres centimeter centimeters cm": 0.01, "inch inches pouce pouces": 0.0254,
        "foot feet pied pieds": 0.3048, "yard yards": 0.9144, "metre metres meter meters m": 1,
        "kilometre kilometres kilometer kilometers km": 1000, "mile miles": 1609.3,
    },
    "weight": {
        "gram grams gramme grammes": 0.001, "kilo kilos kg kilogram kilograms kilogramme kilogrammes": 1,
        "ounce ounces once onces": 0.0283, "tonne tonnes ton tons": 1000,
    },
    "area": {"hectare hectares": 1, "acre acres": 0.4047},
}  # fmt: skip
_CURRENCIES = {
    "usd": "$ dollar dollars us$ usd", "eur": "€ euro euros eur", "gbp": "£ pound pounds livre livres gbp",
    "rub": "rouble roubles ruble rubles", "jpy": "yen yens", "cny": "yuan yuans", "chf": "franc francs",
    "crown": "crown crowns couronne couronnes",
}  # fmt: skip
_UNIT_BY_WORD = {
    word: (dimension, factor) for dimension, units in _UNITS.items() for words, factor in units.items()
    for word in words.split()
}  # fmt: skip
_CURRENCY_BY_WORD = {word: currency for currency, words in _CURRENCIES.items() for word in words.split()}
_UNIT_WORD = re.compile(r"\b(?:" + "|".join(sorted(_UNIT_BY_WORD, key=len, reverse=True)) + r")\b")
_CURRENCY_WORD = re.compile("us\\$|[$€£]|" + "|".join(rf"\b{w}\b" for w in _CURRENCY_BY_WORD if w[-1].isalpha()))
_ARTICLE_BEFORE = re.compile(r"\b(?P<half>half an?|half|(?:une? )?demi(?:e)?)[ -]$|\b(?:an?|one|une?)[ -]$")
# «A third of them» is a share, «a third goal» none.
_SHARES = {
    "half": 50, "halves": 50, "third": 100 / 3, "thirds": 100 / 3, "quarter": 25, "quarters": 25, "fifth": 20,
    "fifths": 20, "moitie": 50, "tiers": 100 / 3, "quart": 25, "quarts": 25, "cinquieme": 20, "cinquiemes": 20,
}  # fmt: skip
_TIMES = {"two": 2, "deux": 2, "three": 3, "trois": 3, "four": 4, "quatre": 4}
_SHARE = re.compile(
    r"\b(?:(?P<times>two|three|four|deux|trois|quatre)[ -](?P<many>thirds|quarters|fifths|tiers|quarts|cinquiemes)|"
    r"(?:a|one|un|une|la|le)[ -](?P<one>third|quarter|fifth|moitie|tiers|quart|cinquieme) (?=of\b|des?\b|du\b|d')|"
    r"(?P<half>half) (?=of|the|their|its|his|her|all))"
)
# «One goal», «un seul but»: a count of one said as such, and a thing counted by its article.
_ONLY_ONE = re.compile(r"\b(?:one|single|seule?) (?P<noun>[a-z]{3,})")
_ANY_ONE = re.compile(r"\b(?:an?|one|single|une?|seule?) (?P<noun>[a-z]{3,})")
_COUNTED_BEHIND = re.compile(r"[ \u00a0-](?:[a-z]+ )?(?P<noun>[a-z]{3,})")
_LATER = re.compile(r"(?P<later>later|after|plus tard|apres)|(?P<earlier>earlier|before|plus tot|avant|auparavant)")
_MORE = re.compile(r"\b(?:more than|over|at least|above|plus de|plus d'|au moins|au-dela de)\s*(?:[$€£]|us\$)?$")
_LESS = re.compile(
    r"\b(?:less than|fewer than|under|at most|below|up to|moins de|moins d'|au plus|jusqu'a|a peine)\s*(?:[$€£]|us\$)?$"
)
# What follows a rate whose sign is left out: «from 5 to 7 per cent», the end of a clause.
_BARE_BEHIND = re.compile(r"\s*(?:$|[.,;:)]|(?:to|and|or|in|for|against|et|ou|a|contre|en|pour)\b)")


@dataclass(frozen=True, slots=True)
class Measure:
    """A quantity with its unit at `text[start:end]`: `worth` in the dimension's base unit, which for time is days."""

    dimension: str
    worth: float
    number: float
    start: int
    end: int
    is_rough: bool


def find_measures(text: str, figures: Sequence[Figure]) -> list[Measure]:
    """The durations, lengths, weights and areas of a text, in order; «a year» is one, by its article."""
    plain = fold_in_place(text).replace("’", "'")
    found = []
    for match in _UNIT_WORD.finditer(plain):
        dimension, factor = _UNIT_BY_WORD[match.group()]
        figure = _figure_before(figures, plain, match.start())
        if figure:
            found.append(
                Measure(
                    dimension, figure.value * factor, figure.value, figure.start, match.end(),
                    figure.is_rough,
                )  # fmt: skip
            )
        elif dimension == "time" and (article := _ARTICLE_BEFORE.search(plain[: match.start()])):
            number = 0.5 if article["half"] else 1.0
            found.append(Measure(dimension, number * factor, number, article.start(), match.end(), False))
        elif dimension == "time" and factor >= LONG_DAYS:
            found.append(Measure(dimension, factor, 1.0, match.start(), match.end(), True))
    return found


def missing_figures(claim: Told, told: Told) -> list[str]:
    """The figures of the claim that the passage lacks or gives otherwise, as the claim writes them."""
    measures = find_measures(claim.text, claim.figures)
    told_measures = find_measures(told.text, told.figures)
    told_shares = _find_shares(told.text)
    given = [*told.figures, *told_shares, *_derived_years(told, told_measures)]
    counts = any(figure.kind == "number" and figure.value <= SMALL_NUMBER for figure in told.figures)
    missing = [
        claim.text[measure.start : measure.end]
        for measure in measures
        if _is_given_in_another_unit(measure, told_measures)
    ]
    missing += _miscounted(claim, told)
    shares = _find_shares(claim.text)
    inside = [figure for figure in claim.figures if not any(one.start <= figure.start < one.end for one in shares)]
    for figure in sorted([*inside, *shares], key=lambda figure: figure.start):
        written = claim.text[figure.start : figure.end]
        mine = next((one for one in measures if one.start == figure.start), None)
        if mine and any(_same_measure(mine, other) for other in told_measures):
            continue
        agreeing = [other for other in given if _agree(figure, claim, other, told)]
        is_small = figure.kind == "number" and figure.value <= SMALL_COUNT
        in_title = any(same_figure(figure, other) for other in told.title_figures)
        if not agreeing and not in_title and (counts or not is_small):
            missing.append(written)
        elif agreeing and all(_is_turned(claim, figure, told, other) for other in agreeing):
            missing.append(written)
    return list(dict.fromkeys(missing))


def _find_shares(text: str) -> list[Figure]:
    """Shares in words, as per cents that are rough: «two-thirds», «la moitié des»."""
    found = []
    for match in _SHARE.finditer(fold_in_place(text)):
        share = _SHARES[match["many"] or match["one"] or match["half"]] * _TIMES.get(match["times"] or "", 1)
        found.append(Figure("percent", share, match.start(), match.end(), True))
    return found


def _miscounted(claim: Told, told: Told) -> list[str]:
    """«One goal» where the passage counts two and nowhere one, and «two goals» where it has a goal alone."""
    mine, theirs = fold_in_place(claim.text), fold_in_place(told.text)
    counted = {stem(noun, told.language) for figure in told.figures for noun in _nouns_behind(figure, theirs)}
    single = {stem(match["noun"], told.language) for match in _ANY_ONE.finditer(theirs)}
    wrong = [
        claim.text[match.start() : match.end()]
        for match in _ONLY_ONE.finditer(mine)
        if (noun := stem(match["noun"], claim.language)) in counted and noun not in single
    ]
    for figure in claim.figures:
        nouns = {stem(noun, claim.language) for noun in _nouns_behind(figure, mine)}
        if figure.value <= SMALL_COUNT and nouns & single - counted:
            wrong.append(claim.text[figure.start : figure.end])
    return wrong


def _nouns_behind(figure: Figure, plain: str) -> list[str]:
    match = _COUNTED_BEHIND.match(plain, figure.end) if figure.kind == "number" else None
    return match.group().replace("-", " ").split()[-2:] if match else []


def _figure_before(figures: Sequence[Figure], plain: str, at: int) -> Figure | None:
    """The number that a unit belongs to: right before it, one adjective between them at most."""
    for figure in figures:
        if figure.end <= at and figure.kind in ("number", "ordinal") and re.fullmatch(
            r"[ \u00a0\u202f-]*(?:[a-z]+ )?(?:de )?", plain[figure.end : at]
        ):  # fmt: skip
            return figure if figure.kind == "number" else None
    return None


def _agree(one: Figure, claim: Told, other: Figure, told: Told) -> bool:
    if same_figure(one, other):
        return {one.kind, other.kind} != {"money"} or _same_currency(one, claim, other, told)
    if {one.kind, other.kind} == {"percent", "number"} and other.kind == "number":
        is_bare = bool(_BARE_BEHIND.match(fold_in_place(told.text)[other.end :]))
        allowed = 0.1 if one.is_rough or other.is_rough else 1e-6
        return is_bare and abs(one.value - other.value) <= allowed * max(abs(one.value), 1e-9)
    return False


def _same_currency(one: Figure, claim: Told, other: Figure, told: Told) -> bool:
    mine, theirs = _currency(one, claim), _currency(other, told)
    return mine is None or theirs is None or mine == theirs


def _currency(figure: Figure, told: Told) -> str | None:
    match = _CURRENCY_WORD.search(fold_in_place(told.text)[figure.start : figure.end])
    return _CURRENCY_BY_WORD.get(match.group()) if match else None


def _same_measure(one: Measure, other: Measure) -> bool:
    allowed = SAME_ROUGH_MEASURE if one.is_rough or other.is_rough else SAME_MEASURE
    is_near = abs(one.worth - other.worth) <= allowed * max(one.worth, other.worth)
    return one.dimension == other.dimension and is_near


def _is_given_in_another_unit(measure: Measure, others: Sequence[Measure]) -> bool:
    """Whether the passage gives this very number of another unit, and the claim's measure nowhere."""
    same_kind = [other for other in others if other.dimension == measure.dimension]
    if any(_same_measure(measure, other) for other in same_kind):
        return False
    return any(other.number == measure.number and other.worth != measure.worth for other in same_kind)


def _derived_years(told: Told, measures: Sequence[Measure]) -> list[Figure]:
    """Years that the passage counts from another: «in 1870, … a decade later» gives 1880."""
    plain = fold_in_place(told.text)
    years = {int(figure.value) // 10_000 for figure in told.figures if figure.kind == "date" and figure.value >= 1e7}
    derived = []
    for measure in measures:
        apart = round(measure.worth / 365.25)
        match = _LATER.match(plain[measure.end : measure.end + 14].strip())
        if measure.dimension == "time" and apart and match:
            sign = 1 if match["later"] else -1
            derived += [
                Figure("date", (year + sign * apart) * 10_000, measure.start, measure.end, True) for year in years
            ]
    return derived


def _is_turned(claim: Told, figure: Figure, told: Told, other: Figure) -> bool:
    """Whether one says «more than» and the other «less than» of one figure."""
    if abs(figure.value - other.value) > 1e-6 * max(1.0, abs(figure.value)):
        return False
    mine, theirs = (fold_in_place(t.text).replace("’", "'")[: f.start] for t, f in ((claim, figure), (told, other)))
    return bool(
        (_MORE.search(mine) and _LESS.search(theirs)) or (_LESS.search(mine) and _MORE.search(theirs))
    )  # fmt: skip

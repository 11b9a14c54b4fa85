"""The figures of a claim → those that the passage does not bear out.

Beyond what `rag.figures` reads as one worth: measures with their unit (half a year is six months, a month is no
year, 10 dollars are no 10 euros), years counted from another («a decade later»), a rate beside another whose sign
is left out, and «more than» against «less than».
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from embeddings import in_english
from rag.figures import Figure, same_figure
from rag.support.irregular_verbs import english_stems
from rag.support.measures import Measure, find_measures, find_shares, same_measure
from rag.support.told import Told
from rag.words import fold_in_place, stem

__all__ = ["counted_otherwise", "missing_figures"]

# A count as small may be told by naming what it counts («two women»): it is missed only where the passage
# counts too, with a figure no greater than the second.
SMALL_COUNT = 3
SMALL_NUMBER = 12
# «More than 48» and «over 53» are two bounds, though either is near «about 50».
SAME_BOUND = 0.01
_CURRENCIES = {
    "usd": "$ dollar dollars us$ usd", "eur": "€ euro euros eur", "gbp": "£ pound pounds livre livres gbp",
    "rub": "rouble roubles ruble rubles", "jpy": "yen yens", "cny": "yuan yuans", "chf": "franc francs",
    "crown": "crown crowns couronne couronnes",
}  # fmt: skip
_CURRENCY_BY_WORD = {word: currency for currency, words in _CURRENCIES.items() for word in words.split()}
_CURRENCY_WORD = re.compile("us\\$|[$€£]|" + "|".join(rf"\b{w}\b" for w in _CURRENCY_BY_WORD if w[-1].isalpha()))
# «One goal», «un seul but»: a count of one said as such, and a thing counted by its article.
_ONLY_ONE = re.compile(r"\b(?:one|single|seule?) (?P<noun>[a-z]{3,})")
_ANY_ONE = re.compile(r"\b(?:an?|one|single|une?|seule?) (?P<noun>[a-z]{3,})")
# Who is counted so may be called anything more exact.
_ANYBODY = frozenset(english_stems("people persons others individuals things items"))
_COUNTED_BEHIND = re.compile(r"[ \u00a0-](?:[a-z]+ )?(?P<noun>[a-z]{3,})")
_LATER = re.compile(r"(?P<later>later|after|plus tard|apres)|(?P<earlier>earlier|before|plus tot|avant|auparavant)")
_MORE = re.compile(r"\b(?:more than|over|at least|above|plus de|plus d'|au moins|au-dela de)\s*(?:[$€£]|us\$)?$")
_LESS = re.compile(
    r"\b(?:less than|fewer than|under|at most|below|up to|moins de|moins d'|au plus|jusqu'a|a peine)\s*(?:[$€£]|us\$)?$"
)
# What follows a rate whose sign is left out: «from 5 to 7 per cent», the end of a clause.
_BARE_BEHIND = re.compile(r"\s*(?:$|[.,;:)]|(?:to|and|or|in|for|against|et|ou|a|contre|en|pour)\b)")


def missing_figures(claim: Told, told: Told) -> list[str]:
    """The figures of the claim that the passage lacks or gives otherwise, as the claim writes them."""
    measures = find_measures(claim.text, claim.figures)
    told_measures = find_measures(told.text, told.figures)
    told_shares = find_shares(told.text)
    given = [*told.figures, *told_shares, *_derived_years(told, told_measures)]
    counts = any(figure.kind == "number" and figure.value <= SMALL_NUMBER for figure in told.figures)
    missing = [
        claim.text[measure.start : measure.end]
        for measure in measures
        if _is_given_in_another_unit(measure, told_measures)
    ]
    missing += _miscounted(claim, told)
    shares = find_shares(claim.text)
    inside = [figure for figure in claim.figures if not any(one.start <= figure.start < one.end for one in shares)]
    for figure in sorted([*inside, *shares], key=lambda figure: figure.start):
        written = claim.text[figure.start : figure.end]
        mine = next((one for one in measures if one.start == figure.start), None)
        if mine and any(same_measure(mine, other) for other in told_measures):
            continue
        if _is_decade(figure, claim):
            if not any(_in_decade(figure, other) for other in given):
                missing.append(written)
            continue
        agreeing = [other for other in given if _agree(figure, claim, other, told)]
        is_small = figure.kind == "number" and figure.value <= SMALL_COUNT
        in_title = any(same_figure(figure, other) for other in told.title_figures)
        is_missing = not agreeing and not in_title and (counts or not is_small)
        if is_missing or (agreeing and all(_is_turned(claim, figure, told, other) for other in agreeing)):
            missing.append(written)
    return list(dict.fromkeys(missing))


def counted_otherwise(claim: Told, told: Told) -> str | None:
    """A figure of the claim that the passage gives of other things: «14 officers», «14 people»."""
    measured = {measure.start for measure in find_measures(claim.text, claim.figures)}
    for figure in claim.figures:
        if figure.kind != "number" or figure.value <= SMALL_COUNT or figure.start in measured:
            continue
        mine = _counted_things(figure, claim)
        given = [_counted_things(other, told) for other in told.figures if _agree(figure, claim, other, told)]
        is_told = mine & (told.stem_set | _ANYBODY)
        if mine and given and not is_told and all(things and not things & claim.stem_set for things in given):
            return claim.text[figure.start : figure.end]
    return None


def _counted_things(figure: Figure, told: Told) -> set[str]:
    behind = " ".join(_nouns_behind(figure, fold_in_place(told.text)))
    return set(english_stems(in_english(behind, told.language)))


def _is_decade(figure: Figure, told: Told) -> bool:
    """«The 1990s», «les années 1990»."""
    is_round = figure.kind == "date" and figure.value >= 1e7 and figure.value % 100_000 == 0
    behind, before = told.text[figure.end :], fold_in_place(told.text)[: figure.start]
    return is_round and bool(re.match(r"['’]?s\b", behind) or re.search(r"\bannees $", before))


def _in_decade(decade: Figure, other: Figure) -> bool:
    first = int(decade.value) // 10_000
    if other.kind == "date" and other.value >= 1e7:
        return first <= int(other.value) // 10_000 < first + 10
    return other.value == first % 100


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


def _agree(one: Figure, claim: Told, other: Figure, told: Told) -> bool:
    if same_figure(one, other):
        if _is_bound(one, claim) and _is_bound(other, told):
            return abs(one.value - other.value) <= SAME_BOUND * abs(one.value)
        return {one.kind, other.kind} != {"money"} or _same_currency(one, claim, other, told)
    if {one.kind, other.kind} == {"percent", "number"} and other.kind == "number":
        is_bare = bool(_BARE_BEHIND.match(fold_in_place(told.text)[other.end :]))
        allowed = 0.1 if one.is_rough or other.is_rough else 1e-6
        return is_bare and abs(one.value - other.value) <= allowed * max(abs(one.value), 1e-9)
    return False


def _is_bound(figure: Figure, told: Told) -> bool:
    before = fold_in_place(told.text).replace("’", "'")[: figure.start]
    return bool(_MORE.search(before) or _LESS.search(before))


def _same_currency(one: Figure, claim: Told, other: Figure, told: Told) -> bool:
    mine, theirs = _currency(one, claim), _currency(other, told)
    return mine is None or theirs is None or mine == theirs


def _currency(figure: Figure, told: Told) -> str | None:
    match = _CURRENCY_WORD.search(fold_in_place(told.text)[figure.start : figure.end])
    return _CURRENCY_BY_WORD.get(match.group()) if match else None


def _is_given_in_another_unit(measure: Measure, others: Sequence[Measure]) -> bool:
    """Whether the passage gives this very number of another unit, and the claim's measure nowhere."""
    same_kind = [other for other in others if other.dimension == measure.dimension]
    if any(same_measure(measure, other) for other in same_kind):
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

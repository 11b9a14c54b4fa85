"""English and French number words, months and weekdays, in lower case without accents, and what they are worth."""

from __future__ import annotations

__all__ = ["COLLECTIVES", "MONTHS", "NUMBERS", "ORDINALS", "SCALES", "WEEKDAYS"]


def _counted(*lists: str, start: int) -> dict[str, int]:
    """Each word with its place in its list."""
    return {word: place for words in lists for place, word in enumerate(words.split(), start=start)}


NUMBERS = _counted(
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen twenty",
    "zero un deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize dix-sept dix-huit "
    "dix-neuf vingt",
    start=0,
) | {
    "a": 1, "une": 1,
    "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90,
    "trente": 30, "quarante": 40, "cinquante": 50, "soixante": 60, "septante": 70, "octante": 80, "nonante": 90,
}  # fmt: skip

# What multiplies the number before it; alone, it is worth itself.
SCALES = {
    "dozen": 12, "dozens": 12, "hundred": 100, "hundreds": 100, "thousand": 1e3, "thousands": 1e3, "k": 1e3,
    "m": 1e6, "million": 1e6, "millions": 1e6, "bn": 1e9, "billion": 1e9, "billions": 1e9,
    "trillion": 1e12, "trillions": 1e12,
    "dizaine": 10, "dizaines": 10, "douzaine": 12, "douzaines": 12, "vingtaine": 20, "trentaine": 30,
    "quarantaine": 40, "cinquantaine": 50, "cent": 100, "cents": 100, "centaine": 100, "centaines": 100,
    "mille": 1e3, "millier": 1e3, "milliers": 1e3, "milliard": 1e9, "milliards": 1e9,
}  # fmt: skip

# «Une dizaine», «thousands»: an order of magnitude.
COLLECTIVES = frozenset(
    "dozen dozens hundreds thousands billions trillions millier milliers millions milliards".split()
    + [word for word in SCALES if "aine" in word]
)

ORDINALS = _counted(
    "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth",
    "premier deuxieme troisieme quatrieme cinquieme sixieme septieme huitieme neuvieme dixieme onzieme douzieme",
    "premiere seconde",
    start=1,
)
MONTHS = _counted(
    "january february march april may june july august september october november december",
    "janvier fevrier mars avril mai juin juillet aout septembre octobre novembre decembre",
    "jan feb mar apr may jun jul aug sept oct nov dec",
    start=1,
) | {"sep": 9}
WEEKDAYS = _counted(
    "monday tuesday wednesday thursday friday saturday sunday",
    "lundi mardi mercredi jeudi vendredi samedi dimanche",
    start=1,
)

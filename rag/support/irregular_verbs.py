"""English verbs whose past no stemmer knows → one stem for all forms: «paid» is «pay», «sold» is «sell»."""

from __future__ import annotations

from functools import cache

from rag.words import is_content, stem, words

__all__ = ["english_stem", "english_stems"]

# Base form, past, participle.
_VERBS = """
arise arose arisen, bear bore borne, beat beaten, become became, begin began begun, bend bent, bind bound
bite bit bitten, bleed bled, blow blew blown, break broke broken, bring brought, build built, burn burnt, buy bought
catch caught, choose chose chosen, come came, creep crept, deal dealt, dig dug, draw drew drawn, drink drank drunk
drive drove driven, eat ate eaten, fall fell fallen, feed fed, feel felt, fight fought, find found, flee fled
fly flew flown, forbid forbade forbidden, forget forgot forgotten, freeze froze frozen, get got gotten
give gave given, go went gone, grow grew grown, hang hung, hear heard, hide hid hidden, hold held, keep kept
know knew known, lay laid, lead led, learn learnt, leave left, lend lent, lie lay lain, lose lost, make made
mean meant, meet met, overtake overtook overtaken, pay paid, ride rode ridden, ring rang rung, rise rose risen
run ran, say said, see saw seen, seek sought, sell sold, send sent, shake shook shaken, shoot shot, show shown
shrink shrank shrunk, sing sang sung, sink sank sunk, sit sat, sleep slept, speak spoke spoken, spend spent
stand stood, steal stole stolen, stick stuck, strike struck stricken, swear swore sworn, swim swam swum
take took taken, teach taught, tear tore torn, tell told, think thought, throw threw thrown, understand understood
wear wore worn, win won, withdraw withdrew withdrawn, write wrote written, wound wounded
"""


@cache
def _base_by_stem() -> dict[str, str]:
    return {
        stem(form, "en"): stem(forms.split()[0], "en")
        for forms in _VERBS.replace("\n", ",").split(",")
        for form in forms.split()[1:]
    }


def english_stem(word: str) -> str:
    """As `rag.words.stem` for English, an irregular verb by its base form."""
    found = stem(word, "en")
    return _base_by_stem().get(found, found)


def english_stems(text: str) -> list[str]:
    """As `rag.words.content_stems` for English, irregular verbs by their base form."""
    return [english_stem(word.surface) for word in words(text) if is_content(word.surface, "en")]

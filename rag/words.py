"""Text → its words, their stems, and the names in it: what the answerer and the support check compare by.

Two texts are compared by the stems of their content words, each stemmed by its own language, accents
folded after stemming so that «Écosse» and «Ecosse» meet. Names are told by their capitals alone: no list of
names is shipped, so a name that opens a sentence counts only where it can't be an ordinary word.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

import Stemmer

from embeddings import in_english

__all__ = [
    "Word",
    "content_stems",
    "fold",
    "fold_in_place",
    "is_content",
    "names",
    "normalise",
    "searchable",
    "seen_only",
    "stem",
    "stems_in_english",
    "words",
]

# Control characters but tab and newline; the bidirectional and invisible ones; lone surrogates.
_UNSEEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"
    "\ud800-\udfff\U000e0000-\U000e007f]"
)
_WORD = re.compile(r"(?:[^\W\d_]\.){2,}|\d+(?:[.,]\d+)*|[^\W\d_]+\d*")
_STEMMERS = {"en": "english", "fr": "french"}

# Articles, pronouns, prepositions, auxiliaries, question words: they say nothing of what a text is about.
_STOPWORDS = {
    "en": frozenset(
        "a about above according after again against all also although am among an and any are aren as at be "
        "because been before being below between both but by can could d did didn do does doesn doing don "
        "during each either else ever few for from further had hadn has hasn have haven having he her here "
        "hers herself him himself his how i if in into is isn it its itself just ll m many may me might more "
        "most much must my myself no nor not of off on once only or other our ours out over own per re s same "
        "shall she should shouldn since so some such t than that the their theirs them themselves then there "
        "these they this those though through to too under until up upon us ve very was wasn we were weren "
        "what when where which while who whom whose why will with within without won would wouldn yet you "
        "your yours".split()
    ),
    "fr": frozenset(
        "a afin ai ainsi alors après as au aucun aucune aura aurait auront aussi autre autres aux avaient "
        "avait avant avec avez avoir avons ayant c ce ceci cela celle celles celui ces cet cette ceux chaque "
        "chez combien comme comment contre d dans de depuis des dès donc dont du durant elle elles en encore "
        "entre es est et étaient était étant été être eu eux fait faire fois font furent fut grâce ici il ils "
        "j je jusqu jusque l la là laquelle le lequel les lesquelles lesquels leur leurs lors lorsqu lorsque "
        "lui m ma mais me même mêmes mes moi moins mon n ne ni non nos notre nous on ont ou où par parce "
        "parmi pas pendant peu peut peuvent plus pour pourquoi pourrait près puis puisqu puisque qu quand que "
        "quel quelle quelles quelqu quels qui quoi s sa sans se selon sera serait seront ses si soi soit son "
        "sont sous sur t ta te tes toi ton tous tout toute toutes très tu un une va vers vos votre vous y à "
        "ça".split()
    ),
}

_ALL_STOPWORDS = frozenset().union(*_STOPWORDS.values())


@dataclass(frozen=True, slots=True)
class Word:
    """A word as it stands in a text, at `text[start : start + len(surface)]`."""

    surface: str
    start: int

    @property
    def is_capitalised(self) -> bool:
        return self.surface[0].isupper()


def seen_only(text: str) -> str:
    """`text` without the characters that can't be seen but reorder, hide or act."""
    return _UNSEEN.sub("", text)


def searchable(text: str) -> str:
    """`text` as titles and the like are compared: without case, accents and what can't be seen."""
    return fold(normalise(seen_only(text)))


def normalise(text: str) -> str:
    """`text` with straight apostrophes and quotation marks, plain spaces and hyphens, for comparing."""
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text).translate(_PLAIN)
    return " ".join(text.split())


class _Folding(dict[int, str]):
    """What each character is folded to, worked out when it is first met."""

    def __missing__(self, code: int) -> str:
        decomposed = unicodedata.normalize("NFKD", chr(code).casefold())
        self[code] = "".join(letter for letter in decomposed if not unicodedata.combining(letter))
        return self[code]


_FOLDING = _Folding()


def fold(text: str) -> str:
    """`text` in lower case without accents."""
    return text.lower() if text.isascii() else text.translate(_FOLDING)


def fold_in_place(text: str) -> str:
    """As `fold`, character for character, so that offsets into `text` still hold."""
    folded = fold(text)
    if len(folded) == len(text):
        return folded
    return "".join(fold(letter) if len(fold(letter)) == 1 else letter for letter in text)


def words(text: str) -> list[Word]:
    """The words of a text in order; «l'Otan» gives two, «U.S.» one, «4,000» one."""
    return [Word(match.group(), match.start()) for match in _WORD.finditer(text)]


def is_content(word: str, language: str | None) -> bool:
    """Whether a word says something of its own; a language that is not known is read as both."""
    stopwords = _STOPWORDS.get(language or "", _ALL_STOPWORDS)
    return word.lower() not in stopwords and (len(word) > 1 or word.isdigit())


@lru_cache(maxsize=200_000)
def stem(word: str, language: str | None) -> str:
    """The stem of one word, lower case and without accents; of another language, the word itself."""
    lowered = word.lower().replace(".", "") if not word[0].isdigit() else word
    stemmer = _stemmer(language) if language in _STEMMERS else None
    return fold(stemmer.stemWord(lowered) if stemmer else lowered)


def content_stems(text: str, language: str | None) -> list[str]:
    """The stems of a text's content words, in order, repeated as they are."""
    return [stem(word, language) for word in _WORD.findall(text) if is_content(word, language)]


def stems_in_english(text: str, language: str | None) -> list[str]:
    """As `content_stems`, of French by its gloss, so that texts of the two languages can be compared."""
    if language == "fr":
        return content_stems(in_english(text, "fr"), "en")
    return content_stems(text, language)


def names(text: str, language: str | None) -> list[str]:
    """The names in a text, in order: runs of capitalised words («Elin Jones», «St. Martin»).

    A word that opens a sentence is a name only when the next word is capitalised too, or when it stands
    capitalised elsewhere in the text; what opens a question is never one.
    """
    found: list[list[Word]] = []
    all_words = words(text)
    previous_end = -1
    for word in all_words:
        is_name = word.is_capitalised and is_content(word.surface, language) and len(word.surface) > 1
        if is_name:
            gap = text[previous_end : word.start] if found and previous_end >= 0 else ""
            if found and previous_end >= 0 and _JOINS.fullmatch(gap):
                found[-1].append(word)
            else:
                found.append([word])
            previous_end = word.start + len(word.surface)
        elif not (found and previous_end >= 0 and word.surface.lower() in _PARTICLES):
            previous_end = -1
    opening = [run for run in found if len(run) == 1 and _opens_sentence(text, run[0].start)]
    inside = _capitalised_inside(text, all_words) if opening else set()
    return [
        text[run[0].start : run[-1].start + len(run[-1].surface)]
        for run in found
        if run not in opening or run[0].surface in inside
    ]


# Between two parts of one name: a space, a hyphen, an initial's full stop, or a particle («Kim Jong-un»).
_PARTICLES = frozenset("al bin da de del della des di du el ibn la le van von der".split())
_JOINS = re.compile(r"\.? |-|'|’|\.? (?:(?:al|bin|da|de|del|della|des|di|du|el|ibn|la|le|van|von|der)[ -])+")
_SENTENCE_START = re.compile(r"(?:^|[.!?:…]|\n)[\s\"“”«»'‘’(\[–—-]*$")
_PLAIN = str.maketrans(
    {"’": "'", "‘": "'", "ʼ": "'", "“": '"', "”": '"', "«": '"', "»": '"', "‐": "-", "‑": "-", "–": "-", "—": "-"}
)


@lru_cache(maxsize=4)
def _stemmer(language: str | None) -> Stemmer.Stemmer:
    return Stemmer.Stemmer(_STEMMERS[language or "en"])


def _opens_sentence(text: str, start: int) -> bool:
    before = text[max(0, start - 8) : start]
    return (start == len(before) and not before.strip()) or bool(_SENTENCE_START.search(before))


def _capitalised_inside(text: str, found: Iterable[Word]) -> set[str]:
    return {word.surface for word in found if word.is_capitalised and not _opens_sentence(text, word.start)}

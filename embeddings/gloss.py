"""French text → English, word by word, so that an English encoder and an English lexical index can read it.

Not a translation to show anybody: it is made to be searched, and what is shown and cited is always the
original. The words come from a small learnt table (`data/gloss.tsv.gz`, its card in `data/GLOSS.md`); the
longest phrase wins, a form that the table lacks is read by its stem, and what is a name stays as it is. The
questionable decision is when a word with a capital is a name: see `_is_name`.
"""

from __future__ import annotations

import gzip
import hashlib
import re
import unicodedata
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from importlib.resources import files
from pathlib import Path

import Stemmer

from embeddings.errors import EncoderError
from embeddings.french_words import split_words, strip_accents, word_key

__all__ = ["Glosser"]

MAX_CACHED_WORDS = 200_000  # about 60 MB; the cache starts anew beyond it
NEGATION_REACH_WORDS = 8  # «ne» and its second half: «n'a toujours pas encore été vraiment»

_SENTENCE_BREAK = re.compile(r"[.!?…:;«»“”\"\n(\[•–—|]")
_CLAUSE_BREAK = re.compile(r"[.!?…:;,«»“”\"\n]")
_JOINED = frozenset({" ", "-", "", "\u00a0", "\u202f", "‑"})
_HYPHENS = frozenset({"-", "‑"})
_GAPS = str.maketrans({"«": '"', "»": '"', "“": '"', "”": '"', "\u00a0": " ", "\u202f": " ", "’": "'"})
_MANY_SPACES = re.compile(r" {2,}")

_FIGURE = re.compile(r"\d{1,3}(?:[ \u00a0\u202f]\d{3})*(?:,\d+)?")
_CLOCK = re.compile(r"(\d{1,2})h(\d{2})?")
_ORDINAL = re.compile(r"(\d+|[IVX]+)(?:er|ère|ere|re|e|è|ème|eme|ième)|(2|II)nde?")
_ROMAN = {"I": 1, "V": 5, "X": 10}

# What becomes of a word while a «ne» waits for its second half.
_SECOND_HALVES = {
    "pas": "not",
    "plus": "no longer",
    "jamais": "never",
    "rien": "nothing",
    "personne": "nobody",
    "aucun": "no",
    "aucune": "no",
    "guère": "hardly",
    "que": "only",
    "qu'": "only",
}
_NEGATIONS = frozenset({"ne", "n'"})
_REFLEXIVES = frozenset({"se", "s'"})
_BE_AS_HAVE = {"est": "has", "sont": "have", "était": "had", "étaient": "had", "serait": "would have"}
_SUBJECTS = frozenset({"il", "elle", "on", "ils", "elles", "ce", "je", "tu", "nous", "vous"})
_HYPHENED_ENDINGS = frozenset({"t", "ci", "là"})
_TIME_UNITS = frozenset(
    "seconde secondes minute minutes heure heures jour jours semaine semaines mois an ans année années "
    "décennie décennies siècle siècles longtemps".split()
)

# Endings of learned words, French and English, tried on a word of which the table knows not even the stem.
# The English word must be one that the table itself uses.
_COGNATE_ENDINGS = (
    ("iques", "ic"), ("ique", "ic"), ("iques", "ical"), ("ique", "ical"), ("ités", "ities"), ("ité", "ity"),
    ("eurs", "ors"), ("eur", "or"), ("eurs", "ers"), ("eur", "er"), ("ismes", "isms"), ("isme", "ism"),
    ("istes", "ists"), ("iste", "ist"), ("aires", "ary"), ("aire", "ary"), ("euses", "ous"), ("euse", "ous"),
    ("eux", "ous"), ("ences", "ences"), ("ement", "ly"), ("ment", "ly"), ("iser", "ize"), ("isé", "ized"),
    ("isée", "ized"), ("isés", "ized"), ("isées", "ized"), ("ifier", "ify"), ("és", "ed"), ("ée", "ed"),
    ("ées", "ed"), ("é", "ed"), ("er", "e"), ("er", ""), ("ant", "ing"), ("ie", "y"), ("ies", "ies"),
    ("ien", "ian"), ("iens", "ians"), ("ienne", "ian"), ("iennes", "ian"), ("ifs", "ive"), ("if", "ive"),
    ("ive", "ive"), ("ives", "ive"), ("el", "al"), ("elle", "al"), ("els", "al"), ("elles", "al"),
    ("ale", "al"), ("ales", "al"), ("aux", "al"), ("tre", "ter"), ("tres", "ters"), ("e", ""), ("es", "s"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Word:
    """What is known of a word on its own, whatever stands around it."""

    text: str
    key: str  # with the accents that the text left out
    gloss: str | None  # None: it stays as it is
    flags: str
    is_capitalised: bool
    longest_phrase: int  # in words, 1 when the table has no phrase that begins with it


class Glosser:
    """The gloss table in memory. Made once by `Glosser.load`; used from one thread at a time.

    `fingerprint` changes with the table.
    """

    def __init__(self, lines: Sequence[str]) -> None:
        self.fingerprint = hashlib.sha256("\n".join(lines).encode("utf-8")).hexdigest()[:8]
        # In order, so that a word is found by halving, and the phrases that it begins lie together: a table by word
        # would take longer to fill than most commands look words up for.
        self._lines = sorted(lines)
        self._words: dict[str, _Word] = {}
        self._gloss_by_phrase: dict[str, str] = {}  # of the words looked up so far
        # Without the stemmer's own cache, which slows thousands of different words down threefold.
        self._stemmer = Stemmer.Stemmer("french", 0)
        self._english_stemmer = Stemmer.Stemmer("english", 0)

    @classmethod
    def load(cls, path: Path | str | None = None) -> Glosser:
        """The glosser over the table at `path`, by default the package's own.

        Raises EncoderError when the file is missing or not a gloss table.

        >>> Glosser.load().gloss("Combien de soldats l’OTAN va-t-elle déployer ?")
        'how many soldiers the nato will deploy ?'
        """
        source = files("embeddings") / "data" / "gloss.tsv.gz" if path is None else Path(path)
        try:
            lines = gzip.decompress(source.read_bytes()).decode("utf-8").splitlines()
        except (OSError, EOFError, UnicodeDecodeError) as error:
            raise EncoderError(f"the gloss table '{source}' can't be read ({error}): install Gazette again") from error
        if not lines or any(line.count("\t") != 2 for line in lines[:10]):
            raise EncoderError(f"'{source}' is not a gloss table: its lines should have three columns")
        return cls(lines)

    def gloss(self, text: str) -> str:
        """The text in English words, in the French order but for adjectives; punctuation and names stay.

        Any text is taken, whatever its language; empty text gives empty text.
        """
        parts = split_words(unicodedata.normalize("NFC", text))
        words = [self._word(part) for part in parts[1::2]]
        return _Line(self, words, parts[0::2], is_shouted=text.isupper()).gloss()

    def phrase(self, keys: Sequence[str]) -> str | None:
        """The gloss of a phrase of the table whose first word has been looked up, or None."""
        return self._gloss_by_phrase.get(" ".join(keys))

    def is_ordinary(self, word: str) -> bool:
        """Whether a word, in any case, is known in French or English as something else than a name."""
        line = self._line(word_key(word))
        if line is not None and "c" not in line.rpartition("\t")[2]:
            return True
        return self._english_stemmer.stemWord(word.lower()) in self._ordinary_english_stems

    def _word(self, text: str) -> _Word:
        word = self._words.get(text)
        if word is None:
            if len(self._words) >= MAX_CACHED_WORDS:
                self._words.clear()
            word = self._words[text] = self._look_up(text)
        return word

    def _look_up(self, text: str) -> _Word:
        key = word_key(text)
        is_capitalised = text[0].isupper()
        figure = _english_figure(text)
        if figure is not None:
            return _Word(text, key, figure, "f", False, self._read_phrases(key))
        line, longest = self._line(key), self._read_phrases(key)
        if line is None and longest == 1 and key not in self._english_words:
            accented = self._key_by_plain.get(strip_accents(key))
            if accented is not None:
                key, line, longest = accented, self._line(accented), self._read_phrases(accented)
        if line is not None:
            gloss, _, flags = line.partition("\t")
            return _Word(text, key, None if gloss == "" and "f" not in flags else gloss, flags, is_capitalised, longest)
        has_digit = any(character.isdigit() for character in key)
        guess = None if has_digit else self._gloss_by_stem(key) or self._cognate(key)
        return _Word(text, key, guess, "lr", is_capitalised, longest)

    def _line(self, key: str) -> str | None:
        """What the table says of a word or a phrase: its gloss and its flags, with a tab between them."""
        start = f"{key}\t"
        at = bisect_left(self._lines, start)
        is_there = at < len(self._lines) and self._lines[at].startswith(start)
        return self._lines[at][len(start) :] if is_there else None

    def _read_phrases(self, key: str) -> int:
        """Takes the phrases that begin with a word from the table; the words of the longest, 1 where there is none."""
        start = f"{key} "
        longest = 1
        for at in range(bisect_left(self._lines, start), len(self._lines)):
            if not self._lines[at].startswith(start):
                break
            phrase, gloss, _ = self._lines[at].split("\t")
            self._gloss_by_phrase[phrase] = gloss
            longest = max(longest, phrase.count(" ") + 1)
        return longest

    @cached_property
    def _key_by_plain(self) -> dict[str, str]:
        """The table's word for a spelling without accents; a phrase's word counts where no word is there."""
        keys = [line.partition("\t")[0] for line in self._lines if not line.isascii()]
        firsts = [key.partition(" ")[0] for key in keys if " " in key]
        accented = [key for key in (*firsts, *(key for key in keys if " " not in key)) if not key.isascii()]
        return dict(zip(strip_accents("\n".join(accented)).splitlines(), accented, strict=True))

    @cached_property
    def _key_by_stem(self) -> dict[str, str]:
        """The table's word that speaks for a stem."""
        keys = [line.partition("\t")[0] for line in self._lines if line.endswith("s")]
        words = [key for key in keys if " " not in key]
        return dict(zip(self._stemmer.stemWords(words), words, strict=True))

    @cached_property
    def _english_words(self) -> frozenset[str]:
        return frozenset(" ".join([line.split("\t")[1] for line in self._lines]).split())

    @cached_property
    def _ordinary_english_stems(self) -> frozenset[str]:
        """Of the English words that the table glosses ordinary French words by; a name is glossed by itself."""
        columns = (line.split("\t") for line in self._lines)
        english = " ".join([gloss for _, gloss, flags in columns if "c" not in flags])
        return frozenset(self._english_stemmer.stemWords(sorted(set(english.split()))))

    def _gloss_by_stem(self, key: str) -> str | None:
        known = self._key_by_stem.get(self._stemmer.stemWord(key)) if len(key) > 3 else None
        return None if known is None else (self._line(known) or "").partition("\t")[0] or known

    def _cognate(self, key: str) -> str | None:
        plain = strip_accents(key)
        for french, english in _COGNATE_ENDINGS:
            if key.endswith(french) and len(key) > len(french) + 3:
                candidate = plain[: -len(french)] + english
                if candidate in self._english_words:
                    return candidate
        return None


class _Line:
    """One text on its way through the glosser: the words, what stands between them, and what came out so far."""

    def __init__(self, glosser: Glosser, words: list[_Word], gaps: list[str], is_shouted: bool) -> None:
        self.glosser = glosser
        self.words = words
        self.gaps = gaps
        self.is_shouted = is_shouted
        self.out: list[str] = []
        self.negation_until = -1
        self.ago_until = -1
        self.name_at = -2  # the last word that stayed as a name
        self.noun_at: int | None = None  # where in `out` the word just before stands, when it may be a noun

    def gloss(self) -> str:
        words = self.words
        at = 0
        while at < len(words):
            if self.negation_until >= 0 or self.ago_until >= 0:
                self._close(at)
            self.out.append(self.gaps[at])
            taken = self._take_phrase(at) if words[at].longest_phrase > 1 else 0
            if not taken:
                self._take_word(at)
                taken = 1
            at += taken
        self.out.append(self.gaps[-1])
        return _MANY_SPACES.sub(" ", "".join(self.out).translate(_GAPS)).strip(" ")

    def _close(self, at: int) -> None:
        """Forget a «ne» or an «il y a» that the gap before this word, or the distance, has ended."""
        if at > self.negation_until or _CLAUSE_BREAK.search(self.gaps[at]):
            self.negation_until = -1
        if at > self.ago_until:
            self.ago_until = -1

    def _take_phrase(self, at: int) -> int:
        """Gloss the longest phrase that begins here; the number of its words, 0 when there is none."""
        words, gaps = self.words, self.gaps
        most = min(words[at].longest_phrase, len(words) - at)
        length = 1
        while length < most and gaps[at + length] in _JOINED:
            length += 1
        keys = [word.key for word in words[at : at + length]]
        if keys[:3] == ["il", "y", "a"] and self._is_time_span(at + 3):
            self.ago_until = at + 8
            return 3
        while len(keys) > 1:
            gloss = self.glosser.phrase(keys)
            if gloss is not None and not self._is_names(at, len(keys)):
                self._put(gloss, at)
                if any(key in _NEGATIONS for key in keys):
                    self.negation_until = -1
                self._put_ago(keys[-1])
                self.noun_at = None
                return len(keys)
            keys.pop()
        return 0

    def _take_word(self, at: int) -> None:
        word = self.words[at]
        key = word.key
        noun_at, self.noun_at = self.noun_at, None
        if self.gaps[at] in _HYPHENS and at > 0:
            self.out[-1] = "-" if word.is_capitalised or word.gloss is None else " "
            if key in _HYPHENED_ENDINGS or (key in _SUBJECTS and self._has_subject_before(at)):
                self.out[-1] = " "
                return
            if self.name_at == at - 1:
                self.name_at = at
                self.out[-1:] = ["-", word.text]
                return
        if word.text == "M" and self.gaps[at + 1].startswith("."):
            self._put("mr", at)
            return
        if word.is_capitalised and (word.gloss is None or self._is_name(at)):
            self.name_at = at
            self._put(word.text, at)
            return
        gloss = self._gloss_in_context(at)
        if gloss is None:
            self._put(word.text, at)
            self.noun_at = len(self.out) - 1
            return
        if "a" in word.flags and noun_at is not None and self.gaps[at] == " " and not word.is_capitalised:
            self.out[noun_at], gloss = gloss, self.out[noun_at]
        self._put(gloss, at)
        self._put_ago(key)
        if "f" not in word.flags and "a" not in word.flags:
            self.noun_at = len(self.out) - 1

    def _put(self, gloss: str, at: int) -> None:
        """Write a gloss; an elision's has the space that its apostrophe replaced."""
        if gloss and not self.gaps[at] and at > 0 and self.out and self.out[-1] == "":
            self.out[-1] = " "
        self.out.append(gloss)

    def _put_ago(self, key: str) -> None:
        """Write the «ago» of an «il y a» behind its unit of time."""
        if self.ago_until >= 0 and key in _TIME_UNITS:
            self.out.append(" ago")
            self.ago_until = -1

    def _gloss_in_context(self, at: int) -> str | None:
        """The gloss of a word as its neighbours have it: negations, reflexives, «A» without its accent."""
        word = self.words[at]
        key = word.key
        following = self.words[at + 1].key if at + 1 < len(self.words) else ""
        if key in _NEGATIONS:
            self.negation_until = at + NEGATION_REACH_WORDS
            return ""
        if key in _SECOND_HALVES:
            if self.negation_until >= 0:
                self.negation_until = -1
                return _SECOND_HALVES[key]
            if key == "personne" and following in _NEGATIONS:
                return "nobody"
            if key in ("que", "qu'") and word.is_capitalised and self._begins_sentence(at):
                return "what"
        elif key == "s'" and following in ("il", "ils"):
            return "if"
        elif key in _REFLEXIVES:
            return ""
        elif key in _BE_AS_HAVE and at > 0 and self.words[at - 1].key in _REFLEXIVES:
            return _BE_AS_HAVE[key]
        elif key == "a" and word.is_capitalised and self.gaps[at + 1] == " ":
            return "to"
        return word.gloss

    def _is_names(self, at: int, length: int) -> bool:
        """Whether a phrase's words are a name rather: all capitalised but hardly ever so in running text."""
        words = self.words[at : at + length]
        return not self.is_shouted and all(
            word.is_capitalised and "l" in word.flags and "t" not in word.flags for word in words
        )

    def _is_name(self, at: int) -> bool:
        """Whether a capitalised word is a name that must stay: «Jong» is no «mahjong».

        A given name always is. Inside a sentence a word is one when it is rare, or when it stands beside
        another capital and hardly ever has one itself; at the start of a sentence only when it is rare, or
        unknown, and another capital follows: there, everything has a capital.
        """
        word = self.words[at]
        if "g" in word.flags:
            return True
        if "t" in word.flags or self.is_shouted or ("c" in word.flags and "r" not in word.flags):
            return False
        beside_after = self._is_capital_beside(at + 1, self.gaps[at + 1])
        if self._begins_sentence(at):
            return beside_after and "r" in word.flags
        if "f" in word.flags:
            return beside_after
        if "r" in word.flags:
            return True
        beside_before = self._is_capital_beside(at - 1, self.gaps[at]) and not self._is_only_first(at - 1)
        return "l" in word.flags and (beside_before or beside_after)

    def _begins_sentence(self, at: int) -> bool:
        return at == 0 or _SENTENCE_BREAK.search(self.gaps[at]) is not None

    def _is_only_first(self, at: int) -> bool:
        """Whether a word has its capital from beginning a sentence, and not from being a name."""
        return self._begins_sentence(at) and "g" not in self.words[at].flags and self.words[at].gloss is not None

    def _is_capital_beside(self, at: int, gap: str) -> bool:
        return at < len(self.words) and self.words[at].is_capitalised and gap in _JOINED

    def _has_subject_before(self, at: int) -> bool:
        """Whether the pronoun after a hyphened verb only repeats a subject: «le ministre a-t-il»."""
        start = at
        while start > 0 and not _SENTENCE_BREAK.search(self.gaps[start]):
            start -= 1
        return at - start > 3

    def _is_time_span(self, at: int) -> bool:
        """Whether a length of time follows: after «il y a» it makes «ago»."""
        return any(word.key in _TIME_UNITS for word in self.words[at : at + 4])


def _english_figure(text: str) -> str | None:
    """French figures as English ones: «4 000» 4,000, «2,5» 2.5, «1er» 1st, «XXe» 20th, «20h30» 20:30."""
    if _FIGURE.fullmatch(text):
        whole, comma, decimals = text.partition(",")
        return re.sub(r"[ \u00a0\u202f]", ",", whole) + ("." if comma else "") + decimals
    if clock := _CLOCK.fullmatch(text):
        return f"{clock[1]}:{clock[2] or '00'}"
    if ordinal := _ORDINAL.fullmatch(text):
        figure = ordinal[1] or ordinal[2]
        number = int(figure) if figure.isdigit() else _roman_number(figure)
        ending = "th" if number % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
        return f"{number}{ending}"
    return None


def _roman_number(letters: str) -> int:
    values = [_ROMAN[letter] for letter in letters]
    return sum(-value if value < after else value for value, after in zip(values, [*values[1:], 0], strict=True))

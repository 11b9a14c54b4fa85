"""Learnt words and phrases and the hand-made list → the gloss table, one gzip file.

A line of the table is `French word or phrase TAB gloss TAB flags`. An empty gloss field says that the word
stays as it is. Flags, a letter each:

    c   nearly always capitalised inside a sentence («Moscou»): its gloss is sure even with a capital
    l   nearly never capitalised («rose»): with a capital beside another one it is a name, and stays
    r   seen under four times: with a capital inside a sentence it stays
    a   an adjective that follows its noun, where English has it before
    f   a function word: always glossed, never moved
    g   a given name: with a capital it always stays
    t   a word of titles and institutions: with a capital it is glossed even beside another one
    s   speaks for its stem: a form that the table lacks is read as this one (of verbs by hand, the infinitive)
"""

from __future__ import annotations

import gzip
import io
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import Stemmer

from embeddings.french_words import strip_accents, word_keys
from embeddings.gloss_build.alignment import Links
from embeddings.gloss_build.pairs import Corpus
from embeddings.gloss_build.phrases import MAX_FRENCH_WORDS, Phrase, extract_phrases, share_of_swaps
from embeddings.gloss_build.verbs import conjugate, past_of

__all__ = ["Entry", "build_entries", "read_hand_list", "write_table"]

FRENCH_SHARE = 0.75  # score = p(english|french)^0.75 · p(french|english)^0.25
RARE_SIGHTS = 4
LOWER_SHARE, UPPER_SHARE = 0.05, 0.6
SWAP_SHARE = 0.5
MIN_SCORE = 0.1  # a word whose best gloss scores less says nothing
WELL_KNOWN_SIGHTS = 20
MIN_RARE_SCORE, MIN_UNCOMMON_SCORE = 0.6, 0.3  # a word scoring less is left to a better one of the same stem
COGNATE_LETTERS = 4  # two words that share their first ones are held to be cognates
COGNATE_FACTOR = 2.0
MIN_COGNATE_SCORE = 0.03
MIN_ODD_SCORE = 0.6  # an uncommon word scoring less has to agree with the others of its stem
ODD_RATIO = 3.0  # they have so many times the votes for their sense than it has for its own
FOREIGN_RATIO = 4  # a word this many times as frequent in the other language is a word of that language
MIN_PHRASE_SHARE = 0.4
MIN_PHRASE_COUNT = 0.9
MAX_PHRASES = 14_000

_OTHER_WITH_S = frozenset({"new", "aid", "son"})  # «news», «aids» and the «sons» of a French «fils» are no plurals
_WORDLIKE = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)?'?")
_ENGLISH_FUNCTION_WORDS = frozenset(
    "a an the of to in on at by for with from as is are was were be been and or but if that this these those "
    "it its he she they them his her their i you we our your who which not no do does did has have had will "
    "would shall may any such so".split()
)
_FRENCH_EDGES = frozenset(
    "le la l' les un une des du de d' au aux à et ou que qu' qui dans sur par pour en ce cet cette ces son sa ses "
    "leur leurs mon ma mes ton ta tes notre votre nos vos il elle ils elles on nous vous je j' tu se s' ne n' y "
    "est sont a ont été être avoir si c' me m' te t' lui".split()
)
# Who speaks and to whom, in everyday sentences: what is learnt of phrases with them is never news.
_SPEAKERS = frozenset("je j' tu moi toi me m' te t' nous vous ceci ça tom mary marie".split())
_FRENCH_STARTS_TO_SKIP = frozenset(
    "le la l' les un une des du ce cet cette ces son sa ses leur leurs mon ma mes ton ta tes notre votre nos vos "
    "il elle ils elles on nous vous je j' tu se s' ne n' que qu' qui et ou c' me m' te t' lui".split()
)


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the table; a hand-made one may leave the gloss open (None) and only add flags."""

    french: str
    gloss: str | None
    flags: str = ""


def build_entries(corpus: Corpus, links: Links, hand_list: Iterable[Entry]) -> list[Entry]:
    """All lines of the table in their order: by French text. The hand-made ones replace learnt ones."""
    words = _learnt_words(corpus, links)
    by_french = {entry.french: entry for entry in words}
    stemmer = Stemmer.Stemmer("french")
    speakers: dict[str, str] = {}
    for entry in hand_list:
        by_french[entry.french] = _join(entry, by_french.get(entry.french))
        if "s" in entry.flags:
            speakers.setdefault(stemmer.stemWord(entry.french), entry.french)
    for french, entry in by_french.items():
        if "s" in entry.flags and speakers.get(stemmer.stemWord(french), french) != french:
            by_french[french] = replace(entry, flags=entry.flags.replace("s", ""))
    for phrase in _learnt_phrases(corpus, links, by_french):
        by_french.setdefault(phrase.french, phrase)
    return [by_french[french] for french in sorted(by_french)]


def _join(by_hand: Entry, learnt: Entry | None) -> Entry:
    """The hand-made entry with what was learnt of how the word is written; without a gloss it keeps the learnt one."""
    gloss = by_hand.gloss
    if gloss is None:
        gloss = by_hand.french if learnt is None else learnt.gloss or by_hand.french
    if learnt is not None and gloss not in _OTHER_WITH_S and learnt.gloss in (f"{gloss}s", f"{gloss}es"):
        gloss = learnt.gloss  # what is said by hand of a singular was learnt of its plural
    gloss = "" if gloss == by_hand.french and " " not in gloss else gloss
    if learnt is None or "f" in by_hand.flags:
        return Entry(by_hand.french, gloss, by_hand.flags)
    return Entry(by_hand.french, gloss, _letters(learnt.flags.replace("r", "") + by_hand.flags))


def read_hand_list(path: Path) -> list[Entry]:
    """The hand-made entries; their form is described at the head of the file.

    Raises ValueError naming the line that gives a word a second gloss.
    """
    by_french: dict[str, Entry] = {}
    of_verbs: dict[str, Entry] = {}
    flags = ""
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        line = line.partition("#")[0].strip()
        if section := re.fullmatch(r"\[(\w*)\]", line):
            flags = section[1]
            continue
        left, equals, right = line.partition("=")
        gloss = right.strip() if equals else None
        if flags == "v":
            for infinitive in filter(None, map(str.strip, left.split(","))):
                try:
                    for entry in _forms_of_verb(infinitive, right):
                        of_verbs.setdefault(entry.french, entry)
                except ValueError as error:
                    raise ValueError(f"{path.name}, line {number}: {error}") from error
            continue
        for form in (form.strip() for forms in left.split(",") for form in _forms(forms) if form.strip()):
            french = " ".join(word_keys(form))
            known = by_french.get(french, Entry(french, None))
            if gloss is not None and known.gloss not in (None, gloss):
                raise ValueError(f"{path.name}, line {number}: '{form}' is '{known.gloss}' further up")
            by_french[french] = Entry(french, known.gloss if gloss is None else gloss, _letters(known.flags + flags))
    return list((of_verbs | by_french).values())


def _forms_of_verb(infinitive: str, glosses: str) -> Iterator[Entry]:
    """The entries of a line of verbs, `meet, met`; the infinitive speaks for its stem."""
    present, _, past = (part.strip() for part in glosses.partition(","))
    by_tense = {
        "present": present,
        "past": past or past_of(present),
        "future": f"will {present}",
        "conditional": f"would {present}",
    }
    for form, tense in conjugate(infinitive):
        yield Entry(" ".join(word_keys(form)), by_tense[tense], "s" if form == infinitive else "")


def write_table(entries: Iterable[Entry], path: Path) -> None:
    """The table as a gzip file that is the same, byte for byte, whenever the entries are."""
    text = "".join(f"{entry.french}\t{entry.gloss}\t{entry.flags}\n" for entry in entries)
    buffer = io.BytesIO()
    with gzip.GzipFile(filename="", mode="wb", compresslevel=9, fileobj=buffer, mtime=0) as file:
        file.write(text.encode("utf-8"))
    path.write_bytes(buffer.getvalue())


def _letters(flags: str) -> str:
    return "".join(sorted(set(flags)))


def _forms(text: str) -> Iterator[str]:
    """All spellings of a word with optional parts: «blessé(e)(s)» gives four."""
    before, bracket, rest = text.partition("(")
    if not bracket:
        yield text
        return
    optional, _, after = rest.partition(")")
    for tail in _forms(after):
        yield before + tail
        yield before + optional + tail


def _learnt_words(corpus: Corpus, links: Links) -> list[Entry]:
    """The best gloss of each word, without the words that are better read by their stem."""
    sights = np.bincount(corpus.french, minlength=len(corpus.french_words))
    english_sights = np.bincount(corpus.english, minlength=len(corpus.english_words))
    kinds, scores = _best_kinds(corpus, links, sights, english_sights)
    foreign = _sights_in_english(corpus, english_sights) > FOREIGN_RATIO * sights
    sights_with_accents = _sights_with_accents(corpus, sights)
    _, right_swaps = share_of_swaps(corpus, links)
    stemmer = Stemmer.Stemmer("french")
    families = _Families()
    found: list[tuple[str, bool, bool, Entry]] = []
    for kind, score in zip(kinds.tolist(), scores.tolist(), strict=True):
        number = int(links.kind_french[kind])
        french, english = corpus.french_words[number], corpus.english_words[links.kind_english[kind]]
        running = int(corpus.running[number])
        seen = max(int(sights[number]), running)
        if not _WORDLIKE.fullmatch(french) or score < MIN_SCORE:
            continue
        if seen < WELL_KNOWN_SIGHTS and sights_with_accents.get(french, 0) > FOREIGN_RATIO * seen:
            continue
        if foreign[number] and seen < WELL_KNOWN_SIGHTS:
            english = french
        flags = "r" if seen < RARE_SIGHTS else ""
        share = corpus.capitalised[number] / running if running else 0.5
        flags += "c" if share >= UPPER_SHARE else "l" if share <= LOWER_SHARE else ""
        flags += "a" if right_swaps[number] >= SWAP_SHARE else ""
        is_weak = (seen < RARE_SIGHTS and score < MIN_RARE_SCORE) or (
            seen < WELL_KNOWN_SIGHTS and score < MIN_UNCOMMON_SCORE
        )
        stem = stemmer.stemWord(french)
        may_be_odd = seen < WELL_KNOWN_SIGHTS and score < MIN_ODD_SCORE
        found.append((stem, is_weak, may_be_odd, Entry(french, "" if english == french else english, flags)))
        if not is_weak and "c" not in flags:
            families.add(stem, french, english, score * np.log1p(seen))
    learnt = []
    for stem, is_weak, may_be_odd, entry in found:
        speaker = families.speaker(stem)
        is_odd = may_be_odd and families.is_odd(stem, entry.french, entry.gloss or entry.french)
        if speaker is None or speaker == entry.french or not (is_weak or is_odd):
            learnt.append(replace(entry, flags=entry.flags + ("s" if speaker == entry.french else "")))
    return learnt


class _Families:
    """The words of one stem: which of them speaks for it, and which stands alone with what it is called.

    «réunies» that is called «unless» while its relatives are called «meeting», «meet» and «meets» was learnt wrongly.
    """

    def __init__(self) -> None:
        self._stemmer = Stemmer.Stemmer("english")
        self._votes: dict[str, dict[str, float]] = {}
        self._speakers: dict[str, dict[str, tuple[float, str]]] = {}
        self._members: dict[tuple[str, str], int] = {}

    def add(self, stem: str, french: str, english: str, vote: float) -> None:
        sense = self._stemmer.stemWord(english)
        votes = self._votes.setdefault(stem, {})
        votes[sense] = votes.get(sense, 0.0) + vote
        self._members[stem, sense] = self._members.get((stem, sense), 0) + 1
        speakers = self._speakers.setdefault(stem, {})
        speakers[sense] = max(speakers.get(sense, (0.0, "")), (vote, french))

    def speaker(self, stem: str) -> str | None:
        """The weightiest word of the sense that has the most votes; None for a stem without any."""
        votes = self._votes.get(stem)
        return self._speakers[stem][max(votes, key=lambda sense: (votes[sense], sense))][1] if votes else None

    def is_odd(self, stem: str, french: str, english: str) -> bool:
        """Whether two or more of the family agree on another sense than this gloss, which is no cognate either."""
        votes = self._votes.get(stem, {})
        own = self._stemmer.stemWord(english)
        shared = (vote for sense, vote in votes.items() if sense != own and self._members[stem, sense] > 1)
        is_cognate = strip_accents(french)[:COGNATE_LETTERS] == english[:COGNATE_LETTERS]
        return not is_cognate and max(shared, default=0.0) > ODD_RATIO * votes.get(own, 0.0)


def _best_kinds(
    corpus: Corpus, links: Links, sights: np.ndarray, english_sights: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """For each French word its best kind of link, in order of the words' numbers, and its score."""
    english_counts = np.bincount(links.kind_english, links.kind_counts)
    french_counts = np.bincount(links.kind_french, links.kind_counts)
    given_french = links.kind_counts / (french_counts[links.kind_french] + 0.01)
    given_english = links.kind_counts / (english_counts[links.kind_english] + 0.01)
    score = given_french**FRENCH_SHARE * given_english ** (1.0 - FRENCH_SHARE)
    french_use = _sights_in_french(corpus, sights)
    score *= np.where(_are_alike(corpus, links, sights, score), COGNATE_FACTOR, 1.0)
    score[(french_use > FOREIGN_RATIO * english_sights)[links.kind_english]] = 0.0
    order = np.lexsort((links.kind_english, -score, links.kind_french))
    best = order[np.unique(links.kind_french[order], return_index=True)[1]]
    return best, score[best]


def _sights_with_accents(corpus: Corpus, sights: np.ndarray) -> dict[str, int]:
    """How often words stand that, their accents left out, are spelled like the key: «état» for «etat»."""
    found: dict[str, int] = {}
    for word, count in zip(corpus.french_words, sights.tolist(), strict=True):
        if not word.isascii():
            plain = strip_accents(word)
            found[plain] = max(found.get(plain, 0), count)
    return found


def _are_alike(corpus: Corpus, links: Links, sights: np.ndarray, score: np.ndarray) -> np.ndarray:
    """Whether the two words of a kind begin alike; asked only of uncommon French words, where it decides."""
    asked = np.flatnonzero((sights[links.kind_french] < WELL_KNOWN_SIGHTS) & (score > MIN_COGNATE_SCORE))
    alike = np.zeros(len(score), dtype=bool)
    english_heads = [word[:COGNATE_LETTERS] for word in corpus.english_words]
    french_heads = [strip_accents(word)[:COGNATE_LETTERS] for word in corpus.french_words]
    for kind in asked.tolist():
        head = french_heads[links.kind_french[kind]]
        alike[kind] = len(head) == COGNATE_LETTERS and head == english_heads[links.kind_english[kind]]
    return alike


def _sights_in_english(corpus: Corpus, english_sights: np.ndarray) -> np.ndarray:
    """How often each French word stands, spelled the same, on the English side."""
    sights_by_word = dict(zip(corpus.english_words, english_sights.tolist(), strict=True))
    return np.array([sights_by_word.get(word, 0) for word in corpus.french_words])


def _sights_in_french(corpus: Corpus, sights: np.ndarray) -> np.ndarray:
    """How often each English word stands, spelled the same, on the French side."""
    sights_by_word = dict(zip(corpus.french_words, sights.tolist(), strict=True))
    return np.array([sights_by_word.get(word, 0) for word in corpus.english_words])


def _learnt_phrases(corpus: Corpus, links: Links, words: dict[str, Entry]) -> list[Entry]:
    """The phrases that say something else than their words one by one, the most frequent of them."""
    found: list[Phrase] = []
    for length in range(2, MAX_FRENCH_WORDS + 1):
        found += [phrase for phrase in extract_phrases(corpus, links, length) if _is_useful(phrase, words)]
    found.sort(key=lambda phrase: (-phrase.count, phrase.french))
    return [Entry(" ".join(phrase.french), " ".join(phrase.english)) for phrase in found[:MAX_PHRASES]]


def _is_useful(phrase: Phrase, words: dict[str, Entry]) -> bool:
    if phrase.count < MIN_PHRASE_COUNT or phrase.count < MIN_PHRASE_SHARE * phrase.seen:
        return False
    if phrase.french[0] in _FRENCH_STARTS_TO_SKIP or phrase.french[-1] in _FRENCH_EDGES:
        return False
    if not all(_WORDLIKE.fullmatch(word) and word not in _SPEAKERS for word in phrase.french):
        return False
    singly = {gloss for word in phrase.french for gloss in _gloss_of(word, words).split()}
    return not set(phrase.english) - _ENGLISH_FUNCTION_WORDS <= singly


def _gloss_of(word: str, words: dict[str, Entry]) -> str:
    entry = words.get(word)
    return word if entry is None else entry.gloss or word

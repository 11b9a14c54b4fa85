"""Learnt words and phrases and the hand-made list → the gloss table, one gzip file.

A line of the table is `French word or phrase TAB gloss TAB flags`. An empty gloss field says that the word
stays as it is. Flags, a letter each:

    c   nearly always capitalised inside a sentence («Moscou»): its gloss is sure even with a capital
    l   nearly never capitalised («rose»): with a capital beside another one it is a name, and stays
    r   seen under four times: with a capital inside a sentence it stays
    a   an adjective that follows its noun, where English has it before
    f   a function word: always glossed, never moved
    g   a given name: with a capital it always stays
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

from embeddings.french_words import word_keys
from embeddings.gloss_build.alignment import Links
from embeddings.gloss_build.pairs import Corpus
from embeddings.gloss_build.phrases import MAX_FRENCH_WORDS, Phrase, extract_phrases, share_of_swaps

__all__ = ["Entry", "build_entries", "read_hand_list", "write_table"]

FRENCH_SHARE = 0.75  # score = p(english|french)^0.75 · p(french|english)^0.25
RARE_SIGHTS = 4
LOWER_SHARE, UPPER_SHARE = 0.05, 0.6
SWAP_SHARE = 0.5
MIN_SCORE = 0.1  # a word whose best gloss scores less says nothing
MIN_WORD_SCORE_BY_STEM = 0.4  # a rare word scoring less is left to a frequent word of the same stem
MIN_PHRASE_SHARE = 0.4
MIN_PHRASE_COUNT = 0.9
MAX_PHRASES = 14_000

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
_FRENCH_STARTS_TO_SKIP = frozenset(
    "le la l' les un une des du ce cet cette ces son sa ses leur leurs mon ma mes ton ta tes notre votre nos vos "
    "il elle ils elles on nous vous je j' tu se s' ne n' que qu' qui et ou c' me m' te t' lui".split()
)


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the table."""

    french: str
    gloss: str
    flags: str = ""


def build_entries(corpus: Corpus, links: Links, hand_list: Iterable[Entry]) -> list[Entry]:
    """All lines of the table in their order: by French text. The hand-made ones replace learnt ones."""
    words = _learnt_words(corpus, links)
    by_french = {entry.french: entry for entry in words}
    for entry in hand_list:
        learnt = by_french.get(entry.french)
        kept = "" if learnt is None else "".join(flag for flag in learnt.flags if flag in "cla")
        if "f" in entry.flags or "g" in entry.flags:
            kept = ""
        gloss = "" if entry.gloss == entry.french else entry.gloss
        by_french[entry.french] = replace(entry, gloss=gloss, flags="".join(sorted(set(kept + entry.flags))))
    for phrase in _learnt_phrases(corpus, links, by_french):
        by_french.setdefault(phrase.french, phrase)
    return [by_french[french] for french in sorted(by_french)]


def read_hand_list(path: Path) -> list[Entry]:
    """The hand-made entries: `French TAB gloss`, with «(s)» for optional endings; `[flags]` opens a section.

    Raises ValueError naming the line that is not of this form.
    """
    entries: list[Entry] = []
    flags = ""
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        line = line.partition("#")[0].strip()
        if not line:
            continue
        if section := re.fullmatch(r"\[(\w*)\]", line):
            flags = section[1]
            continue
        french, equals, gloss = line.partition("=")
        if not equals and "g" not in flags:
            raise ValueError(f"{path.name}, line {number}: '{line}' has no '='")
        for forms in french.split(","):
            entries += [Entry(" ".join(word_keys(form)), gloss.strip(), flags) for form in _forms(forms.strip())]
    return entries


def write_table(entries: Iterable[Entry], path: Path) -> None:
    """The table as a gzip file that is the same, byte for byte, whenever the entries are."""
    text = "".join(f"{entry.french}\t{entry.gloss}\t{entry.flags}\n" for entry in entries)
    buffer = io.BytesIO()
    with gzip.GzipFile(filename="", mode="wb", compresslevel=9, fileobj=buffer, mtime=0) as file:
        file.write(text.encode("utf-8"))
    path.write_bytes(buffer.getvalue())


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
    english_counts = np.bincount(links.kind_english, links.kind_counts)
    french_counts = np.bincount(links.kind_french, links.kind_counts, len(corpus.french_words))
    given_french = links.kind_counts / (french_counts[links.kind_french] + 0.01)
    given_english = links.kind_counts / (english_counts[links.kind_english] + 0.01)
    score = given_french**FRENCH_SHARE * given_english ** (1.0 - FRENCH_SHARE)
    order = np.lexsort((links.kind_english, -score, links.kind_french))
    best = order[np.unique(links.kind_french[order], return_index=True)[1]]
    _, right_swaps = share_of_swaps(corpus, links)
    sights = np.bincount(corpus.french, minlength=len(corpus.french_words))
    strong_stems: set[str] = set()
    weak: list[tuple[str, Entry]] = []
    entries: list[Entry] = []
    stemmer = Stemmer.Stemmer("french")
    for kind in best.tolist():
        number = int(links.kind_french[kind])
        french, english = corpus.french_words[number], corpus.english_words[links.kind_english[kind]]
        if not _WORDLIKE.fullmatch(french) or score[kind] < MIN_SCORE:
            continue
        seen, running = int(sights[number]), int(corpus.running[number])
        flags = "r" if seen < RARE_SIGHTS else ""
        share = corpus.capitalised[number] / running if running else 0.5
        flags += "c" if share >= UPPER_SHARE else "l" if share <= LOWER_SHARE else ""
        flags += "a" if right_swaps[number] >= SWAP_SHARE else ""
        entry = Entry(french, "" if english == french else english, "".join(sorted(flags)))
        stem = stemmer.stemWord(french)
        if seen < RARE_SIGHTS and score[kind] < MIN_WORD_SCORE_BY_STEM:
            weak.append((stem, entry))
        else:
            entries.append(entry)
            strong_stems.add(stem)
    return entries + [entry for stem, entry in weak if stem not in strong_stems]


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
    if not all(_WORDLIKE.fullmatch(word) for word in phrase.french):
        return False
    singly = {gloss for word in phrase.french for gloss in _gloss_of(word, words).split()}
    return set(phrase.english) - _ENGLISH_FUNCTION_WORDS != singly - _ENGLISH_FUNCTION_WORDS


def _gloss_of(word: str, words: dict[str, Entry]) -> str:
    entry = words.get(word)
    return word if entry is None else entry.gloss or word

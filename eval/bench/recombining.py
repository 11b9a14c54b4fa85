"""The sample archive's sentences → any number of articles of the same kind, for measuring speed and size.

A sentence is taken apart once into what stays and what varies: names, figures, and half of its content words. Names
and words come from lists of which the first are the sample's own and the rest made up of syllables, drawn by Zipf's
law (a rank's share is its reciprocal), so that the vocabulary grows with the archive as that of news does, and two
articles share no more runs of words than two reports of an agency. What comes out reads as news and says nothing.
"""

from __future__ import annotations

import math
import random
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

from rag.reading import find_inputs, read_input
from rag.records import Article, Span
from rag.sample import sample_folder
from rag.sentences import split_sentences
from rag.words import is_content

__all__ = ["Recombined", "Recombiner", "Template"]

# Entries of the lists that names and words are drawn from, the sample's own among them. By Zipf's law an archive of a
# million chunks meets most of these names, one of a thousand a tenth.
NAMES = 60_000
WORDS = 12_000
# Of the content words in a sentence, so many are drawn anew: two articles made of one sentence share few runs of three.
CHANGED_WORDS = 0.5
OUTLETS = 80
AUTHORS = 3_000
# Log-normal, as articles' lengths are; with these a mean of 7 chunks.
MEDIAN_SENTENCES = 17
SPREAD = 0.5
FEWEST_SENTENCES, MOST_SENTENCES = 3, 90
FIRST_DAY, DAYS = date(1990, 1, 1), 12_700

_TOKEN = re.compile(r"\d+|[^\W\d_]+|[\W_]+")
_SYLLABLES = "ba bel bri ca cor da del do far fen ga gor hal ka kel la lan len lo mar mel mi mor na nor o pe ra ren "
_SYLLABLES += "ri ro sa sel sen sta ta tar ter to tren va ver vi wal win yor za"
_NAME_ENDINGS = {"en": "ton ley man field ford berg son well".split(), "fr": "ac ier eau ville mont ot el and".split()}
_WORD_ENDINGS = {
    "en": "ing ed tion ment ers ness able ive".split(),
    "fr": "tion ment eur ique able ité ance ées".split(),
}


@dataclass(frozen=True, slots=True)
class Template:
    """A sentence or title of the sample, its varying parts named: text, or "name", "figure" or "word"."""

    language: str
    text: str
    parts: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Recombined:
    """An article, where its sentences lie, and for each the number of the template that it was made from."""

    article: Article
    sentences: tuple[Span, ...]
    templates: tuple[int, ...]


class Recombiner:
    """Articles by number: the same `seed` and number always give the same article.

    Example:
        >>> made = Recombiner().article(7)
        >>> made.article.id, len(made.sentences) == len(made.templates)
        ('recombined-0-7', True)
    """

    def __init__(self, seed: int = 0) -> None:
        self.seed = seed
        self.templates, self._titles = _templates()
        self._by_language = {
            language: [place for place, one in enumerate(self.templates) if one.language == language]
            for language in ("en", "fr")
        }
        drawn_from = (*self.templates, *self._titles)
        self._names = {language: _inventory(drawn_from, language, "name", NAMES) for language in ("en", "fr")}
        self._words = {language: _inventory(drawn_from, language, "word", WORDS) for language in ("en", "fr")}

    def articles(self, first: int = 0) -> Iterator[Recombined]:
        """All of them from the `first` on, without end."""
        number = first
        while True:
            yield self.article(number)
            number += 1

    def article(self, number: int) -> Recombined:
        chance = random.Random(f"{self.seed}/{number}")
        language = "en" if chance.random() < 0.5 else "fr"
        length = round(MEDIAN_SENTENCES * math.exp(chance.gauss(0, SPREAD)))
        chosen = chance.choices(self._by_language[language], k=min(max(length, FEWEST_SENTENCES), MOST_SENTENCES))
        titles = [one for one in self._titles if one.language == language]
        text, spans = self._text([self.templates[place] for place in chosen], chance)
        names = self._names[language]
        article = Article(
            id=f"recombined-{self.seed}-{number}",
            title=self._written(chance.choice(titles), chance),
            text=text,
            url=f"https://example.org/{self.seed}/{number}",
            source=f"The {names[_rank(chance, OUTLETS)]} Courier",
            authors=(f"{names[_rank(chance, AUTHORS)]} {names[_rank(chance, AUTHORS)]}",),
            published=FIRST_DAY + timedelta(days=int(DAYS * chance.random() ** 0.5)),
            language=language,
        )
        return Recombined(article, spans, tuple(chosen))

    def _text(self, templates: Sequence[Template], chance: random.Random) -> tuple[str, tuple[Span, ...]]:
        """Paragraphs of one to four sentences, and where the sentences lie."""
        pieces: list[str] = []
        spans: list[Span] = []
        length = 0
        left_in_paragraph = chance.randint(1, 4)
        for template in templates:
            if pieces:
                pieces.append(" " if left_in_paragraph else "\n\n")
                length += len(pieces[-1])
                left_in_paragraph = left_in_paragraph or chance.randint(1, 4)
            written = self._written(template, chance)
            spans.append(Span(length, length + len(written)))
            pieces.append(written)
            length += len(written)
            left_in_paragraph -= 1
        return "".join(pieces), tuple(spans)

    def _written(self, template: Template, chance: random.Random) -> str:
        names, words = self._names[template.language], self._words[template.language]
        written: list[str] = []
        for kind, text in template.parts:
            if kind == "text":
                written.append(text)
            elif kind == "name":
                written.append(names[_rank(chance, len(names))])
            elif kind == "figure":
                written.append(_figure(text, chance))
            else:
                written.append(words[_rank(chance, len(words))] if chance.random() < CHANGED_WORDS else text)
        return "".join(written)


@cache
def _templates() -> tuple[tuple[Template, ...], tuple[Template, ...]]:
    """The sample's sentences, and its titles."""
    sentences: list[Template] = []
    titles: list[Template] = []
    for item in find_inputs([str(sample_folder())]):
        for article in read_input(item):  # type: ignore[arg-type]
            if isinstance(article, Article) and article.language in ("en", "fr"):
                titles.append(_template(article.title, article.language))
                spans = split_sentences(article.text, article.language)
                sentences += [_template(article.text[one.start : one.end], article.language) for one in spans]
    return tuple(sentences), tuple(titles)


def _template(text: str, language: str) -> Template:
    """What varies: figures, capitalised words but for the first of the sentence, and content words of five letters."""
    parts: list[tuple[str, str]] = []
    for place, token in enumerate(_TOKEN.findall(text)):
        if token.isdigit():
            parts.append(("figure", token))
        elif token[0].isupper() and place > 1 and len(token) > 2:
            parts.append(("name", token))
        elif token.isalpha() and token[0].islower() and len(token) > 4 and is_content(token, language):
            parts.append(("word", token))
        elif parts and parts[-1][0] == "text":
            parts[-1] = ("text", parts[-1][1] + token)
        else:
            parts.append(("text", token))
    return Template(language, text, tuple(parts))


def _inventory(templates: Sequence[Template], language: str, kind: str, size: int) -> list[str]:
    """The sample's own, the most frequent first, then made-up ones."""
    counts = Counter(text for one in templates if one.language == language for name, text in one.parts if name == kind)
    own = [text for text, _ in counts.most_common()]
    chance = random.Random(f"{language}/{kind}")
    endings = (_NAME_ENDINGS if kind == "name" else _WORD_ENDINGS)[language]
    syllables = _SYLLABLES.split()
    made: dict[str, None] = dict.fromkeys(own)
    while len(made) < size:
        stem = "".join(chance.choices(syllables, k=2 if chance.random() < 0.7 else 3)) + chance.choice(endings)
        made[stem.capitalize() if kind == "name" else stem] = None
    return list(made)


def _rank(chance: random.Random, size: int) -> int:
    """From 0: each rank as likely as its reciprocal, counted from 1."""
    return int((size + 1) ** chance.random()) - 1


def _figure(text: str, chance: random.Random) -> str:
    """Another figure of as many digits; of a year, another year."""
    if len(text) == 4 and text[:2] in ("19", "20"):
        return str(chance.randint(1960, 2024))
    return str(chance.randint(10 ** (len(text) - 1), 10 ** len(text) - 1))

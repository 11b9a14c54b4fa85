"""Invented articles for tests of the archive: any number, the same for the same seed."""

from __future__ import annotations

import random
from datetime import date, timedelta

from rag.records import Article

__all__ = ["QUESTIONS", "articles", "changed", "near_copy"]

_SUBJECTS = {
    "en": "The minister|The ambassador|A spokeswoman|The committee|The mayor|The ferry company|A panel of judges",
    "fr": "La ministre|L’ambassadeur|Un porte-parole|Le comité|Le maire|La compagnie de ferries|Un collège de juges",
}
_VERBS = {
    "en": "rejected|signed|postponed|criticised|published|financed|inspected|forgot",
    "fr": "a rejeté|a signé|a reporté|a critiqué|a publié|a financé|a inspecté|a oublié",
}
_OBJECTS = {
    "en": "the treaty|the bridge|the harbour plan|the school budget|the radar station|the wheat quota|the old railway",
    "fr": "le traité|le pont|le plan du port|le budget scolaire|la station radar|le quota de blé|la vieille ligne",
}
_PLACES = tuple("Brest Malmö Vilnius Porto Ghent Tampere Nancy Leeds Cork Split Bergen Lille Turin Graz Évora".split())
_OUTLETS = ("The Tyne Observer", "Gazette du Port", "Baltic Wire", None)
_TEMPLATES = {
    "en": "{subject} {verb} {object} in {place} after {number} days of talks.",
    "fr": "{subject} {verb} {object} à {place} après {number} jours de discussions.",
}
QUESTIONS = (
    "Who signed the treaty in Vilnius?",
    "Qui a financé le pont à Brest ?",
    "radar station Bergen",
    "How many days of talks in Porto?",
    "La ministre et le budget scolaire",
)


def articles(count: int, seed: int = 0, sentences: int = 8) -> list[Article]:
    """So many articles in two languages, one in eight a near copy of the one before it."""
    made: list[Article] = []
    for number in range(count):
        chance = random.Random(f"{seed}/{number}")
        if number % 8 == 7:
            made.append(near_copy(made[-1], f"article-{seed}-{number}"))
            continue
        language = chance.choice(["en", "fr"])
        made.append(
            Article(
                id=f"article-{seed}-{number}",
                title=f"{chance.choice(_PLACES)} {number}",
                text=_text(chance, language, chance.randint(1, 2 * sentences)),
                source=chance.choice(_OUTLETS),
                authors=("Ada Quill", "Émile Encre")[: chance.randint(0, 2)],
                published=date(2001, 1, 1) + timedelta(days=chance.randint(0, 7000)) if chance.random() < 0.8 else None,
                language=language,
            )
        )
    return made


def changed(article: Article, seed: int) -> Article:
    """The article, rewritten."""
    chance = random.Random(f"{article.id}/{seed}")
    text = _text(chance, article.language or "en", chance.randint(1, 12))
    return _with(article, id=article.id, title=f"{article.title} corrected {seed}", text=text)


def near_copy(article: Article, id_: str) -> Article:
    """What another outlet made of it: its text and one more sentence."""
    return _with(article, id=id_, title=article.title, text=f"{article.text} Agencies.", source="Baltic Wire")


def _text(chance: random.Random, language: str, sentences: int) -> str:
    def pick(words: dict[str, str]) -> str:
        return chance.choice(words[language].split("|"))

    return " ".join(
        _TEMPLATES[language].format(
            subject=pick(_SUBJECTS),
            verb=pick(_VERBS),
            object=pick(_OBJECTS),
            place=chance.choice(_PLACES),
            number=chance.randint(2, 9999),
        )
        for _ in range(sentences)
    )


def _with(article: Article, *, id: str, title: str, text: str, source: str | None = None) -> Article:
    return Article(
        id=id,
        title=title,
        text=text,
        source=source or article.source,
        authors=article.authors,
        published=article.published,
        language=article.language,
    )

"""The glosser over the table that ships: what a French sentence becomes, and what must stay as it is."""

from __future__ import annotations

import gzip
from importlib.resources import files
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from embeddings.errors import EncoderError
from embeddings.gloss import Glosser


@pytest.fixture(scope="module")
def glosser() -> Glosser:
    return Glosser.load()


@pytest.mark.parametrize(
    ("french", "english"),
    [
        ("Kim Jong-un a rencontré Theresa May", ["Kim Jong-un", "met", "Theresa May"]),
        ("Rose McGowan a parlé", ["Rose McGowan"]),
        ("Le stade de Boulogne-sur-Mer", ["stadium", "Boulogne-sur-Mer"]),
        ("Le journal Sunday Morning", ["Sunday Morning"]),
    ],
)
def test_names_stay(glosser: Glosser, french: str, english: list[str]) -> None:
    gloss = glosser.gloss(french)
    assert all(part in gloss for part in english), gloss


@pytest.mark.parametrize(
    ("french", "english"),
    [
        ("Selon le ministre", "according to the minister"),
        ("Soldats et policiers", "soldiers and police officer"),
        ("le Président Macron", "the president Macron"),
        ("à Moscou et aux États-Unis", "to moscow and to the united states"),
    ],
)
def test_common_words_are_glossed_though_they_have_a_capital(glosser: Glosser, french: str, english: str) -> None:
    assert glosser.gloss(french) == english


@pytest.mark.parametrize(
    ("french", "english"),
    [
        ("4 000 soldats", "4,000 soldiers"),
        ("4\u202f000\u202f000", "4,000,000"),
        ("2,5 %", "2.5 %"),
        ("le 1er mai", "the 1st may"),
        ("au XXIe siècle", "to the 21st century"),
        ("20h30", "20:30"),
        ("MH17 et G20", "MH17 and G20"),
        ("en 1997", "in 1997"),
        ("la IIe guerre", "the 2nd war"),
        ("la Chine et l’Inde", "the china and the india"),
    ],
)
def test_figures_are_written_the_english_way(glosser: Glosser, french: str, english: str) -> None:
    assert glosser.gloss(french) == english


@pytest.mark.parametrize(
    ("french", "opening"),
    [
        ("Combien de soldats ?", "how many"),
        ("Où est l’accord ?", "where is"),
        ("Pourquoi le ministre a-t-il démissionné ?", "why the minister has resigned"),
        ("Qu’est-ce que l’OTAN ?", "what is the nato"),
        ("Que veulent les Russes ?", "what"),
        ("Quelles armes ?", "what"),
        ("Comment s'appelle le stade ?", "what is the name of the stadium"),
    ],
)
def test_question_words_open_an_english_question(glosser: Glosser, french: str, opening: str) -> None:
    assert glosser.gloss(french).startswith(opening)


@pytest.mark.parametrize(
    ("french", "english"),
    [
        ("a été nommé", "was appointed"),
        ("ils se sont mis à tirer", "they began to shoot"),
        ("il y a trois ans", "three years ago"),
        ("il y a un accord", "there is a agreement"),
        ("un bouclier antimissile", "a missile shield"),
        ("le chef d’état-major", "the chief of staff"),
        ("son porte-parole", "his spokesperson"),
        ("le Grand Prix de Hong Kong", "the grand prix of hong kong"),
    ],
)
def test_phrases_are_read_whole(glosser: Glosser, french: str, english: str) -> None:
    assert glosser.gloss(french) == english


@pytest.mark.parametrize(
    ("french", "english"),
    [
        ("il ne parle pas", "not"),
        ("il ne viendra plus", "no longer"),
        ("personne n’a parlé", "nobody"),
        ("il n’a que deux soldats", "only"),
    ],
)
def test_negations_in_two_halves_are_one_word(glosser: Glosser, french: str, english: str) -> None:
    assert english in glosser.gloss(french)


@pytest.mark.parametrize("apostrophe", ["'", "’", "ʼ"])
def test_elisions_are_read_with_any_apostrophe(glosser: Glosser, apostrophe: str) -> None:
    french = "lorsqu'il dit qu'aujourd'hui l'accord n'existe pas".replace("'", apostrophe)
    assert glosser.gloss(french) == glosser.gloss(french.replace(apostrophe, "'"))
    assert "today the agreement" in glosser.gloss(french)


@pytest.mark.parametrize(
    ("without", "english"),
    [
        ("le president a ete elu", "was elected"),
        ("ETATS-UNIS", "united states"),
        ("defense antimissile", "missile defense"),
    ],
)
def test_accents_may_be_left_out(glosser: Glosser, without: str, english: str) -> None:
    assert english in glosser.gloss(without)


def test_accents_tell_words_apart(glosser: Glosser) -> None:
    assert glosser.gloss("le marché") == "the market"
    assert glosser.gloss("la marche") == "the march"


def test_a_form_the_table_lacks_is_read_by_its_stem(glosser: Glosser) -> None:
    assert glosser.gloss("nous déployâmes") == "we deploy"


@pytest.mark.parametrize(
    ("french", "english"),
    [
        ("Les ministres se sont réunis à Bruxelles", "the ministers met to brussels"),
        ("les ministres réunies", "the ministers met"),
        ("Le président annoncera un accord", "the president will announce a agreement"),
        ("Il refusait de signer le traité", "he refused of sign the treaty"),
        ("Les talibans contrôleraient la ville", "the taliban would control the city"),
        ("Moscou reçut les ambassadeurs", "moscow received the ambassadors"),
        ("les soldats envahissent la province", "the soldiers invade the province"),
        ("Le pacte fut ratifié", "the pact was ratified"),
    ],
)
def test_a_verb_of_news_is_read_in_all_its_forms(glosser: Glosser, french: str, english: str) -> None:
    assert glosser.gloss(french) == english


@pytest.mark.parametrize(
    ("french", "english"),
    [
        ("les exercices d’artillerie", "artillery"),
        ("le droit d’asile", "right of asylum"),
        ("le régime syrien", "the syrian regime"),
        ("une exposition", "a exhibition"),
        ("un émissaire de l’ONU", "envoy"),
        ("les alliés signent le pacte", "the allies sign the pact"),
        ("de nouvelles dépenses", "new spending"),
        ("un missile à portée intermédiaire", "intermediate range"),
        ("les dix-neuf alliés", "nineteen"),
        ("au pouvoir depuis 2000", "in power since 2000"),
    ],
)
def test_words_of_news_have_the_sense_of_news(glosser: Glosser, french: str, english: str) -> None:
    assert english in glosser.gloss(french)


@pytest.mark.parametrize(
    ("french", "english"),
    [
        ("un restaurant important", "restaurant important"),
        ("une porte", "door"),
        ("un visa", "visa"),
        ("le règlement du montant", "the settlement of amount"),
    ],
)
def test_a_noun_or_adjective_is_no_form_of_the_verb_it_looks_like(glosser: Glosser, french: str, english: str) -> None:
    assert english in glosser.gloss(french)


def test_an_adjective_goes_before_its_noun(glosser: Glosser) -> None:
    assert glosser.gloss("les soldats russes") == "the russian soldiers"


def test_text_of_no_language_stays(glosser: Glosser) -> None:
    assert glosser.gloss("") == ""
    assert glosser.gloss("  \n") == "\n" or glosser.gloss("  \n").strip() == ""
    assert glosser.gloss("特朗普 Трамп") == "特朗普 Трамп"


@settings(deadline=None)
@given(st.text())
def test_any_text_can_be_glossed(text: str) -> None:
    assert isinstance(_SHARED.gloss(text), str)


@settings(deadline=None)
@given(
    st.lists(st.sampled_from("Il y a n' ne pas que - l' M. Kim-un qu' s'est - t - il A où 4 000 ’ « Un XXe".split()))
)
def test_any_order_of_awkward_words_can_be_glossed(words: list[str]) -> None:
    assert isinstance(_SHARED.gloss(" ".join(words)), str)
    assert isinstance(_SHARED.gloss("".join(words)), str)


@settings(deadline=None)
@given(st.text(alphabet="éàeautnsl' -A1,.", max_size=40))
def test_a_gloss_does_not_depend_on_what_was_glossed_before(text: str) -> None:
    assert _SHARED.gloss(text) == _SHARED.gloss(text)


def test_the_table_is_whole_and_sorted() -> None:
    data = (files("embeddings") / "data" / "gloss.tsv.gz").read_bytes()
    assert len(data) < 1_200_000
    keys = [line.split("\t")[0] for line in gzip.decompress(data).decode().splitlines()]
    assert len(keys) == len(set(keys)) > 40_000
    assert keys == sorted(keys)


def test_the_sources_that_ask_for_it_are_named_beside_the_table() -> None:
    card = (files("embeddings") / "data" / "GLOSS.md").read_text(encoding="utf-8")
    for name in (
        "Open Government Licence",
        "Tatoeba",
        "CC BY 2.0 FR",
        "Unicode",
        "TICO-19",
        "Python Software Foundation",
    ):
        assert name in card


def test_a_file_that_is_no_table_is_refused(tmp_path: Path) -> None:
    with pytest.raises(EncoderError, match="can't be read"):
        Glosser.load(tmp_path / "absent.tsv.gz")
    path = tmp_path / "other.gz"
    path.write_bytes(gzip.compress(b"no columns\n"))
    with pytest.raises(EncoderError, match="three columns"):
        Glosser.load(path)


_SHARED = Glosser.load()


def test_names_are_told_from_ordinary_words() -> None:
    glosser = Glosser.load()
    assert [
        word for word in ("Bridge", "Ponts", "fishermen", "Chelsea", "Londres", "Wxyz") if glosser.is_ordinary(word)
    ] == [
        "Bridge",
        "Ponts",
        "fishermen",
    ]

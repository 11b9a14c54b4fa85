"""The builder over a few pairs written here: it learns the words, and makes the same file twice."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from embeddings.gloss import Glosser
from embeddings.gloss_build import build
from embeddings.gloss_build.pairs import read_corpus
from embeddings.gloss_build.table import read_hand_list
from embeddings.gloss_build.verbs import conjugate, past_of

_NOUNS = {"dog": "chien", "cat": "chat", "car": "voiture", "house": "maison", "tree": "arbre", "river": "fleuve"}
_VERBS = {"sees": "voit", "takes": "prend", "loses": "perd", "sells": "vend"}
_PAIRS = [
    f"{name} {verb} the {noun}.\t{name} {verb_french} le {noun_french}."
    for name in ("Anna", "Omar", "Lucy")
    for verb, verb_french in _VERBS.items()
    for noun, noun_french in _NOUNS.items()
]


@pytest.fixture
def pairs_folder(tmp_path: Path) -> Path:
    folder = tmp_path / "pairs"
    folder.mkdir()
    (folder / "tatoeba.tsv.gz").write_bytes(gzip.compress("\n".join(_PAIRS).encode()))
    return folder


def test_words_are_learnt_from_the_company_they_keep(pairs_folder: Path, tmp_path: Path) -> None:
    report = build(pairs_folder, tmp_path / "table.gz", with_hand_list=False)
    assert report.pairs_by_source == {"tatoeba": len(_PAIRS)}
    glosser = Glosser.load(tmp_path / "table.gz")
    for english, french in {**_NOUNS, **_VERBS}.items():
        assert glosser.gloss(french) == english


def test_the_same_pairs_give_the_same_bytes(pairs_folder: Path, tmp_path: Path) -> None:
    build(pairs_folder, tmp_path / "one.gz")
    build(pairs_folder, tmp_path / "two.gz")
    assert (tmp_path / "one.gz").read_bytes() == (tmp_path / "two.gz").read_bytes()


def test_a_folder_without_pairs_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="no pairs"):
        read_corpus(tmp_path)


def test_optional_endings_of_the_hand_list_give_every_form(tmp_path: Path) -> None:
    path = tmp_path / "list.txt"
    path.write_text(
        "# comment\n[f]\nafin d’ = in order to\n[]\nblessé(e)(s) = injured\n[g]\nRose, Léa\n", encoding="utf-8"
    )
    entries = {entry.french: (entry.gloss, entry.flags) for entry in read_hand_list(path)}
    assert entries["afin d'"] == ("in order to", "f")
    assert {"blessé", "blessée", "blessés", "blessées"} <= entries.keys()
    assert entries["rose"] == (None, "g")


def test_a_second_gloss_for_one_word_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "list.txt"
    path.write_text("[]\nbut = goal\nbut(s) = aim\n", encoding="utf-8")
    with pytest.raises(ValueError, match="line 3"):
        read_hand_list(path)


def test_a_word_that_disagrees_with_its_relatives_is_read_as_they_are(tmp_path: Path) -> None:
    pairs = [
        f"{name} governs the {noun}.\t{name} {form} le {noun_french}."
        for form in ("gouverne", "gouvernent", "gouverner", "gouvernait")
        for name in ("Anna", "Omar", "Lucy")
        for noun, noun_french in _NOUNS.items()
    ]
    pairs += [pair.replace("the", "stones").replace(" le ", " pierres ") for pair in _PAIRS]
    pairs += [f"{name} stones.\t{name} gouvernées." for name in ("Anna", "Omar", "Lucy", "Ines")]
    (tmp_path / "tatoeba.tsv.gz").write_bytes(gzip.compress("\n".join(pairs).encode()))
    build(tmp_path, tmp_path / "table.gz", with_hand_list=False)
    glosser = Glosser.load(tmp_path / "table.gz")
    assert glosser.gloss("gouverne pierres") == "governs stones"
    assert glosser.gloss("gouvernées") == "governs"


def test_a_verb_of_the_hand_list_stands_for_all_its_forms(tmp_path: Path) -> None:
    path = tmp_path / "list.txt"
    path.write_text("[]\nporte(s) = door\n[v]\nréunir = meet, met\nporter = carry\n", encoding="utf-8")
    entries = {entry.french: entry.gloss for entry in read_hand_list(path)}
    assert (entries["réunir"], entries["réunies"], entries["réunissait"]) == ("meet", "met", "met")
    assert (entries["réunira"], entries["réunirait"]) == ("will meet", "would meet")
    assert (entries["porte"], entries["porté"]) == ("door", "carried")


def test_a_verb_of_no_known_kind_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "list.txt"
    path.write_text("[v]\nréunion = meet, met\n", encoding="utf-8")
    with pytest.raises(ValueError, match="line 2: 'réunion' is no infinitive"):
        read_hand_list(path)


@pytest.mark.parametrize(
    ("infinitive", "forms"),
    [
        ("annoncer", "annonce annoncent annonçait annonça annonçant annoncera annoncées"),
        ("exiger", "exigeons exigea exigeait exigez exigèrent exigera"),
        ("protéger", "protège protègent protégeait protégera protégé"),
        ("mener", "mène menait mènera menées"),
        ("rejeter", "rejette rejetait rejettera rejetée"),
        ("envoyer", "envoie envoyait enverra envoyées"),
        ("appuyer", "appuie appuyait appuiera appuyé"),
        ("réunir", "réunit réunissent réunissait réunira réunie"),
        ("offrir", "offre offrait offert offrira offrirent"),
        ("maintenir", "maintient maintiennent maintenait maintint maintiendra maintenue"),
        ("conquérir", "conquiert conquièrent conquérait conquit conquerra conquis"),
        ("recevoir", "reçoit reçoivent recevait reçut recevra reçues"),
        ("prévoir", "prévoit prévoyait prévoira prévues"),
        ("défendre", "défend défendent défendait défendra défendue"),
        ("reprendre", "reprend reprennent reprenait reprit reprendra reprises"),
        ("craindre", "craint craignent craignait craindra crainte"),
        ("détruire", "détruit détruisent détruisait détruira détruites"),
        ("disparaître", "disparaît disparaissent disparut disparaîtra disparues"),
        ("permettre", "permet permettent permit permettra permise"),
        ("interrompre", "interrompt interrompent interrompait interrompue"),
        ("convaincre", "convainc convainquent convainquait convaincra convaincue"),
        ("élire", "élit élisent élisait élut élira élues"),
        ("exclure", "exclut excluent excluait exclura exclue"),
        ("inclure", "inclut inclus incluses"),
    ],
)
def test_verbs_are_conjugated_as_they_are_written(infinitive: str, forms: str) -> None:
    made = [form for form, _ in conjugate(infinitive)]
    assert [form for form in forms.split() if form not in made] == []


@pytest.mark.parametrize(
    ("english", "past"),
    [("announce", "announced"), ("occupy", "occupied"), ("play", "played"), ("fire at", "fired at")],
)
def test_the_regular_past_of_english_verbs(english: str, past: str) -> None:
    assert past_of(english) == past

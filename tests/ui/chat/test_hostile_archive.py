"""An archive written by an attacker, asked and opened in a real browser: nothing runs, nothing is fetched."""

from __future__ import annotations

import pytest

from tests.ui.browsing import NO_CHROMIUM, Browsers, Page
from tests.ui.hostile import QUESTIONS
from tests.ui.serving import ServedChat

pytestmark = [pytest.mark.skipif(bool(NO_CHROMIUM), reason=NO_CHROMIUM), pytest.mark.timeout(600)]


@pytest.fixture(params=["en", "fr"])
def page(browsers: Browsers, hostile_chat: ServedChat, request: pytest.FixtureRequest) -> Page:
    return browsers.open(hostile_chat.address, language=request.param)


def assert_nothing_happened(page: Page) -> None:
    assert page.run("return window.hit === undefined")
    assert all(url.startswith(page.address + "/") for url in page.requests())
    assert page.complaints() == []
    within = "#masthead, #conversation, #source"
    assert not page.run(
        f"return [...document.querySelectorAll('{within}')]"
        ".some((part) => part.querySelector('script, iframe, object, embed, form, style, link, base, img[src^=http]'))"
    )


def test_reading_a_hostile_archive_runs_and_fetches_nothing(page: Page) -> None:
    page.find(".welcome")
    assert_nothing_happened(page)
    for question in QUESTIONS:
        turn = page.ask(question)
        openers = turn.find_elements("css selector", "button.citation, .open-article")
        assert openers, turn.text
        for opener in openers:
            page.run("arguments[0].scrollIntoView({block: 'center'})", opener)
            page.run("arguments[0].click()", opener)
            page.find("#source .article-text")
            page.run(
                "document.querySelectorAll('#source *').forEach((part) => part.dispatchEvent(new Event('mouseover')))"
            )
            assert_nothing_happened(page)


def test_a_hostile_question_is_only_shown(page: Page) -> None:
    question = "<img src=x onerror=window.hit=1> ${window.hit=2} {{window.hit=3}} ![x](http://attacker.example/q)"
    turn = page.ask(question)
    assert question in turn.text
    assert_nothing_happened(page)


def test_markup_in_an_article_is_read_as_text(page: Page) -> None:
    page.ask(QUESTIONS[2])
    page.open_first_citation()
    assert "<script>window.hit=1</script>" in page.text("#source .article-text")
    assert "${window.hit=3}" in page.text("#source .article-text")


def test_an_enormous_title_does_not_push_the_page_apart(browsers: Browsers, hostile_chat: ServedChat) -> None:
    page = browsers.open(hostile_chat.address, width=390, height=844)
    page.ask(QUESTIONS[1])
    page.open_first_citation()
    assert page.run("return document.documentElement.scrollWidth") == 390
    assert page.run("return document.querySelector('#source-title').getBoundingClientRect().height < 600")


def test_a_link_with_a_dangerous_scheme_is_not_offered(page: Page) -> None:
    offered = set()
    for question in QUESTIONS:
        for opener in page.ask(question).find_elements("css selector", "button.citation, .open-article"):
            page.run("arguments[0].click()", opener)
            page.find("#source .article-text")
            offered |= {str(link.get_attribute("href")) for link in page.all("#source a")}
    # The one article whose address is a web address, however odd.
    assert offered <= {"https://attacker.example/%3Cscript%3Ewindow.hit=14%3C/script%3E"}

"""Conversations kept on the server, in a real browser: tabs and restarts lose nothing, and all can be taken away."""

from __future__ import annotations

import json
import signal
from pathlib import Path

import httpx
import pytest
from selenium.webdriver.common.keys import Keys

from tests.ui.browsing import NO_CHROMIUM, Browsers, Page
from tests.ui.chat.test_hostile_archive import assert_nothing_happened
from tests.ui.hostile import QUESTIONS
from tests.ui.serving import ServedChat, serve_chat

pytestmark = [pytest.mark.skipif(bool(NO_CHROMIUM), reason=NO_CHROMIUM), pytest.mark.timeout(600)]

QUESTION = "Which airport does Russia open to NATO's equipment from Afghanistan?"
OTHER = "Who was the pilot of the Russian fighter that crashed in Lithuania in 2005?"


def identity(page: Page) -> str:
    return page.driver.current_url.partition("conversation=")[2]


def open_list(page: Page) -> None:
    page.find(".show-kept").click()
    page.find("#kept-list *")


def test_a_reload_another_tab_and_a_killed_server_lose_nothing(browsers: Browsers, sample_archive: Path) -> None:
    with serve_chat(sample_archive) as chat:
        page = browsers.open(chat.address)
        page.ask(QUESTION)
        here = identity(page)
        assert len(here) == 32
        page.driver.refresh()
        page.wait_for(lambda: page.all("#finished button.citation"))
        first = page.driver.current_window_handle
        page.driver.switch_to.new_window("tab")
        page.driver.get(f"{chat.address}/en/?conversation={here}")
        page.wait_for(lambda: page.all("#finished button.citation"))
        page.ask(OTHER)
        page.driver.close()
        page.driver.switch_to.window(first)
        # The first tab has not seen it; its next question does.
        page.ask("Who signed?")
        page.wait_for(lambda: len(page.all("#finished .turn")) == 3)
        chat.process.send_signal(signal.SIGKILL)
    with serve_chat(sample_archive) as chat:
        page = browsers.open(chat.address)
        page.driver.get(f"{chat.address}/fr/?conversation={here}")
        page.wait_for(lambda: len(page.all("#finished .turn")) == 3)
        assert [question.text for question in page.all("#finished .question bdi")] == [QUESTION, OTHER, "Who signed?"]
        page.run("document.querySelector('#finished .turn:last-child .question').scrollIntoView()")
        page.open_first_citation()


def test_conversations_are_listed_found_renamed_and_deleted(page: Page) -> None:
    page.ask(QUESTION)
    here = identity(page)
    page.find("#new").click()
    page.find(".welcome")
    assert identity(page) == ""
    page.ask(OTHER)
    open_list(page)
    assert page.wait_for(lambda: page.all("#kept .kept-title[aria-current]"))[0].text == OTHER
    there = f"#kept [data-conversation='{here}']"
    other = f"#kept [data-conversation='{identity(page)}']"
    page.find("#kept-words").send_keys("ulyanovsk airport")
    page.wait_for(lambda: page.all(there) and not page.all(other))
    page.find(f"{there} .rename").click()
    page.press("The airport" + Keys.ENTER)
    page.wait_for(lambda: [title.text for title in page.all(f"{there} .kept-title")] == ["The airport"])
    page.find(f"{there} .kept-title").click()
    page.wait_for(lambda: identity(page) == here and page.all("#finished button.citation"))
    assert page.text("#finished .question bdi") == QUESTION
    open_list(page)
    page.find(f"{there} .delete").click()
    assert page.text(f"{there} .delete") == "Delete for good?"
    page.find(f"{there} .delete").click()
    page.wait_for(lambda: not page.all(there))
    page.press(Keys.ESCAPE)
    page.find(".welcome")
    assert identity(page) == ""


def test_a_conversation_is_taken_away_with_all_its_sources(page: Page, sample_chat: ServedChat) -> None:
    page.ask(QUESTION)
    quote = str(page.all("#finished button.citation")[0].get_attribute("data-quote"))[:60]
    exported = {
        kind: httpx.get(
            f"{sample_chat.address}/conversations/{identity(page)}/export.{kind}", timeout=30, trust_env=False
        )
        for kind in ("md", "html", "json")
    }
    assert all(response.status_code == 200 for response in exported.values())
    assert all("attachment" in response.headers["content-disposition"] for response in exported.values())
    assert exported["md"].text.startswith("# Which airport")
    turns = json.loads(exported["json"].text)["turns"]
    assert turns[0]["answer"]["citations"][0]["quote"].startswith(quote)
    assert turns[0]["answer"]["citations"][0]["article"]["title"]
    page.driver.get("about:blank")
    page.run("document.documentElement.innerHTML = arguments[0]", exported["html"].text)
    assert quote in page.text("blockquote")


def test_what_is_hostile_stays_inert_in_list_and_exports(browsers: Browsers, hostile_chat: ServedChat) -> None:
    page = browsers.open(hostile_chat.address)
    page.ask(QUESTIONS[1])
    page.ask(f"<img src=x onerror='window.hit=1'> ${{window.hit=2}} {QUESTIONS[0]}")
    page.ask(QUESTIONS[1])
    open_list(page)
    page.find("#kept .rename").click()
    page.press("</a><script>window.hit=3</script>" + Keys.ENTER)
    page.wait_for(lambda: "script" in page.text("#kept .kept-title"))
    assert_nothing_happened(page)
    html = httpx.get(
        f"{hostile_chat.address}/conversations/{identity(page)}/export.html", timeout=30, trust_env=False
    ).text
    page.driver.get(f"{hostile_chat.address}/robots.txt")
    page.run("document.open(); document.write(arguments[0]); document.close()", html)
    assert page.text("blockquote")
    assert page.run("return window.hit === undefined")
    assert not page.all("script, img, iframe, object, svg")


@pytest.fixture
def page(browsers: Browsers, sample_chat: ServedChat) -> Page:
    return browsers.open(sample_chat.address)

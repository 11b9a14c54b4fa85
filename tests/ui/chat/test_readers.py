"""Several readers of one server in real browsers: each with their own conversations, shared by link and signed out."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from selenium.webdriver.common.keys import Keys

from tests.ui.browsing import NO_CHROMIUM, Browsers, Page
from tests.ui.chat.test_accessibility import serious_findings
from tests.ui.chat.test_kept_conversations import OTHER, QUESTION, identity, open_list
from tests.ui.serving import ServedChat, serve_chat
from ui.accounts.store import Accounts

pytestmark = [pytest.mark.skipif(bool(NO_CHROMIUM), reason=NO_CHROMIUM), pytest.mark.timeout(1200)]

PASSWORD = "three plain words"


@pytest.fixture(scope="module")
def chat(sample_archive: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServedChat]:
    """A chat that two readers and an admin may sign in to, and that lets them share."""
    accounts = Accounts(tmp_path_factory.mktemp("readers") / "accounts.sqlite3", scrypt_cost=2**4)
    for name, role in (("ada", "reader"), ("bob", "reader"), ("eve", "admin")):
        accounts.add_account(name, PASSWORD, role)  # type: ignore[arg-type]
    settings = f"accounts={str(accounts.path)!r}, needs_login=True, allows_sharing=True"
    with serve_chat(sample_archive, settings=settings) as served:
        yield served


def signed_in(browsers: Browsers, chat: ServedChat, name: str, language: str = "en", width: int = 1440) -> Page:
    driver = browsers.driver(language)
    driver.delete_all_cookies()
    driver.get(f"{chat.address}/login")
    driver.find_element("name", "name").send_keys(name)
    driver.find_element("name", "password").send_keys(PASSWORD + Keys.ENTER)
    page = Page(driver, chat.address)
    page.wait_for(lambda: not driver.current_url.endswith("/login"))
    return browsers.open(chat.address, language=language, width=width)


def titles(page: Page) -> list[str]:
    open_list(page)
    found = [title.text for title in page.all("#kept .kept-title")]
    page.press(Keys.ESCAPE)
    return found


def test_two_readers_in_two_browsers_see_their_own_alone(browsers: Browsers, chat: ServedChat) -> None:
    ada, bob = signed_in(browsers, chat, "ada"), signed_in(browsers, chat, "bob", "fr", 390)
    ada.ask(QUESTION)
    bob.ask(OTHER)
    assert ada.text(".who a") == "ada"
    assert bob.find(".who a").get_attribute("title") == "Connecté sous le nom bob (lecture)."
    assert bob.run("return document.documentElement.scrollWidth - document.documentElement.clientWidth") == 0
    assert (titles(ada), titles(bob)) == ([QUESTION], [OTHER])
    open_list(ada)
    ada.find("#kept-words").send_keys("pilot")
    ada.wait_for(lambda: "No conversation holds these words." in ada.text("#kept-list"))
    # An id of Ada's that has come into Bob's hands begins a conversation of his own.
    stolen = identity(ada)
    bob.driver.get(f"{chat.address}/fr/?conversation={stolen}")
    bob.ask(OTHER)
    assert [question.text for question in bob.all("#finished .question bdi")] == [OTHER]
    ada.driver.refresh()
    ada.wait_for(lambda: ada.all("#finished button.citation"))
    assert [question.text for question in ada.all("#finished .question bdi")] == [QUESTION]


@pytest.mark.parametrize(("name", "is_offered"), [("bob", False), ("eve", True)])
def test_the_role_decides_what_the_archive_page_offers(
    browsers: Browsers, chat: ServedChat, name: str, is_offered: bool
) -> None:
    page = signed_in(browsers, chat, name)
    page.driver.get(f"{chat.address}/en/archive")
    assert page.text(".who a") == name
    page.find(".articles a")
    assert bool(page.all("#intake")) is is_offered
    assert bool(page.all(".remove")) is is_offered


def test_a_link_is_read_without_signing_in_until_it_is_taken_back(browsers: Browsers, chat: ServedChat) -> None:
    ada = signed_in(browsers, chat, "ada", width=390)
    ada.ask(QUESTION)
    open_list(ada)
    here = f"#kept [data-conversation='{identity(ada)}']"
    ada.find(f"{here} .share").send_keys(Keys.ENTER)
    ada.find(f"{here} .shared-link")
    ada.wait_for(lambda: ada.has_focus(f"{here} .copy-link"))
    assert serious_findings(ada) == []
    assert ada.run("return document.documentElement.scrollWidth - document.documentElement.clientWidth") == 0
    link = str(ada.find(f"{here} .shared-link").get_attribute("href"))
    ada.press(Keys.ENTER)
    ada.wait_for(lambda: ada.text(f"{here} .copy-link") == "Copied")
    ada.press(Keys.ESCAPE)
    ada.ask(OTHER)

    driver = browsers.driver("de")  # a browser that has never been here
    assert driver.get_cookies() == []
    driver.get_log("performance")
    driver.get(link)
    stranger = Page(driver, chat.address)
    assert stranger.text("blockquote")
    assert [heading.text for heading in stranger.all("h1, h2")] == [QUESTION]  # as it was when it was shared
    assert not stranger.all("script, form, button, input")
    stranger.find(".marker").click()
    assert stranger.all(".source:target")
    assert all(url.startswith(f"{chat.address}/") for url in stranger.requests())
    assert serious_findings(stranger) == []
    assert driver.get_cookies() == []
    driver.get(f"{chat.address}/en/")
    assert driver.current_url.startswith(f"{chat.address}/login")

    open_list(ada)
    ada.find(f"{here} .kept-shared .share").click()
    ada.wait_for(lambda: ada.has_focus(f"{here} .copy-link"))
    driver.get(link)
    assert [heading.text for heading in stranger.all("h1, h2")] == [QUESTION, OTHER]
    ada.find(f"{here} .unshare").click()
    ada.wait_for(lambda: not ada.all(f"{here} .shared-link"))
    driver.get(link)
    assert stranger.text("h1") == "Nothing is shared here"
    assert QUESTION not in driver.page_source


def test_who_signs_out_in_one_tab_is_told_so_in_the_other(browsers: Browsers, chat: ServedChat) -> None:
    page = signed_in(browsers, chat, "ada")
    page.ask(QUESTION)
    here, first = page.driver.current_url, page.driver.current_window_handle
    page.driver.switch_to.new_window("tab")
    page.driver.get(f"{chat.address}/en/")
    page.find(".sign-out").send_keys(Keys.ENTER)
    page.find("[name=password]")
    page.driver.get(f"{chat.address}/en/archive")
    assert page.driver.current_url == f"{chat.address}/login?next=/en/archive"
    page.driver.close()
    page.driver.switch_to.window(first)
    page.type(OTHER + Keys.ENTER)
    link = page.find("#signed-out a")
    assert page.text("#signed-out") == "You are no longer signed in. Sign in"
    link.click()
    page.find("[name=name]").send_keys("ada")
    page.find("[name=password]").send_keys(PASSWORD + Keys.ENTER)
    page.wait_for(lambda: page.driver.current_url == here and page.all("#finished button.citation"))

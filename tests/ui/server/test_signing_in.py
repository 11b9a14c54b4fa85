"""Signing in in a real browser: nothing is shown before, everything works after, and nothing again once signed out."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.ui.browsing import NO_CHROMIUM, Browsers, Page
from tests.ui.serving import serve_chat
from ui.accounts.store import Accounts
from ui.server.access import SESSION_COOKIE

pytestmark = [pytest.mark.skipif(bool(NO_CHROMIUM), reason=NO_CHROMIUM), pytest.mark.timeout(600)]

PASSWORD = "three plain words"


def test_a_reader_signs_in_asks_and_signs_out(browsers: Browsers, sample_archive: Path, tmp_path: Path) -> None:
    accounts = Accounts(tmp_path / "accounts.sqlite3", scrypt_cost=2**4)
    accounts.add_account("ada", PASSWORD, "reader")
    settings = f"accounts={str(accounts.path)!r}, needs_login=True"
    with serve_chat(sample_archive, settings=settings) as chat:
        driver = browsers.driver("en")
        driver.get(f"{chat.address}/en/?conversation=none")
        assert driver.find_elements("css selector", "#question-box") == []
        driver.find_element("name", "name").send_keys("ada")
        driver.find_element("name", "password").send_keys(PASSWORD)
        driver.find_element("css selector", "button").click()
        opened = f"{chat.address}/en/?conversation=none"
        Page(driver, chat.address).wait_for(lambda: driver.current_url.startswith(opened))
        page = browsers.open(chat.address)
        page.ask("Which airport does Russia open to NATO's equipment from Afghanistan?")
        assert "Ulyanovsk" in page.text("#finished")
        page.open_first_citation()
        assert SESSION_COOKIE not in str(page.run("return document.cookie"))
        driver = page.driver
        driver.get(f"{chat.address}/login")
        assert "ada" in driver.find_element("css selector", "main").text
        driver.find_element("css selector", "button").click()
        page.find("[name=password]")
        driver.get(f"{chat.address}/en/")
        assert driver.current_url == f"{chat.address}/login?next=/en/"

"""The archive page: articles searched, sorted, counted and read, and nothing hostile in it acts."""

from __future__ import annotations

import httpx
import pytest

from tests.ui.browsing import NO_CHROMIUM, Browsers
from tests.ui.chat.test_hostile_archive import assert_nothing_happened
from tests.ui.serving import ServedChat
from ui.archive_page.charts import bars_html, columns_html


def test_pictures_are_drawn_to_scale() -> None:
    bars = bars_html({"a": 1, "b": 4}, str, lambda name: f"/{name}")
    assert bars.index("100.0%") < bars.index("25.0%")
    columns = columns_html({2014: 2, 2017: 1}, str, lambda year: f"/{year}")
    assert 'x="0.000%" width="25.000%"' in columns
    assert 'x="75.000%" width="25.000%"' in columns
    assert 'height="72.0"' in columns
    assert 'height="36.0"' in columns
    assert bars_html({}, str, str) == columns_html({}, str, str) == ""


@pytest.mark.parametrize("query", ["page=x", "year=-1", "page=99999999999999999999", f"words={'x' * 300}"])
def test_a_malformed_request_is_refused(sample_chat: ServedChat, query: str) -> None:
    assert httpx.get(f"{sample_chat.address}/en/archive?{query}", timeout=30, trust_env=False).status_code == 422


def test_an_article_that_is_gone_is_said_to_be_gone(sample_chat: ServedChat) -> None:
    response = httpx.get(f"{sample_chat.address}/fr/archive?article=none", timeout=30, trust_env=False)
    assert response.status_code == 404
    assert "n’est plus dans l’archive" in response.text


@pytest.mark.skipif(bool(NO_CHROMIUM), reason=NO_CHROMIUM)
@pytest.mark.timeout(600)
@pytest.mark.parametrize("width", [1440, 390])
def test_the_archive_is_reached_narrowed_and_read(browsers: Browsers, sample_chat: ServedChat, width: int) -> None:
    page = browsers.open(sample_chat.address, width=width)
    page.find(".archive-name").click()
    assert page.text("#count") == "37 ARTICLES"
    page.find("input[name=words]").send_keys("zapad\n")
    page.wait_for(lambda: page.text("#count") not in ("37 ARTICLES", ""))
    assert all("Zapad" in title.text for title in page.all(".articles a"))
    page.find(".chosen a").click()
    page.wait_for(lambda: page.text("#count") == "37 ARTICLES")
    outlet = page.find(".bars a")
    name = outlet.text.splitlines()[0]
    outlet.click()
    page.wait_for(lambda: page.all(".chosen a"))
    assert all(line.text.startswith(name) for line in page.all(".articles p"))
    assert page.run("return document.documentElement.scrollWidth - document.documentElement.clientWidth") == 0
    page.find(".articles a").click()
    page.find(".article-text")
    page.find(".to-chat").click()
    page.find("#question-box textarea")


@pytest.mark.skipif(bool(NO_CHROMIUM), reason=NO_CHROMIUM)
@pytest.mark.timeout(600)
def test_a_hostile_archive_stays_inert_on_its_page(browsers: Browsers, hostile_chat: ServedChat) -> None:
    page = browsers.open(hostile_chat.address)
    page.driver.get("about:blank")
    page.complaints()  # of the chat page, which was left while it loaded
    page.driver.get(f"{hostile_chat.address}/en/archive")
    links = page.all(".articles a, .bars a, .columns a")
    addresses = [str(link.get_dom_attribute("href")) for link in links]
    assert len(addresses) > 5
    for address in addresses:
        page.driver.get(hostile_chat.address + address)
        page.find(".articles, .article-text")
        assert_nothing_happened(page)

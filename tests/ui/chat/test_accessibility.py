"""Each page checked by axe-core in a real browser: nothing serious is found, in light and dark, wide and narrow."""

from __future__ import annotations

from importlib import resources
from typing import Any

import pytest

from tests.ui.browsing import NO_CHROMIUM, Browsers, Page
from tests.ui.serving import ServedChat

pytest.importorskip("axe_core_python", reason="axe-core is not installed: pip install '.[dev]'")
pytestmark = [pytest.mark.skipif(bool(NO_CHROMIUM), reason=NO_CHROMIUM), pytest.mark.timeout(600)]


def serious_findings(page: Page) -> list[str]:
    """What axe-core finds serious or critical, with the first elements it is found in."""
    page.run(resources.files("axe_core_python").joinpath("axe.min.js").read_text("utf-8"))
    page.driver.set_script_timeout(90)
    found: Any = page.driver.execute_async_script(
        "const done = arguments[0]; axe.run(document, { resultTypes: ['violations'] })"
        ".then((found) => done(found.violations),"
        " (error) => done([{ id: String(error), impact: 'critical', nodes: [] }]))"
    )
    return [
        f"{one['id']}: {[(node['html'][:300], node.get('failureSummary', '')) for node in one['nodes'][:3]]}"
        for one in found
        if one["impact"] in ("serious", "critical")
    ]


def test_the_check_finds_what_it_should(browsers: Browsers, sample_chat: ServedChat) -> None:
    page = browsers.open(sample_chat.address)
    page.run("document.querySelector('#panel').insertAdjacentHTML('beforeend', '<button></button>')")
    assert [finding.partition(":")[0] for finding in serious_findings(page)] == ["button-name"]


@pytest.mark.parametrize(("language", "width", "dark"), [("en", 1440, False), ("fr", 390, True)])
def test_no_page_has_a_serious_finding(
    browsers: Browsers, sample_chat: ServedChat, language: str, width: int, dark: bool
) -> None:
    page = browsers.open(sample_chat.address, language=language, width=width, dark=dark)
    found = {"empty": serious_findings(page)}
    page.ask("How many troops took part in Zapad 2017?")
    page.ask("Who won the football championship of Brazil in 1962?")
    found["answers"] = serious_findings(page)
    chip = page.all("#turn-0 button.citation")[0]
    page.run("arguments[0].click()", chip)
    page.find("#source .article-text")
    found["source"] = serious_findings(page)
    page.find("#source .close").click()
    page.run("document.querySelector('.show-kept').click()")
    page.find("#kept-list li")
    found["conversations"] = serious_findings(page)
    page.driver.get(f"{sample_chat.address}/{language}/archive")
    page.find("#intake summary").click()
    found["archive"] = serious_findings(page)
    page.run("document.querySelector('.articles a').click()")
    page.find(".article-text")
    found["article"] = serious_findings(page)
    assert {name: findings for name, findings in found.items() if findings} == {}

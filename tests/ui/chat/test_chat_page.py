"""The web chat in a real browser, used as a reader uses it."""

from __future__ import annotations

from pathlib import Path

import pytest
from selenium.webdriver import ActionChains
from selenium.webdriver.common.keys import Keys

from tests.ui.browsing import NO_CHROMIUM, Browsers, Page
from tests.ui.serving import ServedChat, serve_chat

pytestmark = [pytest.mark.skipif(bool(NO_CHROMIUM), reason=NO_CHROMIUM), pytest.mark.timeout(600)]

QUESTION = "Which airport does Russia open to NATO's equipment from Afghanistan?"
QUESTION_FR = "Combien de soldats doit compter le « fer de lance » de l’OTAN ?"
UNANSWERABLE = "Who won the football championship of Brazil in 1962?"


@pytest.fixture
def page(browsers: Browsers, sample_chat: ServedChat) -> Page:
    return browsers.open(sample_chat.address)


@pytest.fixture
def french_page(browsers: Browsers, sample_chat: ServedChat) -> Page:
    return browsers.open(sample_chat.address, language="fr")


@pytest.fixture
def narrow_page(browsers: Browsers, sample_chat: ServedChat) -> Page:
    return browsers.open(sample_chat.address, width=390, height=844)


@pytest.fixture
def model_page(browsers: Browsers, model_chat: ServedChat) -> Page:
    return browsers.open(model_chat.address)


def is_quote_in_view(page: Page) -> bool:
    return bool(
        page.run(
            """const [quote, body] = ["#source mark", "#source .source-body"]
                 .map((selector) => document.querySelector(selector).getBoundingClientRect());
               return quote.top >= body.top && quote.top < Math.min(body.bottom, window.innerHeight);"""
        )
    )


def test_an_answer_cites_and_its_citation_opens_the_article_at_the_quote(page: Page) -> None:
    turn = page.ask(QUESTION)
    assert "Ulyanovsk" in turn.text
    chip = page.all("#finished button.citation")[0]
    quoted = chip.get_attribute("data-quote")
    page.open_first_citation()
    marked = "".join(mark.text for mark in page.all("#source mark"))
    assert " ".join(marked.split()) == " ".join(str(quoted).split())
    assert is_quote_in_view(page)
    head = page.text("#source .source-head")
    for known in ("Russia", "English"):
        assert known in head
    assert len(page.all("#source .article-text p")) > 1


def test_pointing_at_a_citation_shows_its_quote_and_where_it_is_from(page: Page) -> None:
    page.ask("How many votes were cast in the UN General Assembly to declare the Crimean referendum invalid?")
    chip = page.all("#finished button.citation")[0]
    page.point_at(chip)
    card = page.text("#card")
    assert str(chip.get_attribute("data-quote"))[:60] in card
    assert "2014" in card
    page.point_at(page.all("#box")[0])
    page.wait_for(lambda: not page.all("#card")[0].is_displayed())


def test_the_french_page_is_french_and_answers_in_french(french_page: Page) -> None:
    page = french_page
    assert page.driver.current_url.endswith("/fr/")
    assert page.run("return document.documentElement.lang") == "fr"
    assert "Que voulez-vous savoir" in page.text(".welcome")
    assert page.text("#send") == "Demander"
    turn = page.ask(QUESTION_FR)
    assert "SOURCES" in turn.text.upper()
    page.open_first_citation()
    assert is_quote_in_view(page)
    assert "français" in page.text("#source .source-head")
    assert page.all("#source .article-text")[0].get_attribute("lang") == "fr"


def test_the_link_to_the_original_is_only_there_to_be_clicked(page: Page) -> None:
    page.ask("How many Russian soldiers may serve in Kosovo under the Helsinki agreement?")
    page.open_first_citation()
    for link in page.all("#source .original a"):
        assert str(link.get_attribute("href")).startswith(("https://", "http://"))
        assert link.get_attribute("target") == "_blank"
        assert link.get_attribute("rel") == "noopener noreferrer"


@pytest.mark.parametrize("key", [Keys.ENTER, Keys.SPACE])
def test_the_keyboard_opens_a_citation_and_escape_leads_back_to_it(page: Page, key: str) -> None:
    page.ask(QUESTION)
    for _ in range(40):
        if page.has_focus("#finished button.citation"):
            break
        page.run("document.activeElement.matches('body') && document.querySelector('.languages a').focus()")
        page.press(Keys.SHIFT + Keys.TAB)
    assert page.has_focus("#finished button.citation")
    identity = page.driver.switch_to.active_element.get_attribute("id")
    page.press(key)
    page.find("#source .article-text")
    page.wait_for(lambda: page.has_focus("#source-title"))
    assert page.all("#finished button.citation[aria-expanded=true]")
    page.press(Keys.ESCAPE)
    page.wait_for(lambda: page.has_focus(f"#{identity}"))
    assert not page.all("#source[open]")
    assert not page.all("#finished button.citation[aria-expanded=true]")


def test_a_refusal_looks_like_one_and_offers_the_nearest_articles(page: Page) -> None:
    turn = page.ask(UNANSWERABLE)
    assert "No answer in the archive" in turn.text
    assert not page.all("#finished button.citation")
    page.all("#finished .refusal .open-article")[0].click()
    page.find("#source .article-text")
    assert not page.all("#source mark")


def test_an_example_is_asked_by_a_click(page: Page) -> None:
    examples = page.wait_for(lambda: page.all(".example"))
    question = examples[0].text
    examples[0].click()
    page.wait_for(lambda: page.all("#finished .turn button.citation"))
    assert question in page.text("#finished .turn .question")


def test_the_filter_keeps_to_one_language(page: Page) -> None:
    page.all("#filter input[value=fr]")[0].click()
    turn = page.ask("How many soldiers took part in Zapad 2017?")
    bylines = [line.text for line in turn.find_elements("css selector", ".byline")]
    assert bylines
    assert all(line.endswith("French") for line in bylines)


def test_the_conversation_grows_and_can_be_begun_anew(page: Page) -> None:
    page.ask(QUESTION)
    page.ask(UNANSWERABLE)
    assert len(page.all("#finished .turn")) == 2
    page.find("#new").click()
    page.find(".welcome")
    assert not page.all(".turn")


def test_an_answer_grows_while_it_is_written_and_stops_when_told(model_page: Page) -> None:
    page = model_page
    page.type(QUESTION)
    page.type(Keys.ENTER)
    early = page.text("#live .paragraph")
    page.wait_for(lambda: len(page.all("#live .paragraph")[0].text) > len(early) + 20)
    assert page.all("#announcer p")
    page.find("#stop").click()
    page.wait_for(lambda: page.all("#finished .stopped-note"))
    assert page.text("#finished .paragraph").startswith(early)
    assert "Stopped" in page.text("#finished .stopped-note")
    page.find("#send")
    page.find("#finished .edit").click()
    assert page.find("#finished .edit-box textarea").get_attribute("value") == QUESTION


def test_a_question_asked_before_the_models_are_loaded_waits_for_them(browsers: Browsers, sample_archive: Path) -> None:
    with serve_chat(sample_archive) as chat:
        page = browsers.open(chat.address)
        page.type(QUESTION)
        page.type(Keys.ENTER)
        page.wait_for(lambda: page.all("#finished button.citation"))


def test_a_server_that_is_gone_is_told_and_nothing_is_lost(browsers: Browsers, sample_archive: Path) -> None:
    with serve_chat(sample_archive) as chat:
        page = browsers.open(chat.address)
        page.ask(QUESTION)
    page.all("#finished button.citation")[0].click()
    page.wait_for(lambda: "doesn’t answer" in page.text("#source .source-body"))
    assert page.all("#finished .turn .question")


def test_a_second_question_typed_meanwhile_is_not_lost(model_page: Page) -> None:
    page = model_page
    page.type(QUESTION)
    page.type(Keys.ENTER)
    page.find("#live .paragraph")
    page.type("and then")
    page.type(Keys.ENTER)
    assert page.find("#question-box textarea").get_attribute("value").strip() == "and then"
    page.find("#stop").click()
    page.wait_for(lambda: page.all("#finished .stopped-note"))
    assert len(page.all("#finished .turn")) == 1
    assert page.find("#question-box textarea").get_attribute("value").strip() == "and then"


def test_a_question_that_cannot_be_read_is_told_and_kept(page: Page) -> None:
    page.ask(QUESTION)
    page.run(
        """const box = document.querySelector("#question-box textarea");
           box.value = "why ".repeat(25000);
           box.dispatchEvent(new Event("input", {bubbles: true}));"""
    )
    page.type(Keys.ENTER)
    page.wait_for(lambda: page.all("#finished .failure"))
    assert "ask something shorter" in page.text("#finished .failure")
    page.all("#finished .edit")[-1].click()
    assert len(str(page.find("#finished .edit-box textarea").get_attribute("value"))) == 100_000
    assert len(page.all("#finished .turn")) == 2
    assert page.all("#finished .turn")[0].find_elements("css selector", "button.citation")


@pytest.mark.parametrize("question", ["?!…", "\u202e\u200b", "«»"])
def test_what_is_no_question_is_told(page: Page, question: str) -> None:
    turn = page.ask(question)
    assert turn.find_elements("css selector", ".failure, .refusal")


def test_an_empty_archive_says_how_to_fill_it(browsers: Browsers, empty_chat: ServedChat) -> None:
    page = browsers.open(empty_chat.address)
    assert "no articles yet" in page.text("#masthead")
    assert "gazette add" in page.text(".welcome .command")
    assert "my archive" in page.text(".welcome .command")
    assert "no article" in page.ask("Who signed the treaty?").text


def test_nothing_is_asked_of_any_other_address(page: Page) -> None:
    page.ask(QUESTION)
    page.open_first_citation()
    page.ask(UNANSWERABLE)
    requests = page.requests()
    assert any("/source?" in url for url in requests)
    assert all(url.startswith(page.address + "/") for url in requests), requests
    assert page.complaints() == []


def test_at_390_pixels_the_article_is_a_sheet_over_the_conversation(narrow_page: Page) -> None:
    page = narrow_page
    page.ask(QUESTION)
    assert page.run("return document.documentElement.scrollWidth") == 390
    page.open_first_citation()
    assert page.all("#source:modal")
    assert page.run("return document.querySelector('#source').getBoundingClientRect().width") == 390
    assert is_quote_in_view(page)
    assert page.run("return document.documentElement.scrollWidth") == 390
    page.find("#source .close").click()
    page.wait_for(lambda: page.has_focus("button.citation"))


@pytest.mark.parametrize("height", [900, 500])
def test_the_question_box_stays_in_view_however_long_the_conversation(
    browsers: Browsers, sample_chat: ServedChat, height: int
) -> None:
    page = browsers.open(sample_chat.address, height=height)
    for question in (QUESTION, UNANSWERABLE, QUESTION):
        page.ask(question)
        box = page.run("return document.querySelector('#box').getBoundingClientRect().toJSON()")
        assert isinstance(box, dict)
        assert box["bottom"] <= height
        question_top = page.run(
            "return document.querySelector('#finished .turn:last-child .question').getBoundingClientRect().top"
        )
        assert 0 <= float(str(question_top)) < 130


def test_on_a_wide_window_article_and_conversation_stand_side_by_side(page: Page) -> None:
    page.ask(QUESTION)
    page.open_first_citation()
    assert not page.all("#source:modal")
    conversation, article = (
        page.run("return document.querySelector(arguments[0]).getBoundingClientRect().toJSON()", selector)
        for selector in ("#conversation", "#source")
    )
    assert isinstance(conversation, dict)
    assert isinstance(article, dict)
    assert conversation["right"] <= article["left"]
    page.find("#question-box textarea").click()
    assert page.all("#source[open]")


@pytest.mark.parametrize("dark", [False, True])
def test_light_and_dark_follow_the_system(browsers: Browsers, sample_chat: ServedChat, dark: bool) -> None:
    page = browsers.open(sample_chat.address, dark=dark)
    colour = str(page.run("return getComputedStyle(document.body).backgroundColor"))
    brightness = sum(int(part) for part in colour.strip("rgba()").split(",")[:3]) / 3
    assert (brightness < 60) is dark


def test_every_control_has_a_name(page: Page) -> None:
    page.ask(QUESTION)
    page.open_first_citation()
    nameless = page.run(
        """return [...document.querySelectorAll("button, a[href], input, textarea")]
             .filter((control) => control.checkVisibility())
             .filter((control) => !(control.innerText.trim() || control.getAttribute("aria-label")
                                    || control.labels?.[0]?.textContent.trim()))
             .map((control) => control.outerHTML.slice(0, 200));"""
    )
    assert nameless == []


def test_the_language_of_the_page_can_be_switched(page: Page) -> None:
    page.find(".languages a[hreflang=fr]").click()
    page.wait_for(lambda: page.run("return document.documentElement.lang") == "fr")
    assert "Que voulez-vous savoir" in page.text(".welcome")


def test_a_question_is_asked_again_in_its_place(page: Page) -> None:
    page.ask(QUESTION)
    page.ask(UNANSWERABLE)
    first = page.all("#finished .turn")[0]
    page.find("#turn-0 .retry").click()
    page.wait_for(lambda: page.is_gone(first))
    page.wait_for(lambda: len(page.all("#finished .turn")) == 2)
    assert page.all("#turn-0 button.citation")
    assert page.all("#turn-1 .refusal")
    page.wait_for(lambda: page.has_focus("#turn-0 .question"))


def test_an_edited_question_replaces_its_turn(page: Page) -> None:
    page.ask(UNANSWERABLE)
    page.find("#turn-0 .edit").click()
    page.press(Keys.ESCAPE)
    assert not page.all(".edit-box")
    assert page.has_focus("#turn-0 .edit")
    page.press(Keys.ENTER)
    box = page.find(".edit-box textarea")
    box.clear()
    box.send_keys(QUESTION + Keys.ENTER)
    page.wait_for(lambda: page.all("#finished #turn-0 button.citation"))
    assert len(page.all(".turn")) == 1
    assert page.text("#turn-0 .question bdi") == QUESTION


def test_an_answer_is_copied_with_its_sources(page: Page) -> None:
    page.ask(QUESTION)
    # What is read back is pasted, since a browser without a window lets no script read its clipboard.
    page.find("#turn-0 .copy").click()
    page.wait_for(lambda: page.text("#turn-0 .copy") == "Copied")
    page.find("#question-box textarea").click()
    page.press(Keys.CONTROL + "v")
    pasted = page.wait_for(lambda: page.find("#question-box textarea").get_attribute("value"))
    assert pasted.startswith(f"**{QUESTION}**")
    assert "Ulyanovsk" in pasted
    assert "Sources" in pasted
    assert str(page.all("#finished button.citation")[0].get_attribute("data-quote"))[:60] in pasted


def test_outlet_and_dates_narrow_the_answer_and_each_can_be_taken_back(page: Page) -> None:
    page.find("#more-filters summary").click()
    outlet = page.find("#filter-source option:nth-child(2)")
    name = outlet.text
    outlet.click()
    page.run(
        """document.querySelector("#filter-since").value = "2014-01-01";
           document.querySelector("#filter-until").value = "2018-12-31";
           document.querySelector("#filter-since").dispatchEvent(new Event("change", {bubbles: true}));"""
    )
    assert page.text(".filter-count") == "3 set"
    turn = page.ask(QUESTION)
    chips = page.text("#turn-0 .understood")
    assert name in chips
    assert "2014–2018" in chips
    bylines = [line.text for line in turn.find_elements("css selector", ".byline")]
    assert bylines
    assert all(line.startswith(name) for line in bylines)
    page.find("#turn-0 .leave-out[data-leave-out=source]").click()
    page.wait_for(lambda: page.all("#finished #turn-0") and name not in page.text("#finished #turn-0 .understood"))
    page.find("#turn-0 .leave-out[data-leave-out=dates]").click()
    page.wait_for(lambda: page.all("#finished #turn-0 button.citation") and not page.all("#turn-0 .understood"))
    page.find("#more-filters summary").click()
    page.find(".filter-clear").click()
    page.press(Keys.ESCAPE)
    assert page.has_focus("#more-filters summary")
    assert page.all(".filter-count")[0].text == ""


def test_a_period_drawn_in_the_timeline_is_asked_of(page: Page) -> None:
    page.ask(QUESTION)
    timeline = page.find("#turn-0 .timeline svg")
    page.run("arguments[0].scrollIntoView({block: 'center'})", timeline)
    width = int(str(timeline.rect["width"]))
    drag = ActionChains(page.driver).move_to_element_with_offset(timeline, -width // 4, 0)
    drag.click_and_hold().move_by_offset(width // 4, 0).release().perform()
    button = page.find("#turn-0 .ask-period")
    since, until = str(button.get_attribute("data-since")), str(button.get_attribute("data-until"))
    assert str(timeline.get_attribute("data-first")) < since < until < str(timeline.get_attribute("data-last"))
    button.click()
    page.wait_for(lambda: page.all("#finished #turn-0 .leave-out[data-leave-out=dates]"))
    assert page.all("#filter-since")[0].get_attribute("value") == since
    years = {line.text.split(" · ")[1].split(",")[0].split()[-1] for line in page.all("#finished .byline")}
    assert all(since[:4] <= year <= until[:4] for year in years), years


def test_what_sources_differ_on_is_a_card_whose_sides_open_their_source(page: Page) -> None:
    page.ask("How many troops took part in Zapad 2017?")
    card = page.text("#finished .disagreement")
    for said in ("plus de cent mille", "12,700", "in French", "16 September 2017", "years ago"):
        assert said in card
    assert page.text("#finished .paragraph").count("12,700") == 1
    side = page.find("#finished .disagreement li:last-child button.citation")
    page.run("arguments[0].scrollIntoView({block: 'center'})", side)
    side.click()
    page.find("#source .article-text")
    assert "12,700" in page.text("#source mark")
    assert is_quote_in_view(page)

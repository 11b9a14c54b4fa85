"""What the page is handed: nothing an article says can act in it, and quotes are marked where they stand."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.records import (
    Answer,
    AnswerSentence,
    Article,
    AskSettings,
    Citation,
    Disagreement,
    Passage,
    Period,
    Side,
    Support,
    Verdict,
)
from ui.chat.conversation_html import conversation_html, turn_html
from ui.chat.holdings import Holdings
from ui.chat.welcome import masthead_html, welcome_html
from ui.conversations.turns import Turn
from ui.rendering.article_html import notice_html, quote_check, source_html

HOSTILE = (
    '<script>alert(1)</script><img src=x onerror="alert(2)"> ${alert(3)} {{alert(4)}} '
    "![x](http://evil.example/p.png) '\" \u202egnp.exe\u202c </div></button>"
)
ALLOWED_TAGS = (
    "a article bdi blockquote br button circle code div figcaption figure h1 h2 h3 header li line mark nav ol p pre "
    "rect section span strong svg title ul input path"
)
ALLOWED_ATTRIBUTES = (
    "aria-controls aria-current aria-expanded aria-haspopup aria-hidden aria-label aria-labelledby class cx cy "
    "data-article data-card data-check data-copied data-end data-failed data-first data-last data-leave-out "
    "data-markdown data-number data-position data-question data-quote data-start dir height hidden href hreflang id "
    "lang r rel role tabindex target title type width x1 x2 y y1 y2 aria-pressed d data-feedback data-saved "
    "data-verdict maxlength placeholder viewbox"
)


class Seen(HTMLParser):
    """What a browser would make of some HTML: its tags, its attributes, its text."""

    def __init__(self, markup: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str]] = []
        self.text = ""
        self.open: list[str] = []
        self.feed(markup)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [(name, value or "") for name, value in attrs]
        if tag not in ("br", "input"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data

    def values(self, name: str) -> list[str]:
        return [value for key, value in self.attributes if key == name]


def article(**changes: object) -> Article:
    fields: dict[str, object] = {
        "id": "a1",
        "title": "A treaty is signed",
        "text": "The talks were long.\n\nThe treaty was signed in Paris. It has 16 articles.\n\nNobody spoke.",
        "url": "https://ledger.example/treaty",
        "source": "The Ledger",
        "authors": ("Ann Lee",),
        "published": date(1997, 5, 27),
        "language": "en",
    }
    return Article(**{**fields, **changes})  # type: ignore[arg-type]


def answer_from(cited: Article, quote: str, sentence: str, verdict: Verdict = "supported", **changes: object) -> Answer:
    start = cited.text.index(quote)
    passage = Passage(cited, start, start + len(quote), 1.0, 1)
    citation = Citation(1, cited, start, start + len(quote))
    support = Support(verdict, passage, "the passage says sixteen")
    fields: dict[str, object] = {
        "question": "Where?",
        "text": f"{sentence} [1]",
        "language": "en",
        "citations": (citation,),
        "passages": (passage,),
        "sentences": (AnswerSentence(sentence, (1,), support),),
    }
    return Answer(**{**fields, **changes})  # type: ignore[arg-type]


def shown(answer: Answer, language: str = "en") -> str:
    return turn_html(Turn(answer.question, "done", answer.text, answer=answer), 0, language)


def assert_inert(markup: str) -> None:
    seen = Seen(markup)
    assert not seen.open
    assert set(seen.tags) <= set(ALLOWED_TAGS.split())
    assert {name for name, _ in seen.attributes} <= set(ALLOWED_ATTRIBUTES.split())
    assert all(
        re.match(r"(https?://|\.\./(en|fr)/$|/(en|fr)/archive$|#question-box$)", link) for link in seen.values("href")
    )
    # An article's id is never shown and must stay what it is.
    read = [seen.text, *(value for name, value in seen.attributes if name != "data-article")]
    assert not re.search("[\u202a-\u202e\u2066-\u2069]", "".join(read))


@pytest.mark.parametrize("language", ["en", "fr"])
def test_nothing_hostile_acts_wherever_it_is_shown(language: str) -> None:
    bad = article(
        id=HOSTILE, title=HOSTILE, text=f"{HOSTILE}\n\n{HOSTILE}", url=f"https://x.example/{HOSTILE}", source=HOSTILE,
        authors=(HOSTILE,), language=HOSTILE, path=f"/x/{HOSTILE}",
    )  # fmt: skip
    full = answer_from(
        bad, HOSTILE, HOSTILE, "partly", question=HOSTILE, language=HOSTILE, notes=(HOSTILE,), completed=HOSTILE,
        period=Period(HOSTILE, None, None), about_archive=True,
        disagreements=(Disagreement(HOSTILE, HOSTILE, (Side(HOSTILE, 1), Side(HOSTILE, 1))),),
    )  # fmt: skip
    told = Answer(HOSTILE, HOSTILE, HOSTILE, about_archive=True)
    other = Passage(replace(bad, id="other", published=date(2001, 1, 1)), 0, 5, 1.0, 2)
    full = replace(full, passages=(*full.passages, other))
    refused = Answer(HOSTILE, HOSTILE, HOSTILE, refused=True, nearest=(bad,))
    turns = [
        Turn(HOSTILE, "done", answer=full),
        Turn(HOSTILE, "done", answer=refused),
        Turn(HOSTILE, "done", answer=told),
        Turn(HOSTILE, "writing", text=HOSTILE),
        Turn(HOSTILE, "stopped", text=HOSTILE),
        Turn(HOSTILE, "failed", text=HOSTILE, error=HOSTILE),
    ]
    assert_inert(conversation_html(turns, language))
    assert_inert(source_html(bad, (5, 40), language, is_changed=False))
    assert_inert(source_html(bad, None, language, is_changed=True))
    for held in (Holdings(HOSTILE, (HOSTILE,), (), (HOSTILE,)), Holdings(HOSTILE, (), (), fill_command=HOSTILE)):
        assert_inert(masthead_html(held, language))
        assert_inert(welcome_html(held, language))
    assert_inert(notice_html(HOSTILE))


@given(st.text(), st.text(min_size=1))
def test_any_text_is_shown_as_itself_or_less(title: str, body: str) -> None:
    markup = source_html(article(title=title, text=body), (0, len(body)), "en", is_changed=False)
    assert_inert(markup)


@given(st.data())
def test_the_marked_characters_are_those_of_the_quote(data: st.DataObject) -> None:
    body = article().text
    start = data.draw(st.integers(0, len(body) - 1))
    end = data.draw(st.integers(start + 1, len(body)))
    markup = source_html(article(), (start, end), "en", is_changed=False)
    marked = "".join(re.findall("<mark>(.*?)</mark>", markup))
    assert marked == body[start:end].replace("\n", "")


def test_paragraphs_of_the_article_survive() -> None:
    markup = source_html(article(), None, "en", is_changed=False)
    assert markup.count('<p dir="auto">') == 3
    assert "<mark>" not in markup


def test_a_single_line_break_stays_a_line_break() -> None:
    assert "one<br>two" in source_html(article(text="one\ntwo"), None, "en", is_changed=False)


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "data:text/html,x",
        "file:///etc/passwd",
        "//evil.example/x",
        "https://ledger.example@evil.example/",
        "https://ledger.example/\u202efdp.exe",
        "https://ledger.example/a b",
        "https://[::1",
        "http://",
        "https://" + "a" * 80 + ".example",
    ],
)
def test_only_plain_web_addresses_become_links(url: str) -> None:
    assert "<a " not in source_html(article(url=url), None, "en", is_changed=False)


def test_the_link_to_the_original_opens_apart_and_tells_nothing_of_us() -> None:
    markup = source_html(article(), None, "en", is_changed=False)
    assert '<a href="https://ledger.example/treaty" target="_blank" rel="noopener noreferrer">' in markup
    assert "ledger.example" in Seen(markup).text


def test_a_host_that_only_looks_like_another_shows_its_true_name() -> None:
    markup = source_html(article(url="https://lemоnde.fr/x"), None, "en", is_changed=False)  # a Cyrillic о
    assert "xn--lemnde-yqf.fr" in Seen(markup).text


def test_an_article_without_address_names_its_file_without_the_folders() -> None:
    markup = source_html(article(url=None, path="/home/ann/private/treaty.txt"), None, "en", is_changed=False)
    assert "File: treaty.txt" in markup
    assert "private" not in markup


def test_a_chip_says_where_its_quote_is() -> None:
    answer = answer_from(article(), "The treaty was signed in Paris.", "It was signed in Paris.")
    markup = shown(answer)
    seen = Seen(markup)
    start = article().text.index("The treaty")
    assert f'data-start="{start}" data-end="{start + 31}"' in markup
    assert quote_check("The treaty was signed in Paris.") in seen.values("data-check")
    assert seen.values("aria-label")[0].startswith("Source 1: A treaty is signed, The Ledger, 27 May 1997, ")


def test_a_number_in_brackets_that_an_article_holds_stays_in_the_quote() -> None:
    noted = article(text="The figure is disputed [3] to this day.")
    answer = answer_from(noted, "The figure is disputed [3] to this day.", "The figure is disputed [3] to this day.")
    assert "disputed [3] to this day." in Seen(shown(answer)).text
    assert shown(answer).count('class="citation"') == 1


def test_a_citation_number_without_citation_makes_no_chip() -> None:
    answer = answer_from(article(), "The treaty was signed in Paris.", "It was signed.", citations=())
    assert 'class="citation"' not in shown(answer)


@pytest.mark.parametrize(("verdict", "mark"), [("partly", "partly supported"), ("unsupported", "not supported")])
def test_what_is_not_fully_supported_says_so_and_why(verdict: Verdict, mark: str) -> None:
    markup = shown(answer_from(article(), "It has 16 articles.", "It has 17 articles.", verdict))
    assert mark in markup
    assert "the passage says sixteen" in markup


def test_what_is_supported_says_so_by_a_sign_with_its_reason() -> None:
    markup = shown(answer_from(article(), "It has 16 articles.", "It has 16 articles."))
    assert '<button type="button" class="support supported"' in markup
    assert "supported: the passage says sixteen" in Seen(markup).text


def test_what_was_understood_can_be_left_out() -> None:
    september = Period("in September 2017", date(2017, 9, 1), date(2017, 9, 30))
    answer = answer_from(article(), "Nobody spoke.", "Nobody spoke.", completed="Who spoke in Paris?", period=september)
    seen = Seen(turn_html(Turn("And who spoke?", "done", answer=answer), 3, "en"))
    assert "Understood as: Who spoke in Paris?" in seen.text
    assert "Preferred: September 2017" in seen.text
    assert seen.values("data-leave-out") == ["completes", "reads_dates"]
    assert set(seen.values("data-position")) == {"3"}


def test_what_was_left_out_is_said() -> None:
    answer = answer_from(article(), "Nobody spoke.", "Nobody spoke.")
    turn = Turn("Who?", "done", answer=answer, settings=AskSettings(reads_dates=False))
    assert "asked without preferring a date" in turn_html(turn, 0, "en")
    assert "asked" not in Seen(shown(answer)).text.removeprefix("You asked:")


def test_a_disagreement_is_a_card_with_both_sides() -> None:
    sides = (Side("16 articles", 1), Side("dix-sept articles", 2))
    french = article(id="a2", text="Il compte dix-sept articles.", language="fr", source="Le Messager")
    quote = "It has 16 articles."
    start = article().text.index(quote)
    answer = answer_from(
        article(), quote, quote, disagreements=(Disagreement("number", "articles of the treaty", sides),),
        citations=(Citation(1, article(), start, start + len(quote)), Citation(2, french, 0, len(french.text))),
    )  # fmt: skip
    markup = shown(answer)
    card = Seen(markup[markup.index('<section class="disagreement"') :].partition("</section>")[0] + "</section>")
    assert "The sources disagree: articles of the treaty" in card.text
    for words in ("16 articles", "The Ledger", "27 May 1997", "years ago", quote):
        assert words in card.text
    for words in ("dix-sept articles", "Le Messager", "in French", "Il compte dix-sept articles."):
        assert words in card.text
    assert card.values("data-number") == ["1", "2"]
    assert len(set(Seen(markup).values("id"))) == len(Seen(markup).values("id"))


def test_a_side_without_its_citation_is_left_out() -> None:
    answer = answer_from(
        article(), "Nobody spoke.", "Nobody spoke.",
        disagreements=(Disagreement("number", "x", (Side("16", 1), Side("seventeen", 7))),),
    )  # fmt: skip
    assert "seventeen" not in shown(answer)


def test_an_answer_from_the_archives_own_records_says_so() -> None:
    told = Answer("Which outlets?", "Two outlets:\nThe Ledger, The Brief", "en", about_archive=True)
    assert "From the archive’s own records" in shown(told)
    assert "Two outlets:<br>The Ledger, The Brief" in shown(told)
    assert "own records" not in shown(answer_from(article(), "Nobody spoke.", "Nobody spoke."))


def test_every_source_carries_its_age() -> None:
    answer = answer_from(article(), "Nobody spoke.", "Nobody spoke.")
    aged = re.compile(r"27 May 1997, \d\d years ago")
    assert len(aged.findall(Seen(shown(answer)).text)) == 1
    assert aged.search(Seen(shown(answer)).values("data-card")[0])
    assert aged.search(Seen(source_html(article(), None, "en", is_changed=False)).text)


def test_a_sentence_quoted_in_another_language_says_which() -> None:
    french = article(text="Le traité a été signé à Paris.", language="fr")
    answer = answer_from(french, french.text, french.text)
    assert '<span class="tongue">in French</span>' in shown(answer)
    assert '<span class="tongue">en français</span>' in shown(answer, "fr")
    assert "tongue" not in shown(answer_from(french, french.text, french.text, language="fr"))
    assert "tongue" not in shown(answer_from(french, french.text, "The treaty was signed in Paris."))


def test_a_quote_from_another_language_is_announced() -> None:
    french = article(text="Le traité a été signé à Paris.", language="fr")
    answer = answer_from(french, "Le traité a été signé à Paris.", "Le traité a été signé à Paris.")
    assert "Quoted from articles in French." in shown(answer)
    assert "Cité d’après des articles en français." in shown(answer, "fr")
    assert "Quoted from" not in shown(answer_from(article(), "Nobody spoke.", "Nobody spoke."))


def test_a_near_copy_shows_as_also_in() -> None:
    answer = answer_from(article(), "Nobody spoke.", "Nobody spoke.")
    copy = article(id="a2", source="The Brief", published=None)
    passage = Passage(article(), 0, 5, 1.0, 1, (copy,))
    both = answer_from(article(), "Nobody spoke.", "Nobody spoke.", passages=(passage,))
    assert "Also in The Brief" in shown(both)
    assert "Also in" not in shown(answer)


def test_a_refusal_offers_the_nearest_articles_to_open() -> None:
    refused = Answer("Why?", "The archive does not say.", "en", refused=True, nearest=(article(),))
    markup = shown(refused)
    assert 'class="refusal"' in markup
    assert "No answer in the archive" in markup
    assert 'class="open-article" data-article="a1"' in markup


def test_a_failure_is_an_alert_that_keeps_question_and_text() -> None:
    markup = turn_html(Turn("Why?", "failed", text="Because", error="The model is gone"), 0, "en")
    seen = Seen(markup)
    assert 'role="alert"' in markup
    for words in ("Why?", "Because", "The model is gone"):
        assert words in seen.text
    assert "Why?" in seen.values("data-question")


def test_an_unfinished_marker_is_not_shown_while_streaming() -> None:
    assert Seen(turn_html(Turn("Q", "writing", text="In Paris. [1"), 0, "en")).text.endswith("In Paris.")
    assert "[1]" not in Seen(turn_html(Turn("Q", "writing", text="In Paris. [1] Then"), 0, "en")).text


def test_an_enormous_title_is_cut_for_display() -> None:
    markup = source_html(article(title="A" * 1_000_000), None, "en", is_changed=False)
    assert len(markup) < 3_000


def test_paragraphs_of_an_answer_are_kept() -> None:
    one, two = "The talks were long.", "Nobody spoke."
    supported = Support("supported", None, "")
    answer = answer_from(
        article(), one, one, text=f"{one} [1]\n\n{two}",
        sentences=(AnswerSentence(one, (1,), supported), AnswerSentence(two, (), supported)),
    )  # fmt: skip
    assert shown(answer).count('class="paragraph"') == 2


def test_a_list_keeps_its_items() -> None:
    one, two = "The talks were long.", "Nobody spoke."
    supported = Support("supported", None, "")
    answer = answer_from(
        article(), one, one, text=f"- {one} [1]\n- {two}",
        sentences=(AnswerSentence(one, (1,), supported), AnswerSentence(two, (), supported)),
    )  # fmt: skip
    assert shown(answer).count('class="paragraph listed"') == 2


def test_an_article_cited_twice_is_one_source_with_two_numbers() -> None:
    one, two = "The talks were long.", "Nobody spoke."
    answer = answer_from(
        article(), one, one, text=f"{one} [1] {two} [2]",
        citations=tuple(
            Citation(number, article(), article().text.index(quote), article().text.index(quote) + len(quote))
            for number, quote in ((1, one), (2, two))
        ),
        sentences=tuple(
            AnswerSentence(quote, (number,), Support("supported", None, "")) for number, quote in ((1, one), (2, two))
        ),
    )  # fmt: skip
    markup = shown(answer)
    assert markup.count('class="open-article"') == 1
    assert '<span class="source-numbers">1 2</span>' in markup
    assert markup.count('class="citation"') == 2


def test_the_reader_is_told_what_is_being_waited_for() -> None:
    assert "Loading the models" in turn_html(Turn("Q", "loading"), 0, "en")
    assert "Searching the archive" in turn_html(Turn("Q", "searching"), 0, "en")
    assert "Reading 8 passages" in turn_html(Turn("Q", "reading", passage_count=8), 0, "en")
    assert "Lecture d’un passage" in turn_html(Turn("Q", "reading", passage_count=1), 0, "fr")

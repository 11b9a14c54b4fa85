"""A chat model's reply → sentences that cite exactly, whatever the model made of its numbers."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from embeddings import HashingEncoder
from rag import Passage
from rag.citing import cite_reply
from tests.rag.newsroom import ARTICLES

PASSAGES = [Passage(article, 0, len(article.text), 1.0, rank) for rank, article in enumerate(ARTICLES, start=1)]
ENCODER = HashingEncoder()


def test_a_marker_becomes_the_sentence_that_says_it() -> None:
    cited = cite_reply("The bridge will cost 4,000 crowns [1].", PASSAGES, "en", ENCODER)
    assert cited.text == "The bridge will cost 4,000 crowns. [1]"
    assert [c.quote for c in cited.citations] == ["The bridge will cost 4,000 crowns, the treasurer Ada Linden said."]


def test_a_marker_without_a_passage_is_dropped() -> None:
    cited = cite_reply("The bridge will cost 4,000 crowns [1][9].", PASSAGES, "en", ENCODER)
    assert cited.text == "The bridge will cost 4,000 crowns. [1]"


def test_a_sentence_that_cites_nothing_there_is_cited_where_a_passage_says_it() -> None:
    cited = cite_reply("The bridge will cost 4,000 crowns [9].", PASSAGES, "en", ENCODER)
    assert [(c.number, c.article.id) for c in cited.citations] == [(1, "bridge")]


def test_a_wrong_citation_is_put_right() -> None:
    cited = cite_reply("Growers met in Dunmore to ask for help [1].", PASSAGES, "en", ENCODER)
    assert [c.article.id for c in cited.citations] == ["orchard"]
    assert cited.sentences[0].support.verdict == "supported"


def test_an_invented_sentence_keeps_its_place_without_a_number() -> None:
    cited = cite_reply(
        "Work starts in April 2016 [1]. Queen Berta of Ostia paid 90 crowns [1].", PASSAGES, "en", ENCODER
    )
    assert cited.text == "Work starts in April 2016. [1] Queen Berta of Ostia paid 90 crowns."
    assert [s.support.verdict for s in cited.sentences] == ["supported", "unsupported"]
    assert cited.sentences[1].citations == ()


@pytest.mark.parametrize(
    "reply",
    [
        "Work starts in April 2016 [1]. Fishermen are not pleased [1].",
        "Work starts in April 2016. [1] Fishermen are not pleased. [1]",
        "Work starts in April 2016 【1】. Fishermen are not pleased [1, 1].",
    ],
)
def test_numbers_follow_the_order_of_appearance_wherever_the_markers_stand(reply: str) -> None:
    cited = cite_reply(reply, PASSAGES, "en", ENCODER)
    assert cited.text == "Work starts in April 2016. [1] Fishermen are not pleased. [2]"


def test_a_quote_cited_twice_keeps_its_number() -> None:
    reply = "Work starts in April 2016 [1]. The growers met in Dunmore [3]. Work starts in April 2016 [1]."
    cited = cite_reply(reply, PASSAGES, "en", ENCODER)
    assert [s.citations for s in cited.sentences] == [(1,), (2,), (1,)]


def test_a_list_stays_a_list() -> None:
    cited = cite_reply("- Work starts in April 2016 [1].\n- Fishermen are not pleased [1].", PASSAGES, "en", ENCODER)
    assert cited.text == "- Work starts in April 2016. [1]\n- Fishermen are not pleased. [2]"


def test_an_answer_in_the_other_language_cites_the_original_unchecked() -> None:
    cited = cite_reply("La réparation coûtera 4 000 couronnes [1].", PASSAGES[:1], "fr", ENCODER)
    assert cited.sentences[0].support.verdict == "unchecked"
    assert "4,000 crowns" in cited.citations[0].quote


@settings(deadline=None)
@given(st.text(alphabet="Work starts in April 2016.[]123 9\n-", max_size=80))
def test_whatever_the_reply_every_number_has_its_citation(reply: str) -> None:
    cited = cite_reply(reply, PASSAGES, "en", ENCODER)
    assert [c.number for c in cited.citations] == list(range(1, len(cited.citations) + 1))
    assert {n for s in cited.sentences for n in s.citations} == {c.number for c in cited.citations}
    for citation in cited.citations:
        assert citation.article.text[citation.start : citation.end] == citation.quote

"""A chat model's reply → sentences that cite exactly, whatever the model made of its numbers."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from embeddings import HashingEncoder
from rag import Passage, Support
from rag.model.citing import CitedText, cite_claims
from rag.model.reply import read_claims
from tests.rag.newsroom import ARTICLES

PASSAGES = [Passage(article, 0, len(article.text), 1.0, rank) for rank, article in enumerate(ARTICLES, start=1)]
ENCODER = HashingEncoder()


def _cited(reply: str, language: str = "en", *, strict: bool = False) -> CitedText:
    return cite_claims(read_claims(reply, language), PASSAGES, PASSAGES, ENCODER, strict=strict)


def test_a_marker_becomes_the_sentence_that_says_it() -> None:
    cited = _cited("The bridge will cost 4,000 crowns [1].")
    assert cited.text == "The bridge will cost 4,000 crowns. [1]"
    assert [c.quote for c in cited.citations] == ["The bridge will cost 4,000 crowns, the treasurer Ada Linden said."]


def test_a_marker_without_a_passage_is_dropped() -> None:
    cited = _cited("The bridge will cost 4,000 crowns [1][9].")
    assert cited.text == "The bridge will cost 4,000 crowns. [1]"


def test_a_sentence_that_cites_nothing_there_is_cited_where_a_passage_says_it() -> None:
    cited = _cited("The bridge will cost 4,000 crowns [9].")
    assert [(c.number, c.article.id) for c in cited.citations] == [(1, "bridge")]


def test_a_wrong_citation_is_put_right() -> None:
    cited = _cited("Growers met in Dunmore to ask for help [1].")
    assert [c.article.id for c in cited.citations] == ["orchard"]
    assert cited.sentences[0].support.verdict == "supported"


def test_an_invented_sentence_keeps_its_place_without_a_number() -> None:
    cited = _cited("Work starts in April 2016 [1]. Queen Berta of Ostia paid 90 crowns [1].")
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
    cited = _cited(reply)
    assert cited.text == "Work starts in April 2016. [1] Fishermen are not pleased. [2]"


def test_a_quote_cited_twice_keeps_its_number() -> None:
    reply = "Work starts in April 2016 [1]. The growers met in Dunmore [3]. Work starts in April [1]."
    cited = _cited(reply)
    assert [s.citations for s in cited.sentences] == [(1,), (2,), (1,)]


def test_a_list_stays_a_list() -> None:
    cited = _cited("- Work starts in April 2016 [1].\n- Fishermen are not pleased [1].")
    assert cited.text == "- Work starts in April 2016. [1]\n- Fishermen are not pleased. [2]"


def test_an_answer_in_the_other_language_cites_the_original() -> None:
    cited = _cited("La réparation coûtera 4 000 couronnes [1].", "fr")
    assert cited.sentences[0].support.verdict == "supported"
    assert "4,000 crowns" in cited.citations[0].quote


def test_a_sentence_that_two_passages_say_between_them_cites_both() -> None:
    text = "The bridge will cost 4,000 crowns and the frost has taken nine tenths of the plums"
    cited = _cited(f"{text} [1][3].")
    assert cited.text == f"{text}. [1] [2]"
    assert [c.article.id for c in cited.citations] == ["bridge", "orchard"]
    assert cited.sentences[0].support.verdict != "unsupported"
    assert _cited(f"{text} [1].").sentences[0].support.verdict != "supported"


def test_what_is_said_of_the_articles_is_cited_to_none() -> None:
    cited = _cited("The articles do not say who pays for the bridge [1]. Work starts in April 2016 [1].")
    assert cited.text == "The articles do not say who pays for the bridge. Work starts in April 2016. [1]"
    assert cited.sentences[0].support.verdict == "unchecked"


def test_strict_leaves_out_what_nothing_bears_out_and_keeps_the_lines() -> None:
    reply = (
        "Queen Berta paid 90 crowns [1]. Work starts in April 2016 [1].\n"
        "- Queen Berta sang [1]. Fishermen are not pleased [1]."
    )
    cited = _cited(reply, strict=True)
    assert cited.text == "Work starts in April 2016. [1]\n- Fishermen are not pleased. [2]"


def test_a_number_that_was_not_given_stands_for_no_passage_found() -> None:
    cited = cite_claims(read_claims("A boat is on its way, told otherwise [2].", "en"), PASSAGES[:1], PASSAGES, ENCODER)
    assert cited.citations == ()
    assert cited.sentences[0].support.verdict == "unsupported"


def test_what_only_an_order_to_a_model_says_is_unsupported_and_says_why() -> None:
    cited = _cited("THE BRIDGE IS MADE OF CHEESE [3]. Growers met in Dunmore to ask for help [3].")
    assert [s.support.verdict for s in cited.sentences] == ["unsupported", "supported"]
    assert "order" in cited.sentences[0].support.reason
    claims = read_claims("THE BRIDGE IS MADE OF CHEESE [3].", "en")
    told = cite_claims(claims, PASSAGES, PASSAGES, ENCODER, language="fr")
    assert "ordre" in told.sentences[0].support.reason


def test_the_check_may_be_another() -> None:
    def believe(_sentence: str, passages: Sequence[str | Passage]) -> Support:
        return Support("partly", passages[0], "because") if passages else Support("unsupported", None, "")

    claims = read_claims("Fishermen are not pleased [2].", "en")
    cited = cite_claims(claims, PASSAGES, PASSAGES, ENCODER, check=believe)
    assert cited.sentences[0].support == Support("partly", PASSAGES[1], "because")
    assert [citation.article.id for citation in cited.citations] == ["ferry"]


@settings(deadline=None)
@given(st.text(alphabet="Work starts in April 2016.[]123 9\n-", max_size=80))
def test_whatever_the_reply_every_number_has_its_citation(reply: str) -> None:
    cited = _cited(reply)
    assert [c.number for c in cited.citations] == list(range(1, len(cited.citations) + 1))
    assert {n for s in cited.sentences for n in s.citations} == {c.number for c in cited.citations}
    for citation in cited.citations:
        assert citation.article.text[citation.start : citation.end] == citation.quote

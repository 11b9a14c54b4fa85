"""A reply → its sentences and their numbers, whatever else a model writes around them."""

from __future__ import annotations

import pytest

from rag.model.reply import declines, is_refusal, read_claims, reply_language, without_markers, without_rest
from rag.prompts import REFUSAL


@pytest.mark.parametrize(
    ("reply", "numbers"),
    [
        ("It rained [2].", (2,)),
        ("It rained. [2]", (2,)),
        ("It rained. [2][3]", (2, 3)),
        ("It rained [2, 3; 5].", (2, 3, 5)),
        ("It rained [2-4].", (2, 4, 3)),
        ("It rained【2】.", (2,)),
        ("It rained【2†source】.", (2,)),
        ("It rained [^2].", (2,)),
        ("It rained [Article 2].", (2,)),
        ("It rained [articles 2 and 3].", (2, 3)),
        ("It rained [2, 2].", (2,)),
        ("It rained.", ()),
    ],
)
def test_numbers_are_read_in_the_forms_that_models_write(reply: str, numbers: tuple[int, ...]) -> None:
    claims = read_claims(reply, "en")
    assert [(claim.text, set(claim.numbers)) for claim in claims] == [("It rained.", set(numbers))]


@pytest.mark.parametrize("text", ["He was born in [2016].", "She said [sic] it.", "It cost [a lot]."])
def test_brackets_that_cite_nothing_stay(text: str) -> None:
    assert read_claims(text, "en")[0].text == text
    assert without_markers(text) == text


def test_a_marker_behind_a_french_quotation_belongs_to_it() -> None:
    claims = read_claims("« Il pleut. » [1] Il neige [2].", "fr")
    assert [(claim.text, claim.numbers) for claim in claims] == [("« Il pleut. »", (1,)), ("Il neige.", (2,))]


def test_markdown_labels_and_lists_of_sources_are_not_sentences() -> None:
    reply = "## Answer\n**Answer:** It *rained* __hard__ [1].\n\n* It froze [2].\n\nSources:\n[1] Rain, The Courier"
    assert [(claim.lead, claim.text) for claim in read_claims(reply, "en")] == [
        ("", "Answer"),
        ("\n", "It *rained* hard."),
        ("\n- ", "It froze."),
    ]


def test_a_sentence_said_twice_is_read_once() -> None:
    assert [claim.text for claim in read_claims("It rained [1]. It froze. It  rained [2].", "en")] == [
        "It rained.",
        "It froze.",
    ]


def test_control_characters_are_left_out() -> None:
    assert read_claims("It\x1b[2J\u202e rained\x00 [1].", "en")[0].text == "It[2J rained."


@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_refusal_is_known_whatever_its_dress(language: str) -> None:
    assert is_refusal(f" **{REFUSAL[language].replace(chr(39), '’')}** I looked everywhere.")
    assert not is_refusal(f"It rained. {REFUSAL[language]}")


@pytest.mark.parametrize(
    "reply",
    [
        "The provided articles do not mention who won.",
        "The text provided doesn't say.",
        "Based on the given sources, the available information does not include a date.",
        "I cannot find that in the articles.",
        "None of the articles gives the price.",
        "Les articles fournis ne précisent pas qui a gagné.",
        "L’article n’indique pas le prix.",
        "Aucun article ne donne le prix.",
        "Je ne sais pas.",
    ],
)
def test_a_refusal_in_other_words_is_known(reply: str) -> None:
    assert declines(reply)


@pytest.mark.parametrize(
    "reply",
    [
        "The bridge will cost 4,000 crowns.",
        "The mayor does not want the bridge.",
        "Le maire ne veut pas du pont.",
        "L'article 5 a été invoqué mardi.",
        "Article 5 does not mention the sea.",
        "Sources at the ministry do not say when.",
        "The text does not mention Crimea.",
        "“I do not know,” said the mayor.",
        "The articles do not give a date, but the mayor spoke of spring.",
        "Les articles ne donnent pas de date, mais le maire a parlé du printemps.",
    ],
)
def test_an_answer_is_no_refusal(reply: str) -> None:
    assert not declines(reply)
    assert not is_refusal(reply)


@pytest.mark.parametrize(
    ("reply", "language"),
    [
        ("The bridge will cost 4,000 crowns, the treasurer said [1].", "en"),
        ("Le pont coûtera quatre mille couronnes, a dit la trésorière [1].", "fr"),
        ("Die Brücke wird viertausend Kronen kosten, sagte die Schatzmeisterin [1].", "de"),
        ("Мост будет стоить четыре тысячи крон, сказала казначей [1].", "ru"),
        ("Ada Linden [1].", "en"),
    ],
)
def test_the_language_of_a_reply_is_told_of_all_there_are(reply: str, language: str) -> None:
    assert reply_language(reply, "en") == language


def test_a_reply_that_was_cut_ends_with_its_last_whole_sentence() -> None:
    assert without_rest("It rained [1]. It froze [2]. It sno", "en") == "It rained [1]. It froze [2]."
    assert without_rest("It rai", "en") == "It rai"

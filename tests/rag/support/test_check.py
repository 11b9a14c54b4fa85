"""The support check: what it knows, and what it says it can't know."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag import Article, Passage, check_support
from rag.support.reasons import REASONS, reason

BRIDGE = (
    "The council of Marlowe voted on Tuesday for a new bridge over the Tarn. The bridge will cost 4,000 crowns, the "
    "treasurer Ada Linden said. Fishermen did not oppose the plan."
)
BAC = (
    "Le bac de Sainte-Aube est à l’arrêt depuis dimanche. La réparation coûtera quatre mille couronnes, a expliqué la "
    "capitaine Jeanne Morvan. Les pêcheurs ne s'opposent pas au projet."
)


@pytest.mark.parametrize(
    "sentence",
    [
        "The bridge will cost 4,000 crowns, the treasurer Ada Linden said.",
        "The bridge will cost 4,000 crowns, the treasurer Ada Linden said. [1]",
        "the bridge will cost 4,000 crowns",
    ],
)
def test_a_verbatim_quote_is_supported(sentence: str) -> None:
    support = check_support(sentence, [BAC, BRIDGE])
    assert (support.verdict, support.passage, support.reason) == ("supported", BRIDGE, "quoted word for word")


def test_typographic_signs_do_not_matter_in_a_quote() -> None:
    assert check_support("Le bac de Sainte-Aube est à l'arrêt depuis dimanche", [BAC]).verdict == "supported"


def test_the_same_words_with_a_word_left_out_are_supported() -> None:
    assert check_support("The new bridge over the Tarn", ["A new wooden bridge over the Tarn."]).verdict == "supported"


@pytest.mark.parametrize(
    ("sentence", "passage", "missing"),
    [
        ("The bridge will cost 400 crowns.", BRIDGE, "400 crowns"),
        ("The bridge will cost five thousand crowns.", BRIDGE, "five thousand crowns"),
        ("La réparation coûtera 400 couronnes.", BAC, "400 couronnes"),
        ("The repair will cost 400 crowns.", BAC, "400 crowns"),
        ("The council voted on Monday.", BRIDGE, "Monday"),
        ("Le bac est à l'arrêt depuis lundi.", BAC, "lundi"),
    ],
)
def test_a_figure_or_day_that_the_passage_lacks_is_named(sentence: str, passage: str, missing: str) -> None:
    support = check_support(sentence, [passage])
    assert support.verdict == "unsupported"
    assert f"«{missing}»" in support.reason


@pytest.mark.parametrize(
    ("sentence", "missing"),
    [
        ("The bridge was paid for by Piet Haas.", "Piet Haas"),
        ("The council of Dunmore voted for a bridge.", "Dunmore"),
        ("A company called Superdrug builds the bridge.", "Superdrug"),
    ],
)
def test_a_name_that_the_passage_lacks_is_named(sentence: str, missing: str) -> None:
    support = check_support(sentence, [BRIDGE, "He shops in supermarkets."])
    assert support.verdict == "unsupported"
    assert missing in support.reason


@pytest.mark.parametrize(
    ("sentence", "passage"),
    [
        ("The UN opened talks in Geneva.", "Talks were opened in Geneva by the United Nations."),
        ("L'Otan ouvre un bureau.", "Un bureau est ouvert par l'OTAN."),
        ("France signed.", "The French minister signed."),
    ],
)
def test_one_body_under_two_names_is_not_missed(sentence: str, passage: str) -> None:
    assert check_support(sentence, [passage]).verdict != "unsupported"


@pytest.mark.parametrize(
    ("sentence", "passage"),
    [
        ("Fishermen did oppose the plan.", BRIDGE),
        ("The council of Marlowe never voted for a new bridge.", BRIDGE),
        ("Les pêcheurs s'opposent au projet.", BAC),
        ("Le bac de Sainte-Aube n'est pas à l'arrêt.", BAC),
    ],
)
def test_a_denial_on_one_side_alone_is_seen(sentence: str, passage: str) -> None:
    assert "denies" in check_support(sentence, [passage]).reason


def test_a_denial_on_both_sides_is_none() -> None:
    assert check_support("The fishermen never opposed the plan.", [BRIDGE]).verdict != "unsupported"


def test_the_same_words_with_roles_swapped_are_not_called_supported() -> None:
    support = check_support("Ghent beat Bruges in the final.", ["In the final Bruges beat Ghent."])
    assert support.verdict == "unchecked"


def test_a_sentence_is_borne_out_across_languages() -> None:
    support = check_support("The repair will cost 4,000 crowns, Jeanne Morvan said.", [BAC])
    assert (support.verdict, support.passage) == ("supported", BAC)
    assert support.reason == "told in another language; figures and names agree"


def test_a_name_that_the_passage_lacks_is_missed_across_languages() -> None:
    support = check_support("The repair will cost 4,000 crowns, Piet Haas said.", [BAC])
    assert (support.verdict, support.reason) == ("partly", "the passage does not name «Piet Haas»")
    assert check_support("The ferry of Dunmore has stopped since Sunday.", [BAC]).verdict == "unsupported"


def test_a_paraphrase_that_nothing_speaks_against_is_supported() -> None:
    support = check_support("Ada Linden, the treasurer, puts the cost of the bridge at four thousand crowns.", [BRIDGE])
    assert support.verdict == "supported"


def test_words_too_different_to_compare_are_unchecked() -> None:
    assert check_support("Building the crossing empties many of the town's pockets.", [BRIDGE]).verdict != "supported"


@pytest.mark.parametrize(
    ("sentence", "clause"),
    [
        ("The council voted for a new bridge, and the old ferryman wept for joy.", "old ferryman wept for joy"),
        ("The bridge will cost 4,000 crowns, but nobody has found enough granite yet.", "enough granite"),
    ],
)
def test_a_clause_that_the_passage_has_no_words_for_makes_it_partly(sentence: str, clause: str) -> None:
    support = check_support(sentence, [BRIDGE])
    assert (support.verdict, support.passage) == ("partly", BRIDGE)
    assert clause in support.reason


def test_a_wrong_figure_in_one_of_two_clauses_makes_it_partly() -> None:
    sentence = "The council of Marlowe voted on Tuesday for a new bridge, but the treasurer found only 900 crowns."
    support = check_support(sentence, [BRIDGE])
    assert (support.verdict, support.reason) == ("partly", "the passage does not give «900 crowns»")


@pytest.mark.parametrize(
    ("sentence", "passage"),
    [
        ("The dog bit the man.", "The man bit the dog."),
        ("Le loup a mordu le chien.", "Le chien a mordu le loup."),
        ("Ghent was beaten by Bruges.", "Ghent beat Bruges."),
        ("The dog was bitten by the man.", "The dog bit the man."),
        ("According to Ada Linden the bridge is unsafe.", "The bridge is unsafe, Piet Haas said. Ada Linden laughed."),
        ("“It is too late”, Ada Linden said.", "“It is too late”, Piet Haas said, after Ada Linden had left."),
        ("Ada Linden built the mill and the tower.", "Piet Haas built the mill and the tower. Ada Linden was away."),
    ],
)
def test_where_somebody_else_may_have_done_it_nothing_is_called_supported(sentence: str, passage: str) -> None:
    assert check_support(sentence, [passage]).verdict == "unchecked"


def test_a_passive_that_says_the_same_is_supported() -> None:
    assert check_support("Bruges was beaten by Ghent.", ["Ghent beat Bruges in the rain."]).verdict == "supported"


def test_names_in_a_list_may_stand_in_any_order() -> None:
    passage = "Piet Haas and Ada Linden opened the new bridge over the Tarn."
    assert check_support("Ada Linden and Piet Haas opened the bridge.", [passage]).verdict == "supported"


@pytest.mark.parametrize("passage", [BRIDGE, BAC])
def test_the_reason_is_in_the_reader_s_language(passage: str) -> None:
    support = check_support("Le pont coûtera 400 couronnes.", [passage], language="fr")
    assert support.reason == "le passage ne donne pas « 400 couronnes »"


def test_a_reason_shows_words_as_they_are_written() -> None:
    sold = check_support("Le maire a vendu le moulin.", ["The mayor bought the mill."])
    assert sold.reason == "the passage says the opposite of «vendu»"
    swapped = check_support("Bruges beat Ghent.", ["Ghent beat Bruges."])
    assert "«Bruges, Ghent»" in swapped.reason


def test_every_reason_is_there_in_both_languages() -> None:
    for found, lines in REASONS.items():
        assert set(lines) == {"en", "fr"}, found
        assert reason(found, "x", "fr") == lines["fr"].format(what="x") != reason(found, "x", "en")


def test_a_passage_on_another_subject_does_not_support() -> None:
    assert check_support("Plums grow slowly in cold valleys.", [BRIDGE]).verdict == "unsupported"


def test_of_two_passages_that_bear_it_out_the_one_with_more_of_its_words_is_named() -> None:
    near = "The council of Marlowe wants a new bridge, said Ada Linden, and will pay for the bridge."
    far = "A bridge is new, said Ada Linden in Marlowe to the council, which was surprised by it."
    sentence = "The council of Marlowe will pay for a new bridge, Ada Linden said."
    assert check_support(sentence, [far, near]).passage == check_support(sentence, [near, far]).passage == near


def test_without_a_passage_nothing_is_supported() -> None:
    support = check_support("The bridge will cost 4,000 crowns.", [])
    assert (support.verdict, support.passage) == ("unsupported", None)


def test_a_passage_of_an_article_is_given_back_as_it_is() -> None:
    article = Article("a", "A bridge", BRIDGE, language="en")
    passage = Passage(article, 0, len(BRIDGE), 1.0, 1)
    assert check_support("The bridge will cost 4,000 crowns", [BAC, passage]).passage is passage


@settings(deadline=None)
@given(st.text(max_size=60), st.text(max_size=120))
def test_any_texts_give_a_verdict_and_a_reason(sentence: str, passage: str) -> None:
    support = check_support(sentence, [passage])
    assert support.verdict in ("supported", "partly", "unsupported", "unchecked")
    assert support.reason

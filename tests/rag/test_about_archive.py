"""Questions about the archive itself are answered from it; those about the news are not."""

from __future__ import annotations

from datetime import date

import pytest

from rag import Archive, Assistant, Filters
from rag.archive_questions import ArchiveRequest, read_request


@pytest.mark.parametrize(
    ("text", "request_"),
    [
        ("Which outlets do you have?", ArchiveRequest("outlets")),
        ("What newspapers are there?", ArchiveRequest("outlets")),
        ("Quels journaux avez-vous ?", ArchiveRequest("outlets")),
        ("De quels journaux disposez-vous ?", ArchiveRequest("outlets")),
        ("How many articles are there?", ArchiveRequest("count")),
        ("Combien d'articles y a-t-il ?", ArchiveRequest("count")),
        ("How many articles do you have about Georgia?", ArchiveRequest("count", about="Georgia")),
        ("Combien d'articles avez-vous sur le Kosovo ?", ArchiveRequest("count", about="le Kosovo")),
        ("How many articles are in French?", ArchiveRequest("count", by="French")),
        ("From when to when do the articles run?", ArchiveRequest("span")),
        ("How far back does the archive go?", ArchiveRequest("span")),
        ("De quand à quand vont les articles ?", ArchiveRequest("span")),
        ("Quelle période couvre l'archive ?", ArchiveRequest("span")),
        ("Which languages are the articles in?", ArchiveRequest("languages")),
        ("Dans quelles langues sont les articles ?", ArchiveRequest("languages")),
        ("What is the latest article on Georgia?", ArchiveRequest("latest", about="Georgia")),
        ("Quel est le dernier article sur la Géorgie ?", ArchiveRequest("latest", about="la Géorgie")),
        ("When was the oldest article published?", ArchiveRequest("first")),
        ("List the articles by Nora Wexcombe", ArchiveRequest("list", by="Nora Wexcombe")),
        ("Liste les articles d'Étienne Roquebleu", ArchiveRequest("list", by="Étienne Roquebleu")),
        ("What do you have about Kosovo?", ArchiveRequest("list", about="Kosovo")),
        ("Qu'avez-vous sur le Koursk ?", ArchiveRequest("list", about="le Koursk")),
        ("Quels articles parlent du Koursk ?", ArchiveRequest("list", about="Koursk")),
    ],
)
def test_questions_about_the_archive_are_known(text: str, request_: ArchiveRequest) -> None:
    assert read_request(text) == request_


@pytest.mark.parametrize(
    "text",
    [
        "How many articles did the treaty have?",
        "Combien d'articles compte le traité ?",
        "Which newspapers reported the leak?",
        "Quels journaux ont publié l'enquête ?",
        "Which newspaper was sold?",
        "Which media did the president attack?",
        "What languages are spoken in Belgium?",
        "Dans quelles langues le texte a-t-il été signé ?",
        "What period does the agreement cover?",
        "How far back does the dispute go?",
        "What is the latest on Georgia?",
        "Quelles sont les dernières nouvelles de Géorgie ?",
        "What do you know about Georgia?",
        "Which article of the treaty lets a member leave?",
        "How many stories does the tower have?",
        "Which archive holds the letters of the queen?",
        "What sources did the report use?",
    ],
)
def test_questions_about_the_news_are_left_to_the_articles(text: str) -> None:
    assert read_request(text) is None


def test_outlets_are_told_with_their_counts(sample: Archive) -> None:
    answer = Assistant(sample).ask("Which outlets do you have?")
    assert answer.text.startswith("They come from 5 outlets: Lanterne-Nord (9), The Aldermoor Ledger (8)")
    assert (answer.about_archive, answer.refused, answer.citations) == (True, False, ())
    assert [sentence.text for sentence in answer.sentences] == [answer.text]


def test_the_answer_is_in_the_language_of_the_question(sample: Archive) -> None:
    answer = Assistant(sample).ask("De quand à quand vont les articles ?")
    assert answer.text.startswith("Les articles vont du 28 mai 1997 au 23 mai 2020.")


@pytest.mark.parametrize("question", ["Quels journaux avez-vous ?", "Which outlets do you have?"])
def test_in_mid_conversation_it_is_still_the_archive_that_is_asked_about(sample: Archive, question: str) -> None:
    history = [
        {"role": "user", "content": "Combien de soldats ont participé à Zapad 2017 ?"},
        {"role": "assistant", "content": "Plus de cent mille militaires prendraient part à Zapad 2017. [1]"},
    ]
    answer = Assistant(sample).ask(question, history)
    assert answer.about_archive
    assert "Lanterne-Nord" in answer.text
    assert answer.completed is None


def test_the_latest_article_on_a_subject_is_found_across_languages_and_cited_by_its_first_sentence(
    sample: Archive,
) -> None:
    for question in ("What is the latest article on Georgia?", "Quel est le dernier article sur la Géorgie ?"):
        answer = Assistant(sample).ask(question)
        (citation,) = answer.citations
        assert citation.article.published == date(2010, 11, 21)
        assert citation.article.text.startswith(citation.quote)
        assert answer.text.endswith("[1]")


def test_the_articles_of_an_author_are_listed_newest_first(sample: Archive) -> None:
    answer = Assistant(sample).ask("List the articles by Étienne Roquebleu")
    days = [citation.article.published for citation in answer.citations]
    assert days == [date(2016, 7, 14), date(2007, 12, 13), date(2000, 8, 24)]
    assert {citation.article.authors for citation in answer.citations} == {("Étienne Roquebleu",)}


def test_the_articles_of_a_year_are_counted(sample: Archive) -> None:
    assert Assistant(sample).ask("How many articles do you have from 2014?").text.startswith("There are 3 articles.")


def test_filters_hold_for_the_archive_too(sample: Archive) -> None:
    answer = Assistant(sample).ask("How many articles are there?", filters=Filters(language="fr"))
    assert answer.text.startswith("There are 19 articles. Languages: French (19).")


def test_an_author_that_the_archive_does_not_know_is_a_question_for_the_articles(sample: Archive) -> None:
    assert not Assistant(sample).ask("What is the last article of the constitution?").about_archive
    assert not Assistant(sample).ask("How many articles are there in the treaty?").about_archive


def test_an_empty_archive_says_that_it_is(tmp_path_factory: pytest.TempPathFactory) -> None:
    with Archive.open(tmp_path_factory.mktemp("none") / "archive") as archive:
        answer = Assistant(archive).ask("Quels journaux avez-vous ?")
    assert answer.text == "L'archive ne contient aucun article."

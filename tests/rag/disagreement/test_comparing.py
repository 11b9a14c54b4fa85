"""What sources differ on: told where two figures can't both be right for one thing, and nowhere else."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from embeddings import encoder_from
from rag import Answer, AnswerDone, Archive, Article, Assistant, Citation, Passage, TextPiece
from rag.disagreement.comparing import add_disagreements
from rag.question import read_question
from rag.records import Span
from rag.sentences import split_sentences
from tests.rag.newsroom import ScriptedModel

ENCODER = encoder_from(None)
OUTLETS = ("The Tarn Courier", "Le Passeur", "Esk Farmer", "Gazette du Port")


def article(place: int, text: str, title: str = "News") -> Article:
    french = any(word in f" {text} " for word in (" le ", " la ", " les ", " des ", " du "))
    return Article(
        f"a{place}",
        title,
        text,
        source=OUTLETS[place % 4],
        published=date(2016, 5, 1 + place),
        language="fr" if french else "en",
    )


def answered(question: str, *texts: str, titles: tuple[str, ...] = ()) -> Answer:
    """The answer that cites the first text's first sentence, with every text found, looked at for differences."""
    found = [article(n, text, titles[n] if titles else "News") for n, text in enumerate(texts)]
    passages = tuple(Passage(one, 0, len(one.text), 1 / n, n) for n, one in enumerate(found, start=1))
    end = texts[0].index(".") + 1
    asked = read_question(question)
    cited = (Citation(1, found[0], 0, end),)
    return add_disagreements(Answer(question, f"{texts[0][:end]} [1]", asked.language, cited, passages), asked, ENCODER)


def said(answer: Answer) -> list[list[str]]:
    return [[side.said for side in one.sides] for one in answer.disagreements]


REAL = {
    "one article with itself": (
        "How many guards will the league send to the border?",
        ["The league agreed in Dorn to send 400 guards to the northern border in answer to the raids. Growers are "
         "relieved. At the meeting in Dorn the league agreed to send up to 4,000 guards to the northern border in "
         "answer to the raids."],
        [["400", "up to 4,000"]],
    ),
    "a death toll that grew": (
        "How many people died in the Velmara landslide?",
        ["At least 38 people have died after a landslide hit the village of Velmara on Tuesday.",
         "More than 90 people were killed when a landslide hit Velmara village on Tuesday, burying forty houses."],
        [["At least 38", "More than 90"]],
    ),
    "a death toll across languages": (
        "Combien de morts le glissement de terrain de Velmara a-t-il faits ?",
        ["At least 38 people have died after a landslide hit the village of Velmara on Tuesday.",
         "Le glissement de terrain qui a frappé mardi le village de Velmara a fait plus de 90 morts."],
        [["At least 38", "plus de 90"]],
    ),
    "troops by two counts, across languages": (
        "How many soldiers take part in the exercise Grey Heron?",
        ["The exercise Grey Heron involves 9,300 troops, by the count of the ministry in Dorn.",
         "Selon la ministre, plus de quarante mille militaires participent à l'exercice Grey Heron."],
        [["9,300", "plus de quarante mille"]],
    ),
    "what a thing costs": (
        "How much will the Marlowe bridge cost?",
        ["The new Marlowe bridge will cost 4 million euros, the treasurer said.",
         "Le nouveau pont de Marlowe coûtera sept millions d'euros, selon la préfecture."],
        [["4 million euros", "sept millions d'euros"]],
    ),
    "the day of an event": (
        "When was the harbour bridge in Marlowe opened?",
        ["The mayor Ada Linden opened the new harbour bridge in Marlowe on 3 May 2014.",
         "On 4 May the mayor Ada Linden opened the new harbour bridge in Marlowe to the sound of horns."],
        [["3 May 2014", "4 May"]],
    ),
    "arrests": (
        "How many demonstrators were arrested in Ostrava Bay?",
        ["Police arrested 12 demonstrators in Ostrava Bay on Saturday night.",
         "Officers in Ostrava Bay detained 45 protesters on Saturday night, a spokesman said."],
        [["12", "45"]],
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", REAL)
def test_sources_that_differ_are_told(case: str) -> None:
    question, texts, expected = REAL[case]
    assert said(answered(question, *texts)) == expected


NONE = {
    "other words for the same figure": (
        "How many soldiers take part in Grey Heron?",
        ["The exercise Grey Heron involves 4,000 troops.",
         "Quatre mille soldats participent à l'exercice Grey Heron, dit la ministre."],
    ),
    "rough and exact": (
        "How many soldiers take part in Grey Heron?",
        ["The exercise Grey Heron involves nearly 50,000 troops.", "The exercise Grey Heron involves 49,200 soldiers."],
    ),
    "a range and a figure within it": (
        "How many soldiers take part in Grey Heron?",
        ["The exercise Grey Heron involves 4,000 to 5,000 troops.", "The exercise Grey Heron involves 4,600 soldiers."],
    ),
    "parts and their total": (
        "How many soldiers take part in Grey Heron?",
        ["The exercise Grey Heron involves 12,000 troops in all: 7,000 soldiers from Dorn and 5,000 from Ostia.",
         "The exercise Grey Heron involves 7,000 troops from Dorn."],
    ),
    "some of them": (
        "How many soldiers take part in Grey Heron?",
        ["The exercise Grey Heron involves 12,000 troops.",
         "At the exercise Grey Heron, 300 of them slept in tents, and 500 more troops arrive at Grey Heron on Monday."],
    ),
    "another year": (
        "How many soldiers took part in Grey Heron?",
        ["The exercise Grey Heron involved 12,000 troops in 2016.",
         "In 2012 the exercise Grey Heron involved 3,000 troops."],
    ),
    "looking back": (
        "How many soldiers took part in Grey Heron?",
        ["The exercise Grey Heron involved 12,000 troops.",
         "Last year the exercise Grey Heron involved 3,000 troops, half as many."],
    ),
    "another place": (
        "How many guards will be sent?",
        ["The league will send 400 guards to the northern border near Velmara. The league will send 900 guards to the "
         "northern border near Ostia."],
    ),
    "another country": (
        "How many guards will be sent to the border?",
        ["Ostia will send 400 guards to the northern border of the league. Velmara will send 900 guards to the "
         "northern border of the league."],
    ),
    "another thing counted": (
        "How many soldiers take part in Grey Heron?",
        ["The exercise Grey Heron involves 12,000 troops.",
         "The exercise Grey Heron involves 70 aircraft and 250 tanks."],
    ),
    "dead and wounded": (
        "How many people died in the Velmara landslide?",
        ["At least 38 people died when a landslide hit the village of Velmara on Tuesday.",
         "At least 120 people were injured when a landslide hit the village of Velmara on Tuesday."],
    ),
    "another disaster": (
        "How many people died in the Velmara landslide?",
        ["At least 38 people died when a landslide hit the village of Velmara on Tuesday.",
         "More than 200 people died when an earthquake hit the town of Ostia in 2009."],
    ),
    "another disaster in the same country": (
        "How many people were killed by the landslide in Ostia?",
        ["More than 500 people were killed in Ostia when a landslide hit the island of Lom.",
         "The landslide in Ostia killed 38 people in the village of Velmara, a spokesman said."],
    ),
    "an event that recurs": (
        "When did the council of Marlowe vote on the bridge?",
        ["The council of Marlowe voted on the harbour bridge on 3 May 2014.",
         "The council of Marlowe voted on the harbour bridge on 9 June 2014."],
    ),
    "a day and its month": (
        "When was the harbour bridge in Marlowe opened?",
        ["The mayor Ada Linden opened the new harbour bridge in Marlowe on 3 May 2014.",
         "In May 2014 the mayor Ada Linden opened the new harbour bridge in Marlowe."],
    ),
    "ages": (
        "How old is the captain of the ferry?",
        ["The 44-year-old captain of the ferry was not hurt. The 31-year-old mate of the ferry was not hurt."],
    ),
    "shares of different things": (
        "What share of voters believed the mayor?",
        ["A poll in Dorn shows that 41 percent of voters believed the mayor and 35 percent believed the treasurer. "
         "Another poll in Dorn shows that 30 percent of farmers believed the mayor."],
    ),
    "a rate": (
        "How many soldiers take part in Grey Heron?",
        ["The exercise Grey Heron involves 12,000 troops.", "The exercise Grey Heron feeds 500 troops per day."],
    ),
    "what is feared": (
        "How many people died in the Velmara landslide?",
        ["At least 38 people have died after a landslide hit the village of Velmara on Tuesday.",
         "The death toll of the landslide in the village of Velmara could rise to 300 people."],
    ),
    "a figure that is not asked for": (
        "Who is the captain of the ferry?",
        ["The captain Jeanne Morvan carried 40 pupils on the ferry of Sainte-Aube on Monday.",
         "The captain Jeanne Morvan carried 90 pupils on the ferry of Sainte-Aube on Monday."],
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", NONE)
def test_sources_that_can_both_be_right_are_left_alone(case: str) -> None:
    question, texts = NONE[case]
    assert said(answered(question, *texts)) == []


GUARDS = Article(
    "guards",
    "The league looks north",
    "At its meeting in Dorn the league agreed to send 400 guards to the northern border in answer to the raids, and "
    "the growers are relieved.\n\nThe talks had lasted for two days. The delegates ate well.\n\nOn the last evening "
    "in Dorn the league agreed to send up to 4,000 guards to the northern border in answer to the raids.",
    source="Esk Farmer",
    published=date(2016, 7, 13),
    language="en",
)
HOW_MANY = "How many guards will the league send to the northern border?"


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Archive]:
    with Archive.open(tmp_path_factory.mktemp("differing") / "archive") as archive:
        archive.add(GUARDS)
        yield archive


@pytest.mark.parametrize(
    ("question", "beginning", "day"),
    [
        (HOW_MANY, "One article gives different figures on “guards”: ", "Esk Farmer, 13 July 2016"),
        (
            "Combien de gardes la ligue va-t-elle envoyer à la frontière nord ?",
            "Un même article donne des chiffres différents sur « guards » : ",
            "Esk Farmer, 13 juillet 2016",
        ),
    ],
)
def test_the_text_says_it_in_the_language_of_the_question(
    archive: Archive, question: str, beginning: str, day: str
) -> None:
    answer = Assistant(archive).ask(question)
    told = answer.text[answer.text.index(beginning) :]
    assert {side.said for side in answer.disagreements[0].sides} == {"400", "up to 4,000"}
    for side in answer.disagreements[0].sides:
        assert f"{side.said} ({day}) [{side.citation}]" in told
    assert all(beginning not in sentence.text for sentence in answer.sentences)


def test_the_pieces_of_a_stream_are_the_text_with_what_differs(archive: Archive) -> None:
    events = list(Assistant(archive).stream(HOW_MANY))
    done = events[-1]
    assert isinstance(done, AnswerDone)
    assert done.answer.disagreements
    assert "".join(event.text for event in events if isinstance(event, TextPiece)) == done.answer.text


def test_what_a_chat_model_chose_is_set_beside_what_it_left_out(archive: Archive) -> None:
    model = ScriptedModel(reply="The league will send up to 4,000 guards to the northern border [1].")
    answer = Assistant(archive, model=model).ask(HOW_MANY)
    assert len(answer.sentences) == 1
    assert [side.said for side in answer.disagreements[0].sides] == ["up to 4,000", "400"]
    assert [citation.number for citation in answer.citations] == [1, 2]
    assert "400 guards" in answer.citations[1].quote


def test_what_they_differ_on_is_named_where_the_figure_stands_alone() -> None:
    question, texts, _ = REAL["what a thing costs"]
    assert "Marlowe" in answered(question, *texts).disagreements[0].about
    question, texts, _ = REAL["the day of an event"]
    assert answered(question, *texts).disagreements[0].about == "mayor Ada Linden opened"


def test_a_refusal_stays_a_refusal(archive: Archive) -> None:
    answer = Assistant(archive).ask("Who won the chess championship in Reykjavik?")
    assert answer.refused
    assert answer.disagreements == ()


def test_an_article_without_outlet_and_date_is_named_by_its_title() -> None:
    texts = REAL["what a thing costs"][1]
    found = [
        Article(str(n), f"Title {n}", text, language=lang)
        for n, (text, lang) in enumerate(zip(texts, ("en", "fr"), strict=True))
    ]
    passages = tuple(Passage(one, 0, len(one.text), 1 / n, n) for n, one in enumerate(found, start=1))
    asked = read_question("How much will the Marlowe bridge cost?")
    answer = Answer(asked.text, f"{texts[0]} [1]", "en", (Citation(1, found[0], 0, len(texts[0])),), passages)
    assert add_disagreements(answer, asked, ENCODER).text.endswith(
        "4 million euros (Title 0) [1]; sept millions d'euros (Title 1) [2]."
    )


def test_a_near_copy_whose_figure_was_changed_is_another_side() -> None:
    text = "The flood in Sainte-Aube drowned the mill and killed 12 people on Sunday, the prefect of Sainte-Aube said."
    copy = article(1, text.replace("12 people", "31 people"))
    passage = Passage(article(0, text), 0, len(text), 1.0, 1, (copy,))
    asked = read_question("How many people did the flood in Sainte-Aube kill?")
    answer = Answer(asked.text, f"{text} [1]", "en", (Citation(1, passage.article, 0, len(text)),), (passage,))
    assert said(add_disagreements(answer, asked, ENCODER)) == [["12", "31"]]
    same = Passage(article(0, text), 0, len(text), 1.0, 1, (article(1, text),))
    unchanged = Answer(asked.text, f"{text} [1]", "en", answer.citations, (same,))
    assert add_disagreements(unchanged, asked, ENCODER) == unchanged


def test_sentences_that_are_kept_are_not_sought_again() -> None:
    texts = REAL["what a thing costs"][1]
    found = [article(n, f"It rained. {text}") for n, text in enumerate(texts)]
    passages = tuple(Passage(one, 0, len(one.text), 1 / n, n) for n, one in enumerate(found, start=1))
    asked = read_question("How much will the Marlowe bridge cost?")
    cited = (Citation(1, found[0], len("It rained. "), len(found[0].text)),)
    answer = Answer(asked.text, f"{texts[0]} [1]", "en", cited, passages)
    asked_about: list[str] = []

    def kept(article: Article) -> list[Span]:
        asked_about.append(article.id)
        return split_sentences(article.text, article.language) if article is found[0] else []

    compared = add_disagreements(answer, asked, ENCODER, kept)
    assert compared == add_disagreements(answer, asked, ENCODER)
    assert compared.disagreements
    assert sorted(asked_about) == sorted(one.id for one in found)


_SENTENCES = (
    "The league agreed in Dorn to send {} guards to the northern border in answer to the raids.",
    "At the meeting in Dorn the league agreed to send {} guards to the northern border in answer to the raids.",
    "La ligue a décidé à Dorn d'envoyer {} gardes à la frontière nord en réponse aux raids.",
    "The guards of Dorn were given {} blankets and the children sang.",
)
_FIGURES = st.sampled_from(["400", "nearly 400", "four thousand", "4,000 to 5,000", "12,000", "more than 90", "2016"])


@given(st.lists(st.tuples(st.sampled_from(_SENTENCES), _FIGURES), min_size=1, max_size=5))
@settings(max_examples=40, deadline=None)
def test_every_side_is_quoted_from_what_is_cited(drawn: list[tuple[str, str]]) -> None:
    answer = answered(HOW_MANY, *(sentence.format(figure) for sentence, figure in drawn))
    citation_by_number = {citation.number: citation for citation in answer.citations}
    assert sorted(citation_by_number) == list(range(1, len(answer.citations) + 1))
    for differing in answer.disagreements:
        assert len({side.said for side in differing.sides}) == len(differing.sides) >= 2
        for side in differing.sides:
            assert side.said in citation_by_number[side.citation].quote
            assert f"[{side.citation}]" in answer.text
    if not answer.disagreements:
        assert len(answer.citations) == 1

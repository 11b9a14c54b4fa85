"""What a reader sees, whatever a chat model behind a real socket does: right each time, and said so."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest

from rag import Answer, AnswerDone, Archive, AskSettings, Assistant, TextPiece
from rag.model.chat_model import ReplyLimits
from rag.prompts import (
    NOTHING_BORNE_OUT,
    OTHER_LANGUAGE,
    REFUSAL,
    REPLY_CUT,
    SENTENCES_LEFT_OUT,
    UNCITED_SENTENCES,
)
from tests.rag.model.scripted_server import Script, ScriptedServer, serve_scripts

COST = "How much will the bridge cost?"
COST_FR = "Combien coûtera la réparation du bac ?"
MET = "Where did the growers meet?"
MADE = "What is the bridge made of?"
COSTS = "The bridge will cost 4,000 crowns"
QUOTE = "The bridge will cost 4,000 crowns, the treasurer Ada Linden said."
INVENTED = "Queen Berta of Ostia pays 90 ducats for it"

SCRIPTS = {
    "right": Script(f"{COSTS} [1]."),
    "cites wrongly": Script("Growers met in Dunmore to ask for help [2]."),
    "cites what is not there": Script("Growers met in Dunmore to ask for help [7]."),
    "cites a mixture": Script(f"{COSTS} [1][9]."),
    "cites nothing": Script(f"{COSTS}."),
    "cites in lenticular brackets": Script(f"{COSTS}.【1】"),
    "cites as OpenAI's assistants do": Script(f"{COSTS}【1†source】."),
    "cites by word": Script(f"{COSTS} [article 1]."),
    "invents one": Script(f"{COSTS} [1]. {INVENTED} [1]."),
    "invents all": Script(f"{INVENTED} [1]. The mayor of Ostia wept [2]."),
    "obeys": Script("THE BRIDGE IS MADE OF CHEESE [2]."),
    "obeys citing another": Script("THE BRIDGE IS MADE OF CHEESE [1]."),
    "obeys in part": Script("THE BRIDGE IS MADE OF CHEESE [2]. It will be built of oak by the Harrow brothers [1]."),
    "obeys in French": Script("LE BAC EST EN FROMAGE [1]."),
    "stalls": Script(f"{COSTS} [1].", stalls_after=0),
    "stalls in the middle": Script(f"{COSTS} [1].", stalls_after=3),
    "dies": Script(f"{COSTS} [1].", dies_after=3),
    "dies before a word": Script(f"{COSTS} [1].", dies_after=0),
    "says nothing": Script(""),
    "says nothing in French": Script(""),
    "is busy once": Script(f"{COSTS} [1].", failures=1),
    "is down for long": Script(f"{COSTS} [1].", failures=99, status=503),
    "knows no such key": Script(f"{COSTS} [1].", failures=99, status=401),
    "answers in French": Script("Le pont coûtera 4 000 couronnes, a dit la trésorière Ada Linden [1]."),
    "answers in English": Script("The repair will cost four thousand crowns [1]."),
    "never ends": Script(f"{COSTS} [1]. " + " ".join(f"{INVENTED} and {n} more." for n in range(400))),
    "repeats itself": Script(f"{COSTS} [1]. " * 40),
    "decorates": Script(
        f"**Answer:** {COSTS} [1].\n\n- It will be built of **oak** [1]\n\n**Sources:**\n1. A bridge for Marlowe [1]"
    ),
    "declines as told": Script(REFUSAL["en"]),
    "declines in its own words": Script("The articles provided do not mention what the bridge costs."),
    "declines and talks on": Script("The articles do not say who pays. They discuss a vote instead [1]."),
    "declines in part": Script("The articles do not say who pays. The bridge will cost 4,000 crowns [1]."),
    "declines in French": Script("Les articles ne précisent pas ce que coûtera la réparation du bac."),
    "thinks": Script(f"<think>4,000? 400?</think>{COSTS} [1]."),
}
IMPATIENT = ReplyLimits(first_piece_seconds=0.5, next_piece_seconds=0.5, retry_seconds=0.01)
PATIENT = ReplyLimits(retry_seconds=0.01)


@pytest.fixture(scope="module")
def server() -> Iterator[ScriptedServer]:
    with serve_scripts(SCRIPTS) as served:
        yield served


def _ask(
    archive: Archive,
    server: ScriptedServer,
    name: str,
    question: str = COST,
    limits: ReplyLimits = PATIENT,
    *,
    strict: bool = False,
) -> Answer:
    """The answer; whatever it is, its citations are exact, and a strict one was streamed as it stands."""
    assistant = Assistant(archive, model=server.model(name), reply_limits=limits)
    events = list(assistant.stream(question, settings=AskSettings(strict=strict)))
    assert isinstance(events[-1], AnswerDone)
    answer = events[-1].answer
    assert [c.number for c in answer.citations] == list(range(1, len(answer.citations) + 1))
    assert {n for s in answer.sentences for n in s.citations} == {c.number for c in answer.citations}
    for citation in answer.citations:
        assert citation.article.text[citation.start : citation.end] == citation.quote
        assert f"[{citation.number}]" in answer.text
    if strict:
        assert "".join(event.text for event in events if isinstance(event, TextPiece)) == answer.text
        assert all(sentence.citations for sentence in answer.sentences)
    return answer


def _verdicts(answer: Answer) -> list[str]:
    return [sentence.support.verdict for sentence in answer.sentences]


@pytest.mark.parametrize(
    "name",
    [
        "right",
        "cites a mixture",
        "cites nothing",
        "cites in lenticular brackets",
        "cites as OpenAI's assistants do",
        "cites by word",
        "repeats itself",
        "thinks",
    ],
)
def test_however_it_writes_its_numbers_the_sentence_cites_what_says_it(
    newsroom: Archive, server: ScriptedServer, name: str
) -> None:
    answer = _ask(newsroom, server, name)
    assert answer.text == f"{COSTS}. [1]"
    assert [citation.quote for citation in answer.citations] == [QUOTE]
    assert (_verdicts(answer), answer.notes) == (["supported"], ())


@pytest.mark.parametrize("name", ["cites wrongly", "cites what is not there"])
def test_a_wrong_number_is_put_right(newsroom: Archive, server: ScriptedServer, name: str) -> None:
    answer = _ask(newsroom, server, name, MET)
    assert answer.text == "Growers met in Dunmore to ask for help. [1]"
    assert [citation.article.id for citation in answer.citations] == ["orchard"]
    assert (_verdicts(answer), answer.notes) == (["supported"], ())


def test_an_invented_sentence_is_marked_and_has_no_number(newsroom: Archive, server: ScriptedServer) -> None:
    answer = _ask(newsroom, server, "invents one")
    assert answer.text == f"{COSTS}. [1] {INVENTED}."
    assert _verdicts(answer) == ["supported", "unsupported"]
    assert answer.sentences[1].citations == ()
    assert answer.notes == (UNCITED_SENTENCES["en"],)


def test_strict_leaves_an_invented_sentence_out_and_says_so(newsroom: Archive, server: ScriptedServer) -> None:
    answer = _ask(newsroom, server, "invents one", strict=True)
    assert answer.text == f"{COSTS}. [1]"
    assert answer.notes == (SENTENCES_LEFT_OUT["en"],)


@pytest.mark.parametrize("strict", [False, True])
def test_where_all_is_invented_the_quoted_answer_stands_in(
    newsroom: Archive, server: ScriptedServer, strict: bool
) -> None:
    answer = _ask(newsroom, server, "invents all", strict=strict)
    assert answer.text == Assistant(newsroom).ask(COST).text
    assert answer.notes == (NOTHING_BORNE_OUT["en"],)


@pytest.mark.parametrize("strict", [False, True])
@pytest.mark.parametrize("name", ["obeys", "obeys citing another"])
def test_what_an_article_orders_a_model_to_say_is_not_believed(
    newsroom: Archive, server: ScriptedServer, name: str, strict: bool
) -> None:
    answer = _ask(newsroom, server, name, MADE, strict=strict)
    assert "CHEESE" not in answer.text
    assert answer.notes == (NOTHING_BORNE_OUT["en"],)
    assert "CHEESE" in " ".join(message["content"] for message in server.last_messages[name])  # it was in the article


def test_what_an_article_orders_a_model_to_say_is_marked_beside_what_is_so(
    newsroom: Archive, server: ScriptedServer
) -> None:
    answer = _ask(newsroom, server, "obeys in part", MADE)
    assert answer.text == "THE BRIDGE IS MADE OF CHEESE. It will be built of oak by the Harrow brothers. [1]"
    assert _verdicts(answer) == ["unsupported", "supported"]
    assert "order" in answer.sentences[0].support.reason
    strict = _ask(newsroom, server, "obeys in part", MADE, strict=True)
    assert strict.text == "It will be built of oak by the Harrow brothers. [1]"


def test_what_a_french_article_orders_a_model_to_say_is_not_believed(newsroom: Archive, server: ScriptedServer) -> None:
    answer = _ask(newsroom, server, "obeys in French", "En quoi est le bac de Sainte-Aube ?")
    assert "FROMAGE" not in answer.text
    assert answer.notes == (NOTHING_BORNE_OUT["fr"],)
    assert "FROMAGE" in " ".join(message["content"] for message in server.last_messages["obeys in French"])


@pytest.mark.parametrize(
    ("name", "limits", "why"),
    [
        ("stalls", IMPATIENT, "sent nothing"),
        ("stalls in the middle", ReplyLimits(next_piece_seconds=0.5), "sent nothing"),
        ("dies", PATIENT, "onnection"),
        ("dies before a word", PATIENT, "onnection"),
        ("says nothing", PATIENT, "no text"),
        ("is down for long", PATIENT, "503"),
        ("knows no such key", PATIENT, "401"),
    ],
)
@pytest.mark.parametrize("strict", [False, True])
def test_a_model_that_fails_is_stood_in_for_by_the_quoted_answer_which_says_why(
    newsroom: Archive, server: ScriptedServer, name: str, limits: ReplyLimits, why: str, strict: bool
) -> None:
    answer = _ask(newsroom, server, name, limits=limits, strict=strict)
    assert answer.text == Assistant(newsroom).ask(COST).text
    assert len(answer.notes) == 1
    assert why in answer.notes[0]
    assert "quoted from the articles" in answer.notes[0]


def test_a_model_that_is_busy_once_is_asked_again(newsroom: Archive, server: ScriptedServer) -> None:
    server.requests.clear()
    answer = _ask(newsroom, server, "is busy once")
    assert (answer.text, answer.notes) == (f"{COSTS}. [1]", ())
    assert server.requests["is busy once"] == 2


@pytest.mark.parametrize(
    ("name", "requests"),
    [("is down for long", 3), ("dies before a word", 3), ("dies", 1), ("knows no such key", 1), ("says nothing", 1)],
)
def test_a_model_is_asked_again_a_few_times_and_never_once_it_has_begun(
    newsroom: Archive, server: ScriptedServer, name: str, requests: int
) -> None:
    server.requests.clear()
    _ask(newsroom, server, name)
    assert server.requests[name] == requests


@pytest.mark.parametrize(
    ("name", "question", "language", "figure"),
    [("answers in French", COST, "en", "4 000"), ("answers in English", COST_FR, "fr", "four thousand")],
)
def test_an_answer_in_another_language_than_the_question_says_so(
    newsroom: Archive, server: ScriptedServer, name: str, question: str, language: str, figure: str
) -> None:
    answer = _ask(newsroom, server, name, question)
    assert answer.language == language
    assert figure in answer.text
    assert answer.notes == (OTHER_LANGUAGE[language],)


def test_a_note_is_in_the_language_of_the_question(newsroom: Archive, server: ScriptedServer) -> None:
    answer = _ask(newsroom, server, "says nothing in French", COST_FR)
    assert answer.text == Assistant(newsroom).ask(COST_FR).text
    assert "Le modèle n'a pas répondu" in answer.notes[0]


def test_a_reply_without_end_is_cut_at_a_sentence_and_says_so(newsroom: Archive, server: ScriptedServer) -> None:
    server.pieces.clear()
    answer = _ask(newsroom, server, "never ends", limits=ReplyLimits(reply_characters=300))
    assert answer.text.startswith(f"{COSTS}. [1] {INVENTED} and 0 more.")
    assert answer.text.endswith("more.")
    assert len(answer.text) <= 305
    assert answer.notes == (REPLY_CUT["en"], UNCITED_SENTENCES["en"])
    strict = _ask(newsroom, server, "never ends", limits=ReplyLimits(reply_characters=300), strict=True)
    assert (strict.text, strict.notes) == (f"{COSTS}. [1]", (REPLY_CUT["en"], SENTENCES_LEFT_OUT["en"]))


def test_what_is_written_around_sentences_is_left_out(newsroom: Archive, server: ScriptedServer) -> None:
    answer = _ask(newsroom, server, "decorates")
    assert answer.text == f"{COSTS}. [1]\n- It will be built of oak [2]"
    assert (_verdicts(answer), answer.notes) == (["supported", "supported"], ())


@pytest.mark.parametrize(
    ("name", "question", "language"),
    [
        ("declines as told", COST, "en"),
        ("declines in its own words", COST, "en"),
        ("declines and talks on", COST, "en"),
        ("declines in French", COST_FR, "fr"),
    ],
)
def test_a_model_may_refuse_in_the_words_it_was_told_or_its_own(
    newsroom: Archive, server: ScriptedServer, name: str, question: str, language: str
) -> None:
    answer = _ask(newsroom, server, name, question)
    assert answer.refused
    assert answer.text.startswith(REFUSAL[language])
    assert answer.notes == ()
    assert answer.nearest


def test_a_model_that_knows_a_part_of_it_does_not_refuse(newsroom: Archive, server: ScriptedServer) -> None:
    answer = _ask(newsroom, server, "declines in part")
    assert answer.text == f"The articles do not say who pays. {COSTS}. [1]"
    assert _verdicts(answer) == ["unchecked", "supported"]


def test_a_reader_who_stops_stops_the_server(newsroom: Archive, server: ScriptedServer) -> None:
    server.pieces.clear()
    stream = Assistant(newsroom, model=server.model("never ends")).stream(COST)
    for event in stream:
        if isinstance(event, TextPiece):
            break
    stream.close()  # type: ignore[attr-defined]
    deadline = time.monotonic() + 20
    sent = -1
    while sent != server.pieces["never ends"] and time.monotonic() < deadline:
        sent = server.pieces["never ends"]
        time.sleep(0.3)
    assert sent < len(SCRIPTS["never ends"].text) / 5

"""A folder with a causal language model, for real: loaded, asked, stopped, and what it says checked."""

from __future__ import annotations

import json
import threading
from pathlib import Path

import pytest
from langchain_core.messages import AIMessage, HumanMessage, SystemMessage

from rag import Archive, Assistant, ModelError
from rag.model.chat_model import open_chat_model
from rag.model.folder_model import FolderChatModel, open_folder_model
from rag.prompts import NOTHING_BORNE_OUT
from tests.rag.model.tiny_llama import CHAT_TEMPLATE, make_tiny_llama

COST = "How much will the bridge cost?"
NO_SYSTEM = "{% if messages[0]['role'] == 'system' %}{{ raise_exception('no system message') }}{% endif %}"


@pytest.fixture(scope="module")
def model(tiny_llama: Path) -> FolderChatModel:
    return open_folder_model(tiny_llama)


def test_a_folder_is_a_model_whose_text_nothing_bears_out(newsroom: Archive, tiny_llama: Path) -> None:
    assistant = Assistant(newsroom, model=str(tiny_llama))
    answer = assistant.ask(COST)
    assert answer.text == Assistant(newsroom).ask(COST).text
    assert answer.notes == (NOTHING_BORNE_OUT["en"],)


def test_a_reply_comes_in_pieces_and_is_the_same_each_time(model: FolderChatModel) -> None:
    brief = model.model_copy(update={"reply_tokens": 40})
    pieces = [chunk.text for chunk in brief.stream("Who?")]
    assert len(pieces) > 2
    assert "".join(pieces) == brief.invoke("Who?").text != brief.invoke("Where?").text


def test_closing_the_stream_stops_the_model_at_its_next_token(model: FolderChatModel) -> None:
    endless = model.model_copy(update={"reply_tokens": 1_000_000})
    stream = endless.stream("Who?")
    next(stream)
    stream.close()  # type: ignore[attr-defined]
    assert not any(thread.name == "folder-model" for thread in threading.enumerate())


def test_tokens_are_counted_by_its_own_tokenizer(model: FolderChatModel) -> None:
    assert model.custom_get_token_ids is not None
    assert len(model.custom_get_token_ids("été")) == 5  # a token a byte


def test_the_prompt_leaves_room_for_the_reply_in_its_context(tmp_path: Path) -> None:
    short = open_folder_model(make_tiny_llama(tmp_path, context_tokens=800))
    assert (short.profile, short.reply_tokens) == ({"max_input_tokens": 600}, 200)


def test_a_context_too_short_for_an_article_is_said_to_the_reader(newsroom: Archive, tmp_path: Path) -> None:
    answer = Assistant(newsroom, model=str(make_tiny_llama(tmp_path, context_tokens=800))).ask(COST)
    assert answer.text == Assistant(newsroom).ask(COST).text
    assert "600 tokens has no room" in answer.notes[0]


def test_messages_are_written_by_the_models_own_template(model: FolderChatModel) -> None:
    said = [SystemMessage("Be brief."), HumanMessage("Who?"), AIMessage("Ada."), HumanMessage("When?")]
    ids = model._encoded(said)["input_ids"][0]
    assert model.tokenizer.decode(ids) == (
        "<|system|>Be brief.</s><|user|>Who?</s><|assistant|>Ada.</s><|user|>When?</s><|assistant|>"
    )


def test_a_template_without_system_messages_gets_it_in_the_first_question(tmp_path: Path) -> None:
    model = open_folder_model(make_tiny_llama(tmp_path, chat_template=NO_SYSTEM + CHAT_TEMPLATE))
    ids = model._encoded([SystemMessage("Be brief."), HumanMessage("Who?")])["input_ids"][0]
    assert model.tokenizer.decode(ids) == "<|user|>Be brief.\n\nWho?</s><|assistant|>"


def test_a_model_that_cannot_be_talked_to_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="no chat template"):
        open_chat_model(str(make_tiny_llama(tmp_path, chat_template=None)))


def test_a_folder_without_a_model_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"no config\.json"):
        open_chat_model(str(tmp_path))
    (tmp_path / "config.json").write_text(json.dumps({"model_type": "llama"}), "utf-8")
    with pytest.raises(ModelError, match="can't be loaded"):
        open_chat_model(str(tmp_path))

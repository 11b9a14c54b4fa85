"""A folder with a causal language model → a LangChain chat model that runs in this process.

Transformers and torch are here already, for encoders. langchain-huggingface would do the same, but holds
huggingface_hub back a version and lets a model write on after the reader has stopped it; this one stops at the next
token, counts tokens by the model's own tokenizer, and never asks a hub. Replies are the likeliest words (no
sampling), because what is wanted is what the articles say.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from langchain_core.callbacks import CallbackManagerForLLMRun
from langchain_core.language_models import BaseChatModel
from langchain_core.language_models.chat_models import generate_from_stream
from langchain_core.messages import AIMessageChunk, BaseMessage
from langchain_core.outputs import ChatGenerationChunk, ChatResult

from rag.errors import ModelError

if TYPE_CHECKING:
    from transformers import BatchEncoding

__all__ = ["FolderChatModel", "open_folder_model"]

# Four short sentences with their numbers are some 150 tokens; a model that thinks first needs the rest.
REPLY_TOKENS = 1024
# Of a model's context, the reply's share where `REPLY_TOKENS` would be more than that.
REPLY_SHARE = 0.25
_ROLES = {"system": "system", "human": "user", "ai": "assistant"}


class FolderChatModel(BaseChatModel):
    """A causal language model with its tokenizer and chat template, as `open_folder_model` makes it."""

    folder: str
    network: Any
    tokenizer: Any
    reply_tokens: int = REPLY_TOKENS

    @property
    def _llm_type(self) -> str:
        return "gazette-folder"

    def _generate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **options: Any,
    ) -> ChatResult:
        return generate_from_stream(self._stream(messages, stop, run_manager, **options))

    def _stream(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **options: Any,
    ) -> Iterator[ChatGenerationChunk]:
        from transformers import TextIteratorStreamer

        streamer = TextIteratorStreamer(self.tokenizer, skip_prompt=True, skip_special_tokens=True)
        is_stopped = threading.Event()
        failures: list[Exception] = []
        inputs = self._encoded(messages)
        writing = threading.Thread(
            target=self._write, args=(inputs, streamer, is_stopped, stop, failures), name="folder-model", daemon=True
        )
        writing.start()
        try:
            for text in streamer:
                if text:
                    yield ChatGenerationChunk(message=AIMessageChunk(content=text))
        finally:
            is_stopped.set()
            writing.join()
        if failures:
            raise failures[0]

    def _write(
        self,
        inputs: BatchEncoding,
        streamer: Any,
        is_stopped: threading.Event,
        stop: list[str] | None,
        failures: list[Exception],
    ) -> None:
        try:
            self.network.generate(
                **inputs,
                streamer=streamer,
                max_new_tokens=self.reply_tokens,
                do_sample=False,
                temperature=None,
                top_p=None,
                top_k=None,
                stopping_criteria=[lambda _ids, _scores, **_: is_stopped.is_set()],
                stop_strings=stop,
                tokenizer=self.tokenizer,
            )
        except Exception as error:  # handed to whoever reads the stream
            failures.append(error)
        finally:
            streamer.end()

    def _encoded(self, messages: list[BaseMessage]) -> BatchEncoding:
        """The messages as the model's template writes them; one that knows no system message gets it in the first."""
        from jinja2 import TemplateError

        said = [{"role": _ROLES.get(message.type, "user"), "content": str(message.text)} for message in messages]
        try:
            return self._by_template(said)
        except TemplateError:
            if said[0]["role"] != "system" or len(said) < 2:
                raise
            opening = {"role": "user", "content": f"{said[0]['content']}\n\n{said[1]['content']}"}
            return self._by_template([opening, *said[2:]])

    def _by_template(self, said: list[dict[str, str]]) -> BatchEncoding:
        encoded: BatchEncoding = self.tokenizer.apply_chat_template(
            said,
            add_generation_prompt=True,
            return_dict=True,
            return_tensors="pt",
            enable_thinking=False,  # read by the templates of models that can think first, by no other
        )
        return encoded.to(self.network.device)


def open_folder_model(folder: Path) -> FolderChatModel:
    """The chat model in a folder as `save_pretrained` writes it: weights, tokenizer and chat template.

    Raises:
        ModelError: the folder holds no such model.
    """
    from transformers import AutoModelForCausalLM, AutoTokenizer
    from transformers.utils import logging

    if not (folder / "config.json").is_file():
        raise ModelError(
            f"The folder '{folder}' holds no chat model (there is no config.json in it): give one as transformers' "
            "`save_pretrained` writes it."
        )
    shows_progress = logging.is_progress_bar_enabled()
    logging.disable_progress_bar()  # type: ignore[no-untyped-call]
    try:
        tokenizer = AutoTokenizer.from_pretrained(folder, local_files_only=True)
        network = AutoModelForCausalLM.from_pretrained(folder, local_files_only=True, dtype="auto")
    except (OSError, ValueError, KeyError, ImportError) as error:
        reason = (str(error).strip().splitlines() or [type(error).__name__])[0][:200]
        raise ModelError(
            f"The chat model in '{folder}' can't be loaded: {reason}. Give a folder with the weights and the tokenizer "
            "of one causal language model."
        ) from error
    finally:
        if shows_progress:
            logging.enable_progress_bar()  # type: ignore[no-untyped-call]
    if not tokenizer.chat_template:
        raise ModelError(
            f"The model in '{folder}' has no chat template, so it was not trained to be talked to: choose one that was "
            "(its name often ends in «Instruct» or «Chat»)."
        )
    return _ready(folder, network, tokenizer)


def _ready(folder: Path, network: Any, tokenizer: Any) -> FolderChatModel:
    import torch

    network.to("cuda" if torch.cuda.is_available() else "cpu").eval()
    context = getattr(network.config.get_text_config(), "max_position_embeddings", None)
    reply_tokens = min(REPLY_TOKENS, int(context * REPLY_SHARE)) if context else REPLY_TOKENS
    return FolderChatModel(
        folder=str(folder),
        network=network,
        tokenizer=tokenizer,
        reply_tokens=reply_tokens,
        custom_get_token_ids=lambda text: list(tokenizer.encode(text, add_special_tokens=False)),
        profile={"max_input_tokens": context - reply_tokens} if context else None,
    )

"""A causal language model that is a Llama in everything but size and sense: two layers of random weights."""

from __future__ import annotations

from pathlib import Path

__all__ = ["CHAT_TEMPLATE", "make_tiny_llama"]

CHAT_TEMPLATE = (
    "{% for message in messages %}<|{{ message['role'] }}|>{{ message['content'] }}</s>{% endfor %}"
    "{% if add_generation_prompt %}<|assistant|>{% endif %}"
)
_MARKS = ["<s>", "</s>", "<|system|>", "<|user|>", "<|assistant|>"]


def make_tiny_llama(folder: Path, *, chat_template: str | None = CHAT_TEMPLATE, context_tokens: int = 16_384) -> Path:
    """Writes the model, with a tokenizer of one token a byte, as `save_pretrained` does; the same at every call."""
    import torch
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers
    from transformers import LlamaConfig, LlamaForCausalLM, PreTrainedTokenizerFast
    from transformers.utils import logging

    logging.disable_progress_bar()
    vocabulary = [*_MARKS, *sorted(pre_tokenizers.ByteLevel.alphabet())]
    bytewise = Tokenizer(models.BPE(vocab={token: number for number, token in enumerate(vocabulary)}, merges=[]))
    bytewise.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    bytewise.decoder = decoders.ByteLevel()
    tokenizer = PreTrainedTokenizerFast(
        tokenizer_object=bytewise, bos_token="<s>", eos_token="</s>", additional_special_tokens=_MARKS[2:]
    )
    tokenizer.chat_template = chat_template
    torch.manual_seed(7)
    network = LlamaForCausalLM(
        LlamaConfig(
            vocab_size=len(vocabulary),
            hidden_size=16,
            intermediate_size=32,
            num_hidden_layers=2,
            num_attention_heads=2,
            num_key_value_heads=2,
            max_position_embeddings=context_tokens,
            bos_token_id=0,
            eos_token_id=1,
        )
    )
    network.save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    logging.enable_progress_bar()
    return folder

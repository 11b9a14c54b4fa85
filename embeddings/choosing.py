"""A name, a folder or an object → the encoder that is meant by it; no model is loaded."""

from __future__ import annotations

from typing import TYPE_CHECKING

from embeddings.bilingual import GlossingEncoder
from embeddings.encoders import (
    DEFAULT_ENCODER,
    DEFAULT_HUB_NAME,
    PLAIN_ENCODER,
    Encoder,
    LangChainEncoder,
    SentenceTransformerEncoder,
    is_embeddings,
)
from embeddings.errors import EncoderError
from embeddings.hashing import HashingEncoder
from embeddings.shipped_encoder import ShippedEncoder, can_run

if TYPE_CHECKING:
    from langchain_core.embeddings import Embeddings

__all__ = ["encoder_from"]


def encoder_from(encoder: str | Embeddings | None = None) -> Encoder:
    """The encoder for a name, a folder, an `Encoder` or a LangChain `Embeddings`; None gives the shipped one.

    That one reads French by its gloss; `PLAIN_ENCODER` names its model alone.

    Loads no model. Raises `EncoderError` where a folder holds no sentence-transformers model, and for the name
    of a `LangChainEncoder`, which can't be made from a name.
    """
    if isinstance(encoder, Encoder):
        return encoder
    if encoder is not None and not isinstance(encoder, str):
        if not is_embeddings(encoder):
            raise EncoderError(f"{type(encoder).__name__!r} is no encoder: give a name, a folder, or an Embeddings.")
        return LangChainEncoder(encoder)
    if encoder is not None and encoder.startswith("langchain:"):
        raise EncoderError(f"'{encoder}' is an Embeddings object of LangChain, not a name: pass the object, in Python.")
    if encoder is not None and encoder.startswith("hashing-"):
        return HashingEncoder.from_name(encoder)
    if encoder in (None, DEFAULT_ENCODER, DEFAULT_HUB_NAME):
        return GlossingEncoder(encoder_from(PLAIN_ENCODER))
    if encoder == PLAIN_ENCODER and can_run():
        return ShippedEncoder()
    return SentenceTransformerEncoder(str(encoder))

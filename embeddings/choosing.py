"""A name, a folder or an object → the encoder that is meant by it; no model is loaded."""

from __future__ import annotations

from langchain_core.embeddings import Embeddings

from embeddings.bilingual import GlossingEncoder
from embeddings.encoders import (
    DEFAULT_ENCODER,
    DEFAULT_HUB_NAME,
    Encoder,
    LangChainEncoder,
    SentenceTransformerEncoder,
)
from embeddings.errors import EncoderError
from embeddings.hashing import HashingEncoder
from embeddings.shipped_encoder import ShippedEncoder, can_run

__all__ = ["encoder_from"]


def encoder_from(encoder: str | Embeddings | None = None) -> Encoder:
    """The encoder for a name, a folder, an `Encoder` or a LangChain `Embeddings`; None gives the shipped one.

    Loads no model. Raises `EncoderError` where a folder holds no sentence-transformers model, and for the name
    of a `LangChainEncoder`, which can't be made from a name.
    """
    if isinstance(encoder, Encoder):
        return encoder
    if isinstance(encoder, Embeddings):
        return LangChainEncoder(encoder)
    if encoder is not None and encoder.startswith("langchain:"):
        raise EncoderError(f"'{encoder}' is an Embeddings object of LangChain, not a name: pass the object, in Python.")
    if encoder is not None and encoder.startswith("hashing-"):
        return HashingEncoder.from_name(encoder)
    if encoder in (None, DEFAULT_ENCODER, DEFAULT_HUB_NAME):
        return GlossingEncoder(ShippedEncoder() if can_run() else SentenceTransformerEncoder())
    return SentenceTransformerEncoder(str(encoder))

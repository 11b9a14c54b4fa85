"""Texts → vectors → index. Knows nothing of articles."""

from embeddings.bilingual import GlossingEncoder, in_english, is_ordinary_word
from embeddings.choosing import encoder_from
from embeddings.clustered_index import ClusteredIndex
from embeddings.dense_index import DenseIndex, Hit
from embeddings.encoders import (
    DEFAULT_ENCODER,
    PLAIN_ENCODER,
    Encoder,
    LangChainEncoder,
    ReadText,
    SentenceTransformerEncoder,
)
from embeddings.hashing import HashingEncoder
from embeddings.shipped_encoder import ShippedEncoder

__all__ = [
    "DEFAULT_ENCODER",
    "PLAIN_ENCODER",
    "ClusteredIndex",
    "DenseIndex",
    "Encoder",
    "GlossingEncoder",
    "HashingEncoder",
    "Hit",
    "LangChainEncoder",
    "ReadText",
    "SentenceTransformerEncoder",
    "ShippedEncoder",
    "encoder_from",
    "in_english",
    "is_ordinary_word",
]

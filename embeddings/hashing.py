"""An encoder without a model: words are hashed into a vector, as in feature hashing.

It finds texts that share words and knows nothing of meaning. It is for machines without a model, and for
tests of what surrounds an encoder. Weinberger et al. 2009, «Feature Hashing for Large Scale Multitask Learning».
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from embeddings.encoders import Encoder
from embeddings.errors import EncoderError

__all__ = ["HashingEncoder"]

_WORD = re.compile(r"\w+")


class HashingEncoder(Encoder):
    """Signed counts of hashed words, scaled to norm 1; a text without words gives the first unit vector.

    Example:
        >>> HashingEncoder(8).encode_queries(["treaty"]).shape
        (1, 8)
    """

    def __init__(self, dimension: int = 64) -> None:
        if not 1 <= dimension <= 65_536:
            raise EncoderError(f"A hashing encoder has 1 to 65,536 dimensions, not {dimension}.")
        self._dimension = dimension

    @classmethod
    def from_name(cls, name: str) -> HashingEncoder:
        """The encoder called `hashing-64`, say. Raises `EncoderError` for a malformed name."""
        digits = name.removeprefix("hashing-")
        if not digits.isdecimal():
            raise EncoderError(f"'{name}' names no encoder: write hashing- and the number of dimensions.")
        return cls(int(digits))

    @property
    def name(self) -> str:
        return f"hashing-{self._dimension}"

    @property
    def dimension(self) -> int:
        return self._dimension

    @property
    def fingerprint(self) -> str:
        return self.name

    def encode_passages(self, texts: Sequence[str]) -> NDArray[np.float32]:
        vectors = np.zeros((len(texts), self._dimension), np.float32)
        for row, text in zip(vectors, texts, strict=True):
            for word in _WORD.findall(text.lower()):
                code = zlib.crc32(word.encode("utf-8", "surrogatepass"))
                row[code % self._dimension] += 1 if code & 0x8000_0000 else -1
            norm = float(np.linalg.norm(row))
            if norm:
                row /= norm
            else:
                row[0] = 1
        return vectors

    def encode_queries(self, texts: Sequence[str]) -> NDArray[np.float32]:
        return self.encode_passages(texts)

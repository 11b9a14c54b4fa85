"""Word pieces → vectors of a model of MiniLM's shape by OpenVINO, in bfloat16 where the processor has it.

The graph is made here, from the weights as they lie in their file: 15 ms, against the 0.3 s of reading an ONNX file
that would first have to be exported, and nothing on disk that could be damaged.
"""

from __future__ import annotations

import queue
import sys
from typing import Any

import numpy as np
from numpy.typing import NDArray

from embeddings.shipped_weights import Weights

__all__ = ["OpenVinoSession", "has_bfloat16", "import_openvino"]

LAYERS = 6
HEADS = 12
HEAD_WIDTH = 32
LAYER_NORM_EPSILON = 1e-12
# Added to the attention scores of padding: exp(-10,000) is 0 in float32 and in bfloat16.
MASKED_SCORE = -1e4


class OpenVinoSession:
    """The compiled model; several threads may call `run` at once, `streams` of them compute, one core each."""

    def __init__(self, weights: Weights, *, streams: int) -> None:
        """The weights by the names that BERT's have in their file."""
        openvino = import_openvino()
        settings = {
            "INFERENCE_PRECISION_HINT": "bf16" if has_bfloat16() else "f32",
            "INFERENCE_NUM_THREADS": streams,
            "NUM_STREAMS": streams,
        }
        compiled = openvino.Core().compile_model(_graph(weights), "CPU", settings)
        self._idle: queue.SimpleQueue[Any] = queue.SimpleQueue()
        for _ in range(streams):
            self._idle.put(compiled.create_infer_request())

    def run(
        self, pieces: NDArray[np.int64], mask: NDArray[np.int64], types: NDArray[np.int64] | None = None
    ) -> NDArray[np.float32]:
        """The last layer's vectors, (n, length, 384), for `pieces` and `mask` (n, length); padding's mean nothing.

        `types` tells two texts read together apart, 0 the first and 1 the second; without, there is one.
        """
        request = self._idle.get()
        try:
            given = [pieces, mask, np.zeros_like(pieces) if types is None else types]
            return np.array(request.infer(given, share_inputs=True)[0], np.float32)
        finally:
            self._idle.put(request)


def has_bfloat16() -> bool:
    """Whether OpenVINO would compute in bfloat16 of its own accord: the processor has it, not only an emulation.

    Raises `ImportError` where OpenVINO is not installed.
    """
    openvino = import_openvino()
    return bool(openvino.Core().get_property("CPU", "INFERENCE_PRECISION_HINT") == openvino.Type.bf16)


def import_openvino() -> Any:
    """OpenVINO without its model converter: importing that one reports to Google Analytics, from a forked process,
    unless the user has opted out (openvino/tools/ovc/__init__.py), and takes two thirds of the import's time.

    `import openvino` leaves the converter out where it can't be imported.
    """
    converter = "openvino.tools.ovc"
    if "openvino" in sys.modules or converter in sys.modules:
        import openvino

        return openvino
    sys.modules[converter] = None  # type: ignore[assignment]  # how Python is told that a module can't be imported
    try:
        import openvino
    finally:
        del sys.modules[converter]
    return openvino


def _graph(weights: Weights) -> Any:
    """BERT from three inputs, pieces, mask and types, to the last layer.

    Devlin et al. 2019, «BERT: Pre-training of Deep Bidirectional Transformers for Language Understanding».
    """
    import openvino
    from openvino import opset13 as ops

    def whole(*values: int) -> Any:
        return ops.constant(np.array(values, np.int64))

    def weight(name: str) -> Any:
        return ops.constant(weights[name], shared_memory=True)

    def linear(values: Any, name: str) -> Any:
        return ops.add(ops.matmul(values, weight(f"{name}.weight"), False, True), weight(f"{name}.bias"))

    def layer_norm(values: Any, name: str) -> Any:
        scaled = ops.mvn(values, whole(-1), True, LAYER_NORM_EPSILON, "inside_sqrt")
        return ops.add(ops.multiply(scaled, weight(f"{name}.weight")), weight(f"{name}.bias"))

    def heads(values: Any) -> Any:
        split = ops.reshape(values, whole(0, 0, HEADS, HEAD_WIDTH), True)
        return ops.transpose(split, whole(0, 2, 1, 3))

    def attention(values: Any, name: str) -> Any:
        query, key, value = (heads(linear(values, f"{name}.self.{part}")) for part in ("query", "key", "value"))
        mixed = ops.scaled_dot_product_attention(query, key, value, masked_scores, causal=False)
        joined = ops.reshape(ops.transpose(mixed, whole(0, 2, 1, 3)), whole(0, 0, HEADS * HEAD_WIDTH), True)
        return layer_norm(ops.add(values, linear(joined, f"{name}.output.dense")), f"{name}.output.LayerNorm")

    def feed_forward(values: Any, name: str) -> Any:
        wide = ops.gelu(linear(values, f"{name}.intermediate.dense"), "erf")
        return layer_norm(ops.add(values, linear(wide, f"{name}.output.dense")), f"{name}.output.LayerNorm")

    pieces = ops.parameter([-1, -1], np.int64, name="pieces")
    mask = ops.parameter([-1, -1], np.int64, name="mask")
    types = ops.parameter([-1, -1], np.int64, name="types")
    is_text = ops.convert(mask, np.float32)
    one = ops.constant(np.float32(1))
    masked_scores = ops.multiply(ops.subtract(one, is_text), ops.constant(np.float32(MASKED_SCORE)))
    masked_scores = ops.unsqueeze(masked_scores, whole(1, 2))

    first = ops.constant(np.int64(0))
    length = ops.gather(ops.shape_of(pieces), whole(1), first)
    places = ops.slice(weight("embeddings.position_embeddings.weight"), whole(0), length, whole(1), whole(0))
    words = ops.gather(weight("embeddings.word_embeddings.weight"), pieces, first)
    of_types = ops.gather(weight("embeddings.token_type_embeddings.weight"), types, first)
    values = layer_norm(ops.add(words, ops.add(of_types, places)), "embeddings.LayerNorm")
    for layer in range(LAYERS):
        values = attention(values, f"encoder.layer.{layer}.attention")
        values = feed_forward(values, f"encoder.layer.{layer}")
    return openvino.Model([values], [pieces, mask, types], "MiniLM-L6")

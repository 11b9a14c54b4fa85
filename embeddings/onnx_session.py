"""Word pieces → vectors of a model of MiniLM's shape by ONNX Runtime, in float32.

For machines without OpenVINO or without bfloat16. The graph is exported from the weights once, and kept in the cache:
making it takes the package onnx and 1 CPU-second, reading it a fifth of that.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from embeddings.cache import cached_bytes
from embeddings.openvino_session import HEAD_WIDTH, HEADS, LAYER_NORM_EPSILON, LAYERS, MASKED_SCORE
from embeddings.shipped_weights import Weights

__all__ = ["OnnxSession"]

# To be raised with every change of the graph below.
GRAPH_VERSION = 3
OPERATOR_SET = 20
FILE_FORMAT = 9  # the first with this set of operators; older runtimes can read it


class OnnxSession:
    """The model in ONNX Runtime; several threads may call `run` at once, each computes on its own core."""

    def __init__(self, weights: Weights, *, streams: int, name: str) -> None:
        """`name` tells these weights from all others in the cache."""
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        graph = cached_bytes(f"{name}-{GRAPH_VERSION}.onnx", lambda: _graph(weights))
        self._session = onnxruntime.InferenceSession(graph, options, providers=["CPUExecutionProvider"])

    def run(
        self, pieces: NDArray[np.int64], mask: NDArray[np.int64], types: NDArray[np.int64] | None = None
    ) -> NDArray[np.float32]:
        """As `OpenVinoSession.run`."""
        given = {"pieces": pieces, "mask": mask, "types": np.zeros_like(pieces) if types is None else types}
        return np.asarray(self._session.run(None, given)[0], np.float32)


class _Graph:
    """Nodes and constants, collected in the order of use; every method gives the name of what it adds."""

    def __init__(self, weights: Weights) -> None:
        self.nodes: list[Any] = []
        self.constants: list[Any] = []
        self._weights = weights

    def node(self, operator: str, *inputs: str, **attributes: Any) -> str:
        from onnx import helper

        name = f"value-{len(self.nodes)}"
        self.nodes.append(helper.make_node(operator, inputs, [name], **attributes))
        return name

    def constant(self, values: NDArray[Any]) -> str:
        from onnx import numpy_helper

        name = f"constant-{len(self.constants)}"
        self.constants.append(numpy_helper.from_array(np.ascontiguousarray(values), name))
        return name

    def whole(self, *values: int) -> str:
        return self.constant(np.array(values, np.int64))

    def weight(self, name: str) -> str:
        return self.constant(self._weights[name])

    def linear(self, values: str, name: str) -> str:
        matrix = self.constant(self._weights[f"{name}.weight"].T)
        return self.node("Add", self.node("MatMul", values, matrix), self.weight(f"{name}.bias"))

    def layer_norm(self, values: str, name: str) -> str:
        weight, bias = self.weight(f"{name}.weight"), self.weight(f"{name}.bias")
        return self.node("LayerNormalization", values, weight, bias, axis=-1, epsilon=LAYER_NORM_EPSILON)

    def heads(self, values: str, order: list[int]) -> str:
        split = self.node("Reshape", values, self.whole(0, 0, HEADS, HEAD_WIDTH))
        return self.node("Transpose", split, perm=order)

    def attention(self, values: str, masked_scores: str, name: str) -> str:
        query = self.heads(self.linear(values, f"{name}.self.query"), [0, 2, 1, 3])
        key = self.heads(self.linear(values, f"{name}.self.key"), [0, 2, 3, 1])
        value = self.heads(self.linear(values, f"{name}.self.value"), [0, 2, 1, 3])
        scale = self.constant(np.array(HEAD_WIDTH**-0.5, np.float32))
        scores = self.node("Add", self.node("Mul", self.node("MatMul", query, key), scale), masked_scores)
        mixed = self.node("MatMul", self.node("Softmax", scores, axis=-1), value)
        joined = self.node("Transpose", mixed, perm=[0, 2, 1, 3])
        joined = self.node("Reshape", joined, self.whole(0, 0, HEADS * HEAD_WIDTH))
        total = self.node("Add", values, self.linear(joined, f"{name}.output.dense"))
        return self.layer_norm(total, f"{name}.output.LayerNorm")

    def feed_forward(self, values: str, name: str) -> str:
        wide = self.node("Gelu", self.linear(values, f"{name}.intermediate.dense"))
        total = self.node("Add", values, self.linear(wide, f"{name}.output.dense"))
        return self.layer_norm(total, f"{name}.output.LayerNorm")


def _graph(weights: Weights) -> bytes:
    """An ONNX model of the same graph as OpenVINO's."""
    from onnx import TensorProto, helper

    graph = _Graph(weights)
    is_text = graph.node("Cast", "mask", to=TensorProto.FLOAT)
    one, masked = (graph.constant(np.array(value, np.float32)) for value in (1, MASKED_SCORE))
    masked_scores = graph.node("Mul", graph.node("Sub", one, is_text), masked)
    masked_scores = graph.node("Unsqueeze", masked_scores, graph.whole(1, 2))

    length = graph.node("Shape", "pieces", start=1, end=2)
    places = graph.weight("embeddings.position_embeddings.weight")
    places = graph.node("Slice", places, graph.whole(0), length, graph.whole(0))
    words = graph.node("Gather", graph.weight("embeddings.word_embeddings.weight"), "pieces")
    of_types = graph.node("Gather", graph.weight("embeddings.token_type_embeddings.weight"), "types")
    values = graph.node("Add", words, graph.node("Add", of_types, places))
    values = graph.layer_norm(values, "embeddings.LayerNorm")
    for layer in range(LAYERS):
        values = graph.attention(values, masked_scores, f"encoder.layer.{layer}.attention")
        values = graph.feed_forward(values, f"encoder.layer.{layer}")

    inputs = [
        helper.make_tensor_value_info(name, TensorProto.INT64, ["texts", "length"])
        for name in ("pieces", "mask", "types")
    ]
    outputs = [helper.make_tensor_value_info(values, TensorProto.FLOAT, ["texts", "length", HEADS * HEAD_WIDTH])]
    made = helper.make_graph(graph.nodes, "MiniLM-L6", inputs, outputs, graph.constants)
    operators = [helper.make_opsetid("", OPERATOR_SET)]
    return bytes(helper.make_model(made, opset_imports=operators, ir_version=FILE_FORMAT).SerializeToString())

"""A tower in 8 bits: its matrices as int8, one scale a column, its input's scale found at run time.

onnxruntime's own quantizer does the same, but holds several copies of the tower in float32: 2.7 GB
for RoBERTa. Here one matrix at a time is in memory, and tables get one scale a row.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import NodeProto, TensorProto, helper, numpy_helper

from traumbox.domain import Float32

_FROM = 16_384  # elements; smaller ones gain nothing


def write_int8(source: Path, target: Path, *, bits: int = 8) -> None:
    """Write the tower at ``source`` to ``target`` in 8 bits, all in one file.

    Parameters
    ----------
    bits
        7 where the processor's 8-bit multiplication saturates (x86 without VNNI).

    Raises
    ------
    OSError
        When a file can't be read or written.
    """
    model = onnx.load(str(source), load_external_data=False)
    rewriting = _Rewriting(model.graph, source.parent, 2 ** (bits - 1) - 1)
    rewriting.run()
    model.doc_string = "A tower of LAION's CLAP in 8 bits: see model.json beside it."
    onnx.checker.check_model(model)
    onnx.save(model, str(target))


@dataclass(slots=True)
class _Rewriting:
    graph: onnx.GraphProto
    directory: Path
    most: int  # the largest integer weight
    nodes: list[NodeProto] = field(default_factory=list)
    made: list[TensorProto] = field(default_factory=list)
    inputs: dict[str, tuple[str, str, str]] = field(default_factory=dict)

    def run(self) -> None:
        stored = {tensor.name: tensor for tensor in self.graph.initializer}
        before = [NodeProto.FromString(node.SerializeToString()) for node in self.graph.node]
        producers = {node.output[0]: node for node in before}
        for node in before:
            if not self._rewritten(node, stored, producers):
                self.nodes.append(node)
        self._drop_unused()
        used = {name for node in self.nodes for name in node.input}
        kept = [
            numpy_helper.from_array(numpy_helper.to_array(tensor, str(self.directory)), name)
            for name, tensor in stored.items()
            if name in used
        ]
        del self.graph.node[:], self.graph.initializer[:]
        self.graph.node.extend(self.nodes)
        self.graph.initializer.extend([*kept, *self.made])

    def _rewritten(
        self, node: NodeProto, stored: dict[str, TensorProto], producers: dict[str, NodeProto]
    ) -> bool:
        if node.op_type == "Gather":
            tensor = stored.get(node.input[0])
            if tensor is None or len(tensor.dims) != 2 or np.prod(tensor.dims) < _FROM:
                return False
            self._gather(node, _array(tensor, self.directory))
            return True
        if node.op_type not in {"MatMul", "Gemm"}:
            return False
        matrix = self._matrix(node.input[1], stored, producers)
        if matrix is None or node.input[0] in stored:
            return False
        if node.op_type == "Gemm" and helper.get_node_attr_value(node, "transB"):
            matrix = matrix.T
        self._multiply(node, np.ascontiguousarray(matrix))
        return True

    def _matrix(
        self, name: str, stored: dict[str, TensorProto], producers: dict[str, NodeProto]
    ) -> Float32 | None:
        """Return the constant matrix that ``name`` is, through casts and transpositions."""
        if name in stored:
            tensor = stored[name]
            large = len(tensor.dims) == 2 and np.prod(tensor.dims) >= _FROM
            return _array(tensor, self.directory) if large else None
        node = producers.get(name)
        if node is None or node.op_type not in {"Cast", "Transpose"}:
            return None
        matrix = self._matrix(node.input[0], stored, producers)
        return matrix.T if matrix is not None and node.op_type == "Transpose" else matrix

    def _multiply(self, node: NodeProto, matrix: Float32) -> None:
        """Replace a multiplication by the four nodes that onnxruntime fuses into one."""
        result, name = node.output[0], node.output[0]
        whole, scale = _rounded(matrix, self.most, axis=0)
        x, x_scale, x_zero = self._whole_input(node.input[0])
        self.made.append(numpy_helper.from_array(whole, f"{name}.int8"))
        self.made.append(numpy_helper.from_array(scale.reshape(-1), f"{name}.scale"))
        # Symmetric, yet stated: onnxruntime fuses only what has all four inputs.
        self.made.append(numpy_helper.from_array(np.zeros(len(scale.T), np.int8), f"{name}.zero"))
        bias = node.input[2] if node.op_type == "Gemm" and len(node.input) > 2 else ""
        product = f"{name}.product" if bias else result
        self.nodes += [
            helper.make_node(
                "MatMulInteger", [x, f"{name}.int8", x_zero, f"{name}.zero"], [f"{name}.int32"]
            ),
            helper.make_node("Cast", [f"{name}.int32"], [f"{name}.float"], to=TensorProto.FLOAT),
            helper.make_node("Mul", [x_scale, f"{name}.scale"], [f"{name}.scales"]),
            helper.make_node("Mul", [f"{name}.float", f"{name}.scales"], [product]),
        ]
        if bias:
            self.nodes.append(helper.make_node("Add", [product, bias], [result]))

    def _whole_input(self, name: str) -> tuple[str, str, str]:
        """Return the names of an activation in 8 bits, its scale and its zero; made once."""
        if name not in self.inputs:
            made = (f"{name}.uint8", f"{name}.uint8_scale", f"{name}.uint8_zero")
            self.nodes.append(helper.make_node("DynamicQuantizeLinear", [name], list(made)))
            self.inputs[name] = made
        return self.inputs[name]

    def _gather(self, node: NodeProto, table: Float32) -> None:
        rows, name = node.output[0], node.input[0]
        whole, scale = _rounded(table, self.most, axis=1)
        self.made.append(numpy_helper.from_array(whole, f"{name}.int8"))
        self.made.append(numpy_helper.from_array(scale, f"{name}.scale"))
        self.nodes += [
            helper.make_node("Gather", [f"{name}.int8", node.input[1]], [f"{rows}.int8"]),
            helper.make_node("Gather", [f"{name}.scale", node.input[1]], [f"{rows}.scale"]),
            helper.make_node("Cast", [f"{rows}.int8"], [f"{rows}.float"], to=TensorProto.FLOAT),
            helper.make_node("Mul", [f"{rows}.float", f"{rows}.scale"], [rows]),
        ]

    def _drop_unused(self) -> None:
        """Drop what only led to matrices that are integers now."""
        results = {value.name for value in self.graph.output}
        while True:
            used = results | {name for node in self.nodes for name in node.input}
            needed = [node for node in self.nodes if used & set(node.output)]
            if len(needed) == len(self.nodes):
                return
            self.nodes = needed


def _array(tensor: TensorProto, directory: Path) -> Float32:
    array: NDArray[Any] = numpy_helper.to_array(tensor, str(directory))
    return array.astype(np.float32, copy=False)


def _rounded(matrix: Float32, most: int, axis: int) -> tuple[NDArray[np.int8], Float32]:
    """Return integers and their scales, one for each column (``axis`` 0) or row (1)."""
    scale = np.abs(matrix).max(axis=axis, keepdims=True) / np.float32(most)
    scale[scale == 0.0] = 1.0
    return np.rint(matrix / scale).astype(np.int8), scale

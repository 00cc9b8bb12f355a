"""Writing a tower as ONNX with its weights beside it, one tensor in memory at a time.

PyTorch's exporter is asked for the graph alone. The weights stay where they are, mostly in the
memory-mapped checkpoint, and are copied from there into a file that can be mapped again.
"""

from __future__ import annotations

import io
import os
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
import onnx
import torch
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

from traumbox.embedders.clap.manifest import sync

_OPSET = 20  # the first with Gelu
_INLINE_BYTES = 1024
_HALF_FROM = 16_384  # elements
_ALIGNMENT_BYTES = 4096  # a page: what is mapped needn't be copied


@dataclass(frozen=True, slots=True)
class Tower:
    """A module to export: its inputs by name, and which of their dimensions are free."""

    module: torch.nn.Module
    inputs: dict[str, torch.Tensor]
    free: dict[str, dict[int, str]]


def export(
    tower: Tower,
    path: Path,
    *,
    half: bool = False,
    advance: Callable[[float], None] = lambda _done: None,
) -> None:
    """Write ``tower`` to ``path`` and its weights to ``path`` + ".data", both onto the disk.

    The output is called "vector"; its first dimension is free.

    Parameters
    ----------
    half
        Store large matrices and tables as float16, in the layout that they are multiplied in, with
        casts that are computed at run time.
    advance
        Told how much of the weights is written, 0..1.
    """
    model = _graph(tower)
    weights = _take_weights(model, tower, at_rest=half)
    halved = _halve(model, weights) if half else {}
    data = path.with_name(f"{path.name}.data")
    with data.open("wb") as file:
        for number, (name, tensor) in enumerate(weights.items()):
            array = np.ascontiguousarray(tensor.numpy())
            if name in halved:
                array = array.astype(np.float16)
            stored = _written(halved.get(name, name), array, file, data.name)
            model.graph.initializer.append(stored)
            advance((number + 1) / len(weights))
        file.flush()
        os.fsync(file.fileno())
    model.doc_string = "A tower of LAION's CLAP: see model.json beside it."
    onnx.save(model, path)
    onnx.checker.check_model(str(path))
    sync(path)


def _graph(tower: Tower) -> onnx.ModelProto:
    """Return the graph without weights: they are inputs that the caller turns into constants."""
    content = io.BytesIO()
    with warnings.catch_warnings(), torch.no_grad():
        # The exporter that replaces this one needs a package more and copies all weights.
        warnings.simplefilter("ignore")
        torch.onnx.export(
            tower.module.eval(), tuple(tower.inputs.values()), content,
            dynamo=False, opset_version=_OPSET, export_params=False, do_constant_folding=False,
            input_names=list(tower.inputs), output_names=["vector"],
            dynamic_axes={**tower.free, "vector": {0: "n"}},
        )  # fmt: skip
    model: onnx.ModelProto = onnx.load_from_string(content.getvalue())
    # Shapes as traced; whoever loads it infers better ones.
    del model.graph.value_info[:]
    return model


def _take_weights(
    model: onnx.ModelProto, tower: Tower, *, at_rest: bool
) -> dict[str, torch.Tensor]:
    """Turn the graph's weights from inputs into names of constants: name -> what to store.

    ``at_rest``: what is only used transposed is stored that way. Otherwise the graph transposes:
    an engine that wants PyTorch's layout then needs no copy of the mapped file.
    """
    graph = model.graph
    weights = tower.module.state_dict()
    inputs = [value for value in graph.input if value.name in tower.inputs]
    used = [value.name for value in graph.input if value.name not in tower.inputs]
    del graph.input[:]
    graph.input.extend(inputs)
    constants = {name: weights[name].detach() for name in used}
    if not at_rest:
        return constants
    names: dict[str, str] = {}
    for node in [node for node in graph.node if node.op_type == "Transpose"]:
        name = node.input[0]
        if name in constants:
            names[node.output[0]] = f"{name}.transposed"
            order = helper.get_node_attr_value(node, "perm")
            constants[f"{name}.transposed"] = constants[name].permute(*order)
            graph.node.remove(node)
    for node in graph.node:
        for place, name in enumerate(node.input):
            node.input[place] = names.get(name, name)
    needed = {name for node in graph.node for name in node.input}
    return {name: tensor for name, tensor in constants.items() if name in needed}


def _halve(model: onnx.ModelProto, weights: dict[str, torch.Tensor]) -> dict[str, str]:
    """Have large matrices and tables read as float16; return name -> name of the float16 one.

    A table is cast after its rows were gathered. The casts of matrices come before all other nodes:
    then onnxruntime computes each just before it is needed and frees it after, elsewhere it
    computes all of them at once.
    """
    graph = model.graph
    large = {
        name: f"{name}.half"
        for name, tensor in weights.items()
        if tensor.dtype == torch.float32 and tensor.numel() >= _HALF_FROM and tensor.ndim >= 2
    }
    readers: dict[str, set[str]] = {name: set() for name in large}
    for node in graph.node:
        for name in set(node.input) & large.keys():
            readers[name].add(node.op_type)
    matrices = [name for name in large if readers[name] <= {"MatMul", "Gemm"}]
    tables = [name for name in large if readers[name] == {"Gather"}]
    nodes = [_cast(large[name], name) for name in matrices]
    for node in graph.node:
        nodes.append(node)
        if node.op_type == "Gather" and node.input[0] in tables:
            rows = node.output[0]
            node.input[0] = large[node.input[0]]
            node.output[0] = f"{rows}.half"
            nodes.append(_cast(node.output[0], rows))
    copies = [onnx.NodeProto.FromString(node.SerializeToString()) for node in nodes]
    del graph.node[:]
    graph.node.extend(copies)
    return {name: large[name] for name in (*matrices, *tables)}


def _cast(before: str, after: str) -> onnx.NodeProto:
    return helper.make_node("Cast", [before], [after], to=TensorProto.FLOAT)


def _written(name: str, array: NDArray[Any], file: BinaryIO, location: str) -> TensorProto:
    """Append ``array`` to ``file`` and return the constant that points to it, or holds it."""
    if array.nbytes <= _INLINE_BYTES:
        return numpy_helper.from_array(array, name)
    file.write(b"\0" * (-file.tell() % _ALIGNMENT_BYTES))
    offset = file.tell()
    file.write(array.data)
    tensor = TensorProto(
        name=name,
        dims=array.shape,
        data_type=helper.np_dtype_to_tensor_dtype(array.dtype),
        data_location=TensorProto.EXTERNAL,
    )
    for key, value in (("location", location), ("offset", offset), ("length", array.nbytes)):
        tensor.external_data.add(key=key, value=str(value))
    return tensor

"""Write the towers as ONNX, weights in half precision, and prove that they compute the same."""

from __future__ import annotations

import logging
import warnings
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import torch
from onnx import TensorProto, helper, numpy_helper
from torch import nn

from traumbox.embedders.builtin import tokens
from traumbox.embedders.builtin.mel import BANDS, FRAMES
from traumbox.embedders.builtin.train.learn import Towers

log = logging.getLogger(__name__)

_OPSET = 17
_TOLERANCE = 1e-4
_HALF_FROM = 256  # smaller tensors (norms, biases) stay in single precision


def export(towers: Towers, directory: Path) -> None:
    """Write ``audio.onnx`` and ``text.onnx``, checked against PyTorch for 1, 2 and 3 at a time.

    Raises
    ------
    ArithmeticError
        When the two differ by more than 1e-4.
    """
    directory.mkdir(parents=True, exist_ok=True)
    _round_to_half(towers)
    towers.eval().to(memory_format=torch.contiguous_format)
    mel = torch.randn(2, FRAMES, BANDS)
    ids = torch.from_numpy(tokens.encode(["slow warm piano", "drums"]))
    _write(towers.audio, mel, directory / "audio.onnx", "mel", {0: "n"})
    _write(towers.text, ids, directory / "text.onnx", "ids", {0: "n", 1: "words"})
    for batch in (1, 2, 3):
        _compare(towers.audio, directory / "audio.onnx", "mel", torch.randn(batch, FRAMES, BANDS))
        sentences = ["a quiet harp at night, without drums", "noise", "deep bass"][:batch]
        _compare(
            towers.text, directory / "text.onnx", "ids", torch.from_numpy(tokens.encode(sentences))
        )


def _round_to_half(towers: Towers) -> None:
    """Fold each batch norm into its convolution, then round what will be stored as half."""
    _fold(towers)
    with torch.no_grad():
        for parameter in towers.parameters():
            if parameter.numel() >= _HALF_FROM:
                parameter.copy_(parameter.half().float())


def _fold(module: nn.Module) -> None:
    for part in module.modules():
        if not isinstance(part, nn.Sequential):
            continue
        for place in range(len(part) - 1):
            first, second = part[place], part[place + 1]
            if isinstance(first, nn.Conv1d | nn.Conv2d) and isinstance(
                second, nn.BatchNorm1d | nn.BatchNorm2d
            ):
                part.eval()
                part[place] = nn.utils.fusion.fuse_conv_bn_eval(first, second)
                part[place + 1] = nn.Identity()


def _write(
    tower: nn.Module, example: torch.Tensor, path: Path, name: str, free: dict[int, str]
) -> None:
    with warnings.catch_warnings():
        # The exporter that replaces this one needs a package more and gains nothing here.
        warnings.simplefilter("ignore")
        torch.onnx.export(
            tower, (example,), str(path), dynamo=False, opset_version=_OPSET,
            input_names=[name], output_names=["vector"],
            dynamic_axes={name: free, "vector": {0: "n"}},
        )  # fmt: skip
    model = onnx.load(path)
    _store_half(model.graph)
    del model.graph.value_info[:]
    model.doc_string = "The built-in model of traumbox: see MODEL.md beside the weights."
    onnx.checker.check_model(model)
    onnx.save(model, path)


def _store_half(graph: onnx.GraphProto) -> None:
    """Store large weights as float16, each with a Cast that onnxruntime folds on loading."""
    casts = []
    for tensor in graph.initializer:
        if tensor.data_type != TensorProto.FLOAT or np.prod(tensor.dims) < _HALF_FROM:
            continue
        name = tensor.name
        half = numpy_helper.to_array(tensor).astype(np.float16)
        tensor.CopyFrom(numpy_helper.from_array(half, f"{name}.half"))
        casts.append(helper.make_node("Cast", [f"{name}.half"], [name], to=TensorProto.FLOAT))
    nodes = [*casts, *graph.node]
    del graph.node[:]
    graph.node.extend(nodes)


@torch.no_grad()
def _compare(tower: nn.Module, path: Path, name: str, example: torch.Tensor) -> None:
    session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
    theirs = session.run(None, {name: example.numpy()})[0]
    difference = float(np.abs(tower(example).numpy() - theirs).max())
    log.info("%s, %d at a time: differs by %.1e", path.name, len(example), difference)
    if difference > _TOLERANCE:
        raise ArithmeticError(
            f"{path.name} differs from PyTorch by {difference:.1e} at batch {len(example)}"
        )

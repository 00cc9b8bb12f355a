"""A converted model in small: the true files and names, towers that compute next to nothing."""

from pathlib import Path

import numpy as np
import pytest

from tests.embedders.clap import checkpoints
from traumbox.embedders.clap import golden
from traumbox.embedders.clap.frontend import BANDS, FRAMES, log_mel
from traumbox.embedders.clap.manifest import (
    AUDIO_TOWER,
    GOLDEN_VECTORS,
    MERGES,
    TEXT_TOWER,
    VERSION,
    VOCABULARY,
    FileEntry,
    Manifest,
    entry_of,
    write_manifest,
)

onnx = pytest.importorskip("onnx", reason="onnx isn't installed (make clap): no model can be made")
helper, numpy_helper, TensorProto = onnx.helper, onnx.numpy_helper, onnx.TensorProto

DIM = 512
ROWS = 6_000
OPSET = 20


def write_model(directory: Path, name: str = "clap-music", precision: str = "fp32") -> Manifest:
    """Write a whole model's folder; its golden vectors are what its own tower answers, by numpy."""
    rng = np.random.default_rng(3)
    heads = rng.standard_normal((BANDS, DIM)).astype(np.float32)
    table = rng.standard_normal((ROWS, DIM)).astype(np.float32)
    directory.mkdir(parents=True)
    _write_audio(directory / AUDIO_TOWER, heads)
    _write_text(directory / TEXT_TOWER, table)
    checkpoints.vocabulary(directory)
    golden_vectors = np.stack([heard(sound, heads) for sound in golden.windows()])
    np.save(directory / GOLDEN_VECTORS, golden_vectors)
    names = (AUDIO_TOWER, f"{AUDIO_TOWER}.data", TEXT_TOWER, VOCABULARY, MERGES, GOLDEN_VECTORS)
    files: dict[str, FileEntry] = {name: entry_of(directory / name) for name in names}
    manifest = Manifest(
        version=VERSION,
        name=name,
        id=f"{name}-00000000",
        architecture="HTSAT-base",
        dim=DIM,
        licence="CC0-1.0",
        source="random.pt",
        source_sha256="0" * 64,
        calibration=(0.22, 14.0),
        precision=precision,
        max_distance={"audio": 0.0, "text": 0.0},
        files=files,
        check={},
    )
    write_manifest(directory, manifest)
    return manifest


def heard(sound, heads):
    """What the audio tower answers, computed by numpy."""
    vector = (log_mel(sound) @ heads).mean(axis=0)
    return (vector / np.linalg.norm(vector)).astype(np.float32)


def _write_audio(path: Path, heads) -> None:
    nodes = [
        helper.make_node("MatMul", ["mel", "heads"], ["each"]),
        helper.make_node("ReduceMean", ["each", "frames"], ["mean"], keepdims=0),
        helper.make_node("LpNormalization", ["mean"], ["vector"], axis=-1, p=2),
    ]
    graph = helper.make_graph(
        nodes,
        "audio",
        [helper.make_tensor_value_info("mel", TensorProto.FLOAT, ["n", FRAMES, BANDS])],
        [helper.make_tensor_value_info("vector", TensorProto.FLOAT, ["n", DIM])],
        [
            numpy_helper.from_array(heads, "heads"),
            numpy_helper.from_array(np.array([1], np.int64), "frames"),
        ],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=9)
    onnx.save(model, path, save_as_external_data=True, location=f"{path.name}.data")


def _write_text(path: Path, table) -> None:
    nodes = [
        helper.make_node("Gather", ["table", "ids"], ["words"]),
        helper.make_node("Cast", ["mask"], ["weights"], to=TensorProto.FLOAT),
        helper.make_node("Unsqueeze", ["weights", "last"], ["column"]),
        helper.make_node("Mul", ["words", "column"], ["counted"]),
        helper.make_node("ReduceSum", ["counted", "length"], ["sum"], keepdims=0),
        helper.make_node("LpNormalization", ["sum"], ["vector"], axis=-1, p=2),
    ]
    graph = helper.make_graph(
        nodes,
        "text",
        [
            helper.make_tensor_value_info("ids", TensorProto.INT64, ["n", "length"]),
            helper.make_tensor_value_info("mask", TensorProto.INT64, ["n", "length"]),
        ],
        [helper.make_tensor_value_info("vector", TensorProto.FLOAT, ["n", DIM])],
        [
            numpy_helper.from_array(table, "table"),
            numpy_helper.from_array(np.array([2], np.int64), "last"),
            numpy_helper.from_array(np.array([1], np.int64), "length"),
        ],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=9)
    onnx.save(model, path)

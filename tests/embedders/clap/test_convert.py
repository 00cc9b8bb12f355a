import json
from dataclasses import replace

import numpy as np
import pytest

from tests.embedders.clap.conftest import Conversion, absent
from traumbox.embedders.clap import golden
from traumbox.embedders.clap.manifest import read_manifest, verify_files
from traumbox.errors import ModelError

if absent():
    pytest.skip(
        f"the converter isn't installed: no {absent()} (make clap)", allow_module_level=True
    )

import onnx
import torch

from traumbox.embedders.clap.convert import proof
from traumbox.embedders.clap.convert.checkpoint import network_of, read_checkpoint
from traumbox.embedders.clap.convert.export import Tower, export
from traumbox.embedders.clap.convert.steps import Order, convert
from traumbox.embedders.clap.quantize.towers import write_int8

FILES = {
    "audio.onnx",
    "audio.onnx.data",
    "text.onnx",
    "text.onnx.data",
    "vocab.json",
    "merges.txt",
    "golden.npy",
}


@pytest.fixture(scope="module")
def network(converted_tiny):
    """laion-clap's own HTSAT-tiny with the weights of ``converted_tiny``."""
    return network_of(read_checkpoint(converted_tiny.parent / "checkpoint.pt"))


@pytest.fixture(scope="module")
def heard(network):
    return proof.hear(network)


def test_a_converted_model_is_whole_and_says_what_it_is(converted_tiny):
    about = read_manifest(converted_tiny)
    assert about.files.keys() == FILES
    verify_files(converted_tiny, about)
    assert (about.name, about.architecture, about.dim) == ("clap-general", "HTSAT-tiny", 512)
    assert about.id == f"clap-general-{about.source_sha256[:8]}"
    assert (about.precision, about.licence) == ("fp32", "CC0-1.0")
    assert about.max_distance["audio"] < 1e-5
    assert about.max_distance["text"] < 5e-3
    assert [path.name for path in converted_tiny.parent.glob("*.new")] == []


def test_the_golden_vectors_are_laions(converted_tiny, heard):
    kept = np.load(converted_tiny / "golden.npy")
    assert kept.shape == (golden.COUNT, 512)
    assert kept == pytest.approx(heard.vectors, abs=1e-5)


def test_the_golden_sounds_are_windows_and_differ(heard):
    sounds = golden.windows()
    assert sounds.shape == (8, 480_000)
    assert np.abs(sounds).max() <= 1.0
    assert (sounds * 32767 == np.rint(sounds * 32767)).all()  # through 16 bits
    spread = np.linalg.norm(heard.vectors - heard.vectors.mean(axis=0), axis=1).mean()
    assert spread > 0.2  # else the random weights would prove nothing


@pytest.mark.parametrize("model", ["converted_base", "converted_tiny"])
def test_the_process_tells_its_steps(model, request):
    record = Conversion.read(request.getfixturevalue(model))
    done = [line["done"] for line in record.lines]
    assert done == sorted(done)
    steps = list(dict.fromkeys(line["step"] for line in record.lines))
    assert steps == ["checkpoint", "audio", "text", "check", "store", "done"]
    assert record.lines[-1] == {"step": "done", "done": 1.0}


def test_converting_the_whole_file_fits_a_small_board(converted_base):
    assert 500 < Conversion.read(converted_base).peak_mb < 2000


def test_the_process_inspects_and_explains_failures(converted_tiny, tmp_path):
    checkpoint = converted_tiny.parent / "checkpoint.pt"
    told = Conversion.of({"--checkpoint": checkpoint}, "--inspect")
    assert (told.code, told.lines) == (0, [{"architecture": "HTSAT-tiny"}])
    other = tmp_path / "other.pt"
    other.write_bytes(b"<!doctype html>")
    failed = Conversion.of({"--checkpoint": other}, "--inspect")
    assert failed.code == 1
    assert "isn't a checkpoint of PyTorch" in failed.lines[-1]["error"]


def test_text_agrees_at_every_length(converted_tiny, network):
    read = proof.read(network, range(1, proof.LONGEST + 1))
    assert proof.of_text(converted_tiny / "text.onnx", read, threads=2) < 5e-3


def test_a_tower_that_differs_is_refused(converted_tiny, heard):
    other = replace(heard, vectors=np.roll(heard.vectors, 1, axis=0))
    with pytest.raises(ModelError, match="audio tower differs from PyTorch's"):
        proof.of_audio(converted_tiny / "audio.onnx", other, threads=2)


def test_a_tower_that_computes_no_numbers_is_refused(converted_tiny, heard):
    nothing = replace(heard, mel=np.full_like(heard.mel, np.nan))
    with pytest.raises(ModelError, match="differs from PyTorch's by nan"):
        proof.of_audio(converted_tiny / "audio.onnx", nothing, threads=2)


@pytest.mark.parametrize(
    ("vocab", "merges", "said"),
    [
        ("{", "#v\na b\n", "can't be read"),
        (
            '{"<s>": 0, "<pad>": 1, "</s>": 3, "<unk>": 2}',
            "#v\na b\n",
            "isn't RoBERTa's vocabulary",
        ),
        ("[]", "#v\na b\n", "isn't RoBERTa's vocabulary"),
        ('{"<s>": 0, "<pad>": 1, "</s>": 2, "<unk>": 3}', "", "is empty"),
    ],
)
def test_a_wrong_tokenizer_is_refused_and_the_model_before_stays(tmp_path, vocab, merges, said):
    target = tmp_path / "clap-music"
    target.mkdir()
    (target / "model.json").write_text("before")
    files = tmp_path / "vocab.json", tmp_path / "merges.txt"
    for path, content in zip(files, (vocab, merges), strict=True):
        path.write_text(content)
    with pytest.raises(ModelError, match=said):
        convert(Order(tmp_path / "none.pt", *files, "clap-music", target, "none.pt"))
    assert (target / "model.json").read_text() == "before"
    assert not (tmp_path / "clap-music.new").exists()


class _Small(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.table = torch.nn.Embedding(2000, 64)
        self.layer = torch.nn.Linear(64, 512)

    def forward(self, ids):
        return self.layer(self.table(ids))


@pytest.fixture
def small():
    torch.manual_seed(2)
    ids = torch.arange(6).reshape(2, 3)
    return Tower(_Small(), {"ids": ids}, {"ids": {0: "n", 1: "length"}})


@pytest.mark.parametrize(("half", "tolerance"), [(False, 1e-6), (True, 5e-3)])
def test_exported_weights_lie_beside_and_compute_the_same(tmp_path, small, half, tolerance):
    import onnxruntime  # noqa: PLC0415 - slow

    path = tmp_path / "tower.onnx"
    export(small, path, half=half)
    session = onnxruntime.InferenceSession(str(path))
    for shape in ((1, 1), (2, 3), (3, 7)):
        ids = torch.arange(shape[0] * shape[1]).reshape(shape)
        (found,) = session.run(None, {"ids": ids.numpy()})
        expected = small.module(ids).detach().numpy()
        assert found == pytest.approx(expected, abs=tolerance)


class _Mixed(torch.nn.Module):
    """Everything the towers have that becomes integers, with no matrix square."""

    def __init__(self):
        super().__init__()
        self.table = torch.nn.Embedding(2000, 64)
        self.layer = torch.nn.Linear(64, 512)
        self.head = torch.nn.Linear(512, 96)

    def forward(self, ids):
        return self.head(torch.relu(self.layer(self.table(ids)))[:, 0])


@pytest.mark.parametrize(
    ("half", "bits", "tolerance"), [(False, 8, 0.02), (True, 8, 0.02), (True, 7, 0.04)]
)
def test_a_tower_in_8_bits_computes_nearly_the_same(tmp_path, half, bits, tolerance):
    import onnxruntime  # noqa: PLC0415 - slow

    torch.manual_seed(3)
    ids = torch.arange(12).reshape(4, 3)
    tower = Tower(_Mixed(), {"ids": ids}, {"ids": {0: "n", 1: "length"}})
    export(tower, tmp_path / "tower.onnx", half=half)
    write_int8(tmp_path / "tower.onnx", tmp_path / "int8.onnx", bits=bits)
    graph = onnx.load(tmp_path / "int8.onnx").graph
    whole = {tuple(t.dims): t for t in graph.initializer if t.data_type == onnx.TensorProto.INT8}
    assert {(2000, 64), (64, 512), (512, 96)} <= whole.keys()
    most = max(np.abs(onnx.numpy_helper.to_array(tensor)).max() for tensor in whole.values())
    assert most == 2 ** (bits - 1) - 1
    assert not [t.name for t in graph.initializer if t.data_type == 1 and len(t.raw_data) > 10_000]
    (found,) = onnxruntime.InferenceSession(str(tmp_path / "int8.onnx")).run(
        None, {"ids": ids.numpy()}
    )
    expected = tower.module(ids).detach().numpy()
    error = np.linalg.norm(found - expected) / np.linalg.norm(expected - expected.mean(axis=0))
    assert error < tolerance


def test_half_weights_are_half_the_size_and_cast_first(tmp_path, small):
    sizes = {}
    for half in (False, True):
        export(small, tmp_path / f"{half}.onnx", half=half)
        sizes[half] = (tmp_path / f"{half}.onnx.data").stat().st_size
    assert sizes[True] < 0.6 * sizes[False]
    graph = onnx.load(tmp_path / "True.onnx", load_external_data=False).graph
    # In the middle, onnxruntime would compute the casts of all matrices at once.
    assert graph.node[0].op_type == "Cast"
    assert graph.node[0].input[0].endswith(".half")
    assert json.dumps([node.op_type for node in graph.node]).count("Cast") == 2

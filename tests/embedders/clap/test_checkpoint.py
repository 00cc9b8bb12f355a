import os
import pickle
import zipfile

import numpy as np
import pytest

from tests.embedders.clap.checkpoints import write_checkpoint
from tests.embedders.clap.conftest import absent
from traumbox.errors import ModelError

if absent():
    pytest.skip(
        f"the converter isn't installed: no {absent()} (make clap)", allow_module_level=True
    )

import torch

from traumbox.embedders.clap.convert.checkpoint import network_of, read_checkpoint

PATCH = "audio_branch.patch_embed.proj.weight"
PROJECTION = "audio_projection.0.weight"


@pytest.fixture(scope="module")
def tiny(converted_tiny):
    """A checkpoint of HTSAT-tiny in LAION's layout, without its optimizer."""
    return converted_tiny.parent / "checkpoint.pt"


@pytest.fixture
def weights(tiny):
    return dict(torch.load(tiny, mmap=True)["state_dict"])


def saved(path, weights, **more):
    torch.save({"epoch": 1, "name": "x", "state_dict": weights, **more}, path)
    return path


@pytest.mark.parametrize(("architecture", "tensors"), [("HTSAT-base", 504), ("HTSAT-tiny", 417)])
def test_the_architecture_is_told_by_the_tensors(converted_base, tiny, architecture, tensors):
    path = tiny if architecture == "HTSAT-tiny" else converted_base.parent / "checkpoint.pt"
    checkpoint = read_checkpoint(path)
    assert checkpoint.architecture == architecture
    assert len(checkpoint.weights) == tensors


def test_weights_reach_laions_network_as_they_are(tiny):
    checkpoint = read_checkpoint(tiny)
    network = network_of(checkpoint)
    assert not network.training
    for name, tensor in network.state_dict().items():
        assert tensor.data_ptr() == checkpoint.weights[name].data_ptr(), name


def test_numpys_numbers_in_the_optimizer_are_let_through(tmp_path, tiny, weights):
    few = {name: tensor.clone() for name, tensor in list(weights.items())[:3]}
    path = tmp_path / "odd.pt"
    saved(path, few, optimizer={"param_groups": [{"lr": np.float64(1e-4)}]})
    with pytest.raises(
        ModelError, match="isn't a checkpoint of LAION's CLAP"
    ):  # but not the number
        read_checkpoint(path)


def test_the_released_layout_with_its_optimizer_is_read(tmp_path):
    path = write_checkpoint(tmp_path / "whole.pt", "HTSAT-tiny", optimizer=True)
    names = torch.serialization.get_unsafe_globals_in_checkpoint(path)
    assert "numpy.core.multiarray.scalar" in names  # as numpy 1 wrote it
    assert read_checkpoint(path).architecture == "HTSAT-tiny"


def test_a_checkpoint_that_could_run_a_program_isnt_opened(tmp_path, weights):
    path = saved(tmp_path / "evil.pt", weights, optimizer=_Runs(tmp_path / "ran"))
    with pytest.raises(ModelError, match=r"posix\.mkdir|os\.mkdir"):
        read_checkpoint(path)
    assert not (tmp_path / "ran").exists()


class _Runs:
    def __init__(self, path):
        self.path = path

    def __reduce__(self):
        return (os.mkdir, (str(self.path),))


def test_a_truncated_checkpoint_is_called_cut_short(tmp_path, tiny):
    path = tmp_path / "cut.pt"
    with tiny.open("rb") as file:
        path.write_bytes(file.read(1_000_000))
    with pytest.raises(ModelError, match=r"cut\.pt is cut short or damaged \(1000000 bytes\)"):
        read_checkpoint(path)


@pytest.mark.parametrize("content", [b"", b"<!doctype html>", pickle.dumps({"state_dict": {}})])
def test_what_isnt_a_checkpoint_is_told(tmp_path, content):
    path = tmp_path / "other.pt"
    path.write_bytes(content)
    with pytest.raises(ModelError, match="isn't a checkpoint of PyTorch"):
        read_checkpoint(path)


def test_another_zip_is_told(tmp_path):
    path = tmp_path / "other.pt"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("readme.txt", "hello")
    with pytest.raises(ModelError, match="cut short or damaged"):
        read_checkpoint(path)


def test_a_missing_file_is_told(tmp_path):
    with pytest.raises(ModelError, match=r"none\.pt can't be read \(No such file"):
        read_checkpoint(tmp_path / "none.pt")


def test_a_fusion_checkpoint_is_told_with_the_right_ones(tmp_path, weights):
    weights["module.audio_branch.patch_embed.fusion_model.local_att.0.weight"] = torch.zeros(1)
    path = saved(tmp_path / "fusion.pt", {n: weights[n] for n in list(weights)[-3:]})
    with pytest.raises(ModelError, match=r"fusion.*630k-audioset-best\.pt"):
        read_checkpoint(path)


def test_an_unknown_audio_tower_is_told(tmp_path, weights):
    few = {f"module.{PATCH}": torch.zeros(256, 1, 4, 4)}
    with pytest.raises(ModelError, match="256 channels, 0 blocks"):
        read_checkpoint(saved(tmp_path / "large.pt", few))


def test_something_else_than_weights_is_told(tmp_path):
    path = tmp_path / "numbers.pt"
    torch.save({"state_dict": {"a": 1}}, path)
    with pytest.raises(ModelError, match="holds no weights"):
        read_checkpoint(path)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda weights: weights.pop(PROJECTION), f"{PROJECTION} is missing"),
        (
            lambda weights: weights.update({PROJECTION: torch.zeros(3, 4)}),
            rf"{PROJECTION} is \[3, 4\] instead of \[512, 768\]",
        ),
        (lambda weights: weights.update(surplus=torch.zeros(1)), "surplus is unknown"),
    ],
)
def test_tensors_that_dont_fit_are_named(tiny, change, said):
    checkpoint = read_checkpoint(tiny)
    change(checkpoint.weights)
    with pytest.raises(ModelError, match=said):
        network_of(checkpoint)

"""Reading LAION's checkpoint: memory-mapped, and nothing of it is ever run."""

from __future__ import annotations

import importlib
import pickle
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch.serialization import get_unsafe_globals_in_checkpoint, safe_globals

from traumbox.embedders.clap.convert.network import build
from traumbox.errors import ModelError

_ARCHITECTURES = {(96, 6): "HTSAT-tiny", (128, 12): "HTSAT-base"}
"""By the channels of a patch and the blocks of the third stage."""

_PATCH = "audio_branch.patch_embed.proj.weight"
_REMADE = "text_branch.embeddings.position_ids"  # today's transformers counts by itself
_FUSION = ("fusion_model", "mel_conv1d", "mel_conv2d")
_EITHER = "Either fetch the model anew, or import LAION's own file as it was downloaded."


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """The weights of a checkpoint by laion-clap's names; most of them still lie on the disk."""

    path: Path
    architecture: str
    weights: Mapping[str, torch.Tensor]


def read_checkpoint(path: Path) -> Checkpoint:
    """Open a checkpoint in LAION's released layout.

    That is ``{epoch, name, state_dict, optimizer, [scaler]}`` with names that begin with
    ``module.``; the optimizer's state, two thirds of the file, is never read from the disk.

    Raises
    ------
    ModelError
        When it can't be read, isn't whole, isn't such a checkpoint, or holds anything that could
        run as a program.
    """
    content = _load(path)
    found = content.get("state_dict", content) if isinstance(content, dict) else None
    if not isinstance(found, Mapping) or not all(
        isinstance(tensor, torch.Tensor) for tensor in found.values()
    ):
        raise ModelError(f"{path} holds no weights (“state_dict”). {_EITHER}")
    weights = {str(name).removeprefix("module."): tensor for name, tensor in found.items()}
    weights.pop(_REMADE, None)
    return Checkpoint(path, _architecture(path, weights), weights)


def network_of(checkpoint: Checkpoint) -> torch.nn.Module:
    """Return laion-clap's network with the checkpoint's weights, without a second copy of them.

    Raises
    ------
    ModelError
        When tensors are missing, too many or of another shape.
    """
    network = build(checkpoint.architecture)
    expected = network.state_dict()
    missing = expected.keys() - checkpoint.weights.keys()
    foreign = checkpoint.weights.keys() - expected.keys()
    misshapen = [
        f"{name} is {list(tensor.shape)} instead of {list(expected[name].shape)}"
        for name, tensor in checkpoint.weights.items()
        if name in expected and tensor.shape != expected[name].shape
    ]
    wrong = [
        *(f"{name} is missing" for name in sorted(missing)),
        *misshapen,
        *(f"{name} is unknown" for name in sorted(foreign)),
    ]
    if wrong:
        more = f" and {len(wrong) - 3} more" if len(wrong) > 3 else ""
        raise ModelError(
            f"{checkpoint.path} doesn't fit laion-clap's {checkpoint.architecture}: "
            f"{'; '.join(wrong[:3])}{more}. {_EITHER}"
        )
    fitting = {name: tensor.to(expected[name].dtype) for name, tensor in checkpoint.weights.items()}
    network.load_state_dict(fitting, assign=True)
    return network.requires_grad_(False)


def _load(path: Path) -> Any:
    _expect_zip(path)
    try:
        with safe_globals(_allowed()):
            return torch.load(path, map_location="cpu", weights_only=True, mmap=True)
    except pickle.UnpicklingError as error:
        raise ModelError(
            f"{path} holds more than numbers and isn't opened: {_strangers(path)}. A checkpoint "
            f"can carry a program that runs when it is loaded. {_EITHER}"
        ) from error
    except (RuntimeError, EOFError, KeyError, ValueError, OSError) as error:
        raise _not_whole(path) from error


def _expect_zip(path: Path) -> None:
    """Tell apart what can't be read, what isn't a checkpoint and what is cut short."""
    try:
        with path.open("rb") as file:
            start = file.read(4)
        whole = zipfile.is_zipfile(path)
    except OSError as error:
        raise ModelError(f"{path} can't be read ({error.strerror}).") from error
    if start != b"PK\x03\x04":
        raise ModelError(f"{path} isn't a checkpoint of PyTorch. {_EITHER}")
    if not whole:
        raise _not_whole(path)


def _allowed() -> list[Any]:
    """Return the three names that LAION's files use beside tensors: a learning rate is a numpy one.

    They were written by numpy 1, whose module has moved since.
    """
    scalar = importlib.import_module("numpy._core.multiarray").scalar
    return [(scalar, "numpy.core.multiarray.scalar"), scalar, np.dtype, type(np.dtype("f8"))]


def _strangers(path: Path) -> str:
    known = {"numpy.core.multiarray.scalar", "numpy._core.multiarray.scalar", "numpy.dtype"}
    try:
        names = sorted(set(get_unsafe_globals_in_checkpoint(path)) - known)
    except (pickle.UnpicklingError, RuntimeError, ValueError, EOFError):
        names = []
    return ", ".join(names) or "its content can't be told"


def _not_whole(path: Path) -> ModelError:
    return ModelError(
        f"{path} is cut short or damaged ({path.stat().st_size} bytes). Copy or fetch it anew."
    )


def _architecture(path: Path, weights: Mapping[str, torch.Tensor]) -> str:
    if any(part in name for name in weights for part in _FUSION):
        raise ModelError(
            f"{path} is one of LAION's fusion checkpoints, which hear whole tracks at once; "
            "traumbox needs one without fusion: music_audioset_epoch_15_esc_90.14.pt or "
            "630k-audioset-best.pt."
        )
    if _PATCH not in weights:
        raise ModelError(
            f"{path} isn't a checkpoint of LAION's CLAP with an HTSAT audio tower: "
            f"{_PATCH} is missing. {_EITHER}"
        )
    blocks = {
        name.split(".")[4] for name in weights if name.startswith("audio_branch.layers.2.blocks.")
    }
    found = (len(weights[_PATCH]), len(blocks))
    if found not in _ARCHITECTURES:
        raise ModelError(
            f"{path} has an audio tower that traumbox doesn't know ({found[0]} channels, "
            f"{found[1]} blocks); known are {' and '.join(_ARCHITECTURES.values())}. {_EITHER}"
        )
    return _ARCHITECTURES[found]

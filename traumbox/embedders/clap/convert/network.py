"""LAION's own network, built from its package without running the package.

``import laion_clap`` fetches three tokenizers from the internet and needs torchvision, wandb and
webdataset, none of which the network itself uses. So only the modules that define it are imported,
under a name of our own: nothing is downloaded and ``laion_clap`` itself stays as it was.
"""

from __future__ import annotations

import importlib
import importlib.util
import json
import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import torch

from traumbox.errors import ModelError

_ALIAS = "_traumbox_laion_clap"
_TRAINING_ONLY = {
    "h5py": ("h5py",),
    "torchvision": ("torchvision", "torchvision.ops", "torchvision.ops.misc"),
}
_ROBERTA_BASE = {
    "vocab_size": 50_265,
    "max_position_embeddings": 514,
    "type_vocab_size": 1,
    "layer_norm_eps": 1e-5,
    "pad_token_id": 1,
    "bos_token_id": 0,
    "eos_token_id": 2,
}


def build(architecture: str) -> torch.nn.Module:
    """Return laion-clap's ``CLAP`` without fusion, ready for weights and set to inference.

    The audio tower has random weights, the text tower none yet (they are on the meta device): they
    come by ``load_state_dict(..., assign=True)``.

    Parameters
    ----------
    architecture
        The name of a configuration that comes with laion-clap, such as "HTSAT-base".

    Raises
    ------
    ModelError
        When laion-clap or what it needs isn't installed, or isn't a version that fits.
    """
    core = _core()
    try:
        settings = json.loads((_package() / "model_configs" / f"{architecture}.json").read_text())
        settings["text_cfg"]["model_type"] = "roberta"
        with warnings.catch_warnings():
            # laion-clap calls PyTorch as one did years ago.
            warnings.simplefilter("ignore")
            network: torch.nn.Module = core.CLAP(
                **settings, enable_fusion=False, fusion_type="None"
            )
    except Exception as error:
        raise ModelError(
            f"laion-clap can't build its {architecture} network: {error}. traumbox was tested "
            "with laion-clap 1.1.7; install that: make clap"
        ) from error
    return network.eval().requires_grad_(False)


def _core() -> ModuleType:
    """Return ``laion_clap.clap_module.model``, with a RoBERTa that downloads nothing."""
    if f"{_ALIAS}.model" in sys.modules:
        return sys.modules[f"{_ALIAS}.model"]
    package = ModuleType(_ALIAS)
    package.__path__ = [str(_package())]
    try:
        transformers = importlib.import_module("transformers")
        # Looked up before the stand-ins are there: transformers asks whether torchvision is.
        towers = [
            getattr(transformers, name) for name in ("BartModel", "BertModel", "RobertaModel")
        ]
        sys.modules[_ALIAS] = package
        with _stand_ins():
            core = importlib.import_module(f"{_ALIAS}.model")
    except ImportError as error:
        sys.modules.pop(_ALIAS, None)
        raise ModelError(
            f"The converter can't be loaded: {error}. Install it: make clap"
        ) from error
    roberta = towers[-1]
    settings = transformers.RobertaConfig(**_ROBERTA_BASE)
    core.RobertaModel = SimpleNamespace(from_pretrained=lambda _name: _empty(roberta, settings))  # type: ignore[attr-defined]
    return core


def _empty(roberta: Any, settings: Any) -> torch.nn.Module:
    """Return a RoBERTa whose half gigabyte of weights isn't allocated."""
    with torch.device("meta"):
        tower: torch.nn.Module = roberta(settings)
    embeddings: Any = tower.embeddings
    # These two aren't in the checkpoint, so they would stay without content.
    embeddings.position_ids = torch.arange(settings.max_position_embeddings)[None]
    embeddings.token_type_ids = torch.zeros_like(embeddings.position_ids)
    return tower


def _package() -> Path:
    """Return the folder of laion-clap's network, located without running anything of it."""
    found = importlib.util.find_spec("laion_clap")
    if found is None or not found.submodule_search_locations:
        raise ModelError("laion-clap isn't installed. To convert checkpoints, run: make clap")
    return Path(found.submodule_search_locations[0]) / "clap_module"


@contextmanager
def _stand_ins() -> Iterator[None]:
    """Let modules be imported that import what only training needs and isn't installed."""
    names = [
        name
        for root, parts in _TRAINING_ONLY.items()
        if root not in sys.modules and importlib.util.find_spec(root) is None
        for name in parts
    ]
    for name in names:
        module: Any = ModuleType(name)
        module.__path__ = []
        module.FrozenBatchNorm2d = type("FrozenBatchNorm2d", (), {})
        sys.modules[name] = module
    try:
        yield
    finally:
        for name in names:
            sys.modules.pop(name, None)

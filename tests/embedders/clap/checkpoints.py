"""Checkpoints in LAION's released layout with random weights, and a small RoBERTa vocabulary.

The weights are drawn so that different sounds and sentences come out far apart, unlike those of a
freshly initialised network: an error must not hide behind embeddings that are all alike.
"""

import importlib
import json
import math
import pickle
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np

ROOT = Path(__file__).parents[3]
ROBERTA_ROWS = 50_265
SENTENCES = (
    "a slow warm piano at night, far away",
    "Медленное тёплое пианино ночью, издалека",
    "αργό ζεστό πιάνο τη νύχτα, από μακριά",
    "بيانو دافئ بطيء في الليل، من بعيد",
    "פסנתר חם ואיטי בלילה, מרחוק",
    "रात में धीमा गर्म पियानो, दूर से",
    "夜里缓慢温暖的钢琴声,来自远方",
    "夜の遠くから聞こえるゆっくりした暖かいピアノ",
    "밤에 멀리서 들려오는 느리고 따뜻한 피아노",
    "เปียโนช้าๆ อบอุ่นยามค่ำคืน จากที่ไกล",
    "🎹🌙✨ piano 🎶🎧 👩‍🎤🏳️‍🌈",
    "drum'n'bass @ 174 BPM -- LOUD!!! (don't, we'll, they've)",
    "Klavier für Élise, naïve façade, smörgåsbord, łódź, ﬁn",
)
"""One sentence a script, and what trips tokenizers up."""


def vocabulary(directory: Path) -> tuple[Path, Path]:
    """Write ``vocab.json`` and ``merges.txt`` as RoBERTa's lie on the hub, of fewer words.

    A byte-level BPE trained on this repository's texts, with RoBERTa's special tokens at RoBERTa's
    ids, so that any tokenizer that reads the true files reads these.
    """
    tokenizers = importlib.import_module("tokenizers")
    directory.mkdir(parents=True, exist_ok=True)
    text = "\n".join((ROOT / name).read_text("utf-8") for name in ("README.md", "LICENSE"))
    trained = tokenizers.ByteLevelBPETokenizer(add_prefix_space=False)
    trained.train_from_iterator(
        [text, *SENTENCES * 4],
        vocab_size=6_000,
        min_frequency=2,
        special_tokens=["<s>", "<pad>", "</s>", "<unk>"],
        show_progress=False,
    )
    ids = trained.get_vocab()
    ids["<mask>"] = len(ids)
    vocab, merges = directory / "vocab.json", directory / "merges.txt"
    trained.save_model(str(directory))
    vocab.write_text(json.dumps(dict(sorted(ids.items(), key=lambda item: item[1]))), "utf-8")
    return vocab, merges


def write_checkpoint(
    path: Path, architecture: str = "HTSAT-base", seed: int = 1, optimizer: bool = True
) -> Path:
    """Write a full-size checkpoint as LAION released theirs: 2.35 GB for HTSAT-base.

    Two thirds of that are the optimizer's state; without it everything else is the same.
    """
    torch = importlib.import_module("torch")
    weights = random_weights(architecture, seed)
    weights["text_branch.embeddings.position_ids"] = torch.arange(514)[None]
    content = {
        "epoch": 15,
        "name": f"random {architecture}",
        "state_dict": {f"module.{name}": tensor for name, tensor in weights.items()},
    }
    if optimizer:
        content["optimizer"] = _optimizer(weights)
        content["scaler"] = {"scale": 65536.0, "growth_factor": 2.0, "_growth_tracker": 0}
    torch.save(content, path, pickle_module=_OLD_NUMPY)
    return path


def random_weights(architecture: str, seed: int) -> dict[str, Any]:
    """Return name -> tensor for every tensor that LAION's released checkpoints hold."""
    torch = importlib.import_module("torch")
    network = importlib.import_module("traumbox.embedders.clap.convert.network")
    chance = torch.Generator().manual_seed(seed)
    return {
        name: _drawn(name, tensor, chance)
        for name, tensor in network.build(architecture).state_dict().items()
    }


def _drawn(name: str, tensor: Any, chance: Any) -> Any:
    """Return a random tensor of the same shape, or ``tensor`` where LAION's is computed too."""
    torch = importlib.import_module("torch")
    fixed = ("spectrogram_extractor", "logmel_extractor", "attn_mask", "position_index", "logit")
    if any(part in name for part in fixed) or not tensor.is_floating_point():
        return tensor
    middle, spread = _scale(name, tuple(tensor.shape))
    return middle + spread * torch.randn(tensor.shape, generator=chance)


def _scale(name: str, shape: tuple[int, ...]) -> tuple[float, float]:
    """Return mean and standard deviation of a tensor's weights."""
    if name.endswith("running_mean"):
        return -25.0, 5.0
    if name.endswith("running_var"):
        return 200.0, 30.0
    if name.endswith("bias_table"):
        return 0.0, 0.5
    if len(shape) == 1:
        return (1.0 if name.endswith("weight") else 0.0), 0.1
    if "embeddings" in name:
        return 0.0, 1.0
    gain = {"query": 2.0, "key": 2.0, "value": 1.5, "qkv": 1.6}.get(name.split(".")[-2], 1.0)
    return 0.0, gain * math.prod(shape[1:]) ** -0.5


def _optimizer(weights: dict[str, Any]) -> dict[str, Any]:
    """Return Adam's state, which takes twice the room of the weights; zeros cost no memory."""
    torch = importlib.import_module("torch")
    tensors = [tensor for tensor in weights.values() if tensor.is_floating_point()]
    state = {
        number: {
            "step": 30_000,
            "exp_avg": torch.zeros(tensor.shape),
            "exp_avg_sq": torch.zeros(tensor.shape),
        }
        for number, tensor in enumerate(tensors)
    }
    groups = [{"lr": np.float64(1e-4), "betas": (0.9, 0.99), "params": list(range(len(tensors)))}]
    return {"state": state, "param_groups": groups}


class _OldNumpyPickler(pickle._Pickler):  # type: ignore[name-defined]
    """Names numpy's scalars as numpy 1 did when LAION saved; numpy 2 moved them."""

    def save_global(self, obj: Any, name: str | None = None) -> None:
        if getattr(obj, "__module__", "") == "numpy._core.multiarray":
            self.write(f"cnumpy.core.multiarray\n{obj.__name__}\n".encode())
            self.memoize(obj)
        else:
            super().save_global(obj, name)


_OLD_NUMPY = ModuleType("old_numpy_pickle")
_OLD_NUMPY.Pickler = _OldNumpyPickler  # type: ignore[attr-defined]
_OLD_NUMPY.dump = pickle.dump  # type: ignore[attr-defined]

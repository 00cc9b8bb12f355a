"""The conversion from end to end: nothing has the model's name until it is proven right."""

from __future__ import annotations

import gc
import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch

from traumbox.embedders.clap.convert import proof
from traumbox.embedders.clap.convert.checkpoint import network_of, read_checkpoint
from traumbox.embedders.clap.convert.export import Tower, export
from traumbox.embedders.clap.convert.lean import BANDS, FRAMES, LeanAudio, LeanText
from traumbox.embedders.clap.manifest import (
    AUDIO_TOWER,
    CALIBRATION,
    GOLDEN_VECTORS,
    MERGES,
    TEXT_TOWER,
    VERSION,
    VOCABULARY,
    Manifest,
    entry_of,
    file_sha256,
    model_id,
    put_in_place,
    sync,
    write_manifest,
)
from traumbox.embedders.memory import trim
from traumbox.errors import ModelError

Report = Callable[[str, float], None]
"""Told the step ("checkpoint", "audio", "text", "check", "store") and how much of all is done."""

_SPECIAL = {"<s>": 0, "<pad>": 1, "</s>": 2, "<unk>": 3}


@dataclass(frozen=True, slots=True)
class Order:
    """What to convert. ``source`` is the checkpoint's name for the manifest."""

    checkpoint: Path
    vocabulary: Path
    merges: Path
    name: str
    target: Path
    source: str
    licence: str = "CC0-1.0"
    threads: int = 1


def convert(order: Order, report: Report = lambda _step, _done: None) -> Manifest:
    """Make a model's folder at ``order.target`` from a checkpoint.

    Written beside it as ``<target>.new``, proven against PyTorch, and only then put in place.

    Raises
    ------
    ModelError
        When the checkpoint can't be used or the result differs from PyTorch's.
    OSError
        When the disk is full or can't be written.
    """
    torch.set_num_threads(order.threads)
    new = order.target.with_name(f"{order.target.name}.new")
    shutil.rmtree(new, ignore_errors=True)
    new.mkdir(parents=True)
    try:
        manifest = _convert(order, new, report)
        put_in_place(new, order.target)
    finally:
        shutil.rmtree(new, ignore_errors=True)
    report("done", 1.0)
    return manifest


def _convert(order: Order, new: Path, report: Report) -> Manifest:
    report("checkpoint", 0.0)
    _expect_tokenizer(order.vocabulary, order.merges)
    source_sha256 = _checkpoint_sha256(order.checkpoint, report)
    # One tower after the other, each over the checkpoint opened anew: what one has touched of the
    # mapped file needn't be in memory with the other.
    architecture, heard = _audio(order.checkpoint, new, report)
    trim()
    read = _text(order.checkpoint, new, report)
    trim()
    report("check", 0.7)
    distances = {"audio": proof.of_audio(new / AUDIO_TOWER, heard, order.threads)}
    report("check", 0.8)
    distances["text"] = proof.of_text(new / TEXT_TOWER, read, order.threads)
    report("store", 0.95)
    np.save(new / GOLDEN_VECTORS, heard.vectors)
    shutil.copyfile(order.vocabulary, new / VOCABULARY)
    shutil.copyfile(order.merges, new / MERGES)
    for path in new.iterdir():
        sync(path)
    manifest = Manifest(
        version=VERSION,
        name=order.name,
        id=model_id(order.name, source_sha256),
        architecture=architecture,
        dim=heard.vectors.shape[1],
        licence=order.licence,
        source=order.source,
        source_sha256=source_sha256,
        calibration=CALIBRATION,
        precision="fp32",
        max_distance=distances,
        files={path.name: entry_of(path) for path in sorted(new.iterdir())},
        check={},
    )
    write_manifest(new, manifest)
    return manifest


def _audio(checkpoint: Path, new: Path, report: Report) -> tuple[str, proof.Heard]:
    report("audio", 0.15)
    opened = read_checkpoint(checkpoint)
    network = network_of(opened)
    tower = Tower(LeanAudio(network), {"mel": torch.zeros(2, FRAMES, BANDS)}, {"mel": {0: "n"}})
    export(tower, new / AUDIO_TOWER, advance=lambda done: report("audio", 0.2 + 0.1 * done))
    del tower
    gc.collect()
    heard = proof.hear(network, lambda done: report("audio", 0.3 + 0.15 * done))
    return opened.architecture, heard


def _text(checkpoint: Path, new: Path, report: Report) -> proof.Read:
    report("text", 0.45)
    network = network_of(read_checkpoint(checkpoint))
    ids = torch.ones(2, 9, dtype=torch.int64)
    free = {0: "n", 1: "length"}
    inputs = {"input_ids": ids, "attention_mask": ids}
    tower = Tower(LeanText(network), inputs, dict.fromkeys(inputs, free))
    # Half the memory and the disk, at a relative error of 0.004; the tower computes in float32.
    export(
        tower, new / TEXT_TOWER, half=True, advance=lambda done: report("text", 0.5 + 0.1 * done)
    )
    del tower
    gc.collect()
    return proof.read(network, advance=lambda done: report("text", 0.6 + 0.1 * done))


def _checkpoint_sha256(path: Path, report: Report) -> str:
    size, done = path.stat().st_size, 0

    def advance(read_bytes: int) -> None:
        nonlocal done
        before, done = done, done + read_bytes
        if before * 50 // size != done * 50 // size:
            report("checkpoint", 0.15 * done / size)

    return file_sha256(path, advance)


def _expect_tokenizer(vocabulary: Path, merges: Path) -> None:
    """Refuse files that aren't RoBERTa's: a wrong one would be found out by no other check."""
    try:
        ids = json.loads(vocabulary.read_text("utf-8"))
        pairs = merges.read_text("utf-8")
    except (OSError, ValueError) as error:
        raise ModelError(
            f"The tokenizer's files {vocabulary} and {merges} can't be read ({error}). "
            "Fetch the model anew, or lay RoBERTa's vocab.json and merges.txt beside the "
            "checkpoint."
        ) from error
    if not isinstance(ids, dict) or any(ids.get(word) != place for word, place in _SPECIAL.items()):
        raise ModelError(
            f"{vocabulary} isn't RoBERTa's vocabulary: {', '.join(_SPECIAL)} don't have the ids "
            "0 to 3. Take vocab.json of roberta-base."
        )
    if len(pairs.splitlines()) < 2:
        raise ModelError(f"{merges} isn't RoBERTa's: it is empty. Take merges.txt of roberta-base.")

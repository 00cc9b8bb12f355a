"""Comparing the converted towers with laion-clap's own, computed by PyTorch."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from traumbox.domain import Float32
from traumbox.embedders.clap import golden
from traumbox.errors import ModelError

LONGEST = 77
"""Tokens of a sentence, as laion-clap pads and cuts."""

LENGTHS = (1, 2, 3, 4, 5, 6, 7, 8, 10, 12, 15, 16, 17, 24, 31, 32, 33, 48, 64, 65, 76, 77)
_AUDIO_TOLERANCE = 1e-4
_TEXT_TOLERANCE = 1e-2  # its weights are rounded to float16; cosine 0.99995
_PAD = 1


@dataclass(frozen=True, slots=True)
class Heard:
    """The golden sounds as laion-clap hears them: log-mel [8, 1001, 64] and vectors [8, dim]."""

    mel: Float32
    vectors: Float32


@dataclass(frozen=True, slots=True)
class Read:
    """Token ids and mask int64[n, 77] and laion-clap's vectors float32[n, dim] of them."""

    ids: NDArray[np.int64]
    mask: NDArray[np.int64]
    vectors: Float32


def hear(network: Any, advance: Callable[[float], None] = lambda _done: None) -> Heard:
    """Return the golden sounds as ``network``, laion-clap's own, hears them one by one."""
    tower = network.audio_branch
    mels, vectors = [], []
    for number, window in enumerate(golden.windows()):
        sound = torch.from_numpy(window)
        with torch.inference_mode():
            mels.append(tower.logmel_extractor(tower.spectrogram_extractor(sound[None]))[:, 0])
            vectors.append(network.get_audio_embedding([{"waveform": sound}]))
        advance((number + 1) / golden.COUNT)
    return Heard(torch.cat(mels).numpy(), torch.cat(vectors).numpy())


def read(
    network: Any,
    lengths: Sequence[int] = LENGTHS,
    advance: Callable[[float], None] = lambda _done: None,
) -> Read:
    """Return what ``network``, laion-clap's own, makes of tokens in ``lengths``, padded to 77."""
    chance = np.random.default_rng(77)
    words = network.text_branch.config.vocab_size
    ids = np.full((len(lengths), LONGEST), _PAD, np.int64)
    mask = np.zeros_like(ids)
    vectors = []
    for row, length in enumerate(lengths):
        ids[row, :length] = chance.integers(4, words, length)
        ids[row, 0] = 0
        mask[row, :length] = 1
        tokens = {
            "input_ids": torch.from_numpy(ids[row : row + 1]),
            "attention_mask": torch.from_numpy(mask[row : row + 1]),
        }
        with torch.inference_mode():
            vectors.append(network.get_text_embedding(tokens))
        advance((row + 1) / len(lengths))
    return Read(ids, mask, torch.cat(vectors).numpy())


def of_audio(path: Path, heard: Heard, threads: int) -> float:
    """Return how far the tower at ``path`` is from laion-clap's at most, 1, 2 and 3 at a time.

    Raises
    ------
    ModelError
        When that is more than 1e-4, or isn't a number.
    """
    session = _session(path, threads)
    found = [session.run(None, {"mel": heard.mel[rows]})[0] for rows in _batches(golden.COUNT)]
    return _distance("audio", np.concatenate(found), heard.vectors, _AUDIO_TOLERANCE)


def of_text(path: Path, read: Read, threads: int) -> float:
    """Return how far the tower at ``path`` is from laion-clap's at most, 1, 2 and 3 at a time.

    Raises
    ------
    ModelError
        When that is more than 0.01 (a cosine of 0.99995), or isn't a number.
    """
    session = _session(path, threads)
    found = []
    for rows in _batches(len(read.ids)):
        longest = int(read.mask[rows].sum(axis=1).max())
        tokens = {
            "input_ids": read.ids[rows, :longest],
            "attention_mask": read.mask[rows, :longest],
        }
        found.append(session.run(None, tokens)[0])
    return _distance("text", np.concatenate(found), read.vectors, _TEXT_TOLERANCE)


def _batches(count: int) -> Iterator[slice]:
    """Yield slices of 1, 2, 3, 1, 2, 3 … rows that cover ``count`` rows."""
    start = 0
    for size in cycle((1, 2, 3)):
        if start >= count:
            return
        yield slice(start, min(start + size, count))
        start += size


def _session(path: Path, threads: int) -> Any:
    import onnxruntime  # noqa: PLC0415 - only now: it takes memory that the export needs

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.log_severity_level = 3
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    # Speed doesn't matter here, memory does: weights stay in the mapped file, half ones are halves.
    options.add_session_config_entry("session.disable_prepacking", "1")
    return onnxruntime.InferenceSession(
        str(path),
        options,
        providers=["CPUExecutionProvider"],
        disabled_optimizers={"ConstantFolding"},
    )


def _distance(tower: str, found: Float32, expected: Float32, tolerance: float) -> float:
    distance = float(np.linalg.norm(found - expected, axis=1).max())
    if not distance <= tolerance:  # so that NaN fails
        raise ModelError(
            f"The converted {tower} tower differs from PyTorch's by {distance:.1e}, more than "
            f"{tolerance:.0e}: nothing was put in place. Check the checkpoint's checksum; if it is "
            "right, convert it on another machine and copy the model's folder."
        )
    return distance

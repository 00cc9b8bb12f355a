"""The built-in model at work: log-mel and two small networks on onnxruntime."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from traumbox.domain import WINDOW_SAMPLES, Float32, ModelCard
from traumbox.embedders.builtin import tokens
from traumbox.embedders.builtin.weights import WEIGHTS, read_card, read_file
from traumbox.embedders.memory import trim
from traumbox.errors import ModelError

AUDIO_TOWER, TEXT_TOWER = "audio.onnx", "text.onnx"


class BuiltinEmbedder:
    """The built-in CLAP; each tower is loaded when first used, safely from any thread.

    Windows go through the network one by one: a vector doesn't depend on its neighbours, and
    larger batches gain nothing on a CPU.
    """

    def __init__(self, threads: int = 1, directory: Path = WEIGHTS) -> None:
        self._threads = max(1, threads)
        self._directory = directory
        self._card = read_card(directory)
        self._towers: dict[str, Any] = {}  # onnxruntime publishes no types
        self._loading = threading.Lock()

    @property
    def card(self) -> ModelCard:
        """Name, dimension and calibration of the model."""
        return self._card

    def embed_audio(self, windows: Float32) -> Float32:
        """Map float32[n, 480000] (48 kHz mono) to unit vectors float32[n, dim].

        Raises
        ------
        ValueError
            When the windows are not 480,000 samples long.
        ModelError
            When the tower's file is missing or damaged.
        """
        if windows.ndim != 2 or windows.shape[1] != WINDOW_SAMPLES:
            raise ValueError(f"windows must be [n, {WINDOW_SAMPLES}], not {windows.shape}")
        # Imported here: the service embeds sentences only, and scipy is 25 MB.
        from traumbox.embedders.builtin.mel import log_mel  # noqa: PLC0415

        tower = self._tower(AUDIO_TOWER)
        vectors = np.empty((len(windows), self._card.dim), dtype=np.float32)
        for row, window in enumerate(windows):
            mel = log_mel(np.asarray(window, dtype=np.float32))
            vectors[row] = tower.run(None, {"mel": mel[np.newaxis]})[0][0]
        return vectors

    def embed_text(self, sentences: Sequence[str]) -> Float32:
        """Map ``n`` sentences to unit vectors float32[n, dim]; case and punctuation don't count.

        Raises
        ------
        ModelError
            When the tower's file is missing or damaged.
        """
        tower = self._tower(TEXT_TOWER)
        vectors = np.empty((len(sentences), self._card.dim), dtype=np.float32)
        for row, sentence in enumerate(sentences):
            vectors[row] = tower.run(None, {"ids": tokens.encode([sentence])})[0][0]
        return vectors

    def release(self) -> None:
        """Give the memory of both towers back; the next call loads again."""
        with self._loading:
            self._towers.clear()
        trim()

    def _tower(self, name: str) -> Any:
        with self._loading:
            if name not in self._towers:
                self._towers[name] = _session(name, self._directory, self._threads)
            return self._towers[name]


def _session(name: str, directory: Path, threads: int) -> Any:
    # Imported here: it takes a third of a second and 40 MB, and the card needs none of it.
    import onnxruntime  # noqa: PLC0415

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    # Waiting threads that spin would burn the cores of a small machine between two windows.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    content = read_file(name, directory)
    try:
        return onnxruntime.InferenceSession(content, options, providers=["CPUExecutionProvider"])
    except Exception as error:  # onnxruntime's exceptions have no root of their own
        raise ModelError(
            f"onnxruntime {onnxruntime.__version__} can't load {directory / name}: {error}. "
            "Install traumbox anew."
        ) from error

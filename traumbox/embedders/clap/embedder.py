"""LAION's CLAP at work: ears on the machine's best engine, words in little room."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from traumbox.domain import WINDOW_SAMPLES, Float32, ModelCard
from traumbox.embedders.clap.engines import AudioEngine
from traumbox.embedders.clap.frontend import log_mel
from traumbox.embedders.clap.manifest import card_of, read_manifest
from traumbox.embedders.clap.probe import EngineChooser
from traumbox.embedders.clap.text import TextTower
from traumbox.embedders.memory import trim


class ClapEmbedder:
    """A converted model; each tower is loaded when first used, safely from any thread."""

    def __init__(
        self,
        directory: Path,
        threads: int = 1,
        report: Callable[[], None] = lambda: None,
        memory_mb: int | None = None,
    ) -> None:
        """Read the manifest of the model in ``directory`` and nothing else.

        Parameters
        ----------
        threads
            What both towers compute on at most.
        report
            Called every second while the machine's best engine is being sought, which takes half a
            minute at the first start, on a small board some minutes.
        memory_mb
            What the whole process that hears may use; None leaves it open.

        Raises
        ------
        ModelError
            When there is no model or its manifest can't be read.
        """
        self._directory = directory
        self._threads = max(1, threads)
        self._manifest = read_manifest(directory)
        self._card = card_of(self._manifest)
        self._chooser = EngineChooser(
            directory, self._manifest, self._threads, memory_mb=memory_mb, report=report
        )
        self._engine: AudioEngine | None = None
        self._text: TextTower | None = None
        self._hearing = threading.Lock()
        self._reading = threading.Lock()

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
            When the tower's file is missing or damaged, or no engine here hears as it should.
        """
        if windows.ndim != 2 or windows.shape[1] != WINDOW_SAMPLES:
            raise ValueError(f"windows must be [n, {WINDOW_SAMPLES}], not {windows.shape}")
        vectors = np.empty((len(windows), self._card.dim), dtype=np.float32)
        with self._hearing:
            if self._engine is None:
                self._engine = self._chooser.engine()
            for row, window in enumerate(windows):
                mel = log_mel(np.asarray(window, dtype=np.float32))
                vectors[row] = self._engine.run(mel[np.newaxis])[0]
        return vectors

    def embed_text(self, sentences: Sequence[str]) -> Float32:
        """Map ``n`` sentences to unit vectors float32[n, dim].

        Raises
        ------
        ModelError
            When the tower's or the tokenizer's files are missing or damaged.
        """
        with self._reading:
            if self._text is None:
                self._text = TextTower(self._directory, self._threads, self._manifest.precision)
            text = self._text
        vectors = np.empty((len(sentences), self._card.dim), dtype=np.float32)
        for row, sentence in enumerate(sentences):
            vectors[row] = text.embed(sentence)
        return vectors

    def release(self) -> None:
        """Give the memory of both towers back; the next call loads again."""
        with self._hearing, self._reading:
            self._engine = None
            self._text = None
        trim()

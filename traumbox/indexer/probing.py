"""What a model itself can tell of a sound: whether somebody sings or speaks in it.

The windows' vectors are held against sentences, as a search would.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

from traumbox.domain import Float32
from traumbox.embedders.sentences import KeptSentences
from traumbox.ports import Embedder

VOICES = (
    "singing voice",
    "a person singing",
    "a song with vocals",
    "a choir singing",
    "rap vocals",
    "a person speaking",
)
NO_VOICES = (
    "instrumental music",
    "solo piano",
    "a melody played on an instrument",
    "drums",
    "electronic music without vocals",
    "ambient sounds",
)
_STEEPNESS = 2.0  # times the model's own slope: here two likenesses compete, and one will win
_SUNG_SHARE = 0.75
"""The value of a track is the one that this share of its windows doesn't reach: a quarter of a song
has to be sung, and one window that was misheard makes none."""


class Probes:
    """Tells the vocal-likeness of sounds; keeps each model's probes under ``directory``."""

    def __init__(self, directory: Path) -> None:
        self._sentences = KeptSentences(directory)

    def vocals(self, embedder: Embedder, vectors: Float32) -> float | None:
        """Return 0-1 for the windows float32[n, dim] of one sound; None without any.

        None too where the model can't embed sentences. The first call for a model may load its text
        tower, and gives the memory back.
        """
        if len(vectors) == 0:
            return None
        probes = self._sentences.vectors(embedder, VOICES + NO_VOICES)
        if probes is None or probes.shape[1] != vectors.shape[1]:
            return None
        scores = vectors.astype(np.float32) @ probes.T
        lead = scores[:, : len(VOICES)].max(axis=1) - scores[:, len(VOICES) :].max(axis=1)
        slope = _STEEPNESS * embedder.card.calibration[1]
        sung = 1.0 / (1.0 + np.exp(-np.clip(slope * lead, -50.0, 50.0)))
        value = float(np.quantile(sung, _SUNG_SHARE))
        return round(value, 3) if np.isfinite(value) else None

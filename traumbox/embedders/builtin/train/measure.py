"""Concepts that are measured, not known beforehand: brightness, depth, level."""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from dataclasses import dataclass

import numpy as np

from traumbox.domain import Float32
from traumbox.embedders.builtin.mel import HIGH_HZ, LOW_HZ

BRIGHT_FROM_HZ, DULL_TO_HZ = 2850.0, 1200.0
HIGH_FROM_HZ = 900.0
DEEP_FROM_SHARE, DEEP_TO_HZ = 0.5, 130.0
LOUD_FROM_DB, QUIET_TO_DB = -15.0, -27.0


@dataclass(frozen=True, slots=True)
class Measures:
    """What is measured on a clip; ``pitch_hz`` is below where a tenth of the power lies."""

    centroid_hz: float
    deep_share: float
    pitch_hz: float
    rms_db: float


def measure(x: Float32) -> Measures:
    """Measure mono float32[n] at 48 kHz: magnitude-weighted centroid, low share, level."""
    frames = x[: len(x) // 4096 * 4096].reshape(-1, 4096) * np.hanning(4096).astype(np.float32)
    power = np.abs(np.fft.rfft(frames, axis=1)) ** 2
    freq = np.fft.rfftfreq(4096, 1 / 48_000)
    heard = (freq >= LOW_HZ) & (freq <= HIGH_HZ)
    freq, power = freq[heard], power[:, heard]
    mean_power = power.mean(axis=0) + 1e-12
    weights = np.sqrt(mean_power)
    cumulated = np.cumsum(mean_power) / mean_power.sum()
    return Measures(
        centroid_hz=float((weights * freq).sum() / weights.sum()),
        deep_share=float(mean_power[freq <= DEEP_TO_HZ].sum() / mean_power.sum()),
        pitch_hz=float(freq[np.searchsorted(cumulated, 0.1)]),
        rms_db=float(10 * np.log10(np.mean(x**2) + 1e-12)),
    )


def measured_concepts(measures: Measures, known: AbstractSet[str]) -> set[str]:
    """Return the concepts that follow from ``measures``, given what else is ``known``."""
    found = set()
    if measures.centroid_hz >= BRIGHT_FROM_HZ:
        found.add("bright")
    if measures.centroid_hz <= DULL_TO_HZ:
        found.add("dull")
    if measures.pitch_hz >= HIGH_FROM_HZ and "noise" not in known:
        found.add("high")
    if measures.deep_share >= DEEP_FROM_SHARE:
        found.add("deep")
    if measures.rms_db >= LOUD_FROM_DB:
        found.add("loud")
    if measures.rms_db <= QUIET_TO_DB:
        found.add("quiet")
    return found

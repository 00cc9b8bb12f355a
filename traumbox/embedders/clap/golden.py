"""Eight sounds that can be made anywhere, to prove that a converted model still hears the same.

Their vectors are computed by PyTorch at conversion and lie in the model's folder. numpy's generator
isn't used for the noise: its streams may change between versions.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from traumbox.domain import SAMPLE_RATE_HZ, WINDOW_SAMPLES, Float32

COUNT = 8


def windows() -> Float32:
    """Return float32[8, 480000] within ±1, each as different from the others as sounds can be.

    A sine, a sweep, white noise, clicks, a chord that decays, a beating bass, noise that is gated
    and loud, and one second of sine followed by silence.
    """
    t = np.arange(WINDOW_SAMPLES) / SAMPLE_RATE_HZ
    noise = _noise(WINDOW_SAMPLES)
    pitches_hz = np.array([261.63, 329.63, 392.0, 523.25])[:, np.newaxis]
    chord = np.sin(2 * np.pi * pitches_hz * t).sum(axis=0)
    sounds = (
        0.5 * np.sin(2 * np.pi * 440.0 * t),
        0.4 * np.sin(2 * np.pi * (50.0 * t + 0.5 * 1195.0 * t * t)),  # 50 Hz to 12 kHz in 10 s
        0.1 * noise,
        0.9 * (np.arange(WINDOW_SAMPLES) % 24_000 < 48),  # 1 ms, twice a second
        0.2 * chord * np.exp(-1.5 * (t % 2.5)),
        0.4 * (np.sin(2 * np.pi * 55.0 * t) + np.sin(2 * np.pi * 58.0 * t)),
        0.9 * noise * (np.sin(2 * np.pi * 4.0 * t) > 0.0),
        0.3 * np.sin(2 * np.pi * 3000.0 * t) * (t < 1.0),
    )
    return np.stack([_through_int16(sound) for sound in sounds])


def _noise(count: int) -> NDArray[np.float64]:
    """Return float64[count] in -1..1 from a linear congruential generator with 2^32 states."""
    # state_n = a^n s + (a^(n-1) + … + 1) c, all modulo 2^32: unsigned overflow does the modulo.
    powers = np.cumprod(np.full(count, 1_664_525, np.uint32), dtype=np.uint32)
    sums = np.cumsum(np.concatenate(([1], powers[:-1])).astype(np.uint32), dtype=np.uint32)
    states = powers * np.uint32(2_026) + sums * np.uint32(1_013_904_223)
    out: NDArray[np.float64] = states / 2.0**31 - 1.0
    return out


def _through_int16(sound: NDArray[Any]) -> Float32:
    """Return the sound as every window is given to the model: rounded to 16 bits."""
    whole = np.clip(sound, -1.0, 1.0) * 32767.0
    out: Float32 = np.trunc(whole).astype(np.float32) / np.float32(32767.0)
    return out

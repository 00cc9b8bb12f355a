"""Spoil a clip the way the world does: rooms, tone, noise, lossy coding, levels."""

from __future__ import annotations

import numpy as np
from scipy import signal as sps

from traumbox.domain import SAMPLE_RATE_HZ, Float32
from traumbox.synth.signal import decay, lowpass, pink, samples, white

Rng = np.random.Generator


def spoil(x: Float32, rng: Rng) -> Float32:
    """Return mono float32[n] after a random chain of mishaps; often nothing happens."""
    if rng.random() < 0.3:
        x = _room(x, rng)
    if rng.random() < 0.5:
        x = _tone(x, rng)
    if rng.random() < 0.2:
        x = np.tanh(x * np.float32(rng.uniform(1.5, 6.0) / (np.max(np.abs(x)) + 1e-6)))
    if rng.random() < 0.35:
        x = lowpass(x, float(np.exp(rng.uniform(np.log(3800), np.log(17_000)))), 6)
    if rng.random() < 0.25:
        level = 10 ** (rng.uniform(-60, -32) / 20)
        x = x + np.float32(level) * pink(len(x), rng)
    return x.astype(np.float32, copy=False)


def to_level(x: Float32, rms_db: float) -> Float32:
    """Bring float32[n] to an RMS level in dBFS, clipped at full scale; silence stays silent."""
    rms = float(np.sqrt(np.mean(x**2)))
    if rms < 1e-7:
        return x
    out: Float32 = np.clip(x * np.float32(10 ** (rms_db / 20) / rms), -1.0, 1.0)
    return out


def _room(x: Float32, rng: Rng) -> Float32:
    ring_s = float(rng.uniform(0.2, 2.5))
    n = samples(ring_s)
    response = lowpass(white(n, rng) * decay(n, ring_s), float(rng.uniform(2500, 9000)))
    response[: samples(rng.uniform(0.002, 0.03))] = 0.0
    response /= np.sqrt(np.sum(response**2)) + np.float32(1e-9)
    wet = sps.oaconvolve(x, response)[: len(x)]
    out: Float32 = (x + np.float32(rng.uniform(0.05, 0.5)) * wet).astype(np.float32)
    return out


def _tone(x: Float32, rng: Rng) -> Float32:
    """Turn the tone controls: a smooth random curve of up to about 8 dB over the octaves."""
    taps = 513
    freq = np.concatenate([[0.0], np.geomspace(60, 16_000, 8), [SAMPLE_RATE_HZ / 2]])
    gain_db = np.clip(rng.normal(0, 3.0, 8), -8, 8)
    gain = 10 ** (np.concatenate([gain_db[:1], gain_db, gain_db[-1:]]) / 20)
    fir = sps.firwin2(taps, freq, gain, fs=SAMPLE_RATE_HZ)
    out: Float32 = sps.oaconvolve(x, fir, mode="same").astype(np.float32)
    return out

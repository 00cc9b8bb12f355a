"""Spoil a clip the way the world does: rooms, tone, noise, age, lossy coding, levels."""

from __future__ import annotations

import io

import numpy as np
import soundfile
import soxr
from scipy import signal as sps

from traumbox.domain import SAMPLE_RATE_HZ, Float32
from traumbox.synth.signal import bandpass, decay, lowpass, pink, samples, white
from traumbox.synth.textures import crackle

Rng = np.random.Generator


def spoil(x: Float32, rng: Rng) -> tuple[Float32, frozenset[str]]:
    """Return mono float32[n] after a random chain of mishaps, and the concepts they bring."""
    brought: set[str] = set()
    if rng.random() < 0.55:
        x, ring_s, wet = _room(x, rng)
        if ring_s > 1.7 and wet > 0.45:
            brought.add("reverberant")
    if rng.random() < 0.5:
        x = _tone(x, rng)
    if rng.random() < 0.15:
        x = _doubled(x, rng)
    if rng.random() < 0.2:
        x = _compressed(x, rng)
    if rng.random() < 0.14:
        x, drive = _overdriven(x, rng)
        if drive > 10.0:
            brought.add("distorted")
    x, is_old = _recorded(x, rng)
    if is_old:
        brought.add("old recording")
    return x.astype(np.float32, copy=False), frozenset(brought)


def to_level(x: Float32, rms_db: float) -> Float32:
    """Bring float32[n] to an RMS level in dBFS, clipped at full scale; silence stays silent."""
    rms = float(np.sqrt(np.mean(x**2)))
    if rms < 1e-7:
        return x
    out: Float32 = np.clip(x * np.float32(10 ** (rms_db / 20) / rms), -1.0, 1.0)
    return out


def _room(x: Float32, rng: Rng) -> tuple[Float32, float, float]:
    ring_s, wet = float(rng.uniform(0.15, 2.8)), float(rng.uniform(0.05, 0.7))
    n = samples(ring_s)
    response = lowpass(white(n, rng) * decay(n, ring_s), float(rng.uniform(2500, 9000)))
    response[: samples(rng.uniform(0.002, 0.03))] = 0.0
    response /= np.sqrt(np.sum(response**2)) + np.float32(1e-9)
    out: Float32 = (x + np.float32(wet) * sps.oaconvolve(x, response)[: len(x)]).astype(np.float32)
    return out, ring_s, wet


def _tone(x: Float32, rng: Rng) -> Float32:
    """Turn the tone controls: a smooth random curve of up to about 12 dB over the octaves."""
    taps = 513
    freq = np.concatenate([[0.0], np.geomspace(60, 16_000, 8), [SAMPLE_RATE_HZ / 2]])
    gain_db = np.clip(rng.normal(0, rng.uniform(1.5, 5.0), 8), -12, 12)
    gain = 10 ** (np.concatenate([gain_db[:1], gain_db, gain_db[-1:]]) / 20)
    fir = sps.firwin2(taps, freq, gain, fs=SAMPLE_RATE_HZ)
    out: Float32 = sps.oaconvolve(x, fir, mode="same").astype(np.float32)
    return out


def _doubled(x: Float32, rng: Rng) -> Float32:
    """Add a copy a little late and out of tune, as a chorus pedal or a second take does."""
    cents, late = float(rng.uniform(4, 18)), samples(rng.uniform(0.008, 0.03))
    copy = soxr.resample(x, SAMPLE_RATE_HZ * 2 ** (cents / 1200), SAMPLE_RATE_HZ, "MQ")
    out = x.copy()
    n = min(len(copy), len(x) - late)
    out[late : late + n] += np.float32(rng.uniform(0.3, 0.9)) * copy[:n]
    return out


def _compressed(x: Float32, rng: Rng) -> Float32:
    """Even the level out, as a broadcaster does: the envelope of 100 ms to some power."""
    block = samples(0.05)
    count = len(x) // block + 1
    padded = np.pad(x, (0, count * block - len(x)))
    level = np.sqrt(np.mean(padded.reshape(count, block) ** 2, axis=1)) + 1e-4
    smooth = np.convolve(level, np.ones(4) / 4, mode="same")
    gain = (smooth / smooth.max()) ** -float(rng.uniform(0.3, 0.7))
    curve = np.interp(np.arange(len(x)), (np.arange(count) + 0.5) * block, np.minimum(gain, 12.0))
    out: Float32 = (x * curve).astype(np.float32)
    return out


def _overdriven(x: Float32, rng: Rng) -> tuple[Float32, float]:
    drive = float(np.exp(rng.uniform(np.log(1.2), np.log(25.0))))
    return np.tanh(x * np.float32(drive / (np.max(np.abs(x)) + 1e-6))), drive


def _hissing(x: Float32, rng: Rng) -> Float32:
    level = 10 ** (rng.uniform(-60, -32) / 20)
    noise = pink(len(x), rng) if rng.random() < 0.6 else white(len(x), rng)
    return x + np.float32(level) * noise


def _recorded(x: Float32, rng: Rng) -> tuple[Float32, bool]:
    """Record it: on old or narrow or noisy equipment, or with a lossy coder."""
    is_old = rng.random() < 0.07
    if is_old:
        x = _aged(x, rng)
    elif rng.random() < 0.3:
        x = lowpass(x, float(np.exp(rng.uniform(np.log(3800), np.log(17_000)))), 6)
    if rng.random() < 0.3:
        x = _hissing(x, rng)
    if rng.random() < 0.08:
        x = _coded(x, rng)
    return x, is_old


def _aged(x: Float32, rng: Rng) -> Float32:
    """Play it from shellac or through a telephone: a narrow band, hiss, and often scratches."""
    low_hz, high_hz = float(rng.uniform(120, 450)), float(rng.uniform(2600, 5500))
    rms = float(np.sqrt(np.mean(x**2))) + 1e-6
    x = bandpass(x, low_hz, high_hz)
    hiss = bandpass(white(len(x), rng), low_hz, high_hz * 1.3)
    x = x + hiss * np.float32(rms * rng.uniform(0.03, 0.15) / (np.std(hiss) + 1e-9))
    if rng.random() < 0.7:
        scratches = crackle(len(x) / SAMPLE_RATE_HZ, rng)[: len(x), 0]
        x[: len(scratches)] += scratches * np.float32(rms * rng.uniform(1.0, 5.0))
    return x.astype(np.float32, copy=False)


def _coded(x: Float32, rng: Rng) -> Float32:
    """Send it through a lossy coder at a low rate."""
    peak = float(np.max(np.abs(x))) + 1e-6
    coded = io.BytesIO()
    soundfile.write(
        coded,
        x / np.float32(peak),
        SAMPLE_RATE_HZ,
        format="MP3",
        subtype="MPEG_LAYER_III",
        compression_level=float(rng.uniform(0.8, 0.98)),
    )
    coded.seek(0)
    y, _ = soundfile.read(coded, dtype="float32")
    out = np.zeros_like(x)
    out[: min(len(y), len(x))] = y[: len(x)]
    scaled: Float32 = out * np.float32(peak)
    return scaled

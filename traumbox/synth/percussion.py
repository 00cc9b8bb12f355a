"""The drum kit: unpitched instruments, named as the patterns of :mod:`traumbox.synth.beats` do.

Each plays one blow, ``(velocity, rng)`` -> mono float32 at 48 kHz.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from traumbox.domain import SAMPLE_RATE_HZ, Float32
from traumbox.synth.signal import bandpass, decay, highpass, lowpass, modal, peak_to, samples, white

Rng = np.random.Generator


def _swept(n: int, from_hz: float, to_hz: float, fall_s: float) -> Float32:
    """Return a sine float32[n] gliding from one frequency down to another."""
    t = np.arange(n) / SAMPLE_RATE_HZ
    cycles = to_hz * t + (from_hz - to_hz) * fall_s * (1 - np.exp(-t / fall_s))
    return np.sin(2 * np.pi * cycles).astype(np.float32)


def kick(velocity: float, rng: Rng) -> Float32:
    """Beat the bass drum: a sine that drops, and the click of the beater."""
    n = samples(0.38)
    x = _swept(n, 150 + 90 * velocity, 48, 0.022) * decay(n, 0.42)
    click = samples(0.008)
    x[:click] += bandpass(white(click, rng), 1200, 5000) * decay(click, 0.008) * np.float32(0.5)
    return peak_to(x, 0.5 * velocity)


def snare(velocity: float, rng: Rng) -> Float32:
    """Beat the snare drum: two modes of the head and the rattle of the wires."""
    n = samples(0.3)
    head = modal([187, 330], [1.0, 0.5], [0.16, 0.1], n)
    wires = highpass(white(n, rng), 1400) * decay(n, 0.14 + 0.1 * velocity)
    return peak_to(head + np.float32(0.55) * wires, 0.36 * velocity)


def rim(velocity: float, rng: Rng) -> Float32:
    """Strike the rim across the head: a short wooden knock."""
    n = samples(0.08)
    x = modal([480, 1130, 1720], [0.6, 1.0, 0.6], [0.06, 0.04, 0.03], n)
    return peak_to(x + np.float32(0.05) * white(n, rng) * decay(n, 0.01), 0.22 * velocity)


def clap(velocity: float, rng: Rng) -> Float32:
    """Clap: four hands not quite together."""
    n = samples(0.25)
    x = np.zeros(n, dtype=np.float32)
    for late_s in (0.0, 0.011, 0.021, 0.03):
        start = samples(late_s + 0.001 * rng.random())
        x[start:] += white(n - start, rng) * decay(n - start, 0.03 if late_s < 0.03 else 0.2)
    return peak_to(bandpass(x, 900, 4500), 0.3 * velocity)


_METAL = np.array([2.0, 3.0, 4.16, 5.43, 6.79, 8.21, 9.7, 11.3, 13.1, 15.7])


def _cymbal(velocity: float, rng: Rng, ring_s: float, floor_hz: float, level: float) -> Float32:
    n = samples(min(ring_s, 1.6))
    metal = modal(
        1180 * _METAL * rng.uniform(0.98, 1.02, _METAL.shape), rng.uniform(0.3, 1, 10), ring_s, n
    )
    hiss = highpass(white(n, rng), floor_hz) * decay(n, ring_s)
    return peak_to(hiss + np.float32(0.12) * metal, level * velocity)


def hat(velocity: float, rng: Rng) -> Float32:
    """Tap the closed hi-hat."""
    return _cymbal(velocity, rng, 0.07, 6500, 0.16)


def open_hat(velocity: float, rng: Rng) -> Float32:
    """Tap the open hi-hat."""
    return _cymbal(velocity, rng, 0.45, 6000, 0.15)


def ride(velocity: float, rng: Rng) -> Float32:
    """Play the ride cymbal: a ping with a wash behind it."""
    wash = _cymbal(velocity, rng, 0.9, 5200, 0.07)
    ping = modal([3150, 4870, 6410], [1.0, 0.6, 0.5], [0.5, 0.4, 0.3], len(wash))
    return wash + peak_to(ping, 0.07 * velocity)


def crash(velocity: float, rng: Rng) -> Float32:
    """Crash a cymbal."""
    return _cymbal(velocity, rng, 1.6, 3200, 0.26)


def shaker(velocity: float, rng: Rng) -> Float32:
    """Shake a shaker: a soft-edged hiss."""
    n = samples(0.11)
    swell = np.sin(np.linspace(0, np.pi, n, dtype=np.float32)) ** 2
    return peak_to(bandpass(white(n, rng), 5500, 12000) * swell, 0.12 * velocity)


def _drum(pitch_hz: float, ring_s: float, velocity: float, rng: Rng) -> Float32:
    n = samples(ring_s)
    body = _swept(n, pitch_hz * 1.35, pitch_hz, 0.05) * decay(n, ring_s)
    overtone = modal([pitch_hz * 1.59, pitch_hz * 2.14], [0.4, 0.25], ring_s * 0.5, n)
    skin = lowpass(white(n, rng), 3000) * decay(n, 0.03)
    return peak_to(body + overtone + np.float32(0.3) * skin, 0.38 * velocity)


def low_tom(velocity: float, rng: Rng) -> Float32:
    """Beat the floor tom."""
    return _drum(88, 0.6, velocity, rng)


def tom(velocity: float, rng: Rng) -> Float32:
    """Beat the middle tom."""
    return _drum(132, 0.45, velocity, rng)


def conga(velocity: float, rng: Rng) -> Float32:
    """Beat a hand drum."""
    return _drum(rng.choice([196.0, 262.0]), 0.28, velocity, rng) * np.float32(0.9)


def timpani(velocity: float, rng: Rng) -> Float32:
    """Beat a kettledrum on A."""
    n = samples(1.6)
    ratios = np.array([1.0, 1.5, 1.99, 2.44, 2.89]) * rng.uniform(0.995, 1.005)
    x = modal(110 * ratios, [1.0, 0.8, 0.5, 0.3, 0.2], [1.6, 1.3, 1.0, 0.8, 0.6], n)
    return peak_to(x, 0.5 * velocity)


KIT: dict[str, Callable[[float, Rng], Float32]] = {
    "kick": kick,
    "snare": snare,
    "rim": rim,
    "clap": clap,
    "hat": hat,
    "open_hat": open_hat,
    "ride": ride,
    "crash": crash,
    "shaker": shaker,
    "low_tom": low_tom,
    "tom": tom,
    "conga": conga,
    "timpani": timpani,
}

"""Instruments that ring after one blow or pluck: strings, bars, bells, and the basses.

Each plays one note, ``(pitch_hz, duration_s, velocity, rng)``: mono float32 at 48 kHz, about
-12 dBFS at full velocity, longer than ``duration_s`` by what the instrument rings on. Velocity
(0..1) changes the colour as well as the level, as it does on the real thing.
"""

from __future__ import annotations

import numpy as np

from traumbox.domain import Float32
from traumbox.synth.signal import (
    bandpass,
    decay,
    envelope,
    harmonics,
    level_of,
    lowpass,
    modal,
    peak_to,
    read_table,
    running_phase,
    samples,
    wavetable,
    white,
)

Rng = np.random.Generator


def _damped(x: Float32, duration_s: float, fade_s: float) -> Float32:
    """Let go of a ringing note after ``duration_s``: it dies away within ``fade_s``."""
    start = min(samples(duration_s), len(x) - 1)
    x[start:] *= decay(len(x) - start, fade_s * 2)
    return x


def piano(pitch_hz: float, duration_s: float, velocity: float, rng: Rng) -> Float32:
    """Play struck strings: stretched partials, two decay rates, three strings a note, a thump."""
    k = harmonics(int(np.clip(9_000 / pitch_hz, 4, 36)))
    stiffness = 0.0001 * (pitch_hz / 220.0) ** 1.3
    freq = k * pitch_hz * np.sqrt(1 + stiffness * k**2)
    comb = np.abs(np.sin(np.pi * k / 8)) + 0.08  # the hammer strikes at an eighth of the string
    amp = comb * np.exp(-k * (0.55 - 0.38 * velocity) * (pitch_hz / 260.0) ** 0.5) / k**0.4
    ring_s = np.clip(9.0 * (220.0 / pitch_hz) ** 0.6, 0.9, 14.0) / (1 + 0.12 * k)
    n = samples(min(duration_s, 6.0) + 0.5)
    phases = rng.uniform(0, 2 * np.pi, k.shape)
    spread = 1 + 0.0004 * rng.uniform(0.5, 1.5)
    x = modal(
        np.concatenate([freq, freq * spread, freq / spread]),
        np.concatenate([amp, 0.5 * amp, 0.35 * amp]),
        np.concatenate([ring_s * 0.45, ring_s, ring_s * 1.2]),
        n,
        np.concatenate([phases, phases + 0.3, phases - 0.2]),
    )
    x = peak_to(x, level_of(velocity))
    thump = samples(0.05)
    knock = lowpass(white(thump, rng), 900.0) * decay(thump, 0.04)
    x[:thump] += knock * np.float32(0.05 * velocity)
    return _damped(x, duration_s, 0.35)


def electric_piano(pitch_hz: float, duration_s: float, velocity: float, rng: Rng) -> Float32:
    """Play a tine and its tone bar, by FM: a bell-like attack over a round tone."""
    n = samples(min(duration_s, 5.0) + 0.4)
    phase = 2 * np.pi * running_phase(pitch_hz, n, start=rng.random())
    tine = decay(n, 0.5) * (0.6 * velocity) * np.sin(14 * phase)
    bar = decay(n, 2.2) * (1.6 * velocity) * np.sin(phase)
    x = (np.sin(phase + bar) + 0.35 * np.sin(phase + tine)).astype(np.float32)
    x *= decay(n, np.clip(5.0 * (220 / pitch_hz) ** 0.4, 1.5, 7.0))
    x[: samples(0.003)] *= np.linspace(0, 1, samples(0.003), dtype=np.float32)
    return _damped(peak_to(x, level_of(velocity)), duration_s, 0.25)


def _plucked(
    pitch_hz: float,
    duration_s: float,
    velocity: float,
    rng: Rng,
    *,
    where: float,
    ring_s: float,
    dull: float,
) -> Float32:
    """Pluck a string at the fraction ``where`` of its length (the modes of Karplus and Strong)."""
    k = harmonics(int(np.clip(11_000 / pitch_hz, 4, 40)))
    amp = np.abs(np.sin(np.pi * k * where)) / k ** (1.0 + dull - 0.5 * velocity)
    amp *= rng.uniform(0.7, 1.3, k.shape)
    loss = 1 + dull * 0.06 * k**1.5 * (pitch_hz / 220.0) ** 0.4
    times = ring_s * np.clip((220.0 / pitch_hz) ** 0.5, 0.35, 2.2) / loss
    n = samples(min(duration_s, 4.0) + 0.3)
    freq = k * pitch_hz * np.sqrt(1 + 3e-5 * k**2)
    x = modal(freq, amp, times, n, rng.uniform(-0.4, 0.4, k.shape))
    pick = samples(0.012)
    x[:pick] += bandpass(white(pick, rng), 1500.0, 7000.0) * decay(pick, 0.012) * np.float32(0.12)
    return _damped(peak_to(x, level_of(velocity)), duration_s, 0.2)


def guitar(pitch_hz: float, duration_s: float, velocity: float, rng: Rng) -> Float32:
    """Play a steel-strung guitar with the low resonance of its body."""
    x = _plucked(pitch_hz, duration_s, velocity, rng, where=0.17, ring_s=4.0, dull=0.55)
    body = bandpass(x, 90.0, 260.0)
    return peak_to(x + np.float32(0.6) * body, level_of(velocity))


def harp(pitch_hz: float, duration_s: float, velocity: float, rng: Rng) -> Float32:
    """Play a harp: plucked in the middle, so round, and left to ring."""
    return _plucked(
        pitch_hz, duration_s + 0.9, velocity * 0.9, rng, where=0.46, ring_s=4.5, dull=0.9
    )


def harpsichord(pitch_hz: float, duration_s: float, velocity: float, rng: Rng) -> Float32:
    """Play two choirs of strings plucked near the end: all edge, one loudness."""
    low = _plucked(pitch_hz, duration_s, 0.9, rng, where=0.09, ring_s=3.2, dull=0.12)
    high = _plucked(pitch_hz * 2.001, duration_s, 0.9, rng, where=0.09, ring_s=2.4, dull=0.12)
    return peak_to(low + np.float32(0.5) * high, level_of(0.4 + 0.4 * velocity))


def pizzicato(pitch_hz: float, duration_s: float, velocity: float, rng: Rng) -> Float32:
    """Play a violin string plucked with the finger: short and wooden."""
    return _plucked(pitch_hz, min(duration_s, 0.25), velocity, rng, where=0.3, ring_s=0.7, dull=1.2)


def bass_guitar(pitch_hz: float, duration_s: float, velocity: float, rng: Rng) -> Float32:
    """Play an electric bass, played with the fingers."""
    return lowpass(
        _plucked(pitch_hz, duration_s, velocity, rng, where=0.24, ring_s=2.6, dull=0.9), 1800.0
    ) * np.float32(1.3)


def synth_bass(pitch_hz: float, duration_s: float, velocity: float, rng: Rng) -> Float32:
    """Play a sawtooth through a filter that closes: the bass of dance music."""
    n = samples(duration_s + 0.06)
    cycles = running_phase(pitch_hz, n, start=rng.random())
    k = harmonics(48)
    bright = read_table(wavetable(1 / k, pitch_hz), cycles)
    dark = read_table(wavetable(np.exp(-0.7 * (k - 1)) / k, pitch_hz), cycles)
    sweep = decay(n, 0.5) * np.float32(0.3 + 0.7 * velocity)
    x = dark + sweep * (bright - dark)
    return peak_to(x, level_of(velocity) * 1.3) * envelope(n, 0.004, 0.05, 0.8)


def sub_bass(pitch_hz: float, duration_s: float, velocity: float, rng: Rng) -> Float32:
    """Play a sine with a little warmth: felt rather than heard."""
    n = samples(duration_s + 0.12)
    table = wavetable([1.0, 0.12, 0.05, 0.02], pitch_hz)
    x = read_table(table, running_phase(pitch_hz, n, start=rng.random()))
    return peak_to(x, level_of(velocity) * 1.7) * envelope(n, 0.02, 0.1, 0.9)


_BAR = np.array([1.0, 3.93, 9.2, 16.2])
_GLOCKENSPIEL = np.array([1.0, 2.756, 5.404, 8.933])
_BELL = np.array([0.5, 1.0, 1.19, 1.5, 2.0, 2.51, 2.66, 3.01, 4.17, 5.43, 6.8])


def marimba(pitch_hz: float, duration_s: float, velocity: float, rng: Rng) -> Float32:
    """Play a wooden bar over a resonator, struck with a soft mallet."""
    n = samples(min(max(duration_s, 0.5), 1.2))
    amp = np.array([1.0, 0.35 * velocity, 0.16 * velocity, 0.05]) * rng.uniform(0.8, 1.2, 4)
    ring_s = 1.3 * (260 / pitch_hz) ** 0.6 / np.array([1.0, 5.0, 12.0, 20.0])
    return peak_to(modal(_BAR * pitch_hz, amp, ring_s, n), level_of(velocity))


def vibraphone(pitch_hz: float, duration_s: float, velocity: float, rng: Rng) -> Float32:
    """Play a metal bar with a turning fan in its resonator: the slow tremolo."""
    n = samples(min(duration_s + 0.8, 5.0))
    amp = np.array([1.0, 0.22 * velocity, 0.06, 0.02])
    ring_s = 5.0 * (350 / pitch_hz) ** 0.5 / np.array([1.0, 3.0, 8.0, 12.0])
    x = modal(_BAR * pitch_hz, amp, ring_s, n)
    t = np.arange(n) / 48_000
    fan = (0.8 + 0.2 * np.sin(2 * np.pi * (5.2 * t + rng.random()))).astype(np.float32)
    return _damped(peak_to(x * fan, level_of(velocity)), duration_s + 0.4, 0.4)


def glockenspiel(pitch_hz: float, duration_s: float, velocity: float, rng: Rng) -> Float32:
    """Play small steel bars: celesta, music box, glockenspiel."""
    n = samples(min(duration_s + 1.0, 3.0))
    amp = np.array([1.0, 0.4 * velocity, 0.22 * velocity, 0.1]) * rng.uniform(0.8, 1.2, 4)
    ring_s = 3.0 * (900 / pitch_hz) ** 0.4 / np.array([1.0, 2.5, 5.0, 9.0])
    return peak_to(modal(_GLOCKENSPIEL * pitch_hz, amp, ring_s, n), level_of(velocity) * 0.9)


def bell(pitch_hz: float, duration_s: float, velocity: float, rng: Rng) -> Float32:
    """Play a cast bell: hum, prime, minor tierce, quint, nominal and above (Rossing's ratios)."""
    n = samples(min(duration_s + 3.0, 8.0))
    amp = np.array([0.5, 0.8, 0.6, 0.25, 1.0, 0.4, 0.4, 0.35, 0.3, 0.2, 0.15])
    amp = amp * rng.uniform(0.75, 1.25, amp.shape) * velocity ** (_BELL / 6)
    ring_s = 9.0 / (_BELL**0.9) * (300 / pitch_hz) ** 0.3
    return peak_to(modal(_BELL * pitch_hz, amp, ring_s, n), level_of(velocity))

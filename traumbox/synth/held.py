"""Instruments that hold a tone: pipes, reeds, bows, lips, oscillators, voices.

Each plays one note, ``(pitch_hz, duration_s, velocity, rng)``: mono float32 at 48 kHz, about
-12 dBFS at full velocity, longer than ``duration_s`` by what the instrument rings on. Velocity
(0..1) changes the colour as well as the level, as it does on the real thing.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from traumbox.domain import Float32
from traumbox.synth.signal import (
    bandpass,
    decay,
    envelope,
    harmonics,
    highpass,
    level_of,
    lowpass,
    peak_to,
    read_table,
    running_phase,
    samples,
    wavetable,
    white,
)

Rng = np.random.Generator


def _held(
    tables: tuple[Float32, Float32],
    pitch_hz: float,
    duration_s: float,
    rng: Rng,
    *,
    attack_s: float,
    release_s: float,
    players: int = 1,
    spread_cents: float = 8.0,
    vibrato_cents: float = 0.0,
    bright: float = 1.0,
    swell: float = 0.0,
) -> Float32:
    """Hold a tone between a dark and a bright wavetable, by one player or an ensemble.

    ``bright`` (0..1) blends the two tables; ``swell`` lets the brightness grow within the note.
    """
    n = samples(duration_s + release_s)
    rise = np.linspace(1 - swell, 1.0, n, dtype=np.float32) * np.float32(bright)
    x = np.zeros(n, dtype=np.float32)
    for player in range(players):
        cents = spread_cents * (2 * player / max(1, players - 1) - 1) if players > 1 else 0.0
        cycles = running_phase(
            pitch_hz * 2 ** (cents / 1200),
            n,
            vibrato_cents=vibrato_cents,
            vibrato_hz=rng.uniform(4.8, 6.0),
            start=rng.random(),
        )
        dark = read_table(tables[0], cycles)
        x += dark + rise * (read_table(tables[1], cycles) - dark)
    return x * envelope(n, attack_s, release_s, 0.92)


def organ(pitch_hz: float, duration_s: float, velocity: float, rng: Rng) -> Float32:
    """Play pipes of 8', 4', 2 2/3', 2' and a mixture: no decay, no touch."""
    ranks = np.zeros(16)
    ranks[[0, 1, 2, 3, 5, 7, 11, 15]] = [1.0, 0.7, 0.45, 0.5, 0.28, 0.3, 0.15, 0.12]
    full = wavetable(ranks, pitch_hz, rng.uniform(0, 6, 16))
    x = _held(
        (full, full),
        pitch_hz,
        duration_s,
        rng,
        attack_s=0.03,
        release_s=0.12,
        players=2,
        spread_cents=2,
    )
    chiff = min(samples(0.04), len(x))
    x[:chiff] += (
        bandpass(white(chiff, rng), pitch_hz * 2, pitch_hz * 5)
        * decay(chiff, 0.06)
        * np.float32(0.1)
    )
    return peak_to(x, level_of(0.3 + 0.6 * velocity))


def accordion(pitch_hz: float, duration_s: float, velocity: float, rng: Rng) -> Float32:
    """Play two free reeds a little apart, beating."""
    k = harmonics(30)
    reed = wavetable((1 - 0.3 * (k % 2 == 0)) / k**0.75 * np.exp(-k / 18), pitch_hz)
    x = _held(
        (reed, reed),
        pitch_hz,
        duration_s,
        rng,
        attack_s=0.05,
        release_s=0.08,
        players=2,
        spread_cents=9,
    )
    return peak_to(x, level_of(velocity))


def strings(pitch_hz: float, duration_s: float, velocity: float, rng: Rng) -> Float32:
    """Play a bowed section: sawtooth through the bridge's hills, four desks with own vibratos."""
    k = harmonics(60)
    freq = k * pitch_hz
    hills = (
        1 + 1.2 * np.exp(-(((freq - 450) / 200) ** 2)) + 1.6 * np.exp(-(((freq - 2700) / 900) ** 2))
    )
    saw = hills / k / np.sqrt(1 + (freq / 5500) ** 4)
    tables = wavetable(saw * np.exp(-k / 9), pitch_hz), wavetable(saw, pitch_hz)
    attack_s = float(np.clip(0.22 - 0.16 * velocity, 0.05, 0.5 * duration_s + 0.01))
    x = _held(
        tables,
        pitch_hz,
        duration_s,
        rng,
        attack_s=attack_s,
        release_s=0.25,
        players=4,
        spread_cents=9,
        vibrato_cents=14,
        bright=0.3 + 0.7 * velocity,
        swell=0.3,
    )
    return peak_to(x, level_of(velocity))


def solo_violin(pitch_hz: float, duration_s: float, velocity: float, rng: Rng) -> Float32:
    """Play one bowed string with a wide vibrato and a breath of rosin."""
    k = harmonics(50)
    freq = k * pitch_hz
    hills = 1 + np.exp(-(((freq - 500) / 150) ** 2)) + 2 * np.exp(-(((freq - 3000) / 800) ** 2))
    saw = hills / k**0.95 / np.sqrt(1 + (freq / 6500) ** 4)
    tables = wavetable(saw * np.exp(-k / 10), pitch_hz), wavetable(saw, pitch_hz)
    x = _held(
        tables,
        pitch_hz,
        duration_s,
        rng,
        attack_s=0.07,
        release_s=0.12,
        vibrato_cents=26,
        bright=0.4 + 0.6 * velocity,
        swell=0.2,
    )
    return peak_to(x, level_of(velocity))


def brass(pitch_hz: float, duration_s: float, velocity: float, rng: Rng) -> Float32:
    """Play trumpets and trombones: the louder and the further into the note, the brighter."""
    k = harmonics(40)
    freq = k * pitch_hz
    loud = np.exp(-(((np.log2(freq / 1200)) / 1.7) ** 2)) / k**0.3
    soft = loud * np.exp(-k / 3.5)
    x = _held(
        (wavetable(soft, pitch_hz), wavetable(loud, pitch_hz)),
        pitch_hz,
        duration_s,
        rng,
        attack_s=0.045,
        release_s=0.09,
        players=2,
        spread_cents=4,
        vibrato_cents=5,
        bright=0.25 + 0.75 * velocity,
        swell=0.25,
    )
    return peak_to(x, level_of(velocity))


def flute(pitch_hz: float, duration_s: float, velocity: float, rng: Rng) -> Float32:
    """Play nearly a sine, with breath around it and a slow vibrato."""
    table = wavetable([1.0, 0.28 * velocity, 0.14 * velocity, 0.04, 0.02], pitch_hz)
    x = _held(
        (table, table), pitch_hz, duration_s, rng, attack_s=0.07, release_s=0.1, vibrato_cents=10
    )
    breath = bandpass(white(len(x), rng), pitch_hz * 0.9, min(pitch_hz * 4, 18_000)) * np.float32(
        0.05
    )
    x += breath * envelope(len(x), 0.03, 0.1, 0.6)
    return peak_to(x, level_of(velocity))


def clarinet(pitch_hz: float, duration_s: float, velocity: float, rng: Rng) -> Float32:
    """Play a cylinder closed at one end: the odd harmonics."""
    k = harmonics(24)
    odd = np.where(k % 2 == 1, 1.0, 0.06 * k**0.5) / k**1.1 * np.exp(-k / 14)
    tables = wavetable(odd * np.exp(-k / 4), pitch_hz), wavetable(odd, pitch_hz)
    x = _held(
        tables,
        pitch_hz,
        duration_s,
        rng,
        attack_s=0.05,
        release_s=0.09,
        vibrato_cents=4,
        bright=velocity,
    )
    return peak_to(x, level_of(velocity))


def pad(pitch_hz: float, duration_s: float, velocity: float, rng: Rng) -> Float32:
    """Play a wide, slow synthesiser: five detuned oscillators behind a soft filter."""
    k = harmonics(24)
    tables = (
        wavetable(np.exp(-k / 2.2), pitch_hz, rng.uniform(0, 6, 24)),
        wavetable(np.exp(-k / 6) / k**0.5, pitch_hz, rng.uniform(0, 6, 24)),
    )
    attack_s = min(0.9, 0.4 * duration_s + 0.02)
    x = _held(
        tables,
        pitch_hz,
        duration_s,
        rng,
        attack_s=attack_s,
        release_s=1.2,
        players=5,
        spread_cents=13,
        bright=velocity,
        swell=0.6,
    )
    return peak_to(x, level_of(velocity) * 0.9)


def lead(pitch_hz: float, duration_s: float, velocity: float, rng: Rng) -> Float32:
    """Play a cutting synthesiser: two sawtooth waves and a pulse."""
    k = harmonics(64)
    saw = wavetable(1 / k, pitch_hz)
    pulse = wavetable(np.abs(np.sin(np.pi * k * 0.3)) / k, pitch_hz)
    x = _held(
        (pulse, saw),
        pitch_hz,
        duration_s,
        rng,
        attack_s=0.006,
        release_s=0.08,
        players=2,
        spread_cents=11,
        vibrato_cents=9,
        bright=0.4 + 0.6 * velocity,
    )
    return peak_to(x, level_of(velocity) * 0.9)


def distorted_guitar(pitch_hz: float, duration_s: float, velocity: float, rng: Rng) -> Float32:
    """Play a power chord (root, fifth, octave) into an overdriven amplifier and its cabinet."""
    n = samples(duration_s + 0.06)
    k = harmonics(24)
    string = wavetable(np.abs(np.sin(np.pi * k * 0.13)) / k, pitch_hz)
    chord = sum(
        (
            read_table(string, running_phase(pitch_hz * ratio, n, start=rng.random()))
            for ratio in (1.0, 1.4983, 2.0)
        ),
        start=np.zeros(n, dtype=np.float32),
    )
    driven = np.tanh(chord * np.float32(6.0 + 10.0 * velocity) * decay(n, 9.0))
    cabinet = lowpass(highpass(driven, 85.0), 4600.0)
    return peak_to(cabinet, level_of(velocity) * 0.8) * envelope(n, 0.004, 0.05, 0.9)


_VOWELS = {
    "a": ((730, 1090, 2440), (1.0, 0.5, 0.13)),
    "o": ((500, 850, 2400), (1.0, 0.35, 0.07)),
    "u": ((320, 800, 2250), (1.0, 0.2, 0.04)),
    "e": ((480, 1900, 2500), (1.0, 0.28, 0.18)),
    "i": ((290, 2250, 3000), (1.0, 0.22, 0.16)),
}


def vowel_amps(vowel: str, pitch_hz: float, *, size: float = 1.0) -> NDArray[np.float64]:
    """Return the harmonic amplitudes of a sung or spoken vowel (Peterson and Barney's formants).

    ``size`` scales the formants: 1 a man's vocal tract, 1.17 a woman's, 1.35 a child's.
    """
    k = harmonics(int(np.clip(5_500 / pitch_hz, 4, 60)))
    freq = k * pitch_hz
    centres, heights = _VOWELS[vowel]
    amp = np.full(k.shape, 0.004)
    for centre_hz, height in zip(centres, heights, strict=True):
        width_hz = 60 + 0.06 * centre_hz
        amp += height / (1 + ((freq - centre_hz * size) / width_hz) ** 2)
    return amp * (200 / (200 + freq)) ** 0.5


def choir(pitch_hz: float, duration_s: float, velocity: float, rng: Rng) -> Float32:
    """Sing a vowel that opens, in unison, breathing."""
    size = 1.0 if pitch_hz < 260 else 1.17
    first, second = rng.choice(["u", "o"]), rng.choice(["a", "o"])
    tables = (
        wavetable(vowel_amps(first, pitch_hz, size=size), pitch_hz),
        wavetable(vowel_amps(second, pitch_hz, size=size), pitch_hz),
    )
    attack_s = min(0.25, 0.4 * duration_s + 0.02)
    x = _held(
        tables,
        pitch_hz,
        duration_s,
        rng,
        attack_s=attack_s,
        release_s=0.35,
        players=5,
        spread_cents=14,
        vibrato_cents=18,
        bright=velocity,
        swell=0.7,
    )
    breath = bandpass(white(len(x), rng), 2000.0, 6000.0) * envelope(len(x), 0.2, 0.3)
    return peak_to(x + np.float32(0.03) * breath, level_of(velocity))


def singer(pitch_hz: float, duration_s: float, velocity: float, rng: Rng) -> Float32:
    """Sing alone: a consonant's breath, a vowel that opens, a vibrato that is no one else's."""
    size = 1.0 if pitch_hz < 230 else 1.17
    first, second = rng.choice(list(_VOWELS), 2)
    tables = (
        wavetable(vowel_amps(first, pitch_hz, size=size), pitch_hz),
        wavetable(vowel_amps(second, pitch_hz, size=size), pitch_hz),
    )
    x = _held(
        tables,
        pitch_hz,
        duration_s,
        rng,
        attack_s=0.06,
        release_s=0.1,
        vibrato_cents=float(rng.uniform(12, 30)) if duration_s > 0.35 else 6.0,
        bright=velocity,
        swell=0.9,
    )
    hiss = min(samples(rng.uniform(0.03, 0.09)), len(x))
    if rng.random() < 0.5:
        low_hz = float(rng.choice([1500.0, 3000.0, 4500.0]))
        noise = bandpass(white(hiss, rng), low_hz, low_hz * 2) * envelope(hiss, 0.01, 0.02)
        x[:hiss] += noise * np.float32(0.15)
    return peak_to(x, level_of(velocity))

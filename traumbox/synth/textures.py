"""Sounds without a beat or a key: noise, weather, water, birds, a murmuring voice.

Each fills a length, ``(duration_s, rng)`` -> stereo float32[n, 2] at 48 kHz, about -20 dBFS RMS.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from traumbox.domain import SAMPLE_RATE_HZ, Float32
from traumbox.synth.held import vowel_amps
from traumbox.synth.signal import (
    bandpass,
    decay,
    envelope,
    highpass,
    lowpass,
    pink,
    read_table,
    samples,
    wander,
    wavetable,
    white,
)

Rng = np.random.Generator
_RMS = 0.1


def _stereo(left: Float32, right: Float32) -> Float32:
    x = np.stack([left, right], axis=1)
    rms = float(np.sqrt(np.mean(x**2))) or 1.0
    out: Float32 = x * np.float32(_RMS / rms)
    return out


def white_noise(duration_s: float, rng: Rng) -> Float32:
    """Hiss evenly at all frequencies."""
    n = samples(duration_s)
    return _stereo(white(n, rng), white(n, rng))


def pink_noise(duration_s: float, rng: Rng) -> Float32:
    """Hiss evenly in every octave: like a waterfall far off."""
    n = samples(duration_s)
    return _stereo(pink(n, rng), pink(n, rng))


def brown_noise(duration_s: float, rng: Rng) -> Float32:
    """Rumble: noise that falls by 6 dB an octave."""
    n = samples(duration_s)
    edge_hz = rng.uniform(120, 400)
    return _stereo(lowpass(pink(n, rng), edge_hz, 1), lowpass(pink(n, rng), edge_hz, 1))


def wind(duration_s: float, rng: Rng) -> Float32:
    """Blow: bands of noise that rise and fall in gusts, now low, now whistling."""
    n = samples(duration_s)
    gust = wander(n, 0.35, rng)
    sides = []
    for _ in range(2):
        source = pink(n, rng)
        low = bandpass(source, 90, 420) * (np.float32(0.3) + gust)
        middle = bandpass(source, 350, 1100) * gust**2 * np.float32(1.6)
        whistle = bandpass(source, 900, 1250, 3) * gust**3 * np.float32(1.2)
        sides.append(low + middle + whistle)
    return _stereo(sides[0], sides[1])


def rain(duration_s: float, rng: Rng) -> Float32:
    """Rain: a bed of hiss and single drops all over the place."""
    n = samples(duration_s)
    sides = []
    for _ in range(2):
        bed = highpass(pink(n, rng), 1200) * 0.5
        drops = np.zeros(n, dtype=np.float32)
        at = rng.integers(0, n, int(duration_s * rng.uniform(120, 400)))
        drops[at] = rng.uniform(0.5, 6.0, len(at)) * rng.choice([-1, 1], len(at))
        sides.append((bed + 3 * bandpass(drops, 1500, 9000)).astype(np.float32))
    return _stereo(sides[0], sides[1])


def sea(duration_s: float, rng: Rng) -> Float32:
    """Waves coming in: swells of noise that brighten as they break."""
    n = samples(duration_s)
    t = np.arange(n) / SAMPLE_RATE_HZ
    period_s = rng.uniform(4.5, 8.0)
    swell = (0.5 + 0.5 * np.sin(2 * np.pi * (t / period_s + rng.random()))) ** 2
    swell = 0.15 + swell * (0.6 + 0.4 * wander(n, 0.3, rng))
    rise: Float32 = swell.astype(np.float32)
    sides = []
    for _ in range(2):
        source = pink(n, rng)
        foam = highpass(source, 1800) * rise**2 * np.float32(1.2)
        sides.append(lowpass(source, 700) * rise + foam)
    return _stereo(sides[0], sides[1])


def crackle(duration_s: float, rng: Rng) -> Float32:
    """Crackle like fire or old vinyl: clicks of all sizes over a faint hum of hiss."""
    n = samples(duration_s)
    sides = []
    for _ in range(2):
        clicks = np.zeros(n, dtype=np.float32)
        at = rng.integers(0, n, int(duration_s * rng.uniform(10, 45)))
        clicks[at] = rng.pareto(1.8, len(at)).clip(0, 12) * rng.choice([-1, 1], len(at))
        ticks = np.tanh(bandpass(clicks, 900, 8000) * 2)
        sides.append(ticks + pink(n, rng) * np.float32(0.03))
    return _stereo(sides[0], sides[1])


def birds(duration_s: float, rng: Rng) -> Float32:
    """Birdsong: phrases of quick whistled sweeps between 2 and 6 kHz, with rests."""
    n = samples(duration_s)
    x = np.zeros((n, 2), dtype=np.float32)
    at_s = rng.uniform(0, 0.6)
    while at_s < duration_s:
        centre_hz = rng.uniform(1900, 6500)
        side = rng.uniform(0.2, 0.8)
        trill = rng.random() < 0.3  # one call again and again
        call = _call(centre_hz, rng)
        for _ in range(int(rng.integers(1, 10))):
            call = call if trill else _call(centre_hz, rng)
            start = samples(at_s)
            if start + len(call) >= n:
                break
            x[start : start + len(call)] += call[:, np.newaxis] * np.array([1 - side, side])
            at_s += len(call) / SAMPLE_RATE_HZ + rng.uniform(0.01, 0.09)
        at_s += rng.exponential(0.7) + 0.15
    bed = np.float32(10 ** rng.uniform(-3.0, -1.6))
    x += bed * np.stack([pink(n, rng), pink(n, rng)], axis=1)
    return _stereo(x[:, 0], x[:, 1])


def _call(centre_hz: float, rng: Rng) -> Float32:
    """Return one whistled sweep, mono float32[n]."""
    length = samples(rng.uniform(0.04, 0.25))
    turn = wander(length, rng.uniform(4, 16), rng) - 0.5
    freq = centre_hz * 2 ** (turn * rng.uniform(0.2, 1.0))
    chirp = np.sin(2 * np.pi * np.cumsum(freq) / SAMPLE_RATE_HZ).astype(np.float32)
    return chirp * envelope(length, 0.012, 0.02)


def speech(duration_s: float, rng: Rng) -> Float32:
    """Murmur like someone talking: gliding pitch, changing vowels, hissed consonants, pauses."""
    n = samples(duration_s)
    x = np.zeros(n, dtype=np.float32)
    base_hz, size = (
        (rng.uniform(90, 140), 1.0) if rng.random() < 0.5 else (rng.uniform(170, 240), 1.17)
    )
    at_s, phrase_left = rng.uniform(0, 0.3), int(rng.integers(5, 14))
    while at_s < duration_s - 0.3:
        length = samples(rng.uniform(0.1, 0.26))
        start = samples(at_s)
        if rng.random() < 0.6:
            hiss = samples(rng.uniform(0.03, 0.09))
            low_hz = rng.choice([1500.0, 3000.0, 4500.0])
            noise = bandpass(white(hiss, rng), low_hz, low_hz * 2) * envelope(hiss, 0.01, 0.02)
            x[start : start + hiss] += noise[: n - start] * np.float32(0.16)
            start += hiss
        voiced = _syllable(length, base_hz * (1.0 + 0.035 * phrase_left), size, rng)[
            : max(0, n - start)
        ]
        x[start : start + len(voiced)] += voiced
        at_s = (start + length) / SAMPLE_RATE_HZ + rng.uniform(0.0, 0.05)
        phrase_left -= 1
        if phrase_left < 0:
            at_s += rng.uniform(0.25, 0.8)
            phrase_left = int(rng.integers(5, 14))
    x += pink(n, rng) * np.float32(0.002)
    return _stereo(x, x)


def _syllable(length: int, pitch_hz: float, size: float, rng: Rng) -> Float32:
    """Return one voiced syllable float32[length], gliding from one vowel to another."""
    first, second = rng.choice(["a", "o", "u", "e", "i"], 2)
    glide = pitch_hz * np.linspace(1.0, rng.uniform(0.82, 1.1), length)
    jitter = 1 + 0.012 * (wander(length, 30, rng) - 0.5)
    cycles = np.cumsum(glide * jitter) / SAMPLE_RATE_HZ
    blend = np.linspace(0, 1, length, dtype=np.float32)
    one = read_table(wavetable(vowel_amps(first, pitch_hz, size=size), pitch_hz), cycles)
    two = read_table(wavetable(vowel_amps(second, pitch_hz, size=size), pitch_hz), cycles)
    return (one + blend * (two - one)) * envelope(length, 0.025, 0.05) * np.float32(0.3)


def heartbeat(duration_s: float, rng: Rng) -> Float32:
    """Thud low and double, like a heart heard through a wall."""
    n = samples(duration_s)
    x = np.zeros(n, dtype=np.float32)
    thud = samples(0.25)
    body = np.sin(2 * np.pi * 42 * np.arange(thud) / SAMPLE_RATE_HZ).astype(np.float32)
    body *= decay(thud, 0.3)
    for beat_s in np.arange(0.1, duration_s, 60 / rng.uniform(55, 75)):
        for late_s, level in ((0.0, 1.0), (0.28, 0.7)):
            start = samples(beat_s + late_s)
            part = body[: max(0, n - start)]
            x[start : start + len(part)] += part * np.float32(level)
    return _stereo(x, x)


def applause(duration_s: float, rng: Rng) -> Float32:
    """Clap: dozens of pairs of hands, each with its own pace and its own hollow."""
    n = samples(duration_s)
    x = np.zeros((n, 2), dtype=np.float32)
    for _ in range(int(rng.integers(12, 60))):
        clap = samples(rng.uniform(0.01, 0.03))
        centre_hz, side = rng.uniform(700, 2600), rng.uniform(0.1, 0.9)
        hands = bandpass(white(clap, rng), centre_hz * 0.6, centre_hz * 1.8) * decay(clap, 0.025)
        for at_s in np.arange(rng.uniform(0, 0.4), duration_s, rng.uniform(0.18, 0.4)):
            start = samples(at_s + rng.normal(0, 0.012)) if at_s > 0.05 else 0
            part = hands[: max(0, n - start)] * np.float32(rng.uniform(0.5, 1.0))
            x[start : start + len(part)] += part[:, np.newaxis] * np.array([1 - side, side])
    x += np.float32(0.01) * np.stack([pink(n, rng), pink(n, rng)], axis=1)
    return _stereo(x[:, 0], x[:, 1])


TEXTURES: dict[str, Callable[[float, Rng], Float32]] = {
    "white noise": white_noise,
    "pink noise": pink_noise,
    "brown noise": brown_noise,
    "wind": wind,
    "rain": rain,
    "sea": sea,
    "crackle": crackle,
    "birds": birds,
    "speech": speech,
    "heartbeat": heartbeat,
    "applause": applause,
}

"""A library of three-minute tracks for the benchmark, quick to make and different in sound."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import soundfile

from traumbox.domain import Float32, Tags
from traumbox.synth.files import write_piece

TRACK_S = 180
TRACKS = 32
RATE_HZ = 44_100
MIX_S = 3 * 3600
FORMATS = (".flac", ".mp3", ".ogg", ".m4a")


def write_library(folder: Path) -> list[Path]:
    """Write the tracks, stereo at 44.1 kHz, a quarter each in FLAC, MP3, OGG and M4A."""
    paths = []
    for number in range(TRACKS):
        path = folder / f"{number:02}{FORMATS[number % len(FORMATS)]}"
        tags = Tags(title=f"Track {number}", artist=f"Artist {number % 8}", album="Bench")
        write_piece(path, _music(number), RATE_HZ, tags)
        paths.append(path)
    return paths


def _music(number: int) -> Float32:
    """Return chords over a beat with noise: float32[n, 2], as hard to encode as music is."""
    rng = np.random.default_rng(number)
    time_s = np.arange(TRACK_S * RATE_HZ, dtype=np.float32) / RATE_HZ
    root_hz = 110.0 * 2 ** (number / 12)
    chord = sum(np.sin(2 * np.pi * root_hz * ratio * time_s) for ratio in (1, 1.26, 1.5, 2.01))
    beat = np.exp(-8 * np.mod(time_s * (70 + 3 * number) / 60, 1.0))
    noise = rng.standard_normal((len(time_s), 2), dtype=np.float32)
    sound = 0.1 * chord[:, None] * (0.5 + 0.5 * beat[:, None]) + 0.08 * beat[:, None] * noise
    return sound.astype(np.float32)


def write_mix(path: Path) -> None:
    """Write a mix of three hours, in blocks: FLAC, mono at 44.1 kHz (the quickest to make)."""
    minute = _music(0)[: 60 * RATE_HZ].mean(axis=1)
    with soundfile.SoundFile(path, "w", RATE_HZ, 1, format="FLAC") as mix:
        for number in range(MIX_S // 60):
            # Turned a little each minute, so that no two are the same sound.
            mix.write(np.roll(minute, 4410 * number))

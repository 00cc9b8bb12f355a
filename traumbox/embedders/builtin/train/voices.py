"""Spoken voices for the training, where espeak-ng is there (GPL-3.0-or-later, run as a program)."""

from __future__ import annotations

import io
import shutil
import subprocess
from functools import cache
from typing import Literal

import numpy as np
import soundfile
from scipy import signal as sps

from traumbox.domain import SAMPLE_RATE_HZ, Float32
from traumbox.synth.signal import samples
from traumbox.synth.textures import speech as murmur

Rng = np.random.Generator
Speaker = Literal["man", "woman"]

_LANGUAGES = ("en-gb", "en-us", "de", "fr-fr", "es", "it", "pl", "sv")
_VARIANTS = {
    "man": ("m1", "m2", "m3", "m4", "m5", "m6", "m7", "m8"),
    "woman": ("f1", "f2", "f3", "f4", "f5"),
}
_SYLLABLES = ("ba", "der", "ling", "so", "mar", "ten", "vi", "lo", "kan", "ra", "mi", "sto", "fe", "gur", "ne", "tal", "pri", "o", "wen", "den", "hau", "sel", "qui", "bro", "ti", "sa", "lem", "no")  # fmt: skip  # noqa: E501 -- a list of sounds


@cache
def is_there() -> bool:
    """Tell whether espeak-ng is installed."""
    return shutil.which("espeak-ng") is not None


def speak(speaker: Speaker, duration_s: float, rng: Rng) -> Float32:
    """Return someone talking: mono float32 at 48 kHz, about -20 dBFS RMS.

    Without espeak-ng our own synthesiser murmurs.
    """
    n = samples(duration_s)
    if not is_there():
        return murmur(duration_s, rng)[:n, 0]
    voice = f"{rng.choice(_LANGUAGES)}+{rng.choice(_VARIANTS[speaker])}"
    pitch = int(rng.integers(20, 60) if speaker == "man" else rng.integers(45, 85))
    command = ["espeak-ng", "-v", voice, "-s", str(int(rng.integers(120, 200)))]
    command += ["-p", str(pitch), "--stdout", _text(duration_s, rng)]
    spoken = subprocess.run(command, check=True, capture_output=True).stdout  # noqa: S603 -- fixed program, made-up words
    x, rate_hz = soundfile.read(io.BytesIO(spoken), dtype="float32")
    x = sps.resample_poly(x, SAMPLE_RATE_HZ, rate_hz).astype(np.float32)[:n]
    out = np.zeros(n, dtype=np.float32)
    out[: len(x)] = x
    rms = float(np.sqrt(np.mean(out**2))) or 1.0
    scaled: Float32 = out * np.float32(0.1 / rms)
    return scaled


def _text(duration_s: float, rng: Rng) -> str:
    """Return sentences of made-up words, enough for the time."""
    words = []
    for _ in range(int(duration_s * 3.2)):
        word = "".join(rng.choice(_SYLLABLES, int(rng.integers(1, 4))))
        words.append(word + str(rng.choice(["", "", "", "", ",", "."])))
    return " ".join(words)

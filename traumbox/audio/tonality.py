"""The key of a track from its pitch classes."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import fft, ndimage, signal

from traumbox.audio.framing import Framer
from traumbox.domain import SAMPLE_RATE_HZ, Float32

TONICS = ("C", "C#", "D", "Eb", "E", "F", "F#", "G", "Ab", "A", "Bb", "B")
"""Spelling of the twelve tonics, the same for major and minor (Essentia's)."""

# J. Albrecht and D. Shanahan, "The use of large corpora to train a new type of key-finding
# algorithm" (2013); from the tonic up. They tell minor from its relative major better than the
# profiles of Krumhansl and Temperley.
_MAJOR = np.array(
    [0.238, 0.006, 0.111, 0.006, 0.137, 0.094, 0.016, 0.214, 0.009, 0.080, 0.008, 0.081]
)
_MINOR = np.array(
    [0.220, 0.006, 0.104, 0.123, 0.019, 0.103, 0.012, 0.214, 0.062, 0.022, 0.061, 0.052]
)

_DECIMATION = 8
_RATE_HZ = SAMPLE_RATE_HZ // _DECIMATION
_LENGTH, _HOP = 4096, 2048  # 0.68 s at 6 kHz: 1.46 Hz a bin
_LOWEST_HZ, _HIGHEST_HZ = 65.0, 1500.0
_PARTS = 10  # of a semitone
_SILENT = 1e-7  # power under which a frame is silence
_PROMINENT = 2.0  # times the mean of the bins around: a partial, and no drum
_AROUND = 61
_CORRELATED = 0.6
_IN_TUNE = 0.45


class KeyMeter:
    """Finds the key of a stream.

    Spectral peaks between 65 and 1,500 Hz, placed between the bins by a parabola, fall into classes
    of a tenth of a semitone. At the end the classes are turned by the recording's tuning, folded to
    twelve and compared with the profiles of all keys.
    """

    def __init__(self) -> None:
        taps = signal.firwin(16 * _DECIMATION + 1, 0.8 * _RATE_HZ / 2, fs=SAMPLE_RATE_HZ)
        self._taps = taps.astype(np.float32)
        self._low_pass = Framer(len(taps), _DECIMATION)
        self._framer = Framer(_LENGTH, _HOP)
        self._window = signal.windows.hann(_LENGTH, sym=False).astype(np.float32)
        self._classes = np.zeros(12 * _PARTS)

    def feed(self, samples: Float32) -> None:
        """Take the next float32[n] at 48 kHz."""
        frames = self._framer.feed(self._low_pass.feed(samples) @ self._taps)
        if len(frames):
            spectra = np.abs(fft.rfft(frames * self._window, axis=1)) / _LENGTH
            self._count(spectra)

    def result(self) -> str | None:
        """Return e.g. "C major" or "F# minor"; None without clear pitch or key."""
        chroma, in_tune = _folded(self._classes)
        if in_tune < _IN_TUNE:
            return None
        scores = {
            f"{TONICS[tonic]} {mode}": float(np.corrcoef(np.roll(profile, tonic), chroma)[0, 1])
            for mode, profile in (("major", _MAJOR), ("minor", _MINOR))
            for tonic in range(12)
        }
        best = max(scores, key=lambda name: scores[name])
        return best if scores[best] >= _CORRELATED else None

    def _count(self, spectra: Float32) -> None:
        """Add the peaks of float32[frames, bins] to the classes; each frame weighs the same."""
        low, high = (int(hz * _LENGTH / _RATE_HZ) for hz in (_LOWEST_HZ, _HIGHEST_HZ))
        left, centre, right = (spectra[:, low + d : high + d] for d in (-1, 0, 1))
        loudest = centre.max(axis=1, keepdims=True)
        audible = loudest**2 > _SILENT
        floor = ndimage.uniform_filter1d(centre, _AROUND, axis=1, mode="nearest")
        stands_out = centre > np.maximum(0.05 * loudest, _PROMINENT * floor)
        is_peak = (centre > left) & (centre >= right)
        frame, bin_ = np.nonzero(is_peak & stands_out & audible)
        logs = [np.log(part[frame, bin_] + 1e-12) for part in (left, centre, right)]
        shift = 0.5 * (logs[0] - logs[2]) / (logs[0] - 2.0 * logs[1] + logs[2])
        hz = (bin_ + low + shift) * (_RATE_HZ / _LENGTH)
        midi = 69.0 + 12.0 * np.log2(hz / 440.0)
        weight = np.sqrt(centre[frame, bin_] / loudest[frame, 0])
        classes = np.round(midi * _PARTS).astype(int) % (12 * _PARTS)
        np.add.at(self._classes, classes, weight)


def _folded(classes: NDArray[np.float64]) -> tuple[NDArray[np.float64], float]:
    """Fold tenths of semitones to float64[12] and return how far they agree on a tuning (0-1)."""
    total = classes.sum()
    if total <= 0.0:
        return np.zeros(12), 0.0
    turns = np.exp(2j * np.pi * np.arange(len(classes)) / _PARTS)
    mean = (classes * turns).sum() / total
    offset = np.angle(mean) / (2.0 * np.pi) * _PARTS  # in tenths, -5 to 5
    semitone = np.round((np.arange(len(classes)) - offset) / _PARTS).astype(int) % 12
    chroma = np.zeros(12)
    np.add.at(chroma, semitone, classes)
    return chroma, float(np.abs(mean))

"""Integrated loudness after ITU-R BS.1770-4."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import signal

from traumbox.domain import SAMPLE_RATE_HZ, Float32

# K-weighting at 48 kHz: the head's shelf and the RLB high-pass (BS.1770-4, tables 1 and 2).
_SHELF = (1.53512485958697, -2.69169618940638, 1.19839281085285)
_SHELF_FEEDBACK = (1.0, -1.69065929318241, 0.73248077421585)
_HIGH_PASS = (1.0, -2.0, 1.0)
_HIGH_PASS_FEEDBACK = (1.0, -1.99004745483398, 0.99007225036621)
_K_WEIGHTING = np.array([_SHELF + _SHELF_FEEDBACK, _HIGH_PASS + _HIGH_PASS_FEEDBACK])
_STEP = SAMPLE_RATE_HZ // 10  # a quarter of a 400 ms block: 75 % overlap
_STEPS_PER_BLOCK = 4
_OFFSET = -0.691
_ABSOLUTE_GATE_LUFS = -70.0
_RELATIVE_GATE_LU = 10.0
# Gating needs two passes over the blocks. Their energies are kept by level, in bins this fine, so
# that memory is the same for a minute and for a day.
_BINS_PER_LU = 100
_BINS = 100 * _BINS_PER_LU


class LoudnessMeter:
    """Measures the loudness of a mono stream as if it came from both loudspeakers of a pair.

    The stream is the mean of the channels; played from two loudspeakers it has the loudness of a
    stereo recording whose channels are alike: 997 Hz at -23 dBFS reads -23 LUFS (EBU Tech 3341).
    """

    def __init__(self) -> None:
        self._state = np.zeros((len(_K_WEIGHTING), 2))
        self._rest: NDArray[np.float64] = np.zeros(0)
        self._steps: NDArray[np.float64] = np.zeros(0)
        self._counts = np.zeros(_BINS, np.int64)
        self._powers = np.zeros(_BINS)

    def feed(self, samples: Float32) -> None:
        """Take the next float32[n] at 48 kHz."""
        weighted, self._state = signal.sosfilt(
            _K_WEIGHTING, samples.astype(np.float64), zi=self._state
        )
        weighted = np.concatenate((self._rest, weighted))
        whole = len(weighted) // _STEP * _STEP
        self._rest = weighted[whole:]
        steps = weighted[:whole].reshape(-1, _STEP)
        power = np.einsum("ij,ij->i", steps, steps) / _STEP
        self._steps = np.concatenate((self._steps, power))
        blocks = len(self._steps) - _STEPS_PER_BLOCK + 1
        if blocks > 0:
            mean = np.convolve(self._steps, np.full(_STEPS_PER_BLOCK, 0.25), "valid")
            self._steps = self._steps[blocks:]
            self._count(2.0 * mean)

    def result(self) -> float | None:
        """Return the gated loudness in LUFS; None for silence or less than 400 ms."""
        blocks = int(self._counts.sum())
        if blocks == 0:
            return None
        gate = _lufs(self._powers.sum() / blocks) - _RELATIVE_GATE_LU
        first = max(0, int(np.ceil((gate - _ABSOLUTE_GATE_LUFS) * _BINS_PER_LU)))
        return float(_lufs(self._powers[first:].sum() / self._counts[first:].sum()))

    def _count(self, powers: NDArray[np.float64]) -> None:
        lufs = _lufs(np.maximum(powers, 1e-20))
        kept = lufs > _ABSOLUTE_GATE_LUFS
        bins = ((lufs[kept] - _ABSOLUTE_GATE_LUFS) * _BINS_PER_LU).astype(int).clip(0, _BINS - 1)
        np.add.at(self._counts, bins, 1)
        np.add.at(self._powers, bins, powers[kept])


def _lufs(power: NDArray[np.float64]) -> NDArray[np.float64]:
    return _OFFSET + 10.0 * np.log10(power)

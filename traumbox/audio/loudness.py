"""Integrated loudness after ITU-R BS.1770-4, loudness range after EBU Tech 3342."""

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
_STEPS_PER_SHORT_TERM = 30  # 3 s
_OFFSET = -0.691
_ABSOLUTE_GATE_LUFS = -70.0
_RELATIVE_GATE_LU = 10.0
_RANGE_GATE_LU = 20.0
_RANGE_SHARES = (0.10, 0.95)
# Gating needs two passes over the blocks. Their energies are kept by level, in bins this fine, so
# that memory is the same for a minute and for a day.
_BINS_PER_LU = 100
_BINS = 100 * _BINS_PER_LU


class LoudnessMeter:
    """Measures the loudness of a mono stream as if it came from both loudspeakers of a pair.

    The stream is the mean of the channels; played from two loudspeakers it has the loudness of a
    stereo recording whose channels are alike: 997 Hz at -23 dBFS reads -23 LUFS (EBU Tech 3341).
    What differs between the channels is lost in the mean: a recording measures too quiet, by
    10 log10(1 + side / mid), where side and mid are the powers of the channels' half difference and
    half sum. Mixes with bass and voice in the middle lose a tenth of a LU (0.1 in the mean of eight
    synthesised ones, 0.3 at most), two channels that have nothing in common 3 LU. True stereo would
    mean a second stream through decoder, resampler and filter, for a number that here sorts and
    filters tracks and sets no gain.
    """

    def __init__(self) -> None:
        self._state = np.zeros((len(_K_WEIGHTING), 2))
        self._rest: NDArray[np.float64] = np.zeros(0)
        self._blocks = _Running(_STEPS_PER_BLOCK)
        self._short_terms = _Running(_STEPS_PER_SHORT_TERM)

    def feed(self, samples: Float32) -> None:
        """Take the next float32[n] at 48 kHz."""
        weighted, self._state = signal.sosfilt(
            _K_WEIGHTING, samples.astype(np.float64), zi=self._state
        )
        weighted = np.concatenate((self._rest, weighted))
        whole = len(weighted) // _STEP * _STEP
        self._rest = weighted[whole:]
        steps = weighted[:whole].reshape(-1, _STEP)
        powers = 2.0 * np.einsum("ij,ij->i", steps, steps) / _STEP
        self._blocks.feed(powers)
        self._short_terms.feed(powers)

    def result(self) -> float | None:
        """Return the gated loudness in LUFS; None for silence or less than 400 ms."""
        return self._blocks.levels.mean_lufs(_RELATIVE_GATE_LU)

    def range_lu(self) -> float | None:
        """Return the loudness range of EBU Tech 3342 in LU; None for silence or less than 3 s.

        It is what lies between the 10th and the 95th percentile of the loudness of 3 s, ten times a
        second, without what is 20 LU under the mean: neither a fade-out nor one shout counts.
        """
        low, high = self._short_terms.levels.percentiles_lufs(_RANGE_SHARES, _RANGE_GATE_LU)
        return None if low is None or high is None else high - low


class _Running:
    """The levels of all runs of ``steps`` steps."""

    def __init__(self, steps: int) -> None:
        self.levels = _Levels()
        self._share = np.full(steps, 1.0 / steps)
        self._rest: NDArray[np.float64] = np.zeros(0)

    def feed(self, powers: NDArray[np.float64]) -> None:
        powers = np.concatenate((self._rest, powers))
        runs = len(powers) - len(self._share) + 1
        if runs > 0:
            self.levels.count(np.convolve(powers, self._share, "valid"))
        self._rest = powers[max(0, runs) :]


class _Levels:
    """How often which level came, above the absolute gate."""

    def __init__(self) -> None:
        self._counts = np.zeros(_BINS, np.int64)
        self._powers = np.zeros(_BINS)

    def count(self, powers: NDArray[np.float64]) -> None:
        lufs = _lufs(np.maximum(powers, 1e-20))
        kept = lufs > _ABSOLUTE_GATE_LUFS
        bins = ((lufs[kept] - _ABSOLUTE_GATE_LUFS) * _BINS_PER_LU).astype(int).clip(0, _BINS - 1)
        np.add.at(self._counts, bins, 1)
        np.add.at(self._powers, bins, powers[kept])

    def mean_lufs(self, gate_lu: float) -> float | None:
        """Return the level of the mean power, without what lies ``gate_lu`` under the mean."""
        first = self._gate(gate_lu)
        if first is None:
            return None
        return float(_lufs(self._powers[first:].sum() / self._counts[first:].sum()))

    def percentiles_lufs(
        self, shares: tuple[float, float], gate_lu: float
    ) -> tuple[float | None, float | None]:
        """Return the levels under which two shares of the kept blocks lie."""
        first = self._gate(gate_lu)
        if first is None:
            return None, None
        running = np.cumsum(self._counts[first:])
        ranks = [share * (running[-1] - 1) + 1 for share in shares]
        low, high = (first + int(np.searchsorted(running, rank)) for rank in ranks)
        return _level(low), _level(high)

    def _gate(self, gate_lu: float) -> int | None:
        """Return the first bin above the relative gate, or None where nothing was counted."""
        blocks = int(self._counts.sum())
        if blocks == 0:
            return None
        gate = float(_lufs(self._powers.sum() / blocks)) - gate_lu
        return max(0, int(np.ceil((gate - _ABSOLUTE_GATE_LUFS) * _BINS_PER_LU)))


def _level(bin_: int) -> float:
    return _ABSOLUTE_GATE_LUFS + (bin_ + 0.5) / _BINS_PER_LU


def _lufs(power: NDArray[np.float64]) -> NDArray[np.float64]:
    return _OFFSET + 10.0 * np.log10(power)

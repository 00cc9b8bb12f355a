"""The waveform picture: one column per 220th of the track."""

from __future__ import annotations

import numpy as np

from traumbox.domain import PEAKS, Float32

_BUCKETS = 1 << 13
_SILENT = 1e-3  # -60 dBFS


class PeakMeter:
    """Gathers the largest magnitude per column of a stream of unknown length.

    Magnitudes go into at most 8,192 buckets. When these are full, neighbours are merged and each
    bucket stands for twice as many samples, so memory doesn't grow with the track.
    """

    def __init__(self) -> None:
        self._peaks = np.zeros(_BUCKETS, np.float32)
        self._used = 0  # complete buckets
        self._width = 64  # samples per bucket
        self._rest = np.zeros(0, np.float32)  # magnitudes of the bucket begun

    def feed(self, block: Float32) -> None:
        """Take the next float32[n]."""
        magnitudes = np.concatenate((self._rest, np.abs(block)))
        whole = len(magnitudes) // self._width
        while self._used + whole > _BUCKETS:
            if self._used % 2:
                # A lone last bucket has no partner: it waits as the maximum of half a bucket.
                self._used -= 1
                lone = np.repeat(self._peaks[self._used], self._width)
                magnitudes = np.concatenate((lone, magnitudes))
            self._used //= 2
            pairs = self._peaks[: 2 * self._used].reshape(-1, 2)
            self._peaks[: self._used] = pairs.max(axis=1)
            self._width *= 2
            whole = len(magnitudes) // self._width
        end = whole * self._width
        self._peaks[self._used : self._used + whole] = (
            magnitudes[:end].reshape(whole, self._width).max(axis=1)
        )
        self._used += whole
        self._rest = magnitudes[end:]

    def result(self) -> bytes:
        """Return uint8[220]: the largest magnitude per column, with the track's loudest at 255.

        The scale is linear and the track's own, so that a quiet recording shows its shape as well
        as a loud one; below -60 dBFS throughout it is silence, and all columns are 0.
        """
        peaks = self._peaks[: self._used]
        if len(self._rest):
            peaks = np.append(peaks, self._rest.max())
        if len(peaks) == 0 or peaks.max() < _SILENT:
            return bytes(PEAKS)
        starts = np.arange(PEAKS) * len(peaks) // PEAKS
        ends = np.maximum(starts + 1, np.arange(1, PEAKS + 1) * len(peaks) // PEAKS)
        columns = np.array([peaks[a:b].max() for a, b in zip(starts, ends, strict=True)])
        return bytes(np.round(columns / peaks.max() * 255.0).astype(np.uint8))

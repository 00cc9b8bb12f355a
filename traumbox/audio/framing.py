"""Overlapping frames of a stream, independent of how it arrives in blocks."""

from __future__ import annotations

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from traumbox.domain import Float32


class Framer:
    """Cuts a stream into frames of ``length`` samples, ``hop`` apart; drops the rest at the end."""

    def __init__(self, length: int, hop: int) -> None:
        self._length = length
        self._hop = hop
        self._rest = np.zeros(0, np.float32)

    def feed(self, samples: Float32) -> Float32:
        """Take float32[n] and return the frames it completes: float32[frames, length], a view."""
        samples = np.concatenate((self._rest, samples))
        count = max(0, (len(samples) - self._length) // self._hop + 1)
        self._rest = samples[count * self._hop :]
        if count == 0:
            return np.zeros((0, self._length), np.float32)
        return sliding_window_view(samples, self._length)[:: self._hop][:count]

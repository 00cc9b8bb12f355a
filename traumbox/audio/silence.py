"""The silence before the first sound and after the last."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from traumbox.domain import SAMPLE_RATE_HZ, Float32

_STEP = SAMPLE_RATE_HZ // 100
_AUDIBLE = 1e-6  # mean power of a step: -60 dBFS


class SilenceMeter:
    """Finds where sound begins and ends, to a hundredth of a second."""

    def __init__(self) -> None:
        self._rest: Float32 = np.zeros(0, np.float32)
        self._steps = 0
        self._first: int | None = None
        self._last = 0

    def feed(self, samples: Float32) -> None:
        """Take the next float32[n] at 48 kHz."""
        samples = np.concatenate((self._rest, samples))
        whole = len(samples) // _STEP * _STEP
        self._rest = samples[whole:]
        steps = samples[:whole].reshape(-1, _STEP)
        self._look(np.einsum("ij,ij->i", steps, steps) / _STEP)

    def result(self) -> tuple[float, float] | None:
        """Return the silence at start and end in s; None where all is silent.

        Silent is what lies under -60 dBFS. The last step may be short: it counts as the one before.
        """
        if self._first is None:
            return None
        end = self._steps - 1 - self._last
        return self._first / 100, end / 100

    def _look(self, powers: NDArray[np.float32]) -> None:
        audible = np.flatnonzero(powers > _AUDIBLE)
        if len(audible):
            if self._first is None:
                self._first = self._steps + int(audible[0])
            self._last = self._steps + int(audible[-1])
        self._steps += len(powers)

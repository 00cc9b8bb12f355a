"""Resampling to the rate at which traumbox listens."""

from __future__ import annotations

import numpy as np
import soxr

from traumbox.domain import SAMPLE_RATE_HZ, Float32


class Resampler:
    """Streams mono sound of any (even changing) rate to 48 kHz with soxr's HQ filter."""

    def __init__(self) -> None:
        self._rate_hz = SAMPLE_RATE_HZ
        self._stream: soxr.ResampleStream | None = None

    def feed(self, samples: Float32, rate_hz: int) -> Float32:
        """Return what float32[n] at ``rate_hz`` adds to the output: float32[m] within -1..1."""
        rest = self.finish() if rate_hz != self._rate_hz else None
        if rate_hz != self._rate_hz:
            self._rate_hz = rate_hz
            if rate_hz != SAMPLE_RATE_HZ:
                self._stream = soxr.ResampleStream(rate_hz, SAMPLE_RATE_HZ, 1, dtype="float32")
        if self._stream is not None:
            samples = self._stream.resample_chunk(samples)
        clipped = _clipped(samples)
        return clipped if rest is None else np.concatenate((rest, clipped))

    def finish(self) -> Float32:
        """Return what the filter still holds: float32[m]; afterwards it is as new."""
        stream, self._stream, self._rate_hz = self._stream, None, SAMPLE_RATE_HZ
        if stream is None:
            return np.zeros(0, np.float32)
        return _clipped(stream.resample_chunk(np.zeros(0, np.float32), last=True))


def _clipped(samples: Float32) -> Float32:
    """Cut overshoot as CLAP's reference preprocessing does before its 16-bit round trip."""
    return np.clip(samples, -1.0, 1.0)

"""Raw sample arrays of any type and layout to mono float32."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from traumbox.domain import Float32

_LOUDEST = 32.0


def to_mono(samples: NDArray[Any]) -> Float32:
    """Average the channels of ``samples``.

    Parameters
    ----------
    samples
        [channels, n], of uint8, int16, int32, int64 or a float type; integers over their full
        scale. The mean is taken here because FFmpeg's own mono downmix is 3.01 dB too loud.

    Returns
    -------
    float32[n]
        Finite; NaN and infinite samples are 0. Nominally in -1..1: overshoot is kept, but beyond
        30 dB it is cut, lest one damaged float ring through the resampler as NaN.
    """
    if samples.dtype.kind == "f":
        return _mean(_tamed(samples.astype(np.float32, copy=False)))
    if samples.dtype == np.uint8:
        return _mean((samples.astype(np.float32) - 128.0) / np.float32(128.0))
    full_scale = np.float32(-float(np.iinfo(samples.dtype).min))
    return _mean(samples.astype(np.float32) / full_scale)


def _mean(samples: Float32) -> Float32:
    # One addition per channel: numpy's own mean over a short axis takes ten times as long.
    total: Float32 = samples[0].copy()
    for channel in samples[1:]:
        total += channel
    if len(samples) > 1:
        total /= np.float32(len(samples))
    return total


def _tamed(samples: Float32) -> Float32:
    if samples.size == 0:
        return samples
    # NaN compares false, so one pair of comparisons finds both the wild and the absent.
    if samples.max() <= _LOUDEST and samples.min() >= -_LOUDEST:
        return samples
    clean = np.nan_to_num(samples, nan=0.0, posinf=0.0, neginf=0.0)
    return np.clip(clean, -_LOUDEST, _LOUDEST)

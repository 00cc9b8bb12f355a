"""The audio tower's front end: LAION's log-mel spectrogram, by scipy in single precision.

The numbers are those of laion-clap's configurations and its torchlibrosa layers; what comes out
differs from theirs by less than 0.003 dB.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import fft as sfft
from scipy import sparse

from traumbox.domain import SAMPLE_RATE_HZ, WINDOW_SAMPLES, Float32

N_FFT = 1024
HOP = 480  # 10 ms
FRAMES = WINDOW_SAMPLES // HOP + 1
BANDS = 64
LOW_HZ, HIGH_HZ = 50.0, 14_000.0
_FLOOR = np.float32(1e-10)  # -100 dB
_FRAMES_AT_ONCE = 128  # half a megabyte of samples: it stays in a core's own cache

_LINEAR_HZ_PER_MEL = 200.0 / 3.0
_LOG_FROM_HZ = 1000.0
_LOG_FROM_MEL = _LOG_FROM_HZ / _LINEAR_HZ_PER_MEL
_LOG_STEP = np.log(6.4) / 27.0


def _mel(hz: float) -> float:
    """Return Slaney's mel of a frequency: linear below 1 kHz, logarithmic above."""
    if hz < _LOG_FROM_HZ:
        return hz / _LINEAR_HZ_PER_MEL
    return float(_LOG_FROM_MEL + np.log(hz / _LOG_FROM_HZ) / _LOG_STEP)


def _hz(mel: NDArray[np.float64]) -> NDArray[np.float64]:
    linear = mel * _LINEAR_HZ_PER_MEL
    logarithmic = _LOG_FROM_HZ * np.exp(_LOG_STEP * (mel - _LOG_FROM_MEL))
    return np.where(mel < _LOG_FROM_MEL, linear, logarithmic)


def mel_filters() -> Float32:
    """Return triangular filters float32[N_FFT // 2 + 1, BANDS], each of unit area in hertz.

    As ``librosa.filters.mel(sr=48000, n_fft=1024, n_mels=64, fmin=50, fmax=14000)``, transposed.
    """
    edges = _hz(np.linspace(_mel(LOW_HZ), _mel(HIGH_HZ), BANDS + 2))
    bins = np.arange(N_FFT // 2 + 1)[:, np.newaxis] * (SAMPLE_RATE_HZ / N_FFT)
    rise = (bins - edges[:-2]) / (edges[1:-1] - edges[:-2])
    fall = (edges[2:] - bins) / (edges[2:] - edges[1:-1])
    weights = np.maximum(0.0, np.minimum(rise, fall)) * (2.0 / (edges[2:] - edges[:-2]))
    out: Float32 = weights.astype(np.float32)
    return out


_ALL_FILTERS = mel_filters()
_HEARD = np.flatnonzero(_ALL_FILTERS.any(axis=1))
_BINS = slice(int(_HEARD[0]), int(_HEARD[-1]) + 1)
# Each bin lies in two bands at most. A dense product would be computed by numpy's BLAS on several
# threads, which spin for 100 ms after it and take the cores from the network that follows.
_FILTERS = sparse.csr_array(_ALL_FILTERS[_BINS].T)
_HANN = (0.5 - 0.5 * np.cos(2 * np.pi * np.arange(N_FFT) / N_FFT)).astype(np.float32)


def log_mel(window: Float32) -> Float32:
    """Return the log-mel spectrogram of one window.

    Parameters
    ----------
    window
        float32[480000], mono at 48 kHz, as :mod:`traumbox.audio.windows` cuts it.

    Returns
    -------
    float32[1001, 64]
        Decibels of the power in each band, at least -100.
    """
    half = N_FFT // 2
    frames = np.lib.stride_tricks.sliding_window_view(np.pad(window, half, mode="reflect"), N_FFT)
    frames = frames[::HOP]
    out = np.empty((FRAMES, BANDS), np.float32)
    for first in range(0, FRAMES, _FRAMES_AT_ONCE):
        rows = slice(first, first + _FRAMES_AT_ONCE)
        spectrum = sfft.rfft(frames[rows] * _HANN, axis=1, overwrite_x=True)[:, _BINS]
        power = spectrum.real**2 + spectrum.imag**2
        out[rows] = (_FILTERS @ np.ascontiguousarray(power.T)).T
    np.log10(np.maximum(out, _FLOOR, out=out), out=out)
    out *= np.float32(10.0)
    return out

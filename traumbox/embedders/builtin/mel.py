"""The audio tower's front end: a log-mel spectrogram, by scipy in single precision."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import fft as sfft

from traumbox.domain import SAMPLE_RATE_HZ, WINDOW_SAMPLES, Float32

N_FFT = 2048
HOP = 1200  # 25 ms
FRAMES = WINDOW_SAMPLES // HOP
BANDS = 64
LOW_HZ, HIGH_HZ = 30.0, 16_000.0
_FLOOR = 1e-9  # -90 dB below a full-scale sine
_MIDDLE_DB, _SPREAD_DB = -45.0, 20.0


def _mel(hz: NDArray[np.float64] | float) -> NDArray[np.float64]:
    """Return O'Shaughnessy's mel of a frequency."""
    return 2595.0 * np.log10(1.0 + np.asarray(hz) / 700.0)


def mel_filters() -> Float32:
    """Return triangular filters float32[N_FFT // 2 + 1, BANDS], each of unit area."""
    edges_mel = np.linspace(_mel(LOW_HZ), _mel(HIGH_HZ), BANDS + 2)
    edges = 700.0 * (10.0 ** (edges_mel / 2595.0) - 1.0)
    bins = np.arange(N_FFT // 2 + 1)[:, np.newaxis] * (SAMPLE_RATE_HZ / N_FFT)
    rise = (bins - edges[:-2]) / (edges[1:-1] - edges[:-2])
    fall = (edges[2:] - bins) / (edges[2:] - edges[1:-1])
    weights = np.maximum(0.0, np.minimum(rise, fall))
    out: Float32 = (weights / weights.sum(axis=0)).astype(np.float32)
    return out


_FILTERS = mel_filters()
_HANN = (0.5 - 0.5 * np.cos(2 * np.pi * np.arange(N_FFT) / N_FFT)).astype(np.float32)
# A full-scale sine peaks at 0 dB.
_SCALE = np.float32((2.0 / _HANN.sum()) ** 2)


def log_mel(window: Float32) -> Float32:
    """Return the scaled log-mel spectrogram of one window.

    Parameters
    ----------
    window
        float32[480000], mono at 48 kHz.

    Returns
    -------
    float32[FRAMES, BANDS]
        Decibels relative to a full-scale sine, shifted and scaled to about -2..2.
    """
    pad = (N_FFT - HOP) // 2
    padded = np.pad(window, (pad, pad), mode="reflect")
    frames = np.lib.stride_tricks.sliding_window_view(padded, N_FFT)[::HOP]
    spectrum = sfft.rfft(frames * _HANN, axis=1)
    power = (spectrum.real**2 + spectrum.imag**2) * _SCALE
    decibels = 10.0 * np.log10(np.maximum(power @ _FILTERS, np.float32(_FLOOR)))
    out: Float32 = ((decibels - np.float32(_MIDDLE_DB)) / np.float32(_SPREAD_DB)).astype(np.float32)
    return out

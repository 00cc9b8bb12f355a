"""Tempo from the periodicity of onsets."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import fft

from traumbox.domain import Float32

FRAMES_PER_S = 100
_SEGMENT = 12 * FRAMES_PER_S
_HOP = _SEGMENT // 2
_SHORTEST = 5 * FRAMES_PER_S
_LAGS = 8 * FRAMES_PER_S
_SLOWEST_BPM, _FASTEST_BPM = 40.0, 200.0
_PRIOR_BPM = 120.0
_PRIOR_OCTAVES = 1.0
_TWICE_AS_FAST = 0.72
_CONFIDENT = 0.16
_LIVELY = 0.0012  # variance of the onset strength under which nothing happens
_COMPRESSION = 100.0  # a band 20 dB under the mean power counts half
_SILENT = 1e-9
_SMOOTHING = np.array([1, 4, 6, 4, 1]) / 16
_BANDS = np.unique(np.round(np.geomspace(1, 340, 33)).astype(int))  # edges in bins of 46.9 Hz


class TempoMeter:
    """Finds the tempo of a stream from its spectral flux.

    The onset strength (half-wave rectified rise of the log energy in about 30 bands) is
    autocorrelated over segments of 12 s; only the sum of the autocorrelations is kept. The tempo is
    its strongest lag under a log-normal prior around 120 BPM (D. Ellis, "Beat tracking by dynamic
    programming", 2007), or half that lag where the sound repeats nearly as strongly there.
    """

    def __init__(self) -> None:
        self._bands = np.zeros((0, len(_BANDS) - 1), np.float32)
        self._sum = np.zeros(_LAGS)
        self._segments = 0

    def feed(self, powers: Float32) -> None:
        """Take power spectra float32[frames, 513], 100 a second."""
        bands = np.add.reduceat(powers[:, : _BANDS[-1]], _BANDS[:-1], axis=1)
        self._bands = np.concatenate((self._bands, bands))
        while len(self._bands) >= _SEGMENT:
            self._add(self._bands[:_SEGMENT])
            self._bands = self._bands[_HOP:]

    def result(self) -> float | None:
        """Return the tempo in BPM, 40 to 200; None without a beat or under 5 s."""
        if self._segments == 0:
            if len(self._bands) < _SHORTEST:
                return None
            self._add(self._bands)
        if self._sum[0] <= 0.0:
            return None
        lag = _beat_lag(self._sum / self._sum[0])
        return None if lag is None else 60.0 * FRAMES_PER_S / lag

    def _add(self, bands: Float32) -> None:
        """Add the autocorrelation of one segment, corrected for the overlap that shrinks."""
        self._segments += 1
        onsets = _onset_strength(bands)
        if onsets.var() < _LIVELY:
            return
        size = fft.next_fast_len(2 * len(onsets), real=True)
        spectrum = fft.rfft(onsets - onsets.mean(), size)
        correlation = fft.irfft(spectrum.real**2 + spectrum.imag**2, size)
        lags = min(_LAGS, len(onsets) * 2 // 3)
        overlap = 1.0 - np.arange(lags) / len(onsets)
        self._sum[:lags] += correlation[:lags] / overlap


def _onset_strength(bands: Float32) -> NDArray[np.float64]:
    """Return float64[frames]: how much band powers float32[frames, bands] rise, on average.

    Powers are taken relative to the segment's mean, so that a quiet recording counts like a loud
    one. Smoothing lets a beat whose period is no whole number of frames line up with itself.
    """
    mean = float(bands.sum(axis=1).mean())
    if mean < _SILENT:
        return np.zeros(len(bands))
    logs = np.log1p(bands.astype(np.float64) * (_COMPRESSION / mean))
    rises = np.maximum(np.diff(logs, axis=0, prepend=logs[:1]), 0.0).mean(axis=1)
    return np.convolve(rises, _SMOOTHING, "same")


def _beat_lag(strength: NDArray[np.float64]) -> float | None:
    """Return the lag of the beat, in frames, from a normalised autocorrelation float64[lags]."""
    lags = np.arange(1, len(strength) - 1)
    is_peak = (strength[1:-1] >= strength[:-2]) & (strength[1:-1] > strength[2:])
    bpm = 60.0 * FRAMES_PER_S / lags
    lags = lags[is_peak & (bpm >= _SLOWEST_BPM) & (bpm <= _FASTEST_BPM)]
    if len(lags) == 0:
        return None
    octaves = np.log2(60.0 * FRAMES_PER_S / lags / _PRIOR_BPM) / _PRIOR_OCTAVES
    best = int(lags[np.argmax(strength[lags] * np.exp(-0.5 * octaves**2))])
    if strength[best] < _CONFIDENT:
        return None
    return _refined(strength, _twice_as_fast(strength, lags, best))


def _twice_as_fast(strength: NDArray[np.float64], lags: NDArray[np.int_], lag: int) -> int:
    near = lags[np.abs(lags - lag / 2) <= 2]
    if len(near) == 0:
        return lag
    half = int(near[np.argmax(strength[near])])
    return half if strength[half] >= _TWICE_AS_FAST * strength[lag] else lag


def _refined(strength: NDArray[np.float64], lag: int) -> float:
    """Sharpen ``lag`` by the peaks at two, four and eight times it, where they exist."""
    refined = _vertex(strength, lag)
    for times in (2, 4, 8):
        centre = round(times * refined)
        reach = 2
        if centre + reach + 2 >= len(strength):
            break
        around = strength[centre - reach : centre + reach + 1]
        peak = centre - reach + int(np.argmax(around))
        if abs(peak - centre) == reach or strength[peak] < 0.5 * strength[lag]:
            break
        refined = _vertex(strength, peak) / times
    return refined


def _vertex(values: NDArray[np.float64], peak: int) -> float:
    """Return the place of the parabola's vertex through ``peak`` and its neighbours."""
    left, centre, right = values[peak - 1 : peak + 2]
    bend = left - 2.0 * centre + right
    return peak if bend >= 0.0 else peak + 0.5 * (left - right) / bend

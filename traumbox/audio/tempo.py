"""Tempo from the periodicity of onsets.

Our own, where librosa has one: it must run as a stream in bounded memory, and librosa's wants the
whole recording and brings numba, scikit-learn and 200 MB with it. ``tests/bench/descriptors.py``
prints both beside each other.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import fft

from traumbox.audio.meter import MULTIPLES, WEIGHTS
from traumbox.domain import Float32

Numbers = NDArray[np.float64]

FRAMES_PER_S = 100
_SEGMENT = 12 * FRAMES_PER_S
_HOP = _SEGMENT // 2
_SHORTEST = 5 * FRAMES_PER_S
_LAGS = 10 * FRAMES_PER_S
_SLOWEST_BPM, _FASTEST_BPM = 40.0, 208.0
_USUAL_BPM = 115.0
_REGULAR = 0.12  # mean autocorrelation at one to eight beats: noise and free rhythm have 0.06
_STEADY = 0.45  # from here on a beat is as regular as it needs to be
_CAUTION = 0.6  # the fit is surer of itself than other pieces bear out
_LIKELY_TOO = 0.3  # times as likely as the tempo: told beside it
_LIVELY = 0.0012  # variance of the onset strength under which nothing happens
_COMPRESSION = 100.0  # a band 20 dB under the mean power counts half
_SILENT = 1e-9
_SMOOTHING = np.array([1, 4, 6, 4, 1]) / 16
_BANDS = np.unique(np.round(np.geomspace(1, 340, 33)).astype(int))  # edges in bins of 46.9 Hz
_GROUPS = (slice(None), slice(0, 4), slice(17, None))  # all; to 230 Hz, bass; from 1.6 kHz, hats


_SURE_LEAST = 0.25
"""Below this confidence weather, radio noise and slow strings have "tempi" too."""


@dataclass(frozen=True, slots=True)
class Tempo:
    """``bpm`` 40-208; ``confidence`` 0-1; ``other`` half or double of it, if nearly as likely."""

    bpm: float
    confidence: float
    other: float | None = None


class TempoMeter:
    """Finds the tempo of a stream from its spectral flux.

    The onset strength (half-wave rectified rise of the log energy in about 30 bands) of all bands,
    the bass and the treble is autocorrelated over segments of 12 s; only the sums are kept. Every
    peak is a candidate for the beat. What decides between them is how the sound repeats after two,
    three, four … of it and in between, how many onsets fall on one, and how usual the tempo is:
    ``meter.WEIGHTS``. (Compare F. Gouyon et al., "An experimental comparison of audio tempo
    induction algorithms", 2006, and A. Elowsson and A. Friberg,
    "Modeling the perception of tempo", 2015, for the density of onsets.)
    """

    def __init__(self) -> None:
        self._bands = np.zeros((0, len(_BANDS) - 1), np.float32)
        self._sums = np.zeros((len(_GROUPS), _LAGS))
        self._onsets = np.zeros(len(_GROUPS))
        self._frames = 0
        self._reach = 0
        self._segments = 0

    def feed(self, powers: Float32) -> None:
        """Take power spectra float32[frames, 513], 100 a second."""
        bands = np.add.reduceat(powers[:, : _BANDS[-1]], _BANDS[:-1], axis=1)
        self._bands = np.concatenate((self._bands, bands))
        while len(self._bands) >= _SEGMENT:
            self._add(self._bands[:_SEGMENT])
            self._bands = self._bands[_HOP:]

    def result(self) -> Tempo | None:
        """Return the tempo; None without a beat, under 5 s, or where it is anybody's guess."""
        lags, features, regular = self.candidates()
        if len(lags) == 0:
            return None
        scores = features @ WEIGHTS
        likely = np.exp(_CAUTION * (scores - scores.max()))
        best = int(np.argmax(likely))
        if regular[best] < _REGULAR:
            return None
        share = float(likely[best] / likely.sum())
        confidence = share * min(1.0, float(regular[best]) / _STEADY)
        if confidence < _SURE_LEAST:
            return None
        bpm = _bpm(lags)
        octave = np.abs(np.abs(np.log2(bpm / bpm[best])) - 1.0) < 0.05
        near = np.flatnonzero(octave & (likely >= _LIKELY_TOO))
        other = float(bpm[near[np.argmax(likely[near])]]) if len(near) else None
        return Tempo(float(bpm[best]), confidence, other)

    def candidates(self) -> tuple[Numbers, Numbers, Numbers]:
        """Return lags float64[n] in frames, features float64[n, f] and regularity float64[n].

        The features are in the order of ``meter.WEIGHTS``, which are fitted to them.
        """
        if self._segments == 0 and len(self._bands) >= _SHORTEST:
            self._add(self._bands)
        strengths = self._sums[:, : self._reach] / np.maximum(self._sums[:, :1], _SILENT)
        strength = strengths.mean(axis=0)
        peaks = _peaks(strength)
        if len(peaks) == 0:
            return np.zeros(0), np.zeros((0, len(WEIGHTS))), np.zeros(0)
        lags = np.array([_refined(strength, int(peak)) for peak in peaks])
        repeats = np.stack([_near(row, lags[:, np.newaxis] * MULTIPLES) for row in strengths])
        beats = np.flatnonzero(np.isin(MULTIPLES, (1, 2, 4, 8)))
        regular = repeats[:, :, beats].mean(axis=(0, 2))
        octaves = np.log2(_bpm(lags) / _USUAL_BPM)
        per_frame = np.maximum(self._onsets / max(1, self._frames), 0.002)
        density = np.log2(per_frame[:, np.newaxis] * lags)
        levels = repeats.transpose(0, 2, 1).reshape(-1, len(lags))
        features = np.concatenate((levels, [octaves, octaves**2], density**2))
        return lags, features.T, regular

    def _add(self, bands: Float32) -> None:
        """Add the autocorrelation of one segment, corrected for the overlap that shrinks."""
        self._segments += 1
        onsets = _onset_strength(bands)
        if onsets.var(axis=1).max() < _LIVELY:
            return
        frames = onsets.shape[1]
        size = fft.next_fast_len(2 * frames, real=True)
        spectra = fft.rfft(onsets - onsets.mean(axis=1, keepdims=True), size, axis=1)
        correlation = fft.irfft(spectra.real**2 + spectra.imag**2, size, axis=1)
        self._reach = min(_LAGS, frames * 5 // 6)
        overlap = 1.0 - np.arange(self._reach) / frames
        self._sums[:, : self._reach] += correlation[:, : self._reach] / overlap
        self._onsets += _count(onsets)
        self._frames += frames


def _bpm(lags: Numbers) -> Numbers:
    return 60.0 * FRAMES_PER_S / lags


def _onset_strength(bands: Float32) -> Numbers:
    """Return float64[groups, frames]: how much band powers float32[frames, bands] rise.

    Powers are taken relative to the segment's mean, so that a quiet recording counts like a loud
    one. Smoothing lets a beat whose period is no whole number of frames line up with itself.
    """
    mean = float(bands.sum(axis=1).mean())
    if mean < _SILENT:
        return np.zeros((len(_GROUPS), len(bands)))
    logs = np.log1p(bands.astype(np.float64) * (_COMPRESSION / mean))
    rises = np.maximum(np.diff(logs, axis=0, prepend=logs[:1]), 0.0)
    return np.stack(
        [np.convolve(rises[:, group].mean(axis=1), _SMOOTHING, "same") for group in _GROUPS]
    )


def _count(onsets: Numbers) -> Numbers:
    """Return float64[groups]: how many onsets stand out in float64[groups, frames]."""
    centre = onsets[:, 1:-1]
    floor = onsets.mean(axis=1, keepdims=True) + 0.5 * onsets.std(axis=1, keepdims=True)
    is_peak = (centre > onsets[:, :-2]) & (centre >= onsets[:, 2:]) & (centre > floor)
    counts: Numbers = is_peak.sum(axis=1).astype(np.float64)
    return counts


def _peaks(strength: Numbers) -> NDArray[np.int_]:
    """Return the lags of all peaks of float64[lags] that could be a beat."""
    fastest, slowest = (int(60 * FRAMES_PER_S / bpm) for bpm in (_FASTEST_BPM, _SLOWEST_BPM))
    lags = np.arange(fastest, min(slowest + 1, len(strength) - 1))
    is_peak = (strength[lags] >= strength[lags - 1]) & (strength[lags] > strength[lags + 1])
    return lags[is_peak]


def _near(strength: Numbers, lags: Numbers) -> Numbers:
    """Return the strength at lags float64[n, m], or at a neighbour where that is stronger.

    A multiple beyond the end counts like the others from two on do in the mean.
    """
    places = np.round(lags).astype(int)
    inside = places < len(strength) - 1
    places = np.minimum(places, max(1, len(strength) - 2))
    values = np.max([strength[places + step] for step in (-1, 0, 1)], axis=0)
    counted = inside & (MULTIPLES >= 2)
    means = (values * counted).sum(axis=1) / np.maximum(1, counted.sum(axis=1))
    found: Numbers = np.where(inside, values, means[:, np.newaxis])
    return found


def _refined(strength: Numbers, lag: int) -> float:
    """Sharpen ``lag`` by the peaks at two, four and eight times it, where they exist."""
    refined = _vertex(strength, lag)
    for times in (2, 4, 8):
        centre = round(times * refined)
        reach = 2
        if centre + reach + 2 >= len(strength):
            break
        around = strength[centre - reach : centre + reach + 1]
        peak = centre - reach + int(np.argmax(around))
        if abs(peak - centre) == reach or strength[peak] < 0.4 * strength[lag]:
            break
        refined = _vertex(strength, peak) / times
    return refined


def _vertex(values: Numbers, peak: int) -> float:
    """Return the place of the parabola's vertex through ``peak`` and its neighbours."""
    left, centre, right = values[peak - 1 : peak + 2]
    bend = left - 2.0 * centre + right
    return float(peak if bend >= 0.0 else peak + 0.5 * (left - right) / bend)

"""What a plain program measures in a clip without any learning, for the baseline."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from traumbox.domain import SAMPLE_RATE_HZ
from traumbox.embedders.builtin.mel import BANDS, FRAMES, HOP

_FRAMES_PER_S = SAMPLE_RATE_HZ / HOP
_TEMPI_BPM = (50, 60, 70, 80, 90, 100, 110, 120, 130, 140, 150, 160, 175, 190)


def describe(mel: NDArray[np.floating]) -> NDArray[np.float64]:
    """Return the descriptors of a log-mel picture [FRAMES, BANDS], float64[2 * BANDS + 20].

    The classic bag of frames, mean and standard deviation of each band over time; then level and
    its spread, centroid of the average spectrum (in bands), mean and spread of the onsets, the
    strongest tempo (bpm), and how much the onsets recur at fourteen tempi (-1..1).
    """
    picture = mel.astype(np.float64).reshape(FRAMES, BANDS)
    over_time, spectrum = picture.mean(axis=1), picture.mean(axis=0)
    weights = 10.0**spectrum  # the picture counts in 20 dB, so this is magnitude
    centroid = float((weights * np.arange(BANDS)).sum() / weights.sum())
    onsets = np.maximum(0.0, np.diff(picture, axis=0)).mean(axis=1)
    bpm, recurrence = _tempo(onsets)
    level = [over_time.mean(), over_time.std(), centroid, onsets.mean(), onsets.std(), bpm]
    return np.concatenate([spectrum, picture.std(axis=0), level, recurrence])


def _tempo(onsets: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
    """Return the strongest tempo of the onsets, and their autocorrelation at _TEMPI_BPM."""
    level = onsets - onsets.mean()
    correlation = np.correlate(level, level, "full")[len(level) - 1 :]
    correlation = correlation / (correlation[0] + 1e-9)

    def lag(bpm: float) -> int:
        return round(60.0 * _FRAMES_PER_S / bpm)

    lags = np.arange(lag(_TEMPI_BPM[-1]), lag(_TEMPI_BPM[0]) + 1)
    best = int(lags[np.argmax(correlation[lags])])
    # A beat seldom falls on a whole frame, so the neighbours count as well.
    near = [float(correlation[lag(bpm) - 1 : lag(bpm) + 2].max()) for bpm in _TEMPI_BPM]
    return 60.0 * _FRAMES_PER_S / best, np.array(near)

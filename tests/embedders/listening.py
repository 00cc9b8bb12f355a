"""Decoding and cutting for these tests alone, so that they judge the model and nothing else."""

from pathlib import Path

import av
import numpy as np

from traumbox.domain import SAMPLE_RATE_HZ, WINDOW_SAMPLES


def windows(path: Path) -> np.ndarray:
    """Return float32[n, 480000]: the file in tens of seconds, the last one counted from its end.

    What is shorter than ten seconds is repeated as often as it fits, then padded with zeros.
    """
    x = _mono(path)
    if len(x) < WINDOW_SAMPLES:
        repeated = np.tile(x, WINDOW_SAMPLES // len(x))
        return np.pad(repeated, (0, WINDOW_SAMPLES - len(repeated)))[np.newaxis]
    starts = list(range(0, len(x) - WINDOW_SAMPLES + 1, WINDOW_SAMPLES))
    if starts[-1] + WINDOW_SAMPLES < len(x):
        starts.append(len(x) - WINDOW_SAMPLES)
    return np.stack([x[start : start + WINDOW_SAMPLES] for start in starts])


def _mono(path: Path) -> np.ndarray:
    with av.open(str(path)) as container:
        resampler = av.AudioResampler(format="fltp", rate=SAMPLE_RATE_HZ)
        frames = [b for f in container.decode(audio=0) for b in resampler.resample(f)]
        frames += resampler.resample(None)
    return np.concatenate([frame.to_ndarray() for frame in frames], axis=1).mean(axis=0)

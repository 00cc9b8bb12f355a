"""Cutting a track into the ten-second windows that the model hears.

Windows follow each other without overlap. A rest of at least one second gives one more window,
which ends exactly where the track ends. A track shorter than a window is repeated as often as it
fits and then padded with zeros, as CLAP was trained ("repeatpad"). Windows that stay under -60 dBFS
are left out: the model would only describe their silence.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from traumbox.domain import SAMPLE_RATE_HZ, WINDOW_SAMPLES, Float32, Int16, Window

_FULL_SCALE = 32767
_SHORTEST_REST = SAMPLE_RATE_HZ
_AUDIBLE = 10.0 ** (-60.0 / 20.0) * _FULL_SCALE


def to_int16(samples: Float32) -> Int16:
    """Return float32[n] as int16[n], clipped to ±1 and truncated as CLAP's preprocessing does."""
    return (np.clip(samples, -1.0, 1.0) * np.float32(_FULL_SCALE)).astype(np.int16)


def cut(pcm: Int16) -> Iterator[Window]:
    """Yield the audible windows of a whole track, one by one: they are twice as large as it.

    Parameters
    ----------
    pcm
        int16[n] at 48 kHz.

    Yields
    ------
    Window
        By start; samples are float32[480000] in -1..1.
    """
    total = len(pcm)
    if total == 0:
        return
    if total < WINDOW_SAMPLES:
        yield from _audible(0, _repeat_padded(pcm))
        return
    starts = list(range(0, total - WINDOW_SAMPLES + 1, WINDOW_SAMPLES))
    if total - (starts[-1] + WINDOW_SAMPLES) >= _SHORTEST_REST:
        starts.append(total - WINDOW_SAMPLES)
    for start in starts:
        yield from _audible(start, pcm[start : start + WINDOW_SAMPLES])


class WindowCutter:
    """Does what :func:`cut` does to a stream, holding at most twenty seconds of it."""

    def __init__(self) -> None:
        # The window before and, behind it, the one being filled: the last window of a track
        # reaches back from the second into the first.
        self._pcm = np.zeros(2 * WINDOW_SAMPLES, np.int16)
        self._filled = 0
        self._start = 0

    def feed(self, pcm: Int16) -> Iterator[Window]:
        """Take int16[n] and yield the audible windows that it completes."""
        while len(pcm):
            fill = WINDOW_SAMPLES + self._filled
            piece, pcm = pcm[: 2 * WINDOW_SAMPLES - fill], pcm[2 * WINDOW_SAMPLES - fill :]
            self._pcm[fill : fill + len(piece)] = piece
            self._filled += len(piece)
            if self._filled == WINDOW_SAMPLES:
                window = self._pcm[WINDOW_SAMPLES:]
                yield from _audible(self._start, window)
                self._pcm[:WINDOW_SAMPLES] = window
                self._start += WINDOW_SAMPLES
                self._filled = 0

    def finish(self) -> Iterator[Window]:
        """Yield the window, if any, that the end of the track makes."""
        rest = self._filled
        if self._start == 0 and rest:
            yield from _audible(
                0, _repeat_padded(self._pcm[WINDOW_SAMPLES : WINDOW_SAMPLES + rest])
            )
        elif rest >= _SHORTEST_REST:
            start = self._start + rest - WINDOW_SAMPLES
            yield from _audible(start, self._pcm[rest : rest + WINDOW_SAMPLES])


def _repeat_padded(pcm: Int16) -> Int16:
    padded = np.zeros(WINDOW_SAMPLES, np.int16)
    repeated = np.tile(pcm, WINDOW_SAMPLES // len(pcm))
    padded[: len(repeated)] = repeated
    return padded


def _audible(start: int, pcm: Int16) -> Iterator[Window]:
    # int16's minimum has no absolute value in int16, hence two comparisons.
    if pcm.max() >= _AUDIBLE or pcm.min() <= -_AUDIBLE:
        samples = pcm.astype(np.float32) / np.float32(_FULL_SCALE)
        yield Window(start / SAMPLE_RATE_HZ, samples)

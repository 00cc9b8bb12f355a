"""The numbers measured from the signal, in one pass and bounded memory."""

from __future__ import annotations

import numpy as np
from scipy import fft, signal

from traumbox.audio.framing import Framer
from traumbox.audio.loudness import LoudnessMeter
from traumbox.audio.percussive import PercussivenessMeter
from traumbox.audio.silence import SilenceMeter
from traumbox.audio.tempo import FRAMES_PER_S, TempoMeter
from traumbox.audio.tonality import KeyMeter
from traumbox.domain import SAMPLE_RATE_HZ, Descriptors, Float32

_FRAME = 1024
_HOP = SAMPLE_RATE_HZ // FRAMES_PER_S
_AUDIBLE = 1e-6  # -60 dBFS


class DescriptorMeter:
    """Measures all of ``Descriptors`` but the vocals of a mono 48 kHz stream.

    What the signal doesn't yield comes out as None: the tempo of a pad, the key of a drum solo,
    anything of silence.
    """

    def __init__(self) -> None:
        self._framer = Framer(_FRAME, _HOP)
        hann = signal.windows.hann(_FRAME, sym=False)
        self._window = (hann * (2.0 / hann.sum())).astype(np.float32)  # a full-scale sine gives 1
        self._tempo = TempoMeter()
        self._key = KeyMeter()
        self._loudness = LoudnessMeter()
        self._brightness = BrightnessMeter()
        self._percussiveness = PercussivenessMeter()
        self._silence = SilenceMeter()

    def feed(self, block: Float32) -> None:
        """Take the next float32[n]; how the stream is split makes no difference."""
        self._silence.feed(block)
        self._loudness.feed(block)
        self._key.feed(block)
        spectra = fft.rfft(self._framer.feed(block) * self._window, axis=1)
        powers = spectra.real**2 + spectra.imag**2
        self._tempo.feed(powers)
        self._brightness.feed(powers)
        self._percussiveness.feed(powers)

    def result(self) -> Descriptors:
        """Return what was measured of everything fed so far, rounded to what can be heard."""
        tempo, key, silence = self._tempo.result(), self._key.result(), self._silence.result()
        return Descriptors(
            bpm=_rounded(tempo.bpm if tempo else None, 2),
            key=key.name if key else None,
            loudness_lufs=_rounded(self._loudness.result(), 2),
            brightness_hz=_rounded(self._brightness.result(), 1),
            bpm_confidence=_rounded(tempo.confidence if tempo else None, 2),
            bpm_other=_rounded(tempo.other if tempo else None, 2),
            key_confidence=_rounded(key.confidence if key else None, 2),
            dynamic_range_lu=_rounded(self._loudness.range_lu(), 1),
            percussive=_rounded(self._percussiveness.result(), 3),
            silence_start_s=silence[0] if silence else None,
            silence_end_s=silence[1] if silence else None,
        )


def _rounded(value: float | None, digits: int) -> float | None:
    return None if value is None else round(value, digits)


class BrightnessMeter:
    """The spectral centroid in Hz, averaged over the frames by their energy."""

    def __init__(self) -> None:
        self._hz = fft.rfftfreq(_FRAME, 1.0 / SAMPLE_RATE_HZ).astype(np.float32)
        self._weighted = 0.0
        self._energy = 0.0
        self._frames = 0

    def feed(self, powers: Float32) -> None:
        """Take power spectra float32[frames, 513] of Hann-windowed frames."""
        magnitudes = np.sqrt(powers)
        sums = magnitudes.sum(axis=1)
        heard = sums > 0.0
        centroids = (magnitudes[heard] @ self._hz) / sums[heard]
        energies = powers[heard].sum(axis=1)
        self._weighted += float(centroids @ energies)
        self._energy += float(energies.sum())
        self._frames += len(powers)

    def result(self) -> float | None:
        """Return the mean centroid, or None for silence (under -60 dBFS on average)."""
        audible = self._energy > _AUDIBLE * self._frames
        return self._weighted / self._energy if audible else None

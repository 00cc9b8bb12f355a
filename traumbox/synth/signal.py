"""The raw material of every voice: modes, wavetables, envelopes, filtered noise."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import signal as sps

from traumbox.domain import SAMPLE_RATE_HZ, Float32

_BLOCK = 512
_TABLE = 8192  # long enough to be read without interpolation (error below -78 dB)
_LN_60_DB = 6.907755  # ln(1000)


def samples(duration_s: float) -> int:
    """Return ``duration_s`` as a count of samples at 48 kHz, at least one."""
    return max(1, round(duration_s * SAMPLE_RATE_HZ))


def hz(pitch: float) -> float:
    """Return the frequency of a MIDI ``pitch`` (69 is A4, 440 Hz)."""
    return float(440.0 * 2.0 ** ((pitch - 69.0) / 12.0))


def modal(
    freqs_hz: ArrayLike, amps: ArrayLike, decays_s: ArrayLike, n: int, phases: ArrayLike = 0.0
) -> Float32:
    """Sum damped sine waves: what strings, bars and bells do after a blow.

    The sum is computed as one matrix product: with t = b * 512 + i, the mode exp((iw - d)t)
    splits into a factor per block b and one per place i within it.

    Parameters
    ----------
    freqs_hz, amps, decays_s, phases
        float[modes]; ``decays_s`` is the time in which a mode falls by 60 dB. Modes from
        20 kHz on are left out.
    n
        Length of the result in samples.

    Returns
    -------
    float32[n]
    """
    freq, amp, decay, phase = (
        a.ravel() for a in np.broadcast_arrays(*map(np.asarray, (freqs_hz, amps, decays_s, phases)))
    )
    audible = freq < 20_000.0
    freq, amp, decay, phase = freq[audible], amp[audible], decay[audible], phase[audible]
    rate = (2j * np.pi * freq - _LN_60_DB / np.maximum(decay, 1e-3)) / SAMPLE_RATE_HZ
    blocks = -(-n // _BLOCK)
    starts = np.exp(np.outer(np.arange(blocks) * float(_BLOCK), rate)) * (amp * np.exp(1j * phase))
    within = np.exp(np.outer(rate, np.arange(_BLOCK)))
    left = np.hstack([starts.imag, starts.real]).astype(np.float32)
    right = np.vstack([within.real, within.imag]).astype(np.float32)
    out: Float32 = (left @ right).reshape(-1)[:n]
    return out


def wavetable(amps: ArrayLike, pitch_hz: float, phases: ArrayLike = 0.0) -> Float32:
    """Return one period, float32[8192], with the given harmonic amplitudes, free of aliases.

    ``amps[k]`` belongs to harmonic k + 1; what would lie above 20 kHz at ``pitch_hz`` is left out.
    """
    amp = np.atleast_1d(np.asarray(amps, dtype=np.float64)).copy()
    phase = np.broadcast_to(np.asarray(phases, dtype=np.float64), amp.shape)
    amp[np.arange(1, len(amp) + 1) * pitch_hz > 20_000.0] = 0.0
    spectrum = np.zeros(_TABLE // 2 + 1, dtype=np.complex128)
    spectrum[1 : len(amp) + 1] = -0.5j * _TABLE * amp * np.exp(1j * phase)
    table: Float32 = np.fft.irfft(spectrum).astype(np.float32)
    return table


def read_table(table: Float32, cycles: NDArray[np.float64]) -> Float32:
    """Read a wavetable at a running phase ``cycles`` float64[n], counted in periods."""
    places = (cycles * _TABLE).astype(np.int64) & (_TABLE - 1)
    out: Float32 = table[places]
    return out


def running_phase(
    pitch_hz: float,
    n: int,
    *,
    vibrato_cents: float = 0.0,
    vibrato_hz: float = 5.3,
    onset_s: float = 0.25,
    start: float = 0.0,
) -> NDArray[np.float64]:
    """Return the phase in periods, float64[n], of a tone with a late vibrato."""
    if not vibrato_cents:
        return start + np.arange(n, dtype=np.float64) * (pitch_hz / SAMPLE_RATE_HZ)
    t = np.arange(n) / SAMPLE_RATE_HZ
    depth = vibrato_cents * np.clip(t / onset_s - 0.5, 0.0, 1.0)
    cents = depth * np.sin(2 * np.pi * (vibrato_hz * t + start))
    # 2^(c / 1200) to the first order: within a tenth of a cent for any musical vibrato.
    steps: NDArray[np.float64] = (1.0 + cents * (np.log(2.0) / 1200.0)) * (
        pitch_hz / SAMPLE_RATE_HZ
    )
    return start + np.cumsum(steps)


def envelope(n: int, attack_s: float, release_s: float, hold: float = 1.0) -> Float32:
    """Return float32[n]: rise, drift from 1 to ``hold``, fall."""
    attack = min(samples(attack_s), n)
    release = min(samples(release_s), n)
    curve = np.linspace(1.0, hold, n, dtype=np.float32)
    curve[:attack] *= np.sin(np.linspace(0.0, np.pi / 2, attack, dtype=np.float32))
    curve[n - release :] *= np.cos(np.linspace(0.0, np.pi / 2, release, dtype=np.float32)) ** 2
    return curve


def decay(n: int, time_s: float) -> Float32:
    """Return float32[n] falling by 60 dB in ``time_s``."""
    rate = np.float32(-_LN_60_DB / (time_s * SAMPLE_RATE_HZ))
    out: Float32 = np.exp(rate * np.arange(n, dtype=np.float32))
    return out


def white(n: int, rng: np.random.Generator) -> Float32:
    """Return white noise float32[n] of unit variance."""
    return rng.standard_normal(n, dtype=np.float32)


def pink(n: int, rng: np.random.Generator) -> Float32:
    """Return noise float32[n] falling 3 dB an octave (Kellet's filter), about unit variance."""
    b = [0.049922035, -0.095993537, 0.050612699, -0.004408786]
    a = [1.0, -2.494956002, 2.017265875, -0.522189400]
    out: Float32 = sps.lfilter(b, a, white(n, rng)).astype(np.float32) * np.float32(11.0)
    return out


@lru_cache(maxsize=256)
def _sections(kind: str, low_hz: float, high_hz: float, order: int) -> NDArray[np.float64]:
    edges = {"low": high_hz, "high": low_hz, "band": (low_hz, high_hz)}[kind]
    btype = {"low": "lowpass", "high": "highpass", "band": "bandpass"}[kind]
    out: NDArray[np.float64] = sps.butter(order, edges, btype, fs=SAMPLE_RATE_HZ, output="sos")
    return out


def lowpass(x: Float32, cutoff_hz: float, order: int = 2) -> Float32:
    """Take away what lies above ``cutoff_hz`` (Butterworth) along the first axis."""
    out: Float32 = sps.sosfilt(_sections("low", 0.0, cutoff_hz, order), x, axis=0)
    return out.astype(np.float32, copy=False)


def highpass(x: Float32, cutoff_hz: float, order: int = 2) -> Float32:
    """Take away what lies below ``cutoff_hz`` (Butterworth) along the first axis."""
    out: Float32 = sps.sosfilt(_sections("high", cutoff_hz, 0.0, order), x, axis=0)
    return out.astype(np.float32, copy=False)


def bandpass(x: Float32, low_hz: float, high_hz: float, order: int = 2) -> Float32:
    """Keep what lies between ``low_hz`` and ``high_hz`` (Butterworth) along the first axis."""
    out: Float32 = sps.sosfilt(_sections("band", low_hz, high_hz, order), x, axis=0)
    return out.astype(np.float32, copy=False)


def wander(n: int, rate_hz: float, rng: np.random.Generator) -> Float32:
    """Return a smooth random curve float32[n] in 0..1 with about ``rate_hz`` turns a second."""
    knots = max(3, int(n / SAMPLE_RATE_HZ * rate_hz) + 3)
    heights = rng.random(knots)
    at = np.linspace(0.0, knots - 1.0, n)
    low = np.minimum(at.astype(np.int64), knots - 2)
    blend = 0.5 - 0.5 * np.cos(np.pi * (at - low))
    out: Float32 = (heights[low] * (1 - blend) + heights[low + 1] * blend).astype(np.float32)
    return out


def harmonics(count: int) -> NDArray[np.float64]:
    """Return 1, 2, ... ``count`` as float64."""
    return np.arange(1, count + 1, dtype=np.float64)


def level_of(velocity: float) -> float:
    """Return the peak amplitude of a note played with ``velocity`` (0..1)."""
    return float(0.25 * velocity**1.3)


def peak_to(x: Float32, level: float) -> Float32:
    """Scale so that the greatest sample is ``level``; silence stays silent."""
    top = float(np.max(np.abs(x))) or 1.0
    out: Float32 = x * np.float32(level / top)
    return out

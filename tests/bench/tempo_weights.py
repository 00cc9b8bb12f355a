"""``python -m tests.bench.tempo_weights [N]``: fit the weights of ``traumbox.audio.meter`` anew.

A conditional logit: of each piece's candidates for the beat the true one shall be the likeliest.
Plain clicks and drums count three times: where nothing is between the beats, nothing shall be
imagined there. What it prints belongs into ``meter.py``; try it on pieces of another seed with
``python -m tests.bench.descriptors``.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import fft, optimize, signal

from tests.bench.pieces_with_truth import pieces
from traumbox.audio.framing import Framer
from traumbox.audio.tempo import FRAMES_PER_S, TempoMeter
from traumbox.domain import SAMPLE_RATE_HZ, Float32

SEEDS = (0, 1)
PENALTY = 0.001
PLAIN_COUNT = 3
PLAIN_BPM = (60, 70, 80, 87.5, 96, 108, 120, 133.3, 141, 150, 164, 174, 180)
DURATION_S = 16.0
_FRAME = 1024

Numbers = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Case:
    """The candidates of one piece: float64[n, f] features, and which of them are the tempo."""

    features: Numbers
    is_true: NDArray[np.bool_]


def plain(bpm: float, *, drummed: bool) -> Float32:
    """Return clicks, or bass drum, snare and a hi-hat on every half beat: float32[n]."""
    rng = np.random.default_rng(7)
    sound = np.zeros(int(DURATION_S * SAMPLE_RATE_HZ))
    times_s = np.arange(int(0.25 * SAMPLE_RATE_HZ)) / SAMPLE_RATE_HZ
    hiss = rng.standard_normal(len(times_s))
    click = 0.5 * np.sin(2 * np.pi * 1500 * times_s) * np.exp(-160 * times_s)
    kick = np.sin(2 * np.pi * 55 * times_s) * np.exp(-10 * times_s)
    snare, hat = 0.3 * hiss * np.exp(-15 * times_s), 0.1 * hiss * np.exp(-96 * times_s)
    for half in range(int(DURATION_S * bpm / 30)):
        start = int(half * 30 / bpm * SAMPLE_RATE_HZ)
        blow = hat * drummed
        if half % 2 == 0:
            blow = blow + ((snare if half % 4 else kick) if drummed else click)
        room = len(sound) - start
        sound[start : start + len(blow)] += blow[:room]
    return sound.astype(np.float32)


def case(sound: Float32, bpm: float) -> Case | None:
    """Measure float32[n]; None where the tempo is not among the candidates."""
    hann = signal.windows.hann(_FRAME, sym=False)
    frames = Framer(_FRAME, SAMPLE_RATE_HZ // FRAMES_PER_S).feed(sound)
    spectra = fft.rfft(frames * (hann * (2.0 / hann.sum())).astype(np.float32), axis=1)
    meter = TempoMeter()
    meter.feed(spectra.real**2 + spectra.imag**2)
    lags, features, _ = meter.candidates()
    is_true = np.abs(lags * bpm / (60.0 * FRAMES_PER_S) - 1.0) < 0.04
    return Case(features, is_true) if is_true.any() else None


def cases(count: int) -> Iterator[Case]:
    """Yield what there is to learn from ``count`` pieces of each seed and the plain ones."""
    for seed in SEEDS:
        for piece in pieces(count, DURATION_S, seed):
            if (found := case(piece.play().mean(axis=1), piece.bpm)) is not None:
                yield found
    for bpm in PLAIN_BPM:
        for drummed in (False, True):
            if (found := case(plain(bpm, drummed=drummed), bpm)) is not None:
                yield from [found] * PLAIN_COUNT


def fit(known: list[Case]) -> Numbers:
    """Return the weights float64[f]."""

    def loss(weights: Numbers) -> tuple[float, Numbers]:
        total, slope = 0.0, np.zeros(len(weights))
        for one in known:
            scores = one.features @ weights
            odds = np.exp(scores - scores.max())
            all_, true = odds.sum(), odds[one.is_true].sum()
            total -= float(np.log(true / all_ + 1e-12))
            slope += odds / all_ @ one.features
            slope -= (odds[one.is_true] / true) @ one.features[one.is_true]
        value = total / len(known) + PENALTY * float(weights @ weights)
        return value, slope / len(known) + 2 * PENALTY * weights

    start = np.zeros(known[0].features.shape[1])
    found: Numbers = optimize.minimize(loss, start, jac=True, method="L-BFGS-B").x
    return found


if __name__ == "__main__":
    learnt = list(cases(int(sys.argv[1]) if len(sys.argv) > 1 else 93))
    print(len(learnt), "cases")
    print(np.array2string(fit(learnt), precision=2, separator=", ", max_line_width=90))

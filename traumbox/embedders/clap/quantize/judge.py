"""Whether a model in 8 bits hears well enough: measured on the owner's music, against a bar."""

from __future__ import annotations

import math
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

from traumbox.domain import SAMPLE_RATE_HZ, Float32

TOP = 10
SHIFT_S = 0.005
"""Nobody hears a shift by 5 ms, yet the vector moves: what changes it less is no loss."""


@dataclass(frozen=True, slots=True)
class Bar:
    """What an 8-bit model must reach."""

    error: float = 1.0  # of the shift's, for the median window
    overlap: float = 0.9  # of the best ten windows for a sentence, on average
    spearman: float = 0.98  # of all windows' order for a sentence, on average
    faster: float = 1.3  # times


BAR = Bar()


@dataclass(frozen=True, slots=True)
class Vectors:
    """What one of the two models made of the same windows and sentences.

    ``audio`` float32[windows, dim], ``text`` float32[prompts, dim], all of unit length;
    ``window_s`` float64[windows]: the seconds that each window took.
    """

    audio: Float32
    text: Float32
    window_s: NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class SelfCheck:
    """The 8-bit model against the one it was made of, on the owner's own windows.

    Errors are relative: the distance between two vectors of one window over the mean distance of
    all windows from their mean. ``shift_error`` is how much a shift by 5 ms changes the original's.
    ``faster`` compares medians per window, each model on the best engine of this machine.
    """

    accepted: bool
    windows: int
    prompts: int
    median_error: float
    p95_error: float
    shift_error: float
    median_cosine: float
    min_cosine: float
    overlap: float
    spearman: float
    lowest_spearman: float
    faster: float
    bytes_before: int
    bytes_after: int
    reasons: tuple[str, ...]

    @property
    def sentence(self) -> str:
        """The verdict, for people."""
        measured = (
            f"on {self.windows} windows of your music and {self.prompts} sentences: error "
            f"{self.median_error:.3f} (a shift by 5 ms: {self.shift_error:.3f}), same top ten "
            f"{self.overlap:.0%}, same order {self.spearman:.3f}, "
            f"{_floor(self.faster):.2f} × as fast"
        )
        if self.accepted:
            return f"Good enough {measured}."
        return f"Not good enough {measured}. {' '.join(self.reasons)}"


def judge(
    original: Vectors, smaller: Vectors, late: Float32, sizes_bytes: tuple[int, int], bar: Bar = BAR
) -> SelfCheck:
    """Compare two models.

    Parameters
    ----------
    late
        float32[windows, dim]: the original's vectors of the windows shifted by 5 ms.
    sizes_bytes
        Of the original's and of the smaller model's files.
    """
    spread = _distances(original.audio, original.audio.mean(axis=0)).mean()
    errors = _distances(smaller.audio, original.audio) / spread
    shift_error = float(np.median(_distances(late, original.audio) / spread))
    cosines = np.sum(original.audio * smaller.audio, axis=1)
    before = original.text @ original.audio.T
    after = smaller.text @ smaller.audio.T
    orders = [_spearman(one, other) for one, other in zip(before, after, strict=True)]
    median_error, overlap = float(np.median(errors)), _overlap(before, after)
    spearman = float(np.mean(orders))
    faster = float(np.median(original.window_s) / np.median(smaller.window_s))
    reasons = []
    # Each is asked so that what isn't a number fails.
    if not median_error <= bar.error * shift_error:
        reasons.append("It hears windows differently by more than a shift of 5 ms does.")
    if not overlap >= bar.overlap:
        reasons.append(f"Less than {bar.overlap:.0%} of the ten best answers are the same.")
    if not spearman >= bar.spearman:
        reasons.append(f"The order of answers agrees by less than {bar.spearman:.2f}.")
    if not faster >= bar.faster:
        reasons.append(f"It has to be {bar.faster:.2f} × as fast on this machine.")
    return SelfCheck(
        accepted=not reasons,
        windows=len(original.audio),
        prompts=len(original.text),
        median_error=median_error,
        p95_error=float(np.percentile(errors, 95)),
        shift_error=shift_error,
        median_cosine=float(np.median(cosines)),
        min_cosine=float(cosines.min()),
        overlap=overlap,
        spearman=spearman,
        lowest_spearman=float(min(orders)),
        faster=faster,
        bytes_before=sizes_bytes[0],
        bytes_after=sizes_bytes[1],
        reasons=tuple(reasons),
    )


def shifted(windows: Float32) -> Float32:
    """Return float32[n, 480000] that begins 5 ms later and ends with the last 5 ms mirrored."""
    late = round(SHIFT_S * SAMPLE_RATE_HZ)
    return np.concatenate((windows[:, late:], windows[:, : -late - 1 : -1]), axis=1)


def check_of(about: object) -> SelfCheck | None:
    """Return the check that ``dataclasses.asdict`` and JSON made ``about`` from; None otherwise."""
    if not isinstance(about, dict) or {field.name for field in fields(SelfCheck)} != about.keys():
        return None
    known: dict[str, Any] = {**about, "reasons": tuple(about["reasons"])}
    return SelfCheck(**known)


def _floor(ratio: float) -> float:
    """Cut to hundredths: a rounded ratio could seem to reach the bar that it just misses."""
    return math.floor(100.0 * ratio) / 100.0


def _distances(one: Float32, other: Float32) -> Float32:
    out: Float32 = np.linalg.norm(one - other, axis=1)
    return out


def _overlap(before: Float32, after: Float32) -> float:
    """Return the mean share of windows that both have among the best ten for a sentence."""
    shares = [
        len(set(_best(one)) & set(_best(other))) / TOP
        for one, other in zip(before, after, strict=True)
    ]
    return float(np.mean(shares))


def _best(scores: Float32) -> list[int]:
    best: list[int] = np.argsort(-scores, kind="stable")[:TOP].tolist()
    return best


def _spearman(one: Float32, other: Float32) -> float:
    """Return the correlation of the two orders; scores of music never tie."""
    first, second = (np.argsort(np.argsort(scores)).astype(np.float64) for scores in (one, other))
    correlations: NDArray[np.float64] = np.asarray(np.corrcoef(first, second))
    return float(correlations[0, 1])

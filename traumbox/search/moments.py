"""Where in one track a sentence matches: the best places, where it begins, the heat over it all."""

from __future__ import annotations

import numpy as np

from traumbox.domain import HEAT, WINDOW_S, Float32, ModelCard, Moment, Moments

BEST_MOMENTS = 3
FAINT_MATCH = 10
"""A moment below this match isn't worth jumping to; the best one is always told."""
CLEARLY = 0.5
"""A sound has come in where the score is past the middle between its lowest and its highest."""
FLAT = 0.08
"""A track whose cosines differ by less has the sound everywhere, or nowhere."""


def moments_of(
    starts_s: Float32, scores: Float32, card: ModelCard, duration_s: float, *, starts: bool = False
) -> Moments:
    """Return the moments of a track by its windows' starts and text-to-audio cosines float32[n].

    With ``starts`` the best is where the sound comes in. What doesn't fit leaves the heat cold.
    """
    matches = np.array([card.match(float(s)) for s in scores], dtype=np.float32)
    fits = np.array([card.fits(float(s)) for s in scores], dtype=np.bool_)
    first = comes_in(scores) if starts else inside(scores)
    others = apart(starts_s, scores, BEST_MOMENTS)
    chosen = [first, *(i for i in others if abs(starts_s[i] - starts_s[first]) > WINDOW_S)]
    best = tuple(
        Moment(float(starts_s[i]), float(scores[i]), int(matches[i]), bool(fits[i]))
        for rank, i in enumerate(chosen[:BEST_MOMENTS])
        if rank == 0 or (fits[i] and matches[i] >= FAINT_MATCH)
    )
    return Moments(heat=heat(starts_s, np.where(fits, matches, 0.0), duration_s), best=best)


def inside(scores: Float32) -> int:
    """Return the best window of scores float32[n >= 1] by time, or a neighbour further inside.

    A window that reaches a few seconds back over the border of a passage often matches best by a
    hair; where one beside it is nearly as good and has better neighbours, that one lies within.
    """
    best = int(np.argmax(scores))
    edge = scores.min(keepdims=True)
    around = np.concatenate([edge, scores[:-1]]) + np.concatenate([scores[1:], edge])
    near = [place for place in (best, best + 1, best - 1) if 0 <= place < len(scores)]
    good = [place for place in near if scores[place] >= scores[best] - FLAT]
    return max(good, key=lambda place: float(scores[place]) + float(around[place]) / 4)


def comes_in(scores: Float32) -> int:
    """Return the window in which a sound comes in, of scores float32[n >= 1] by time.

    That is the first of the run of windows around the best that are clearly nearer to the best than
    to the lowest; where the track sounds the same all over, its first.
    """
    low, high = float(scores.min()), float(scores.max())
    if high - low < FLAT:
        return 0
    clear = scores >= low + CLEARLY * (high - low)
    entry = int(np.argmax(scores))
    while entry > 0 and clear[entry - 1]:
        entry -= 1
    return entry


def apart(starts_s: Float32, scores: Float32, count: int) -> list[int]:
    """Return the indices of up to ``count`` best windows that neither touch nor overlap."""
    chosen: list[int] = []
    for i in np.argsort(-scores, kind="stable"):
        if all(abs(starts_s[i] - starts_s[j]) > WINDOW_S + 1e-3 for j in chosen):
            chosen.append(int(i))
        if len(chosen) == count:
            break
    return chosen


def heat(starts_s: Float32, matches: Float32, duration_s: float) -> bytes:
    """Spread window matches (0-100) over HEAT columns of the track, uint8 0-255."""
    columns = np.zeros(HEAT, dtype=np.float32)
    for start_s, match in zip(starts_s, matches, strict=True):
        first = int(start_s / duration_s * HEAT)
        last = int(np.ceil(min(start_s + WINDOW_S, duration_s) / duration_s * HEAT))
        columns[first:last] = np.maximum(columns[first:last], match)
    return (columns * 2.55).astype(np.uint8).tobytes()

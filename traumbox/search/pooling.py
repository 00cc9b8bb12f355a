"""A sound as a query: the few directions that stand for it, and how tracks are scored by them."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from math import atan2, pi, sqrt
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from traumbox.domain import Float32, unit
from traumbox.search.sphere import angle_rad, turned, unit_rows

MOST = 4
WINDOWS_READ = 1_000
"""Of a longer sound so many windows, evenly spread, tell what it is like (about three hours)."""
ROUNDS = 30
GAIN = 0.2
"""One direction more must bring the windows nearer to theirs by this share of what was missing.
Halves of one even sound gain a tenth, two different halves a half."""
APART = 0.75
"""Directions with a greater cosine would find the same tracks."""
SHARE_LEAST = 0.1
"""A direction of fewer windows than this is a passing thing."""
ODD = 3.5
"""The modified z-score from which on a value is an outlier (B. Iglewicz, D. Hoaglin, "How to
detect and handle outliers", 1993)."""
SPREAD_LEAST = 0.02
"""In a very even sound nothing is odd that differs by less than some times this cosine."""
ODD_MOST = 0.25
"""No more windows than this share are left out as odd: more aren't odd, they are a part."""

Key = TypeVar("Key", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Pooled:
    """Unit directions float32[k, dim] of a sound, and float32[k] of its share each (sum 1)."""

    directions: Float32
    weights: Float32


def pooled(vectors: Float32, most: int = MOST) -> Pooled:
    """Return the up to ``most`` directions that stand for windows float32[n, dim].

    One mean hides a song with two halves: it lies between them, where other music is. Windows
    unlike nearly all others (silence, applause) are left out; the others are grouped by spherical
    k-means (I. Dhillon, D. Modha, "Concept decompositions for large sparse text data using
    clustering", Machine Learning 42, 2001), by one group more as long as that helps (``GAIN``) and
    the groups differ (``APART``). No chance is involved: the same windows give the same directions.
    The heaviest comes first. ``k`` is 0 where no window has a direction.
    """
    rows = unit_rows(vectors)
    if not len(rows):
        return Pooled(rows, np.zeros(0, dtype=np.float32))
    if len(rows) > WINDOWS_READ:
        rows = rows[np.linspace(0, len(rows) - 1, WINDOWS_READ).astype(np.intp)]
    rows = _without_odd(rows)
    centres = unit(rows.mean(axis=0))[None, :]
    fit = _fit(rows, centres)
    while len(centres) < min(most, len(rows)):
        split, better = _split(rows, centres)
        if better - fit < GAIN * (1.0 - fit) or not _differ(rows, split):
            break
        centres, fit = split, better
    weights = np.bincount(_nearest(rows, centres), minlength=len(centres)) / len(rows)
    order = np.argsort(-weights, kind="stable")
    return Pooled(centres[order], weights[order].astype(np.float32))


def _without_odd(rows: Float32) -> Float32:
    """Drop windows whose nearest others are much further than is usual in this sound.

    The few nearest count, not all: a bridge of four windows backs itself, a second of silence
    doesn't.
    """
    count = len(rows)
    if count < 4:
        return rows
    near = max(1, round(SHARE_LEAST * count))
    cosines = rows @ rows.T
    np.fill_diagonal(cosines, -np.inf)
    backing = np.partition(cosines, count - near, axis=1)[:, count - near :].mean(axis=1)
    usual = float(np.median(backing))
    spread = max(SPREAD_LEAST, 1.4826 * float(np.median(np.abs(backing - usual))))
    odd = np.flatnonzero(backing < usual - ODD * spread)
    odd = odd[np.argsort(backing[odd], kind="stable")][: int(ODD_MOST * count)]
    return np.delete(rows, odd, axis=0)


def _split(rows: Float32, centres: Float32) -> tuple[Float32, float]:
    """Return one centre more and its fit, the best of a few beginnings.

    Begun with the centres there are and a window that they fit badly (A. Likas et al., "The global
    k-means clustering algorithm", 2003); the very worst alone might be a stray one.
    """
    order = np.argsort((rows @ centres.T).max(axis=1), kind="stable")
    begins = dict.fromkeys(int(order[int(share * (len(rows) - 1))]) for share in (0.0, 0.1, 0.25))
    best, best_fit = centres, -1.0
    for begin in begins:
        tried = _settled(rows, np.vstack([centres, rows[begin]]))
        fit = _fit(rows, tried)
        if fit > best_fit + 1e-6:
            best, best_fit = tried, fit
    return best, best_fit


def _settled(rows: Float32, centres: Float32) -> Float32:
    """Run k-means from ``centres`` to where no window changes its group."""
    before: NDArray[np.intp] | None = None
    for _ in range(ROUNDS):
        groups = _nearest(rows, centres)
        if before is not None and np.array_equal(groups, before):
            break
        before = groups
        centres = np.stack(
            [
                unit(rows[groups == k].sum(axis=0)) if (groups == k).any() else centre
                for k, centre in enumerate(centres)
            ]
        )
    return centres


def _nearest(rows: Float32, centres: Float32) -> NDArray[np.intp]:
    nearest: NDArray[np.intp] = np.argmax(rows @ centres.T, axis=1)
    return nearest


def _fit(rows: Float32, centres: Float32) -> float:
    """Return the mean cosine of the windows to their direction."""
    return float((rows @ centres.T).max(axis=1).mean())


def _differ(rows: Float32, centres: Float32) -> bool:
    cosines = centres @ centres.T
    sizes = np.bincount(_nearest(rows, centres), minlength=len(centres))
    return bool(
        cosines[np.triu_indices(len(centres), 1)].max() <= APART
        and sizes.min() >= max(1.0, SHARE_LEAST * len(rows))
    )


def gathered(found: Sequence[Mapping[Key, float]]) -> tuple[list[Key], Float32]:
    """Put the scores that were found for each direction side by side, as ``combined`` takes them.

    Return the keys, in the order in which they were first met, and float32[k, n] with NaN where a
    direction didn't find one.
    """
    keys = list(dict.fromkeys(key for scores in found for key in scores))
    rows = [[scores.get(key, np.nan) for key in keys] for scores in found]
    return keys, np.array(rows, dtype=np.float32).reshape(len(found), len(keys))


def combined(scores: Float32, weights: Float32, coverage: float = 0.25) -> Float32:
    """Return one score float32[n] per track from those float32[k, n] by each direction.

    ``scores`` holds the cosine of the track's best window to each direction: the weighted mean over
    them is late interaction (O. Khattab, M. Zaharia, "ColBERT", SIGIR 2020) on sounds, so a track
    may answer the two halves of a song in different places. ``coverage`` (0-1) is how much the part
    that is met worst counts beside that mean: of two tracks with equal means the one that has
    something of each part comes first. NaN is a track that a direction's list didn't reach; it gets
    the list's lowest score, the most that it can have (R. Fagin et al., "Optimal aggregation
    algorithms for middleware", 2003). A direction without any score doesn't count.
    """
    told = ~np.isnan(scores).all(axis=1) if scores.size else np.zeros(len(scores), np.bool_)
    if not told.any():
        return np.zeros(scores.shape[1], dtype=np.float32)
    rows = scores[told]
    filled = np.where(np.isnan(rows), np.nanmin(rows, axis=1)[:, None], rows)
    shares = weights[told] / weights[told].sum()
    mean = shares @ filled
    return np.asarray((1.0 - coverage) * mean + coverage * filled.min(axis=0), dtype=np.float32)


def minus(plus: Float32, less: Float32, weight: float = 0.5) -> Float32:
    """Return the directions ``plus`` float32[k, dim], each turned away from ``less``.

    ``less`` is float32[j, dim]; both need unit rows. Rocchio's query (J. Rocchio, "Relevance
    feedback in information retrieval", 1971; C. Manning et al., "Introduction to information
    retrieval", ch. 9), as a turn in the plane of the two: with unit vectors at an angle a,
    ``plus`` - ``weight`` x ``less`` lies atan(w sin a / (1 - w cos a)) beside ``plus``. For weights
    below 1 that is never more than asin(``weight``), so the result can't flip to the opposite of
    what is liked, and it goes to nothing as both become the same: a track minus itself is itself,
    for nothing tells what to leave out. A turn ends at a right angle to ``less``, and what is
    beyond that already isn't turned: there is nothing of it in there.

    Of several a direction turns away from each as far as it is like it.

    Raises
    ------
    ValueError
        When ``weight`` isn't within 0 to 0.95.
    """
    if not 0.0 <= weight <= 0.95:
        raise ValueError(f"a weight of {weight} can't be taken away: expected 0 to 0.95")
    if not len(less):
        return plus
    return np.stack([_turned_from(one, less, weight) for one in plus]) if len(plus) else plus


def _turned_from(one: Float32, less: Float32, weight: float) -> Float32:
    likeness = np.maximum(less @ one, 0.0)
    if not likeness.any():
        return one
    away = unit(likeness @ less)
    apart_rad = angle_rad(one, away)
    cosine = float(one @ away)
    rocchio_rad = atan2(weight * sqrt(max(0.0, 1.0 - cosine**2)), 1.0 - weight * cosine)
    return turned(one, away, -min(rocchio_rad, max(0.0, pi / 2 - apart_rad)))


def blend(sound_scores: Float32, text_scores: Float32, share: float = 0.5) -> Float32:
    """Return one score float32[n] of "like this, but ..." from those by sound and by sentence.

    Cosines between sounds lie around .5 to .9, between sentence and sound around .1 to .5: the two
    towers put what they make into different cones (W. Liang et al., "Mind the gap: understanding
    the modality gap in multi-modal contrastive representation learning", NeurIPS 2022). A sum of
    the vectors, or of the cosines, is therefore nearly the sound's alone. Each is brought to mean 0
    and deviation 1 over these tracks first, so a step in one counts like a step in the other (M.
    Montague, J. Aslam, "Relevance score normalization for metasearch", CIKM 2001; the same against
    the gap: S. Yamashita et al., "Bridging the modality gap by similarity standardization with
    pseudo-positive samples", 2025).

    ``share`` (0-1) is the sentence's. NaN is a track without that score: it gets the lowest. Scores
    that are all the same tell nothing and count 0. The result orders these tracks among themselves;
    it is no cosine and has no true zero.
    """
    blended = (1.0 - share) * _standard(sound_scores) + share * _standard(text_scores)
    return np.asarray(blended, dtype=np.float32)


def _standard(scores: Float32) -> NDArray[np.float64]:
    values = np.asarray(scores, dtype=np.float64)
    told = ~np.isnan(values)
    if not told.any():
        return np.zeros_like(values)
    values = np.where(told, values, values[told].min())
    deviation = float(values.std())
    if deviation < 1e-6:
        return np.zeros_like(values)
    return np.asarray((values - values.mean()) / deviation, dtype=np.float64)

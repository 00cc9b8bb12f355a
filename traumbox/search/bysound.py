"""The ranking by sound: what lies near to a sentence, to other sounds, or to both."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from traumbox.domain import Float32, ModelCard
from traumbox.ports import Index, WindowHit
from traumbox.search.fusion import BySound
from traumbox.search.pooling import Pooled, blend, combined, gathered, minus, pooled
from traumbox.search.scales import LIKENESS, Scale

WINDOWS_ASKED = 500
"""Finds the best window of 50 tracks with recall .99 at two million windows (20 a track)."""
WINDOWS_MOST = 128_000
"""No further is looked for tracks of some kinds: by then thousands of others matched better."""
DIRECTIONS_MOST = 8
SHARE_LEAST = 0.05
"""A direction with less of the weight than this isn't asked for."""
RERANKED = 200
"""So many tracks are compared in full where one ranking alone can't order them."""
TOO_MUCH = 50
"""Out of 100: a track that matches more than this with what must not be heard has it."""
MOSTLY = 75
"""The percentile of a track's windows that is asked: one window may always mislead."""

Enough = Callable[[Sequence[str]], bool]
"""Tells whether so many sounds, by audio id, are enough."""


def by_text(
    index: Index, vector: Float32, card: ModelCard, among: Collection[str] | None, enough: Enough
) -> list[BySound]:
    """Return the sounds nearest to a sentence's unit vector float32[dim], best first."""
    return nearest(index, vector, Scale.of(card), among, enough)


def nearest(
    index: Index, vector: Float32, scale: Scale, among: Collection[str] | None, enough: Enough
) -> list[BySound]:
    """Return the sounds nearest to a unit vector by their best windows, best first.

    More windows are looked through until ``enough`` or no more are near: a few long recordings can
    fill the nearest.
    """
    asked = WINDOWS_ASKED
    while True:
        windows = index.nearest_windows(vector, asked, among)
        found = [_read(window, scale) for window in best_windows(windows)]
        if len(windows) < asked or asked >= WINDOWS_MOST:
            return found
        if enough([one.audio_id for one in found]):
            return found
        asked *= 4


def best_windows(windows: Iterable[WindowHit]) -> list[WindowHit]:
    """Return the first window of each sound."""
    best: dict[str, WindowHit] = {}
    for window in windows:
        best.setdefault(window.audio_id, window)
    return list(best.values())


def _read(window: WindowHit, scale: Scale) -> BySound:
    score = window.score
    return BySound(window.audio_id, window.start_s, score, scale.match(score), scale.fits(score))


def seed_of(sounds: Sequence[Float32], without: Sequence[Float32] = ()) -> Pooled:
    """Return the directions of several sounds float32[n, dim] each, away from those ``without``."""
    each = [pooled(sound) for sound in sounds if len(sound)]
    if not each:
        return Pooled(np.empty((0, 0), dtype=np.float32), np.zeros(0, dtype=np.float32))
    most = max(1, DIRECTIONS_MOST // len(each))
    directions = np.vstack([one.directions[:most] for one in each])
    weights = np.concatenate([one.weights[:most] / one.weights[:most].sum() for one in each])
    away = [pooled(sound).directions for sound in without if len(sound)]
    if away:
        less = np.vstack(away)
        # A part that is just what isn't wanted can't be turned away from it: it counts less.
        weights *= 1.0 - np.clip((directions @ less.T).max(axis=1), 0.0, 0.999)
        directions = minus(directions, less)
    weights /= weights.sum()
    told = weights >= SHARE_LEAST
    return Pooled(directions[told], (weights[told] / weights[told].sum()).astype(np.float32))


def by_likeness(
    index: Index, seed: Pooled, among: Collection[str] | None, enough: Enough
) -> list[BySound]:
    """Return the sounds most like a seed, best first; each at its window nearest to any part."""
    lists = [nearest(index, direction, LIKENESS, among, enough) for direction in seed.directions]
    keys, scores = gathered([{one.audio_id: one.score for one in found} for found in lists])
    total = combined(scores, seed.weights)
    best: dict[str, BySound] = {}
    for one in sorted((one for found in lists for one in found), key=lambda one: -one.score):
        best.setdefault(one.audio_id, one)
    found = [
        BySound(key, best[key].start_s, float(score), LIKENESS.match(float(score)))
        for key, score in zip(keys, total, strict=True)
    ]
    return sorted(found, key=lambda one: -one.score)


@dataclass(frozen=True, slots=True)
class Both:
    """A seed and a sentence: "like this but calmer". ``share`` (0-1) is the sentence's."""

    seed: Pooled
    vector: Float32
    share: float = 0.5


def by_both(
    index: Index, both: Both, card: ModelCard, among: Collection[str] | None, enough: Enough
) -> list[BySound]:
    """Return what is like the seed and fits the sentence, of the nearest to either, best first."""
    alike = by_likeness(index, both.seed, among, enough)[:RERANKED]
    told = by_text(index, both.vector, card, among, enough)[: RERANKED // 2]
    ids = list(dict.fromkeys(one.audio_id for one in (*alike, *told)))
    found: list[BySound] = []
    sounds, texts = [], []
    for audio_id, (starts_s, vectors) in index.windows_among(ids).items():
        likeness = vectors @ both.seed.directions.T
        cosines = vectors @ both.vector
        sounds.append(float(likeness.max(axis=0) @ both.seed.weights))
        texts.append(float(cosines.max()))
        place = int(np.argmax(cosines))
        match = round(
            (1 - both.share) * LIKENESS.match(sounds[-1]) + both.share * card.match(texts[-1])
        )
        found.append(BySound(audio_id, float(starts_s[place]), texts[-1], match))
    if not found:
        return []
    total = blend(np.array(sounds, np.float32), np.array(texts, np.float32), both.share)
    return [found[i] for i in np.argsort(-total, kind="stable")]


def presence(vectors: Float32, without: Float32, card: ModelCard) -> int:
    """Return how much (0-100) of what mustn't be heard is in a track.

    ``vectors`` are its windows float32[n, dim], ``without`` the unit vectors float32[k, dim] of the
    words for it; the worst of them counts.
    """
    cosines = np.percentile(vectors @ without.T, MOSTLY, axis=0)
    return max(card.match(float(cosine)) for cosine in cosines)

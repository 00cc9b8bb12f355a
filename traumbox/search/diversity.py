"""Best first, but not five of one album: results that fit and differ from one another."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from traumbox.domain import Float32
from traumbox.search.candidates import Candidate, Mask, Pool

TRADE = 0.75
"""How much fitting counts against differing. Carbonell and Goldstein use .7 to search within a
topic; here the caps on albums and artists do a part of the differing."""
KEEP = 0.7
"""No pick fits less than this share of what the plain ranking has in its place."""


@dataclass(frozen=True, slots=True)
class Caps:
    """At most so many of an album and of an artist among any ``within`` that follow each other."""

    album: int = 2
    artist: int = 3
    within: int = 10


@dataclass(frozen=True, slots=True)
class Pick:
    """One track of the result; ``copies`` are the others with the same recording, best first."""

    candidate: Candidate
    copies: tuple[Candidate, ...] = ()


def collapsed(candidates: Sequence[Candidate]) -> list[Pick]:
    """Return each recording once, best score first; equal scores keep the given order.

    The copy with the best score stands for all. Being a copy is told against that one alone: a
    chain of slowly changing sounds isn't one recording.
    """
    if not candidates:
        return []
    pool = Pool.of(sorted(candidates, key=lambda one: -one.score))
    taken = np.zeros(len(pool.members), dtype=np.bool_)
    picks: list[Pick] = []
    for number, candidate in enumerate(pool.members):
        if taken[number]:
            continue
        copies = pool.copies(number) & ~taken
        taken |= copies
        others = [pool.members[i] for i in np.flatnonzero(copies) if i != number]
        picks.append(Pick(candidate, tuple(others)))
    return picks


def diversified(
    candidates: Sequence[Candidate],
    count: int,
    trade: float = TRADE,
    caps: Caps | None = Caps(),
    keep: float = KEEP,
) -> list[Pick]:
    """Choose up to ``count`` recordings that fit well and differ; the best one comes first.

    Maximal marginal relevance (J. Carbonell, J. Goldstein, "The use of MMR, diversity-based
    reranking for reordering documents and producing summaries", SIGIR 1998): one after the other,
    whichever has the most of ``trade`` x how well it fits - (1 - ``trade``) x how like it is to
    one that was chosen. Both are brought to the scale 0-1 of these candidates first: in a CLAP
    space any two pieces of music have a cosine well above zero, and scores may be of any scale.

    ``keep``: the pick in each place scores at least this share of what the plain ranking has
    there, so the sum does too. ``caps`` hold as long as tracks within that reach meet them; where
    none does, the artist's cap is lifted for that place, then the album's too. ``caps`` None: no
    caps, for somebody who asked for that artist.
    """
    picks = collapsed(candidates)
    if not picks:
        return []
    chosen: list[int] = []
    members = [pick.candidate for pick in picks]
    scores = np.array([one.score for one in members], dtype=np.float64)
    vectors = np.stack([one.vector for one in members])
    fitting = _scaled(scores, float(scores.min()))
    base = _usual_cosine(vectors)
    nearest = np.full(len(members), -1.0, dtype=np.float32)
    free = np.ones(len(members), dtype=np.bool_)
    for place in range(min(count, len(members))):
        plain = float(scores[place])
        reach = free & (scores >= plain - (1.0 - keep) * abs(plain))
        allowed = _allowed(members, chosen, reach, caps)
        likeness = np.clip((nearest - base) / max(1.0 - base, 1e-6), 0.0, 1.0)
        worth = trade * fitting - (1.0 - trade) * (likeness if chosen else 0.0)
        best = int(np.argmax(np.where(allowed, worth, -np.inf)))
        chosen.append(best)
        free[best] = False
        nearest = np.maximum(nearest, vectors @ vectors[best])
    return [picks[i] for i in chosen]


def _allowed(
    members: Sequence[Candidate], chosen: Sequence[int], reach: Mask, caps: Caps | None
) -> Mask:
    """Return those within ``reach`` that meet the caps, or what is left when caps are lifted."""
    if caps is None:
        return reach
    since = max(0, len(chosen) - caps.within + 1)
    recent = [members[i] for i in chosen[since:]]
    artists = Counter(one.artist for one in recent if one.artist)
    albums = Counter(one.album for one in recent if one.album)
    meets_album = np.array([albums[one.album] < caps.album for one in members])
    meets_artist = np.array([artists[one.artist] < caps.artist for one in members])
    for meets in (meets_album & meets_artist, meets_album):
        if (reach & meets).any():
            return np.asarray(reach & meets, dtype=np.bool_)
    return reach


def _scaled(values: Float32 | np.ndarray, low: float) -> np.ndarray:
    span = float(values.max()) - low
    return (values - low) / span if span > 0.0 else np.ones_like(values)


def _usual_cosine(vectors: Float32) -> float:
    """Return the mean cosine of two different rows of float32[n, dim]; 0 for a single one."""
    count = len(vectors)
    if count < 2:
        return 0.0
    total = vectors.sum(axis=0, dtype=np.float64)
    return float((total @ total - count) / (count * (count - 1)))

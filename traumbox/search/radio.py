"""A radio: from a sound onwards, track by track, as near to it or as far as somebody likes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from math import atan2, sqrt
from typing import Literal

import numpy as np

from traumbox.domain import Float32, unit
from traumbox.search.candidates import Candidate, Mask, Nearest, Pool
from traumbox.search.pooling import Pooled, minus
from traumbox.search.sphere import slerp, turned

REACH = 50
REACH_TIMES = 40
"""The radio keeps to so many tracks nearest to its seed: 50 at home, 2,000 at its most curious."""
WANDER = 0.8
"""At its most curious the radio goes on from where it is, but still leans a fifth to its seed."""
DRAWN_MOST = 24
"""From so many nearest, and the very nearest, the next track is drawn at its most curious."""
REMEMBERED = 8
"""Reactions to more than the last few tracks tell what somebody wanted an hour ago."""
PULL_STEP, PULL_MOST = 0.2, 0.6
PUSH_FIRST, PUSH_STEP, PUSH_MOST = 0.3, 0.1, 0.7
"""Weights in Rocchio's formula for what was liked and skipped; that of the liked should be the
greater one (Manning et al., ch. 9: .75 and .15), but a skip is a clearer word than listening on."""

Reaction = Literal["liked", "played", "skipped"]
PULLS: dict[Reaction, float] = {"liked": 1.0, "played": 0.3}


@dataclass(frozen=True, slots=True)
class Spacing:
    """The same artist, and album, not among so many tracks before."""

    artist: int = 5
    album: int = 10


@dataclass(frozen=True, slots=True, eq=False)
class Radio:
    """All that a radio knows; ``following`` and ``reacted`` return the next one.

    ``seeds`` and ``places`` are float32[k, dim]: the directions that it came from, and where it has
    got to from each. ``turns`` counts the tracks of each. ``heard`` holds audio ids. ``recent``
    are artist and album of the last tracks, the latest at the end. ``pulls`` and ``pushes`` are the
    last reactions: how strong, and the vector of the track.
    """

    seeds: Float32
    weights: Float32
    adventurous: float
    spacing: Spacing
    places: Float32
    turns: tuple[int, ...]
    heard: frozenset[str] = frozenset()
    recent: tuple[tuple[str, str], ...] = ()
    pulls: tuple[tuple[float, Float32], ...] = ()
    pushes: tuple[Float32, ...] = ()

    @property
    def reach(self) -> int:
        """How many tracks not heard yet it chooses from, for each of its seeds."""
        return int(REACH * float(REACH_TIMES) ** self.adventurous)


def begun(
    seed: Pooled,
    adventurous: float = 0.3,
    heard: Iterable[Candidate] = (),
    spacing: Spacing = Spacing(),
) -> Radio:
    """Return a radio from the sounds ``seed``; ``adventurous`` is 0 (nearest) to 1 (a wide walk).

    ``heard`` are the tracks that must not come again, the latest at the end: the seed's own, and
    what was played of this session. A radio from a sentence begins at the sounds that it found,
    their best windows pooled: the sentence's own vector lies apart from all music (see
    ``pooling.blend``), and the nearest to it aren't neighbours of one another.

    Raises
    ------
    ValueError
        When the seed has no direction.
    """
    if not len(seed.directions):
        raise ValueError("a radio needs a sound to begin with, and this one is silent")
    radio = Radio(
        seed.directions,
        seed.weights,
        min(1.0, max(0.0, adventurous)),
        spacing,
        places=seed.directions,
        turns=(0,) * len(seed.directions),
    )
    return _after(radio, list(heard))


def following(
    radio: Radio, count: int, nearest: Nearest, rng: np.random.Generator
) -> tuple[list[Candidate], Radio]:
    """Return up to ``count`` tracks that come next, and the radio after them.

    No recording comes twice, nor a copy of it. Fewer come only when the whole library has been
    heard; ``again`` begins anew then. The walk never leaves the tracks nearest to its seed
    (``Radio.reach``), so it can't drift away, however long it lasts and in however dense a space:
    a limit in ranks needs no scale. ``nearest`` is asked once for each direction of the seed.

    Artist and album are spaced as ``Radio.spacing`` says. Where no track within reach is, the
    album's space first shrinks to the artist's, then both by one and one.
    """
    asked = max(radio.reach, count) + len(radio.heard)
    found = [one for seed in radio.seeds for one in nearest(seed, asked)]
    chosen: list[Candidate] = []
    if not found:
        return chosen, radio
    pool = Pool.of(found)
    free = np.array([one.audio_id not in radio.heard for one in pool.members], dtype=np.bool_)
    while len(chosen) < count and free.any():
        direction = int(np.argmin((np.array(radio.turns) + 1) / radio.weights))
        cosines = pool.vectors @ _goal(radio, direction)
        number = _drawn(cosines, free & _spaced(radio, pool, free), radio.adventurous, rng)
        copies = pool.copies(number)
        free &= ~copies
        chosen.append(pool.members[number])
        radio = _moved(radio, direction, pool.members[number])
        radio = replace(
            radio, heard=radio.heard | {pool.members[i].audio_id for i in np.flatnonzero(copies)}
        )
    return chosen, radio


def reacted(radio: Radio, candidate: Candidate, reaction: Reaction) -> Radio:
    """Return the radio after somebody liked a track, heard it to its end, or skipped it.

    What is liked pulls the walk, what is skipped pushes it away (Rocchio's relevance feedback),
    and a walk that has come to a skipped track starts at its seed again. The track won't come
    again in any case.
    """
    radio = replace(radio, heard=radio.heard | {candidate.audio_id})
    if reaction != "skipped":
        pulls = (*radio.pulls, (PULLS[reaction], candidate.vector))
        return replace(radio, pulls=pulls[-REMEMBERED:])
    there = (radio.places == candidate.vector).all(axis=1)
    places = np.where(there[:, None], radio.seeds, radio.places)
    return replace(radio, places=places, pushes=(*radio.pushes, candidate.vector)[-REMEMBERED:])


def again(radio: Radio) -> Radio:
    """Return the radio with everything to be heard once more; spacing and likings stay."""
    return replace(radio, heard=frozenset())


def _after(radio: Radio, heard: list[Candidate]) -> Radio:
    names = tuple((one.artist, one.album) for one in heard)
    return replace(
        radio,
        heard=radio.heard | {one.audio_id for one in heard},
        recent=_last(radio.recent + names, max(radio.spacing.artist, radio.spacing.album)),
    )


def _moved(radio: Radio, direction: int, onto: Candidate) -> Radio:
    places = radio.places.copy()
    places[direction] = onto.vector
    turns = tuple(turn + (k == direction) for k, turn in enumerate(radio.turns))
    return replace(_after(radio, [onto]), places=places, turns=turns)


def _goal(radio: Radio, direction: int) -> Float32:
    """Return the unit vector that the next track should be near to."""
    seed, place = radio.seeds[direction], radio.places[direction]
    goal = slerp(seed, place, WANDER * radio.adventurous)
    if radio.pulls:
        liked = unit(np.sum([strength * vector for strength, vector in radio.pulls], axis=0))
        weight = min(PULL_MOST, PULL_STEP * sum(strength for strength, _ in radio.pulls))
        cosine = float(goal @ liked)
        across = sqrt(max(0.0, 1.0 - cosine**2))
        goal = turned(goal, liked, atan2(weight * across, 1.0 + weight * cosine))
    if radio.pushes:
        weight = min(PUSH_MOST, PUSH_FIRST + PUSH_STEP * (len(radio.pushes) - 1))
        goal = minus(goal[None, :], np.stack(radio.pushes), weight)[0]
    return goal


def _drawn(cosines: Float32, allowed: Mask, adventurous: float, rng: np.random.Generator) -> int:
    """Draw one of the nearest that are ``allowed``, the nearer the likelier.

    By rank, not by cosine: how cosines spread differs from model to model.
    """
    numbers = np.flatnonzero(allowed)
    ranked = numbers[np.argsort(-cosines[numbers], kind="stable")]
    ranked = ranked[: 1 + round(DRAWN_MOST * adventurous)]
    if len(ranked) == 1:
        return int(ranked[0])
    odds = np.exp(-2.0 * np.arange(len(ranked)) / len(ranked))
    return int(rng.choice(ranked, p=odds / odds.sum()))


def _spaced(radio: Radio, pool: Pool, free: Mask) -> Mask:
    """Return those whose artist and album were long enough ago, or as long as can be had."""
    artist, album = radio.spacing.artist, radio.spacing.album
    for artist_gap, album_gap in ((artist, album), *((g, min(album, g)) for g in _down(artist))):
        artists = {name for name, _ in _last(radio.recent, artist_gap)} - {""}
        albums = {name for _, name in _last(radio.recent, album_gap)} - {""}
        spaced = np.array(
            [one.artist not in artists and one.album not in albums for one in pool.members],
            dtype=np.bool_,
        )
        if (spaced & free).any():
            return spaced
    return np.ones(len(pool.members), dtype=np.bool_)


def _down(gap: int) -> range:
    return range(gap, 0, -1)


def _last(names: tuple[tuple[str, str], ...], count: int) -> tuple[tuple[str, str], ...]:
    return names[-count:] if count > 0 else ()

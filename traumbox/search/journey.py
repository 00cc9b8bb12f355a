"""A journey: from one track to another through the library, in steps as even as it allows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise, zip_longest
from math import log2

import numpy as np
from numpy.typing import NDArray

from traumbox.search.candidates import Candidate, Nearest, Pool
from traumbox.search.sphere import angle_rad, angles_rad, slerp

TARGETS_ASKED = 12
"""The library is asked at no more places than this between the two ends: asking is what costs."""
POOL = 480
NEAR_LEAST, NEAR_MOST, NEAR_WIDEST = 24, 96, 500
OF_ARTIST = 40
"""Tracks of one artist beyond these come last into the pool, so they can't fill it."""
BRIDGES = 3
"""So often the library is asked for what lies in the middle of the largest step."""
SWEEPS = 12
SWAPPED_WITHIN = 6
STEEP = 8
"""The exponent of the mean over the steps: great enough that the largest one rules."""
OFF_COURSE = 0.25
"""What a radian beside the straight way costs, in radians of step. Without it all of the way
could lie in one corner, with one leap at its end."""
FAR = 0.75
"""What a radian of mean step costs. Without it a way whose steps are all as large as the largest
must be would be the best: even, and every change a shock."""
TEMPO_COST, ARTIST_COST = 100.0, 1_000.0
"""An octave of tempo too much, and an artist too near: more than any way's steps can cost, so tempo
yields first, then the artists' spacing. Tempo counts by how much, not by how often: a change that
is too great is then better halved, and so comes to be spread over many steps."""
JOLT_LEAST = 0.02
"""Octaves that are added to each change that is too great, so that a hair too much isn't free."""
TEMPO_SPARE = 1.25

Float64 = NDArray[np.float64]
Order = NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Rules:
    """What a journey keeps to besides the sound, as far as the library allows.

    The same artist isn't among the ``artist_apart`` tracks before. From one track to the next the
    tempo changes by no more than ``tempo_share``, where both tell one; half and double tempo count
    as the same.
    """

    artist_apart: int = 3
    tempo_share: float = 0.12


@dataclass(frozen=True, slots=True)
class Evenness:
    """How even steps are: their deviation and their largest, both over their mean; 0 and 1: even.

    ``largest_rad`` is the largest itself.
    """

    variation: float
    largest_to_mean: float
    largest_rad: float

    @classmethod
    def of(cls, tracks: Sequence[Candidate]) -> Evenness:
        """Measure the angles between each of at least two ``tracks`` and the next."""
        steps = np.array([angle_rad(one.vector, then.vector) for one, then in pairwise(tracks)])
        mean = float(steps.mean())
        if mean <= 0.0:
            return cls(0.0, 1.0, 0.0)
        return cls(float(steps.std()) / mean, float(steps.max()) / mean, float(steps.max()))


def journey(
    start: Candidate,
    end: Candidate,
    length: int,
    nearest: Nearest,
    rules: Rules = Rules(),
) -> list[Candidate]:
    """Return ``length`` tracks from ``start`` to ``end``, both among them, in even steps of sound.

    After A. Flexer et al., "Playlist generation using start and end songs" (ISMIR 2008), who take
    whatever is nearest to each place of the straight way: in a library that lies in clusters this
    treads on the spot and then leaps. Here it is only the beginning. Tracks near the way, each
    recording once, are exchanged and swapped as long as that makes the largest step smaller, the
    steps more even or the way straighter; then the library is asked for what lies in the middle
    of the largest step, and so again. There is no chance in it.

    No recording comes twice. ``rules`` hold wherever an exchange can make them hold; tempo yields
    before the artists' spacing, and its limit is wider where the two ends are too far apart in
    tempo for so few steps. Where the library has fewer tracks the journey is shorter.

    Raises
    ------
    ValueError
        When ``length`` is below 2, or start and end are one recording.
    """
    if length < 2:
        raise ValueError(f"a journey of {length} tracks has no way: expected 2 or more")
    if start.track_id == end.track_id or start.audio_id == end.audio_id:
        raise ValueError("a journey needs two different recordings as its ends")
    if length == 2:
        return [start, end]
    members = _gathered(start, end, length, nearest, rules)
    way = _Way.of(members, min(length, len(members)), rules)
    order = way.improved(way.begun())
    if way.is_jolted(order):
        order = min(order, way.improved(way.in_tempo()), key=way.cost)
    for _ in range(BRIDGES):
        worst = int(np.argmax(way.steps(order)))
        ends = (way.pool.members[order[worst]], way.pool.members[order[worst + 1]])
        between = nearest(slerp(ends[0].vector, ends[1].vector, 0.5), NEAR_LEAST)
        wider = _each_once([*way.pool.members, *between])
        if len(wider) == len(way.pool.members):
            break
        # New tracks come after the known ones, so the order's numbers still mean the same.
        before, way = way.cost(order), _Way.of(wider, len(order), rules)
        order = way.improved(order)
        if way.cost(order) >= before - 1e-4:
            break
    return [way.pool.members[i] for i in order]


def _gathered(
    start: Candidate, end: Candidate, length: int, nearest: Nearest, rules: Rules
) -> tuple[Candidate, ...]:
    """Return start, end and what is near the way between them, enough to keep the rules.

    Where one artist has all that is near, it is looked further.
    """
    places = min(length - 2, TARGETS_ASKED)
    targets = [slerp(start.vector, end.vector, i / (places + 1)) for i in range(1, places + 1)]
    near = min(NEAR_MOST, max(NEAR_LEAST, POOL // places))
    widest = max(NEAR_WIDEST, 2 * length)
    of_artist = 1 + length // (1 + rules.artist_apart)
    while True:
        found = [nearest(target, near) for target in targets]
        # The nearest of every place first, so that the best are kept of all of them.
        ranked = [one for rank in zip_longest(*found) for one in rank if one is not None]
        members = _each_once([start, end, *ranked])
        artists = Counter(one.artist for one in members)
        usable = artists.pop("", 0) + sum(min(of_artist, count) for count in artists.values())
        ended = all(len(some) < near for some in found)
        if ended or usable >= 2 * length or near >= widest:
            return _few_of_each(members, max(POOL, 2 * length))
        near = min(4 * near, widest)


def _few_of_each(members: Sequence[Candidate], most: int) -> tuple[Candidate, ...]:
    """Return up to ``most``: the first of each artist, then the others."""
    kept: list[Candidate] = []
    later: list[Candidate] = []
    counts: Counter[str] = Counter()
    for one in members:
        counts[one.artist] += bool(one.artist)
        (kept if counts[one.artist] <= OF_ARTIST else later).append(one)
    return tuple([*kept, *later][:most])


def _each_once(found: Iterable[Candidate]) -> tuple[Candidate, ...]:
    """Leave out all but the first of the copies of a recording; the first two stay in any case."""
    pool = Pool.of(found)
    taken = np.zeros(len(pool.members), dtype=np.bool_)
    once: list[Candidate] = []
    for number, one in enumerate(pool.members):
        if not taken[number] or number < 2:
            taken |= pool.copies(number)
            once.append(one)
    return tuple(once)


@dataclass(frozen=True, slots=True, eq=False)
class _Way:
    """What orders of pool members cost. Members 0 and 1 are the ends of the way and stay there.

    ``apart`` float64[p, p] are the angles between members, ``jolts`` float64[p, p] by how many
    octaves the tempo changes too much, ``beside`` float64[length, p] how far a member is from
    where a place would ideally be.
    """

    pool: Pool
    apart: Float64
    jolts: Float64
    beside: Float64
    artist_apart: int

    @classmethod
    def of(cls, members: Sequence[Candidate], length: int, rules: Rules) -> _Way:
        pool = Pool.of(members)
        start, end = pool.vectors[0], pool.vectors[1]
        targets = np.stack([slerp(start, end, i / (length - 1)) for i in range(length)])
        return cls(
            pool,
            angles_rad(pool.vectors @ pool.vectors.T).astype(np.float64),
            _jolts([one.bpm for one in pool.members], length - 1, rules.tempo_share),
            angles_rad(targets @ pool.vectors.T).astype(np.float64),
            rules.artist_apart,
        )

    def begun(self) -> Order:
        """Return the plain way: in each place whatever is nearest to it and not yet taken."""
        length = len(self.beside)
        order = np.zeros(length, dtype=np.intp)
        order[-1] = 1
        free = np.ones(len(self.pool.members), dtype=np.bool_)
        free[:2] = False
        for place in range(1, length - 1):
            order[place] = np.argmin(np.where(free, self.beside[place], np.inf))
            free[order[place]] = False
        return order

    def in_tempo(self) -> Order:
        """Return the way with the least too great changes of tempo, then the smallest steps.

        Found by dynamic programming (A. Viterbi, 1967): a slow change of tempo takes many tracks
        that fit one another, which exchanging one at a time may miss. That doesn't see repeats; in
        the place of one comes whatever is nearest to it and not yet taken.
        """
        length, numbers = len(self.beside), np.arange(len(self.pool.members))
        step = self.apart**2 + TEMPO_COST * self.jolts
        np.fill_diagonal(step, np.inf)
        total = step[0] + OFF_COURSE * self.beside[1]
        total[:2] = np.inf
        came: list[Order] = []
        for place in range(2, length - 1):
            through = total[:, None] + step
            came.append(np.argmin(through, axis=0))
            total = through[came[-1], numbers] + OFF_COURSE * self.beside[place]
            total[:2] = np.inf
        way = [int(np.argmin(total + step[:, 1]))]
        for before in reversed(came):
            way.append(int(before[way[-1]]))
        order = np.array([0, *reversed(way), 1], dtype=np.intp)
        for place in range(1, length - 1):
            if order[place] in order[:place]:
                free = ~np.isin(numbers, order)
                order[place] = np.argmin(np.where(free, self.beside[place], np.inf))
        return order

    def is_jolted(self, order: Order) -> bool:
        """Tell whether the tempo changes too much anywhere."""
        return bool(self.jolts[order[:-1], order[1:]].any())

    def improved(self, order: Order) -> Order:
        """Exchange and swap tracks as long as the way gets better."""
        order = order.copy()
        for _ in range(SWEEPS):
            before = self.cost(order)
            for place in range(1, len(order) - 1):
                self._exchange(order, place)
            self._swap(order)
            if self.cost(order) >= before - 1e-6:
                break
        return order

    def steps(self, order: Order) -> Float64:
        """Return the angles float64[length - 1] from each track to the next."""
        return np.asarray(self.apart[order[:-1], order[1:]])

    def cost(self, order: Order) -> float:
        """Return what an order costs, in radians of step and in broken rules."""
        steps = self.steps(order)
        artists = self.pool.artists[order]
        met = 0
        for gap in range(1, self.artist_apart + 1):
            met += int(((artists[gap:] == artists[:-gap]) & (artists[gap:] >= 0)).sum())
        jolts = self.jolts[order[:-1], order[1:]]
        steep = float((steps**STEEP).mean() ** (1.0 / STEEP))
        beside = float(self.beside[np.arange(len(order)), order].mean())
        return (
            steep
            + float(steps.std())
            + FAR * float(steps.mean())
            + OFF_COURSE * beside
            + TEMPO_COST * float(jolts.sum())
            + ARTIST_COST * met
        )

    def _exchange(self, order: Order, place: int) -> None:
        """Put into one place whichever track makes the way best, if one is better than now."""
        before, after = order[place - 1], order[place + 1]
        steps = self.steps(order)
        others = np.delete(steps, (place - 1, place))
        into, onward = self.apart[before], self.apart[after]
        count = len(steps)
        steep = (others**STEEP).sum() + into**STEEP + onward**STEEP
        mean = (others.sum() + into + onward) / count
        square = ((others**2).sum() + into**2 + onward**2) / count
        cost = (
            (steep / count) ** (1.0 / STEEP)
            + np.sqrt(np.maximum(square - mean**2, 0.0))
            + FAR * mean
            + OFF_COURSE * self.beside[place] / len(order)
            + TEMPO_COST * (self.jolts[before] + self.jolts[after])
            + ARTIST_COST * self._met(order, place)
        )
        now = order[place]
        cost[np.delete(order, place)] = np.inf
        best = int(np.argmin(cost))
        if cost[best] < cost[now] - 1e-9:
            order[place] = best

    def _met(self, order: Order, place: int) -> Float64:
        """Return for each member how many of its artist would be too near to this place."""
        around = [
            self.pool.artists[order[other]]
            for other in range(
                max(0, place - self.artist_apart), min(len(order), place + self.artist_apart + 1)
            )
            if other != place
        ]
        artists = self.pool.artists
        met = (artists[:, None] == np.array(around)[None, :]).sum(axis=1)
        return np.where(artists >= 0, met, 0).astype(np.float64)

    def _swap(self, order: Order) -> None:
        """Let two tracks change places, not far apart, wherever that makes the way better."""
        cost = self.cost(order)
        for first in range(1, len(order) - 2):
            for second in range(first + 1, min(first + 1 + SWAPPED_WITHIN, len(order) - 1)):
                order[[first, second]] = order[[second, first]]
                swapped = self.cost(order)
                if swapped < cost - 1e-9:
                    cost = swapped
                else:
                    order[[first, second]] = order[[second, first]]


def _jolts(tempos_bpm: Sequence[float | None], steps: int, share: float) -> Float64:
    """Return by how many octaves float64[p, p] each change of tempo is too great.

    Members 0 and 1 are the ends: their difference, over all steps, has to be allowed.
    """
    tempos = [log2(bpm) if bpm and bpm > 0.0 else np.nan for bpm in tempos_bpm]
    octaves = np.array(tempos, dtype=np.float64)
    change = octaves[:, None] - octaves[None, :]
    change = np.abs((change + 0.5) % 1.0 - 0.5)
    needed = 0.0 if np.isnan(change[0, 1]) else TEMPO_SPARE * change[0, 1] / steps
    excess = np.nan_to_num(change, nan=0.0) - max(log2(1.0 + share), needed)
    return np.where(excess > 1e-9, excess + JOLT_LEAST, 0.0)

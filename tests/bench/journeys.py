"""``python -m tests.bench.journeys``: how even journeys are, beside the plain way, and radio times.

A library of 10,000 tracks in 500 gaussians, windows of one track with cosine 0.81 among them, a
track's vector the mean of its 20 windows.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Sequence

import numpy as np

from traumbox.domain import Float32, unit
from traumbox.search.candidates import Candidate, Nearest
from traumbox.search.journey import Evenness, journey
from traumbox.search.pooling import Pooled, pooled
from traumbox.search.radio import begun, following
from traumbox.search.sphere import slerp

TRACKS, GAUSSIANS, WINDOWS, DIM = 10_000, 500, 20, 512
WITHIN_TRACK = 0.81
WITHIN_GAUSSIAN = 0.65
SHARED = (0.0, 0.4)
"""Mean cosine of two centres: 0 as random directions have, .4 as all music has in a CLAP space."""
JOURNEYS, LENGTHS = 40, (6, 10, 20)
ARTISTS = 1_000


def library_of(shared: float, tracks: int = TRACKS, seed: int = 1) -> list[Candidate]:
    """Tracks around centres that have the mean cosine ``shared``."""
    rng = np.random.default_rng(seed)
    common = rng.standard_normal(DIM) / np.sqrt(DIM)
    own = rng.standard_normal((GAUSSIANS, DIM)) / np.sqrt(DIM)
    centres = [unit(np.sqrt(shared) * common + np.sqrt(1 - shared) * one) for one in own]
    some: list[Candidate] = []
    for number in range(tracks):
        track = around(rng, centres[number % GAUSSIANS], WITHIN_GAUSSIAN, 1)[0]
        vector = unit(around(rng, track, WITHIN_TRACK, WINDOWS).mean(axis=0))
        artist = f"artist {rng.integers(ARTISTS)}"
        bpm, duration_s = float(rng.uniform(70, 160)), float(rng.uniform(120, 420))
        some.append(Candidate(f"t{number}", f"a{number}", vector, artist, "", bpm, duration_s))
    return some


def around(rng: np.random.Generator, centre: Float32, cosine: float, count: int) -> Float32:
    """float32[count, DIM]: unit vectors with this mean cosine among them."""
    noise = rng.standard_normal((count, DIM)) * np.sqrt((1 - cosine) / cosine / DIM)
    rows = centre + noise
    return np.asarray(rows / np.linalg.norm(rows, axis=1)[:, None], dtype=np.float32)


def nearest_in(library: Sequence[Candidate]) -> Nearest:
    vectors = np.stack([one.vector for one in library])

    def nearest(vector: Float32, count: int) -> list[Candidate]:
        cosines = vectors @ vector
        count = min(count, len(library))
        top = np.argpartition(-cosines, count - 1)[:count]
        return [library[i] for i in top[np.argsort(-cosines[top], kind="stable")]]

    return nearest


def plain(start: Candidate, end: Candidate, length: int, nearest: Nearest) -> list[Candidate]:
    """What is nearest to each place of the straight way and not yet taken."""
    way, taken = [start], {start.track_id, end.track_id}
    for place in range(1, length - 1):
        target = slerp(start.vector, end.vector, place / (length - 1))
        one = next(one for one in nearest(target, length) if one.track_id not in taken)
        taken.add(one.track_id)
        way.append(one)
    return [*way, end]


def bench_journeys(tracks: int = TRACKS, journeys: int = JOURNEYS) -> None:
    print(f"\n{tracks:,} tracks in {GAUSSIANS} gaussians; mean of {journeys} journeys")
    print("| centres | tracks | way | variation | largest/mean | largest | mean | ms p50 |")
    print("|---|---|---|---|---|---|---|---|")
    for shared in SHARED:
        library = library_of(shared, tracks)
        nearest = nearest_in(library)
        rng = np.random.default_rng(2)
        drawn = rng.choice(len(library), (journeys, 2), replace=False)
        ends = [(int(start), int(end)) for start, end in drawn]
        for length in LENGTHS:
            for name, way in (("plain", plain), ("journey", journey)):
                evens, took_ms = _measured(way, library, ends, length, nearest)
                print(f"| {shared} | {length} | {name} | {_means(evens)} | {took_ms:.0f} |")
    _radio(library, nearest)


def _measured(
    way: Callable[[Candidate, Candidate, int, Nearest], list[Candidate]],
    library: Sequence[Candidate],
    ends: Sequence[tuple[int, int]],
    length: int,
    nearest: Nearest,
) -> tuple[list[Evenness], float]:
    evens, spent_ms = [], []
    for start, end in ends:
        begin_s = time.perf_counter()
        found = way(library[start], library[end], length, nearest)
        spent_ms.append(1000 * (time.perf_counter() - begin_s))
        evens.append(Evenness.of(found))
    return evens, statistics.median(spent_ms)


def _means(evens: Sequence[Evenness]) -> str:
    variation = statistics.mean(one.variation for one in evens)
    to_mean = statistics.mean(one.largest_to_mean for one in evens)
    largest = np.degrees(statistics.mean(one.largest_rad for one in evens))
    mean = np.degrees(statistics.mean(one.largest_rad / one.largest_to_mean for one in evens))
    return f"{variation:.3f} | {to_mean:.2f} | {largest:.0f}° | {mean:.0f}°"


def _radio(library: Sequence[Candidate], nearest: Nearest) -> None:
    print("\n| radio, 10 tracks | mean angle to the seed | ms |\n|---|---|---|")
    seed = Pooled(library[0].vector[None, :], np.ones(1, dtype=np.float32))
    for adventurous in (0.0, 0.3, 0.6, 1.0):
        begin_s = time.perf_counter()
        radio = begun(seed, adventurous, library[:1])
        chosen, _ = following(radio, 10, nearest, np.random.default_rng(3))
        took_ms = 1000 * (time.perf_counter() - begin_s)
        cosines = np.stack([one.vector for one in chosen]) @ library[0].vector
        degrees = np.degrees(np.arccos(np.clip(cosines, -1, 1))).mean()
        print(f"| adventurous {adventurous} | {degrees:.0f}° | {took_ms:.0f} |")
    rows = around(np.random.default_rng(4), library[0].vector, WITHIN_TRACK, WINDOWS)
    begin_s = time.perf_counter()
    pooled(rows)
    print(f"\npooling {WINDOWS} windows: {1000 * (time.perf_counter() - begin_s):.1f} ms")


if __name__ == "__main__":
    bench_journeys()

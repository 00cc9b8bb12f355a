"""Small libraries for the walks: vectors in clusters, and the nearest of them found exactly."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from hypothesis import strategies as st

from traumbox.domain import Float32, unit
from traumbox.search.candidates import Candidate, Nearest

DIM = 24


def clustered(
    rng: np.random.Generator, count: int, clusters: int, spread: float = 0.8, dim: int = DIM
) -> Float32:
    """float32[count, dim]: unit vectors around ``clusters`` centres, in turns."""
    centres = [unit(rng.standard_normal(dim)) for _ in range(clusters)]
    noise = rng.standard_normal((count, dim)) * spread / np.sqrt(dim)
    return np.stack([unit(centres[i % clusters] + noise[i]) for i in range(count)])


def tracks_of(
    vectors: Float32,
    artists: Sequence[str] = (),
    albums: Sequence[str] = (),
    bpms: Sequence[float | None] = (),
) -> list[Candidate]:
    """One track a vector, none a copy of another: all of different lengths."""
    return [
        Candidate(
            f"t{i}",
            f"a{i}",
            vector,
            artists[i] if artists else "",
            albums[i] if albums else "",
            bpms[i] if bpms else None,
            duration_s=60.0 + 3.0 * i,
        )
        for i, vector in enumerate(vectors)
    ]


def nearest_in(library: Sequence[Candidate]) -> Nearest:
    vectors = np.stack([one.vector for one in library])

    def nearest(vector: Float32, count: int) -> list[Candidate]:
        order = np.argsort(-(vectors @ vector), kind="stable")
        return [library[i] for i in order[:count]]

    return nearest


@st.composite
def libraries(draw: st.DrawFn, least: int = 2, most: int = 40) -> list[Candidate]:
    """Any library: a few tracks or more, of one artist or many, in clusters or all the same."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    count = draw(st.integers(least, most))
    artists, albums = draw(st.integers(0, 8)), draw(st.integers(0, 12))
    if draw(st.booleans()):
        vectors = clustered(rng, count, draw(st.integers(1, 5)))
    else:
        vectors = np.repeat(unit(rng.standard_normal(DIM))[None, :], count, axis=0)
    tempos = [None, *rng.uniform(60.0, 180.0, 7)]
    return tracks_of(
        vectors,
        [f"artist {rng.integers(artists)}" if artists else "" for _ in range(count)],
        [f"album {rng.integers(albums)}" if albums else "" for _ in range(count)],
        [tempos[rng.integers(8)] for _ in range(count)],
    )

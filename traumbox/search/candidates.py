"""A track as the walks through the library see it: where it lies in sound, and whose it is."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from traumbox.domain import Float32, Track
from traumbox.stores.fold import fold
from traumbox.stores.words.reading import without_number

COPY_COSINE = 0.995
"""Two encodings of one recording stay above it; two takes of one song stay below."""
COPY_WITHIN_S = 1.0
"""Encoders pad the ends of a recording by up to some tenths of a second."""

Mask = NDArray[np.bool_]

_BESIDE = re.compile(r"[(\[][^)\]]*[)\]]")


@dataclass(frozen=True, slots=True)
class Candidate:
    """One track that may be chosen, with the unit ``vector`` float32[dim] of its sound.

    ``artist`` and ``album`` are compared as they are; an empty one is nobody's and is never
    counted, for tracks that tell no artist needn't share one. ``album`` must differ between two
    albums of one title. ``score`` is how well it fits what was asked for, on any scale that has a
    true zero, such as a cosine or a 0-100 match. ``title`` tells recordings apart that only sound
    alike, such as two of the same rain; an empty one tells nothing.
    """

    track_id: str
    audio_id: str
    vector: Float32 = field(compare=False, repr=False)
    artist: str = ""
    album: str = ""
    bpm: float | None = None
    duration_s: float = 0.0
    score: float = 0.0
    title: str = ""

    @classmethod
    def of(cls, track: Track, vector: Float32, score: float = 0.0) -> Candidate:
        """Make one from a track: names folded, an album told apart by its artist or its folder."""
        tags, place = track.tags, track.location
        artist = _folded(tags.artist or tags.album_artist)
        album = _folded(tags.album)
        if album:
            directory = f"{place.folder}/{place.display.rpartition('/')[0]}"
            album = f"{album}|{_folded(tags.album_artist) or directory}"
        return cls(
            track.id,
            track.audio_id,
            vector,
            "" if artist in NOBODY else artist,
            album,
            track.descriptors.bpm,
            track.duration_s,
            score,
            _folded(_BESIDE.sub(" ", without_number(track.title))),
        )


@lru_cache(4096)
def _folded(name: str) -> str:
    return fold(name) or name.strip().casefold()


NOBODY = frozenset(
    _folded(name)
    for name in (
        "Various Artists",
        "Various",
        "VA",
        "Verschiedene Interpreten",
        "Verschiedene Künstler",
        "Verschiedene",
        "Diverse",
        "Unknown Artist",
        "Unknown",
        "Unbekannter Künstler",
        "Unbekannter Interpret",
        "Unbekannt",
    )
)
"""What taggers write where they know no artist, folded."""

Nearest = Callable[[Float32, int], Sequence[Candidate]]
"""Returns up to so many tracks nearest to a unit vector float32[dim], best first, each track once.
Fewer than asked for means that there are no more."""


@dataclass(frozen=True, slots=True, eq=False)
class Pool:
    """Candidates side by side: vectors float32[n, dim], durations float64[n], and codes int[n].

    Codes are the same for the same sound or artist; -1 is nobody's.
    """

    members: tuple[Candidate, ...]
    vectors: Float32
    durations_s: NDArray[np.float64]
    sounds: NDArray[np.intp]
    artists: NDArray[np.intp]
    titles: NDArray[np.intp]

    @classmethod
    def of(cls, candidates: Iterable[Candidate]) -> Pool:
        """Gather at least one candidate; of several with one track id the first is taken."""
        first: dict[str, Candidate] = {}
        for one in candidates:
            first.setdefault(one.track_id, one)
        members = tuple(first.values())
        return cls(
            members,
            np.stack([one.vector for one in members]),
            np.array([one.duration_s for one in members], dtype=np.float64),
            _codes([one.audio_id for one in members]),
            _codes([one.artist for one in members]),
            _codes([one.title for one in members]),
        )

    def copies(self, number: int) -> Mask:
        """Tell bool[n] which are the same recording as ``number``, itself among them.

        They have its audio id, or its title, sound nearly the same (``COPY_COSINE``) and last as
        long within ``COPY_WITHIN_S``.
        """
        alike = self.told_alike(number)
        near = np.flatnonzero(alike)
        alike[near] = self.vectors[near] @ self.vectors[number] >= COPY_COSINE
        alike |= self.sounds == self.sounds[number]
        alike[number] = True
        return alike

    def told_alike(self, number: int) -> Mask:
        """Tell bool[n] which last as long as ``number`` and have its title, or none."""
        alike: Mask = np.abs(self.durations_s - self.durations_s[number]) <= COPY_WITHIN_S
        title = self.titles[number]
        if title >= 0:
            alike &= (self.titles == title) | (self.titles < 0)
        return alike


def suspects(tracks: Iterable[Track]) -> list[Track]:
    """Return those that may be copies of each other by all but their sound: few, as a rule."""
    by_length = sorted(tracks, key=lambda track: track.duration_s)
    close = {
        track.id: track
        for pair in itertools.pairwise(by_length)
        if pair[1].duration_s - pair[0].duration_s <= COPY_WITHIN_S
        for track in pair
    }
    if not close:
        return []
    unread = np.zeros(0, dtype=np.float32)
    pool = Pool.of(Candidate.of(track, unread) for track in close.values())
    return [
        close[one.track_id]
        for number, one in enumerate(pool.members)
        if np.count_nonzero(pool.told_alike(number)) > 1
    ]


def _codes(names: Sequence[str]) -> NDArray[np.intp]:
    numbers: dict[str, int] = {"": -1}
    return np.array([numbers.setdefault(name, len(numbers)) for name in names], dtype=np.intp)

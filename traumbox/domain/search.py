"""Tracks, what is asked for, and what is answered."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from traumbox.domain.files import Location
from traumbox.domain.sound import Descriptors, Media, Tags

Kind = Literal["music", "audiobook", "podcast"]
KINDS: tuple[Kind, ...] = ("music", "audiobook", "podcast")


@dataclass(frozen=True, slots=True)
class Track:
    """A file that was heard, as search and the panel show it."""

    id: str
    location: Location
    audio_id: str
    duration_s: float
    media: Media
    tags: Tags
    descriptors: Descriptors

    @property
    def title(self) -> str:
        """The tagged title, else the file's name without its suffix."""
        return self.tags.title or self.location.stem


@dataclass(frozen=True, slots=True)
class Query:
    """What someone wants to find: a sentence, or likeness to a track.

    ``kinds`` are the only ones wanted; none named: all.
    """

    text: str = ""
    like: str | None = None  # a track id
    limit: int = 24
    kinds: frozenset[Kind] = frozenset()


@dataclass(frozen=True, slots=True)
class Hit:
    """One track of an answer and the moment where it matches best.

    ``score`` is the cosine similarity of the best window, ``match`` the same on the model's
    calibrated 0-100 scale. ``fits`` is False where it lies below the model's floor: the track is
    given because others are even less like what was asked for.
    """

    track: Track
    start_s: float
    score: float
    match: int
    why: tuple[str, ...] = ("sound",)
    fits: bool = True


@dataclass(frozen=True, slots=True)
class Answer:
    """The hits of a query, best first, and among how many tracks they were found."""

    hits: tuple[Hit, ...]
    searched: int  # tracks that have been heard
    total: int  # tracks the appliance knows of, heard or not
    took_ms: float

    @property
    def nothing_fits(self) -> bool:
        """Whether the hits are only the nearest, and none of them is what was asked for."""
        return bool(self.hits) and not any(hit.fits for hit in self.hits)


@dataclass(frozen=True, slots=True)
class Moment:
    """A place in a track and how well it matches; ``fits`` as in ``Hit``."""

    start_s: float
    score: float
    match: int
    fits: bool = True


@dataclass(frozen=True, slots=True)
class Moments:
    """Where in one track a query matches.

    ``heat`` is uint8[HEAT] over the whole track; ``best`` holds places that lie apart, best first.
    """

    heat: bytes
    best: tuple[Moment, ...]

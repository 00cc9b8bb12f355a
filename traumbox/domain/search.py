"""Tracks, what is asked for, and what is answered."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from traumbox.domain.conditions import Condition
from traumbox.domain.files import Location
from traumbox.domain.sound import Descriptors, Media, Tags

Kind = Literal["music", "audiobook", "podcast"]
KINDS: tuple[Kind, ...] = ("music", "audiobook", "podcast")
Why = Literal["sound", "name", "tag", "words", "filter"]
"""What made a track match: how it sounds, its names, its genre, lyrics or comment, or only what it
was filtered by."""


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
class Chip:
    """A part of a sentence that was understood as more than a description of sound.

    ``condition`` is what tracks must meet; or None, and ``without`` names a sound that must not be
    heard. ``words`` are those of the sentence, as written. ``id`` is what takes it back: the same
    for the same words and meaning.
    """

    words: str
    condition: Condition | None = None
    without: str = ""

    @property
    def id(self) -> str:
        """The condition as written, or ``without:`` and the sound."""
        return str(self.condition) if self.condition is not None else f"without:{self.without}"


@dataclass(frozen=True, slots=True)
class Understood:
    """How a sentence was taken.

    ``sound`` is what the text tower gets, in the language that it understands; empty where nothing
    of the sentence describes a sound. ``names`` is what may be a name or a tag: the words of the
    sentence that no chip has taken. ``starts`` tells that somebody asked for the place where a
    sound comes in.
    """

    text: str
    sound: str
    names: str
    chips: tuple[Chip, ...] = ()
    starts: bool = False


@dataclass(frozen=True, slots=True)
class Query:
    """What someone wants to find: a sentence, likeness to tracks, or both.

    ``like`` and ``unlike`` are track ids. ``conditions`` are filters beside those in the sentence;
    ``taken_back`` are ids of chips that aren't meant. ``kinds`` are the only ones wanted; none
    named: all.
    """

    text: str = ""
    like: tuple[str, ...] = ()
    unlike: tuple[str, ...] = ()
    conditions: tuple[Condition, ...] = ()
    taken_back: frozenset[str] = frozenset()
    limit: int = 24
    kinds: frozenset[Kind] = frozenset()


@dataclass(frozen=True, slots=True)
class Hit:
    """One track of an answer and the moment where it matches best.

    ``score`` is the cosine similarity of the best window, ``match`` the same on the model's
    calibrated 0-100 scale. ``fits`` is False where it lies below the model's floor: the track is
    given because others are even less like what was asked for. ``copies`` are other files with the
    same recording.
    """

    track: Track
    start_s: float
    score: float
    match: int
    why: tuple[Why, ...] = ("sound",)
    fits: bool = True
    copies: tuple[Track, ...] = ()


@dataclass(frozen=True, slots=True)
class Answer:
    """The hits of a query, best first, and among how many tracks they were found."""

    hits: tuple[Hit, ...]
    searched: int  # tracks that have been heard
    total: int  # tracks the appliance knows of, heard or not
    took_ms: float
    understood: Understood | None = None  # None where no sentence was asked
    meant: str = ""  # "did you mean", or empty
    left_by: tuple[tuple[str, int], ...] = ()
    """Where filters leave nothing: each by its id, and how many tracks it alone leaves."""

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

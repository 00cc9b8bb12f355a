"""What the parts expect of each other; the daemon alone knows who fulfils it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from traumbox.domain import (
    Audio,
    Cut,
    Embedding,
    FileTags,
    Float32,
    Heard,
    Media,
    ModelCard,
    Track,
)


class AudioStream(Protocol):
    """An open audio file, read forward once."""

    @property
    def media(self) -> Media:
        """Container, codec, rate and channels of the file as it lies on disk."""
        ...

    @property
    def mark(self) -> str:
        """After the last block: a remark such as "cut short: …", or empty."""
        ...

    def blocks(self) -> Iterator[Audio]:
        """Yield mono float32 blocks at 48 kHz, each at most a few seconds long.

        Channels are averaged, not summed. NaN and infinite samples come out as 0.

        Raises
        ------
        AudioError
            When not a single block can be decoded.
        """
        ...


class Decoder(Protocol):
    """Turns a file into sound, in bounded memory for any length."""

    def open(self, path: Path, cut: Cut | None = None) -> AbstractContextManager[AudioStream]:
        """Open ``path``, or only the passage that ``cut`` tells.

        Raises
        ------
        AudioError
            When it isn't audio, or is damaged beyond opening; the message is for people.
        OSError
            When the file can't be read at all (gone, no permission, I/O error).
        """
        ...


class TagReader(Protocol):
    """Reads what a file says of itself."""

    def __call__(self, path: Path) -> FileTags:
        """Return tags, cover and lyrics; damaged ones come out empty."""
        ...


class Embedder(Protocol):
    """A CLAP model: two towers into one space, each loaded when first used."""

    @property
    def card(self) -> ModelCard:
        """Name, dimension and calibration of the model."""
        ...

    def embed_audio(self, windows: Float32) -> Float32:
        """Map float32[n, 480000] (48 kHz mono) to unit vectors float32[n, dim]."""
        ...

    def embed_text(self, sentences: Sequence[str]) -> Float32:
        """Map ``n`` sentences to unit vectors float32[n, dim]."""
        ...

    def release(self) -> None:
        """Give the memory of both towers back; the next call loads again."""
        ...


class Ear(Protocol):
    """Listens to one file: the seam behind which the listener process (or machine) works."""

    def hear(
        self, path: Path, model: str, is_known: Callable[[str], bool], cut: Cut | None = None
    ) -> tuple[Heard, Embedding | None]:
        """Decode, measure and, unless ``is_known(audio_id)``, embed the file at ``path``.

        With ``cut`` only that passage of it, as a track of its own. ``model`` is the model's name
        in the registry; one model is loaded at a time.

        Raises
        ------
        AudioError
            The file can't be heard; the message is the reason.
        ListenerError
            The listener died or hung on this file; a new one is started at the next call.
        OSError
            The file can't be read just now.
        """
        ...

    def expect(self, path: Path, cut: Cut | None = None) -> None:
        """Take the hint that ``path`` is what ``hear`` will be asked for after the next call.

        It may be decoded while the one before is being embedded. Nothing follows from a hint that
        doesn't come true.
        """
        ...

    def close(self) -> None:
        """Let the listener go; safe to call at any time and more than once."""
        ...


@dataclass(frozen=True, slots=True)
class IndexEntry:
    """One track to be stored, with its sound's embedding unless the index has that already."""

    track: Track
    embedding: Embedding | None
    added_at_s: float  # POSIX seconds


@dataclass(frozen=True, slots=True)
class WindowHit:
    """One stored window near a query vector; ``score`` is the cosine similarity."""

    audio_id: str
    start_s: float
    score: float


class Index(Protocol):
    """What was heard, in one model's space. One writer at a time; readers in any thread."""

    @property
    def changes(self) -> int:
        """A number that rises when something was added or removed: answers may differ then."""
        ...

    def add(self, entries: Sequence[IndexEntry]) -> None:
        """Store tracks and windows; idempotent by track id and audio id.

        On return everything is durable (survives a power cut).

        Raises
        ------
        StoreError
            When nothing of the batch may be counted as stored.
        """
        ...

    def remove_tracks(self, track_ids: Collection[str]) -> None:
        """Forget tracks, and the windows of sounds that no remaining track has."""
        ...

    def known_audio(self, audio_ids: Collection[str]) -> set[str]:
        """Return those of ``audio_ids`` whose embedding is stored."""
        ...

    def known_tracks(self) -> dict[str, str]:
        """Return track id -> audio id of everything stored; for reconciling with the ledger."""
        ...

    def nearest_windows(
        self, vector: Float32, limit: int, among: Collection[str] | None = None
    ) -> list[WindowHit]:
        """Return up to ``limit`` windows nearest to a unit ``vector`` float32[dim], best first.

        With ``among`` only windows of these sounds (audio ids), however far away they are. Windows
        that were just added are among them.
        """
        ...

    def windows_of(self, audio_id: str) -> tuple[Float32, Float32]:
        """Return (start_s float32[n], vectors float32[n, dim]) of one sound, by start."""
        ...

    def windows_among(self, audio_ids: Collection[str]) -> dict[str, tuple[Float32, Float32]]:
        """Return the same for each of these sounds that has windows, by audio id."""
        ...

    def means_of(self, audio_ids: Collection[str]) -> tuple[list[str], Float32]:
        """Return those of these sounds that have a mean direction, and float32[n, dim] of them.

        Means are unit vectors. Silence has none. The order is not that of ``audio_ids``.
        """
        ...

    def means(self) -> Iterator[tuple[list[str], Float32]]:
        """Yield the same of all sounds, each once, some thousand at a time.

        All of 100,000 tracks with 512 numbers each are 200 MB: keep less of each.
        """
        ...

    def count_windows(self) -> int:
        """Return how many windows are stored."""
        ...

    def maintain(self) -> None:
        """Compact, clean old versions, build or rebuild the vector index when it is due."""
        ...

    def close(self) -> None:
        """Release the files."""
        ...


@dataclass(frozen=True, slots=True)
class Space:
    """One embedding space at work: the model's name in the registry, its towers and its index."""

    model: str
    embedder: Embedder
    index: Index

"""A large library as index and ledger know it, made of numbers: clustered vectors, tags, facts."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import count
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from traumbox.domain import (
    Changes,
    Descriptors,
    Embedding,
    FileStat,
    Float32,
    Heard,
    Location,
    Media,
    ModelCard,
    Tags,
    Track,
)
from traumbox.domain.keys import KEYS
from traumbox.ports import Embedder, IndexEntry
from traumbox.stores.lance import LanceIndex
from traumbox.stores.ledger import Ledger
from traumbox.stores.upkeep import Upkeep

GROUPS = 500
APART, BESIDE = 0.9, 0.484
"""Of a track from the middle of its group, and of a window from its track: cosine 0.81."""
GAP = 1.0
A_BATCH = 500
MEDIA = Media("flac", "flac", 44_100, 2)


@dataclass(frozen=True, slots=True)
class Size:
    """How large a library is; ``windows`` are those of one track."""

    tracks: int
    windows: int = 20
    dim: int = 512

    @property
    def card(self) -> ModelCard:
        return ModelCard(f"bench-{self.dim}", "Bench", self.dim, "none", calibration=(0.3, 12.0))


class Sentences(Embedder):
    """Maps a sentence to a direction near one group, off by a gap as that of a text tower.

    With ``tower`` each sentence goes through that too, for the time that it takes.
    """

    def __init__(self, size: Size, tower: Embedder | None = None) -> None:
        self._size = size
        self._tower = tower
        self._middles = middles(size.dim)

    @property
    def card(self) -> ModelCard:
        return self._size.card

    def embed_audio(self, windows: Float32) -> Float32:
        raise NotImplementedError("nothing is heard here")

    def embed_text(self, sentences: Sequence[str]) -> Float32:
        if self._tower is not None:
            self._tower.embed_text(sentences)
        return np.stack([self._vector(sentence) for sentence in sentences])

    def release(self) -> None:
        pass

    def _vector(self, sentence: str) -> Float32:
        chance = np.random.default_rng(list(sentence.encode()))
        own = self._middles[chance.integers(GROUPS)] + APART * _directions(chance, self._size.dim)
        gap = _directions(np.random.default_rng(1), self._size.dim)
        return _unit(_unit(own) + GAP * gap)


def library(place: Path, size: Size) -> Path:
    """Return the folder of such a library below ``place``, built unless it is there already."""
    home = place / f"{size.tracks}-{size.windows}-{size.dim}"
    mark = home / "built.json"
    if not mark.exists():
        home.mkdir(parents=True, exist_ok=True)
        _fill_index(home, size)
        _fill_ledger(home, size)
        mark.write_text(json.dumps({"tracks": size.tracks}))
    return home


def open_index(home: Path, size: Size) -> LanceIndex:
    return LanceIndex(home / "index", size.card, upkeep=Upkeep(commits=1))


def open_ledger(home: Path, new: str = "new") -> Ledger:
    """Open the ledger; what is added gets the ids new0, new1, …"""
    numbers = count()
    return Ledger(home / "traumbox.db", fresh_id=lambda: f"{new}{next(numbers)}")


def windows_of(home: Path, size: Size) -> NDArray[np.float16]:
    """Return all windows as float16[tracks * windows, dim], on the disk."""
    shape = (size.tracks * size.windows, size.dim)
    return np.memmap(home / "windows.f16", np.float16, "r", shape=shape)


def middles(dim: int) -> Float32:
    return _directions(np.random.default_rng(0), (GROUPS, dim))


def group_of(number: int) -> int:
    """Return the group of a track, spread as if by chance."""
    return number * 2_654_435_761 % 2**32 * GROUPS >> 32


def heard(number: int) -> Heard:
    """Return what was heard of a track: genre and folder go with its group, the tempo doesn't."""
    chance = np.random.default_rng(number)
    group = group_of(number)
    tags = Tags(
        title=f"Title {number}",
        artist=f"Artist {number // 20}",
        album=f"Album {number // 10}",
        genre=f"Genre {group % 100}",
        year=1960 + number % 60,
    )
    descriptors = Descriptors(
        bpm=float(chance.uniform(60.0, 180.0)),
        key=KEYS[number % len(KEYS)],
        loudness_lufs=float(chance.uniform(-30.0, -6.0)),
        brightness_hz=float(chance.uniform(400.0, 4_000.0)),
    )
    return Heard(audio_id(number), 200.0, MEDIA, tags, descriptors)


def audio_id(number: int) -> str:
    return f"{number * 2_654_435_761 % 2**32:08x}{number:024x}"


def entries(size: Size, numbers: range, track_ids: Sequence[str]) -> Iterator[IndexEntry]:
    """Yield tracks as the indexer stores them; the same number always sounds the same."""
    chance = np.random.default_rng([numbers.start, size.tracks])
    centres = middles(size.dim)[[group_of(number) for number in numbers]]
    tracks = _unit(centres + APART * _directions(chance, centres.shape))
    spread = _directions(chance, (len(numbers), size.windows, size.dim))
    vectors = _unit(tracks[:, None] + BESIDE * spread)
    starts_s = 10 * np.arange(size.windows, dtype=np.float32)
    for number, track_id, windows in zip(numbers, track_ids, vectors, strict=True):
        sound = heard(number)
        track = Track(
            track_id,
            place_of(number)[0],
            sound.audio_id,
            sound.duration_s,
            sound.media,
            sound.tags,
            sound.descriptors,
        )
        yield IndexEntry(track, Embedding(size.card.id, starts_s, windows), 1.0)


def place_of(number: int) -> tuple[Location, FileStat]:
    path = f"Artist {number // 20}/Album {number // 10}/{number}.flac"
    stat = FileStat(30_000_000 + number, number, number + 1)
    return Location(f"Folder {group_of(number) % 10}", path.encode()), stat


def _fill_index(home: Path, size: Size) -> None:
    index = open_index(home, size)
    shape = (size.tracks * size.windows, size.dim)
    kept = np.memmap(home / "windows.f16", np.float16, "w+", shape=shape)
    for first in range(0, size.tracks, A_BATCH):
        numbers = range(first, min(size.tracks, first + A_BATCH))
        batch = list(entries(size, numbers, [f"fresh{number}" for number in numbers]))
        index.add(batch)
        vectors = [entry.embedding.vectors for entry in batch if entry.embedding is not None]
        kept[first * size.windows : numbers.stop * size.windows] = np.concatenate(vectors)
    kept.flush()
    index.maintain()
    index.close()


def _fill_ledger(home: Path, size: Size) -> None:
    for old in home.glob("traumbox.db*"):
        old.unlink()
    ledger = open_ledger(home, "fresh")
    stats = dict(place_of(number) for number in range(size.tracks))
    ledger.apply(Changes(new=stats), 1.0)
    for first in range(0, size.tracks, A_BATCH):
        numbers = range(first, min(size.tracks, first + A_BATCH))
        done = [(f"fresh{n}", place_of(n)[1], heard(n), "f") for n in numbers]
        assert len(ledger.mark_indexed(done, 2.0)) == len(done)
    ledger.close()


def _directions(chance: np.random.Generator, shape: int | tuple[int, ...]) -> Float32:
    return _unit(chance.standard_normal(shape, dtype=np.float32))


def _unit(vectors: Float32) -> Float32:
    unit: Float32 = vectors / np.linalg.norm(vectors, axis=-1, keepdims=True)
    return unit

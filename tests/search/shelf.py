"""A ledger and an index side by side, with tracks whose windows are tones of known pitch."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from tests.fakes import MemoryIndex, ToneEmbedder
from traumbox.domain import (
    Changes,
    Descriptors,
    Embedding,
    FileStat,
    Float32,
    Heard,
    Kind,
    Location,
    Media,
    Tags,
    Track,
    unit,
)
from traumbox.ports import IndexEntry, Space
from traumbox.search import SearchService, Starters, Walks
from traumbox.stores.ledger import Ledger

EMBEDDER = ToneEmbedder()


def kind_of(track: Track) -> Kind:
    return "audiobook" if track.tags.genre == "Audiobook" else "music"


class Shelf:
    """``offline`` are the names of folders that are."""

    def __init__(self, directory: Path, embedder: ToneEmbedder = EMBEDDER) -> None:
        self.embedder = embedder
        self.ledger = Ledger(directory / "ledger.db")
        self.index = MemoryIndex(embedder.card)
        self.space = Space("tones", embedder, self.index)
        self.starters = Starters(self.ledger, directory / "probes")
        self.search = SearchService(self.space, self.ledger, starters=self.starters)
        self.offline: set[str] = set()
        self.walks = Walks(self.search, self.ledger, kind_of, lambda: self.offline)

    def add(
        self,
        name: str,
        *tones_hz: float,
        folder: str = "m",
        tags: Tags | None = None,
        vectors: Float32 | None = None,
        audio_id: str | None = None,
        bpm: float | None = None,
    ) -> str:
        """Store a track with one 10 s window a tone, or a vector; return its id."""
        stat, location = FileStat(1, 1, 0), Location(folder, name.encode())
        self.ledger.apply(Changes(new={location: stat}), 0.0)
        track_id = self.ledger.known()[location].track_id
        sounds = vectors if vectors is not None else tones(*tones_hz)
        heard = Heard(
            audio_id or f"sound of {folder}/{name}",
            10.0 * len(sounds),
            Media("flac", "flac", 48_000, 2),
            tags or Tags(title=name),
            Descriptors(bpm=bpm),
        )
        self.ledger.mark_indexed([(track_id, stat, heard, "")], 0.0)
        row = self.ledger.row(track_id)
        assert row is not None
        starts_s = 10.0 * np.arange(len(sounds), dtype=np.float32)
        embedding = Embedding(self.embedder.card.id, starts_s, sounds)
        self.index.add([IndexEntry(row.as_track(), embedding, 0.0)])
        return track_id


def tones(*tones_hz: float) -> Float32:
    """float32[n, dim]: the vectors of these tones."""
    if not tones_hz:
        return np.empty((0, EMBEDDER.card.dim), dtype=np.float32)
    return EMBEDDER.embed_text([f"{tone_hz} Hz" for tone_hz in tones_hz])


def between(first_hz: float, second_hz: float, share: float) -> Float32:
    """float32[1, dim]: a sound that lies ``share`` of the way between two tones."""
    first, second = tones(first_hz, second_hz)
    angle = share * np.pi / 2
    return unit(np.cos(angle) * first + np.sin(angle) * second)[None, :]

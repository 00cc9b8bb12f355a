"""A ledger and an index side by side, with tracks whose windows are tones of known pitch."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from tests.fakes import MemoryIndex, ToneEmbedder
from traumbox.domain import (
    Changes,
    Condition,
    Descriptors,
    Embedding,
    FileStat,
    Float32,
    Heard,
    Kind,
    Location,
    Media,
    Query,
    Tags,
    Track,
    unit,
)
from traumbox.ports import IndexEntry, Space
from traumbox.search import Clocks, SearchService, Starters, Walks, Ways
from traumbox.search.asking import ALL_WAYS
from traumbox.stores.ledger import Ledger

EMBEDDER = ToneEmbedder()
NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)


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
        clocks = Clocks(now=lambda: NOW)
        self.search = SearchService(self.space, self.ledger, clocks, starters=self.starters)
        self.offline: set[str] = set()
        self.walks = Walks(self.search, self.ledger, kind_of, lambda: self.offline)

    def add(
        self,
        name: str,
        *sounds: float | str,
        folder: str = "m",
        tags: Tags | None = None,
        vectors: Float32 | None = None,
        audio_id: str | None = None,
        bpm: float | None = None,
        duration_s: float | None = None,
        added_s: float = 0.0,
    ) -> str:
        """Store a track with one 10 s window a sound, or a vector; return its id.

        A sound is a tone in Hz, or words that the shelf's embedder knows.
        """
        stat, location = FileStat(1, 1, 0), Location(folder, name.encode())
        self.ledger.apply(Changes(new={location: stat}), 0.0)
        track_id = self.ledger.known()[location].track_id
        if vectors is None:
            vectors = np.vstack([tones(), *map(self._vectors, sounds)])
        heard = Heard(
            audio_id or f"sound of {folder}/{name}",
            duration_s or 10.0 * len(vectors),
            Media("flac", "flac", 48_000, 2),
            tags or Tags(title=name),
            Descriptors(bpm=bpm),
        )
        self.ledger.mark_indexed([(track_id, stat, heard, "")], added_s)
        row = self.ledger.row(track_id)
        assert row is not None
        starts_s = 10.0 * np.arange(len(vectors), dtype=np.float32)
        embedding = Embedding(self.embedder.card.id, starts_s, vectors)
        self.index.add([IndexEntry(row.as_track(), embedding, 0.0)])
        return track_id

    def titles(self, text: str, *filters: str, limit: int = 24, ways: Ways = ALL_WAYS) -> list[str]:
        """Return the titles of the hits that fit."""
        conditions = tuple(Condition.parse(one) for one in filters)
        query = Query(text, conditions=conditions, limit=limit)
        return [hit.track.title for hit in self.search.search(query, ways=ways).hits if hit.fits]

    def _vectors(self, sound: float | str) -> Float32:
        return self.embedder.embed_text([sound]) if isinstance(sound, str) else tones(sound)


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

"""Store the made-up library as the daemon would, and have the real service answer over it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from itertools import groupby
from pathlib import Path

from tests.bench.queries.listening import Listened
from tests.bench.queries.pieces import Piece
from traumbox.domain import Changes, Embedding, FileStat, Heard
from traumbox.ports import Embedder, Index, IndexEntry, Space
from traumbox.search import SearchService
from traumbox.search.service import Clocks
from traumbox.stores.ledger import Ledger
from traumbox.stores.words import Words

DAY_S = 86_400.0
_BATCH = 250


class Shelf:
    """The library in a ledger and an index, and the service that answers at ``now_s`` (POSIX)."""

    def __init__(self, directory: Path, index: Index, embedder: Embedder, now_s: float) -> None:
        clocks = Clocks(now=lambda: datetime.fromtimestamp(now_s, UTC))
        self.ledger = Ledger(directory / "traumbox.db")
        self.index = index
        self.search = SearchService(Space("judged", embedder, index), self.ledger, clocks)
        self._now_s = now_s
        self._embedder = embedder
        self._pieces: dict[str, Piece] = {}

    def piece(self, track_id: str) -> Piece:
        """Return the piece that was stored under this id."""
        return self._pieces[track_id]

    def store(self, pieces: Sequence[Piece], heard: Sequence[Listened]) -> None:
        """Take all pieces in, each as old as it says."""
        stats = {piece.location: FileStat(1000 + piece.number, 1, 0) for piece in pieces}
        self.ledger.apply(Changes(new=stats), self._now_s)
        ids = {
            (folder, known[0]): known[7]
            for folder in sorted({piece.location.folder for piece in pieces})
            for known in self.ledger.listing(folder)
        }
        by_number = dict(zip((piece.number for piece in pieces), heard, strict=True))

        def age(piece: Piece) -> int:
            return piece.age_days

        for days, group in groupby(sorted(pieces, key=age), age):
            done = []
            for piece in group:
                track_id = ids[piece.location.folder, piece.location.path]
                self._pieces[track_id] = piece
                told = heard_of(piece, by_number[piece.number])
                done.append((track_id, stats[piece.location], told, ""))
            self.ledger.mark_indexed(done, self._now_s - days * DAY_S)
        words = Words(self.ledger.database)
        while words.catch_up():
            pass
        self._fill_index(by_number)

    def _fill_index(self, heard: dict[int, Listened]) -> None:
        rows = self.ledger.rows(list(self._pieces))
        entries, stored = [], set[str]()
        for track_id, piece in self._pieces.items():
            embedding = None
            if piece.audio_id not in stored:
                told = heard[piece.number]
                embedding = Embedding(self._embedder.card.id, told.starts_s, told.vectors)
                stored.add(piece.audio_id)
            added_s = self._now_s - piece.age_days * DAY_S
            entries.append(IndexEntry(rows[track_id].as_track(), embedding, added_s))
        for first in range(0, len(entries), _BATCH):
            self.index.add(entries[first : first + _BATCH])

    def close(self) -> None:
        """Close both stores."""
        self.index.close()
        self.ledger.close()


def heard_of(piece: Piece, listened: Listened) -> Heard:
    """Return what the listener would tell of a piece."""
    return Heard(
        piece.audio_id,
        piece.duration_s,
        piece.media,
        replace(piece.tags, comment=piece.comment),
        listened.descriptors,
        lyrics=piece.lyrics,
    )

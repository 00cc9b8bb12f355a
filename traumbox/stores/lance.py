"""The index on LanceDB: two tables for each model, tracks and their windows.

Windows are keyed by sound, tracks by track id. Windows are written first, so a track that is there
has its sound; and nothing is acknowledged before it is on the disk.
"""

from __future__ import annotations

import logging
import shutil
import threading
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path

import numpy as np

from traumbox.domain import Embedding, Float32, ModelCard
from traumbox.errors import StoreError
from traumbox.ports import Index, IndexEntry, WindowHit
from traumbox.stores.crosscheck import IDS_A_DELETE, delete, forget_incomplete
from traumbox.stores.durability import Disk, DiskSync, require_hard_links
from traumbox.stores.nearest import Effort, Near
from traumbox.stores.repair import Table, explained, open_table
from traumbox.stores.schema import (
    Sound,
    audible,
    one_of,
    sound_of,
    to_vectors,
    track_rows,
    tracks_name,
    tracks_schema,
    window_rows,
    windows_name,
    windows_schema,
)
from traumbox.stores.upkeep import Upkeep, index_key, index_vectors, tidy
from traumbox.stores.vectors import batched, by_sound, distinct_means, mean_portions, mean_rows

log = logging.getLogger(__name__)

ROOM_FACTOR = 1.5
ROOM_BYTES = 64 << 20
"""Compacting needs room for a second copy, and the ledger and the log want some too."""
DROPPED = ".dropped"


def free_bytes(directory: Path) -> int:
    """Return how much may still be written to the disk of ``directory``."""
    return shutil.disk_usage(directory).free


def drop_space(directory: Path, model_id: str, disk: Disk | None = None) -> None:
    """Drop a model's tables; nobody may have them open. Goes on where it was interrupted.

    Raises
    ------
    StoreError
        When they can't be deleted.
    """
    disk = disk or Disk()
    # Tracks first: windows without them are orphans, which opening the index clears away.
    for name in (tracks_name(model_id), windows_name(model_id)):
        table, dropped = directory / f"{name}.lance", directory / f"{name}{DROPPED}"
        try:
            if dropped.exists():
                shutil.rmtree(dropped)
            if table.exists():
                # At one stroke: half a table would pass for a damaged one.
                table.rename(dropped)
                disk.sync_path(directory)
                shutil.rmtree(dropped)
        except OSError as error:
            raise StoreError(
                f"{error.filename or table} can't be deleted: {error.strerror or error}. Delete "
                f"{table} and {dropped} by hand while traumbox isn't running."
            ) from error


class LanceIndex(Index):
    """One model's index; searches from any thread, one writer at a time.

    Raises
    ------
    StoreError
        When the index can't be opened; with the remedy. Damage that a power cut can leave is
        repaired by going back to the last good version.
    """

    def __init__(
        self,
        directory: Path,
        card: ModelCard,
        *,
        upkeep: Upkeep | None = None,
        effort: Effort | None = None,
        disk: Disk | None = None,
        free: Callable[[Path], int] = free_bytes,
    ) -> None:
        self._directory = directory
        self._card = card
        self._upkeep = upkeep or Upkeep()
        self._effort = effort or Effort()
        self._free = free
        self._lock = threading.RLock()
        self._opened: tuple[Table, Table] | None = None
        self._changes = 0
        self._counted: tuple[int, Near] | None = None
        with explained(directory):
            directory.mkdir(parents=True, exist_ok=True)
            require_hard_links(directory)
            windows = open_table(directory, windows_name(card.id), windows_schema(card.dim))
            tracks = open_table(directory, tracks_name(card.id), tracks_schema(card.dim))
            forget_incomplete(windows, tracks)
            self._disk = DiskSync(directory, disk or Disk())
            self._bytes = self._disk.sync()
        self._opened = windows, tracks
        # Versions that the last process left uncleaned count, or frequent restarts would heap them.
        self._commits = sum(1 for _ in directory.glob("*.lance/_versions/*.manifest"))

    @property
    def changes(self) -> int:
        """A number that rises with every addition and removal; see Index."""
        return self._changes

    def add(self, entries: Sequence[IndexEntry]) -> None:
        """Store tracks and windows; see Index."""
        if not entries:
            return
        last = {entry.track.id: entry for entry in entries}
        with self._lock, explained(self._directory):
            self._require_room()
            try:
                self._write(list(last.values()))
            finally:
                self._commits += 1
                self._changes += 1
            self._bytes = self._disk.sync()

    def remove_tracks(self, track_ids: Collection[str]) -> None:
        """Forget tracks, and windows that no track needs any more."""
        with self._lock, explained(self._directory):
            _, tracks = self._tables()
            sounds = self._audio_of(track_ids)
            if not sounds:  # none is stored
                return
            try:
                delete(tracks, "track_id", track_ids)
                self._forget_orphans(sounds)
            finally:
                self._commits += 1
                self._changes += 1
            self._bytes = self._disk.sync()

    def known_audio(self, audio_ids: Collection[str]) -> set[str]:
        """Return those of ``audio_ids`` whose embedding is stored."""
        with explained(self._directory):
            return set(self._values("audio_id", "audio_id", audio_ids))

    def known_tracks(self) -> dict[str, str]:
        """Return track id -> audio id of everything stored."""
        with explained(self._directory):
            _, tracks = self._tables()
            rows = tracks.search().select(["track_id", "audio_id"]).to_arrow()
            return dict(
                zip(rows["track_id"].to_pylist(), rows["audio_id"].to_pylist(), strict=True)
            )

    def nearest_windows(
        self, vector: Float32, limit: int, among: Collection[str] | None = None
    ) -> list[WindowHit]:
        """Return up to ``limit`` windows nearest to a unit ``vector``; see Index."""
        if limit <= 0:
            return []
        with explained(self._directory):
            near = self._near()
            if among is None:
                return near.nearest(vector, limit)
            return near.nearest_among(vector, limit, among)

    def windows_of(self, audio_id: str) -> tuple[Float32, Float32]:
        """Return (start_s float32[n], vectors float32[n, dim]) of one sound, by start."""
        with explained(self._directory):
            windows, _ = self._tables()
            where = one_of("audio_id", [audio_id])
            rows = windows.search().where(where).select(["start_s", "vector"]).to_arrow()
        starts_s: Float32 = rows["start_s"].to_numpy()
        order = np.argsort(starts_s, kind="stable")
        return starts_s[order], to_vectors(rows["vector"], self._card.dim)[order]

    def windows_among(self, audio_ids: Collection[str]) -> dict[str, tuple[Float32, Float32]]:
        """Return the same as ``windows_of`` for each of these sounds that has windows."""
        if not audio_ids:
            return {}
        with explained(self._directory):
            windows, _ = self._tables()
            return by_sound(windows, audio_ids, self._card.dim)

    def means_of(self, audio_ids: Collection[str]) -> tuple[list[str], Float32]:
        """Return the mean directions of these sounds; see Index."""
        with explained(self._directory):
            _, tracks = self._tables()
            found = [mean_rows(tracks, self._card.dim, some) for some in batched(audio_ids)]
        return distinct_means(found, self._card.dim)

    def means(self) -> Iterator[tuple[list[str], Float32]]:
        """Yield the mean directions of all sounds in portions; see Index."""
        with explained(self._directory):
            _, tracks = self._tables()
            yield from mean_portions(tracks, self._card.dim)

    def count_windows(self) -> int:
        """Return how many windows are stored."""
        with explained(self._directory):
            windows, _ = self._tables()
            return int(windows.count_rows())

    def maintain(self) -> None:
        """Compact, clean old versions and index anew, once enough has been committed."""
        with self._lock, explained(self._directory):
            if self._commits < self._upkeep.commits:
                return
            windows, tracks = self._tables()
            self._commits = 0
            index_vectors(windows, self._card.dim, self._upkeep)
            index_key(windows, "audio_id", self._upkeep)
            index_key(tracks, "track_id", self._upkeep)
            index_key(tracks, "audio_id", self._upkeep)
            for table in (windows, tracks):
                tidy(table, self._upkeep, self._disk.sync)
            self._bytes = self._disk.sync()

    def close(self) -> None:
        """Let the tables go; what was acknowledged is on the disk already."""
        with self._lock:
            self._opened = self._counted = None

    def _tables(self) -> tuple[Table, Table]:
        opened = self._opened
        if opened is None:
            raise StoreError(f"The index in {self._directory} has been closed.")
        return opened

    def _near(self) -> Near:
        """Count the rows, unless nothing has been written since the last time."""
        changes, (windows, tracks) = self._changes, self._tables()
        if self._counted is None or self._counted[0] != changes:
            near = Near(windows, windows.count_rows(), tracks.count_rows(), self._effort)
            self._counted = changes, near
        return self._counted[1]

    def _write(self, entries: Sequence[IndexEntry]) -> None:
        windows, tracks = self._tables()
        wanted = {entry.track.audio_id for entry in entries}
        stored = self._sounds(wanted)
        fresh: dict[str, Embedding] = {}
        for entry in entries:
            audio_id = entry.track.audio_id
            if entry.embedding is not None and audio_id not in stored:
                self._require_space(entry.embedding)
                fresh[audio_id] = audible(entry.embedding)
        lacking = wanted - stored.keys() - fresh.keys()
        if lacking:
            raise StoreError(
                f"The index in {self._directory} no longer holds {len(lacking)} sounds that were"
                " taken for known. Their files are heard again."
            )
        track_ids = [entry.track.id for entry in entries]
        replaced = self._audio_of(track_ids)
        # A batch that failed half-way may have left windows of these sounds behind.
        delete(windows, "audio_id", fresh)
        rows = window_rows(fresh, self._card.dim)
        if rows.num_rows:
            windows.add(rows)
        sounds = stored | {audio_id: sound_of(sound) for audio_id, sound in fresh.items()}
        delete(tracks, "track_id", track_ids)
        tracks.add(track_rows(entries, sounds, self._card.dim))
        self._forget_orphans(replaced - wanted)

    def _forget_orphans(self, audio_ids: set[str]) -> None:
        windows, _ = self._tables()
        delete(
            windows, "audio_id", audio_ids - set(self._values("audio_id", "audio_id", audio_ids))
        )

    def _audio_of(self, track_ids: Iterable[str]) -> set[str]:
        return set(self._values("audio_id", "track_id", track_ids))

    def _values(self, column: str, key: str, keys: Iterable[str]) -> list[str]:
        """Return ``column`` of the tracks whose ``key`` is one of ``keys``."""
        _, tracks = self._tables()
        found: list[str] = []
        left = iter(keys)
        while some := list(islice(left, IDS_A_DELETE)):
            rows = tracks.search().where(one_of(key, some)).select([column]).to_arrow()
            found += rows[column].to_pylist()
        return found

    def _sounds(self, audio_ids: Collection[str]) -> dict[str, Sound]:
        _, tracks = self._tables()
        where = one_of("audio_id", audio_ids)
        rows = tracks.search().where(where).select(["audio_id", "windows", "vector"]).to_arrow()
        return {
            row["audio_id"]: Sound(
                row["windows"],
                None if row["vector"] is None else np.array(row["vector"], dtype=np.float32),
            )
            for row in rows.to_pylist()
        }

    def _require_space(self, embedding: Embedding) -> None:
        shape = (len(embedding.start_s), self._card.dim)
        if embedding.model_id != self._card.id or embedding.vectors.shape != shape:
            raise StoreError(
                f"An embedding of model {embedding.model_id!r} and shape"
                f" {embedding.vectors.shape} doesn't belong into the index of"
                f" {self._card.id!r}, which holds {self._card.dim} numbers a window."
            )

    def _require_room(self) -> None:
        needed = ROOM_BYTES + int(ROOM_FACTOR * self._bytes)
        free = self._free(self._directory)
        if free < needed:
            raise StoreError(
                f"The disk with {self._directory} has {free >> 20} MB left; the index needs"
                f" {needed >> 20} MB to be kept in order. Free some space; hearing then goes on"
                " by itself."
            )

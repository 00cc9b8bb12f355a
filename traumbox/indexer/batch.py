"""What was heard and isn't committed yet, and the commit: first the index, then the ledger."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace

from traumbox.domain import Embedding, Heard, Track
from traumbox.indexer.clocks import Clocks
from traumbox.indexer.heirs import take_over
from traumbox.indexer.probing import Probes
from traumbox.ports import IndexEntry, Space
from traumbox.stores.cache import MediaCache
from traumbox.stores.ledger import FileRow, Ledger

BATCH_TRACKS = 25
BATCH_AGE_S = 5.0


@dataclass(frozen=True, slots=True)
class HeardFile:
    """A file that was heard in the version of ``row``; without ``embedding`` its sound is known."""

    row: FileRow
    heard: Heard
    embedding: Embedding | None
    fingerprint: str


class Batch:
    """Files heard for one space, committed together."""

    def __init__(
        self, ledger: Ledger, cache: MediaCache, clocks: Clocks, probes: Probes | None
    ) -> None:
        self._ledger = ledger
        self._cache = cache
        self._clocks = clocks
        self._probes = probes
        self._items: list[HeardFile] = []
        self._since_s = 0.0

    @property
    def track_ids(self) -> list[str]:
        """The tracks in it."""
        return [item.row.track_id for item in self._items]

    def add(self, item: HeardFile) -> None:
        """Take a file in."""
        if not self._items:
            self._since_s = self._clocks.steady_s()
        self._items.append(item)

    def clear(self) -> None:
        """Forget all of it; the ledger still has it as pending."""
        self._items.clear()

    def is_due(self) -> bool:
        """Tell whether it is large or old enough to be committed."""
        age_s = self._clocks.steady_s() - self._since_s
        return bool(self._items) and (len(self._items) >= BATCH_TRACKS or age_s >= BATCH_AGE_S)

    def is_known(self, space: Space, audio_id: str) -> bool:
        """Tell whether a sound needn't be embedded: it is in here, or in the index."""
        if any(item.heard.audio_id == audio_id for item in self._items):
            return True
        return bool(space.index.known_audio([audio_id]))

    def drop_tracks(self, track_ids: Collection[str], space: Space) -> None:
        """Take tracks that the ledger has let go out of index and cache."""
        if track_ids:
            space.index.remove_tracks(track_ids)
            for track_id in track_ids:
                self._cache.put_cover(track_id, None)

    def commit(self, space: Space) -> list[str]:
        """Make it durable in the index, then say so in the ledger: the commit mark.

        Files that sound like missing ones take over their ids before. Return the ids of the
        tracks that were committed.
        """
        if not self._items:
            return []
        now_s = self._clocks.now_s()
        heard = [(item.row, item.heard.audio_id) for item in self._items]
        heirs = take_over(self._ledger, heard, now_s)
        self._items = [
            replace(
                item,
                row=heirs.get(item.row.track_id, item.row),
                heard=self._with_vocals(item, space),
            )
            for item in self._items
        ]
        space.index.add(
            [
                IndexEntry(_track(item), item.embedding, item.row.added_at_s or now_s)
                for item in self._items
            ]
        )
        # A crash after they were stored may have kept them from being marked. Only now: their
        # sound, which may not have been embedded again, is the old tracks' as well.
        self.drop_tracks(heirs.keys(), space)
        for item in self._items:
            self._cache.put_peaks(item.heard.audio_id, item.heard.peaks)
            self._cache.put_cover(item.row.track_id, item.heard.cover)
        self._ledger.mark_indexed(
            [
                (item.row.track_id, item.row.stat, item.heard, item.fingerprint)
                for item in self._items
            ],
            now_s,
        )
        committed = self.track_ids
        self._items.clear()
        return committed

    def _with_vocals(self, item: HeardFile, space: Space) -> Heard:
        """Add what the model can tell of a sound; one that is known needn't be embedded for it."""
        heard, embedding = item.heard, item.embedding
        if self._probes is None:
            return heard
        if embedding is None:
            twins = (other for other in self._items if other.heard.audio_id == heard.audio_id)
            embedding = next((other.embedding for other in twins if other.embedding), None)
        vectors = (
            space.index.windows_of(heard.audio_id)[1] if embedding is None else embedding.vectors
        )
        vocals = self._probes.vocals(space.embedder, vectors)
        return replace(heard, descriptors=replace(heard.descriptors, vocals=vocals))


def _track(item: HeardFile) -> Track:
    return Track(
        id=item.row.track_id,
        location=item.row.location,
        audio_id=item.heard.audio_id,
        duration_s=item.heard.duration_s,
        media=item.heard.media,
        tags=item.heard.tags,
        descriptors=item.heard.descriptors,
    )

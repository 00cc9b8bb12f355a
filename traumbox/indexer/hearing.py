"""Hearing the next pending file and committing what was heard, in batches.

A track counts as indexed only after the index made it durable: killed at any point, at most the
files in hand are heard again.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from time import monotonic, time

from traumbox.domain import Embedding, FileStat, Heard, State, Track
from traumbox.errors import AudioError, ListenerClosedError, ListenerError
from traumbox.indexer.progress import Pace
from traumbox.library.folders import WatchedFolder
from traumbox.ports import Ear, Index, IndexEntry
from traumbox.stores.cache import MediaCache
from traumbox.stores.ledger import FileRow, Ledger

log = logging.getLogger(__name__)

BATCH_TRACKS = 25
BATCH_AGE_S = 5.0
STRIKES = 2
INDEXED: tuple[State, ...] = ("indexed",)
STRIKE_PAUSE_S = 5.0
CRASH_LOOP_ATTEMPTS = 5
RETRY_PAUSES_S = (60.0, 600.0, 3600.0, 6 * 3600.0, 24 * 3600.0)
NO_PERMISSION = "traumbox has no permission to read it"
BAD_LINK = "it is a link that leads out of its folder, in a circle or nowhere"


@dataclass(frozen=True, slots=True)
class Clocks:
    """Time, passed in: POSIX seconds for the ledger, a steady clock for pauses."""

    now_s: Callable[[], float] = time
    steady_s: Callable[[], float] = monotonic


@dataclass(frozen=True, slots=True)
class _Heard:
    row: FileRow
    stat: FileStat
    heard: Heard
    embedding: Embedding | None


class Hearing:
    """Chooses, hears and commits; every outcome of a file ends up in the ledger."""

    def __init__(
        self, ledger: Ledger, index: Index, ear: Ear, cache: MediaCache, clocks: Clocks
    ) -> None:
        self._ledger = ledger
        self._index = index
        self._ear = ear
        self._cache = cache
        self._clocks = clocks
        self._batch: list[_Heard] = []
        self._batch_since_s = 0.0
        self._strikes: Counter[str] = Counter()
        self.pace = Pace()
        self.in_hand = ""

    def next(self, folders: Sequence[WatchedFolder]) -> FileRow | None:
        """Return the file to hear next in these (online) folders, or None."""
        return self._ledger.next_pending(
            self._clocks.now_s(),
            skip=[item.row.track_id for item in self._batch],
            folders=[folder.name for folder in folders],
        )

    def hear(self, row: FileRow, folder: WatchedFolder) -> bool:
        """Hear one file; return True when its folder should be scanned again."""
        path = folder.resolve(row.location)
        if path is None:
            return self._unreachable(row, folder)
        self.in_hand = row.location.display
        self._ledger.begin(row.track_id, self._clocks.now_s())
        try:
            heard, embedding = self._ear.hear(path, self._is_known)
            stat = path.stat()
        except AudioError as error:
            self._fail(row, str(error))
        except ListenerClosedError:
            raise
        except ListenerError as error:
            self._strike(row, error)
        except PermissionError:
            self._fail(row, NO_PERMISSION)
        except OSError as error:
            self._retry(row, f"reading it failed ({error.strerror or error})")
        else:
            self._strikes.pop(row.track_id, None)
            self.pace.done(self._clocks.steady_s())
            fresh = FileStat(stat.st_size, stat.st_mtime_ns, stat.st_ino)
            return self._keep(_Heard(row, fresh, heard, embedding))
        finally:
            self.in_hand = ""
        return False

    def is_batch_due(self) -> bool:
        """Tell whether the batch is large or old enough to be committed."""
        age_s = self._clocks.steady_s() - self._batch_since_s
        return bool(self._batch) and (len(self._batch) >= BATCH_TRACKS or age_s >= BATCH_AGE_S)

    def commit(self) -> None:
        """Make the batch durable in the index, then say so in the ledger: the commit mark."""
        if not self._batch:
            return
        now_s = self._clocks.now_s()
        self._index.add(
            [
                IndexEntry(_track(item), item.embedding, item.row.added_at_s or now_s)
                for item in self._batch
            ]
        )
        for item in self._batch:
            self._cache.put_peaks(item.heard.audio_id, item.heard.peaks)
            self._cache.put_cover(item.row.track_id, item.heard.cover)
        self._ledger.mark_indexed(
            [(item.row.track_id, item.stat, item.heard) for item in self._batch], now_s
        )
        self._batch.clear()

    def drop_batch(self) -> None:
        """Forget what couldn't be stored; the ledger still has it as pending."""
        self._batch.clear()

    def recover(self) -> None:
        """Bring ledger and index into agreement after whatever ended the last run."""
        for track_id in self._ledger.struck():
            row = self._ledger.row(track_id)
            if row is not None and row.attempts >= CRASH_LOOP_ATTEMPTS:
                self._fail(row, f"hearing it never came to an end, {row.attempts} times")
        stored = self._index.known_tracks()
        heard = self._ledger.indexed()
        lost = [track for track, audio_id in heard.items() if stored.get(track) != audio_id]
        if lost:
            log.warning("%d tracks are missing from the index and will be heard again", len(lost))
            self._ledger.requeue(lost, states=INDEXED)
        orphans = stored.keys() - {file.track_id for file in self._ledger.known().values()}
        if orphans:
            self._index.remove_tracks(orphans)

    def requeue_readable(self, folders: Sequence[WatchedFolder]) -> None:
        """Give files another try whose permissions were mended: that changes no mtime."""
        roots = {folder.name: folder for folder in folders}
        readable = [
            row.track_id
            for row in self._ledger.failed_because(NO_PERMISSION)
            if row.location.folder in roots and _is_readable(roots[row.location.folder], row)
        ]
        if readable:
            self._ledger.requeue(readable)

    def _keep(self, item: _Heard) -> bool:
        if item.stat != item.row.stat:
            # Written to while we listened: what we heard is of no version. Let it settle again.
            self._retry(item.row, "it changed while it was being heard")
            return True
        if not self._batch:
            self._batch_since_s = self._clocks.steady_s()
        self._batch.append(item)
        return False

    def _is_known(self, audio_id: str) -> bool:
        if any(item.heard.audio_id == audio_id for item in self._batch):
            return True
        return bool(self._index.known_audio([audio_id]))

    def _unreachable(self, row: FileRow, folder: WatchedFolder) -> bool:
        if folder.path_of(row.location).is_symlink():
            self._fail(row, BAD_LINK)
            return False
        self._retry(row, "it is not there at the moment")
        return True

    def _strike(self, row: FileRow, error: ListenerError) -> None:
        self._strikes[row.track_id] += 1
        log.warning("%s", error)
        if self._strikes[row.track_id] >= STRIKES:
            self._fail(row, f"hearing it failed {STRIKES} times: {error}")
        else:
            self._retry(row, str(error), STRIKE_PAUSE_S)

    def _fail(self, row: FileRow, reason: str) -> None:
        log.info("%s/%s: %s", row.location.folder, row.location.display, reason)
        self._ledger.mark_failed(row.track_id, row.stat, reason, self._clocks.now_s())

    def _retry(self, row: FileRow, reason: str, pause_s: float | None = None) -> None:
        if pause_s is None:
            pause_s = RETRY_PAUSES_S[min(row.attempts, len(RETRY_PAUSES_S) - 1)]
        now_s = self._clocks.now_s()
        self._ledger.mark_failed(row.track_id, row.stat, reason, now_s, now_s + pause_s)


def _track(item: _Heard) -> Track:
    return Track(
        id=item.row.track_id,
        location=item.row.location,
        audio_id=item.heard.audio_id,
        duration_s=item.heard.duration_s,
        media=item.heard.media,
        tags=item.heard.tags,
        descriptors=item.heard.descriptors,
    )


def _is_readable(folder: WatchedFolder, row: FileRow) -> bool:
    path = folder.resolve(row.location)
    try:
        if path is not None:
            path.open("rb").close()
            return True
    except OSError:
        pass
    return False

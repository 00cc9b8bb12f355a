"""Hearing the next pending file and committing what was heard, in batches.

A track counts as indexed only after the index made it durable: killed at any point, at most the
files in hand are heard again.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from time import monotonic, time

from traumbox.domain import Embedding, FileStat, Heard, State, Track
from traumbox.errors import (
    AudioError,
    ListenerClosedError,
    ListenerError,
    ListenerStartError,
    ModelError,
)
from traumbox.indexer.progress import Pace
from traumbox.library.folders import WatchedFolder
from traumbox.ports import Ear, IndexEntry, Space
from traumbox.stores.cache import MediaCache
from traumbox.stores.ledger import FileRow, Ledger

log = logging.getLogger(__name__)

BATCH_TRACKS = 25
BATCH_AGE_S = 5.0
STRIKES = 2
INDEXED: tuple[State, ...] = ("indexed",)
STRIKE_PAUSE_S = 5.0
TROUBLE_PAUSES_S = (5.0, 15.0, 60.0, 300.0)
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
    """Chooses, hears and commits; every outcome of a file ends up in the ledger.

    While one file is heard the next one is looked ahead at. When the listener dies with several
    files in its hands none is blamed, and each is heard alone from then on; so is whatever didn't
    come to an end before.
    """

    def __init__(
        self, ledger: Ledger, space: Space, ear: Ear, cache: MediaCache, clocks: Clocks
    ) -> None:
        self._ledger = ledger
        self._space = space
        self._ear = ear
        self._cache = cache
        self._clocks = clocks
        self._batch: list[_Heard] = []
        self._batch_since_s = 0.0
        self._strikes: Counter[str] = Counter()
        self._suspects: set[Path] = set()
        self._folders: tuple[WatchedFolder, ...] = ()
        self._troubles = 0
        self._trouble_until_s = float("-inf")
        self.pace = Pace()
        self.in_hand = ""

    def next(self, folders: Sequence[WatchedFolder]) -> FileRow | None:
        """Return the file to hear next in these (online) folders, or None."""
        self._folders = tuple(folders)
        if self._clocks.steady_s() < self._trouble_until_s:
            return None
        return self._next()

    @property
    def space(self) -> Space:
        """The space that is heard for."""
        return self._space

    def use(self, space: Space) -> None:
        """Hear with this space's model, and store to its index, from now on.

        Between two files and after a commit: what was heard for the old space and isn't committed
        will be heard again.
        """
        self._batch.clear()
        self._space = space

    def hear(self, row: FileRow, folder: WatchedFolder) -> bool:
        """Hear one file; return True when its folder should be scanned again."""
        path = folder.resolve(row.location)
        if path is None:
            return self._unreachable(row, folder)
        self.in_hand = row.location.display
        self._ledger.begin(row.track_id, self._clocks.now_s())
        try:
            self._look_ahead(row, path)
            heard, embedding = self._ear.hear(path, self._space.model, self._is_known)
            stat = path.stat()
        except AudioError as error:
            self._fail(row, str(error))
        except ListenerClosedError:
            raise
        except (ListenerStartError, ModelError) as error:
            self._trouble(row, str(error))
        except ListenerError as error:
            self._strike(row, path, error)
        except PermissionError:
            self._fail(row, NO_PERMISSION)
        except OSError as error:
            self._retry(row, f"reading it failed ({error.strerror or error})")
        else:
            self._strikes.pop(row.track_id, None)
            self._suspects.discard(path)
            self._troubles = 0
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

    def commit(self) -> list[str]:
        """Make the batch durable in the index, then say so in the ledger: the commit mark.

        Return the ids of the tracks that were committed.
        """
        if not self._batch:
            return []
        now_s = self._clocks.now_s()
        self._space.index.add(
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
        committed = [item.row.track_id for item in self._batch]
        self._batch.clear()
        return committed

    def drop_batch(self) -> None:
        """Forget what couldn't be stored; the ledger still has it as pending."""
        self._batch.clear()

    def recover(self) -> None:
        """Bring ledger and index into agreement after whatever ended the last run."""
        for track_id in self._ledger.struck():
            row = self._ledger.row(track_id)
            if row is not None and row.attempts >= CRASH_LOOP_ATTEMPTS:
                self._fail(row, f"hearing it never came to an end, {row.attempts} times")
        stored = self._space.index.known_tracks()
        heard = self._ledger.indexed()
        lost = [track for track, audio_id in heard.items() if stored.get(track) != audio_id]
        if lost:
            log.warning("%d tracks are missing from the index and will be heard again", len(lost))
            self._ledger.requeue(lost, states=INDEXED)
        orphans = stored.keys() - {file.track_id for file in self._ledger.known().values()}
        if orphans:
            self._space.index.remove_tracks(orphans)

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

    def _next(self, skip: str = "") -> FileRow | None:
        return self._ledger.next_pending(
            self._clocks.now_s(),
            skip=[skip, *(item.row.track_id for item in self._batch)],
            folders=[folder.name for folder in self._folders],
        )

    def _look_ahead(self, row: FileRow, path: Path) -> None:
        """Tell the ear what comes after ``row``, unless either had better be heard alone."""
        if self._is_alone(row, path):
            return
        then = self._next(skip=row.track_id)
        folder = next((f for f in self._folders if then and f.name == then.location.folder), None)
        if then is None or folder is None:
            return
        then_path = folder.resolve(then.location)
        if then_path is not None and not self._is_alone(then, then_path):
            self._ear.expect(then_path)

    def _is_alone(self, row: FileRow, path: Path) -> bool:
        return row.attempts > 0 or path in self._suspects

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
        return bool(self._space.index.known_audio([audio_id]))

    def _unreachable(self, row: FileRow, folder: WatchedFolder) -> bool:
        if folder.path_of(row.location).is_symlink():
            self._fail(row, BAD_LINK)
            return False
        self._retry(row, "it is not there at the moment")
        return True

    def _strike(self, row: FileRow, path: Path, error: ListenerError) -> None:
        log.warning("%s", error)
        self._suspects |= {path, *error.company}
        if error.company:
            self._retry(row, str(error), STRIKE_PAUSE_S)
            return
        self._strikes[row.track_id] += 1
        if self._strikes[row.track_id] >= STRIKES:
            self._suspects.discard(path)
            self._fail(row, f"hearing it failed {STRIKES} times: {error}")
        else:
            self._retry(row, str(error), STRIKE_PAUSE_S)

    def _trouble(self, row: FileRow, reason: str) -> None:
        """Rest from hearing altogether: what is wrong would be wrong for every file."""
        pause_s = TROUBLE_PAUSES_S[min(self._troubles, len(TROUBLE_PAUSES_S) - 1)]
        log.warning("%s Trying again in %.0f s.", reason, pause_s)
        self._troubles += 1
        self._trouble_until_s = self._clocks.steady_s() + pause_s
        self._retry(row, reason, pause_s)

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

"""Hearing the next pending file and committing what was heard, in batches.

A track counts as indexed only after the index made it durable: killed at any point, at most the
files in hand are heard again.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Collection, Sequence
from enum import Enum, auto
from functools import partial
from pathlib import Path

from traumbox.domain import State
from traumbox.errors import (
    AudioError,
    ListenerClosedError,
    ListenerError,
    ListenerStartError,
    ModelError,
)
from traumbox.indexer.batch import Batch, HeardFile
from traumbox.indexer.clocks import Clocks
from traumbox.indexer.probing import Probes
from traumbox.indexer.progress import Pace
from traumbox.indexer.turns import Turns
from traumbox.library.fingerprint import fingerprint
from traumbox.library.folders import WatchedFolder
from traumbox.library.guard import Guard
from traumbox.library.listing import file_stat, same_file
from traumbox.ports import Ear, Space
from traumbox.stores.cache import MediaCache
from traumbox.stores.ledger import FileRow, Ledger

log = logging.getLogger(__name__)

STRIKES = 2
INDEXED: tuple[State, ...] = ("indexed",)
STRIKE_PAUSE_S = 5.0
TROUBLE_PAUSES_S = (5.0, 15.0, 60.0, 300.0)
CRASH_LOOP_ATTEMPTS = 5
RETRY_PAUSES_S = (60.0, 600.0, 3600.0, 6 * 3600.0, 24 * 3600.0)
AWAY_PAUSE_S = 5.0
"""Before a file that isn't what it was is offered again; a look at its directory comes first."""
NO_PERMISSION = "traumbox has no permission to read it"
BAD_LINK = "it is a link that leads out of its folder, in a circle or nowhere"


class Sequel(Enum):
    """What had better be looked at after a file was in hand."""

    NOTHING = auto()
    DIRECTORY = auto()
    FOLDER = auto()


class Hearing:
    """Chooses, hears and commits; every outcome of a file ends up in the ledger.

    While one file is heard the next one is looked ahead at. When the listener dies with several
    files in its hands none is blamed, and each is heard alone from then on; so is whatever didn't
    come to an end before. Nor is a file blamed for a folder that is away, or for what isn't the
    version of it that was to be heard.
    """

    def __init__(
        self,
        *,
        ledger: Ledger,
        turns: Turns,
        guard: Guard,
        space: Space,
        ear: Ear,
        cache: MediaCache,
        clocks: Clocks,
        probes: Probes | None = None,
    ) -> None:
        self._ledger = ledger
        self._turns = turns
        self._guard = guard
        self._space = space
        self._ear = ear
        self._clocks = clocks
        self._batch = Batch(ledger, cache, clocks, probes)
        self._strikes: Counter[str] = Counter()
        self._unreadable: Counter[str] = Counter()
        self._suspects: set[Path] = set()
        self._folders: tuple[WatchedFolder, ...] = ()
        self._urgent_only = False
        self._troubles = 0
        self._trouble_until_s = float("-inf")
        self.pace = Pace()
        self.in_hand = ""

    def next(
        self, folders: Sequence[WatchedFolder], *, urgent_only: bool = False
    ) -> FileRow | None:
        """Return the file to hear next in these (online) folders, or None.

        With ``urgent_only`` nothing but what was asked for.
        """
        self._folders = tuple(folders)
        self._urgent_only = urgent_only
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

    def hear(self, row: FileRow, folder: WatchedFolder) -> Sequel:
        """Hear one file; return what had better be looked at then."""
        path = folder.resolve(row.location)
        if path is None:
            return self._unreachable(row, folder)
        if not _is_version(path, row):  # the ledger follows when it has settled
            return self._put_back(row, "it has changed and has to settle", begun=False)
        self.in_hand = row.location.display
        self._turns.take()
        self._ledger.begin(row.track_id, self._clocks.now_s())
        try:
            self._look_ahead(row, path)
            cut = row.stat.cut
            known = partial(self._batch.is_known, self._space)
            heard, embedding = self._ear.hear(path, self._space.model, known, cut)
            is_same, print_ = same_file(file_stat(path), row.stat), fingerprint(path)
        except ListenerClosedError:
            raise
        except (ListenerStartError, ModelError) as error:
            self._trouble(row, str(error))
        except (AudioError, ListenerError, OSError) as error:
            return self._went_wrong(row, folder, path, error)
        else:
            self._strikes.pop(row.track_id, None)
            self._unreadable.pop(row.track_id, None)
            self._suspects.discard(path)
            self._troubles = 0
            self.pace.done(self._clocks.steady_s())
            if not is_same:
                # What we heard is of no version. Let it settle again.
                return self._put_back(row, "it changed while it was being heard")
            self._batch.add(HeardFile(row, heard, embedding, print_))
        finally:
            self.in_hand = ""
        return Sequel.NOTHING

    def is_batch_due(self) -> bool:
        """Tell whether the batch is large or old enough to be committed."""
        return self._batch.is_due()

    def commit(self) -> list[str]:
        """Make the batch durable in the index, then say so in the ledger: the commit mark.

        Return the ids of the tracks that were committed.
        """
        return self._batch.commit(self._space)

    def drop_batch(self) -> None:
        """Forget what couldn't be stored; the ledger still has it as pending."""
        self._batch.clear()

    def drop_tracks(self, track_ids: Collection[str]) -> None:
        """Take tracks that the ledger has let go out of index and cache."""
        self._batch.drop_tracks(track_ids, self._space)

    def check(self, track_ids: Collection[str]) -> None:
        """Hear again those of these tracks that the ledger thinks indexed and the index hasn't."""
        rows = self._ledger.rows(track_ids).values()
        heard = {row.track_id: row.audio_id for row in rows if row.state == "indexed"}
        stored = self._space.index.known_audio(
            {audio_id for audio_id in heard.values() if audio_id}
        )
        lost = [track_id for track_id, audio_id in heard.items() if audio_id not in stored]
        if lost:
            self._ledger.requeue(lost, states=INDEXED)

    def recover(self) -> None:
        """Bring ledger and index into agreement after whatever ended the last run."""
        for track_id in self._ledger.struck():
            row = self._ledger.row(track_id)
            if row is None or row.attempts < CRASH_LOOP_ATTEMPTS:
                continue
            if not self._ledger.keep_as_known(track_id):
                self._fail(row, f"hearing it never came to an end, {row.attempts} times")
        stored = self._space.index.known_tracks()
        heard = self._ledger.indexed()
        lost = [track for track, audio_id in heard.items() if stored.get(track) != audio_id]
        if lost:
            log.warning("%d tracks are missing from the index and will be heard again", len(lost))
            self._ledger.requeue(lost, states=INDEXED)
        orphans = stored.keys() - self._ledger.known_ids()
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

    def _next(self, skip: str = "", ahead: int = 0) -> FileRow | None:
        return self._turns.next(
            self._folders,
            self._clocks.now_s(),
            skip=[skip, *self._batch.track_ids],
            urgent_only=self._urgent_only,
            ahead=ahead,
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
            self._ear.expect(then_path, then.stat.cut)

    def _is_alone(self, row: FileRow, path: Path) -> bool:
        return row.attempts > 0 or path in self._suspects

    def _unreachable(self, row: FileRow, folder: WatchedFolder) -> Sequel:
        away = self._guard.why_away(folder)
        if away:
            return self._put_back(row, away, Sequel.FOLDER, begun=False)
        if folder.path_of(row.location).is_symlink():
            self._fail(row, BAD_LINK)
            return Sequel.NOTHING
        return self._put_back(row, "it is not there at the moment", begun=False)

    def _went_wrong(
        self, row: FileRow, folder: WatchedFolder, path: Path, error: Exception
    ) -> Sequel:
        """Find out whether it is the file's fault; only then is it held against it."""
        away = self._guard.why_away(folder)
        if away:
            return self._put_back(row, away, Sequel.FOLDER)
        try:
            is_same = same_file(file_stat(path), row.stat)
        except FileNotFoundError:
            return self._put_back(row, "it is not there at the moment")
        except OSError:
            is_same = True  # as unreadable as it was: the error says why
        if not is_same:
            return self._put_back(row, "it changed while it was being heard")
        match error:
            case AudioError():
                self._fail(row, str(error))
            case ListenerError():
                self._strike(row, path, error)
            case PermissionError():
                self._fail(row, NO_PERMISSION)
            case OSError():
                self._read_later(row, error)
        return Sequel.NOTHING

    def _read_later(self, row: FileRow, error: OSError) -> None:
        """Wait, longer each time: that a disk can't be read is no fault of the file's."""
        tries = self._unreadable[row.track_id]
        self._unreadable[row.track_id] += 1
        pause_s = RETRY_PAUSES_S[min(tries, len(RETRY_PAUSES_S) - 1)]
        reason = f"reading it failed ({error.strerror or error})"
        log.info("%s/%s: %s", row.location.folder, row.location.display, reason)
        self._ledger.put_back(row.track_id, reason, self._clocks.now_s() + pause_s)

    def _put_back(
        self,
        row: FileRow,
        reason: str,
        sequel: Sequel = Sequel.DIRECTORY,
        *,
        begun: bool = True,
    ) -> Sequel:
        """Leave a file as it was before it was in hand; no attempt is counted."""
        if not begun:
            self._ledger.begin(row.track_id, self._clocks.now_s())
        log.info("%s/%s: %s", row.location.folder, row.location.display, reason)
        self._ledger.put_back(row.track_id, reason, self._clocks.now_s() + AWAY_PAUSE_S)
        return sequel

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

    def _retry(self, row: FileRow, reason: str, pause_s: float) -> None:
        now_s = self._clocks.now_s()
        self._ledger.mark_failed(row.track_id, row.stat, reason, now_s, now_s + pause_s)


def _is_version(path: Path, row: FileRow) -> bool:
    try:
        return same_file(file_stat(path), row.stat)
    except OSError:
        return True  # who reads it finds out what is wrong


def _is_readable(folder: WatchedFolder, row: FileRow) -> bool:
    path = folder.resolve(row.location)
    try:
        if path is not None:
            path.open("rb").close()
            return True
    except OSError:
        pass
    return False

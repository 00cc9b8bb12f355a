"""The indexer: the single writer of ledger and index, in one thread of the daemon.

What is pending is derived from the ledger's states; there is no queue that could be lost or need
repair.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Sequence

from traumbox.domain import IndexStatus
from traumbox.errors import ListenerClosedError, StoreError
from traumbox.indexer.change import ModelChange
from traumbox.indexer.hearing import Clocks, Hearing
from traumbox.indexer.reconcile import FolderState, Reconciler
from traumbox.library.folders import WatchedFolder
from traumbox.stores.ledger import FileRow, Ledger

log = logging.getLogger(__name__)

STORE_PAUSE_S = 30.0
OFFLINE_LOOK_S = 30.0
SCAN_REST = 5.0
"""After a scan that took t seconds, rest 5 t before events may start another one."""


class Indexer:
    """Scans when woken or due, hears what is pending, commits in batches; then changes the model.

    ``scan_every_s`` is the pause after which a scan is due without any event. ``may_hear`` says
    whether hearing is allowed just now (quiet hours); scanning always is.
    """

    def __init__(
        self,
        *,
        ledger: Ledger,
        hearing: Hearing,
        change: ModelChange,
        bell: threading.Event,
        reconciler: Reconciler,
        folders: Sequence[WatchedFolder],
        scan_every_s: float,
        clocks: Clocks,
        may_hear: Callable[[], bool] = lambda: True,
    ) -> None:
        self._ledger = ledger
        self._hearing = hearing
        self._change = change
        self._reconciler = reconciler
        self._folders = tuple(folders)
        self._scan_every_s = scan_every_s
        self._clocks = clocks
        self._may_hear = may_hear
        self._bell = bell
        self._stop = threading.Event()
        self._scan_wanted = True
        self._scanning = False
        self._scan_allowed_s = float("-inf")
        self._scan_due_s = float("-inf")
        self._resting = True
        self._agrees = False

    # Called from any thread.

    def wake(self) -> None:
        """Something stirred in a folder, or somebody asks: scan soon."""
        self._scan_wanted = True
        self._bell.set()

    def tick(self) -> None:
        """Time has passed: look whether a scan or a retry is due."""
        self._bell.set()

    def stop(self) -> None:
        """Commit what was heard and return from ``run``."""
        self._stop.set()
        self._bell.set()

    @property
    def change(self) -> ModelChange:
        """The change of models, which goes on when nothing is pending."""
        return self._change

    def set_folders(self, folders: Sequence[WatchedFolder]) -> None:
        """Take these folders from now on; others' tracks are hidden until they come back."""
        self._folders = tuple(folders)
        self.wake()

    @property
    def folders(self) -> tuple[WatchedFolder, ...]:
        """The folders being kept in step."""
        return self._folders

    @property
    def folder_states(self) -> dict[str, FolderState]:
        """How each folder fared in the last scan."""
        return dict(self._reconciler.folders)

    def status(self) -> IndexStatus:
        """Return the counts, the file in hand, the pace and the time left."""
        counts = self._ledger.counts()
        pace, now_s = self._hearing.pace, self._clocks.steady_s()
        return IndexStatus(
            indexed=counts["indexed"],
            pending=counts["pending"],
            failed=counts["failed"],
            excluded=counts["excluded"],
            now_hearing=self._hearing.in_hand or self._change.in_hand,
            tracks_per_minute=round(pace.tracks_per_minute(now_s), 1),
            eta_s=pace.eta_s(counts["pending"], now_s),
        )

    # The worker's own thread.

    def run(self) -> None:
        """Work until ``stop``. A store that fails (disk full) is waited for, not given up."""
        while not self._stop.is_set():
            try:
                if not self.step():
                    self._sleep()
            except StoreError as error:
                log.error("%s Trying again in %.0f s.", error, STORE_PAUSE_S)  # noqa: TRY400 - said in words
                self._hearing.drop_batch()
                self._change.drop_batch()
                self._stop.wait(STORE_PAUSE_S)
            except ListenerClosedError:
                break
        try:
            self._commit()
        except StoreError as error:
            log.error("%s The files in hand will be heard again.", error)  # noqa: TRY400 - said in words
        self._change.close()

    def step(self) -> bool:
        """Do the next piece of work; return False when there is nothing to do just now."""
        if not self._agrees:
            self._hearing.recover()
            self._agrees = True
        if self._is_scan_due():
            self._reconcile()
        if self._hearing.is_batch_due():
            self._commit()
            self._maintain()  # at once, or a first import would pile up its commits
        if self._change.is_due():
            self._commit()
            if self._change.is_due() and self._change_on():
                return True
        if self._hear_next():
            return True
        self._commit()
        self._maintain()
        self._resting = True
        return self._change_on() or self._is_scan_due()

    def is_settled(self) -> bool:
        """Tell whether nothing is left to be heard now, is settling or to be scanned."""
        return (
            not self._scan_wanted
            and not self._scanning
            and self._reconciler.look_again_s is None
            and self._hearing.next(self._online()) is None
            and self._change.is_settled()
        )

    def _is_scan_due(self) -> bool:
        steady_s = self._clocks.steady_s()
        look_again_s = self._reconciler.look_again_s
        return (
            (look_again_s is not None and steady_s >= look_again_s)
            or steady_s >= self._scan_due_s
            or (self._scan_wanted and steady_s >= self._scan_allowed_s)
        )

    def _reconcile(self) -> None:
        self._scanning = True
        self._scan_wanted = False
        begin_s = self._clocks.steady_s()
        folders = self._folders
        changes = self._reconciler.run(folders, self._clocks.now_s(), begin_s)
        self._hearing.requeue_readable(folders)
        self._scanning = False
        end_s = self._clocks.steady_s()
        self._scan_allowed_s = end_s + max(1.0, SCAN_REST * (end_s - begin_s))
        is_offline = len(self._online()) < len(folders)
        self._scan_due_s = end_s + (
            min(OFFLINE_LOOK_S, self._scan_every_s) if is_offline else self._scan_every_s
        )
        if changes:
            self._change.look_again()
            log.info(
                "Scan: %d new, %d changed, %d moved or back, %d gone (%.1f s)",
                len(changes.new),
                len(changes.changed),
                len(changes.moved),
                len(changes.gone),
                end_s - begin_s,
            )

    def _online(self) -> list[WatchedFolder]:
        states = self._reconciler.folders
        return [f for f in self._folders if f.name in states and states[f.name].online]

    def _hear_next(self) -> bool:
        if not self._may_hear():
            return False
        online = self._online()
        row: FileRow | None = self._hearing.next(online)
        if row is None:
            return False
        if self._resting:
            self._hearing.pace.start(self._clocks.steady_s())
            self._resting = False
        folder = next(f for f in online if f.name == row.location.folder)
        self._change.wait()
        if self._hearing.hear(row, folder):
            self.wake()
        return True

    def _commit(self) -> None:
        self._change.heard(self._hearing.commit())

    def _maintain(self) -> None:
        self._hearing.space.index.maintain()

    def _change_on(self) -> bool:
        """Go on with the change of models; everything heard has been committed."""
        before = self._hearing.space
        went_on, wants_scan = self._change.step(self._online(), may_hear=self._may_hear())
        if wants_scan:
            self.wake()
        if self._hearing.space is not before:
            self._agrees = False  # what the new index lacks is to be heard
        return went_on

    def _sleep(self) -> None:
        times_s = [self._scan_due_s]
        if self._reconciler.look_again_s is not None:
            times_s.append(self._reconciler.look_again_s)
        if self._scan_wanted:
            times_s.append(self._scan_allowed_s)
        pause_s = min(times_s) - self._clocks.steady_s()
        self._bell.wait(timeout=min(max(0.05, pause_s), 3600.0))
        self._bell.clear()

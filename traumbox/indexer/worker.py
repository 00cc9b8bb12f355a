"""The indexer: the single writer of ledger and index, in one thread of the daemon.

What is pending is derived from the ledger's states; there is no queue that could be lost or need
repair. Nor is there one of scans: events, clock and requests only say where to look soon.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Mapping, Sequence

from traumbox.domain import FolderState, IndexStatus, WatchHealth
from traumbox.errors import ListenerClosedError, StoreError
from traumbox.indexer.change import ModelChange
from traumbox.indexer.clocks import Clocks
from traumbox.indexer.hearing import Hearing, Sequel
from traumbox.indexer.keeping import Keeping
from traumbox.indexer.reconcile import Reconciler
from traumbox.indexer.renewing import Renewing
from traumbox.indexer.rounds import OFFLINE_LOOK_S, Rounds, require
from traumbox.indexer.terms import Terms
from traumbox.library.folders import WatchedFolder
from traumbox.stores.ledger import FileRow, Ledger
from traumbox.stores.switches import Switches

log = logging.getLogger(__name__)

STORE_PAUSE_S = 30.0
PAUSED = "paused until somebody resumes it"


class Indexer:
    """Scans when woken or due, hears what is pending in batches, changes the model, then renews.

    ``resting`` returns why nothing is to be heard just now (quiet hours), or ""; scanning always
    goes on, and so does what was asked for.
    """

    def __init__(
        self,
        *,
        ledger: Ledger,
        switches: Switches,
        hearing: Hearing,
        change: ModelChange,
        renewing: Renewing,
        bell: threading.Event,
        reconciler: Reconciler,
        folders: Sequence[WatchedFolder],
        terms: Terms,
        clocks: Clocks,
        resting: Callable[[], str] = lambda: "",
    ) -> None:
        self._ledger = ledger
        self._switches = switches
        self._hearing = hearing
        self._change = change
        self._renewing = renewing
        self._reconciler = reconciler
        self._folders = tuple(folders)
        self._terms = terms
        self._clocks = clocks
        self._may_rest = resting
        self._bell = bell
        self._rounds = Rounds(folders, terms)
        self._keeping = Keeping(ledger, clocks)
        self._stop = threading.Event()
        self._folders_changed = True
        self._scanning = False
        self._roots_due_s = float("-inf")
        self._resting = True
        self._agrees = False

    # Called from any thread.

    def dirty(self, folder: str, directory: bytes | None) -> None:
        """Something stirred in a directory (relative), or somewhere in the folder (None)."""
        self._rounds.dirty(folder, directory, self._clocks.steady_s())
        self._bell.set()

    def scan(self, folder: str | None = None) -> None:
        """Somebody asks: look through a folder, or all, as soon as possible.

        Raises
        ------
        UnknownFolderError
            When none has that name.
        """
        self._rounds.ask(folder)
        self._bell.set()

    def tick(self) -> None:
        """Time has passed: look whether a scan or a retry is due."""
        self._bell.set()

    def mounts_changed(self) -> None:
        """Something was mounted or unmounted: look whether the folders are what they were."""
        self._roots_due_s = float("-inf")
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
        self._rounds.take_folders(folders)
        self._folders_changed = True
        self._bell.set()

    def set_terms(self, terms: Terms) -> None:
        """Scan by these terms from now on."""
        self._terms = self._rounds.terms = terms
        self._bell.set()

    def set_watch(self, health: Mapping[str, WatchHealth]) -> None:
        """Take note of how far each folder's events can be relied on: others are polled."""
        self._rounds.set_watch(health)

    @property
    def folders(self) -> tuple[WatchedFolder, ...]:
        """The folders being kept in step."""
        return self._folders

    @property
    def folder_states(self) -> dict[str, FolderState]:
        """How each folder fares; one that wasn't looked at yet says so."""
        states = self._reconciler.folders
        unseen = FolderState(online=True, looked=False)
        return {folder.name: states.get(folder.name, unseen) for folder in self._folders}

    def offline(self) -> frozenset[str]:
        """Return the names of the folders that are offline; from memory."""
        return frozenset(name for name, state in self.folder_states.items() if not state.online)

    def next_scan_s(self, folder: str) -> float | None:
        """Return when a folder is next looked through as a whole at the latest, POSIX seconds."""
        due_s = self._rounds.next_full_s(folder)
        if due_s is None:
            return None
        return self._clocks.now_s() + max(0.0, due_s - self._clocks.steady_s())

    def status(self) -> IndexStatus:
        """Return the counts, the file in hand, the pace and the time left."""
        counts = self._ledger.counts()
        pace, now_s = self._hearing.pace, self._clocks.steady_s()
        paused = self._switches.paused
        return IndexStatus(
            indexed=counts["indexed"],
            pending=counts["pending"],
            failed=counts["failed"],
            excluded=counts["excluded"],
            missing=self._ledger.missing_count(),
            outdated=self._ledger.outdated_count(),
            paused=paused,
            resting=PAUSED if paused else self._may_rest(),
            now_hearing=self._hearing.in_hand or self._change.in_hand,
            tracks_per_minute=round(pace.tracks_per_minute(now_s), 1),
            eta_s=pace.eta_s(counts["pending"], now_s),
        )

    @property
    def is_paused(self) -> bool:
        """Whether the hearing is paused, over restarts too."""
        return self._switches.paused

    def pause(self) -> None:
        """Hear nothing from now on but what is asked for, over restarts too."""
        self._switches.pause(self._clocks.now_s())

    def resume(self) -> None:
        """Go on hearing."""
        self._switches.resume()
        self._bell.set()

    def hear_now(self, track_id: str) -> None:
        """Hear this file next, whatever the hour and even while paused; a failed one again.

        Raises
        ------
        KeyError
            When there is no such file to be heard.
        """
        if not self._ledger.hear_now(track_id, self._clocks.now_s()):
            raise KeyError(track_id)
        self._bell.set()

    def retry_failed(self) -> int:
        """Have all failed files heard again; return how many."""
        count = self._ledger.requeue(now_s=self._clocks.now_s())
        self._bell.set()
        return count

    def confirm(self, folder: str) -> int:
        """Let the removal that is held in a folder happen; return how many tracks go.

        Raises
        ------
        UnknownFolderError
            When none has that name.
        NothingHeldError
            When nothing is held there.
        """
        require({known.name: known for known in self._folders}, folder)
        count = self._reconciler.confirm(folder)
        self.scan(folder)
        return count

    def forget_missing(self, folder: str) -> int:
        """Forget a folder's missing tracks for good; return how many.

        Also those of a folder that is no longer watched.

        Raises
        ------
        UnknownFolderError
            When none has that name and nothing is missing there.
        """
        missing = self._ledger.counts_by_folder().get(folder, {}).get("missing", 0)
        if not missing:
            require({known.name: known for known in self._folders}, folder)
        self._keeping.forget(folder)
        self._bell.set()
        return missing

    # The worker's own thread.

    def run(self) -> None:
        """Work until ``stop``. A store that fails (disk full) is waited for, not given up."""
        while not self._stop.is_set():
            try:
                if not self.step():
                    self._sleep()
            except StoreError as error:
                log.error("%s Trying again in %.0f s.", error, STORE_PAUSE_S)  # noqa: TRY400 - said in words
                self._agrees = self._scanning = False
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
        self._take_folders()
        if not self._agrees:
            self._hearing.recover()
            self._agrees = True
        self._let_go()
        self._look_at_roots()
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
        return self._change_on() or self._renew() or self._is_scan_due()

    def is_settled(self) -> bool:
        """Tell whether nothing is left to be heard now, is settling or to be scanned."""
        return (
            not self._folders_changed
            and not self._scanning
            and not self._rounds.is_asked()
            and not self._reconciler.again_s()
            and self._hear_whom() is None
            and self._change.is_settled()
        )

    def _take_folders(self) -> None:
        if self._folders_changed:
            self._folders_changed = False
            if self._reconciler.take_folders(self._folders):
                self._change.look_again()

    def _is_scan_due(self) -> bool:
        now_s = self._clocks.steady_s()
        return self._rounds.is_due(now_s, self._reconciler.again(now_s))

    def _look_at_roots(self) -> None:
        """Look whether the folders' roots are what they were: not every loss tells itself."""
        now_s = self._clocks.steady_s()
        if now_s < self._roots_due_s:
            return
        is_told = self._roots_due_s == float("-inf")
        self._roots_due_s = now_s + OFFLINE_LOOK_S
        states = self._reconciler.folders
        for folder in self._folders:
            state = states.get(folder.name)
            if state is None or not state.looked:
                continue
            if is_told if not state.online else self._reconciler.has_moved(folder):
                self._rounds.hurry(folder.name)

    def _reconcile(self) -> None:
        now_s = self._clocks.steady_s()
        orders = self._rounds.due(now_s, self._reconciler.again(now_s))
        if not orders:
            return
        self._scanning = True
        self._commit()  # or a scan could change what a file in the batch is
        done = self._reconciler.run(orders, self._terms)
        self._hearing.drop_tracks(done.dropped)
        self._hearing.check(done.changes.included.keys())
        self._hearing.requeue_readable([seen.order.folder for seen in done.looks if seen.is_full])
        end_s = self._clocks.steady_s()
        for looked in done.looks:
            self._rounds.done(
                looked.order,
                looked.took_s,
                end_s,
                is_good=looked.is_good,
                is_network=looked.is_network,
            )
            if looked.is_full:
                self._hearing.drop_tracks(self._keeping.purge(looked.name, self._terms))
        self._scanning = False
        if done.is_unsure:
            self._rounds.ask(None)
        if done.changes or done.dropped:
            self._change.look_again()
            log.info("%s (%.1f s)", done, end_s - now_s)

    def _let_go(self) -> None:
        self._hearing.drop_tracks(self._keeping.take_forgotten())

    def _online(self) -> list[WatchedFolder]:
        states = self._reconciler.folders
        return [
            folder
            for folder in self._folders
            if folder.name in states and states[folder.name].looked and states[folder.name].online
        ]

    def _may_hear(self) -> bool:
        return not self._switches.paused and not self._may_rest()

    def _hear_whom(self) -> FileRow | None:
        return self._hearing.next(self._online(), urgent_only=not self._may_hear())

    def _hear_next(self) -> bool:
        row = self._hear_whom()
        if row is None:
            return False
        if self._resting:
            self._hearing.pace.start(self._clocks.steady_s())
            self._resting = False
        folder = next(f for f in self._folders if f.name == row.location.folder)
        self._change.wait()
        match self._hearing.hear(row, folder):
            case Sequel.DIRECTORY:
                self.dirty(folder.name, row.location.path.rpartition(b"/")[0])
            case Sequel.FOLDER:
                self._rounds.hurry(folder.name)
        return True

    def _commit(self) -> None:
        self._change.heard(self._hearing.commit())

    def _maintain(self) -> None:
        self._hearing.space.index.maintain()

    def _change_on(self) -> bool:
        """Go on with the change of models; everything heard has been committed."""
        before = self._hearing.space
        went_on, stirred = self._change.step(self._online(), may_hear=self._may_hear())
        if stirred is not None:
            self.dirty(stirred.folder, stirred.path.rpartition(b"/")[0])
        if self._hearing.space is not before:
            self._agrees = False  # what the new index lacks is to be heard
        return went_on

    def _renew(self) -> bool:
        return self._may_hear() and self._renewing.step(self._online(), self._hearing.space)

    def _sleep(self) -> None:
        times_s = (self._rounds.next_s(self._reconciler.again_s()), self._roots_due_s)
        pause_s = min(times_s) - self._clocks.steady_s()
        self._bell.wait(timeout=min(max(0.05, pause_s), 3600.0))
        self._bell.clear()

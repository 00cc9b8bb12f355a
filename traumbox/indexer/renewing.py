"""Old tracks get what traumbox has learned to tell since they were heard.

What is to be done is derived: the indexed tracks that the ledger knows of by an older edition than
``HEARD_VERSION``. There is nothing to repair after a crash, and it ends.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from traumbox.domain import Heard
from traumbox.errors import (
    AudioError,
    ListenerClosedError,
    ListenerError,
    ListenerStartError,
    ModelError,
)
from traumbox.indexer.clocks import Clocks
from traumbox.indexer.hearing import INDEXED, STRIKES, TROUBLE_PAUSES_S
from traumbox.indexer.probing import Probes
from traumbox.library.fingerprint import fingerprint
from traumbox.library.folders import WatchedFolder
from traumbox.library.guard import Guard
from traumbox.library.listing import file_stat, same_file
from traumbox.ports import Ear, Space
from traumbox.stores.cache import MediaCache
from traumbox.stores.ledger import FileRow, Ledger
from traumbox.stores.ledger.renewing import FIRST, Turn

log = logging.getLogger(__name__)

AGAIN_S = 3600.0
"""Pause before what was passed over, because it couldn't be read just then, has another turn."""


class Renewing:
    """Hears outdated tracks again, one at a time, in the worker's thread, when nothing else waits.

    A track stays indexed meanwhile. Its sound is the one that the index holds, so nothing is
    embedded, and the ledger is all that changes. It never fails by this: a file that turns out to
    be unreadable keeps what is known of it.
    """

    def __init__(
        self,
        *,
        ledger: Ledger,
        ear: Ear,
        cache: MediaCache,
        clocks: Clocks,
        guard: Guard,
        probes: Probes | None = None,
    ) -> None:
        self._ledger = ledger
        self._ear = ear
        self._cache = cache
        self._clocks = clocks
        self._guard = guard
        self._probes = probes
        self._after: Turn = FIRST
        self._passed_over = False
        self._strikes: Counter[str] = Counter()
        self._rest_until_s = float("-inf")

    def step(self, folders: Sequence[WatchedFolder], space: Space) -> bool:
        """Hear one more of what is outdated in these (online) folders; return whether one was.

        ``space`` is the one that serves.
        """
        if self._clocks.steady_s() < self._rest_until_s:
            return False
        by_name = {folder.name: folder for folder in folders}
        found = self._ledger.next_outdated(by_name, self._after)
        if found is None:
            self._begin_anew()
            return False
        self._after, row = found
        self._ledger.begin(row.track_id, self._clocks.now_s())
        try:
            self._renew(row, by_name[row.location.folder], space)
        finally:
            self._ledger.came_back(row.track_id)
        return True

    def _begin_anew(self) -> None:
        if self._passed_over:
            self._rest_until_s = self._clocks.steady_s() + AGAIN_S
        self._after, self._passed_over = FIRST, False

    def _renew(self, row: FileRow, folder: WatchedFolder, space: Space) -> None:
        path = folder.resolve(row.location)
        if path is None:
            self._pass_over(row, "it is not there at the moment")
            return
        try:
            if not same_file(file_stat(path), row.stat):
                self._pass_over(row, "it has changed")
                return
            heard, _ = self._ear.hear(path, space.model, lambda _: True, row.stat.cut)
            is_same, print_ = same_file(file_stat(path), row.stat), fingerprint(path)
        except ListenerClosedError:
            raise
        except (ListenerStartError, ModelError) as error:
            log.warning("%s", error)
            self._pass_over(row, "the listener can't hear just now")
            self._rest_until_s = self._clocks.steady_s() + TROUBLE_PAUSES_S[-1]
        except (AudioError, ListenerError, OSError) as error:
            self._went_wrong(row, folder, path, error)
        else:
            self._strikes.pop(row.track_id, None)
            if not is_same:
                self._pass_over(row, "it changed while it was being heard")
            elif heard.audio_id != row.audio_id:
                # The decoder's doing, for the file is the same. The index has to follow.
                self._ledger.requeue([row.track_id], states=INDEXED)
            else:
                self._keep(row, heard, print_, space)

    def _keep(self, row: FileRow, heard: Heard, print_: str, space: Space) -> None:
        vocals = row.descriptors.vocals
        if self._probes is not None:
            vectors = space.index.windows_of(heard.audio_id)[1]
            vocals = self._probes.vocals(space.embedder, vectors)
        heard = replace(heard, descriptors=replace(heard.descriptors, vocals=vocals))
        self._cache.put_peaks(heard.audio_id, heard.peaks)
        self._cache.put_cover(row.track_id, heard.cover)
        done = [(row.track_id, row.stat, heard, print_)]
        self._ledger.mark_indexed(done, self._clocks.now_s())

    def _went_wrong(
        self, row: FileRow, folder: WatchedFolder, path: Path, error: Exception
    ) -> None:
        """Give it up only when that is the file's fault, and the file the one that was heard."""
        match error:
            case AudioError() if self._is_there(row, folder, path):
                self._give_up(row, str(error))
            case ListenerError(company=company) if not company:
                self._strikes[row.track_id] += 1
                if self._strikes[row.track_id] >= STRIKES:
                    self._give_up(row, f"hearing it failed {STRIKES} times: {error}")
                else:
                    self._pass_over(row, str(error))
            case _:
                self._pass_over(row, str(error))

    def _is_there(self, row: FileRow, folder: WatchedFolder, path: Path) -> bool:
        try:
            return same_file(file_stat(path), row.stat) and not self._guard.why_away(folder)
        except OSError:
            return False

    def _pass_over(self, row: FileRow, reason: str) -> None:
        log.info("%s/%s: %s; later", row.location.folder, row.location.display, reason)
        self._passed_over = True

    def _give_up(self, row: FileRow, reason: str) -> None:
        log.info(
            "%s/%s can't be heard again and stays as it is known: %s",
            row.location.folder,
            row.location.display,
            reason,
        )
        self._ledger.keep_as_known(row.track_id)

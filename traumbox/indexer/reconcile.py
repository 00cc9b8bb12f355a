"""One full pass over the folders against the ledger: the scan is the truth.

Steps: 1 scan each folder · 2 decide which are offline · 3 let fresh files settle · 4 diff ·
5 write the changes in one transaction.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from traumbox.domain import Changes, FileStat, KnownFile, Location
from traumbox.library.diff import diff, fresh
from traumbox.library.folders import WatchedFolder
from traumbox.library.scan import FolderScan, scan
from traumbox.library.settle import Sighting, settle
from traumbox.stores.ledger import Ledger

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class FolderState:
    """How a folder fared in the last scan; ``note`` says why when it is offline."""

    online: bool
    note: str = ""
    files: int = 0


class Reconciler:
    """Brings the ledger in line with the folders; remembers what is still settling."""

    def __init__(
        self, ledger: Ledger, is_candidate: Callable[[bytes], bool], settle_s: float
    ) -> None:
        self._ledger = ledger
        self._is_candidate = is_candidate
        self._settle_s = settle_s
        self._sightings: Mapping[Location, Sighting] = {}
        self.folders: dict[str, FolderState] = {}
        self.look_again_s: float | None = None

    def run(self, folders: Sequence[WatchedFolder], now_s: float, steady_s: float) -> Changes:
        """Scan ``folders`` and write what changed.

        ``now_s`` is POSIX time for the ledger, ``steady_s`` a clock that never jumps, for
        settling. ``look_again_s`` (steady) says afterwards when the next file will have settled.
        """
        known = self._ledger.known()
        scans = {folder.name: self._scan(folder, known) for folder in folders}
        snapshot: dict[Location, FileStat] = {}
        for result in scans.values():
            snapshot |= result.files
        settling = settle(self._sightings, fresh(known, snapshot), steady_s, self._settle_s)
        changes = diff(
            known,
            snapshot,
            settling.settled.__contains__,
            lambda location: _is_covered(scans, location),
        )
        self._ledger.apply(changes, now_s)
        self._sightings = settling.sightings
        self.look_again_s = settling.look_again_s
        for name, result in scans.items():
            if not result.offline:
                self._ledger.record_scan(name, now_s, len(result.files))
        return changes

    def _scan(self, folder: WatchedFolder, known: Mapping[Location, KnownFile]) -> FolderScan:
        result = scan(folder, self._is_candidate)
        if not result.offline and result.entries == 0:
            held = sum(
                1 for at, file in known.items() if at.folder == folder.name and not file.missing
            )
            if held:
                result = FolderScan(
                    folder.name,
                    offline=f"it is empty, but held {held} tracks; is its disk mounted?",
                )
        self._note(folder, result)
        return result

    def _note(self, folder: WatchedFolder, result: FolderScan) -> None:
        note = result.offline
        if not note and result.unlisted:
            note = f"{len(result.unlisted)} of its folders can't be read; their tracks are kept"
        state = FolderState(not result.offline, note, len(result.files))
        before = self.folders.get(folder.name)
        if before is None or (before.online, before.note) != (state.online, state.note):
            if not state.online:
                log.warning("Folder %r is offline: %s (%s)", folder.name, note, folder.root)
            elif note:
                log.warning("Folder %r: %s", folder.name, note)
            elif before is not None:
                log.info("Folder %r is back (%s)", folder.name, folder.root)
        self.folders[folder.name] = state


def _is_covered(scans: Mapping[str, FolderScan], location: Location) -> bool:
    """Absence means *gone* only where a scan would have seen the file.

    Tracks of a folder that was taken out of the configuration count as gone too: they are hidden,
    and come back with the folder.
    """
    result = scans.get(location.folder)
    return result is None or result.covers(location)

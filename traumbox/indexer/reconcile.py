"""The scan is the truth: a batch of looks at folders, compared with the ledger and written to it.

Steps: 1 look at each folder or the directories named (guarded before and after: looking.py) ·
2 let fresh files settle, and divide those that hold a CUE sheet (settling.py) · 3 match what came
with what went over the whole batch: moves keep their ids · 4 hold removals too large to be meant
(holding.py) · 5 write all in one transaction, and in it give the ids of what went to copies made
before · 6 note when and what was scanned, and how each folder fares (faring.py).
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from pathlib import Path

from traumbox.domain import Changes, FolderState, KnownFile, Location
from traumbox.indexer.clocks import Clocks
from traumbox.indexer.dirty import Directories
from traumbox.indexer.faring import Faring
from traumbox.indexer.holding import Going, Holding
from traumbox.indexer.looking import Looked, Looking
from traumbox.indexer.rounds import Order
from traumbox.indexer.settling import Settlers
from traumbox.indexer.terms import Terms
from traumbox.library.changes import Outcome, changes_of
from traumbox.library.diff import Differences
from traumbox.library.fingerprint import fingerprint
from traumbox.library.folders import WatchedFolder
from traumbox.library.guard import Guard
from traumbox.library.mounts import read_mounts
from traumbox.library.scan import SheetReader, fleeting_devices
from traumbox.stores.folders import FolderBook
from traumbox.stores.ledger import FileRow, Ledger

log = logging.getLogger(__name__)

TWIN_S = 24 * 3600.0
"""So long after a file was copied, its removal makes the copy the track: a move by copying."""


@dataclass(frozen=True, slots=True)
class Reconciled:
    """What a batch came to: what was written, and how each look went.

    ``dropped`` are track ids that are no more: their row gave its place to an older track, or went
    before it was heard.
    ``is_unsure``: so much seems to go that it had better be looked for everywhere first.
    """

    looks: tuple[Looked, ...]
    changes: Changes
    dropped: frozenset[str]
    is_unsure: bool = False

    def __str__(self) -> str:
        """Return one line for the log."""
        changes = self.changes
        folders = ", ".join(repr(looked.name) for looked in self.looks)
        return (
            f"Scan of {folders}: {len(changes.new)} new, {len(changes.changed)} changed,"
            f" {len(changes.moved)} moved or back, {len(changes.gone)} gone,"
            f" {len(changes.shut) + len(changes.excluded)} left out"
        )


class Reconciler:
    """Brings the ledger in line with the folders; remembers what is still settling.

    ``confirm`` and ``folders`` may be asked for from any thread.
    """

    def __init__(
        self,
        *,
        ledger: Ledger,
        book: FolderBook,
        guard: Guard,
        is_candidate: Callable[[bytes], bool],
        sheets: SheetReader | None,
        clocks: Clocks,
    ) -> None:
        self._ledger = ledger
        self._clocks = clocks
        self._holding = Holding()
        self._looking = Looking(
            ledger=ledger,
            book=book,
            guard=guard,
            holding=self._holding,
            is_candidate=is_candidate,
            sheets=sheets,
            clock_s=clocks.steady_s,
        )
        self._settlers = Settlers()
        self._faring = Faring(ledger, book, self._holding, clocks)
        self._folders: dict[str, WatchedFolder] = {}
        self._told: set[str] = set()

    @property
    def folders(self) -> dict[str, FolderState]:
        """How each folder fares."""
        return self._faring.states()

    def take_folders(self, folders: Iterable[WatchedFolder]) -> bool:
        """Take these folders; return whether the ledger changed.

        A folder that is known under another name keeps its tracks. Those of folders that are no
        longer among them are set aside, without a brake: it is the owner's word.
        """
        self._folders = {folder.name: folder for folder in folders}
        self._settlers.keep(self._folders)
        return self._faring.take(self._folders)

    def confirm(self, name: str) -> int:
        """Let what is held in a folder happen; return how many tracks go, at most.

        Raises
        ------
        NothingHeldError
            When nothing is held there.
        """
        present = [known.track_id for _, known in self._ledger.on_disk(name) if not known.missing]
        return self._holding.confirm(name, present)

    def again(self, now_s: float) -> dict[str, Directories]:
        """Return where files have had time to settle, by folder; steady seconds."""
        return self._settlers.due(now_s)

    def again_s(self) -> dict[str, float]:
        """Return when, by folder, the next file will have had time to settle.

        What settles in an offline folder goes on when that is back, and keeps nobody waiting.
        """
        next_s = self._settlers.next_s()
        return {n: due_s for n, due_s in next_s.items() if not self._faring.is_offline(n)}

    def has_moved(self, folder: WatchedFolder) -> bool:
        """Tell, at little cost, whether a folder's root isn't what it was at the last look."""
        return self._looking.has_moved(folder, self._faring.last_look(folder.name))

    def run(self, orders: Sequence[Order], terms: Terms) -> Reconciled:
        """Look through what ``orders`` name and write what changed."""
        fleeting = fleeting_devices(read_mounts())
        looks = tuple(self._looking.look(order, fleeting) for order in orders)
        now_s = self._clocks.now_s()
        good = [looked for looked in looks if looked.is_good]
        differences = [found for looked in good for found in looked.differences]
        settled = self._settlers.judge(good, self._clocks.steady_s(), terms)
        still = self._held_still(looks)
        held = {location for differs in still for location in differs.absent}
        outcome = changes_of(
            [*differences, *still],
            is_settled=settled.__contains__,
            missing=self._ledger.missing_like(
                found.stat for differs in differences for found in differs.fresh.values()
            ),
            same_content=self._has_content(),
            is_covered=lambda at: at in held or self._is_covered(at, looks),
        )
        for looked in looks:
            if not looked.verdict.confirmable:
                self._holding.welcome(looked.name)
        heard = self._ledger.heard_among(outcome.going.keys() | outcome.changes.gone)
        changes = self._braked(outcome, heard, good, terms, now_s)
        with self._ledger.together():
            self._ledger.apply(changes, now_s)
            # Nothing is lost with what was never heard: should it return, it is new.
            unheard = changes.gone - heard
            self._ledger.forget(unheard)
            dropped = unheard | self._handed_to_twins(changes.gone, outcome, looks, now_s)
        for looked in looks:
            has_settled = self._settlers.has_first_settled(looked.name)
            self._faring.note(looked, has_settled=has_settled)
        return Reconciled(looks, changes, dropped, self._is_unsure(good))

    def _held_still(self, looks: Sequence[Looked]) -> list[Differences]:
        """Return the held files where no look went now: what came elsewhere may be one of them."""
        found = []
        for name, folder in self._folders.items():
            spans = [looked for looked in looks if looked.name == name]
            if not self._faring.is_online(name) or not all(looked.is_good for looked in spans):
                continue
            absent = {
                file.location: file.known
                for file in self._holding.going(name).values()
                if file.is_gone
                and not any(looked.spans(file.location) for looked in spans)
                and not _lies_at(folder.path_of(file.location))
            }
            if absent:
                found.append(Differences(name, absent=absent))
        return found

    def _is_covered(self, location: Location, looks: Sequence[Looked]) -> bool:
        """Absence means *gone* only where a look would have seen the file.

        What lies in a folder that is watched by itself now may be gone from here only when it
        could be found there.
        """
        if not any(looked.covers(location) for looked in looks):
            return False
        folder = self._folders.get(location.folder)
        inner = [p for p in folder.inner if location.path.startswith(p + b"/")] if folder else []
        return all(self._is_looked_through(location.folder, path, looks) for path in inner)

    def _is_looked_through(self, outer: str, path: bytes, looks: Sequence[Looked]) -> bool:
        root = self._folders[outer].path_of(Location(outer, path))
        names = {name for name, folder in self._folders.items() if _is_same(folder.root, root)}
        return any(looked.name in names and looked.is_full for looked in looks) or all(
            self._faring.has_baseline(name) for name in names
        )

    def _has_content(self) -> Callable[[str, Location], bool]:
        def same_content(track_id: str, location: Location) -> bool:
            folder = self._folders.get(location.folder)
            known = self._ledger.fingerprints([track_id]).get(track_id)
            if not known or folder is None:
                return False
            try:
                return fingerprint(folder.path_of(location)) == known
            except OSError:
                return False

        return same_content

    def _braked(
        self,
        outcome: Outcome,
        heard: AbstractSet[str],
        good: Sequence[Looked],
        terms: Terms,
        now_s: float,
    ) -> Changes:
        """Leave out what has to wait for the owner's word: of what was ``heard``, too much."""
        by_folder: dict[str, dict[str, Going]] = {looked.name: {} for looked in good}
        unheard: Counter[str] = Counter()
        for track_id, (location, known) in outcome.going.items():
            if track_id not in heard:
                unheard[location.folder] += 1
                continue
            is_gone = track_id in outcome.changes.gone
            by_folder.setdefault(location.folder, {})[track_id] = Going(location, known, is_gone)
        waiting: set[str] = set()
        for name, going in by_folder.items():
            for track_id, file in self._holding.going(name).items():
                seen = any(looked.spans(file.location) for looked in good)
                if not file.is_gone and not seen:
                    going.setdefault(track_id, file)
            present = self._ledger.held_by(name) - unheard[name]
            waiting |= self._holding.brake(name, going, present, terms.brake_percent, now_s)
        return outcome.without(waiting) if waiting else outcome.changes

    def _is_unsure(self, good: Sequence[Looked]) -> bool:
        """Tell whether what is held may have moved to where no look went; say it aloud if not."""
        whole = {looked.name for looked in good if looked.is_full}
        held = {name for name in self._folders if self._holding.going(name)}
        self._told &= held
        if not held - self._told:
            return False
        if not all(name in whole or not self._faring.is_online(name) for name in self._folders):
            return True
        for name in held - self._told:
            self._tell(name)
        self._told |= held
        return False

    def _tell(self, name: str) -> None:
        held = self._holding.held(name)
        if held is not None:
            log.warning(
                "%d of the %d tracks of the folder %r would go at once (%s …). Nothing was changed."
                " If that is meant: traumbox folder confirm %r",
                held.count,
                held.total,
                name,
                held.examples[0] if held.examples else "",
                name,
            )

    def _handed_to_twins(
        self, gone: frozenset[str], outcome: Outcome, looks: Sequence[Looked], now_s: float
    ) -> frozenset[str]:
        """Let young copies of what went become those tracks: ``cp`` and ``rm`` make a move."""
        by_id = self._ledger.twins(gone, now_s - TWIN_S) if gone else {}
        olds = self._ledger.rows(by_id.keys()) if by_id else {}
        dropped: set[str] = set()
        for old_id, twins in by_id.items():
            place = outcome.going.get(old_id)
            if place is None or old_id not in olds:
                continue
            twin = next(
                (
                    twin
                    for twin in twins
                    if twin.track_id not in dropped
                    and twin.first_seen_s > olds[old_id].first_seen_s
                    and not self._is_offline(twin.location.folder, looks)
                    and _is_twin(twin, *place)
                ),
                None,
            )
            if twin is not None:
                self._ledger.take_over(old_id, twin.track_id, now_s)
                dropped.add(twin.track_id)
        return frozenset(dropped)

    def _is_offline(self, name: str, looks: Sequence[Looked]) -> bool:
        """Tell whether the last look at a folder, among ``looks`` if it is, found it offline."""
        now = [looked.is_good for looked in looks if looked.name == name]
        return not all(now) if now else self._faring.is_offline(name)


def _is_twin(twin: FileRow, location: Location, known: KnownFile) -> bool:
    """Tell whether a file that holds the same sound is likely a copy of one that went."""
    same_version = (twin.stat.size, twin.stat.mtime_ns) == (known.stat.size, known.stat.mtime_ns)
    same_name = twin.location.path.rsplit(b"/", 1)[-1] == location.path.rsplit(b"/", 1)[-1]
    return twin.location.part == location.part and (same_version or same_name)


def _lies_at(path: Path) -> bool:
    try:
        path.lstat()
    except (FileNotFoundError, NotADirectoryError):
        return False
    except OSError:
        return True  # it can't be told: then nothing follows from it
    return True


def _is_same(one: Path, other: Path) -> bool:
    try:
        return one.resolve() == other.resolve()
    except (OSError, RuntimeError):  # RuntimeError: a circle of links before 3.13
        return False

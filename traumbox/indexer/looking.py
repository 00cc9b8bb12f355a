"""One look at a folder, or at some directories of it: guarded before and after, judged as a whole.

Whatever puts the look in doubt (the root away, another disk, an I/O error midway, a root exchanged
meanwhile) leaves the folder *offline*, and nothing that was seen counts.
"""

from __future__ import annotations

import logging
import os
import stat
from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path

from traumbox.domain import FileStat, Location
from traumbox.indexer.dirty import Directories, outermost
from traumbox.indexer.holding import Holding
from traumbox.indexer.rounds import Order
from traumbox.library.diff import Differences, compare
from traumbox.library.folders import WatchedFolder
from traumbox.library.guard import (
    SAMPLE,
    Guard,
    Look,
    RootIdentity,
    Verdict,
    same_root,
    why_offline,
)
from traumbox.library.mounts import Mount
from traumbox.library.patience import Patience
from traumbox.library.rules import RuleCache
from traumbox.library.scan import SheetReader, Walk
from traumbox.library.sniff import Sniffer
from traumbox.stores.folders import FolderBook
from traumbox.stores.ledger import Ledger

log = logging.getLogger(__name__)

STALLED_S = 300.0
"""So long without a further directory, and a disk is taken for dead: one with a hundred thousand
files on a slow share takes minutes."""


@dataclass(frozen=True, slots=True)
class Looked:
    """What a look at a folder found; nothing but ``verdict`` when that is offline.

    ``walks`` and ``differences`` belong together, one each for what was walked. ``is_disturbed``:
    the root was exchanged meanwhile, look again. ``took_s`` is how long it took.
    """

    order: Order
    verdict: Verdict
    look: Look | None = None
    walks: tuple[Walk, ...] = ()
    differences: tuple[Differences, ...] = ()
    is_disturbed: bool = False
    took_s: float = 0.0

    @property
    def name(self) -> str:
        """The folder's name."""
        return self.order.folder.name

    @property
    def is_good(self) -> bool:
        """Whether what was seen counts."""
        return not self.verdict.offline and not self.is_disturbed

    @property
    def is_full(self) -> bool:
        """Whether the whole folder was seen, but for what can't be listed."""
        return self.is_good and self.order.is_full

    @property
    def files(self) -> int:
        """How many files were seen."""
        return sum(found.seen for found in self.differences)

    @property
    def unlisted(self) -> frozenset[bytes]:
        """Directories and files that couldn't be listed, those of a vanished disk apart."""
        found = {path for walk in self.walks for path in walk.unlisted}
        return frozenset(found.difference(self.verdict.protected))

    @property
    def links_out(self) -> int:
        """How many links to directories elsewhere weren't followed."""
        return sum(walk.links_out for walk in self.walks)

    @property
    def is_network(self) -> bool:
        """Whether the files lie on another machine, as far as was seen."""
        return self.look is not None and kind_of(self.look).is_network

    @property
    def is_deaf(self) -> bool:
        """Whether neither events nor leases tell of all that is done to the files."""
        return self.look is not None and kind_of(self.look).is_deaf

    def spans(self, location: Location) -> bool:
        """Tell whether ``location`` lies where the look went."""
        return location.folder == self.name and self.spans_path(location.path)

    def spans_path(self, path: bytes) -> bool:
        """Tell whether a relative path lies where the look went."""
        within = self.order.directories
        return within is None or any((path + b"/").startswith(at + b"/") for at in within)

    def covers(self, location: Location) -> bool:
        """Tell whether the look would have seen ``location`` if it were there."""
        if not self.is_good or not self.spans(location):
            return False
        return any(walk.covers(location.path) for walk in self.walks)


class Looking:
    """Looks at folders; reads the ledger, writes nothing."""

    def __init__(
        self,
        *,
        ledger: Ledger,
        book: FolderBook,
        guard: Guard,
        holding: Holding,
        is_candidate: Callable[[bytes], bool],
        sheets: SheetReader | None,
        clock_s: Callable[[], float],
    ) -> None:
        self._ledger = ledger
        self._book = book
        self._guard = guard
        self._holding = holding
        self._is_candidate = is_candidate
        self._sheets = sheets
        self._rules = RuleCache()
        self._sniffer = Sniffer()
        self._patience = Patience(STALLED_S)
        self._clock_s = clock_s

    def look(self, order: Order, fleeting: Collection[int] = ()) -> Looked:
        """Look through what ``order`` names.

        ``fleeting`` are the devices whose inode numbers don't last.
        """
        begin_s = self._clock_s()
        looked = self._look(replace(order, directories=_climbed(order)), fleeting)
        return replace(looked, took_s=self._clock_s() - begin_s)

    def _look(self, order: Order, fleeting: Collection[int]) -> Looked:
        folder = order.folder
        try:
            before = self._guard.look(folder)
        except OSError as error:
            return Looked(order, Verdict(why_offline(error)))
        verdict = self._judge(folder, before)
        if verdict.offline:
            return Looked(order, verdict, before)
        looked = self._walk(order, before, verdict, fleeting)
        if not looked.is_good:
            return looked
        try:
            after = self._guard.look(folder)
        except OSError as error:
            return Looked(order, Verdict(why_offline(error)), before)
        if not same_root(before, after):
            return Looked(order, verdict, before, is_disturbed=True)
        return looked

    def has_moved(self, folder: WatchedFolder, before: Look | None) -> bool:
        """Tell, at little cost, whether a folder's root isn't what it was."""
        try:
            now = self._guard.look(folder)
        except OSError:
            return True
        return before is None or not same_root(before, now) or now.empty != before.empty

    def known_identity(self, folder: WatchedFolder) -> RootIdentity | None:
        """Return by what the folder's root was known last, or None."""
        text = self._book.identity(folder.name)
        try:
            return RootIdentity.from_json(text) if text else None
        except (ValueError, KeyError, TypeError):
            log.warning(
                "What is noted of the root of %r can't be read; noting it anew", folder.name
            )
            return None

    def _judge(self, folder: WatchedFolder, look: Look) -> Verdict:
        if self._holding.is_accepted(folder.name, look):
            return Verdict()
        return self._guard.judge(
            folder,
            look,
            self.known_identity(folder),
            self._ledger.sample(folder.name, SAMPLE),
            below=lambda directory: self._below(folder.name, directory),
            held=self._ledger.held_by(folder.name),
        )

    def _below(self, name: str, directory: bytes) -> list[tuple[Location, FileStat]]:
        present = (
            (location, known.stat)
            for location, known in self._ledger.on_disk(name, directory)
            if not known.missing
        )
        return list(islice(present, SAMPLE))

    def _walk(
        self, order: Order, look: Look, verdict: Verdict, fleeting: Collection[int]
    ) -> Looked:
        folder = order.folder
        walks: list[Walk] = []
        differences: list[Differences] = []
        for directory in (b"",) if order.directories is None else order.directories:
            walk = Walk(
                folder,
                self._is_candidate,
                subtree=directory,
                sheets=self._sheets,
                protected=verdict.protected,
                rules=self._rules,
                sniffer=self._sniffer,
                fleeting=fleeting,
            )
            try:
                differences.append(self._compare(folder, walk, directory))
            except TimeoutError as error:
                return Looked(order, Verdict(why_offline(error)), look)
            if walk.offline:
                return Looked(order, Verdict(walk.offline), look)
            walks.append(walk)
        return Looked(order, verdict, look, tuple(walks), tuple(differences))

    def _compare(self, folder: WatchedFolder, walk: Walk, directory: bytes) -> Differences:
        return self._patience.ask(
            folder.root,
            lambda: compare(folder.name, walk, self._ledger.listing(folder.name, directory)),
            progress=lambda: walk.directories,
        )


def _climbed(order: Order) -> Directories:
    """Return the directories of ``order``, or what they are reached through by links.

    What lies behind a link is listed at the link's path, and by walks only that come through it.
    """
    if order.directories is None:
        return None
    return outermost(_before_links(order.folder, path) for path in order.directories)


def _before_links(folder: WatchedFolder, directory: bytes) -> bytes:
    root, at = os.fsencode(folder.root) + b"/", b""
    for name in directory.split(b"/"):
        path = at + b"/" + name if at else name
        try:
            found = os.lstat(root + path)
        except OSError:
            break  # gone, or not to be seen: the walk tells
        if stat.S_ISLNK(found.st_mode):
            return at
        at = path
    return directory


def kind_of(look: Look) -> Mount:
    """Return the mount a root lies on, as far as its kind goes."""
    return Mount(Path("/"), look.identity.kind)

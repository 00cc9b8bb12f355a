"""When which folder is looked through: by the clock, on events, on request, and again when offline.

Pauses are measured by a steady clock, so that a clock that is set right makes nothing due.
"""

from __future__ import annotations

import random
import threading
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from traumbox.domain import WatchHealth
from traumbox.errors import UnknownFolderError
from traumbox.indexer.dirty import Directories, Dirty, joined
from traumbox.indexer.terms import Terms
from traumbox.library.folders import WatchedFolder

OFFLINE_LOOK_S = 30.0
SCAN_REST = 5.0
"""After a scan that took t seconds its folder rests 5 t before anything but a request."""
SHORTEST_REST_S = 1.0
JITTER = 0.25
"""Share by which polling varies on shares, lest all of a server's guests come at once."""


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be looked through: directories of a folder, or all of it (None)."""

    folder: WatchedFolder
    directories: Directories = None

    @property
    def is_full(self) -> bool:
        """Whether the whole folder is meant."""
        return self.directories is None


@dataclass(slots=True)
class _Round:
    folder: WatchedFolder
    asked: bool = True
    full_due_s: float = float("-inf")
    last_full_s: float = float("-inf")
    rest_until_s: float = float("-inf")
    is_offline: bool = False
    is_network: bool = False


class Rounds:
    """Who is due; ``dirty``, ``ask``, ``set_watch`` and ``take_folders`` from any thread.

    ``chance`` yields numbers in 0..1, for the jitter.
    """

    def __init__(
        self,
        folders: Iterable[WatchedFolder],
        terms: Terms,
        chance: Callable[[], float] = random.random,
    ) -> None:
        self._lock = threading.Lock()
        self._rounds: dict[str, _Round] = {}
        self._health: dict[str, WatchHealth] = {}
        self._chance = chance
        self._dirty = Dirty()
        self.terms = terms
        self.take_folders(folders)

    # From any thread.

    def take_folders(self, folders: Iterable[WatchedFolder]) -> None:
        """Take these folders from now on; new ones, and those whose rules changed, are due."""
        with self._lock:
            before, self._rounds = self._rounds, {}
            for folder in folders:
                kept = before.get(folder.name)
                if kept is None or kept.folder.root != folder.root:
                    self._rounds[folder.name] = _Round(folder)
                    continue
                kept.asked = kept.asked or kept.folder != folder
                kept.folder = folder
                self._rounds[folder.name] = kept
            for name in before.keys() - self._rounds.keys():
                self._dirty.forget(name)

    def ask(self, name: str | None) -> None:
        """Have a folder, or all, looked through as soon as possible.

        Raises
        ------
        UnknownFolderError
            When none has that name.
        """
        with self._lock:
            if name is not None:
                require(self._rounds, name)
            for round_ in self._rounds.values() if name is None else [self._rounds[name]]:
                round_.asked = True

    def dirty(self, name: str, directory: bytes | None, now_s: float) -> None:
        """Take note that something stirred in a directory, or somewhere in the folder (None)."""
        self._dirty.note(name, directory, now_s)

    def set_watch(self, health: Mapping[str, WatchHealth]) -> None:
        """Take note of how far each folder's events can be relied on."""
        with self._lock:
            before, self._health = self._health, dict(health)
            for name, round_ in self._rounds.items():
                fell = _mode(before, name) == "live" != _mode(self._health, name)
                if fell and round_.last_full_s > float("-inf"):
                    due_s = round_.last_full_s + self._pause_s(round_)
                    round_.full_due_s = min(round_.full_due_s, due_s)

    def next_full_s(self, name: str) -> float | None:
        """Return when a folder is next looked through as a whole, at the latest."""
        round_ = self._rounds.get(name)
        return None if round_ is None else round_.full_due_s

    # The worker's own thread.

    def due(self, now_s: float, again: Mapping[str, Directories]) -> list[Order]:
        """Take out what is due; ``again`` is where files have had time to settle."""
        orders = []
        with self._lock:
            for name, round_ in self._rounds.items():
                if not self._is_due(round_, now_s, name in again):
                    continue
                is_full = round_.asked or now_s >= round_.full_due_s
                found: Directories = () if self._stirred_s(name) > now_s else self._dirty.take(name)
                directories = None if is_full else joined(found, again.get(name, ()))
                if round_.is_offline:
                    directories = None
                if directories is None:
                    self._dirty.take(name)
                round_.asked = round_.asked and directories is not None
                orders.append(Order(round_.folder, directories))
        return orders

    def is_due(self, now_s: float, again: Iterable[str]) -> bool:
        """Tell whether ``due`` would return anything."""
        names = set(again)
        with self._lock:
            return any(self._is_due(r, now_s, n in names) for n, r in self._rounds.items())

    def is_asked(self) -> bool:
        """Tell whether a folder waits to be looked through, by request or after events."""
        with self._lock:
            return any(
                round_.asked or self._dirty.next_s(name) is not None
                for name, round_ in self._rounds.items()
            )

    def done(
        self, order: Order, took_s: float, end_s: float, *, is_good: bool, is_network: bool
    ) -> None:
        """Take note that ``order`` was carried out and took so long; ``end_s`` is now."""
        with self._lock:
            round_ = self._rounds.get(order.folder.name)
            if round_ is None:
                return
            round_.rest_until_s = end_s + max(SHORTEST_REST_S, SCAN_REST * took_s)
            round_.is_network = is_network
            round_.is_offline = not is_good
            if not is_good:
                round_.full_due_s = end_s + min(OFFLINE_LOOK_S, self._pause_s(round_))
            elif order.is_full:
                round_.last_full_s = end_s
                round_.full_due_s = end_s + self._pause_s(round_)

    def hurry(self, name: str) -> None:
        """Have a folder looked through at once: its root isn't what it was."""
        with self._lock:
            if name in self._rounds:
                self._rounds[name].full_due_s = float("-inf")
                self._rounds[name].rest_until_s = float("-inf")

    def next_s(self, again: Mapping[str, float]) -> float:
        """Return when something will be due; ``again`` is when files will have settled."""
        with self._lock:
            times_s = [float("inf")]
            for name, round_ in self._rounds.items():
                times_s.append(float("-inf") if round_.asked else round_.full_due_s)
                if not round_.is_offline:
                    stirred_s = min(self._stirred_s(name), again.get(name, float("inf")))
                    times_s.append(max(round_.rest_until_s, stirred_s))
            return min(times_s)

    def _is_due(self, round_: _Round, now_s: float, settles: bool) -> bool:
        if round_.asked or now_s >= round_.full_due_s:
            return True
        if round_.is_offline or now_s < round_.rest_until_s:
            return False
        return settles or self._stirred_s(round_.folder.name) <= now_s

    def _stirred_s(self, name: str) -> float:
        stirred_s = self._dirty.next_s(name)
        return float("inf") if stirred_s is None else stirred_s

    def _pause_s(self, round_: _Round) -> float:
        if _mode(self._health, round_.folder.name) == "live":
            return self.terms.scan_every_s
        pause_s = min(self.terms.poll_every_s, self.terms.scan_every_s)
        if round_.is_network:
            pause_s *= 1.0 + JITTER * (2.0 * self._chance() - 1.0)
        return pause_s


def require(folders: Mapping[str, object], name: str) -> None:
    """Raise UnknownFolderError, with the names there are, unless one is ``name``."""
    if name not in folders:
        names = ", ".join(f"“{known}”" for known in folders) or "none"
        raise UnknownFolderError(f"No watched folder is called “{name}”. There are: {names}.")


def _mode(health: Mapping[str, WatchHealth], name: str) -> str:
    found = health.get(name)
    return "live" if found is None else found.mode

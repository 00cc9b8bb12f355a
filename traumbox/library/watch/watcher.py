"""All watched folders: one observer each, looked after at every tick."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress

from traumbox.domain import WatchHealth
from traumbox.library.folders import WatchedFolder
from traumbox.library.mount_watch import MountChanges
from traumbox.library.mounts import Mount, read_mounts
from traumbox.library.patience import Patience
from traumbox.library.watch.limits import Limits, read_limits
from traumbox.library.watch.overflow import OverflowLog
from traumbox.library.watch.root import STARTING, OnDirty, RootWatch

PATIENCE_S = 5.0
"""How long one call of ``watch`` waits for one folder; a slow one goes on in the background."""

UNKNOWN = WatchHealth("polled", "it isn't watched")
SILENT = WatchHealth("polled", "it doesn't answer; is its server or disk asleep or off?")


class Watcher:
    """Says in which directory of which folder something stirs, and how far it can be relied on.

    ``on_dirty(name, directory)`` is called in other threads: the folder's name and the directory
    relative to its root (b"": the root itself; it may be gone already), or None for the whole
    folder. It is called with None whenever the watching of a folder begins, so that nothing slips
    through in between.
    """

    def __init__(
        self,
        on_dirty: OnDirty,
        clock_s: Callable[[], float] = time.monotonic,
        *,
        mounts: Callable[[], Sequence[Mount]] = read_mounts,
        limits: Callable[[], Limits] = read_limits,
        patience_s: float = PATIENCE_S,
    ) -> None:
        self._on_dirty = on_dirty
        self._clock_s = clock_s
        self._read_mounts = mounts
        self._limits = limits
        self._patience = Patience(patience_s)
        self._roots: dict[str, RootWatch] = {}
        self._changes = MountChanges()
        self._mounts: Sequence[Mount] = ()
        self._lock = threading.Lock()
        self._overflows = OverflowLog(self._overflowed)
        self._overflows.attach()

    def watch(self, folders: Iterable[WatchedFolder]) -> None:
        """Watch exactly these folders from now on, as far as each can be.

        Called again and again (each tick): a folder that came back, or whose observer died, was
        replaced, mounted over or lost events, is taken up anew.
        """
        wanted = {folder.name: folder for folder in folders}
        with self._lock:
            for name, root in list(self._roots.items()):
                if name not in wanted or wanted[name].root != root.folder.root:
                    self._drop(name)
            changed = self._changes.changed() or not self._mounts
            if changed:
                self._mounts = self._read_mounts()
            for name, folder in wanted.items():
                self._keep(name, folder, changed)

    def health(self, name: str) -> WatchHealth:
        """Return how far the folder's events can be relied on.

        From memory: a network share that hangs must not hang whoever asks.
        """
        root = self._roots.get(name)
        if root is None:
            return UNKNOWN
        if self._patience.is_waiting(root):
            return root.health if root.health == STARTING else SILENT
        return root.health

    def is_network(self, name: str) -> bool:
        """Tell whether the folder's files lie on another machine, as far as is known."""
        root = self._roots.get(name)
        return root is not None and root.is_network

    def stop(self) -> None:
        """End all watching."""
        with self._lock:
            for name in list(self._roots):
                self._drop(name)
            self._overflows.detach()
            self._changes.close()

    def _keep(self, name: str, folder: WatchedFolder, changed: bool) -> None:
        root = self._roots.get(name)
        if root is None:
            root = RootWatch(folder, self._on_dirty, self._clock_s, self._limits)
            self._roots[name] = root
        root.folder = folder
        if changed:
            root.mounts_changed = True
        mounts, watched = self._mounts, root
        with suppress(TimeoutError):  # ``health`` tells
            self._patience.ask(root, lambda: watched.keep(mounts))

    def _drop(self, name: str) -> None:
        root = self._roots.pop(name)
        root.closed = True
        with suppress(TimeoutError):  # then what hangs lets go when it hangs no more
            self._patience.ask(root, root.stop)

    def _overflowed(self, thread: int | None) -> None:
        for root in list(self._roots.values()):
            root.overflowed(thread)

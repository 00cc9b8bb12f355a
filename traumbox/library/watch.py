"""Watching by inotify, through watchdog: it only says *when* to scan, never what happened."""

from __future__ import annotations

import logging
import warnings
from collections.abc import Callable, Iterable

from watchdog.events import (
    DirCreatedEvent,
    DirDeletedEvent,
    DirMovedEvent,
    FileClosedEvent,
    FileCreatedEvent,
    FileDeletedEvent,
    FileMovedEvent,
    FileSystemEvent,
    FileSystemEventHandler,
)
from watchdog.observers import Observer
from watchdog.observers.api import BaseObserver

from traumbox.library.folders import WatchedFolder

log = logging.getLogger(__name__)

# Reading 10,000 files makes 40,000 open and close events; with this filter: none.
EVENTS: list[type[FileSystemEvent]] = [
    FileCreatedEvent,
    FileClosedEvent,
    FileMovedEvent,
    FileDeletedEvent,
    DirCreatedEvent,
    DirMovedEvent,
    DirDeletedEvent,
]

# watchdog 7.1 warns once per directory it meets twice: 59 MB of stderr for 2,000 files.
warnings.filterwarnings("ignore", category=RuntimeWarning, module=r"watchdog\..*")


Identity = tuple[int, int]


class _Waker(FileSystemEventHandler):
    def __init__(self, wake: Callable[[], None]) -> None:
        self._wake = wake

    def on_any_event(self, event: FileSystemEvent) -> None:  # noqa: ARG002 - the scan finds out what
        self._wake()


class Watcher:
    """Wakes the indexer when something stirs in a folder. One observer a folder."""

    def __init__(self, wake: Callable[[], None]) -> None:
        self._wake = wake
        self._observers: dict[WatchedFolder, tuple[BaseObserver, Identity]] = {}
        self._refused: set[WatchedFolder] = set()

    def watch(self, folders: Iterable[WatchedFolder]) -> None:
        """Watch exactly these folders from now on; those that can't be are only scanned.

        Called again and again (each tick): a folder that came back, or whose observer died, is
        taken up anew.
        """
        wanted = set(folders)
        for folder in list(self._observers):
            if folder not in wanted or not self._is_alive(folder):
                self._stop(folder)
        for folder in wanted - self._observers.keys():
            self._start(folder)

    def is_watching(self, folder: WatchedFolder) -> bool:
        """Tell whether events of this folder arrive; otherwise only the timer finds its news.

        Answers from memory: a network share that hangs must not hang whoever asks.
        """
        found = self._observers.get(folder)
        return found is not None and found[0].is_alive()

    def stop(self) -> None:
        """End all watching."""
        for folder in list(self._observers):
            self._stop(folder)

    def _start(self, folder: WatchedFolder) -> None:
        try:
            identity = _identity(folder)
            observer = self._observe(folder)
        except (OSError, RuntimeError) as error:
            if folder not in self._refused:  # said once, not at every tick
                log.info("%s: can't be watched (%s); the timer still scans it", folder.name, error)
            self._refused.add(folder)
            return
        self._refused.discard(folder)
        self._observers[folder] = (observer, identity)
        # Whatever came between the last scan and this moment is found by one more scan.
        self._wake()

    def _observe(self, folder: WatchedFolder) -> BaseObserver:
        observer = Observer()
        try:
            observer.schedule(
                _Waker(self._wake), str(folder.root), recursive=True, event_filter=EVENTS
            )
            observer.start()
        except BaseException:
            # One that never started holds an inotify instance all the same; there are 128 a user.
            observer.stop()
            raise
        return observer

    def _is_alive(self, folder: WatchedFolder) -> bool:
        observer, identity = self._observers[folder]
        emitters = observer.emitters
        try:
            # A root that was deleted and made again, or mounted over, leaves an observer that
            # lives but hears nothing.
            is_same_root = _identity(folder) == identity
        except OSError:
            return False
        return bool(
            is_same_root
            and observer.is_alive()
            and emitters
            and all(emitter.is_alive() for emitter in emitters)
        )

    def _stop(self, folder: WatchedFolder) -> None:
        observer, _ = self._observers.pop(folder)
        observer.stop()
        if observer.is_alive():
            observer.join(timeout=2.0)


def _identity(folder: WatchedFolder) -> Identity:
    stat = folder.root.stat()
    return (stat.st_dev, stat.st_ino)

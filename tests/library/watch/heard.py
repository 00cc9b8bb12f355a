"""What a watcher told, gathered by the test that listens."""

from __future__ import annotations

import threading
from pathlib import Path

from tests.house import wait_for
from traumbox.library.folders import WatchedFolder
from traumbox.library.watch import Watcher
from traumbox.library.watch.limits import inotify_descriptors


class Heard:
    """Takes what the watcher tells, in whatever thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.told: list[tuple[str, bytes | None]] = []
        self.fails = False

    def __call__(self, folder: str, directory: bytes | None) -> None:
        with self._lock:
            self.told.append((folder, directory))
        if self.fails:
            raise RuntimeError("as scripted")

    @property
    def directories(self) -> set[bytes | None]:
        with self._lock:
            return {directory for _, directory in self.told}

    def clear(self) -> None:
        with self._lock:
            self.told.clear()

    def wait_for(self, *directories: bytes | None) -> None:
        wait_for(lambda: set(directories) <= self.directories, f"news of {directories}", 10)


class Clock:
    """A steady clock that stands until the test moves it."""

    def __init__(self) -> None:
        self.now_s = 1000.0

    def __call__(self) -> float:
        return self.now_s


def folder_at(root: Path, name: str = "m") -> WatchedFolder:
    return WatchedFolder(name, root)


def watching(watcher: Watcher, folder: WatchedFolder, mode: str = "live") -> None:
    """Watch ``folder`` until its health is as wanted; a slow machine may need a second call."""

    def try_it() -> bool:
        watcher.watch([folder])
        return watcher.health(folder.name).mode == mode

    wait_for(try_it, f"{folder.name} to be {mode}", 20)


def instances() -> int:
    return len(inotify_descriptors())

"""One running watchdog observer over one root, and what can be known of it from outside."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from watchdog.observers import Observer
from watchdog.observers.api import BaseObserver
from watchdog.utils import BaseThread

from traumbox.library.mounts import Mount
from traumbox.library.watch.events import EVENTS, Handler
from traumbox.library.watch.limits import count_watches, inotify_descriptors

STOP_S = 5.0

RootStat = tuple[int, int]
"""Device and inode of a root: good for comparing while the process lives."""

_making = threading.Lock()


@dataclass(slots=True)
class Observed:
    """An observer that runs. ``root`` has its links resolved.

    ``directories`` were there when they were last counted, at ``counted_s``, with ``mounts`` at and
    below the root; ``watched`` of them (None: can't be known) were watched.
    """

    root: Path
    stat: RootStat
    handler: Handler
    observer: BaseObserver
    reader: tuple[BaseThread, ...]
    descriptor: int | None
    directories: int = 0
    watched: int | None = None
    mounts: Mapping[bytes, Mount] = field(default_factory=dict)
    counted_s: float = 0.0
    started_s: float = 0.0
    is_short: bool = False

    def is_alive(self) -> bool:
        """Tell whether all its threads run; one that met the root's deletion has ended."""
        emitters = self.observer.emitters
        return bool(
            self.observer.is_alive()
            and emitters
            and all(emitter.is_alive() for emitter in emitters)
            and all(thread.is_alive() for thread in self.reader)
        )

    def reads_in(self, thread: int | None) -> bool:
        """Tell whether the thread of this identity reads the kernel's events for this root."""
        emitters = self.observer.emitters
        return any(one.ident == thread for one in (self.observer, *emitters, *self.reader))

    def watches(self) -> int | None:
        """Return how many directories it watches; None: can't be known."""
        if self.descriptor is None:
            return None
        try:
            return count_watches(self.descriptor)
        except OSError:
            return None

    def stop(self) -> None:
        """End it; its inotify instance is given back."""
        self.observer.stop()
        if self.observer.is_alive():
            self.observer.join(timeout=STOP_S)


def observe(root: Path, on_dirty: Callable[[bytes | None], None]) -> Observed:
    """Watch everything below ``root``, a path without links.

    Raises
    ------
    OSError
        ENOSPC: no watch is left; EMFILE: no inotify instance; else what the root says.
    RuntimeError
        When no thread can be started.
    """
    stat = root.stat()
    handler = Handler(os.fsencode(root), on_dirty)
    # watchdog 7.1 makes the instance and the thread that reads it here; no public name tells which.
    with _making:
        threads, descriptors = _readers(), inotify_descriptors()
        observer = Observer()
        reader = tuple(_readers() - threads)
        fresh = inotify_descriptors() - descriptors
    try:
        observer.schedule(handler, str(root), recursive=True, event_filter=EVENTS)
        observer.start()
    except BaseException:
        # One that never started holds an inotify instance all the same; there are 128 a user.
        observer.stop()
        raise
    descriptor = next(iter(fresh)) if len(fresh) == 1 else None
    return Observed(root, (stat.st_dev, stat.st_ino), handler, observer, reader, descriptor)


def _readers() -> set[BaseThread]:
    return {thread for thread in threading.enumerate() if isinstance(thread, BaseThread)}

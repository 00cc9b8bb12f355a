"""What watchdog tells, boiled down to directories to look at."""

from __future__ import annotations

import logging
import os
import warnings
from collections.abc import Callable

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


class Handler(FileSystemEventHandler):
    """Notes where something happened; never what, for that is seen by looking.

    ``root`` is the path that is watched, links resolved. ``has_grown`` tells that directories
    came since it was last set to False.
    """

    def __init__(self, root: bytes, on_dirty: Callable[[bytes | None], None]) -> None:
        self._prefix = root.rstrip(b"/") + b"/"
        self._on_dirty = on_dirty
        self.has_grown = False
        self._has_complained = False

    def dispatch(self, event: FileSystemEvent) -> None:
        """Take an event, in the observer's thread, which an exception would end."""
        try:
            self._note(event)
        except Exception as error:  # noqa: BLE001 - the boundary to watchdog; logged with traceback
            # Better to look at everything than to hear nothing more.
            self._say_once("An event of %r was not understood", error)
            self._note_all()

    def _note(self, event: FileSystemEvent) -> None:
        if event.is_directory:
            self.has_grown = True
        for end in (event.src_path, event.dest_path):
            if not end:
                continue
            path = os.fsencode(end)
            # A directory is looked at itself, a file by looking at the directory it lies in.
            directory = path if event.is_directory else path.rpartition(b"/")[0]
            if (directory + b"/").startswith(self._prefix):
                self._on_dirty(directory[len(self._prefix) :])
            elif not event.is_directory or not event.dest_path:
                self._on_dirty(None)

    def _note_all(self) -> None:
        try:
            self._on_dirty(None)
        except Exception as error:  # noqa: BLE001 - as above
            self._say_once("That %r changed could not be noted", error)

    def _say_once(self, what: str, error: Exception) -> None:
        """Log an error with its traceback, unless one was logged before: there may be thousands."""
        if not self._has_complained:
            self._has_complained = True
            log.error(what, self._prefix, exc_info=error)

"""Hearing from watchdog's log what it tells nowhere else: that events were lost."""

from __future__ import annotations

import logging
from collections.abc import Callable

# watchdog 7.1: "Inotify queue overflowed; filesystem events were lost", and then once more for each
# watched root: "…; reconciling recursive watches below …". 6.0 drops the kernel's sign silently.
_SIGN = "overflow"
_ECHO = "reconciling"
_LOGGER = "watchdog"


class OverflowLog(logging.Handler):
    """Calls ``on_overflow`` with the identity of the thread that met one."""

    def __init__(self, on_overflow: Callable[[int | None], None]) -> None:
        super().__init__(logging.WARNING)
        self._on_overflow = on_overflow

    def attach(self) -> None:
        """Listen from now on; watchdog's warnings are made even if the owner wants errors only."""
        logger = logging.getLogger(_LOGGER)
        if logger.getEffectiveLevel() > logging.WARNING:
            logger.setLevel(logging.WARNING)
        logger.addHandler(self)

    def detach(self) -> None:
        """Listen no longer."""
        logging.getLogger(_LOGGER).removeHandler(self)

    def emit(self, record: logging.LogRecord) -> None:
        """Take a record, in the thread that reads the kernel's events."""
        text = record.getMessage().lower()
        if _SIGN in text and _ECHO not in text:
            self._on_overflow(record.thread)

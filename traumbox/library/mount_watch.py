"""Noticing that something was mounted or unmounted; the kernel tells at once."""

from __future__ import annotations

import logging
import os
import select
import threading
from collections.abc import Callable
from types import TracebackType
from typing import Self

from traumbox.library.mounts import MOUNTINFO

log = logging.getLogger(__name__)

QUIET_S = 0.3
"""Waited before it is told: a mount seldom comes alone, and needs a moment to be there."""

_CHANGED = select.POLLERR | select.POLLPRI


class MountChanges:
    """Tells whether the mounts changed since it was last asked."""

    def __init__(self) -> None:
        try:
            self._descriptor = os.open(MOUNTINFO, os.O_RDONLY | os.O_CLOEXEC)
        except OSError:  # no /proc: nothing will be known of mounts
            self._descriptor = -1
        self._poll = select.poll()
        if self._descriptor >= 0:
            self._poll.register(self._descriptor, _CHANGED)

    def changed(self) -> bool:
        """Return whether anything was mounted or unmounted meanwhile."""
        return bool(self._descriptor >= 0 and self._poll.poll(0))

    def wait(self, stop: int) -> bool:
        """Wait for a change; False when the descriptor ``stop`` can be read first."""
        poll = select.poll()
        poll.register(stop, select.POLLIN)
        if self._descriptor >= 0:
            poll.register(self._descriptor, _CHANGED)
        return all(descriptor != stop for descriptor, _ in poll.poll())

    def close(self) -> None:
        """Give the descriptor back."""
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1


class MountWatch:
    """Calls ``on_change``, in a thread of its own, after something was mounted or unmounted.

    Anything, anywhere: on a machine that starts containers that is often.
    """

    def __init__(self, on_change: Callable[[], None], quiet_s: float = QUIET_S) -> None:
        self._on_change = on_change
        self._quiet_s = quiet_s
        self._changes: MountChanges | None = None
        self._stop_read, self._stop_write = -1, -1
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self) -> Self:
        """Begin to notice; return itself."""
        self._changes = MountChanges()
        self._stop_read, self._stop_write = os.pipe()
        self._thread = threading.Thread(target=self._run, name="mounts", daemon=True)
        self._thread.start()
        return self

    def stop(self) -> None:
        """Notice nothing more; harmless twice and before the start."""
        thread, self._thread = self._thread, None
        if thread is None or self._changes is None:
            return
        self._stopping.set()
        os.write(self._stop_write, b"!")
        thread.join()
        for descriptor in (self._stop_read, self._stop_write):
            os.close(descriptor)
        self._changes.close()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    def _run(self) -> None:
        assert self._changes is not None  # noqa: S101 - set before the thread starts
        while self._changes.wait(self._stop_read):
            if self._stopping.wait(self._quiet_s):
                return
            self._changes.changed()  # those that came meanwhile are told with this one
            try:
                self._on_change()
            except Exception:
                # The boundary to whoever listens: the next change is to be told all the same.
                log.exception("A change of the mounts was not taken up")

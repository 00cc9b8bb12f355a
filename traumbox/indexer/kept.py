"""Decoded sound that waits to be embedded, and how much of it there may be at a time."""

from __future__ import annotations

import mmap
import threading
from collections import deque
from collections.abc import Callable, Iterator

import numpy as np

from traumbox.domain import Int16

KEPT_BYTES = 90_000_000
"""A quarter of an hour of one file, or the file in hand and the one ahead together."""


class Room:
    """Bytes that kept sound may take, shared by the threads that hear."""

    def __init__(self, limit_bytes: int = KEPT_BYTES) -> None:
        self.limit_bytes = limit_bytes
        self._free_bytes = limit_bytes
        self._changed = threading.Condition()

    @property
    def used_bytes(self) -> int:
        """How much is taken."""
        return self.limit_bytes - self._free_bytes

    def take(self, n_bytes: int) -> bool:
        """Take so much, or nothing when there isn't as much left."""
        with self._changed:
            if n_bytes > self._free_bytes:
                return False
            self._free_bytes -= n_bytes
            return True

    def give_back(self, n_bytes: int) -> None:
        """Return what was taken."""
        with self._changed:
            self._free_bytes += n_bytes
            self._changed.notify_all()

    def wait_for(self, n_bytes: int, is_over: Callable[[], bool]) -> None:
        """Wait until so much is free, or nobody needs it any more."""
        with self._changed:
            self._changed.wait_for(lambda: is_over() or n_bytes <= self._free_bytes)

    def look_again(self) -> None:
        """Let those that wait see whether they still need to."""
        with self._changed:
            self._changed.notify_all()


class KeptSound:
    """The samples of one file, int16 in blocks that leave one by one as they are read.

    What doesn't fit is let go altogether: such a file is decoded a second time. A patient one waits
    for the file in hand to make room, until ``is_over`` says that it needn't.
    """

    def __init__(
        self, room: Room, *, patient: bool = False, is_over: Callable[[], bool] = lambda: False
    ) -> None:
        self._room = room
        self._patient = patient
        self._is_over = is_over
        self._blocks: deque[Int16] = deque()
        self._held_bytes = 0
        self.is_whole = True

    def add(self, pcm: Int16) -> None:
        """Keep int16[n], unless the file has turned out too large."""
        if not self.is_whole or not len(pcm):
            return
        fits_alone = self._held_bytes + pcm.nbytes <= self._room.limit_bytes
        if self._patient and fits_alone:
            self._room.wait_for(pcm.nbytes, self._is_over)
        if fits_alone and self._room.take(pcm.nbytes):
            self._held_bytes += pcm.nbytes
            self._blocks.append(_mapped(pcm))
        else:
            self.drop()
            self.is_whole = False

    def blocks(self) -> Iterator[Int16]:
        """Yield int16[n] from the beginning; what was yielded is no longer kept."""
        while self._blocks:
            pcm = self._blocks.popleft()
            self._held_bytes -= pcm.nbytes
            self._room.give_back(pcm.nbytes)
            yield pcm

    def drop(self) -> None:
        """Let go of everything."""
        self._blocks.clear()
        self._room.give_back(self._held_bytes)
        self._held_bytes = 0


def _mapped(pcm: Int16) -> Int16:
    """Return a copy in pages of its own, which go back to the system with it.

    In the allocator's heap such large, long-lived blocks would leave holes between them: 100 MB
    more at its highest.
    """
    copy = np.frombuffer(mmap.mmap(-1, pcm.nbytes), np.int16)
    copy[:] = pcm
    return copy

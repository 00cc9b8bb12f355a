"""One ear for two: the worker's backlog, and sounds that somebody is waiting for.

There is one listener process, for each holds a model of hundreds of megabytes. Somebody who waits
goes before the next file of the backlog, and after the one in hand.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic

from traumbox.domain import Cut, Embedding, Heard
from traumbox.errors import ListenerBusyError, ListenerClosedError, ListenerError
from traumbox.indexer.passage import Passage
from traumbox.ports import Ear

WAITING_MOST = 4
"""Somebody behind these would wait for minutes on a small machine, and had better know it."""

IsKnown = Callable[[str], bool]


class SharedEar:
    """Fulfils ``ports.Ear`` for the worker; ``hear_for`` is for people, from any thread."""

    def __init__(self, ear: Ear) -> None:
        self._ear = ear
        self._turn = threading.Condition()
        self._in_use = False
        self._waiting = 0
        self._closed = False
        self._expected: Passage | None = None

    def expect(self, path: Path, cut: Cut | None = None) -> None:
        """Fulfil ``ports.Ear``. The hint stays the worker's, whoever is heard in between."""
        self._expected = Passage(path, cut)

    def hear(
        self, path: Path, model: str, is_known: IsKnown, cut: Cut | None = None
    ) -> tuple[Heard, Embedding | None]:
        """Fulfil ``ports.Ear``; from one thread. Whoever waits in ``hear_for`` goes first."""
        expected, self._expected = self._expected, None
        with self._worker_turn():
            if expected is not None:
                self._ear.expect(expected.path, expected.cut)
            return self._ear.hear(path, model, is_known, cut)

    def hear_for(
        self,
        path: Path,
        model: str,
        is_known: IsKnown,
        cut: Cut | None = None,
        within_s: float = 60.0,
    ) -> tuple[Heard, Embedding | None]:
        """Hear a file that somebody waits for, as ``ports.Ear.hear``, as soon as the ear is free.

        Raises
        ------
        ListenerBusyError
            When it isn't free ``within_s``, or others are waiting already.
        AudioError, ListenerError, OSError
            See ``ports.Ear.hear``.
        """
        with self._turn_within(within_s):
            try:
                return self._ear.hear(path, model, is_known, cut)
            except ListenerClosedError:
                raise
            except ListenerError as error:
                if not error.company:
                    raise
            # The file that was looked ahead at for the worker may be to blame; now there is none.
            return self._ear.hear(path, model, is_known, cut)

    def close(self) -> None:
        """Fulfil ``ports.Ear``; whoever waits is told that it is closed."""
        with self._turn:
            self._closed = True
            self._turn.notify_all()
        self._ear.close()

    @contextmanager
    def _worker_turn(self) -> Iterator[None]:
        with self._turn:
            self._turn.wait_for(lambda: self._closed or not (self._in_use or self._waiting))
            self._take()
        yield from self._used()

    @contextmanager
    def _turn_within(self, within_s: float) -> Iterator[None]:
        deadline_s = monotonic() + within_s
        with self._turn:
            if self._waiting >= WAITING_MOST:
                raise ListenerBusyError(
                    f"{self._waiting} sounds are waiting to be heard already. Try again in a"
                    " minute."
                )
            self._waiting += 1
            try:
                free = self._turn.wait_for(
                    lambda: self._closed or not self._in_use, deadline_s - monotonic()
                )
            finally:
                self._waiting -= 1
                self._turn.notify_all()
            if not free:
                raise ListenerBusyError(
                    "The listener has been hearing a long recording for"
                    f" {within_s:.0f} s. Try again when it is through."
                )
            self._take()
        yield from self._used()

    def _take(self) -> None:
        if self._closed:
            raise ListenerClosedError("The listener is shutting down.")
        self._in_use = True

    def _used(self) -> Iterator[None]:
        try:
            yield
        finally:
            with self._turn:
                self._in_use = False
                self._turn.notify_all()

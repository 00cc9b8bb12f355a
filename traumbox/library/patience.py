"""Asking things of file systems that may never answer, such as a share whose server is down."""

from __future__ import annotations

import errno
import threading
from collections.abc import Callable, Hashable
from typing import TypeVar

T = TypeVar("T")

LIMIT_S = 20.0


class Patience:
    """Runs what may hang in a thread of its own, one a key, and waits for it only so long.

    A thread in a system call on a dead share can't be ended. While one hangs, its key is refused
    at once and no second thread is sent after it.
    """

    def __init__(self, limit_s: float = LIMIT_S) -> None:
        self._limit_s = limit_s
        self._lock = threading.Lock()
        self._running: dict[Hashable, threading.Thread] = {}
        self._overdue: set[threading.Thread] = set()

    def ask(
        self,
        key: Hashable,
        work: Callable[[], T],
        limit_s: float | None = None,
        progress: Callable[[], int] = lambda: 0,
    ) -> T:
        """Return what ``work`` returns, or raise what it raises.

        ``progress`` counts up as the work gets on; then it may go on for the limit once more.

        Raises
        ------
        TimeoutError
            When it takes longer than the limit, or an earlier ``work`` of this key still does.
        """
        limit_s = self._limit_s if limit_s is None else limit_s
        results: list[T] = []
        failures: list[BaseException] = []

        def run() -> None:
            try:
                results.append(work())
            except BaseException as error:  # noqa: BLE001 - raised again in the asking thread
                failures.append(error)

        thread = threading.Thread(target=run, name=f"asking {key}", daemon=True)
        self._send(key, thread, limit_s)
        done = progress()
        thread.join(limit_s)
        while thread.is_alive() and (now := progress()) != done:
            done = now
            thread.join(limit_s)
        if failures:
            raise failures[0]
        if results:
            return results[0]
        self._overdue.add(thread)
        raise _no_answer()

    def is_waiting(self, key: Hashable) -> bool:
        """Tell whether an answer for ``key`` is overdue."""
        thread = self._running.get(key)
        return thread is not None and thread in self._overdue and thread.is_alive()

    def _send(self, key: Hashable, thread: threading.Thread, limit_s: float) -> None:
        """Start ``thread`` once the one before it is through."""
        with self._lock:
            before = self._running.get(key)
            if before is not None and before.is_alive():
                if before not in self._overdue:
                    before.join(limit_s)
                if before.is_alive():
                    self._overdue.add(before)
                    raise _no_answer()
            if before is not None:
                self._overdue.discard(before)
            self._running[key] = thread
            thread.start()


def _no_answer() -> TimeoutError:
    return TimeoutError(errno.ETIMEDOUT, "it doesn't answer")

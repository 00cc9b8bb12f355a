"""Long work on a disk that may die under it: as long as it gets on it may take any time."""

from __future__ import annotations

import errno
import threading
from collections.abc import Callable, Hashable
from typing import TypeVar

T = TypeVar("T")

STALLED_S = 300.0
"""One directory with a hundred thousand files on a slow share takes minutes."""


class Stalling:
    """Runs work in a thread of its own and gives up on it when it makes no progress any more.

    A thread in a system call on a dead share can't be ended. While one hangs, its key is refused.
    """

    def __init__(self, stalled_s: float = STALLED_S) -> None:
        self._stalled_s = stalled_s
        self._hanging: dict[Hashable, threading.Thread] = {}

    def run(self, key: Hashable, work: Callable[[], T], progress: Callable[[], int]) -> T:
        """Return what ``work`` returns, or raise what it raises.

        Raises
        ------
        TimeoutError
            When ``progress`` has stood still for too long, or an earlier work of this key hangs.
        """
        before = self._hanging.get(key)
        if before is not None and before.is_alive():
            raise _no_answer()
        results: list[T] = []
        failures: list[BaseException] = []

        def run() -> None:
            try:
                results.append(work())
            except BaseException as error:  # noqa: BLE001 - raised again in the asking thread
                failures.append(error)

        thread = threading.Thread(target=run, name=f"looking through {key}", daemon=True)
        thread.start()
        done = -1
        while thread.is_alive():
            if progress() == done:
                self._hanging[key] = thread
                raise _no_answer()
            done = progress()
            thread.join(self._stalled_s)
        self._hanging.pop(key, None)
        if failures:
            raise failures[0]
        return results[0]


def _no_answer() -> TimeoutError:
    return TimeoutError(errno.ETIMEDOUT, "it doesn't answer")

"""Where something stirred, held back a little: events are hints, and come in floods.

The first event after a quiet time is followed up at once, for the first look starts the settling of
a file just dropped. From then on the folder is looked at every few seconds, however much goes on: a
copy that takes hours can't starve it, nor does it keep a file from being found.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable
from dataclasses import dataclass, field

FIRST_S = 1.0
EVERY_S = 5.0
MANY = 512
"""More directories than these are better looked through with the whole folder."""

Directories = tuple[bytes, ...] | None
"""Relative directories, none within another, in order; None: the whole folder."""


@dataclass(slots=True)
class _Stir:
    directories: set[bytes] = field(default_factory=set)
    whole: bool = False
    last_s: float = float("-inf")
    due_s: float | None = None


class Dirty:
    """What is to be looked at because of events; safe in any thread. Times are a steady clock's."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._stirs: dict[str, _Stir] = {}

    def note(self, folder: str, directory: bytes | None, now_s: float) -> None:
        """Take note of an event in ``directory`` (relative), or somewhere in the folder (None)."""
        with self._lock:
            stir = self._stirs.setdefault(folder, _Stir())
            if stir.due_s is None:
                was_quiet = now_s - stir.last_s >= EVERY_S
                stir.due_s = now_s + (FIRST_S if was_quiet else EVERY_S)
            stir.last_s = now_s
            if directory is None:
                stir.whole = True
            elif not stir.whole:
                stir.directories.add(directory)
                stir.whole = len(stir.directories) > MANY
            if stir.whole:
                stir.directories.clear()

    def next_s(self, folder: str) -> float | None:
        """Return when the folder is due, or None when nothing stirred in it."""
        stir = self._stirs.get(folder)
        return None if stir is None else stir.due_s

    def take(self, folder: str) -> Directories:
        """Return what is to be looked at, () for nothing, and take it as done."""
        with self._lock:
            stir = self._stirs.get(folder)
            if stir is None or stir.due_s is None:
                return ()
            found = None if stir.whole else outermost(stir.directories)
            self._stirs[folder] = _Stir(last_s=stir.last_s)
            return found

    def forget(self, folder: str) -> None:
        """Drop a folder that isn't watched any more."""
        with self._lock:
            self._stirs.pop(folder, None)


def outermost(directories: Iterable[bytes]) -> Directories:
    """Return those of ``directories`` that lie within no other; None when the root is one.

    None too when they are so many that the whole folder had better be looked through.
    """
    kept: list[bytes] = []
    # With the slash, a directory's children follow it with nothing in between.
    for directory in sorted(set(directories), key=lambda path: path + b"/"):
        if not directory:
            return None
        if not kept or not directory.startswith(kept[-1] + b"/"):
            kept.append(directory)
    return None if len(kept) > MANY else tuple(kept)


def joined(one: Directories, other: Directories) -> Directories:
    """Return what covers both."""
    return None if one is None or other is None else outermost((*one, *other))

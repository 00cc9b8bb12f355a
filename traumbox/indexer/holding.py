"""The brake: a removal too large to be meant waits for the owner's word.

What is held lives in memory only: nothing of it was written, and the next full scan finds it again.
"""

from __future__ import annotations

import threading
from collections.abc import Collection, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace

from traumbox.domain import Held, KnownFile, Location
from traumbox.errors import NothingHeldError
from traumbox.library.brake import is_too_much
from traumbox.library.guard import Look

EXAMPLES = 5


@dataclass(frozen=True, slots=True)
class Going:
    """A file of a folder that a scan would take away: it is gone, or newly excluded."""

    location: Location
    known: KnownFile
    is_gone: bool = True


@dataclass(slots=True)
class _Grip:
    """What is held in one folder, and what the owner has let go.

    ``refused`` is the look at an emptied root or another disk that waits for the owner's word,
    ``accepted`` the one that was confirmed. ``is_heeded``: a scan knows of that word.
    """

    held: Held | None = None
    going: dict[str, Going] = field(default_factory=dict)
    granted: AbstractSet[str] = frozenset()
    refused: Look | None = None
    accepted: Look | None = None
    is_heeded: bool = False


class Holding:
    """Holds removals until they are confirmed; safe in any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._grips: dict[str, _Grip] = {}

    def held(self, folder: str) -> Held | None:
        """Return what is held in a folder, or None."""
        grip = self._grips.get(folder)
        return None if grip is None else grip.held

    def going(self, folder: str) -> Mapping[str, Going]:
        """Return the files that are held in a folder by the brake, by track id."""
        grip = self._grips.get(folder)
        return {} if grip is None else dict(grip.going)

    def is_accepted(self, folder: str, look: Look) -> bool:
        """Tell whether the owner has said that what ``look`` shows is meant to lie there."""
        grip = self._grips.get(folder)
        return grip is not None and grip.accepted is not None and _alike(grip.accepted, look)

    def brake(
        self,
        folder: str,
        going: Mapping[str, Going],
        present: int,
        percent: float,
        now_s: float,
    ) -> frozenset[str]:
        """Return which of ``going``, by track id, must wait; ``present`` files are known there.

        All of ``going`` is judged together, what was held before and still would go included.
        """
        with self._lock:
            grip = self._grips.setdefault(folder, _Grip())
            grip.is_heeded = True
            waiting = {track: file for track, file in going.items() if track not in grip.granted}
            if not is_too_much(len(waiting), present, percent):
                waiting = {}
            grip.going = waiting
            if grip.refused is None:
                since_s = grip.held.since_s if grip.held is not None else now_s
                grip.held = _held(waiting, present, since_s) if waiting else None
            return frozenset(waiting)

    def refuse(self, folder: str, look: Look, held: Held) -> None:
        """Hold what a look shows: it may be meant, and then ``held`` goes."""
        with self._lock:
            grip = self._grips.setdefault(folder, _Grip())
            grip.refused = look
            since_s = grip.held.since_s if grip.held is not None else held.since_s
            grip.held = replace(held, since_s=since_s)

    def welcome(self, folder: str) -> None:
        """Take note that what lies at a folder's root waits for nobody's word any more."""
        with self._lock:
            grip = self._grips.get(folder)
            if grip is not None and grip.refused is not None:
                grip.refused = None
                grip.held = None

    def confirm(self, folder: str, present: Collection[str]) -> int:
        """Let go what is held, and nothing beyond it; return how many tracks that are.

        ``present`` are the track ids that go with a root whose disk is accepted.

        Raises
        ------
        NothingHeldError
            When nothing is held.
        """
        with self._lock:
            grip = self._grips.get(folder)
            if grip is None or grip.held is None:
                raise NothingHeldError(f"No removal waits for a word in the folder “{folder}”.")
            count = grip.held.count
            grip.granted = frozenset(grip.going) | grip.granted
            if grip.refused is not None:
                grip.accepted, grip.refused = grip.refused, None
                grip.granted |= frozenset(present)
            grip.held = None
            grip.going = {}
            grip.is_heeded = False
            return count

    def carried_out(self, folder: str) -> None:
        """Take back every word that was given: a full scan has acted on it."""
        with self._lock:
            grip = self._grips.get(folder)
            if grip is not None and grip.is_heeded:
                grip.granted = frozenset()
                grip.accepted = None

    def keep(self, folders: Collection[str]) -> None:
        """Forget all folders but these."""
        with self._lock:
            for folder in self._grips.keys() - set(folders):
                del self._grips[folder]

    def rename(self, old: str, new: str) -> None:
        """Follow a folder to its new name."""
        with self._lock:
            if old in self._grips:
                self._grips[new] = self._grips.pop(old)


def _held(going: Mapping[str, Going], present: int, since_s: float) -> Held:
    files = sorted(going.values(), key=lambda file: file.location)
    gone = sum(file.is_gone for file in files)
    examples = tuple(file.location.display for file in files[:EXAMPLES])
    return Held(len(files), max(present, len(files)), gone, since_s, examples)


def _alike(one: Look, other: Look) -> bool:
    return one.identity == other.identity and one.empty == other.empty

"""Watched folders, how they fare, and how far the indexing is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

WatchMode = Literal["live", "partial", "polled"]


@dataclass(frozen=True, slots=True)
class WatchHealth:
    """How the news of a folder arrive, and when not by events: why, and what the owner can do.

    ``live``: every change tells itself; ``partial``: only some directories are watched;
    ``polled``: none is, the clock finds the changes.
    """

    mode: WatchMode = "polled"
    reason: str = ""
    remedy: str = ""


@dataclass(frozen=True, slots=True)
class Held:
    """A removal so large that it waits for the owner's word; nothing has been changed yet.

    ``count`` of ``total`` tracks of a folder would go, some because they are ``gone``, the others
    because a rule would exclude them. ``examples`` are display paths.
    """

    count: int
    total: int
    gone: int
    since_s: float
    examples: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FolderState:
    """How a folder fared in the last look; times are POSIX seconds.

    ``note`` says what is wrong, first of all why it is offline. ``files`` counts what is there,
    ``unreadable`` the directories and files that can't be listed. ``looked`` is False until the
    first scan since the start has come to its end.
    """

    online: bool
    note: str = ""
    files: int = 0
    unreadable: int = 0
    last_scan_s: float | None = None
    held: Held | None = None
    looked: bool = True


@dataclass(frozen=True, slots=True)
class Removal:
    """Tracks of a folder that one scan found gone; they come back with their files.

    They are kept until ``until_s`` at least; times are POSIX seconds. ``examples`` are display
    paths.
    """

    folder: str
    since_s: float
    until_s: float
    count: int
    examples: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class IndexStatus:
    """Progress of the indexing; the four counts add up to the known files on disk.

    ``missing`` counts the tracks whose files are gone and which are kept for their return.
    ``outdated`` counts the indexed tracks of which an older traumbox told less: they are heard
    again by and by, behind all that waits, and are found meanwhile as they are known.
    ``resting`` says in words why nothing is heard just now though files wait, or is empty.
    """

    indexed: int = 0
    pending: int = 0
    failed: int = 0
    excluded: int = 0
    missing: int = 0
    outdated: int = 0
    paused: bool = False
    resting: str = ""
    now_hearing: str = ""  # display path of the file in hand
    tracks_per_minute: float = 0.0
    eta_s: float | None = None

    @property
    def total(self) -> int:
        """Every file the appliance knows of."""
        return self.indexed + self.pending + self.failed + self.excluded

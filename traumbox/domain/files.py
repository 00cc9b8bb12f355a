"""Files as they lie on the disk, and as they are known."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from traumbox.domain.sound import Tags

State = Literal["pending", "indexed", "failed", "excluded"]
STATES: tuple[State, ...] = ("indexed", "pending", "failed", "excluded")


@dataclass(frozen=True, slots=True, order=True)
class Location:
    """Where a file lies: a watched folder's name and a path relative to its root.

    The path is bytes, as the file system has it: not every name is UTF-8, and NFC and NFD
    spellings of one name are two files. ``part`` is 0 for a whole file; the tracks that a CUE sheet
    finds in one file are its parts, counted from 1.
    """

    folder: str
    path: bytes
    part: int = 0

    @property
    def display(self) -> str:
        r"""The path for people and JSON: valid Unicode, alien bytes as ``\xNN``."""
        return self.path.decode("utf-8", "backslashreplace")

    @property
    def stem(self) -> str:
        """The file's name for people, without folders and suffix."""
        name = self.display.rsplit("/", 1)[-1]
        return name.rsplit(".", 1)[0] or name


@dataclass(frozen=True, slots=True)
class Cut:
    """One track of a file that a CUE sheet divides: from ``start_s`` to ``end_s`` (None: its end).

    ``tags`` are what the sheet says of the track. ``embedded`` tells that the sheet lies within the
    file and not beside it.
    """

    start_s: float
    end_s: float | None
    tags: Tags
    embedded: bool = False


@dataclass(frozen=True, slots=True)
class FileStat:
    """What tells one version of a file from the next; of a part, also where and what it is."""

    size: int
    mtime_ns: int
    inode: int
    cut: Cut | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """One file (or part of one) as a scan sees it; ``excluded`` says why it isn't to be heard."""

    location: Location
    stat: FileStat
    excluded: str = ""


@dataclass(frozen=True, slots=True)
class KnownFile:
    """What the ledger remembers of a file, as far as a scan needs it.

    ``reason`` is given for excluded files only: it is compared with what the rules say now.
    """

    track_id: str
    stat: FileStat
    state: State
    missing: bool = False
    reason: str = ""


SeenRow = tuple[bytes, int, int, int, int, Cut | None, str]
"""A ``Found`` as a scan passes it on: (path, part, size, mtime_ns, inode, cut, excluded).

A plain tuple: hundreds of thousands of them are compared in every scan, and next to none differs.
"""


KnownRow = tuple[bytes, int, int, int, int, Cut | None, str, str, State, bool]
"""A place and its ``KnownFile`` as the ledger passes them on to be compared with a ``SeenRow``.

The first seven are a ``SeenRow``'s, with the reason as ``excluded``; then (track_id, state,
missing).
"""


@dataclass(frozen=True, slots=True)
class Changes:
    """The difference between what was scanned and what is known.

    ``new`` and ``shut`` are by place; a file in ``shut`` is new, but excluded for the reason given.
    All else is by track id. ``moved`` also holds files that came back where they were.
    ``excluded`` are known files that a rule covers now, with its reason; ``included`` were excluded
    and no longer are.
    """

    new: Mapping[Location, FileStat] = field(default_factory=dict)
    shut: Mapping[Location, tuple[FileStat, str]] = field(default_factory=dict)
    changed: Mapping[str, FileStat] = field(default_factory=dict)
    moved: Mapping[str, tuple[Location, FileStat]] = field(default_factory=dict)
    gone: frozenset[str] = frozenset()
    excluded: Mapping[str, str] = field(default_factory=dict)
    included: Mapping[str, FileStat] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return any(
            (
                self.new,
                self.shut,
                self.changed,
                self.moved,
                self.gone,
                self.excluded,
                self.included,
            )
        )

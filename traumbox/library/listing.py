"""What one directory holds, in one reading: what a scan does some ten thousand times."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from enum import IntEnum
from pathlib import Path

from traumbox.domain import FileStat, SeenRow
from traumbox.library.ignore import BESIDE_UNFINISHED, is_ignored_folder, is_unfinished
from traumbox.library.rules import RULES_NAME
from traumbox.library.sniff import NEVER_SOUND, Sniffer

GONE = frozenset((errno.ENOENT, errno.ENOTDIR))
"""It was there when its name was read."""
REFUSED = frozenset((errno.EACCES, errno.EPERM, errno.ENAMETOOLONG, errno.ELOOP))
"""It is there, healthy, and not to be had."""

_INT64_MAX = 2**63 - 1
_SUFFIXES_MAX = 10_000
_HIDDEN = b".~"
_DOT, _TILDE = _HIDDEN


class Naming(IntEnum):
    """What a file's name says of it."""

    NEVER = 0
    SOUND = 1
    UNSAID = 2
    SHEET = 3


@dataclass(slots=True)
class Listing:
    """What lies in a directory.

    ``rows`` are the files that may hold sound; all other names are without the directory.
    ``vanished`` and ``refused`` are files whose names could be read, and no more. ``unfinished``
    lie in a file's place but aren't complete.
    """

    rows: list[SeenRow] = field(default_factory=list)
    folders: list[bytes] = field(default_factory=list)
    links: list[bytes] = field(default_factory=list)
    sheets: dict[bytes, FileStat] = field(default_factory=dict)
    unfinished: list[bytes] = field(default_factory=list)
    vanished: list[bytes] = field(default_factory=list)
    refused: list[bytes] = field(default_factory=list)
    has_rules: bool = False


class Lister:
    """Reads directories below ``prefix``, an absolute path with a slash at its end."""

    def __init__(
        self,
        prefix: bytes,
        is_candidate: Callable[[bytes], bool],
        is_sheet: Callable[[bytes], bool],
        sniffer: Sniffer,
        fleeting: Collection[int],
    ) -> None:
        self._prefix = prefix
        self._is_candidate = is_candidate
        self._is_sheet = is_sheet
        self._sniffer = sniffer
        self._fleeting = frozenset(fleeting)
        self._suffixes: dict[bytes, Naming] = {}

    def read(self, directory: bytes) -> Listing:
        """Read one directory, given with a slash at its end (the root: empty).

        Raises
        ------
        OSError
            When it can't be listed, or reading a file's stat fails for no harmless reason.
        """
        listing = Listing()
        suffixes, sound = self._suffixes, Naming.SOUND
        fleeting, rows = self._fleeting, listing.rows
        with os.scandir(self._prefix + directory) as entries:
            for entry in entries:
                name = entry.name
                # All but a few entries take this way: nothing is called for them that needn't be.
                if (
                    suffixes.get(name[name.rfind(b".") + 1 :]) is sound
                    and name[0] not in _HIDDEN
                    and entry.is_file(follow_symlinks=False)
                ):
                    try:
                        found = entry.stat(follow_symlinks=False)
                    except OSError as error:
                        _note(error, directory + name, listing)
                        continue
                    inode, mtime_ns = found.st_ino, found.st_mtime_ns
                    if inode > _INT64_MAX or not 0 <= mtime_ns <= _INT64_MAX or fleeting:
                        inode, mtime_ns = _kept(found, fleeting)
                    rows.append((directory + name, 0, found.st_size, mtime_ns, inode, None, ""))
                else:
                    self._note_other(directory, entry, listing)
        return listing

    def naming(self, name: bytes) -> Naming:
        """Return what a file's name says of it; hidden names don't come here."""
        dot = name.rfind(b".")
        if dot <= 0:
            return Naming.UNSAID
        suffix = name[dot + 1 :]
        known = self._suffixes.get(suffix)
        if known is None:
            known = self._judge(suffix)
            if len(self._suffixes) < _SUFFIXES_MAX:
                self._suffixes[suffix] = known
        return known

    def is_sound(self, path: bytes, found: os.stat_result) -> bool:
        """Tell by its first bytes whether the file at an absolute path may hold sound."""
        stat = self.stat_of(found)
        return self._sniffer.is_sound(path, (stat.size, stat.mtime_ns, stat.inode))

    def stat_of(self, found: os.stat_result) -> FileStat:
        """Return what the ledger keeps of a file's stat."""
        return stat_of(found, self._fleeting)

    def row(self, path: bytes, found: os.stat_result, excluded: str = "") -> SeenRow:
        """Return a file as a row."""
        inode, mtime_ns = _kept(found, self._fleeting)
        return path, 0, found.st_size, mtime_ns, inode, None, excluded

    def _judge(self, suffix: bytes) -> Naming:
        if self._is_candidate(b"x." + suffix):
            return Naming.SOUND
        if self._is_sheet(b"x." + suffix):
            return Naming.SHEET
        if is_unfinished(suffix) or suffix.lower() in NEVER_SOUND:
            return Naming.NEVER
        return Naming.UNSAID

    def _note_other(self, directory: bytes, entry: os.DirEntry[bytes], listing: Listing) -> None:
        """Take note of what isn't, or not known to be, a plain file of a known sound format."""
        name = entry.name
        if name[0] == _DOT:
            listing.has_rules |= name == RULES_NAME
        elif entry.is_dir(follow_symlinks=False):
            if not is_ignored_folder(name):
                listing.folders.append(name)
        elif name[0] == _TILDE:
            return
        elif entry.is_symlink():
            listing.links.append(name)
        elif entry.is_file(follow_symlinks=False):  # a pipe or a device would hang who opens it
            try:
                self._note_file(directory, entry, listing)
            except OSError as error:
                _note(error, directory + name, listing)

    def _note_file(self, directory: bytes, entry: os.DirEntry[bytes], listing: Listing) -> None:
        name = entry.name
        naming = self.naming(name)
        if naming is Naming.NEVER:
            if name.endswith(BESIDE_UNFINISHED):
                listing.unfinished.append(name[: -len(BESIDE_UNFINISHED)])
            return
        found = entry.stat(follow_symlinks=False)
        if naming is Naming.SHEET:
            listing.sheets[name] = self.stat_of(found)
        elif naming is Naming.SOUND or self.is_sound(entry.path, found):
            listing.rows.append(self.row(directory + name, found))


def stat_of(found: os.stat_result, fleeting: Collection[int] = ()) -> FileStat:
    """Return what the ledger keeps of a file's stat.

    Garbage in a time stamp and the inode numbers of some file systems are too large for it: they
    are cut to 63 bits. On the devices ``fleeting`` inode numbers don't last, and are 0.
    """
    inode, mtime_ns = _kept(found, fleeting)
    return FileStat(found.st_size, mtime_ns, inode)


def file_stat(path: Path, fleeting: Collection[int] = ()) -> FileStat:
    """Return what the ledger keeps of the stat of ``path``, links followed; OSError as usual."""
    return stat_of(path.stat(), fleeting)


def same_file(one: FileStat, other: FileStat) -> bool:
    """Tell whether two stats are of one version of a file, whatever part of it they are of."""
    return (
        (one.size, one.mtime_ns) == (other.size, other.mtime_ns)
        and (one.inode == other.inode or 0 in (one.inode, other.inode))
    )  # fmt: skip


def _kept(found: os.stat_result, fleeting: Collection[int]) -> tuple[int, int]:
    inode = 0 if found.st_dev in fleeting else found.st_ino & _INT64_MAX
    return inode, max(-_INT64_MAX, min(found.st_mtime_ns, _INT64_MAX))


def _note(error: OSError, path: bytes, listing: Listing) -> None:
    if error.errno in GONE:
        listing.vanished.append(path)
    elif error.errno in REFUSED:
        listing.refused.append(path)
    else:
        raise error

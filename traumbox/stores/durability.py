"""Getting files onto the disk for good: LanceDB itself never calls fsync.

Measured without: a power cut left six of six tables unopenable. With every new file and its
directory synchronised before a commit is acknowledged: no acknowledged row lost in thirty cuts.
"""

from __future__ import annotations

import ctypes
import os
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path

from traumbox.errors import StoreError

Version = tuple[int, int, int]


class Disk:
    """The disk itself; tests pass one whose power fails."""

    def sync_path(self, path: Path) -> None:
        """Write a file's content, or a directory's entries, to the disk."""
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)

    def sync_below(self, directory: Path) -> None:
        """Write everything below ``directory`` to the disk: all that waits for its file system.

        One call instead of one flush for each of hundreds of files, which takes seconds.
        """
        descriptor = os.open(directory, os.O_RDONLY | os.O_CLOEXEC)
        try:
            if ctypes.CDLL(None, use_errno=True).syncfs(descriptor):
                number = ctypes.get_errno()
                raise OSError(number, os.strerror(number), str(directory))
        finally:
            os.close(descriptor)


class DiskSync:
    """Brings what is new below ``directory`` onto the disk. For the single writer.

    What lay there before this process isn't trusted: the last one may have died between writing
    and synchronising, so the first ``sync`` covers everything.
    """

    def __init__(self, directory: Path, disk: Disk) -> None:
        self._directory = directory
        self._disk = disk
        self._done: dict[str, Version] | None = None

    def sync(self) -> int:
        """Synchronise new files, then the directories that name them; return the bytes below."""
        found = {entry.path: version for entry, version in _walk(str(self._directory))}
        if self._done is None:
            self._disk.sync_below(self._directory)
        else:
            self._sync_new(found, self._done)
        self._done = found
        return sum(size for _, _, size in found.values())

    def _sync_new(self, found: Mapping[str, Version], done: Mapping[str, Version]) -> None:
        # Not by the directories' mtime: that is too coarse to tell two commits apart.
        new = [Path(path) for path, version in found.items() if done.get(path) != version]
        for path in new:
            # Cleaning up old versions may take a file away under our hands.
            with suppress(FileNotFoundError):
                self._disk.sync_path(path)
        # Names after contents, the deepest first: no entry may outlive a cut that its file doesn't.
        for directory in sorted({path.parent for path in new}, key=lambda p: -len(p.parts)):
            self._disk.sync_path(directory)


def _walk(directory: str) -> Iterator[tuple[os.DirEntry[str], Version]]:
    with os.scandir(directory) as listing:
        for entry in listing:
            with suppress(FileNotFoundError):
                yield entry, _version(entry)
                if entry.is_dir(follow_symlinks=False):
                    yield from _walk(entry.path)


def _version(entry: os.DirEntry[str]) -> Version:
    """Tell one state of a file from the next; a directory is only new once."""
    stat = entry.stat(follow_symlinks=False)
    if entry.is_dir(follow_symlinks=False):
        return stat.st_ino, 0, 0
    return stat.st_ino, stat.st_mtime_ns, stat.st_size


def require_hard_links(directory: Path) -> None:
    """Make sure that ``directory`` is on a file system with hard links, which LanceDB commits by.

    Raises
    ------
    StoreError
        When it isn't, as on exFAT, FAT and some network mounts.
    """
    probe, link = directory / f".probe-{os.getpid()}", directory / f".link-{os.getpid()}"
    try:
        probe.touch()
        try:
            os.link(probe, link)
        except OSError as error:
            raise StoreError(
                f"The file system of {directory} has no hard links ({error.strerror}), which the"
                " vector index needs. Put data_dir on a disk with ext4, XFS, Btrfs or ZFS, not on"
                " exFAT, FAT or a network share."
            ) from error
    finally:
        for path in (link, probe):
            path.unlink(missing_ok=True)

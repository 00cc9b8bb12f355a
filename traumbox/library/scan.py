"""One scan of a folder: what lies there now, and what could not be seen.

Every trigger runs this same scan; the watcher only says when. A directory that can't be listed is
reported instead of looking empty, for nothing in it may then be taken as deleted.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from traumbox.domain import FileStat, Location
from traumbox.library.folders import WatchedFolder
from traumbox.library.ignore import is_ignored_file, is_ignored_folder


@dataclass(frozen=True, slots=True)
class FolderScan:
    """What one scan of one folder saw.

    ``unlisted`` holds the relative paths of directories that could not be listed. ``offline`` is
    empty, or the reason why the folder as a whole can't be judged; then nothing else is known.
    ``entries`` counts everything in the root itself, music or not.
    """

    folder: str
    files: dict[Location, FileStat] = field(default_factory=dict)
    unlisted: tuple[bytes, ...] = ()
    offline: str = ""
    entries: int = 0

    def covers(self, location: Location) -> bool:
        """Tell whether this scan would have seen ``location`` if it were there."""
        if self.offline or location.folder != self.folder:
            return False
        return not any(
            location.path.startswith(directory + b"/") for directory in self.unlisted if directory
        )


def scan(folder: WatchedFolder, is_candidate: Callable[[bytes], bool]) -> FolderScan:
    """List every file of ``folder`` whose name ``is_candidate`` accepts.

    Directories reached through links are not entered (no circles, no way out); links to files
    are listed, and judged when they are heard.
    """
    root = os.fsencode(folder.root)
    try:
        entries = len(os.listdir(root))  # noqa: PTH208 - bytes names stay bytes
    except OSError as error:
        return FolderScan(folder.name, offline=_why_offline(error))
    files: dict[Location, FileStat] = {}
    unlisted: list[bytes] = []
    for entry in _walk(root, unlisted):
        if not is_candidate(entry.name):
            continue
        path = entry.path[len(root.rstrip(b"/")) + 1 :]
        try:
            stat = _stat(entry)
        except FileNotFoundError:
            continue
        except OSError:
            unlisted.append(path)
            continue
        files[Location(folder.name, path)] = stat
    if b"" in unlisted:
        return FolderScan(folder.name, offline="reading the folder failed half-way")
    return FolderScan(folder.name, files, tuple(unlisted), entries=entries)


def _walk(root: bytes, unlisted: list[bytes]) -> Iterator[os.DirEntry[bytes]]:
    """Yield the files below ``root``; note directories that fail, as paths relative to it."""
    todo = [root]
    while todo:
        directory = todo.pop()
        try:
            with os.scandir(directory) as listing:
                for entry in listing:
                    if entry.is_dir(follow_symlinks=False):
                        if not is_ignored_folder(entry.name):
                            todo.append(entry.path)
                    elif not is_ignored_file(entry.name) and _is_file_or_link(entry):
                        yield entry
        except FileNotFoundError:
            # Removed while we walked: that is news for the next scan, unless it is the root.
            if directory == root:
                unlisted.append(b"")
        except OSError:
            unlisted.append(directory[len(root.rstrip(b"/")) + 1 :])


def _is_file_or_link(entry: os.DirEntry[bytes]) -> bool:
    """Sockets, pipes and devices would hang whoever opens them."""
    if not entry.is_symlink():
        return entry.is_file(follow_symlinks=False)
    try:
        return entry.is_file() or not entry.is_dir()
    except OSError:
        return True  # a link in a circle: listed, so that it gets its reason


def _stat(entry: os.DirEntry[bytes]) -> FileStat:
    try:
        stat = entry.stat()
    except OSError:
        stat = entry.stat(follow_symlinks=False)  # a dangling link still has a stat of its own
    return FileStat(stat.st_size, stat.st_mtime_ns, stat.st_ino)


def _why_offline(error: OSError) -> str:
    if isinstance(error, FileNotFoundError):
        return "it doesn't exist; is its disk mounted?"
    if isinstance(error, NotADirectoryError):
        return "it is a file, not a folder"
    if isinstance(error, PermissionError):
        return "traumbox has no permission to read it"
    return f"reading it failed ({error.strerror})"

"""What a symbolic link in a watched folder stands for.

A link within the folder to what the walk lists itself adds nothing: each file is listed once,
where it really lies. One to a place that the default rules hide (as git-annex keeps its files) is
the only way to it, and followed. None is ever followed out of the folder.
"""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from traumbox.library.folders import WatchedFolder, is_within
from traumbox.library.ignore import is_ignored_file, is_ignored_path

DEPTH_MAX = 4
"""How many links to directories may be followed one within the other."""

OUT = "it is a link that leads out of its folder"
CIRCLE = "it is a link that leads in a circle"


@dataclass(frozen=True, slots=True)
class Target:
    """Where a link leads; ``path`` is absolute.

    ``nothing``: nowhere, or to what is listed elsewhere or is nobody's music. ``out``: out of the
    folder; ``circle``: to itself. ``file`` and ``directory`` are to be listed in the link's place.
    """

    kind: Literal["nothing", "out", "circle", "file", "directory"]
    path: bytes = b""
    stat: os.stat_result | None = None


_NOTHING = Target("nothing")


class Links:
    """Judges the links of one folder; ``is_listed(path, stat)`` tells whether a walk lists a file.

    The path is relative to the root, and neither hidden nor another folder's.
    """

    def __init__(
        self, folder: WatchedFolder, is_listed: Callable[[bytes, os.stat_result], bool]
    ) -> None:
        self._root = os.path.realpath(os.fsencode(folder.root))
        self._inner = folder.inner
        self._elsewhere = folder.elsewhere
        self._is_listed = is_listed

    def follow(self, link: bytes, chain: tuple[bytes, ...]) -> Target:
        """Return where the link at the absolute path ``link`` leads.

        ``chain`` are the (real) directories that were entered through links on the way to it.

        Raises
        ------
        OSError
            When that can't be found out.
        """
        try:
            path = os.path.realpath(link, strict=True)
            found = os.stat(path)  # noqa: PTH116 - bytes names stay bytes
        except (FileNotFoundError, NotADirectoryError):
            path, found = os.path.realpath(link), None
        except OSError as error:
            if error.errno != errno.ELOOP:
                raise
            return Target("circle")
        if not is_within(path, self._root):
            listed = any(is_within(path, other) for other in self._elsewhere)
            return _NOTHING if listed else Target("out", path, found)
        relative = path[len(self._root) :].strip(b"/")
        if found is None or any(is_within(relative, inner) for inner in self._inner):
            return _NOTHING
        if stat.S_ISDIR(found.st_mode):
            return self._directory(link, path, relative, chain)
        return self._file(path, relative, found)

    def _file(self, path: bytes, relative: bytes, found: os.stat_result) -> Target:
        directory, _, name = relative.rpartition(b"/")
        hidden = is_ignored_path(directory) or is_ignored_file(name)
        if not stat.S_ISREG(found.st_mode) or (not hidden and self._is_listed(relative, found)):
            return _NOTHING
        return Target("file", path, found)

    def _directory(
        self, link: bytes, path: bytes, relative: bytes, chain: tuple[bytes, ...]
    ) -> Target:
        if not is_ignored_path(relative) or path in chain or len(chain) >= DEPTH_MAX:
            return _NOTHING
        if is_within(os.path.realpath(os.path.dirname(link)), path):  # noqa: PTH120 - bytes
            return _NOTHING
        return Target("directory", path)

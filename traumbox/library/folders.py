"""A watched folder and the one safe way from a location to a file in it."""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from traumbox.domain import Location


@dataclass(frozen=True, slots=True)
class WatchedFolder:
    """A folder the owner configured; ``root`` is absolute.

    ``inner`` are the roots of other watched folders within this one, relative to it: their files
    are theirs. ``elsewhere`` are those of all the others, absolute. Both with links resolved.
    ``include`` and ``exclude`` are patterns like those of gitignore, relative to the root; where
    any are to be included, only those are. What lies in a folder of larger ``priority`` is heard
    first.
    """

    name: str
    root: Path
    inner: frozenset[bytes] = frozenset()
    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    priority: int = 0
    elsewhere: frozenset[bytes] = frozenset()

    def path_of(self, location: Location) -> Path:
        """Return where ``location`` lies, without looking at the disk."""
        return self.root / os.fsdecode(location.path)

    def resolve(self, location: Location) -> Path | None:
        """Return the existing file at ``location``, links resolved.

        None when it is gone, when a link leads out of the folder or in a circle, or when
        ``location`` names another folder.
        """
        if location.folder != self.name:
            return None
        try:
            root = self.root.resolve(strict=True)
            path = self.path_of(location).resolve(strict=True)
        except (OSError, RuntimeError, ValueError):  # RuntimeError: a circle of links before 3.13
            return None
        return path if path.is_relative_to(root) else None


def nested(folders: Iterable[WatchedFolder]) -> list[WatchedFolder]:
    """Return ``folders``, each told where the others lie.

    Of two that lie at the very same place the later one gets ``b""`` among its ``inner``: nothing
    in it is its own.
    """
    given = list(folders)
    roots = [os.path.realpath(os.fsencode(folder.root)) for folder in given]
    result = []
    for index, (folder, root) in enumerate(zip(given, roots, strict=True)):
        others = [
            other for at, other in enumerate(roots) if at != index and (other != root or at < index)
        ]
        inner = {other[len(root) :].strip(b"/") for other in others if is_within(other, root)}
        elsewhere = {other for other in others if not is_within(other, root)}
        result.append(replace(folder, inner=frozenset(inner), elsewhere=frozenset(elsewhere)))
    return result


def is_within(path: bytes, directory: bytes) -> bool:
    """Tell whether an absolute or relative ``path`` is ``directory`` or lies below it."""
    return path == directory or path.startswith(directory.rstrip(b"/") + b"/")

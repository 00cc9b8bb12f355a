"""A watched folder and the one safe way from a location to a file in it."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from traumbox.domain import Location


@dataclass(frozen=True, slots=True)
class WatchedFolder:
    """A folder the owner configured; ``root`` is absolute."""

    name: str
    root: Path

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

"""A disk that a power cut may leave: only what was synchronised is sure to be there."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Literal

from traumbox.stores.durability import Disk

Fate = Literal["gone", "empty"]
"""What becomes of what wasn't synchronised: its name is lost, or its content."""


class IdleDisk(Disk):
    """Synchronises nothing: for tests that are about something else, and faster so."""

    def sync_path(self, path: Path) -> None:
        pass

    def sync_below(self, directory: Path) -> None:
        pass


class RecordingDisk(Disk):
    """Remembers what each call made safe below ``root``.

    ``before`` is called ahead of each, and may raise as if the power failed just then.
    """

    def __init__(self, root: Path) -> None:
        self._root = root
        self._contents: dict[Path, bytes] = {}
        self._names: dict[Path, set[Path]] = {}
        self.before: Callable[[Path], None] = lambda _: None

    def sync_path(self, path: Path) -> None:
        self.before(path)
        if path.is_dir():
            self._names[path] = set(path.iterdir())
        else:
            self._contents[path] = path.read_bytes()

    def sync_below(self, directory: Path) -> None:
        for path in [*directory.rglob("*"), directory]:
            self.sync_path(path)

    def after_power_cut(self, target: Path, fate: Fate) -> None:
        """Lay out below ``target`` what lies on the disk after a cut at this moment."""
        self._restore(self._root, target, fate)

    def _restore(self, directory: Path, target: Path, fate: Fate) -> None:
        target.mkdir(parents=True)
        names = set(self._names.get(directory, ()))
        if fate == "empty":
            names |= set(directory.iterdir())
        for path in names:
            copy = target / path.name
            if path.is_dir() or path in self._names:
                if path.exists():
                    self._restore(path, copy, fate)
            elif path in self._contents:
                copy.write_bytes(self._contents[path])
            else:
                copy.write_bytes(b"")

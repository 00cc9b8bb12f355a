"""From a file on the disk to the tracks that are known of it."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from pathlib import Path

from traumbox.config import Folder
from traumbox.domain import KnownFile, Location
from traumbox.stores.ledger import Ledger


def track_of(file: Path, folders: Sequence[Folder], ledger: Ledger) -> str | None:
    """Return the id of the track that was heard from ``file``, if it lies in a watched folder.

    A file that a CUE sheet divides is several tracks, and none of them is the file.
    """
    for location, known in _known(file, folders, ledger):
        if known.state == "indexed" and location.part == 0:
            return known.track_id
    return None


def tracks_in(file: Path, folders: Sequence[Folder], ledger: Ledger) -> list[str]:
    """Return the ids of all tracks in ``file``, heard or not."""
    return [known.track_id for _, known in _known(file, folders, ledger)]


def _known(
    file: Path, folders: Sequence[Folder], ledger: Ledger
) -> Iterator[tuple[Location, KnownFile]]:
    for folder, path in _places(file, folders):
        directory = path.rpartition(b"/")[0]
        found = [
            (location, known)
            for location, known in ledger.on_disk(folder, directory)
            if location.path == path and not known.missing
        ]
        if found:
            yield from found
            return


def _places(file: Path, folders: Sequence[Folder]) -> Iterator[tuple[str, bytes]]:
    """Yield where ``file`` may be known: as it was named, then with its links resolved."""
    # Of two folders, one within the other, the inner has the file.
    for folder in sorted(folders, key=lambda folder: -len(folder.path.parts)):
        pairs = ((file.absolute(), folder.path), (file.resolve(), folder.path.resolve()))
        for path, root in dict.fromkeys(pairs):
            if path.is_relative_to(root):
                yield folder.name, os.fsencode(path.relative_to(root))

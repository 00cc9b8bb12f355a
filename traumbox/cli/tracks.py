"""From a file on the disk to the track that was heard from it."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from traumbox.config import Folder
from traumbox.domain import Location
from traumbox.stores.ledger import Ledger


def track_of(file: Path, folders: Sequence[Folder], ledger: Ledger) -> str | None:
    """Return the id of the track that was heard from ``file``, if it lies in a watched folder."""
    for folder in folders:
        root, path = folder.path.resolve(), file.resolve()
        if path.is_relative_to(root):
            location = Location(folder.name, os.fsencode(path.relative_to(root)))
            known = ledger.known().get(location)
            if known is not None and known.state == "indexed" and not known.missing:
                return known.track_id
    return None

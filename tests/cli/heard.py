"""A ledger in which files have been heard."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from traumbox.domain import Changes, FileStat, Heard, Location, Media
from traumbox.stores.ledger import Ledger


def hear(
    data_dir: Path, folder: str, indexed: Sequence[bytes], pending: Sequence[bytes] = ()
) -> dict[bytes, str]:
    """Return track ids by path."""
    data_dir.mkdir(exist_ok=True)
    ledger = Ledger(data_dir / "traumbox.db")
    stat = FileStat(size=9, mtime_ns=9, inode=9)
    ledger.apply(Changes(new={Location(folder, p): stat for p in [*indexed, *pending]}), 1.0)
    ids = {location.path: known.track_id for location, known in ledger.known().items()}
    ledger.mark_indexed(
        [
            (ids[path], stat, Heard(f"sound-{number}", 9.0, Media("flac", "flac", 44_100, 2)), "")
            for number, path in enumerate(indexed)
        ],
        2.0,
    )
    ledger.close()
    return ids

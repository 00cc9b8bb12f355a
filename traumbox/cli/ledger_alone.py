"""What a command does in the ledger itself when no service runs; nothing heavy is loaded."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager

from traumbox.config import Settings
from traumbox.stores.cache import MediaCache
from traumbox.stores.ledger import Ledger
from traumbox.stores.lock import DataLock
from traumbox.stores.switches import Switches


@contextmanager
def alone(settings: Settings) -> Iterator[Ledger]:
    """Open the ledger for this process alone; it is made when it isn't there.

    Raises
    ------
    AlreadyRunningError
        When another process has the data folder.
    """
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    with DataLock(settings.data_dir), closing(Ledger(settings.data_dir / "traumbox.db")) as ledger:
        yield ledger


def set_paused(settings: Settings, *, paused: bool) -> None:
    """Write down whether the service is to hear anything; it reads that when it starts."""
    with alone(settings) as ledger:
        switches = Switches(ledger.database)
        if paused:
            switches.pause(time.time())
        else:
            switches.resume()


def hear_first(settings: Settings, track_ids: Sequence[str]) -> int:
    """Have these tracks heard before anything else; return how many of them can be."""
    with alone(settings) as ledger:
        return sum(ledger.hear_now(track_id, time.time()) for track_id in track_ids)


def retry_failed(settings: Settings) -> int:
    """Have all failed files tried again; return how many."""
    with alone(settings) as ledger:
        return ledger.requeue(now_s=time.time())


def forget_missing(settings: Settings, folder: str) -> int:
    """Forget a folder's missing tracks for good; return how many."""
    cache = MediaCache(settings.data_dir / "cache")
    with alone(settings) as ledger:
        gone = ledger.forget_missing(folder)
        for track_id in gone:
            # Their vectors go when the index is opened next.
            cache.put_cover(track_id, None)
        return len(gone)

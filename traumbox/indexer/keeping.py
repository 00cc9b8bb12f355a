"""Missing tracks are kept for their return, and let go for good when they have been long enough."""

from __future__ import annotations

import threading

from traumbox.indexer.clocks import Clocks
from traumbox.indexer.terms import Terms
from traumbox.stores.ledger import Ledger


class Keeping:
    """Deletes rows of missing tracks; whoever owns index and cache is told which."""

    def __init__(self, ledger: Ledger, clocks: Clocks) -> None:
        self._ledger = ledger
        self._clocks = clocks
        self._lock = threading.Lock()
        self._forgotten: list[str] = []
        self._purged: dict[str, str] = {}

    def forget(self, folder: str) -> None:
        """Delete all that is missing in a folder now; from any thread."""
        track_ids = self._ledger.forget_missing(folder)
        with self._lock:
            self._forgotten += track_ids

    def take_forgotten(self) -> list[str]:
        """Return the ids of what was forgotten since the last call.

        What a crash keeps from being taken is found by the comparison of ledger and index.
        """
        with self._lock:
            forgotten, self._forgotten = self._forgotten, []
        return forgotten

    def purge(self, folder: str, terms: Terms) -> list[str]:
        """Once a date, after a full scan: delete what was missing for long; return the ids."""
        now_s = self._clocks.now_s()
        day = self._clocks.day(now_s)
        if self._purged.get(folder) == day:
            return []
        self._purged[folder] = day
        return self._ledger.purge(folder, now_s - terms.keep_missing_s)

"""The ledger: what is known of every file, and how far it has come.

There is no job queue: what is to be done follows from the states. Its sides, one module each:
scans compare and write (``scanning``), files are heard (``hearing``), known again wherever they
turn up (``identity``), kept while they are missing (``missing``), heard again when an older
traumbox heard them (``renewing``), read (``reading``), and chosen by conditions (``filtering``).
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from pathlib import Path

from traumbox.stores.ledger.filtering import FilteringSide
from traumbox.stores.ledger.hearing import HearingSide
from traumbox.stores.ledger.identity import IdentitySide
from traumbox.stores.ledger.missing import MissingSide
from traumbox.stores.ledger.reading import ReadingSide
from traumbox.stores.ledger.renewing import RenewingSide
from traumbox.stores.ledger.scanning import ScanningSide
from traumbox.stores.migrations import LEDGER
from traumbox.stores.rows import FileRow, MissingFile
from traumbox.stores.sqlite import Database
from traumbox.stores.words.following import follow

__all__ = ["FileRow", "Ledger", "MissingFile"]


class Ledger(
    ScanningSide, HearingSide, IdentitySide, MissingSide, RenewingSide, ReadingSide, FilteringSide
):
    """One row a file, in SQLite; every change is on the disk when its method returns.

    Safe to use from any thread. Every method raises StoreError, with the remedy, when the
    database can't be read or written.
    """

    def __init__(
        self, path: Path, fresh_id: Callable[[], str] = lambda: secrets.token_hex(8)
    ) -> None:
        super().__init__(Database(path, LEDGER, before_commit=follow), fresh_id)

    @property
    def database(self) -> Database:
        """The file that holds the ledger, for what is kept beside it."""
        return self._database

    def close(self) -> None:
        """Close the file; readers in other threads may finish."""
        self._database.close()

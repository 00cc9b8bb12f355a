"""What the owner has switched, and what is to survive a restart."""

from __future__ import annotations

from traumbox.stores.sqlite import Database

_PAUSED = "paused"


class Switches:
    """The table of switches, in the ledger's file; what is in it is on.

    Safe to use from any thread; every change is on the disk when its method returns. Everything
    raises StoreError when the database can't be read or written.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    @property
    def paused(self) -> bool:
        """Whether the hearing is paused."""
        return self.paused_since_s is not None

    @property
    def paused_since_s(self) -> float | None:
        """Since when (POSIX seconds) the hearing is paused; None when it isn't."""
        with self._database.reading() as db:
            row = db.execute("SELECT since_s FROM switches WHERE name = ?", (_PAUSED,)).fetchone()
        return None if row is None else float(row[0])

    def pause(self, now_s: float) -> None:
        """Pause the hearing; one that is paused already stays so since when it was."""
        with self._database.writing() as db:
            db.execute("INSERT OR IGNORE INTO switches VALUES (?, ?)", (_PAUSED, now_s))

    def resume(self) -> None:
        """Go on hearing."""
        with self._database.writing() as db:
            db.execute("DELETE FROM switches WHERE name = ?", (_PAUSED,))

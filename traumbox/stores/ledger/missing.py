"""The side of the ledger that keeps what is gone for its return, and lets it go in the end."""

from __future__ import annotations

from collections.abc import Collection

from traumbox.domain import Location, Removal
from traumbox.stores.folders import clean_since
from traumbox.stores.ledger.side import Side

EXAMPLES = 3


class MissingSide(Side):
    """Missing files: counted, listed, and deleted when they have been kept long enough."""

    def removals(self, keep_s: float, limit: int = 20) -> list[Removal]:
        """Return what went lately, the latest first: by folder and scan, kept for ``keep_s``."""
        with self._database.reading() as db:
            return [
                Removal(
                    folder,
                    since_s,
                    since_s + keep_s,
                    count,
                    tuple(
                        Location(folder, path).display
                        for (path,) in db.execute(_EXAMPLES, (since_s, folder, EXAMPLES))
                    ),
                )
                for since_s, folder, count in db.execute(_REMOVALS, (limit,)).fetchall()
            ]

    def missing_count(self) -> int:
        """Return how many files are missing."""
        with self._database.reading() as db:
            return int(
                db.execute(
                    "SELECT count(*) FROM files INDEXED BY files_missing_since"
                    " WHERE missing_since_s IS NOT NULL"
                ).fetchone()[0]
            )

    def purge(self, folder: str, missing_before_s: float) -> list[str]:
        """Delete for good what has been missing since before then; return the track ids.

        Only what wasn't found on three days of complete and clean scans since it went (see
        ``FolderBook.note_scan``).
        """
        with self._database.writing() as db:
            clean_s = clean_since(db, folder)
            if clean_s is None:
                return []
            return [
                track_id
                for (track_id,) in db.execute(
                    f"{_DELETED} AND missing_since_s <= ? AND missing_since_s < ?"
                    " RETURNING track_id",
                    (folder, missing_before_s, clean_s),
                )
            ]

    def forget_missing(self, folder: str) -> list[str]:
        """Delete for good all that is missing in a folder; return the track ids."""
        with self._database.writing() as db:
            return [
                track_id for (track_id,) in db.execute(f"{_DELETED} RETURNING track_id", (folder,))
            ]

    def forget(self, track_ids: Collection[str]) -> None:
        """Delete rows for good."""
        with self._database.writing() as db:
            db.executemany(
                "DELETE FROM files WHERE track_id = ?", [(track_id,) for track_id in track_ids]
            )


_REMOVALS = (
    "SELECT missing_since_s, folder, count(*) FROM files INDEXED BY files_missing_since"
    " WHERE missing_since_s IS NOT NULL"
    " GROUP BY missing_since_s, folder ORDER BY missing_since_s DESC, folder DESC LIMIT ?"
)
_EXAMPLES = (
    "SELECT path FROM files INDEXED BY files_missing_since"
    " WHERE missing_since_s = ? AND folder = ? ORDER BY path LIMIT ?"
)
_DELETED = (
    "DELETE FROM files INDEXED BY files_missing_since"
    " WHERE folder = ? AND missing_since_s IS NOT NULL"
)

"""The side of the ledger that knows what an older traumbox heard, and less was told of."""

from __future__ import annotations

from collections.abc import Collection

from traumbox.domain import HEARD_VERSION
from traumbox.stores.ledger.side import LISTED, Side, listed
from traumbox.stores.rows import COLUMNS, FileRow, decode

Turn = tuple[int, str, str]
"""Where a track stands among the outdated: edition, folder, track id."""

FIRST: Turn = (-1, "", "")


class RenewingSide(Side):
    """Tracks that are indexed and there, and known of by an older edition than ``HEARD_VERSION``.

    They come by edition, folder and track id: an order that lasts while they become fewer.
    """

    def outdated_count(self) -> int:
        """Return how many there are."""
        with self._database.reading() as db:
            return int(db.execute(_COUNT, (HEARD_VERSION,)).fetchone()[0])

    def next_outdated(
        self, folders: Collection[str], after: Turn = FIRST
    ) -> tuple[Turn, FileRow] | None:
        """Return the first in these folders that comes after ``after``, and where it stands."""
        with self._database.reading() as db:
            turn = db.execute(_NEXT, (*after, HEARD_VERSION, listed(folders))).fetchone()
            if turn is None:
                return None
            row = db.execute(f"SELECT {COLUMNS} FROM files WHERE track_id = ?", turn[2:]).fetchone()  # noqa: S608 - constants only
        return turn, decode(row)

    def keep_as_known(self, track_id: str) -> bool:
        """Let what is known of an outdated track do, for it can't be heard again.

        Return False, with nothing changed, when it isn't outdated.
        """
        with self._database.writing() as db:
            done = db.execute(
                "UPDATE files SET heard_version = ?1, attempts = 0, hearing_since_s = NULL"
                " WHERE track_id = ?2 AND state = 'indexed' AND heard_version < ?1",
                (HEARD_VERSION, track_id),
            )
            return done.rowcount > 0


_COUNT = (
    "SELECT count(*) FROM files INDEXED BY files_by_edition"
    " WHERE state = 'indexed' AND missing_since_s IS NULL AND heard_version < ?"
)
_NEXT = (
    "SELECT heard_version, folder, track_id FROM files INDEXED BY files_by_edition"  # noqa: S608 - constants only
    " WHERE state = 'indexed' AND missing_since_s IS NULL"
    " AND (heard_version, folder, track_id) > (?, ?, ?) AND heard_version < ?"
    f" AND folder {LISTED} ORDER BY heard_version, folder, track_id LIMIT 1"
)

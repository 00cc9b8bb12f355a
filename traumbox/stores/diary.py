"""The diary: what was played, and when."""

from __future__ import annotations

from collections.abc import Collection

from traumbox.stores.ledger.side import LISTED, listed
from traumbox.stores.sqlite import Database


class Diary:
    """Every play of every track, in the ledger's file; conditions on plays are answered from it.

    A track keeps its plays through moves, and loses them when it is forgotten. Safe to use from any
    thread; every play is on the disk when its method returns. Everything raises StoreError when the
    database can't be read or written.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def played(self, track_id: str, at_s: float, seconds: float = 0.0) -> bool:
        """Note that a track was played from ``at_s`` (POSIX) on, for that many seconds so far.

        The same play may be noted again when more of it has been heard. Return False when the
        track isn't known.
        """
        with self._database.writing() as db:
            done = db.execute(
                "INSERT INTO plays (track_id, at_s, seconds)"
                " SELECT track_id, ?, ? FROM files WHERE track_id = ?"
                " ON CONFLICT DO UPDATE SET seconds = max(seconds, excluded.seconds)",
                (at_s, max(0.0, seconds), track_id),
            )
            return done.rowcount > 0

    def last_played(self, track_ids: Collection[str]) -> dict[str, float]:
        """Return when (POSIX seconds) those of these tracks that were ever played were last."""
        with self._database.reading() as db:
            return dict(
                db.execute(
                    "SELECT track_id, max(at_s) FROM plays"  # noqa: S608 - constants only
                    f" WHERE track_id {LISTED} GROUP BY track_id",
                    (listed(track_ids),),
                ).fetchall()
            )

    def latest(self, limit: int) -> list[tuple[str, float, float]]:
        """Return up to ``limit`` plays as (track id, POSIX seconds, seconds heard), last first."""
        with self._database.reading() as db:
            return db.execute(
                "SELECT track_id, at_s, seconds FROM plays INDEXED BY plays_by_time"
                " ORDER BY at_s DESC, track_id LIMIT ?",
                (limit,),
            ).fetchall()

    def count(self, since_s: float = 0.0) -> int:
        """Return how many plays there were since then."""
        with self._database.reading() as db:
            row = db.execute("SELECT count(*) FROM plays WHERE at_s >= ?", (since_s,)).fetchone()
            return int(row[0])

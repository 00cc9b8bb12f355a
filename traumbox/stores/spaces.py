"""Which embedding space answers, which one is being filled, and which ones are kept."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from typing import Any, Literal

from traumbox.stores.sqlite import Database

Role = Literal["serving", "filling", "kept", "unwanted"]

_COLUMNS = "model_id, model, role, since_s, tracks, paused, at_once, declined"


@dataclass(frozen=True, slots=True)
class SpaceRow:
    """One space. ``model`` is the registry's name, ``since_s`` (POSIX) when it took its role.

    ``tracks`` is how many it held when that was last noted. A filling one may be ``paused``, or
    due to serve ``at_once``, without the rest. ``declined``: the change to it was given up.
    An unwanted one waits for its tables to be dropped.
    """

    model_id: str
    model: str
    role: Role
    since_s: float
    tracks: int = 0
    paused: bool = False
    at_once: bool = False
    declined: bool = False


class Spaces:
    """The table of spaces, in the ledger's file; one space serves, at most one is filled.

    Safe to use from any thread; every change is one transaction, on the disk when its method
    returns. Every method raises StoreError when the database can't be read or written.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def all(self) -> list[SpaceRow]:
        """Return every space, the one that took its role last first."""
        with self._database.reading() as db:
            rows = db.execute(f"SELECT {_COLUMNS} FROM spaces ORDER BY since_s DESC, model_id")  # noqa: S608 - constants only
            return [_decode(row) for row in rows]

    def row(self, model_id: str) -> SpaceRow | None:
        """Return one space, or None."""
        return next((row for row in self.all() if row.model_id == model_id), None)

    def serving(self) -> SpaceRow | None:
        """Return the space that answers; None before the first start."""
        return self._in_role("serving")

    def filling(self) -> SpaceRow | None:
        """Return the space that is being filled, or None."""
        return self._in_role("filling")

    def serve(self, model_id: str, model: str, now_s: float) -> None:
        """Let a space answer without a change: at the first start, or when another can't."""
        with self._database.writing() as db:
            row = _row(db, model_id)
            if row is None or row[0] != "serving":
                _put_aside(db, "serving", now_s)
                _take_role(db, model_id, model, "serving", now_s)

    def begin(self, model_id: str, model: str, now_s: float) -> None:
        """Have a space filled, instead of any other; not the one that serves."""
        with self._database.writing() as db:
            row = _row(db, model_id)
            if row is not None and row[0] in {"serving", "filling"}:
                return
            _put_aside(db, "filling", now_s)
            _take_role(db, model_id, model, "filling", now_s)

    def count(self, model_id: str, tracks: int) -> None:
        """Note how many tracks a space holds, for whoever asks before it is open again."""
        with self._database.writing() as db:
            db.execute("UPDATE spaces SET tracks = ? WHERE model_id = ?", (tracks, model_id))

    def pause(self, *, paused: bool) -> None:
        """Hold the filling, or go on with it."""
        with self._database.writing() as db:
            db.execute("UPDATE spaces SET paused = ? WHERE role = 'filling'", (paused,))

    def hurry(self) -> None:
        """Have the filling one serve without waiting for the rest."""
        with self._database.writing() as db:
            db.execute("UPDATE spaces SET at_once = 1, paused = 0 WHERE role = 'filling'")

    def decline(self, tracks: int, now_s: float) -> None:
        """Give the filling up; what was filled, so many ``tracks``, is kept."""
        with self._database.writing() as db:
            db.execute(
                "UPDATE spaces SET declined = 1, tracks = ? WHERE role = 'filling'", (tracks,)
            )
            _put_aside(db, "filling", now_s)

    def switch(self, model_id: str, tracks: int, now_s: float) -> bool:
        """Let the filled space serve and keep the old one, which held so many ``tracks``.

        Return False, with nothing changed, when ``model_id`` isn't the one being filled any more.
        """
        with self._database.writing() as db:
            row = _row(db, model_id)
            if row is None or row[0] != "filling":
                return False
            db.execute("UPDATE spaces SET tracks = ? WHERE role = 'serving'", (tracks,))
            _put_aside(db, "serving", now_s)
            _take_role(db, model_id, row[1], "serving", now_s)
            return True

    def discard(self, model_id: str, now_s: float) -> None:
        """Want a kept space no longer: its tables are to be dropped."""
        with self._database.writing() as db:
            db.execute(
                "UPDATE spaces SET role = 'unwanted', since_s = ? WHERE model_id = ?"
                " AND role = 'kept'",
                (now_s, model_id),
            )

    def forget(self, model_id: str) -> None:
        """Forget an unwanted space, once its tables are dropped."""
        with self._database.writing() as db:
            db.execute("DELETE FROM spaces WHERE model_id = ? AND role = 'unwanted'", (model_id,))

    def _in_role(self, role: Role) -> SpaceRow | None:
        return next((row for row in self.all() if row.role == role), None)


def _decode(row: tuple[Any, ...]) -> SpaceRow:
    model_id, model, role, since_s, tracks, *flags = row
    paused, at_once, declined = map(bool, flags)
    return SpaceRow(model_id, model, role, since_s, tracks, paused, at_once, declined)


def _row(db: sqlite3.Connection, model_id: str) -> tuple[str, str] | None:
    found: tuple[str, str] | None = db.execute(
        "SELECT role, model FROM spaces WHERE model_id = ?", (model_id,)
    ).fetchone()
    return found


def _put_aside(db: sqlite3.Connection, role: Role, now_s: float) -> None:
    db.execute(
        "UPDATE spaces SET role = 'kept', since_s = ?, paused = 0, at_once = 0 WHERE role = ?",
        (now_s, role),
    )


def _take_role(db: sqlite3.Connection, model_id: str, model: str, role: Role, now_s: float) -> None:
    db.execute(
        "INSERT INTO spaces (model_id, model, role, since_s) VALUES (?, ?, ?, ?)"
        " ON CONFLICT (model_id) DO UPDATE SET model = excluded.model, role = excluded.role,"
        " since_s = excluded.since_s, paused = 0, at_once = 0, declined = 0",
        (model_id, model, role, now_s),
    )
